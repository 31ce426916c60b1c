//! What was placed outside the mount point, remembered from run to run so that it can be removed when it is no longer
//! declared. Paths and inode identities only, never values.

use crate::sys::SysError;
use crate::sys::dir::{Dir, is};
use crate::sys::dir::{FileType, Stat};
use crate::sys::parents::{self, ParentPolicy};
use crate::sys::read::{ReadError, read_public};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Largest state file read, in bytes (64 MiB).
const STATE_MAX_BYTES: usize = 64 << 20;
const VERSION: u32 = 1;

/// Identity of a copy that outlives a reboot: device numbers may change then, and an inode number alone may be given to
/// another file. The time of the last write does not change with the owner, the mode or the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Inode number.
    pub ino: u64,
    /// Time of the last write: seconds.
    pub mtime: i64,
    /// Time of the last write: nanoseconds.
    pub mtime_nsec: u64,
}

impl Identity {
    /// Identity of the file that `stat` describes.
    pub fn of(stat: &Stat) -> Self {
        Self { ino: stat.st_ino, mtime: stat.st_mtime, mtime_nsec: stat.st_mtime_nsec }
    }
}

/// What may be at a path and is ours: more than one thing while a new link or copy takes the place of an old one.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// What a symbolic link there says. A link that says one of these is ours, whoever made it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<PathBuf>,
    /// Which regular files may be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<Identity>,
}

impl Placed {
    /// A symbolic link that says `text`.
    pub fn link(text: PathBuf) -> Self {
        Self { links: vec![text], copies: Vec::new() }
    }

    /// The regular file that `stat` describes.
    pub fn copy(stat: &Stat) -> Self {
        Self { links: Vec::new(), copies: vec![Identity::of(stat)] }
    }

    /// Whether the regular file that `stat` describes is one of ours.
    pub fn has_copy(&self, stat: &Stat) -> bool {
        is(stat, FileType::RegularFile) && self.copies.contains(&Identity::of(stat))
    }

    /// Takes in what may be there as well.
    pub fn merge(&mut self, other: Self) {
        for link in other.links {
            if !self.links.contains(&link) {
                self.links.push(link);
            }
        }
        for copy in other.copies {
            if !self.copies.contains(&copy) {
                self.copies.push(copy);
            }
        }
    }
}

/// All that is remembered for one target.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct State {
    /// What is at which path.
    pub placed: BTreeMap<PathBuf, Placed>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    placed: BTreeMap<PathBuf, Placed>,
}

/// Why the state is unknown or cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The system refused.
    #[error(transparent)]
    System(#[from] SysError),
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file is not one of ours.
    #[error(
        "{}: not a state file that this version understands; what it remembers will not be cleaned up. \
         It is written anew by the next change", .0.display()
    )]
    NotOurs(PathBuf),
}

impl State {
    /// Reads the state at `path`; nothing is remembered where there is no file.
    ///
    /// # Errors
    /// Where it cannot be read or understood.
    pub fn read(path: &Path) -> Result<Self, StateError> {
        let bytes = match read_public(path, STATE_MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(ReadError::System(e)) if e.source.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(e.into()),
        };
        match serde_json::from_slice(&bytes) {
            Ok(Document { version: VERSION, placed }) => Ok(Self { placed }),
            Ok(_) | Err(_) => Err(StateError::NotOurs(path.to_owned())),
        }
    }

    /// Writes the state to `path` by a rename, readable for its owner only. Missing parents are made 0755.
    ///
    /// # Errors
    /// Where the system refuses; the old state is then still there.
    pub fn write(&self, path: &Path) -> Result<(), StateError> {
        let unusable = || StateError::NotOurs(path.to_owned());
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Err(unusable()) };
        let folder = parents::open_or_make(folder, 0o755, ParentPolicy::Caller, &mut Vec::new())?;
        let document = Document { version: VERSION, placed: self.placed.clone() };
        let mut json = serde_json::to_vec_pretty(&document).map_err(|_| unusable())?;
        json.push(b'\n');
        Ok(folder.replace(name, &json)?)
    }
}

/// Path of the state of the target whose link is `link`, below `folder`: one file for each link.
pub fn file_for(folder: &Path, link: &Path) -> PathBuf {
    let link = link.to_string_lossy();
    let name: String = link.trim_matches('/').chars().flat_map(escape).collect();
    folder.join(format!("{name}.json"))
}

/// `/` becomes `-`, and `-` and `%` are written so that no two links share a file.
fn escape(c: char) -> Vec<char> {
    match c {
        '/' => vec!['-'],
        '-' => "%2d".chars().collect(),
        '%' => "%25".chars().collect(),
        c => vec![c],
    }
}

impl Dir {
    /// Replaces the file `name` by one of mode 0600 with these bytes, in one step and safely on the disk.
    fn replace(&self, name: &std::ffi::OsStr, bytes: &[u8]) -> Result<(), SysError> {
        let temporary = crate::generation::temporary(name);
        self.unlink(&temporary)?;
        let private = crate::access::Mode::PRIVATE;
        let done = self
            .create(&temporary, bytes, crate::sys::accounts::Ownership::Keep, private)
            .and_then(|file| file.sync_all().map_err(|e| SysError::new("write", self.path().join(&temporary), e)))
            .and_then(|()| self.rename(&temporary, name));
        if done.is_err() {
            let _ = self.unlink(&temporary);
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn sample() -> State {
        let text = PathBuf::from("/run/secrets/a");
        let copies = vec![Identity { ino: 7, mtime: -1, mtime_nsec: 9 }];
        State {
            placed: BTreeMap::from([
                (PathBuf::from("/etc/a"), Placed::link(text)),
                (PathBuf::from("/etc/b"), Placed { links: Vec::new(), copies }),
            ]),
        }
    }

    #[test]
    fn the_state_is_private_and_read_back_as_written() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("lib/sops-inlay/run-secrets.json");
        assert_eq!(State::read(&path).unwrap(), State::default());
        State::default().write(&path).unwrap();
        sample().write(&path).unwrap();
        assert_eq!(State::read(&path).unwrap(), sample());
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o7777, 0o600);
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_state_file_of_another_make_is_an_error_that_names_it() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("s.json");
        for text in ["", "{", "[]", r#"{"version":2,"placed":{}}"#, r#"{"version":1,"placed":{"/a":{"links":1}}}"#] {
            std::fs::write(&path, text).unwrap();
            let error = State::read(&path).unwrap_err().to_string();
            assert!(error.starts_with(path.to_str().unwrap()), "{text}: {error}");
        }
    }

    #[test]
    fn every_link_has_a_state_file_of_its_own() {
        let file = |link| file_for(Path::new("/var/lib/sops-inlay"), Path::new(link));
        assert_eq!(file("/run/secrets"), Path::new("/var/lib/sops-inlay/run-secrets.json"));
        assert_ne!(file("/run/a-b"), file("/run/a/b"));
        assert_ne!(file("/run/a%2db"), file("/run/a-b"));
    }
}
