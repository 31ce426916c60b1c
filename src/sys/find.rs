//! What is there: one path, or the files below it in a fixed order.

use super::SysError;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Deepest folder searched.
const DEPTH_MAX: usize = 40;

/// Whether something is there that can be examined; a link to nothing is not.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether a folder is there.
pub fn is_dir(path: &Path) -> bool {
    path.is_dir()
}

/// The file at `path`, or all files below it by name, and what could not be examined. Links are followed, but into no
/// folder that is already being searched. A path that is itself neither file nor folder is a file: a pipe.
pub fn files_below(path: &Path) -> (Vec<PathBuf>, Vec<SysError>) {
    let mut search = Search { files: Vec::new(), failed: Vec::new(), open: Vec::new() };
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => search.folder(path, &found),
        Ok(_) => search.files.push(path.to_owned()),
        Err(error) => search.failed.push(SysError::new("open", path, error)),
    }
    (search.files, search.failed)
}

struct Search {
    files: Vec<PathBuf>,
    failed: Vec<SysError>,
    /// The folders around the place, by device and inode.
    open: Vec<(u64, u64)>,
}

impl Search {
    fn folder(&mut self, path: &Path, found: &Metadata) {
        let identity = (found.dev(), found.ino());
        if self.open.contains(&identity) {
            return;
        }
        if self.open.len() == DEPTH_MAX {
            let deep = std::io::Error::other("folders are nested too deep");
            return self.failed.push(SysError::new("search", path, deep));
        }
        let listed: Result<Vec<_>, _> = std::fs::read_dir(path).and_then(Iterator::collect);
        let mut names: Vec<_> = match listed {
            Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
            Err(error) => return self.failed.push(SysError::new("list", path, error)),
        };
        names.sort();
        self.open.push(identity);
        for name in names {
            // A link to nothing is common in a system's configuration, and holds no placeholder.
            match std::fs::metadata(&name) {
                Ok(found) if found.is_dir() => self.folder(&name, &found),
                Ok(found) if found.is_file() => self.files.push(name),
                Ok(_) | Err(_) => {}
            }
        }
        self.open.pop();
    }
}
