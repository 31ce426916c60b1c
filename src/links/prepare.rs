//! Parents and temporaries, made beside their final places before the switch; removed again unless they are placed.

use super::examine::{Links, Want};
use super::{LinkError, LinkErrors};
use crate::generation::temporary;
use crate::output::Placement;
use crate::state::{Placed, State};
use crate::sys::SysError;
use crate::sys::dir::{self, Dir};
use crate::sys::parents;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Everything ready to be renamed into place. Dropped, it removes what it made.
#[derive(Debug)]
pub struct Prepared<'a> {
    pub(super) links: Links<'a>,
    /// Folders of the paths to be placed.
    pub(super) folders: BTreeMap<&'a Path, Dir>,
    /// What each temporary is, by the path it will have.
    pub(super) ready: BTreeMap<&'a Path, Placed>,
    pub(super) made: Vec<PathBuf>,
    /// What the state file said before this run.
    pub(super) before: State,
}

impl<'a> Links<'a> {
    /// Makes missing parents and, beside each path that has to be placed, a temporary that needs only a rename. What is
    /// about to be placed is remembered first, so that the next run finds it even if this one is killed.
    ///
    /// Also gives every path where the system refuses: those are left as they are.
    ///
    /// # Errors
    /// Where a copy could not be found again later.
    pub fn prepare(self) -> Result<(Prepared<'a>, Vec<LinkError>), LinkErrors> {
        let before = self.remembered.clone();
        let (folders, ready) = (BTreeMap::new(), BTreeMap::new());
        let mut prepared = Prepared { links: self, folders, ready, made: Vec::new(), before };
        prepared.remember()?;
        let paths: Vec<&Path> = prepared.links.wanted.keys().copied().collect();
        let refused: Vec<_> = paths.into_iter().filter_map(|path| prepared.make(path).err()).collect();
        if prepared.ready.values().any(|placed| !placed.copies.is_empty()) {
            // A copy has its identity only now.
            prepared.remember()?;
        }
        Ok((prepared, refused))
    }
}

impl<'a> Prepared<'a> {
    fn make(&mut self, path: &'a Path) -> Result<(), LinkError> {
        let Some(want) = self.links.wanted.get(path) else { return Ok(()) };
        let (None, Some(folder), Some(name)) = (&want.present, path.parent(), path.file_name()) else { return Ok(()) };
        if !self.folders.contains_key(folder) {
            let policy = self.links.target.parents;
            let opened = parents::open_or_make(folder, 0o755, policy, &mut self.made).map_err(|e| want.error(e))?;
            self.folders.insert(folder, opened);
        }
        let Some(folder) = self.folders.get(folder) else { return Ok(()) };
        let text = self.links.target.link_text(want.output);
        let placed = make_temporary(want, folder, name, text).map_err(|e| want.error(e))?;
        self.ready.insert(path, placed);
        Ok(())
    }

    /// Writes down what is there and what will be, where the state file does not say so yet.
    fn remember(&mut self) -> Result<(), LinkErrors> {
        let mut new = self.links.wanted.values().filter(|want| want.present.is_none());
        let copies = new.any(|want| want.output.placement == Placement::Copy);
        if let Some(e) = self.links.unreadable.take_if(|_| copies) {
            return Err(LinkErrors(vec![LinkError::NotRemembered(e)]));
        }
        let Some(file) = self.links.state_file else { return Ok(()) };
        let mut state = self.links.remembered.clone();
        for (path, want) in &self.links.wanted {
            let expected = self.ready.get(path).or(want.present.as_ref()).cloned();
            let expected = expected.unwrap_or_else(|| match want.output.placement {
                Placement::Symlink => Placed::link(self.links.target.link_text(want.output)),
                Placement::Copy => Placed::default(),
            });
            state.placed.entry(path.to_path_buf()).or_default().merge(expected);
        }
        if state == self.links.remembered {
            return Ok(());
        }
        match state.write(file) {
            Ok(()) => self.links.remembered = state,
            Err(e) if copies => return Err(LinkErrors(vec![LinkError::NotRemembered(e)])),
            // A link that is left behind leads to nothing: no reason to leave the host without its secrets.
            Err(e) => {
                self.links.warnings.push(format!("links will not be removed when they are no longer declared: {e}"))
            }
        }
        Ok(())
    }
}

impl Drop for Prepared<'_> {
    fn drop(&mut self) {
        for path in self.ready.keys() {
            if let (Some(folder), Some(name)) = (path.parent().and_then(|p| self.folders.get(p)), path.file_name()) {
                let _ = folder.unlink(temporary(name));
            }
        }
        parents::undo(&mut self.made);
        if let Some(file) = self.links.state_file.filter(|_| self.before != self.links.remembered) {
            let _ = self.before.write(file);
        }
    }
}

fn make_temporary(want: &Want<'_>, folder: &Dir, name: &OsStr, text: PathBuf) -> Result<Placed, SysError> {
    let temporary = temporary(name);
    // Of a run that was killed.
    folder.unlink(&temporary)?;
    let made = match want.output.placement {
        Placement::Symlink => folder.symlink(&temporary, &text, want.owner).map(|()| Placed::link(text)),
        Placement::Copy => folder.create(&temporary, want.bytes, want.owner, want.output.mode).and_then(|file| {
            let failed = |e| SysError::new("write", folder.path().join(&temporary), e);
            file.sync_all().map_err(failed)?;
            let stat = dir::stat(&file).map_err(failed)?;
            Ok(Placed::copy(&stat))
        }),
    };
    if made.is_err() {
        let _ = folder.unlink(&temporary);
    }
    made
}
