//! Asking the managers of users: those that run, each as its user.

use super::dir::{Dir, FileType};
use super::units::{Manager, Run, ask, would};
use crate::output::Units;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// Tells the units of every user whose manager runs. Gives the lines of a dry run, and what went wrong: nothing of a
/// user's keeps a machine from its secrets.
///
/// `folder` holds the runtime folder of each user (`/run/user`); a manager listens at `systemd/private` in it.
pub fn tell(folder: &Path, run: Run, units: &Units) -> (Vec<String>, Vec<String>) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    tell_with(&path, folder, run, units)
}

fn tell_with(path: &OsStr, folder: &Path, run: Run, units: &Units) -> (Vec<String>, Vec<String>) {
    let (mut lines, mut warnings) = (Vec::new(), Vec::new());
    if units.is_empty() {
        return (lines, warnings);
    }
    for manager in managers(folder) {
        let Manager::Of { user, .. } = &manager else { continue };
        match run {
            Run::Dry => lines.extend(would(units, &format!(" of user {user}"))),
            Run::Real => {
                let failed = ask(path, &manager, units).err();
                warnings.extend(failed.map(|error| format!("units of user {user} were not told: {error}")));
            }
        }
    }
    (lines, warnings)
}

/// The managers that run, by user.
fn managers(folder: &Path) -> Vec<Manager> {
    let Ok(Some(users)) = Dir::open_if_there(folder) else { return Vec::new() };
    let mut entries = users.entries().unwrap_or_default();
    entries.sort_by(|one, two| one.0.cmp(&two.0));
    let manager = |(name, kind): &(OsString, FileType)| {
        let number = name.to_str()?.parse::<u32>().ok()?;
        let runtime_dir = folder.join(name);
        let stat = users.stat(name).ok()??;
        let own = *kind == FileType::Directory && stat.st_uid == number;
        let runs = own && runtime_dir.join("systemd/private").exists();
        runs.then_some(Manager::Of { user: stat.st_uid, group: stat.st_gid, runtime_dir })
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

    /// A folder with a user whose manager runs, one whose manager does not, and a `systemctl` that ends with `code`.
    fn site(code: u8) -> (tempfile::TempDir, u32) {
        let temp = tempfile::tempdir().unwrap();
        let user = temp.path().metadata().unwrap().uid();
        fs::create_dir_all(temp.path().join(format!("user/{user}/systemd"))).unwrap();
        fs::write(temp.path().join(format!("user/{user}/systemd/private")), "").unwrap();
        fs::create_dir_all(temp.path().join("user/77777/systemd")).unwrap();
        fs::create_dir_all(temp.path().join("user/other")).unwrap();
        let log = temp.path().join("log");
        let script = format!("#!/bin/sh\necho \"$* $XDG_RUNTIME_DIR\" >>{}\nexit {code}\n", log.display());
        fs::write(temp.path().join("systemctl"), script).unwrap();
        fs::set_permissions(temp.path().join("systemctl"), fs::Permissions::from_mode(0o755)).unwrap();
        (temp, user)
    }

    #[test]
    fn managers_that_run_are_asked_as_their_user() {
        let (temp, user) = site(0);
        let folder = temp.path().join("user");
        assert_eq!(tell_with(temp.path().as_os_str(), &folder, Run::Real, &units()), (vec![], vec![]));
        let dir = folder.join(user.to_string()).display().to_string();
        let expected = format!(
            "--user --no-block try-restart a.service {dir}\n--user --no-block try-reload-or-restart r.service {dir}\n"
        );
        assert_eq!(fs::read_to_string(temp.path().join("log")).unwrap(), expected);
    }

    #[test]
    fn a_dry_run_asks_nobody_and_says_what_it_would_ask() {
        let (temp, user) = site(0);
        let (lines, _) = tell_with(temp.path().as_os_str(), &temp.path().join("user"), Run::Dry, &units());
        assert_eq!(
            lines,
            [format!("would restart a.service of user {user}"), format!("would reload r.service of user {user}")]
        );
        assert!(!temp.path().join("log").exists());
    }

    #[test]
    fn a_manager_that_fails_is_a_warning_and_nobody_there_is_nothing() {
        let (temp, user) = site(3);
        let (_, warnings) = tell_with(temp.path().as_os_str(), &temp.path().join("user"), Run::Real, &units());
        assert!(
            warnings.len() == 1 && warnings[0].contains(&format!("units of user {user} were not told")),
            "{warnings:?}"
        );
        let nowhere = tell_with(temp.path().as_os_str(), &temp.path().join("nowhere"), Run::Real, &units());
        assert_eq!(nowhere, (vec![], vec![]));
    }

    #[test]
    fn a_folder_of_another_user_is_not_taken_for_a_manager() {
        let (temp, user) = site(0);
        fs::rename(temp.path().join(format!("user/{user}")), temp.path().join("user/77778")).unwrap();
        assert_eq!(managers(&temp.path().join("user")), []);
    }
}
