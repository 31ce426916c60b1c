//! What needs root and a mount namespace: mounts, owners, units.

use crate::common::enter_mounts;
use crate::site::{DB_PASSWORD, Site};
use serde_json::json;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

/// A site that is installed as root, beside a fresh `/run`.
fn site() -> Site {
    let mut site = Site::new();
    site.manifest["userMode"] = json!(false);
    let mounted = Command::new("mount").args(["-t", "tmpfs", "none", "/run"]).status().unwrap();
    assert!(mounted.success());
    site
}

fn owner(site: &Site, below: &str) -> (u32, u32, u32) {
    let meta = fs::metadata(site.path(below)).unwrap();
    (meta.uid(), meta.gid(), meta.mode() & 0o7777)
}

#[test]
fn files_are_in_memory_and_belong_to_whom_the_manifest_says() {
    if !enter_mounts("root::files_are_in_memory_and_belong_to_whom_the_manifest_says", &[]) {
        return;
    }
    let mut site = site();
    site.manifest["secrets"][0]["owner"] = json!("nobody");
    site.manifest["secrets"][1]["uid"] = json!(12345);
    site.manifest["secrets"][1]["gid"] = json!(54321);
    site.run().expect(0);
    let nobody = fs::read_to_string("/etc/passwd").unwrap().lines().any(|line| line.starts_with("nobody:x:65534:"));
    assert!(nobody);
    assert_eq!(owner(&site, "secrets/db"), (65534, 0, 0o400));
    assert_eq!(owner(&site, "secrets/mail/smtp"), (12345, 54321, 0o400));
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
    let line = mounts.lines().find(|line| line.contains("secrets.d")).unwrap();
    assert!(
        line.contains(" ramfs ") && ["nodev", "nosuid", "noexec", "mode=751"].iter().all(|o| line.contains(o)),
        "{line}"
    );
    site.run().expect(0);
    assert_eq!(fs::read_to_string("/proc/self/mounts").unwrap().matches("secrets.d").count(), 1, "mounted once");
    // Nobody is looked up.
    site.manifest["secrets"][0]["owner"] = json!("no-such-user");
    site.run_with(&[], &["-ignore-passwd"]).expect(0);
    assert_eq!(owner(&site, "secrets/db"), (0, 0, 0o400));
    let before = site.snapshot();
    site.run().expect(5).says("no-such-user");
    assert_eq!(site.snapshot(), before);
}

#[test]
fn tmpfs_is_mounted_where_the_manifest_says_so() {
    if !enter_mounts("root::tmpfs_is_mounted_where_the_manifest_says_so", &[]) {
        return;
    }
    let mut site = site();
    site.manifest["useTmpfs"] = json!(true);
    site.run().expect(0);
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
    assert!(mounts.lines().any(|line| line.contains("secrets.d tmpfs ")), "{mounts}");
}

#[test]
fn owners_are_set_in_a_second_call_that_decrypts_nothing() {
    if !enter_mounts("root::owners_are_set_in_a_second_call_that_decrypts_nothing", &[]) {
        return;
    }
    let mut site = site();
    site.manifest["schema"] = json!(1);
    site.manifest["secrets"][0]["owner"] = json!("later-user");
    site.manifest["secrets"][0]["path"] = json!(site.path("etc/db"));
    site.run_with(&[], &["install"]).expect(5).says("later-user");
    site.run_with(&[], &["install", "--without-owners"]).expect(0);
    assert_eq!((owner(&site, "etc/db"), site.read("secrets/db").as_str()), ((0, 0, 0o400), DB_PASSWORD));
    // An account that is not there keeps no other file from its owner.
    site.manifest["secrets"][1]["owner"] = json!("nobody");
    site.run_with(&[], &["install", "--only-owners"]).expect(5).says("later-user");
    assert_eq!(owner(&site, "secrets/mail/smtp").0, 65534);
    fs::write(site.path("passwd"), fs::read_to_string("/etc/passwd").unwrap() + "later-user:x:4321:4321::/:/bin/sh\n")
        .unwrap();
    let bound = Command::new("mount").arg("--bind").args([site.path("passwd"), "/etc/passwd".into()]).status().unwrap();
    assert!(bound.success());
    // No key, no sops file: nothing is decrypted.
    site.manifest["ageKeyFile"] = json!("/nonexistent/key");
    site.manifest["secrets"][0]["sopsFile"] = json!("/nonexistent/file");
    site.run_with(&[], &["install", "--only-owners"]).expect(0);
    assert_eq!(owner(&site, "secrets/db"), (4321, 0, 0o400));
    assert_eq!(fs::symlink_metadata(site.path("etc/db")).unwrap().uid(), 4321, "the link too");
    assert_eq!(site.generation().as_deref(), Some("1"));
}

#[test]
fn units_are_asked_when_something_changes_and_only_then() {
    if !enter_mounts("root::units_are_asked_when_something_changes_and_only_then", &[]) {
        return;
    }
    let mut site = site();
    fs::create_dir("/run/nixos").unwrap();
    site.manifest["secrets"][0]["restartUnits"] = json!(["b.service", "a.service"]);
    site.manifest["secrets"][1]["reloadUnits"] = json!(["r.service"]);
    let list = |name: &str| fs::read_to_string(format!("/run/nixos/{name}")).unwrap_or_default();
    site.run().expect(0);
    site.run().expect(0);
    assert_eq!(list("activation-restart-list"), "", "first activation, then no change");
    site.manifest["secrets"][0]["mode"] = json!("0440");
    site.run_with(&[("NIXOS_ACTION", "dry-activate")], &[]).expect(0);
    assert_eq!(list("dry-activation-restart-list"), "a.service\nb.service\n");
    assert_eq!(list("activation-restart-list"), "");
    site.run().expect(0);
    assert_eq!(list("activation-restart-list"), "a.service\nb.service\n");
    assert_eq!(list("activation-reload-list"), "");

    let bin = site.path("bin");
    fs::create_dir(&bin).unwrap();
    let script = format!(
        "#!/bin/sh\necho \"$*\" >> {0}\n/bin/readlink {1} >> {0}\n",
        site.path("calls").display(),
        site.path("secrets").display()
    );
    fs::write(bin.join("systemctl"), script).unwrap();
    fs::set_permissions(bin.join("systemctl"), fs::Permissions::from_mode(0o755)).unwrap();
    let variables = [("SOPS_RESTART_UNITS_VIA_SYSTEMCTL", "1"), ("PATH", bin.to_str().unwrap())];
    site.manifest["secrets"][0]["key"] = json!("smtp/password");
    site.manifest["secrets"][1]["mode"] = json!("0440");
    site.run_with(&variables, &[]).expect(0);
    let link = site.path("secrets.d/4").display().to_string();
    let expected = format!(
        "--no-block try-restart a.service b.service\n{link}\n--no-block try-reload-or-restart r.service\n{link}\n"
    );
    assert_eq!(site.read("calls"), expected, "after the switch, once per kind");
    site.run_with(&variables, &[]).expect(0);
    assert_eq!(site.read("calls"), expected);
}
