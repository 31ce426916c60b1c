//! Asking systemd to restart or reload units: through the lists that `switch-to-configuration` reads, or `systemctl`.

use super::SysError;
use crate::names::UnitName;
use crate::output::Units;
use rustix::fs::{Access, access};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// What `systemctl` is asked for. A unit that does not run starts with the new files anyway, hence `try`.
pub(super) const TRY_RESTART: &str = "try-restart";
/// The same for units that need not be restarted.
pub(super) const TRY_RELOAD: &str = "try-reload-or-restart";

/// How units are reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mechanism {
    /// Not at all: user mode as sops-nix has it.
    None,
    /// Names appended to `activation-restart-list` and `activation-reload-list` in this folder (`/run/nixos`).
    Lists(PathBuf),
    /// `systemctl`, as `SOPS_RESTART_UNITS_VIA_SYSTEMCTL=1` asks for.
    Systemctl(Manager),
}

/// Whose units `systemctl` is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manager {
    /// The machine's.
    System,
    /// Those of the user who runs this program.
    User,
}

/// Whether to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Units are asked to restart and reload.
    Real,
    /// The dry-activation lists are written, or what would be done is told.
    Dry,
}

/// Why units were not asked.
#[derive(Debug, thiserror::Error)]
pub enum UnitError {
    /// The system refused.
    #[error(transparent)]
    System(#[from] SysError),
    /// `systemctl` failed.
    #[error("'{} --no-block {verb} {units}' failed: {status}", program.display())]
    Systemctl {
        /// The program run.
        program: PathBuf,
        /// `try-restart` or `try-reload-or-restart`.
        verb: &'static str,
        /// The units, blank between.
        units: String,
        /// How it ended.
        status: ExitStatus,
    },
}

/// Requests restarts, then reloads, each with all units at once. Gives lines to show on stderr: `would restart a.service`.
///
/// # Errors
/// Where a list cannot be written, or `systemctl` cannot be run or fails.
pub fn request(mechanism: &Mechanism, run: Run, units: &Units) -> Result<Vec<String>, UnitError> {
    let Units { restart, reload } = units;
    match (mechanism, run) {
        (Mechanism::None, _) => Ok(Vec::new()),
        (Mechanism::Lists(folder), _) => {
            append(folder, run, "restart", restart)?;
            append(folder, run, "reload", reload)?;
            Ok(Vec::new())
        }
        (Mechanism::Systemctl(_), Run::Dry) => Ok(would(units, "")),
        (Mechanism::Systemctl(manager), Run::Real) => {
            let path = std::env::var_os("PATH").unwrap_or_default();
            systemctl(&path, manager, TRY_RESTART, restart)?;
            systemctl(&path, manager, TRY_RELOAD, reload)?;
            Ok(Vec::new())
        }
    }
}

/// What a dry run says: `would restart a.service`, and `whose` it is.
pub(super) fn would(units: &Units, whose: &str) -> Vec<String> {
    let restart = units.restart.iter().map(|unit| format!("would restart {}{whose}", unit.as_str()));
    restart.chain(units.reload.iter().map(|unit| format!("would reload {}{whose}", unit.as_str()))).collect()
}

fn append(folder: &Path, run: Run, kind: &str, units: &BTreeSet<UnitName>) -> Result<(), SysError> {
    if units.is_empty() {
        return Ok(());
    }
    let prefix = match run {
        Run::Real => "activation",
        Run::Dry => "dry-activation",
    };
    let path = folder.join(format!("{prefix}-{kind}-list"));
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path);
    let mut file = match file {
        Ok(file) => file,
        // No /run/nixos: nobody reads the lists here.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(SysError::new("open", path, e)),
    };
    // One write, so that a run killed midway leaves no half line.
    let lines: String = units.iter().map(|unit| format!("{}\n", unit.as_str())).collect();
    file.write_all(lines.as_bytes()).map_err(|e| SysError::new("write", path, e))
}

/// One call for all units. `--no-block`: the caller is itself ordered before sysinit-reactivation.target, and waiting for a
/// service that is ordered after it would never end.
fn systemctl(path: &OsStr, manager: &Manager, verb: &'static str, units: &BTreeSet<UnitName>) -> Result<(), UnitError> {
    if units.is_empty() {
        return Ok(());
    }
    let program = find_systemctl(path);
    let mut command = Command::new(&program);
    command.env_clear().env("PATH", path);
    match manager {
        Manager::System => {}
        Manager::User => {
            command.arg("--user");
            // Where the user's manager and its bus are.
            for name in ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"] {
                command.envs(std::env::var_os(name).map(|value| (name, value)));
            }
        }
    }
    let status = command
        .args(["--no-block", verb])
        .args(units.iter().map(UnitName::as_str))
        .stdin(Stdio::null())
        // stdout carries our own results.
        .stdout(std::io::stderr())
        .status()
        .map_err(|e| SysError::new("run", &program, e))?;
    if status.success() {
        return Ok(());
    }
    let units = units.iter().map(UnitName::as_str).collect::<Vec<_>>().join(" ");
    Err(UnitError::Systemctl { program, verb, units, status })
}

/// `systemctl` by PATH, relative entries left out; activation scripts have an empty one, and NixOS keeps it here.
pub(super) fn find_systemctl(path: &OsStr) -> PathBuf {
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join("systemctl"))
        .find(|program| access(program, Access::EXEC_OK).is_ok())
        .unwrap_or_else(|| PathBuf::from("/run/current-system/sw/bin/systemctl"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn units(names: &[&str]) -> BTreeSet<UnitName> {
        names.iter().map(|name| UnitName::parse(name).unwrap()).collect()
    }

    fn told(restart: &[&str], reload: &[&str]) -> Units {
        Units { restart: units(restart), reload: units(reload) }
    }

    #[test]
    fn lists_are_appended_to_sorted_once_each_and_private() {
        let temp = tempfile::tempdir().unwrap();
        let lists = Mechanism::Lists(temp.path().to_owned());
        let restart = temp.path().join("activation-restart-list");
        std::fs::write(&restart, "kept.service\n").unwrap();
        request(&lists, Run::Real, &told(&["b.service", "a.service", "b.service"], &[])).unwrap();
        assert_eq!(std::fs::read_to_string(&restart).unwrap(), "kept.service\na.service\nb.service\n");
        assert!(!temp.path().join("activation-reload-list").exists());
        request(&lists, Run::Dry, &told(&[], &["r.service"])).unwrap();
        let dry = temp.path().join("dry-activation-reload-list");
        assert_eq!(std::fs::read_to_string(&dry).unwrap(), "r.service\n");
        assert_eq!(dry.metadata().unwrap().permissions().mode() & 0o7777, 0o600);
    }

    #[test]
    fn without_the_folder_no_list_is_written() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("nixos");
        request(&Mechanism::Lists(folder.clone()), Run::Real, &told(&["a.service"], &[])).unwrap();
        assert!(!folder.exists());
    }

    #[test]
    fn systemctl_is_called_once_per_kind_with_a_bare_environment() {
        let temp = tempfile::tempdir().unwrap();
        let script = temp.path().join("systemctl");
        let log = temp.path().join("log");
        let body = format!("#!/bin/sh\necho \"$*\" >>{0}\nexport -p >>{0}\n", log.display());
        std::fs::write(&script, body).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = temp.path().as_os_str();
        systemctl(path, &Manager::System, "try-restart", &units(&["b.service", "a.service"])).unwrap();
        systemctl(path, &Manager::System, "try-reload-or-restart", &units(&[])).unwrap();
        // PATH, and what the shell itself adds: PWD, and OLDPWD, _ or SHLVL in some.
        let log = std::fs::read_to_string(log).unwrap();
        let (call, variables) = log.trim_end().split_once('\n').unwrap();
        assert_eq!(call, "--no-block try-restart a.service b.service");
        assert!((1..=4).contains(&variables.lines().count()) && variables.contains("PATH="), "{variables}");
    }

    #[test]
    fn units_of_a_user_are_asked_of_the_users_own_manager() {
        let temp = tempfile::tempdir().unwrap();
        let script = temp.path().join("systemctl");
        let log = temp.path().join("log");
        std::fs::write(&script, format!("#!/bin/sh\necho \"$*\" >{}\n", log.display())).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        systemctl(temp.path().as_os_str(), &Manager::User, "try-restart", &units(&["a.service"])).unwrap();
        assert_eq!(std::fs::read_to_string(log).unwrap(), "--user --no-block try-restart a.service\n");
    }

    #[test]
    fn a_failing_systemctl_is_an_error_that_names_the_call() {
        let temp = tempfile::tempdir().unwrap();
        let script = temp.path().join("systemctl");
        std::fs::write(&script, "#!/bin/sh\nexit 3\n").unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        let error = systemctl(temp.path().as_os_str(), &Manager::System, "try-restart", &units(&["a.service"]));
        let error = error.unwrap_err().to_string();
        assert!(error.ends_with("systemctl --no-block try-restart a.service' failed: exit status: 3"), "{error}");
        let nowhere = find_systemctl(OsStr::new("relative:/nonexistent"));
        assert_eq!(nowhere, Path::new("/run/current-system/sw/bin/systemctl"));
    }

    #[test]
    fn a_dry_run_tells_what_systemctl_would_do() {
        let systemctl = Mechanism::Systemctl(Manager::System);
        let lines = request(&systemctl, Run::Dry, &told(&["b.service", "a.service"], &["c.service"]));
        assert_eq!(lines.unwrap(), ["would restart a.service", "would restart b.service", "would reload c.service"]);
    }
}
