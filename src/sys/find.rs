//! What is there: one path, or the files below it in a fixed order.

use super::SysError;
use std::path::{Path, PathBuf};

/// Deepest folder searched; a loop of links ends here.
const DEPTH_MAX: usize = 40;

/// Whether something is there that can be examined; a link to nothing is not.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether a folder is there.
pub fn is_dir(path: &Path) -> bool {
    path.is_dir()
}

/// The file at `path`, or all files below it by name. Links are followed; what is neither file nor folder is left out.
///
/// # Errors
/// Where something cannot be examined, or folders are nested too deep.
pub fn files_below(path: &Path) -> Result<Vec<PathBuf>, SysError> {
    let mut files = Vec::new();
    search(path, 0, &mut files)?;
    Ok(files)
}

fn search(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), SysError> {
    let failed = |step| move |error: std::io::Error| SysError::new(step, path, error);
    let found = std::fs::metadata(path).map_err(failed("examine"))?;
    if found.is_file() {
        files.push(path.to_owned());
    }
    if !found.is_dir() {
        return Ok(());
    }
    if depth == DEPTH_MAX {
        return Err(SysError::new("search", path, std::io::Error::other("folders are nested too deep")));
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed("list"))? {
        names.push(entry.map_err(failed("list"))?.path());
    }
    names.sort();
    for name in names {
        // A link to nothing is common in a system's configuration, and holds no placeholder.
        if std::fs::metadata(&name).is_ok() {
            search(&name, depth + 1, files)?;
        }
    }
    Ok(())
}
