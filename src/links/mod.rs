//! Files that readers find outside the generation: symbolic links into it, or copies (agenix's `symlink = false`).
//!
//! `Links::examine` looks at every path and changes nothing; `Links::prepare` makes parents and temporaries;
//! after the switch `Prepared::place` renames them into place and removes what is no longer declared.

mod examine;
mod owners;
mod place;
mod prepare;
#[cfg(test)]
mod tests;

pub use examine::Links;
pub use owners::set_owners;
pub use place::Placement;
pub use prepare::Prepared;

use crate::state::StateError;
use crate::sys::SysError;
use std::fmt;
use std::path::PathBuf;

/// Why a path outside the generation cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The system refused.
    #[error("{output}: {source}")]
    System {
        /// The output, as it prints.
        output: String,
        /// The refusal; names the path.
        source: SysError,
    },
    /// A directory is where the link or copy should be.
    #[error("{output}: {}: a directory is in the way; remove it or choose another path", path.display())]
    DirectoryInTheWay {
        /// The output, as it prints.
        output: String,
        /// The path.
        path: PathBuf,
    },
    /// Two outputs ask for one path.
    #[error("{output}: {}: also the path of {other}", path.display())]
    PathTwice {
        /// The output, as it prints.
        output: String,
        /// The output that had it first.
        other: String,
        /// The path.
        path: PathBuf,
    },
    /// Not absolute, without a file name, or the path of the generation's own link or mount point.
    #[error("{output}: {}: must be an absolute path to a file, and not that of the generations themselves", path.display())]
    UnusablePath {
        /// The output, as it prints.
        output: String,
        /// The path.
        path: PathBuf,
    },
    /// A copy may not be placed where it could not be found again.
    #[error("a copy outside the generation cannot be remembered, and would never be removed: {0}")]
    NotRemembered(StateError),
    /// What is no longer declared could not be removed.
    #[error(transparent)]
    Removal(SysError),
}

/// All errors of one step.
#[derive(Debug)]
pub struct LinkErrors(pub Vec<LinkError>);

impl fmt::Display for LinkErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LinkErrors {}
