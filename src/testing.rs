//! Builders for unit tests.

use crate::access::{Account, Mode};
use crate::names::{FileName, OutputKind, OutputName};
use crate::output::{Output, Placement, Units};

/// An output of mode 0400 owned by root, with no path outside the generation and no units.
pub(crate) fn output(kind: OutputKind, name: &str) -> Output {
    Output {
        name: OutputName { kind, name: FileName::parse(name).unwrap() },
        paths: Vec::new(),
        placement: Placement::Symlink,
        mode: Mode::OWNER_READS,
        owner: Account::ROOT,
        group: Account::ROOT,
        units: Units::default(),
        user_units: Units::default(),
    }
}
