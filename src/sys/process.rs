//! What the process does to itself before it reads a secret.

use rustix::fs::Mode;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit, umask};

/// Keeps memory out of core dumps and away from tracers of the same user, and makes whatever is created private at birth.
///
/// Refusals are ignored: an older kernel or a sandbox must not keep a host from booting.
pub fn harden() {
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    umask(Mode::RWXG | Mode::RWXO);
}
