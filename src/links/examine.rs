//! What is at each path now, and whether it has to be placed anew. Changes nothing.

use super::LinkError;
use crate::generation::{Target, same_access};
use crate::output::{Output, Placement};
use crate::rendered::File;
use crate::state::{Placed, State, StateError};
use crate::sys::SysError;
use crate::sys::accounts::{Accounts, Ownership};
use crate::sys::dir::{Dir, is};
use crate::sys::dir::{FileType, Stat};
use crate::sys::parents;
use crate::sys::read::{Old, Scratch};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every path outside the generation, examined.
#[derive(Debug)]
pub struct Links<'a> {
    pub(super) target: &'a Target,
    /// What has to be placed, in path order.
    pub(super) wanted: BTreeMap<&'a Path, Want<'a>>,
    /// What earlier runs placed.
    pub(super) remembered: State,
    /// Where to remember; None where the state could not be read, so that what it says is not lost.
    pub(super) state_file: Option<&'a Path>,
    /// Why the state could not be read.
    pub(super) unreadable: Option<StateError>,
    pub(super) warnings: Vec<String>,
}

/// One path to serve.
#[derive(Debug)]
pub(super) struct Want<'a> {
    pub(super) output: &'a Output,
    pub(super) bytes: &'a [u8],
    pub(super) owner: Ownership,
    /// What is there already and right; None where it has to be placed.
    pub(super) present: Option<Placed>,
}

impl Want<'_> {
    pub(super) fn error(&self, source: SysError) -> LinkError {
        LinkError::System { output: self.output.name.to_string(), source }
    }
}

impl<'a> Links<'a> {
    /// Examines the paths of `files` (in the order of `accounts`) that lie outside the generation, and reads what earlier
    /// runs placed. A state file that cannot be read becomes a warning.
    ///
    /// Gives also all paths that cannot be served: a directory in the way, two outputs at one path, a parent that is no
    /// directory. They are left out, should the caller go on all the same.
    pub fn examine(target: &'a Target, files: &'a [File<'a>], accounts: &Accounts) -> (Self, Vec<LinkError>) {
        let mut links = Self {
            target,
            wanted: BTreeMap::new(),
            remembered: State::default(),
            state_file: target.state_file.as_deref(),
            unreadable: None,
            warnings: Vec::new(),
        };
        links.recall();
        let mut scratch = Scratch::default();
        let mut errors = Vec::new();
        for (index, file) in files.iter().enumerate() {
            for path in file.output.paths.iter().filter(|path| target.inside(path).is_none()) {
                let owner = accounts.owner(index);
                if let Err(e) = links.add(path, file, owner, &mut scratch) {
                    errors.push(e);
                }
            }
        }
        errors.extend(links.take_folders_in_the_way());
        (links, errors)
    }

    /// Leaves out the paths below which another lies: in path order a folder stands right before what is in it.
    fn take_folders_in_the_way(&mut self) -> Vec<LinkError> {
        let neighbours = self.wanted.keys().zip(self.wanted.keys().skip(1));
        let folders: Vec<_> =
            neighbours.filter(|(path, inner)| inner.starts_with(path)).map(|(path, _)| *path).collect();
        let taken = folders.into_iter().filter_map(|path| Some((path, self.wanted.remove(path)?)));
        taken
            .map(|(path, want)| {
                let (output, path) = (want.output.name.to_string(), path.to_owned());
                LinkError::DirectoryInTheWay { output, path }
            })
            .collect()
    }

    fn recall(&mut self) {
        match self.state_file.map(State::read) {
            None => {}
            Some(Ok(state)) => self.remembered = state,
            Some(Err(e)) => {
                self.warnings.push(e.to_string());
                if !matches!(e, StateError::NotOurs(_)) {
                    self.state_file = None;
                    self.unreadable = Some(e);
                }
            }
        }
    }

    fn add(
        &mut self,
        path: &'a Path,
        file: &'a File<'a>,
        owner: Ownership,
        scratch: &mut Scratch,
    ) -> Result<(), LinkError> {
        let output = file.output;
        let named = || (output.name.to_string(), path.to_owned());
        let reserved = self.target.link.starts_with(path) || self.target.mount_point.starts_with(path);
        let (Some(folder), Some(name), true, false) = (path.parent(), path.file_name(), path.is_absolute(), reserved)
        else {
            let (output, path) = named();
            return Err(LinkError::UnusablePath { output, path });
        };
        if let Some(first) = self.wanted.get(path) {
            let (output, path) = named();
            return Err(LinkError::PathTwice { output, other: first.output.name.to_string(), path });
        }
        let mut want = Want { output, bytes: file.bytes.expose(), owner, present: None };
        let (folder, missing) = parents::nearest(folder).map_err(|e| want.error(e))?;
        if missing.is_empty() {
            let stat = folder.stat(name).map_err(|e| want.error(e))?;
            if stat.is_some_and(|stat| is(&stat, FileType::Directory)) {
                let (output, path) = named();
                return Err(LinkError::DirectoryInTheWay { output, path });
            }
            let text = self.target.link_text(output);
            want.present = match stat {
                None => None,
                Some(stat) => {
                    present(&want, &folder, Path::new(name), &stat, text, scratch).map_err(|e| want.error(e))?
                }
            };
            // The same file placed by another installation is that one's, and goes when it no longer declares it.
            let ours = |stat: &Stat| self.remembered.placed.get(path).is_some_and(|placed| placed.has_copy(stat));
            if output.placement == Placement::Copy && self.state_file.is_some() && !stat.as_ref().is_some_and(ours) {
                want.present = None;
            }
        }
        self.wanted.insert(path, want);
        Ok(())
    }
}

/// What is at `name`, where it is what is wanted.
fn present(
    want: &Want<'_>,
    folder: &Dir,
    name: &Path,
    stat: &Stat,
    text: PathBuf,
    scratch: &mut Scratch,
) -> Result<Option<Placed>, SysError> {
    match want.output.placement {
        Placement::Symlink => {
            let same_owner = match want.owner {
                Ownership::Set { uid, gid } => (stat.st_uid, stat.st_gid) == (uid, gid),
                Ownership::Keep | Ownership::Missing => true,
            };
            let right = same_owner && folder.read_link(name)?.as_ref() == Some(&text);
            Ok(right.then(|| Placed::link(text)))
        }
        Placement::Copy => Ok(match folder.compare(name, want.bytes, scratch)? {
            Old::File { stat, same_bytes: true } if same_access(&stat, want.owner, want.output.mode) => {
                Some(Placed::copy(&stat))
            }
            Old::Absent | Old::Other | Old::File { .. } => None,
        }),
    }
}
