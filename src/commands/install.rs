//! `install MANIFEST`, and `sops-install-secrets MANIFEST`.

use super::{fail, read_manifest};
use crate::changes::Tense;
use crate::error::{Error, Errors, notice_message};
use crate::generation::{MountPolicy, Target, UnchangedPolicy};
use crate::identity::{Environment, KeyImport};
use crate::install::{Options, Outcome, install, only_owners};
use crate::manifest::{Manifest, Shape};
use crate::message::{Exit, Message};
use crate::report::Report;
use crate::state;
use crate::sys::accounts::AccountPolicy;
use crate::sys::mount::{DiskPolicy, ExecPolicy, Memory, MemoryFs};
use crate::sys::parents::ParentPolicy;
use crate::sys::units::{Manager, Mechanism, Run};
use serde_json::json;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Folder of NixOS's activation lists.
const ACTIVATION_LISTS: &str = "/run/nixos";
/// Runtime folders of users.
const USERS: &str = "/run/user";
/// Folder of the records of what was placed outside the mount, for root.
const STATE_DIR: &str = "/var/lib/sops-inlay";

/// Who owns what is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owners {
    /// As the manifest says.
    AsDeclared,
    /// Nobody is looked up (`-ignore-passwd`).
    NotLookedUp,
    /// As declared where the account exists; the rest stays with root, for a second call to set.
    SetLater,
    /// Nothing is decrypted: the current generation gets the owners and modes that the manifest says.
    OfCurrentGeneration,
}

/// Runs the installation of a manifest.
pub fn run(path: &Path, owners: Owners, program: &str, report: &mut Report) -> Exit {
    match attempt(path, owners, program, report) {
        Ok(exit) => exit,
        Err(errors) => fail(report, &errors),
    }
}

fn attempt(path: &Path, owners: Owners, program: &str, report: &mut Report) -> Result<Exit, Errors> {
    let environment = Environment::from_process();
    let manifest = read_manifest(path, std::env::var("XDG_RUNTIME_DIR").ok())?;
    let dry = std::env::var_os("NIXOS_ACTION").is_some_and(|action| action == "dry-activate");
    let run = if dry { Run::Dry } else { Run::Real };
    let options = Options {
        environment: &environment,
        target: target(&manifest),
        accounts: accounts(&manifest, owners, run),
        mechanism: mechanism(&manifest),
        users: (!manifest.user_mode).then(|| PathBuf::from(USERS)),
        run,
    };
    if owners == Owners::OfCurrentGeneration {
        let (absent, failures) = only_owners(&manifest, &options)?;
        for name in absent {
            report.warning(&Message::new(format!("{name}: not in the current generation")));
        }
        return Ok(fail(report, &failures));
    }
    let mut outcome = Outcome::default();
    let done = install(&manifest, &options, &mut outcome);
    let mut failed = outcome.failures.iter().chain(done.as_ref().err().into_iter().flatten());
    // Else they are said with the failure.
    if !failed.any(Error::lists_keys) {
        outcome.notices.iter().for_each(|notice| report.warning(&notice_message(notice)));
    }
    let exit = tell(&manifest, run, &outcome, program, report);
    done.map(|()| exit)
}

/// Says what was done. Lines that sops-nix prints have its words and go where it sends them.
fn tell(manifest: &Manifest, run: Run, outcome: &Outcome, program: &str, report: &mut Report) -> Exit {
    outcome.warnings.iter().for_each(|warning| report.warning(&Message::new(warning)));
    for import in &outcome.imports {
        let line = format!("{program}: {import}");
        // sops-nix sends the ones to stdout and the others to stderr.
        match import {
            KeyImport::Gpg { .. } => report.line(&line),
            KeyImport::Age { .. } => report.note(&line),
        }
    }
    outcome.unit_lines.iter().for_each(|line| report.note(line));
    let tense = match run {
        Run::Dry => Tense::Planned,
        Run::Real => Tense::Done,
    };
    if manifest.log_secret_changes {
        outcome.changes.lines(tense).iter().for_each(|line| report.line(line));
    }
    let exit = fail(report, &outcome.failures);
    for name in &outcome.kept {
        report.warning(&Message::new(format!(
            "{name}: not installed anew; its previous version is kept if there is one"
        )));
    }
    if report.is_json() {
        tell_json(outcome, report);
    }
    exit
}

fn tell_json(outcome: &Outcome, report: &mut Report) {
    let names = |delta: &crate::changes::Delta| json!({ "added": delta.added, "modified": delta.modified, "removed": delta.removed });
    let units = |units: &std::collections::BTreeSet<crate::names::UnitName>| {
        units.iter().map(|unit| unit.as_str().to_owned()).collect::<Vec<_>>()
    };
    let changes = &outcome.changes;
    report.field("secrets", names(&changes.secrets));
    report.field("templates", names(&changes.templates));
    report.field("restart", json!(units(&changes.units.restart)));
    report.field("reload", json!(units(&changes.units.reload)));
    report.field("restart_user", json!(units(&changes.user_units.restart)));
    report.field("reload_user", json!(units(&changes.user_units.reload)));
    report.field("kept", json!(outcome.kept.iter().map(ToString::to_string).collect::<Vec<_>>()));
}

fn target(manifest: &Manifest) -> Target {
    let disk = if manifest.allow_disk { DiskPolicy::Allow } else { DiskPolicy::Refuse };
    let exec = if manifest.allow_exec { ExecPolicy::Allow } else { ExecPolicy::Forbid };
    let fs = if manifest.use_tmpfs { MemoryFs::Tmpfs } else { MemoryFs::Ramfs };
    let (parents, unchanged) = match manifest.shape {
        Shape::SopsNix => (ParentPolicy::Caller, UnchangedPolicy::NewGeneration),
        Shape::Schema1 => (ParentPolicy::NearestParent, UnchangedPolicy::Keep),
    };
    Target {
        mount_point: manifest.mount_point.clone(),
        link: manifest.link.clone(),
        keep_generations: manifest.keep_generations.into(),
        mount: if manifest.user_mode { MountPolicy::Directory } else { MountPolicy::Memory(Memory { fs, disk, exec }) },
        parents,
        unchanged,
        state_file: state_file(manifest),
    }
}

/// One record for each link.
fn state_file(manifest: &Manifest) -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value: &OsString| !value.is_empty()).map(PathBuf::from);
    let folder = set("SOPS_INLAY_STATE_DIR").or_else(|| match manifest.user_mode {
        false => Some(PathBuf::from(STATE_DIR)),
        true => set("XDG_STATE_HOME")
            .or_else(|| set("HOME").map(|home| home.join(".local/state")))
            .map(|state| state.join("sops-inlay")),
    })?;
    Some(state::file_for(&folder, &manifest.link))
}

fn accounts(manifest: &Manifest, owners: Owners, run: Run) -> AccountPolicy {
    match (manifest.user_mode, owners, run) {
        (true, ..) => AccountPolicy::Caller,
        (false, Owners::NotLookedUp, _) => AccountPolicy::Root,
        (false, Owners::SetLater, Run::Real) => AccountPolicy::Later,
        (false, _, Run::Dry) => AccountPolicy::Preview,
        (false, _, Run::Real) => AccountPolicy::Resolve,
    }
}

fn mechanism(manifest: &Manifest) -> Mechanism {
    let systemctl = std::env::var_os("SOPS_RESTART_UNITS_VIA_SYSTEMCTL").is_some_and(|value| value == "1");
    match (manifest.user_mode, systemctl) {
        // sops-nix restarts no units of users.
        (true, true) if manifest.shape == Shape::Schema1 => Mechanism::Systemctl(Manager::User),
        (true, _) => Mechanism::None,
        (false, true) => Mechanism::Systemctl(Manager::System),
        (false, false) => Mechanism::Lists(PathBuf::from(ACTIVATION_LISTS)),
    }
}
