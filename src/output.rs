//! A file to install, as planned: everything about it but its bytes.

use crate::access::{Account, Mode};
use crate::names::{OutputName, UnitName};
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
    /// Units restarted when the file changes.
    pub restart_units: Vec<UnitName>,
    /// Units reloaded when the file changes.
    pub reload_units: Vec<UnitName>,
}
