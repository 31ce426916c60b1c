//! sops files: parse, unlock, verify, and hand out the wanted values.

pub mod cipher;
mod fields;
pub mod flat;
pub mod format;
pub mod go_regex;
mod keep;
pub mod metadata;
pub mod number;
pub mod rules;
pub mod shamir;
pub mod source;
pub mod time;
pub mod token;
pub mod tree;
pub mod walk;
pub mod wanted;
