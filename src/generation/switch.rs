//! The one step that readers see.

use super::store::split;
use super::{Error, Staged, Store, temporary};
use crate::sys::accounts::Ownership;
use crate::sys::dir::FileType;
use crate::sys::dir::{Dir, is};
use std::ffi::{OsStr, OsString};
use std::path::Path;

impl<'t> Staged<'t> {
    /// Makes the link name the staged generation, by one rename. Where the running generation is kept, does nothing.
    ///
    /// A plain directory at the link's path is swapped with the link in one step and removed after it.
    ///
    /// # Errors
    /// Where the system refuses. The link then names what it named before, unless only the removal failed.
    pub fn switch(self) -> Result<Store<'t>, Error> {
        let mut store = self.0;
        let (_, name) = split(&store.target.link)?;
        let mut in_the_way = None;
        if let Some(next) = &store.next {
            let leads_to = store.target.mount_point.join(next.number.to_string());
            in_the_way = point(&next.link_folder, name, &leads_to)?;
        }
        // Readers see it: from here on nothing is taken back.
        store.undo.disarm();
        if let Some(next) = store.next.take() {
            store.running.number = Some(next.number);
            if let Some(old) = in_the_way {
                next.link_folder.remove_all(old)?;
            }
        }
        Ok(store)
    }
}

/// Points the link `name` of `folder` at `leads_to`. Gives the name of a directory that was in its place, to be removed.
fn point(folder: &Dir, name: &OsStr, leads_to: &Path) -> Result<Option<OsString>, Error> {
    let temporary = temporary(name);
    folder.symlink(&temporary, leads_to, Ownership::Keep)?;
    let switched = swap(folder, name, &temporary, leads_to);
    if switched.is_err() {
        let _ = folder.unlink(&temporary);
    }
    Ok(switched?.then_some(temporary))
}

/// True where a directory was in the way and now has the temporary name.
fn swap(folder: &Dir, name: &OsStr, temporary: &OsStr, leads_to: &Path) -> Result<bool, Error> {
    let directory = folder.stat(name)?.is_some_and(|stat| is(&stat, FileType::Directory));
    if !directory {
        folder.rename(temporary, name)?;
        return Ok(false);
    }
    if !folder.exchange(temporary, name)? {
        // A file system without the swap: for a moment there is no link, and the old directory still has all its files.
        folder.unlink(temporary)?;
        folder.rename(name, temporary)?;
        if let Err(e) = folder.symlink(name, leads_to, Ownership::Keep) {
            let _ = folder.rename(temporary, name);
            return Err(e.into());
        }
    }
    Ok(true)
}
