//! Why values could not be had.

use crate::identity::{OpenError as AgeOpenError, UnlockError};
use crate::manifest::SourceKind;
use crate::names::{KeyPath, OutputName};
use crate::sops::format::Format;
use crate::sops::source::{LoadError, ReadError as OpenError};
use crate::sops::wanted::Found;
use crate::sys::read::ReadError;
use std::path::PathBuf;

/// Why values of one file could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The file cannot be read.
    #[error("{source}")]
    Read {
        /// The secrets that need it.
        secrets: Vec<OutputName>,
        /// Why.
        source: ReadError,
    },
    /// The file is not a sops file that can be read.
    #[error("{}: {source}", file.display())]
    Load {
        /// The file.
        file: PathBuf,
        /// The format it was read as.
        format: Format,
        /// The secrets that need it.
        secrets: Vec<OutputName>,
        /// Why.
        source: LoadError,
    },
    /// A key path leads to no value that can be installed.
    #[error("{}: {}", file.display(), key_fault(key, *found))]
    Key {
        /// The file.
        file: PathBuf,
        /// The key path.
        key: KeyPath,
        /// The secrets that name it.
        secrets: Vec<OutputName>,
        /// What stands there.
        found: Found,
        /// Key paths that may have been meant.
        near: Vec<String>,
    },
    /// The file is encrypted to others than this host.
    #[error("{}: it is not encrypted to this host", file.display())]
    NotForHost {
        /// The file.
        file: PathBuf,
        /// How it is read.
        kind: SourceKind,
        /// Whom it is encrypted to.
        recipients: Vec<String>,
    },
    /// No identity opens the file.
    #[error("{}: none of this host's keys can open it", file.display())]
    Unlock {
        /// The file.
        file: PathBuf,
        /// Who could, and what was tried.
        source: Box<UnlockError>,
    },
    /// An age file does not open.
    #[error("{}: {source}", file.display())]
    Age {
        /// The file.
        file: PathBuf,
        /// Why.
        source: Box<AgeOpenError>,
    },
    /// The file is unlocked, but its contents are not what was encrypted.
    #[error("{}: {source}", file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// Why.
        source: OpenError,
    },
}

fn key_fault(key: &KeyPath, found: Found) -> String {
    match found {
        Found::Missing => format!("key '{key}' not found"),
        Found::ThroughScalar => format!("key '{key}' leads through a value that is neither a map nor a list"),
        Found::Value("null") => format!("key '{key}' is null: it has no value to install"),
        Found::Value(kind) => format!("key '{key}' is {kind}, and only a single value can be installed"),
    }
}
