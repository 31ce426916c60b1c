//! Owners of links and copies, set in a second call as [`crate::generation::set_owners`] does for the files.

use super::{LinkError, LinkErrors};
use crate::generation::Target;
use crate::output::{Output, Placement};
use crate::state::{Placed, State};
use crate::sys::SysError;
use crate::sys::accounts::Accounts;
use crate::sys::dir::Dir;
use std::path::{Path, PathBuf};

/// Gives the links and copies of `outputs` (in the order of `accounts`) their owners and modes. Only what the state file
/// says we placed is touched: a folder's owner may have put something else there. Gives the paths whose file changed.
///
/// # Errors
/// All refusals, and a state file that cannot be read.
pub fn set_owners(target: &Target, outputs: &[Output], accounts: &Accounts) -> Result<Vec<PathBuf>, LinkErrors> {
    let Some(file) = &target.state_file else { return Ok(Vec::new()) };
    let state = State::read(file).map_err(|e| LinkErrors(vec![LinkError::NotRemembered(e)]))?;
    let mut changed = Vec::new();
    let mut errors = Vec::new();
    for (index, output) in outputs.iter().enumerate() {
        for path in &output.paths {
            let Some(placed) = state.placed.get(path) else { continue };
            match own(path, placed, output, index, accounts) {
                Ok(true) => changed.push(path.clone()),
                Ok(false) => {}
                Err(source) => errors.push(LinkError::System { output: output.name.to_string(), source }),
            }
        }
    }
    if errors.is_empty() { Ok(changed) } else { Err(LinkErrors(errors)) }
}

fn own(path: &Path, placed: &Placed, output: &Output, index: usize, accounts: &Accounts) -> Result<bool, SysError> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(false) };
    let folder = Dir::open(folder)?;
    let ours = match output.placement {
        Placement::Symlink => folder.read_link(name)?.is_some_and(|text| placed.links.contains(&text)),
        Placement::Copy => folder.stat(name)?.is_some_and(|stat| placed.has_copy(&stat)),
    };
    match output.placement {
        Placement::Symlink if ours => folder.set_link_owner(name, accounts.owner(index)).map(|()| false),
        Placement::Copy if ours => Ok(folder.set_access(name, accounts.owner(index), output.mode)? == Some(true)),
        Placement::Symlink | Placement::Copy => Ok(false),
    }
}
