//! Missing parent directories, made one by one; those that exist are not touched.

use super::SysError;
use super::accounts::Ownership;
use super::dir::Dir;
use std::path::{Path, PathBuf};

/// Who owns a directory that had to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParentPolicy {
    /// Whoever runs the installer, as sops-nix does.
    Caller,
    /// The owner of the nearest directory that existed.
    NearestParent,
}

/// Opens the directory `path`, making it and its missing parents with `mode`. Adds those made to `made`, outermost first,
/// also when a later one fails, so that the caller can undo them.
///
/// # Errors
/// Where something that is not a directory is in the way, or the system refuses.
pub fn open_or_make(path: &Path, mode: u16, policy: ParentPolicy, made: &mut Vec<PathBuf>) -> Result<Dir, SysError> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let (mut dir, missing) = nearest(path)?;
    let owner = match policy {
        ParentPolicy::Caller => Ownership::Keep,
        ParentPolicy::NearestParent if missing.is_empty() => Ownership::Keep,
        ParentPolicy::NearestParent => dir.owner()?,
    };
    for part in missing.iter().rev() {
        let Some(name) = part.file_name() else { continue };
        made.push(part.to_path_buf());
        dir = dir.make(name, mode, owner)?;
    }
    Ok(dir)
}

/// The nearest directory on the way to `path` that exists, and the paths still to be made, innermost first.
///
/// # Errors
/// Where something on the way is not a directory.
pub fn nearest(path: &Path) -> Result<(Dir, Vec<&Path>), SysError> {
    let mut missing = Vec::new();
    let mut at = path;
    loop {
        match Dir::open(at) {
            Ok(dir) => return Ok((dir, missing)),
            Err(e) if e.source.kind() == std::io::ErrorKind::NotFound => missing.push(at),
            Err(e) => return Err(e),
        }
        at = match at.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => return Err(SysError::new("open", at, rustix::io::Errno::NOENT)),
        };
    }
}

/// Removes directories that [`open_or_make`] made, as far as they are empty. For undoing; failures leave them.
pub fn undo(made: &mut Vec<PathBuf>) {
    while let Some(path) = made.pop() {
        let _ = rustix::fs::rmdir(&path);
    }
}
