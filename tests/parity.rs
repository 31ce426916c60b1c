//! Scenarios of sops-nix's Go tests and VM test, run with our program and with the real `sops-install-secrets`
//! (`SOPS_INSTALL_SECRETS_BIN`, or by PATH): both must leave the same files, owners, modes, links, lists and lines.
//!
//! Where they differ on purpose the scenario says so; docs/differences-from-sops-nix.md argues each. Needs root.

#[path = "activation/site.rs"]
#[allow(dead_code)]
mod site;

#[allow(dead_code)]
mod common;
mod support;

use common::enter_mounts;
use serde_json::{Value, json};
use site::Site;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{in_ci, shared, skipped, tool};

type Steps = fn(&mut Host);

/// Scenarios in which both do the same.
const SAME: [(&str, Steps); 20] = [
    ("the first activation", |h| h.run()),
    ("owners by name and number", |h| {
        h.set("owner", "nobody").set("group", "nogroup").set("mode", "0440");
        h.second()["uid"] = json!(4321);
        h.second()["gid"] = json!(1234);
        h.run();
    }),
    ("an unknown user", |h| {
        h.run();
        h.set("owner", "no-such-user").run();
    }),
    ("nobody is looked up", |h| {
        h.set("owner", "no-such-user").run_with(&[], &["-ignore-passwd"]);
    }),
    ("a link outside, over an old file and an old link", |h| {
        fs::create_dir(h.site.path("etc")).unwrap();
        fs::write(h.site.path("etc/db"), "old").unwrap();
        symlink("/nonexistent", h.site.path("etc/mail")).unwrap();
        h.path("etc/db");
        h.second()["path"] = json!(h.site.path("etc/mail"));
        h.run();
        h.run();
    }),
    ("missing parents of a link", |h| h.path("new/deep/db").run()),
    ("a second activation", |h| {
        h.run();
        h.run();
        h.run();
    }),
    ("all generations are kept", |h| {
        h.site.manifest["keepGenerations"] = json!(0);
        (0..3).for_each(|_| h.run());
    }),
    ("two generations and what is no number are kept", |h| {
        h.site.manifest["keepGenerations"] = json!(2);
        h.run();
        fs::create_dir(h.site.path("secrets.d/other")).unwrap();
        (0..3).for_each(|_| h.run());
    }),
    ("a changed value restarts and reloads units and is told", |h| {
        h.units().run();
        h.set("key", "vaultwarden/admin_token").run();
    }),
    ("new and removed secrets are told", |h| {
        h.units().run();
        let mut new = h.site.manifest["secrets"][0].clone();
        new["name"] = json!("new");
        new["path"] = json!(h.site.path("secrets/new"));
        h.site.manifest["placeholderBySecretName"]["new"] = json!(site::token("new"));
        h.site.manifest["secrets"] = json!([new]);
        h.site.manifest["templates"][0]["content"] = json!("nothing");
        h.run();
    }),
    ("a dry activation tells and lists", |h| {
        h.units().run();
        let before = fs::read_link(h.site.path("secrets")).unwrap();
        h.set("key", "vaultwarden/admin_token").run_with(&[("NIXOS_ACTION", "dry-activate")], &[]);
        assert_eq!(fs::read_link(h.site.path("secrets")).unwrap(), before);
        // The Go program leaves the new values in the next generation's folder.
        let _ = fs::remove_dir_all(h.site.path("secrets.d/2"));
    }),
    ("a directory at the link's place", |h| {
        fs::create_dir_all(h.site.path("secrets/old")).unwrap();
        fs::write(h.site.path("secrets/old/file"), "x").unwrap();
        h.run();
    }),
    ("a key that is not there", |h| {
        h.run();
        h.set("key", "vaultwarden/nothing").run();
    }),
    ("checks that pass", |h| {
        h.run_with(&[], &["-check-mode=manifest"]);
        h.run_with(&[], &["--check-mode=sopsfile"]);
    }),
    ("checks of what is missing", |h| {
        h.set("key", "vaultwarden/nothing").run_with(&[], &["-check-mode", "manifest"]);
        h.run_with(&[], &["-check-mode", "sopsfile"]);
        h.set("sopsFile", "/nonexistent.yaml").run_with(&[], &["-check-mode=manifest"]);
        h.run_with(&[], &["-check-mode=sopsfile"]);
        h.set("mode", "rw").run_with(&[], &["-check-mode=manifest"]);
    }),
    ("a template in a file, elsewhere, of its own owner", |h| {
        fs::write(h.site.path("template"), format!("\0\u{fc}{}{}\n", site::token("db"), site::token("db"))).unwrap();
        let path = h.site.path("etc/x/app.env");
        h.site.manifest["templates"] = json!([{ "name": "app2.env", "file": h.site.path("template"), "path": path,
            "mode": "0644", "owner": "nobody" }]);
        h.run();
    }),
    ("the whole of a file", |h| h.set("key", "").run()),
    ("imported keys are told", |h| {
        h.site.manifest["sshKeyPaths"] = json!([ssh_key("rsa")]);
        h.site.manifest["ageSshKeyPaths"] = json!([ssh_key("ed25519")]);
        h.site.manifest["logging"]["keyImport"] = json!(true);
        h.run();
    }),
    ("tmpfs", |h| {
        h.site.manifest["useTmpfs"] = json!(true);
        h.run();
    }),
];

/// Scenarios in which ours differs on purpose, each argued in docs/differences-from-sops-nix.md.
const DIFFERENT: [(&str, Steps); 7] = [
    ("the folder of templates belongs to the group keys", |h| {
        h.site.manifest["templates"][0]["name"] = json!("sub/app.env");
        h.run();
    }),
    ("a change of mode alone restarts units", |h| {
        h.units().run();
        h.set("mode", "0440").run();
    }),
    ("a link is removed with its secret", |h| {
        h.path("etc/db").run();
        h.path("secrets/db").run();
    }),
    ("a directory in the way of a link fails before anything changes", |h| {
        h.run();
        fs::create_dir_all(h.site.path("etc/db/x")).unwrap();
        h.path("etc/db").run();
    }),
    ("a dry activation leaves no values in memory", |h| {
        h.run();
        h.run_with(&[("NIXOS_ACTION", "dry-activate")], &[]);
    }),
    ("a wrong key opens nothing, and no folder is left", |h| {
        fs::write(h.site.path("key"), "AGE-SECRET-KEY-1XX\n").unwrap();
        h.site.manifest["ageKeyFile"] = json!(h.site.path("key"));
        h.run();
    }),
    ("a token without a secret is an error", |h| {
        h.site.manifest["templates"][0]["content"] = json!(site::token("unknown"));
        h.run();
    }),
];

/// One program, one folder, and what it has said so far.
struct Host {
    site: Site,
    said: String,
}

impl Host {
    fn new(program: &Path) -> Self {
        let mut site = Site::new();
        site.program = program.to_owned();
        site.manifest["userMode"] = json!(false);
        // Each run has /run/nixos of its own.
        let _ = Command::new("umount").arg("-q").arg("/run").status().unwrap();
        assert!(Command::new("mount").args(["-t", "tmpfs", "none", "/run"]).status().unwrap().success());
        fs::create_dir("/run/nixos").unwrap();
        Self { site, said: String::new() }
    }

    fn set(&mut self, field: &str, value: &str) -> &mut Self {
        self.site.manifest["secrets"][0][field] = json!(value);
        self
    }

    fn path(&mut self, below: &str) -> &mut Self {
        let path = self.site.path(below);
        self.set("path", path.to_str().unwrap())
    }

    fn second(&mut self) -> &mut Value {
        &mut self.site.manifest["secrets"][1]
    }

    fn units(&mut self) -> &mut Self {
        self.site.manifest["secrets"][0]["restartUnits"] = json!(["a.service"]);
        self.site.manifest["templates"][0]["reloadUnits"] = json!(["t.service"]);
        self
    }

    fn run(&mut self) {
        self.run_with(&[], &[]);
    }

    /// Exit codes are finer in ours: what counts is whether it went well.
    fn run_with(&mut self, variables: &[(&str, &str)], arguments: &[&str]) {
        let done = self.site.run_with(variables, arguments);
        let ended = if done.code == 0 { "done" } else { "failed" };
        let imported = done.stderr.lines().filter(|line| line.contains(": Imported "));
        writeln!(self.said, "{ended}\n{}{}", done.stdout, imported.collect::<String>()).unwrap();
    }

    /// All that is left to see: files with owner, mode and contents, links, lists, mounts, lines.
    fn outcome(mut self) -> String {
        let root = self.site.dir.path().to_owned();
        let mut seen = std::mem::take(&mut self.said);
        for part in ["secrets.d", "secrets", "etc", "new"] {
            look(&root.join(part), &mut seen);
        }
        look(Path::new("/run/nixos"), &mut seen);
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
        mounts.lines().filter(|line| line.contains("secrets.d")).for_each(|line| writeln!(seen, "{line}").unwrap());
        let _ = Command::new("umount").arg("-q").arg(root.join("secrets.d")).status();
        seen.replace(root.to_str().unwrap(), "@")
    }
}

fn look(path: &Path, seen: &mut String) {
    // The Go program leaves the host's private key here, readable for root.
    let key = path.file_name().is_some_and(|name| name == "age-keys.txt");
    let Ok(meta) = fs::symlink_metadata(path) else { return };
    if key {
        return;
    }
    write!(seen, "{} {}:{} ", path.display(), meta.uid(), meta.gid()).unwrap();
    if meta.is_symlink() {
        writeln!(seen, "-> {}", fs::read_link(path).unwrap().display()).unwrap();
    } else if meta.is_dir() {
        writeln!(seen, "{:o}", meta.permissions().mode()).unwrap();
        let mut names: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        names.iter().for_each(|path| look(path, seen));
    } else {
        let contents = fs::read(path).unwrap();
        writeln!(seen, "{:o} {:?}", meta.permissions().mode(), String::from_utf8_lossy(&contents)).unwrap();
    }
}

/// An SSH key, made by the first run that needs it.
fn ssh_key(kind: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("parity-{kind}"));
    if !path.exists() {
        let made = Command::new("ssh-keygen").args(["-q", "-N", "", "-t", kind, "-f"]).arg(&path).status();
        assert!(made.is_ok_and(|status| status.success()), "ssh-keygen is needed");
    }
    path
}

fn outcomes(steps: Steps, real: &Path) -> (String, String) {
    let [ours, theirs] = [Path::new(env!("CARGO_BIN_EXE_sops-inlay")), real].map(|program| {
        let mut host = Host::new(program);
        steps(&mut host);
        host.outcome()
    });
    (ours, theirs)
}

/// The real program, in a mount namespace; None, with a message, where there is neither.
fn enter(name: &str) -> Option<PathBuf> {
    let Some(real) = tool("SOPS_INSTALL_SECRETS_BIN", "sops-install-secrets") else {
        assert!(!in_ci() || shared().is_none(), "sops-install-secrets is needed: build it from peers/sops-nix");
        skipped(name, "no sops-install-secrets on PATH or in SOPS_INSTALL_SECRETS_BIN");
        return None;
    };
    enter_mounts(name, &["--propagation", "private"]).then_some(real)
}

#[test]
fn both_programs_do_the_same() {
    let Some(real) = enter("both_programs_do_the_same") else { return };
    for (name, steps) in SAME {
        let (ours, theirs) = outcomes(steps, &real);
        assert!(ours == theirs, "{name}\n--- ours\n{ours}\n--- theirs\n{theirs}");
    }
}

#[test]
fn where_ours_differs_it_is_written_down() {
    let Some(real) = enter("where_ours_differs_it_is_written_down") else { return };
    let document = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/differences-from-sops-nix.md"));
    let document = document.unwrap();
    for (name, steps) in DIFFERENT {
        let (ours, theirs) = outcomes(steps, &real);
        assert!(ours != theirs, "{name}: no difference any more\n{ours}");
        assert!(document.contains(name), "{name}: not in the document");
    }
}
