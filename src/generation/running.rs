//! The generation that the link names now, and how new outputs compare with it.

use super::store::split;
use super::{Error, Target};
use crate::access::Mode;
use crate::changes::{Activation, Changes, Verdict};
use crate::names::{OutputKind, OutputName, RENDERED_DIR};
use crate::output::Placement;
use crate::rendered::File;
use crate::secret::SecretBytes;
use crate::sys::SysError;
use crate::sys::accounts::{Accounts, Ownership};
use crate::sys::dir::Dir;
use crate::sys::dir::{FileType, Stat};
use crate::sys::read::{Old, ReadError, Scratch};
use crate::sys::remove::TREE_MAX_DEPTH;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What the link leads to.
#[derive(Debug)]
pub struct Running {
    /// The directory, where there is one.
    pub(super) dir: Option<Dir>,
    /// Its number; None where the link is absent, no link, or leads elsewhere than below the mount point.
    pub(super) number: Option<u64>,
}

impl Running {
    /// Follows the link of `target`. Changes nothing, so that it serves a dry activation too.
    ///
    /// Something that is not a link counts as absent: the switch replaces it.
    ///
    /// # Errors
    /// Where the link leads below the mount point but not to a number, or the system refuses.
    pub fn find(target: &Target) -> Result<Self, Error> {
        let absent = Self { dir: None, number: None };
        let (folder, name) = split(&target.link)?;
        let Some(parent) = Dir::open_if_there(folder)? else { return Ok(absent) };
        let Some(text) = parent.read_link(name)? else { return Ok(absent) };
        let leads_to = folder.join(text);
        let number = match leads_to.strip_prefix(&target.mount_point) {
            Err(_) => None,
            Ok(rest) => match rest.to_str().and_then(number) {
                Some(number) => Some(number),
                None => return Err(Error::NotAGeneration { link: target.link.clone(), leads_to }),
            },
        };
        Ok(Self { dir: Dir::open_if_there(&target.link)?, number })
    }

    /// First activation, or a switch from a generation that is there.
    pub fn activation(&self) -> Activation {
        if self.dir.is_some() { Activation::Switch } else { Activation::First }
    }

    /// Number of the running generation; None where the link names none.
    pub fn number(&self) -> Option<u64> {
        self.number.filter(|_| self.dir.is_some())
    }

    /// The bytes of an output in the running generation, of at most `max`; None where it is not there.
    ///
    /// # Errors
    /// Where the file cannot be read or is larger.
    pub fn previous(&self, name: &OutputName, max: usize) -> Result<Option<SecretBytes>, ReadError> {
        match &self.dir {
            Some(dir) => dir.read_file(name.in_generation(), max),
            None => Ok(None),
        }
    }

    /// Compares bytes, owners and modes of `files` (in the order of `accounts`) with the running generation.
    ///
    /// # Errors
    /// Where the running generation cannot be read.
    pub fn compare(&self, target: &Target, files: &[File<'_>], accounts: &Accounts) -> Result<Changes, SysError> {
        let mut changes = Changes::new(self.activation());
        let mut scratch = Scratch::default();
        let mut wanted = HashSet::new();
        for (index, File { output, bytes }) in files.iter().enumerate() {
            let place = PathBuf::from(output.name.in_generation());
            let owner = accounts.owner(index);
            changes.record(output, self.verdict(&place, bytes, output.mode, owner, &mut scratch)?);
            for path in output.paths.iter().filter_map(|path| target.inside(path)).filter(|path| **path != place) {
                let same = match (output.placement, &self.dir) {
                    (Placement::Symlink, Some(dir)) => dir.read_link(path)? == Some(target.link_text(output)),
                    _ => self.verdict(path, bytes, output.mode, owner, &mut scratch)? == Verdict::Same,
                };
                if !same {
                    changes.links.insert(path.to_string_lossy().into_owned());
                }
                wanted.insert(path.to_owned());
            }
            wanted.insert(place);
        }
        if let Some(dir) = &self.dir {
            let listing = dir.open_child(".")?;
            find_removed(&listing, Path::new(""), &wanted, TREE_MAX_DEPTH, &mut changes)?;
        }
        Ok(changes)
    }

    fn verdict(
        &self,
        place: &Path,
        bytes: &SecretBytes,
        mode: Mode,
        owner: Ownership,
        scratch: &mut Scratch,
    ) -> Result<Verdict, SysError> {
        let Some(dir) = &self.dir else { return Ok(Verdict::Added) };
        Ok(match dir.compare(place, bytes.expose(), scratch)? {
            Old::Absent => Verdict::Added,
            Old::File { stat, same_bytes: true } if same_access(&stat, owner, mode) => Verdict::Same,
            Old::File { .. } | Old::Other => Verdict::Modified,
        })
    }
}

/// Whether a file has this owner and mode.
pub(crate) fn same_access(stat: &Stat, owner: Ownership, mode: Mode) -> bool {
    let same_owner = match owner {
        Ownership::Set { uid, gid } => (stat.st_uid, stat.st_gid) == (uid, gid),
        Ownership::Keep => true,
        Ownership::Missing => false,
    };
    same_owner && stat.st_mode & 0o7777 == u32::from(mode.bits())
}

/// A generation's number: digits only.
pub(super) fn number(name: &str) -> Option<u64> {
    name.bytes().all(|c| c.is_ascii_digit()).then(|| name.parse().ok()).flatten()
}

fn find_removed(
    dir: &Dir,
    below: &Path,
    wanted: &HashSet<PathBuf>,
    depth: usize,
    changes: &mut Changes,
) -> Result<(), SysError> {
    for (name, kind) in dir.entries()? {
        let place = below.join(&name);
        match kind {
            FileType::Directory if depth > 0 => {
                find_removed(&dir.open_child(&name)?, &place, wanted, depth - 1, changes)?;
            }
            _ if wanted.contains(&place) => {}
            FileType::Symlink => {
                changes.links.insert(place.to_string_lossy().into_owned());
            }
            _ => match place.strip_prefix(RENDERED_DIR) {
                Ok(name) => changes.record_removed(OutputKind::Template, name.to_string_lossy().into_owned()),
                Err(_) => changes.record_removed(OutputKind::Secret, place.to_string_lossy().into_owned()),
            },
        }
    }
    Ok(())
}
