//! Generations: numbered directories below the mount point, of which one link names the running one.
//!
//! `Store::open` → `Running::compare` → `Store::stage` → `Staged::switch` → `Store::prune`. Whatever fails before the
//! switch leaves the host as it was: each value undoes its own work when it is dropped.

mod owners;
mod prune;
mod running;
mod stage;
mod store;
mod switch;
#[cfg(test)]
mod tests;

pub use owners::{Owned, set_owners};
pub use running::Running;
pub(crate) use running::same_access;
pub use stage::Staged;
pub use store::Store;

use crate::output::Output;
use crate::sys::SysError;
use crate::sys::mount::{Memory, MountError};
use crate::sys::parents::ParentPolicy;
use std::path::{Path, PathBuf};

/// Mode of the mount point, of generations and of directories in them: entered by all, listed by the group `keys`.
pub const DIRECTORY_MODE: u16 = 0o751;

/// Where a manifest's files go, and by which rules. Paths are absolute, with `%r` replaced.
#[derive(Debug, Clone)]
pub struct Target {
    /// Holds the generations: `/run/secrets.d`.
    pub mount_point: PathBuf,
    /// The link that readers follow: `/run/secrets`.
    pub link: PathBuf,
    /// Generations kept, the running one included; 0 keeps all.
    pub keep_generations: u64,
    /// File system of the mount point.
    pub mount: MountPolicy,
    /// Owner of parent directories that have to be made outside the generation.
    pub parents: ParentPolicy,
    /// What a run does that changes nothing.
    pub unchanged: UnchangedPolicy,
    /// Remembers what was placed outside the generation; None forgets.
    pub state_file: Option<PathBuf>,
}

impl Target {
    /// Whether `path` is served by the generation itself: below the link. Gives it relative to the link.
    pub(crate) fn inside<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.strip_prefix(&self.link).ok().filter(|rest| !rest.as_os_str().is_empty())
    }

    /// What a link at another path of `output` says: `/run/secrets/db/password`.
    pub(crate) fn link_text(&self, output: &Output) -> PathBuf {
        self.link.join(output.name.in_generation())
    }
}

/// What the mount point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MountPolicy {
    /// A memory file system, mounted where it is not.
    Memory(Memory),
    /// A plain directory: user mode.
    Directory,
}

/// What a run does that changes no byte, owner or mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnchangedPolicy {
    /// Makes a new generation all the same, as sops-nix does.
    NewGeneration,
    /// Keeps the running one.
    Keep,
}

/// Why no generation was installed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    System(#[from] SysError),
    /// There is no place for secrets.
    #[error(transparent)]
    Mount(#[from] MountError),
    /// A path that names no file, such as `/`.
    #[error("{}: cannot be the path of a link", .0.display())]
    NotALinkPath(PathBuf),
    /// The link leads below the mount point, but not to a number.
    #[error("{}: leads to {}, whose name is not a generation's number; remove the link", link.display(), leads_to.display())]
    NotAGeneration {
        /// The link.
        link: PathBuf,
        /// What it says.
        leads_to: PathBuf,
    },
    /// Another run holds the lock.
    #[error("{}: another run has been installing here for a minute; wait for it to end", .0.display())]
    Busy(PathBuf),
    /// A name with more parts than can be removed again.
    #[error("{name}: more than {max} directories deep")]
    TooDeep {
        /// The output, as it prints.
        name: String,
        /// Most parts a name may have.
        max: usize,
    },
    /// Owners are to be set, but nothing is installed.
    #[error("{}: leads to no generation; install one first", .0.display())]
    NothingInstalled(PathBuf),
}

/// Name of the temporary that becomes `name` by a rename. The same in every run, so that the next run finds what a killed
/// one left behind.
pub(crate) fn temporary(name: &std::ffi::OsStr) -> std::ffi::OsString {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    const SUFFIX: &[u8] = b".sops-inlay";
    let bytes = name.as_bytes();
    // File systems take 255 bytes.
    let kept = &bytes[..bytes.len().min(254 - SUFFIX.len())];
    std::ffi::OsString::from_vec([b".", kept, SUFFIX].concat())
}
