//! The renames, and the removal of what is no longer declared.

use super::prepare::Prepared;
use super::{LinkError, LinkErrors};
use crate::generation::temporary;
use crate::state::{Placed, State};
use crate::sys::SysError;
use crate::sys::dir::FileType;
use crate::sys::dir::{Dir, is};
use std::path::{Path, PathBuf};

/// What was done outside the generation.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// Paths that have a new link or copy, sorted.
    pub placed: Vec<PathBuf>,
    /// Paths removed because nothing declares them any more, sorted.
    pub removed: Vec<PathBuf>,
    /// Paths no longer declared that were left: something else is there now.
    pub kept: Vec<PathBuf>,
    /// What the user should hear of, though it is no error.
    pub warnings: Vec<String>,
}

impl Prepared<'_> {
    /// Renames every temporary into place, then removes what earlier runs placed and nothing declares now, if it is still
    /// what they placed. To be called after the switch, so that no link leads to a file that is not there yet.
    ///
    /// # Errors
    /// All refusals; what could be done is done.
    pub fn place(mut self) -> Result<Placement, LinkErrors> {
        let mut errors = Vec::new();
        let mut done = Placement::default();
        let mut state = State::default();
        // Directories made for paths now in use are there to stay.
        self.made.clear();
        let ready = std::mem::take(&mut self.ready);
        for (path, want) in &self.links.wanted {
            // Where nothing could be prepared, what is there may still be ours.
            let placed = ready.get(path).or(want.present.as_ref());
            let Some(placed) = placed.or_else(|| self.links.remembered.placed.get(*path)) else { continue };
            state.placed.insert(path.to_path_buf(), placed.clone());
            let folder = path.parent().and_then(|folder| self.folders.get(folder));
            let (Some(folder), Some(name), true) = (folder, path.file_name(), ready.contains_key(path)) else {
                continue;
            };
            match folder.rename(temporary(name), name) {
                Ok(()) => done.placed.push(path.to_path_buf()),
                Err(e) => {
                    let _ = folder.unlink(temporary(name));
                    // Whatever is there may still be ours.
                    if let Some(old) = self.links.remembered.placed.get(*path) {
                        state.placed.insert(path.to_path_buf(), old.clone());
                    }
                    errors.push(want.error(e));
                }
            }
        }
        for (path, placed) in &self.links.remembered.placed {
            if self.links.wanted.contains_key(path.as_path()) {
                continue;
            }
            // A path that moved below the link is served there now.
            match remove(path, placed) {
                Ok(Removal::Gone) => {}
                Ok(Removal::Removed) => done.removed.push(path.clone()),
                Ok(Removal::NotOurs) => done.kept.push(path.clone()),
                Err(e) => {
                    state.placed.insert(path.clone(), placed.clone());
                    errors.push(LinkError::Removal(e));
                }
            }
        }
        done.warnings = std::mem::take(&mut self.links.warnings);
        if let Some(file) = self.links.state_file.filter(|_| state != self.links.remembered)
            && let Err(e) = state.write(file)
        {
            done.warnings.push(format!("what was placed cannot be remembered: {e}"));
        }
        // Done: nothing is taken back.
        self.before = self.links.remembered.clone();
        if errors.is_empty() { Ok(done) } else { Err(LinkErrors(errors)) }
    }
}

enum Removal {
    Gone,
    Removed,
    NotOurs,
}

fn remove(path: &Path, placed: &Placed) -> Result<Removal, SysError> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(Removal::NotOurs) };
    let Some(folder) = Dir::open_if_there(folder)? else { return Ok(Removal::Gone) };
    let leftover = temporary(name);
    if folder.stat(&leftover)?.is_some_and(|stat| !is(&stat, FileType::Directory)) {
        folder.unlink(&leftover)?;
    }
    let Some(stat) = folder.stat(name)? else { return Ok(Removal::Gone) };
    let ours = placed.has_copy(&stat) || folder.read_link(name)?.is_some_and(|text| placed.links.contains(&text));
    if ours { folder.unlink(name).map(|_| Removal::Removed) } else { Ok(Removal::NotOurs) }
}
