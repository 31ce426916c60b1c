//! A file to install, as planned: everything about it but its bytes.

use crate::access::{Account, Mode};
use crate::names::{OutputName, UnitName};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// How an output whose path lies outside the link gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// A symbolic link into the current generation.
    Symlink,
    /// A copy of the file (agenix's `symlink = false`).
    Copy,
}

/// One file of a generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Secret or template, and its name: gives the place inside the generation.
    pub name: OutputName,
    /// Where readers look for it; nothing is placed where this is the file's own path below the link.
    pub paths: Vec<PathBuf>,
    /// How `paths` are served.
    pub placement: Placement,
    /// Permission bits of the file.
    pub mode: Mode,
    /// Owning user.
    pub owner: Account,
    /// Owning group.
    pub group: Account,
    /// Units that are told when the file changes: the machine's, in user mode the user's own.
    pub units: Units,
    /// Units of every user whose manager runs.
    pub user_units: Units,
}

/// Units that are told of a change.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Units {
    /// Restarted.
    pub restart: BTreeSet<UnitName>,
    /// Reloaded.
    pub reload: BTreeSet<UnitName>,
}

impl Units {
    /// Whether no unit is told.
    pub fn is_empty(&self) -> bool {
        self.restart.is_empty() && self.reload.is_empty()
    }

    /// Takes in others.
    pub fn extend(&mut self, others: &Self) {
        self.restart.extend(others.restart.iter().cloned());
        self.reload.extend(others.reload.iter().cloned());
    }
}
