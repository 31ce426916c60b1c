//! Owners set in a second call, which decrypts nothing: for files installed before their users existed, as agenix does for
//! the passwords of those users.

use super::{Error, Running, Target};
use crate::names::OutputName;
use crate::output::{Output, Placement};
use crate::sys::accounts::{Accounts, Ownership};
use crate::sys::dir::Dir;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a second call did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Owned {
    /// Outputs whose owner or mode changed, in the order given.
    pub changed: Vec<OutputName>,
    /// Outputs that the running generation does not have.
    pub absent: Vec<OutputName>,
}

/// Gives the running generation and its files the owners and modes of `outputs` (in the order of `accounts`).
///
/// # Errors
/// Where no generation is running or the system refuses.
pub fn set_owners(target: &Target, outputs: &[Output], accounts: &Accounts) -> Result<Owned, Error> {
    let running = Running::find(target)?;
    let Some(dir) = running.dir else { return Err(Error::NothingInstalled(target.link.clone())) };
    own_directories(target, outputs, &dir, accounts.directories)?;
    let mut owned = Owned::default();
    for (index, output) in outputs.iter().enumerate() {
        let place = PathBuf::from(output.name.in_generation());
        let owner = accounts.owner(index);
        match dir.set_access(&place, owner, output.mode)? {
            Some(true) => owned.changed.push(output.name.clone()),
            Some(false) => {}
            None => owned.absent.push(output.name.clone()),
        }
        for path in output.paths.iter().filter_map(|path| target.inside(path)).filter(|path| **path != place) {
            match output.placement {
                Placement::Symlink => dir.set_link_owner(path, owner)?,
                Placement::Copy => drop(dir.set_access(path, owner, output.mode)?),
            }
        }
    }
    Ok(owned)
}

fn own_directories(target: &Target, outputs: &[Output], dir: &Dir, owner: Ownership) -> Result<(), Error> {
    let Ownership::Set { uid, gid } = owner else { return Ok(()) };
    Dir::open(&target.mount_point)?.set_owner(uid, gid)?;
    dir.set_owner(uid, gid)?;
    let mut directories = BTreeSet::new();
    for output in outputs {
        let own = PathBuf::from(output.name.in_generation());
        for place in output.paths.iter().filter_map(|path| target.inside(path)).chain([own.as_path()]) {
            directories.extend(place.ancestors().skip(1).filter(|p| !p.as_os_str().is_empty()).map(Path::to_owned));
        }
    }
    for directory in directories {
        if dir.stat(&directory)?.is_some() {
            dir.open_child(&directory)?.set_owner(uid, gid)?;
        }
    }
    Ok(())
}
