//! Owners and groups by name.

use super::databases::Databases;
use crate::access::Account;
use crate::output::Output;
use std::fmt;

/// Owner and group to give a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// These numbers.
    Set {
        /// Owning user.
        uid: u32,
        /// Owning group.
        gid: u32,
    },
    /// Whatever the file has: it is not changed and not compared.
    Keep,
    /// An account that does not exist yet; differs from whatever a file has. Only under [`AccountPolicy::Preview`].
    Missing,
}

/// How accounts are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountPolicy {
    /// By name, every one of which must exist.
    Resolve,
    /// Everything belongs to root:root and nothing is looked up, as `-ignore-passwd` says.
    Root,
    /// Everything belongs to the caller and nothing is looked up: user mode.
    Caller,
    /// By name for a comparison that installs nothing: an unknown name is a difference, not an error.
    Preview,
    /// By name as far as they exist; the rest stays with root until owners are set in a second call.
    Later,
}

/// A user or group that an output asks for and the system does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingAccount {
    /// The output, as [`crate::names::OutputName`] prints it; None for the group of the generation itself.
    pub output: Option<String>,
    /// `user` or `group`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
}

impl fmt::Display for MissingAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { output, kind, name } = self;
        match output {
            Some(output) => write!(f, "{output}: {kind} '{name}' does not exist"),
            None => write!(f, "the generation: there is neither a group 'keys' nor a group 'nogroup'"),
        }
    }
}

/// All accounts that do not exist, at once.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct MissingAccounts(pub Vec<MissingAccount>);

/// Numbers of the owners that a run needs.
#[derive(Debug)]
pub struct Accounts {
    owners: Vec<Ownership>,
    /// Owner of the mount point, generations and their directories.
    pub directories: Ownership,
    /// Those that do not exist, where that is no error.
    pub missing: Vec<MissingAccount>,
}

impl Accounts {
    /// Looks up every owner and group of `outputs`, each name once, and the group `keys` (`nogroup` where there is none).
    ///
    /// # Errors
    /// All accounts that do not exist, under [`AccountPolicy::Resolve`].
    pub fn resolve<'a>(
        outputs: impl IntoIterator<Item = &'a Output>,
        policy: AccountPolicy,
    ) -> Result<Self, MissingAccounts> {
        let databases = Databases::new();
        let mut missing = Vec::new();
        let mut owners = Vec::new();
        for output in outputs {
            owners.push(match policy {
                AccountPolicy::Root => Ownership::Set { uid: 0, gid: 0 },
                AccountPolicy::Caller => Ownership::Keep,
                AccountPolicy::Resolve | AccountPolicy::Preview | AccountPolicy::Later => {
                    look_up(&databases, output, policy, &mut missing)
                }
            });
        }
        let directories = directories(&databases, policy, &mut missing);
        if policy == AccountPolicy::Resolve && !missing.is_empty() {
            return Err(MissingAccounts(missing));
        }
        Ok(Self { owners, directories, missing })
    }

    /// Owner of the output at `index`, in the order given to [`Self::resolve`].
    pub fn owner(&self, index: usize) -> Ownership {
        self.owners.get(index).copied().unwrap_or(Ownership::Keep)
    }
}

fn look_up(
    databases: &Databases,
    output: &Output,
    policy: AccountPolicy,
    missing: &mut Vec<MissingAccount>,
) -> Ownership {
    let uid = match &output.owner {
        Account::Id(id) => Ok(*id),
        // Needs no database, which may not be there yet in early boot.
        Account::Name(name) if name == "root" => Ok(0),
        Account::Name(name) => databases.uid(name).ok_or(("user", name)),
    };
    let gid = match &output.group {
        Account::Id(id) => Ok(*id),
        Account::Name(name) if name == "root" => Ok(0),
        Account::Name(name) => databases.gid(name).ok_or(("group", name)),
    };
    if let (Ok(uid), Ok(gid)) = (uid, gid) {
        return Ownership::Set { uid, gid };
    }
    for (kind, name) in [uid.err(), gid.err()].into_iter().flatten() {
        missing.push(MissingAccount { output: Some(output.name.to_string()), kind, name: name.clone() });
    }
    if policy == AccountPolicy::Later { Ownership::Keep } else { Ownership::Missing }
}

fn directories(databases: &Databases, policy: AccountPolicy, missing: &mut Vec<MissingAccount>) -> Ownership {
    match policy {
        AccountPolicy::Caller => return Ownership::Keep,
        AccountPolicy::Root => return Ownership::Set { uid: 0, gid: 0 },
        AccountPolicy::Resolve | AccountPolicy::Preview | AccountPolicy::Later => {}
    }
    let gid = databases.first_gid(&["keys", "nogroup"]);
    if gid.is_none() {
        missing.push(MissingAccount { output: None, kind: "group", name: "keys".to_owned() });
    }
    Ownership::Set { uid: 0, gid: gid.unwrap_or(0) }
}
