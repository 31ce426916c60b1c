//! Asking the managers of users: those that run, each as its user.

use super::child::{ChildError, Deadline, Launcher, Running, Stdio};
use super::dir::{Dir, FileType};
use super::units::{Run, TRY_RELOAD, TRY_RESTART, find_systemctl, would};
use crate::names::UnitName;
use crate::output::Units;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a manager may take. What listens in a user's folder is up to that user, so nobody is waited for without end.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A user's manager.
#[derive(Debug, PartialEq, Eq)]
struct UserManager {
    user: u32,
    group: u32,
    /// `$XDG_RUNTIME_DIR`, where it listens.
    runtime_dir: PathBuf,
}

/// Tells the units of every user whose manager runs. Gives the lines of a dry run, and what went wrong: nothing of a
/// user's keeps a machine from its secrets.
///
/// `folder` holds the runtime folder of each user (`/run/user`); a manager listens at `systemd/private` in it.
pub fn tell(folder: &Path, run: Run, units: &Units) -> (Vec<String>, Vec<String>) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    tell_with(&find_systemctl(&path), TIMEOUT, folder, run, units)
}

fn tell_with(
    systemctl: &Path,
    timeout: Duration,
    folder: &Path,
    run: Run,
    units: &Units,
) -> (Vec<String>, Vec<String>) {
    if units.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let mut managers = managers(folder);
    if run == Run::Dry {
        let lines = managers.iter().flat_map(|manager| would(units, &format!(" of user {}", manager.user)));
        return (lines.collect(), Vec::new());
    }
    let launcher = Launcher::new(None, timeout);
    let mut warnings = Vec::new();
    for (verb, names) in [(TRY_RESTART, &units.restart), (TRY_RELOAD, &units.reload)] {
        if names.is_empty() {
            continue;
        }
        // All at once, for no user is to wait for another; one who fails is not asked again.
        let ask = |manager: UserManager| (manager.ask(&launcher, systemctl, verb, names), manager);
        let asked: Vec<_> = managers.drain(..).map(ask).collect();
        for (asked, manager) in asked {
            let problem = match asked.and_then(|mut asked| asked.wait()) {
                Ok(true) => None,
                Ok(false) => Some(format!("'systemctl --user --no-block {verb}' failed")),
                Err(error) => Some(error.to_string()),
            };
            match problem {
                None => managers.push(manager),
                Some(problem) => warnings.push(format!("units of user {} were not told: {problem}", manager.user)),
            }
        }
    }
    (Vec::new(), warnings)
}

/// A `systemctl` that runs.
struct Asked {
    running: Running,
    deadline: Deadline,
}

impl Asked {
    /// Waits for the answer; false where it is no.
    fn wait(&mut self) -> Result<bool, ChildError> {
        self.running.wait(&self.deadline)
    }
}

impl UserManager {
    /// Starts a `systemctl` as the user. Its output goes nowhere: a process of another user has no business on root's
    /// terminal.
    fn ask(
        &self,
        launcher: &Launcher,
        systemctl: &Path,
        verb: &str,
        units: &BTreeSet<UnitName>,
    ) -> Result<Asked, ChildError> {
        let mut command = launcher.command(systemctl);
        command.env_clear().env("XDG_RUNTIME_DIR", &self.runtime_dir).uid(self.user).gid(self.group);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.args(["--user", "--no-block", verb]).args(units.iter().map(UnitName::as_str));
        let deadline = launcher.deadline(&command);
        Ok(Asked { running: Running::start(&mut command)?, deadline })
    }
}

/// The managers that run, by user.
fn managers(folder: &Path) -> Vec<UserManager> {
    let Ok(Some(users)) = Dir::open_if_there(folder) else { return Vec::new() };
    let mut entries = users.entries().unwrap_or_default();
    entries.sort_by(|one, two| one.0.cmp(&two.0));
    let manager = |(name, kind): &(OsString, FileType)| {
        let number = name.to_str()?.parse::<u32>().ok()?;
        let runtime_dir = folder.join(name);
        let stat = users.stat(name).ok()??;
        let own = *kind == FileType::Directory && stat.st_uid == number;
        let runs = own && runtime_dir.join("systemd/private").exists();
        runs.then_some(UserManager { user: stat.st_uid, group: stat.st_gid, runtime_dir })
    };
    entries.iter().filter_map(manager).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::UnitName;
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    fn units() -> Units {
        let unit = |name| std::iter::once(UnitName::parse(name).unwrap()).collect();
        Units { restart: unit("a.service"), reload: unit("r.service") }
    }

    fn told(temp: &tempfile::TempDir, folder: &Path, run: Run) -> (Vec<String>, Vec<String>) {
        tell_with(&temp.path().join("systemctl"), Duration::from_secs(60), folder, run, &units())
    }

    /// A folder with a user whose manager runs, one whose manager does not, and a `systemctl` that ends as `end` says.
    fn site(end: &str) -> (tempfile::TempDir, u32) {
        let temp = tempfile::tempdir().unwrap();
        let user = temp.path().metadata().unwrap().uid();
        fs::create_dir_all(temp.path().join(format!("user/{user}/systemd"))).unwrap();
        fs::write(temp.path().join(format!("user/{user}/systemd/private")), "").unwrap();
        fs::create_dir_all(temp.path().join("user/77777/systemd")).unwrap();
        fs::create_dir_all(temp.path().join("user/other")).unwrap();
        let log = temp.path().join("log");
        let script = format!("#!/bin/sh\necho \"$* $XDG_RUNTIME_DIR\" >>{}\n{end}\n", log.display());
        fs::write(temp.path().join("systemctl"), script).unwrap();
        fs::set_permissions(temp.path().join("systemctl"), fs::Permissions::from_mode(0o755)).unwrap();
        (temp, user)
    }

    #[test]
    fn managers_that_run_are_asked_as_their_user() {
        let (temp, user) = site("exit 0");
        let folder = temp.path().join("user");
        assert_eq!(told(&temp, &folder, Run::Real), (vec![], vec![]));
        let dir = folder.join(user.to_string()).display().to_string();
        let expected = format!(
            "--user --no-block try-restart a.service {dir}\n--user --no-block try-reload-or-restart r.service {dir}\n"
        );
        assert_eq!(fs::read_to_string(temp.path().join("log")).unwrap(), expected);
    }

    #[test]
    fn a_dry_run_asks_nobody_and_says_what_it_would_ask() {
        let (temp, user) = site("exit 0");
        let (lines, _) = told(&temp, &temp.path().join("user"), Run::Dry);
        assert_eq!(
            lines,
            [format!("would restart a.service of user {user}"), format!("would reload r.service of user {user}")]
        );
        assert!(!temp.path().join("log").exists());
    }

    #[test]
    fn a_manager_that_fails_is_a_warning_and_nobody_there_is_nothing() {
        let (temp, user) = site("exit 3");
        let (_, warnings) = told(&temp, &temp.path().join("user"), Run::Real);
        assert!(
            warnings.len() == 1 && warnings[0].contains(&format!("units of user {user} were not told")),
            "{warnings:?}"
        );
        let nowhere = told(&temp, &temp.path().join("nowhere"), Run::Real);
        assert_eq!(nowhere, (vec![], vec![]));
    }

    #[test]
    fn a_manager_that_hangs_is_given_up_and_not_asked_again() {
        let (temp, user) = site("while :; do :; done");
        let (systemctl, folder) = (temp.path().join("systemctl"), temp.path().join("user"));
        let (_, warnings) = tell_with(&systemctl, Duration::from_secs(1), &folder, Run::Real, &units());
        assert_eq!(warnings, [format!("units of user {user} were not told: no answer within 1 seconds")]);
        assert_eq!(fs::read_to_string(temp.path().join("log")).unwrap().lines().count(), 1);
    }

    #[test]
    fn a_folder_of_another_user_is_not_taken_for_a_manager() {
        let (temp, user) = site("exit 0");
        fs::rename(temp.path().join(format!("user/{user}")), temp.path().join("user/77778")).unwrap();
        assert_eq!(managers(&temp.path().join("user")), []);
    }
}
