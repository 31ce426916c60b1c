//! The next generation, complete but not yet visible to readers.

use super::store::{Next, split};
use super::{DIRECTORY_MODE, Error, Store, Target, UnchangedPolicy};
use crate::changes::Changes;
use crate::output::{Output, Placement};
use crate::rendered::File;
use crate::sys::accounts::{Accounts, Ownership};
use crate::sys::dir::Dir;
use crate::sys::parents::{self, ParentPolicy};
use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

/// Most directories a name may lead through; well below what a removal can follow.
const NAME_MAX_DEPTH: usize = 100;

/// A generation written and waiting for the switch, or none where the running one is kept. Dropped, it removes its own.
#[derive(Debug)]
pub struct Staged<'t>(pub(super) Store<'t>);

impl<'t> Store<'t> {
    /// Writes `files` (in the order of `accounts`) into generation N+1. Where the target says to keep a generation that is
    /// already as wanted, nothing is written.
    ///
    /// # Errors
    /// Where the system refuses a step; what was written is removed.
    pub fn stage(mut self, files: &[File<'_>], accounts: &Accounts, changes: &Changes) -> Result<Staged<'t>, Error> {
        let keep = match self.target.unchanged {
            UnchangedPolicy::Keep => changes.is_empty() && self.running.number().is_some(),
            UnchangedPolicy::NewGeneration => false,
        };
        if keep {
            return Ok(Staged(self));
        }
        let (folder, _) = split(&self.target.link)?;
        let link_folder = parents::open_or_make(folder, 0o755, ParentPolicy::Caller, &mut self.undo.made)?;
        let number = self.next_number()?;
        let name = number.to_string();
        self.root.remove_all(&name)?;
        // From here on dropping `self` removes the directory.
        self.next = Some(Next { number, link_folder });
        let dir = self.root.make(&name, DIRECTORY_MODE, self.directories)?;
        Writer { target: self.target, dir, directories: self.directories, made: HashSet::new() }
            .write_all(files, accounts)?;
        Ok(Staged(self))
    }

    /// The number after the link's. Where the link leads elsewhere, never that of the very directory it leads to.
    fn next_number(&self) -> Result<u64, Error> {
        let mut number = self.running.number.unwrap_or(0).checked_add(1).unwrap_or(1);
        if let (None, Some(running)) = (self.running.number, &self.running.dir) {
            let running = running.inode()?;
            while self.root.inode_of(number.to_string())? == Some(running) {
                number += 1;
            }
        }
        Ok(number)
    }
}

impl Staged<'_> {
    /// Number of the generation staged; None where the running one is kept.
    pub fn number(&self) -> Option<u64> {
        self.0.next.as_ref().map(|next| next.number)
    }
}

struct Writer<'t> {
    target: &'t Target,
    dir: Dir,
    directories: Ownership,
    made: HashSet<PathBuf>,
}

impl Writer<'_> {
    fn write_all(&mut self, files: &[File<'_>], accounts: &Accounts) -> Result<(), Error> {
        for (index, File { output, bytes }) in files.iter().enumerate() {
            let place = output.name.in_generation();
            let owner = accounts.owner(index);
            self.make_parents(Path::new(&place), output)?;
            self.dir.create(&place, bytes.expose(), owner, output.mode)?;
        }
        for (index, File { output, bytes }) in files.iter().enumerate() {
            let own = output.name.in_generation();
            for path in output.paths.iter().filter_map(|path| self.target.inside(path)) {
                if path == Path::new(&own) {
                    continue;
                }
                self.make_parents(path, output)?;
                let owner = accounts.owner(index);
                match output.placement {
                    Placement::Symlink => self.dir.symlink(path, &self.target.link_text(output), owner)?,
                    Placement::Copy => drop(self.dir.create(path, bytes.expose(), owner, output.mode)?),
                }
            }
        }
        Ok(())
    }

    /// Makes the directories that `place` lies in, each once.
    fn make_parents(&mut self, place: &Path, output: &Output) -> Result<(), Error> {
        let Some(parent) = place.parent().filter(|parent| !parent.as_os_str().is_empty()) else { return Ok(()) };
        if self.made.contains(parent) {
            return Ok(());
        }
        if parent.components().count() > NAME_MAX_DEPTH {
            return Err(Error::TooDeep { name: output.name.to_string(), max: NAME_MAX_DEPTH });
        }
        let mut so_far = PathBuf::new();
        for part in parent.components() {
            // A path below the link may say `..`; a generation has no outside.
            let Component::Normal(part) = part else { return Err(Error::NotALinkPath(self.target.link.join(place))) };
            so_far.push(part);
            if !self.made.contains(&so_far) {
                self.dir.make(&so_far, DIRECTORY_MODE, self.directories)?;
                self.made.insert(so_far.clone());
            }
        }
        Ok(())
    }
}
