//! What loading keys has to tell: sources that gave no key, and keys that were imported.

use super::agekey::AgeKeyError;
use super::key::Origin;
use super::read::ReadError;
use super::ssh::SshKeyError;
use std::path::PathBuf;

/// A source of keys that gave none. None of these stops the run; the missing key may not be needed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Notice {
    /// An SSH key that a manifest names cannot be read; the beginning is sops-nix's wording.
    #[error("Cannot read ssh key '{}': {problem}", path.display())]
    UnreadableSshKey {
        /// The key.
        path: PathBuf,
        /// What is wrong.
        problem: ReadError,
    },
    /// An SSH key that a manifest names cannot be used as it should be; the beginning is sops-nix's wording.
    #[error("Cannot convert ssh key '{}': {problem}", path.display())]
    UnusableSshKey {
        /// The key.
        path: PathBuf,
        /// What is wrong.
        problem: SshKeyError,
    },
    /// There is nothing at a place where sops looks without being told to, which is how most hosts are.
    #[error("no key from {}: no such file", path.display())]
    NothingAtDefault {
        /// The place.
        path: PathBuf,
    },
    /// Any other source.
    #[error("no key from {origin}: {problem}")]
    Unusable {
        /// The source.
        origin: Origin,
        /// What is wrong.
        problem: SourceError,
    },
}

/// Why a source gave no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is no age key file.
    #[error(transparent)]
    Age(#[from] AgeKeyError),
    /// It is no SSH key that can be used.
    #[error(transparent)]
    Ssh(#[from] SshKeyError),
}

/// A file of keys that was named and must be there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The manifest's `ageKeyFile`; the beginning is sops-nix's wording.
    #[error("cannot read keyfile '{}': {problem}", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: ReadError,
    },
    /// A file given with `--identity`.
    #[error("--identity {}: {problem}", path.display())]
    Identity {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: SourceError,
    },
}

/// An SSH key that was turned into another kind of key, for `logging.keyImport`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyImport {
    /// As an age key; `Imported PATH as age key with fingerprint age1…`.
    Age {
        /// The SSH key.
        path: PathBuf,
        /// The recipient, `age1…`.
        public: String,
    },
    /// As an OpenPGP key; `Imported PATH as GPG key with fingerprint HEX`.
    Gpg {
        /// The SSH key.
        path: PathBuf,
        /// The fingerprint, in lower-case hexadecimal.
        fingerprint: String,
    },
}

impl std::fmt::Display for KeyImport {
    /// The line as sops-nix prints it, without the program's name in front.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Age { path, public } => write!(f, "Imported {} as age key with fingerprint {public}", path.display()),
            Self::Gpg { path, fingerprint } => {
                write!(f, "Imported {} as GPG key with fingerprint {fingerprint}", path.display())
            }
        }
    }
}
