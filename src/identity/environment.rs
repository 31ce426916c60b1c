//! The variables that say where keys are, read once at the program's rim so that tests bring their own.

use crate::secret::SecretBytes;
use crate::sys::child::Launcher;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::time::Duration;

/// How long gpg, an age plugin or a key command may take. Boot must not hang on one.
const HELPER_TIMEOUT: Duration = Duration::from_secs(30);

/// The variables sops, gpg and the search for programs look at. An empty variable counts as unset.
#[derive(Debug)]
pub struct Environment {
    /// `SOPS_AGE_KEY`: age identities themselves.
    pub sops_age_key: Option<SecretBytes>,
    /// `SOPS_AGE_KEY_FILE`: an age key file.
    pub sops_age_key_file: Option<PathBuf>,
    /// `SOPS_AGE_KEY_CMD`: a command that prints age identities.
    pub sops_age_key_cmd: Option<OsString>,
    /// `SOPS_AGE_SSH_PRIVATE_KEY_FILE`: an SSH private key.
    pub sops_age_ssh_private_key_file: Option<PathBuf>,
    /// `SOPS_AGE_SSH_PRIVATE_KEY_CMD`: a command that prints an SSH private key.
    pub sops_age_ssh_private_key_cmd: Option<OsString>,
    /// `SOPS_GPG_EXEC`: the gpg program.
    pub sops_gpg_exec: Option<OsString>,
    /// `GNUPGHOME`: gpg's directory.
    pub gnupghome: Option<PathBuf>,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub xdg_config_home: Option<PathBuf>,
    /// `PATH`, where gpg, age plugins and key commands are looked for.
    pub path: Option<OsString>,
    /// How long a helper program may take before it is killed.
    pub helper_timeout: Duration,
}

impl Default for Environment {
    /// No variable set.
    fn default() -> Self {
        Self {
            sops_age_key: None,
            sops_age_key_file: None,
            sops_age_key_cmd: None,
            sops_age_ssh_private_key_file: None,
            sops_age_ssh_private_key_cmd: None,
            sops_gpg_exec: None,
            gnupghome: None,
            home: None,
            xdg_config_home: None,
            path: None,
            helper_timeout: HELPER_TIMEOUT,
        }
    }
}

impl Environment {
    /// How helper programs are found and how long they may take.
    pub(super) fn launcher(&self) -> Launcher {
        Launcher::new(self.path.clone(), self.helper_timeout)
    }

    /// The variables of this process.
    pub fn from_process() -> Self {
        Self::from_lookup(|name| std::env::var_os(name))
    }

    /// The variables as `lookup` gives them.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let path = |name: &str| set(name).map(PathBuf::from);
        Self {
            sops_age_key: set("SOPS_AGE_KEY").map(|value| SecretBytes::new(value.into_vec())),
            sops_age_key_file: path("SOPS_AGE_KEY_FILE"),
            sops_age_key_cmd: set("SOPS_AGE_KEY_CMD"),
            sops_age_ssh_private_key_file: path("SOPS_AGE_SSH_PRIVATE_KEY_FILE"),
            sops_age_ssh_private_key_cmd: set("SOPS_AGE_SSH_PRIVATE_KEY_CMD"),
            sops_gpg_exec: set("SOPS_GPG_EXEC"),
            gnupghome: path("GNUPGHOME"),
            home: path("HOME"),
            xdg_config_home: path("XDG_CONFIG_HOME"),
            path: set("PATH"),
            helper_timeout: HELPER_TIMEOUT,
        }
    }

    /// The user's own age key file: `sops/age/keys.txt` below the configuration directory (sops-format.md 5.3).
    pub fn user_age_key_file(&self) -> Option<PathBuf> {
        let config = match &self.xdg_config_home {
            Some(directory) => directory.is_absolute().then(|| directory.clone()), // Go refuses a relative one
            None => self.home.as_ref().map(|home| home.join(".config")),
        };
        config.map(|directory| directory.join("sops/age/keys.txt"))
    }

    /// The user's own SSH keys, which sops tries as age identities.
    pub fn user_ssh_keys(&self) -> Vec<PathBuf> {
        let home = self.home.iter();
        home.flat_map(|home| ["id_ed25519", "id_rsa"].map(|name| home.join(".ssh").join(name))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let environment = Environment::from_lookup(|name| match name {
            "SOPS_AGE_KEY" | "XDG_CONFIG_HOME" => Some(OsString::new()),
            "HOME" => Some("/home/u".into()),
            _ => None,
        });
        assert!(environment.sops_age_key.is_none());
        assert_eq!(environment.user_age_key_file().unwrap().to_str(), Some("/home/u/.config/sops/age/keys.txt"));
        assert_eq!(environment.user_ssh_keys().len(), 2);
    }

    #[test]
    fn a_relative_config_directory_is_not_used() {
        let at = |directory: &str| Environment { xdg_config_home: Some(directory.into()), ..Default::default() };
        assert_eq!(at("conf").user_age_key_file(), None);
        assert_eq!(at("/c").user_age_key_file(), Some("/c/sops/age/keys.txt".into()));
    }

    #[test]
    fn debug_shows_no_key() {
        let environment = Environment { sops_age_key: Some(SecretBytes::copy_of(b"canary")), ..Default::default() };
        assert!(!format!("{environment:?}").contains("canary"));
    }
}
