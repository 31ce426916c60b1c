//! The private keys of this host, and opening data keys and agenix files with them.
//!
//! Loading reads files and checks their form; anything costly (public halves, RSA, OpenPGP) waits until it is needed.

mod agefile;
mod agekey;
mod command;
mod environment;
mod gpg;
mod host;
mod hybrid;
mod key;
mod load;
mod notice;
mod pem;
#[cfg(feature = "pgp")]
mod pgp;
mod plugin;
mod read;
mod ssh;
mod unlock;
mod xwing;

#[cfg(test)]
mod test_keys;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_tools;

pub use agefile::{AgeFileError, AttemptError, Failure};
pub use agekey::AgeKeyError;
pub use command::CommandError;
pub use environment::Environment;
pub use gpg::GpgError;
pub use host::HostKeys;
pub use key::Origin;
pub use load::KeySources;
pub use notice::{IdentityError, KeyImport, Notice, SourceError};
#[cfg(feature = "pgp")]
pub use pgp::PgpError;
pub use plugin::PluginError;
pub use read::ReadError;
pub use ssh::SshKeyError;
pub use unlock::{GroupReport, Outcome, RecipientReport, UnlockError};

use crate::secret::SecretBytes;
use crate::sys::child::Launcher;
use key::Identity;

/// All keys this host can open files with, in the order they are tried.
pub struct Identities {
    /// Keys used in process.
    local: Vec<Identity>,
    /// Keys that need an age plugin.
    plugins: Vec<Identity>,
    /// Commands that print keys.
    commands: Vec<command::KeyCommand>,
    gpg: Option<gpg::Gpg>,
    launcher: Launcher,
    /// Sources that gave no key, for the message when nothing fits.
    unusable: Vec<Notice>,
    /// Positions in `local` of the keys named as age or OpenPGP SSH keys.
    imports: Vec<(usize, load::SshUse)>,
}

/// One line of what a host has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityLine {
    /// The public half: `age1…`, `ssh-ed25519 AAAA…`, `OpenPGP` and a fingerprint, or the name of a program.
    pub public: String,
    /// Where the key came from.
    pub origin: Origin,
}

/// Why an agenix file was not opened.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct OpenError {
    /// What the file's recipients or its damage are.
    pub problem: AgeFileError,
    /// What this host has.
    pub host: Vec<IdentityLine>,
    /// Sources of keys that gave none.
    pub unusable: Vec<Notice>,
}

/// Whether these are the bytes of an age file that a key may open; looks at the header alone.
///
/// # Errors
/// Why not.
pub fn check_age(file: &[u8]) -> Result<(), AgeFileError> {
    agefile::recipients(file).map(drop)
}

impl Identities {
    /// Decrypts an agenix secret, binary or armored, with the first key that fits; plugins last.
    pub fn open_age(&self, file: &[u8]) -> Result<SecretBytes, OpenError> {
        let open = |identities: &[Identity]| agefile::open(file, &identities.iter().collect::<Vec<_>>());
        let opened = match open(&self.local) {
            Err(AgeFileError::NoMatch { stanzas, mut failures }) if !self.plugins.is_empty() => open(&self.plugins)
                .map_err(|problem| match problem {
                    AgeFileError::NoMatch { failures: later, .. } => {
                        failures.extend(later);
                        AgeFileError::NoMatch { stanzas, failures }
                    }
                    other => other,
                }),
            opened => opened,
        };
        opened.map_err(|problem| OpenError { problem, host: self.describe(), unusable: self.unusable.clone() })
    }

    /// What this host has, for messages: public halves and where their keys came from.
    pub fn describe(&self) -> Vec<IdentityLine> {
        let mut lines = Vec::new();
        for identity in self.local.iter().chain(&self.plugins) {
            let openpgp = identity.openpgp().map(|fingerprint| format!("OpenPGP {fingerprint}"));
            let publics = identity.names().into_iter().chain(openpgp);
            lines.extend(publics.map(|public| IdentityLine { public, origin: identity.origin().clone() }));
        }
        for command in &self.commands {
            let origin = Origin::Command(command.variable);
            lines.push(IdentityLine { public: "keys it prints".to_owned(), origin });
        }
        if let Some(gpg) = &self.gpg {
            let origin = Origin::File(gpg.home().to_path_buf());
            lines.push(IdentityLine { public: "gpg".to_owned(), origin });
        }
        lines
    }

    /// The SSH keys that were turned into age and OpenPGP keys, for `logging.keyImport`.
    pub fn imports(&self) -> Vec<KeyImport> {
        let import = |(index, as_what): &(usize, load::SshUse)| {
            let identity = self.local.get(*index)?;
            let Origin::File(path) = identity.origin().clone() else { return None };
            match as_what {
                load::SshUse::Age => Some(KeyImport::Age { path, public: identity.ssh()?.converted_public()? }),
                load::SshUse::OpenPgp => Some(KeyImport::Gpg { path, fingerprint: identity.openpgp()? }),
            }
        };
        self.imports.iter().filter_map(import).collect()
    }

    /// Sources that gave no key, also those that nobody named, such as a key in the home directory.
    pub fn unusable(&self) -> &[Notice] {
        &self.unusable
    }
}

impl std::fmt::Debug for Identities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identities").field("unusable", &self.unusable).finish_non_exhaustive()
    }
}
