//! From the master keys of a sops file to its data key (sops-format.md section 5.1).
//!
//! All that can be tried in process is tried first, in every group; programs are started only when that was not enough.

use super::agefile::{self, AgeFileError, Failure};
use super::command::CommandError;
use super::gpg::GpgError;
use super::key::Identity;
#[cfg(feature = "pgp")]
use super::pgp::{self, PgpError};
use super::{Identities, IdentityLine, Notice};
use crate::secret::SecretBytes;
use crate::sops::metadata::{DataKey, MasterKey};
use crate::sops::shamir::{self, ShamirError};

/// Why none of the host's keys gave the data key of a file.
#[derive(Debug, thiserror::Error)]
#[error("{}", summary(self))]
pub struct UnlockError {
    /// One report per key group, in the order of the file.
    pub groups: Vec<GroupReport>,
    /// How many groups must be opened.
    pub needed: usize,
    /// What this host has.
    pub host: Vec<IdentityLine>,
    /// Sources of keys that gave none.
    pub unusable: Vec<Notice>,
    /// Why the shares did not combine, when enough groups were opened.
    pub shares: Option<ShamirError>,
}

/// What was tried with the recipients of one key group.
#[derive(Debug)]
pub struct GroupReport {
    /// Whether one of its keys gave the group's share.
    pub opened: bool,
    /// The recipients in the order of the file.
    pub recipients: Vec<RecipientReport>,
}

/// What was tried with one recipient.
#[derive(Debug)]
pub struct RecipientReport {
    /// `age`, `pgp`, or the list of a remote key: `kms`, `hc_vault`.
    pub kind: &'static str,
    /// The recipient, fingerprint, ARN or URL as the file has it.
    pub id: String,
    /// What was tried, in order. Empty when another recipient of the group opened it first.
    pub outcomes: Vec<Outcome>,
}

/// The result of one attempt that did not give a data key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Outcome {
    /// None of the host's own age identities fits.
    #[error("none of this host's {0} age identities fits")]
    NoIdentityFits(usize),
    /// There is no age identity on this host.
    #[error("this host has no age identity")]
    NoIdentity,
    /// The wrapped data key itself is broken.
    #[error("the wrapped data key: {0}")]
    AgeFile(AgeFileError),
    /// An identity that seemed to fit failed.
    #[error("{0}")]
    Identity(Failure),
    /// A command that should print a key did not.
    #[error("the command in ${variable}: {problem}")]
    Command {
        /// The variable that holds the command.
        variable: &'static str,
        /// What went wrong.
        problem: CommandError,
    },
    /// The OpenPGP key of an RSA SSH key does not open it.
    #[cfg(feature = "pgp")]
    #[error("{origin}: {problem}")]
    OpenPgp {
        /// The SSH key.
        origin: String,
        /// What went wrong.
        problem: PgpError,
    },
    /// The gpg program does not open it.
    #[error("{0}")]
    Gpg(GpgError),
    /// There is no OpenPGP key to try.
    #[error("not tried: this host has no RSA SSH key and no GnuPG home to try")]
    NoOpenPgpKey,
    /// SSH keys cannot be used as OpenPGP keys by this build.
    #[error("SSH keys not tried: this program was built without OpenPGP (cargo feature `pgp`)")]
    NoOpenPgpSupport,
    /// It is kept by a service.
    #[error("not tried: it needs a network")]
    NeedsNetwork,
}

impl Outcome {
    /// Whether it says no more than that the host's keys are others, which the two lists of keys show already.
    pub fn is_plain_mismatch(&self) -> bool {
        matches!(self, Self::NoIdentityFits(_) | Self::NoIdentity)
    }
}

impl Identities {
    /// The data key behind `groups`: of one group any key opens it, of several at least `threshold` must be opened.
    ///
    /// Programs are not started for further groups once `threshold` are open; sops tries all, to the same result.
    pub fn unlock(&self, groups: &[Vec<MasterKey>], threshold: usize) -> Result<DataKey, UnlockError> {
        let mut groups: Vec<Group> = groups.iter().map(|keys| Group::new(keys)).collect();
        let needed = if groups.len() == 1 { 1 } else { threshold.max(2) };
        for group in &mut groups {
            group.try_in_process(self);
        }
        // A missing threshold does not say when to stop.
        let stops = groups.len() == 1 || threshold > 0;
        let mut count = opened(&groups);
        for group in groups.iter_mut().filter(|group| group.part.is_none()) {
            if !(stops && count >= needed) {
                group.try_programs(self);
                count += usize::from(group.part.is_some());
            }
        }
        if opened(&groups) < needed {
            return Err(self.unlock_error(groups, needed, None));
        }
        if let [Group { part: part @ Some(_), .. }] = groups.as_mut_slice() {
            return Ok(part.take().unwrap_or_default());
        }
        let shares: Vec<SecretBytes> = groups.iter_mut().filter_map(|group| group.part.take()).collect();
        shamir::combine(&shares).map_err(|error| self.unlock_error(groups, needed, Some(error)))
    }

    fn unlock_error(&self, groups: Vec<Group>, needed: usize, shares: Option<ShamirError>) -> UnlockError {
        let groups = groups.into_iter().map(|group| group.report(shares.is_some())).collect();
        UnlockError { groups, needed, host: self.describe(), unusable: self.unusable.clone(), shares }
    }
}

fn opened(groups: &[Group]) -> usize {
    groups.iter().filter(|group| group.part.is_some()).count()
}

fn summary(error: &UnlockError) -> String {
    let opened = error.groups.iter().filter(|group| group.opened).count();
    match (&error.shares, error.groups.len()) {
        (Some(problem), _) => problem.to_string(),
        (None, 0) => "the file is encrypted to nobody".to_owned(),
        (None, 1) => "none of this host's keys can open it".to_owned(),
        (None, of) => format!("this host's keys open {opened} of its {of} key groups, {} are needed", error.needed),
    }
}

/// One key group while it is being opened.
struct Group<'k> {
    keys: &'k [MasterKey],
    /// One list for each of `keys`, so that a key's position is always in range.
    outcomes: Vec<Vec<Outcome>>,
    part: Option<DataKey>,
}

impl<'k> Group<'k> {
    fn new(keys: &'k [MasterKey]) -> Self {
        Self { keys, outcomes: keys.iter().map(|_| Vec::new()).collect(), part: None }
    }

    /// Tries what needs no program: age identities, then OpenPGP keys made of SSH keys.
    fn try_in_process(&mut self, host: &Identities) {
        // A recipient that is ours by name first; then all, for a wrong name must not keep a file shut.
        for (_, recipient, enc) in self.age_keys() {
            let named = host.local.iter().filter(|identity| identity.answers_to(recipient));
            self.part = named.map(|identity| agefile::open(enc.trim().as_bytes(), &[identity])).find_map(Result::ok);
            if self.part.is_some() {
                return;
            }
        }
        let all: Vec<&Identity> = host.local.iter().collect();
        for (index, _, enc) in self.age_keys() {
            if self.try_identities(index, enc, &all) {
                return;
            }
        }
        for (index, fingerprint, enc) in self.pgp_keys() {
            self.try_openpgp(index, fingerprint, enc, host);
            if self.part.is_some() {
                return;
            }
        }
        for (outcomes, key) in self.outcomes.iter_mut().zip(self.keys) {
            if matches!(key, MasterKey::Remote { .. }) {
                outcomes.push(Outcome::NeedsNetwork);
            }
        }
    }

    /// Tries plugins, key commands and gpg.
    fn try_programs(&mut self, host: &Identities) {
        let plugins: Vec<&Identity> = host.plugins.iter().collect();
        for (index, _, enc) in self.age_keys() {
            if !plugins.is_empty() && self.try_identities(index, enc, &plugins) {
                return;
            }
        }
        for (index, recipient, enc) in self.age_keys() {
            for command in &host.commands {
                match command.run(recipient, &host.launcher) {
                    Ok(keys) if self.try_identities(index, enc, &keys.iter().collect::<Vec<_>>()) => return,
                    Ok(_) => {}
                    Err(problem) => {
                        self.outcomes[index].push(Outcome::Command { variable: command.variable, problem });
                    }
                }
            }
        }
        for (index, _, enc) in self.pgp_keys() {
            match host.gpg.as_ref().map(|gpg| gpg.open(enc)) {
                Some(Ok(part)) => {
                    self.part = Some(part);
                    return;
                }
                Some(Err(problem)) => self.outcomes[index].push(Outcome::Gpg(problem)),
                None if self.outcomes[index].is_empty() => self.outcomes[index].push(Outcome::NoOpenPgpKey),
                None => {}
            }
        }
    }

    /// Opens one wrapped data key with `identities`; true if that gave the group's part.
    fn try_identities(&mut self, index: usize, enc: &str, identities: &[&Identity]) -> bool {
        match agefile::open(enc.trim().as_bytes(), identities) {
            Ok(part) => self.part = Some(part),
            Err(AgeFileError::NoMatch { failures, .. }) => {
                let nothing =
                    if identities.is_empty() { Outcome::NoIdentity } else { Outcome::NoIdentityFits(identities.len()) };
                let failures = failures.into_iter().map(Outcome::Identity);
                self.outcomes[index].extend(failures);
                if self.outcomes[index].is_empty() {
                    self.outcomes[index].push(nothing);
                }
            }
            Err(problem) => self.outcomes[index].push(Outcome::AgeFile(problem)),
        }
        self.part.is_some()
    }

    #[cfg(feature = "pgp")]
    fn try_openpgp(&mut self, index: usize, fingerprint: &str, enc: &str, host: &Identities) {
        let keys = host.local.iter().filter_map(|identity| Some((identity, identity.ssh()?, identity.openpgp()?)));
        let mut keys: Vec<_> = keys.collect();
        keys.sort_by_key(|(_, _, own)| !pgp::is_meant(own, fingerprint));
        for (identity, key, _) in keys {
            match pgp::open(key, enc) {
                Ok(part) => {
                    self.part = Some(part);
                    return;
                }
                Err(problem) => {
                    let origin = identity.origin().to_string();
                    self.outcomes[index].push(Outcome::OpenPgp { origin, problem });
                }
            }
        }
    }

    #[cfg(not(feature = "pgp"))]
    fn try_openpgp(&mut self, index: usize, _: &str, _: &str, host: &Identities) {
        if host.local.iter().any(|identity| identity.ssh().is_some_and(|key| key.rsa().is_some())) {
            self.outcomes[index].push(Outcome::NoOpenPgpSupport);
        }
    }

    /// The age keys of the group: position, recipient, wrapped data key.
    fn age_keys(&self) -> Vec<(usize, &'k str, &'k str)> {
        let age = |(index, key): (usize, &'k MasterKey)| match key {
            MasterKey::Age { recipient, enc } => Some((index, recipient.as_str(), enc.as_str())),
            MasterKey::Pgp { .. } | MasterKey::Remote { .. } => None,
        };
        self.keys.iter().enumerate().filter_map(age).collect()
    }

    /// The OpenPGP keys of the group: position, fingerprint, wrapped data key.
    fn pgp_keys(&self) -> Vec<(usize, &'k str, &'k str)> {
        let pgp = |(index, key): (usize, &'k MasterKey)| match key {
            MasterKey::Pgp { fingerprint, enc } => Some((index, fingerprint.as_str(), enc.as_str())),
            MasterKey::Age { .. } | MasterKey::Remote { .. } => None,
        };
        self.keys.iter().enumerate().filter_map(pgp).collect()
    }

    /// `taken` says that the part was there and has been taken out since.
    fn report(self, taken: bool) -> GroupReport {
        let opened = taken || self.part.is_some();
        let recipients = self.keys.iter().zip(self.outcomes).map(|(key, outcomes)| {
            let (kind, id) = match key {
                MasterKey::Age { recipient, .. } => ("age", recipient),
                MasterKey::Pgp { fingerprint, .. } => ("pgp", fingerprint),
                MasterKey::Remote { kind, id } => (*kind, id),
            };
            RecipientReport { kind, id: id.trim().to_owned(), outcomes }
        });
        GroupReport { opened, recipients: recipients.collect() }
    }
}
