//! Removal of a directory and everything in it, by handle: no link is followed and no other file system entered.

use super::SysError;
use super::dir::{Dir, is};
use rustix::fs::FileType;
use rustix::io::Errno;
use std::path::Path;

/// Deepest nesting removed; each level holds a handle open.
pub const TREE_MAX_DEPTH: usize = 128;

impl Dir {
    /// Removes `name`, whatever it is; nothing there is no error.
    ///
    /// # Errors
    /// Where the system refuses, another file system is mounted inside, or nesting exceeds [`TREE_MAX_DEPTH`].
    pub fn remove_all(&self, name: impl AsRef<Path>) -> Result<(), SysError> {
        let name = name.as_ref();
        match self.stat(name)? {
            None => Ok(()),
            Some(stat) if is(&stat, FileType::Directory) => self.remove_dir(name, stat.st_dev, TREE_MAX_DEPTH),
            Some(_) => self.unlink(name).map(drop),
        }
    }

    fn remove_dir(&self, name: &Path, device: u64, depth: usize) -> Result<(), SysError> {
        let dir = self.open_child(name)?;
        let stat = rustix::fs::fstat(&dir.fd).map_err(SysError::at("examine", dir.path()))?;
        if stat.st_dev != device {
            return Err(SysError::new("remove", dir.path(), Errno::BUSY));
        }
        if depth == 0 {
            return Err(SysError::new("remove", dir.path(), Errno::NAMETOOLONG));
        }
        for (entry, kind) in dir.entries()? {
            let entry = Path::new(&entry);
            match kind {
                FileType::Directory => dir.remove_dir(entry, device, depth - 1)?,
                _ => drop(dir.unlink(entry)?),
            }
        }
        self.unlink_dir(name)
    }
}
