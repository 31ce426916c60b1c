//! One identity: a private key, and where it came from.

use super::agefile::AttemptError;
use super::agekey::AgeKey;
use super::hybrid::HybridIdentity;
use super::plugin::LaunchedPlugin;
use super::ssh::SshKey;
use crate::sys::child::Launcher;
use age_core::format::{FileKey, Stanza};
use std::fmt;
use std::path::PathBuf;
use std::sync::OnceLock;

/// Where a key came from, as messages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// The variable of this name holds the key itself.
    Variable(&'static str),
    /// The command in the variable of this name printed it.
    Command(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "${name}"),
            Self::Command(name) => write!(f, "the command in ${name}"),
        }
    }
}

/// The private half.
pub(super) enum Key {
    X25519(age::x25519::Identity),
    Hybrid(Box<HybridIdentity>),
    Ssh(Box<SshKey>),
    Plugin(LaunchedPlugin),
}

/// A private key that opens age files, and where it came from.
pub(super) struct Identity {
    key: Key,
    origin: Origin,
    publics: OnceLock<Vec<String>>,
}

impl Identity {
    /// `key`, found at `origin`.
    pub fn new(key: Key, origin: Origin) -> Self {
        Self { key, origin, publics: OnceLock::new() }
    }

    /// Where the key came from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The SSH key, if it is one.
    pub fn ssh(&self) -> Option<&SshKey> {
        match &self.key {
            Key::Ssh(key) => Some(key),
            Key::X25519(_) | Key::Hybrid(_) | Key::Plugin(_) => None,
        }
    }

    /// Whether using it starts a program.
    pub fn is_plugin(&self) -> bool {
        matches!(self.key, Key::Plugin(_))
    }

    /// The recipients it answers to, made on first use. A plugin's is not known.
    pub fn publics(&self) -> &[String] {
        self.publics.get_or_init(|| match &self.key {
            Key::X25519(key) => vec![key.to_public().to_string()],
            Key::Hybrid(key) => vec![key.public()],
            Key::Ssh(key) => key.converted_public().into_iter().chain([key.native_public()]).collect(),
            Key::Plugin(_) => Vec::new(),
        })
    }

    /// The fingerprint of its OpenPGP form, in lower-case hexadecimal: RSA SSH keys have one.
    pub fn openpgp(&self) -> Option<String> {
        #[cfg(feature = "pgp")]
        return self.ssh().and_then(super::pgp::fingerprint);
        #[cfg(not(feature = "pgp"))]
        None
    }

    /// What `describe` shows: the recipients, or the plugin's name.
    pub fn names(&self) -> Vec<String> {
        match &self.key {
            Key::Plugin(plugin) => vec![format!("age-plugin-{}", plugin.name())],
            Key::X25519(_) | Key::Hybrid(_) | Key::Ssh(_) => self.publics().to_vec(),
        }
    }

    /// Whether it answers to `recipient`, written as sops files write it: an SSH one may carry a comment.
    pub fn answers_to(&self, recipient: &str) -> bool {
        let recipient = recipient.trim();
        if recipient.starts_with("ssh-") {
            let mut words = recipient.split_ascii_whitespace();
            let (kind, key) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            return self.ssh().is_some_and(|own| own.native_public().split_once(' ') == Some((kind, key)));
        }
        // A hybrid key's public half costs an ML-KEM key generation, so only where it can be meant.
        let hybrid = matches!(self.key, Key::Hybrid(_));
        hybrid == recipient.starts_with("age1pq1") && self.publics().iter().any(|public| public == recipient)
    }

    /// The file key behind `stanzas`; None if none of them is for this identity.
    pub fn unwrap(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, AttemptError>> {
        use age::Identity;
        let each = |unwrap: &dyn Fn(&Stanza) -> Option<Result<FileKey, age::DecryptError>>| {
            stanzas.iter().find_map(unwrap).map(|result| {
                result.map_err(|error| match error {
                    age::DecryptError::InvalidHeader => AttemptError::Stanza,
                    _ => AttemptError::Key,
                })
            })
        };
        match &self.key {
            Key::X25519(key) => each(&|stanza| key.unwrap_stanza(stanza)),
            Key::Hybrid(key) => each(&|stanza| key.unwrap_stanza(stanza)),
            Key::Ssh(key) => each(&|stanza| key.unwrap_stanza(stanza)),
            Key::Plugin(plugin) => plugin.unwrap(stanzas).map(|result| result.map_err(AttemptError::Plugin)),
        }
    }
}

impl AgeKey {
    /// As an identity from `origin`; plugins get their launcher.
    pub fn into_identity(self, origin: &Origin, launcher: &Launcher) -> Identity {
        let key = match self {
            Self::X25519(key) => Key::X25519(key),
            Self::Hybrid(key) => Key::Hybrid(Box::new(key)),
            Self::Plugin(plugin) => Key::Plugin(plugin.with(launcher.clone())),
        };
        Identity::new(key, origin.clone())
    }
}
