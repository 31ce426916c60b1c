//! The gpg program, for keys in a GnuPG home: agents, smartcards and every algorithm GnuPG has.
//!
//! gpg may not ask anything (`--pinentry-mode error`), and what it prints is read for its status lines alone.

use super::environment::Environment;
use crate::secret::SecretBytes;
use crate::sys::child::{ChildError, Finished, Launcher};
use crate::sys::find;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Where NixOS has gpg when an activation script runs with an empty `PATH`.
const SYSTEM_GPG: &str = "/run/current-system/sw/bin/gpg";

/// Why gpg did not open a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GpgError {
    /// It could not be run.
    #[error("gpg: {0}; name the program in SOPS_GPG_EXEC")]
    Child(#[from] ChildError),
    /// The keys of its home do not fit.
    #[error("gpg has no secret key for this message in {}", home.display())]
    NoSecretKey {
        /// The GnuPG home that was used.
        home: PathBuf,
    },
    /// The key is locked, and nobody can be asked.
    #[error("gpg needs a passphrase or PIN for the key, and nobody can be asked; unlock it in gpg-agent first")]
    Locked,
    /// Anything else; the number is gpg's own error code, if it gave one.
    #[error("gpg could not decrypt the message (error code {})", .0.map_or_else(|| "unknown".to_owned(), |c| c.to_string()))]
    Failed(Option<u32>),
}

/// A GnuPG home and how to run gpg on it.
#[derive(Debug, Clone)]
pub(super) struct Gpg {
    home: PathBuf,
    program: Option<OsString>,
    launcher: Launcher,
}

impl Gpg {
    /// For the home `given` by the manifest, else by `GNUPGHOME`, else `~/.gnupg` if that is there.
    pub fn new(given: Option<&Path>, environment: &Environment) -> Option<Self> {
        let own = || environment.home.as_ref().map(|home| home.join(".gnupg")).filter(|home| find::is_dir(home));
        let home = given.map(Path::to_path_buf).or_else(|| environment.gnupghome.clone()).or_else(own)?;
        Some(Self { home, program: environment.sops_gpg_exec.clone(), launcher: environment.launcher() })
    }

    /// The GnuPG home.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Decrypts the armored message `enc`.
    pub fn open(&self, enc: &str) -> Result<SecretBytes, GpgError> {
        let program = self.program()?;
        let mut command = self.launcher.command(&program);
        command.env("GNUPGHOME", &self.home).env("LC_ALL", "C");
        command.args(["--batch", "--no-tty", "--pinentry-mode", "error", "--status-fd", "2", "--decrypt"]);
        let done = self.launcher.run(&mut command, enc.as_bytes())?;
        if done.success && !done.stdout.is_empty() {
            return Ok(done.stdout);
        }
        Err(self.reason(&done))
    }

    fn program(&self) -> Result<PathBuf, ChildError> {
        match &self.program {
            Some(program) => self.launcher.find(program),
            None => self.launcher.find(OsStr::new("gpg")).or_else(|missing| {
                let system = Path::new(SYSTEM_GPG);
                if find::exists(system) { Ok(system.to_path_buf()) } else { Err(missing) }
            }),
        }
    }

    /// What gpg's status lines say (doc/DETAILS): `FAILURE decrypt CODE`, `NO_SECKEY KEYID`.
    fn reason(&self, done: &Finished) -> GpgError {
        let text = String::from_utf8_lossy(done.stderr.expose());
        let status: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("[GNUPG:] ")).collect();
        let said = |word: &str| status.iter().any(|line| line.split(' ').next() == Some(word));
        let code = status.iter().find_map(|line| {
            let number: u32 =
                line.strip_prefix("FAILURE decrypt ").or(line.strip_prefix("ERROR pkdecrypt_failed "))?.parse().ok()?;
            Some(number & 0xffff) // the upper half names the component
        });
        match code {
            // GPG_ERR_BAD_PASSPHRASE, NO_PIN_ENTRY, NO_PASSPHRASE (177) and CANCELED: all mean that nobody answered.
            Some(11 | 85 | 99 | 177) => GpgError::Locked,
            Some(17) => GpgError::NoSecretKey { home: self.home.clone() },
            _ if said("NO_SECKEY") => GpgError::NoSecretKey { home: self.home.clone() },
            code => GpgError::Failed(code),
        }
    }
}
