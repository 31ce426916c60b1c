//! Collecting the keys: those a manifest names, then those that sops finds by itself.

use super::agekey::{self, Layout};
use super::command::{KeyCommand, Prints};
use super::environment::Environment;
use super::gpg::Gpg;
use super::key::{Identity, Key, Origin};
use super::notice::{IdentityError, Notice, SourceError};
use super::read::{self, AGE_KEY_FILE_MAX_BYTES, ReadError, SSH_KEY_MAX_BYTES};
use super::ssh::{SshKey, SshKeyError};
use super::{Identities, pem};
use std::path::{Path, PathBuf};

/// Where a host's keys are, as a manifest names them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySources {
    /// An age key file; it must be readable.
    pub age_key_file: Option<PathBuf>,
    /// SSH ed25519 keys to use as age keys.
    pub age_ssh_key_paths: Vec<PathBuf>,
    /// SSH RSA keys to use as OpenPGP keys.
    pub ssh_key_paths: Vec<PathBuf>,
    /// A GnuPG home, for the gpg program.
    pub gnupg_home: Option<PathBuf>,
    /// agenix's `identityPaths`: age key files or SSH keys, told apart by their contents.
    pub identity_paths: Vec<PathBuf>,
}

/// What an SSH key was named for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SshUse {
    Age,
    OpenPgp,
}

impl Identities {
    /// The keys of a manifest, and with them those that sops would find by itself.
    ///
    /// Errors only if `age_key_file` cannot be read, as sops-nix does. The notices are about sources the manifest names.
    pub fn load(sources: &KeySources, environment: &Environment) -> Result<(Self, Vec<Notice>), IdentityError> {
        let mut loading = Loading::new(environment);
        if let Some(path) = &sources.age_key_file {
            let text = read::key_file(path, AGE_KEY_FILE_MAX_BYTES)
                .map_err(|problem| IdentityError::KeyFile { path: path.clone(), problem })?;
            loading.age_keys(text.expose(), Layout::OnePerLine, Origin::File(path.clone()));
        }
        for path in &sources.age_ssh_key_paths {
            loading.named_ssh_key(path, SshUse::Age);
        }
        for path in &sources.identity_paths {
            if let Err(problem) = loading.either(path) {
                loading.unusable(Origin::File(path.clone()), problem);
            }
        }
        for path in &sources.ssh_key_paths {
            loading.named_ssh_key(path, SshUse::OpenPgp);
        }
        let notices = loading.set.unusable.clone();
        // sops-nix points this variable at the key file that it writes of the two.
        let overridden = sources.age_key_file.is_some() || !sources.age_ssh_key_paths.is_empty();
        loading.sops_sources(if overridden { None } else { environment.sops_age_key_file.as_deref() });
        // sops-nix points GNUPGHOME at the SSH keys when there are any, so that no other home counts.
        if sources.ssh_key_paths.is_empty() {
            loading.set.gpg = Gpg::new(sources.gnupg_home.as_deref(), environment);
        }
        Ok((loading.set, notices))
    }

    /// Without a manifest: the files of `--identity`, which must be good, and the sources of sops.
    pub fn from_sops_environment(environment: &Environment, extra: &[PathBuf]) -> Result<Self, IdentityError> {
        let mut loading = Loading::new(environment);
        for path in extra {
            loading.either(path).map_err(|problem| IdentityError::Identity { path: path.clone(), problem })?;
        }
        loading.sops_sources(environment.sops_age_key_file.as_deref());
        loading.set.gpg = Gpg::new(None, environment);
        Ok(loading.set)
    }
}

/// The set while it is being collected.
struct Loading<'e> {
    environment: &'e Environment,
    set: Identities,
}

/// Who named the file of a key.
#[derive(Clone, Copy)]
enum Place {
    /// The user.
    Named,
    /// Nobody: sops looks there.
    Default,
}

impl<'e> Loading<'e> {
    fn new(environment: &'e Environment) -> Self {
        let set = Identities {
            local: Vec::new(),
            plugins: Vec::new(),
            commands: Vec::new(),
            gpg: None,
            launcher: environment.launcher(),
            unusable: Vec::new(),
            imports: Vec::new(),
        };
        Self { environment, set }
    }

    /// The sources of sops itself (sops-format.md section 5.3), with `key_file` for `SOPS_AGE_KEY_FILE`.
    fn sops_sources(&mut self, key_file: Option<&Path>) {
        let environment = self.environment;
        let named = environment.sops_age_ssh_private_key_file.iter().cloned().map(|path| (path, Place::Named));
        for (path, place) in named.chain(environment.user_ssh_keys().into_iter().map(|path| (path, Place::Default))) {
            if let Err(problem) = self.ssh_key(&path) {
                self.unusable_file(path, place, problem);
            }
        }
        if let Some(keys) = &environment.sops_age_key {
            self.age_keys(keys.expose(), Layout::Words, Origin::Variable("SOPS_AGE_KEY"));
        }
        let named = key_file.map(|path| (path.to_path_buf(), Place::Named));
        let default = environment.user_age_key_file().map(|path| (path, Place::Default));
        for (path, place) in named.into_iter().chain(default) {
            if !self.has(&path) {
                match read::key_file(&path, AGE_KEY_FILE_MAX_BYTES) {
                    Ok(text) => self.age_keys(text.expose(), Layout::OnePerLine, Origin::File(path)),
                    Err(problem) => self.unusable_file(path, place, problem.into()),
                }
            }
        }
        let commands = [
            ("SOPS_AGE_SSH_PRIVATE_KEY_CMD", &environment.sops_age_ssh_private_key_cmd, Prints::SshKey),
            ("SOPS_AGE_KEY_CMD", &environment.sops_age_key_cmd, Prints::AgeKeys),
        ];
        for (variable, line, prints) in commands {
            self.set.commands.extend(line.clone().map(|line| KeyCommand { variable, line, prints }));
        }
    }

    fn unusable_file(&mut self, path: PathBuf, place: Place, problem: SourceError) {
        match (place, problem) {
            (Place::Default, SourceError::Read(ReadError::Absent)) => {
                self.set.unusable.push(Notice::NothingAtDefault { path });
            }
            (_, problem) => self.unusable(Origin::File(path), problem),
        }
    }

    /// An SSH key of the manifest; what is wrong with it is told in sops-nix's words.
    fn named_ssh_key(&mut self, path: &Path, purpose: SshUse) {
        let path_buf = || path.to_path_buf();
        let notice = match self.ssh_key(path) {
            Ok(index) => {
                let ed25519 = self.set.local.get(index).and_then(Identity::ssh).is_some_and(SshKey::is_ed25519);
                self.set.imports.push((index, purpose));
                match (purpose, ed25519) {
                    (SshUse::Age, true) | (SshUse::OpenPgp, false) => return,
                    (SshUse::Age, false) => {
                        Notice::UnusableSshKey { path: path_buf(), problem: SshKeyError::NotEd25519 }
                    }
                    (SshUse::OpenPgp, true) => {
                        Notice::UnusableSshKey { path: path_buf(), problem: SshKeyError::NotRsa }
                    }
                }
            }
            Err(SourceError::Read(problem)) => Notice::UnreadableSshKey { path: path_buf(), problem },
            Err(SourceError::Ssh(problem)) => Notice::UnusableSshKey { path: path_buf(), problem },
            Err(problem) => Notice::Unusable { origin: Origin::File(path_buf()), problem },
        };
        self.set.unusable.push(notice);
    }

    /// Reads an SSH key; its position in the set.
    fn ssh_key(&mut self, path: &Path) -> Result<usize, SourceError> {
        if let Some(index) = self.position(path, |identity| identity.ssh().is_some()) {
            return Ok(index);
        }
        let text = read::key_file(path, SSH_KEY_MAX_BYTES)?;
        self.push_ssh_key(text.expose(), path)
    }

    fn push_ssh_key(&mut self, text: &[u8], path: &Path) -> Result<usize, SourceError> {
        let key = Key::Ssh(Box::new(SshKey::parse(text)?));
        self.set.local.push(Identity::new(key, Origin::File(path.to_path_buf())));
        Ok(self.set.local.len() - 1)
    }

    /// Reads a file that may be an SSH key or an age key file.
    fn either(&mut self, path: &Path) -> Result<(), SourceError> {
        if self.has(path) {
            return Ok(());
        }
        let text = read::key_file(path, AGE_KEY_FILE_MAX_BYTES)?;
        if pem::looks_like_private_key(text.expose()) {
            if text.len() > SSH_KEY_MAX_BYTES {
                return Err(ReadError::TooLarge { limit: SSH_KEY_MAX_BYTES }.into());
            }
            return self.push_ssh_key(text.expose(), path).map(|_| ());
        }
        let keys = agekey::parse(text.expose(), Layout::OnePerLine)?;
        self.push_age_keys(keys, &Origin::File(path.to_path_buf()));
        Ok(())
    }

    /// Takes the age identities in `text`; a bad one spoils them all and is noted.
    fn age_keys(&mut self, text: &[u8], layout: Layout, origin: Origin) {
        match agekey::parse(text, layout) {
            Ok(keys) => self.push_age_keys(keys, &origin),
            Err(problem) => self.unusable(origin, problem),
        }
    }

    fn push_age_keys(&mut self, keys: Vec<agekey::AgeKey>, origin: &Origin) {
        for key in keys {
            let identity = key.into_identity(origin, &self.set.launcher);
            if identity.is_plugin() { &mut self.set.plugins } else { &mut self.set.local }.push(identity);
        }
    }

    fn unusable(&mut self, origin: Origin, problem: impl Into<SourceError>) {
        self.set.unusable.push(Notice::Unusable { origin, problem: problem.into() });
    }

    /// Whether a key of the file at `path` is in the set.
    fn has(&self, path: &Path) -> bool {
        self.position(path, |_| true).is_some()
    }

    fn position(&self, path: &Path, wanted: impl Fn(&Identity) -> bool) -> Option<usize> {
        let here = |identity: &Identity| matches!(identity.origin(), Origin::File(file) if file == path);
        self.set.local.iter().position(|identity| here(identity) && wanted(identity))
    }
}
