//! The mount point, held open and locked for one run.

use super::{DIRECTORY_MODE, Error, MountPolicy, Running, Target, temporary};
use crate::sys::accounts::{Accounts, Ownership};
use crate::sys::dir::Dir;
use crate::sys::mount::{self, Mounted};
use crate::sys::parents::{self, ParentPolicy};
use std::path::{Path, PathBuf};

/// The place of all generations, and which one is running.
#[derive(Debug)]
pub struct Store<'t> {
    pub(super) target: &'t Target,
    pub(super) root: Dir,
    pub(super) running: Running,
    pub(super) directories: Ownership,
    /// The generation being made; removed on drop unless it was switched to.
    pub(super) next: Option<Next>,
    pub(super) undo: Undo,
    warnings: Vec<String>,
    /// The directory under the mount, kept for its lock.
    _below: Option<Dir>,
}

/// A generation that no link names yet.
#[derive(Debug)]
pub(super) struct Next {
    pub(super) number: u64,
    /// The folder of the link, which exists from here on.
    pub(super) link_folder: Dir,
}

impl Drop for Store<'_> {
    fn drop(&mut self) {
        if let Some(next) = &self.next {
            // The error that led here is the one to report; the next run removes what is left.
            let _ = self.root.remove_all(next.number.to_string());
        }
    }
}

/// What is taken back unless the run succeeds: mounts and directories made for it.
#[derive(Debug, Default)]
pub(super) struct Undo {
    pub(super) made: Vec<PathBuf>,
    mounted: Option<PathBuf>,
}

impl Undo {
    pub(super) fn disarm(&mut self) {
        self.made.clear();
        self.mounted = None;
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        if let Some(path) = &self.mounted {
            mount::undo(path);
        }
        parents::undo(&mut self.made);
    }
}

impl<'t> Store<'t> {
    /// Makes and mounts the mount point where need be, waits for other runs to end, and finds the running generation.
    ///
    /// # Errors
    /// Where the mount point cannot be had, or the link cannot be understood.
    pub fn open(target: &'t Target, accounts: &Accounts) -> Result<Self, Error> {
        let mut undo = Undo::default();
        let path = &target.mount_point;
        let below = parents::open_or_make(path, DIRECTORY_MODE, ParentPolicy::Caller, &mut undo.made)?;
        lock(&below)?;
        let mut warnings = Vec::new();
        let mut under = None;
        let mut root = below;
        if let MountPolicy::Memory(wanted) = target.mount {
            // What was opened may be what another run has mounted on while this one waited for the lock.
            let now = Dir::open(path)?;
            match mount::ensure(&now, wanted)? {
                Mounted::Already => {}
                Mounted::Now => undo.mounted = Some(path.clone()),
                Mounted::Instead(warning) => warnings.push(warning),
            }
            let mounted = Dir::open(path)?;
            if mounted.inode()? != root.inode()? {
                lock(&mounted)?;
                under = Some(std::mem::replace(&mut root, mounted));
            }
        }
        if let Ownership::Set { uid, gid } = accounts.directories {
            root.set_owner(uid, gid)?;
        }
        clear_leftovers(target)?;
        let running = Running::find(target)?;
        let directories = accounts.directories;
        Ok(Self { target, root, running, directories, next: None, undo, warnings, _below: under })
    }

    /// The running generation.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// What the user should hear of, though it is no error.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// Splits a link's path into its folder and its name.
pub(super) fn split(link: &Path) -> Result<(&Path, &std::ffi::OsStr), Error> {
    match (link.parent(), link.file_name()) {
        (Some(folder), Some(name)) => Ok((folder, name)),
        _ => Err(Error::NotALinkPath(link.to_owned())),
    }
}

/// Removes what a run that was killed while it switched left beside the link.
fn clear_leftovers(target: &Target) -> Result<(), Error> {
    let (folder, name) = split(&target.link)?;
    if let Some(folder) = Dir::open_if_there(folder)? {
        folder.remove_all(temporary(name))?;
    }
    Ok(())
}

fn lock(dir: &Dir) -> Result<(), Error> {
    if dir.lock()? { Ok(()) } else { Err(Error::Busy(dir.path().to_owned())) }
}
