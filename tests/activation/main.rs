//! Activations as a host sees them: the program is run, and the files, links, units, lines and exit codes are looked at.
//!
//! Most run in user mode, which needs no rights; `root.rs` has what needs root and a mount namespace of its own.

#[path = "../common/mod.rs"]
mod common;
mod failures;
mod ordinary;
mod root;
#[allow(dead_code)] // kill_sweep.rs and parity.rs use the rest of it
mod site;
