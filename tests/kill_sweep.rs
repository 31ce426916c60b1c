//! An activation killed, or refused by the system, at its system calls one by one, while others read.
//!
//! Whatever happens, the link names a complete generation, old or new; a run that fails before the switch has changed
//! nothing; the next run leaves no litter. Needs root and strace. By default the calls that change something are swept;
//! `SOPS_INLAY_SWEEP=all` kills at every call, the dynamic loader's included.

#[path = "activation/site.rs"]
#[allow(dead_code)]
mod site;

#[allow(dead_code)]
mod common;

use common::enter_mounts;
use serde_json::json;
use site::{Done, Site};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Calls that change what others see, or that a full or broken system refuses.
const CHANGING: [&str; 17] = [
    "mkdirat",
    "openat",
    "open",
    "write",
    "fchown",
    "fchmod",
    "fchownat",
    "symlinkat",
    "renameat",
    "renameat2",
    "unlinkat",
    "rmdir",
    "unlink",
    "fsync",
    "mount",
    "flock",
    "getdents64",
];

/// The two versions of what is installed.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Version {
    A,
    B,
}

impl Version {
    fn other(self) -> Self {
        if self == Self::A { Self::B } else { Self::A }
    }
}

struct Sweep {
    site: Site,
}

impl Sweep {
    fn new(name: &str) -> Option<Self> {
        let ready = enter_mounts(name, &["--propagation", "private"]);
        let strace = Command::new("strace").arg("-V").output().is_ok_and(|output| output.status.success());
        if ready && !strace {
            assert!(std::env::var_os("CI").is_none(), "strace is missing");
            eprint("skipped: no strace here\n");
            return None;
        }
        let mut site = Site::new();
        site.manifest["userMode"] = json!(false);
        site.manifest["keepGenerations"] = json!(2);
        site.manifest["secrets"][0]["path"] = json!(site.path("etc/app/db"));
        ready.then(|| Self { site })
    }

    /// Declares a version: all contents differ, and a link of its own beside.
    fn declare(&mut self, version: Version) {
        let (one, other) = match version {
            Version::A => ("vaultwarden/db_password", "smtp/password"),
            Version::B => ("smtp/password", "vaultwarden/db_password"),
        };
        self.site.manifest["secrets"][0]["key"] = json!(one);
        self.site.manifest["secrets"][1]["key"] = json!(other);
        self.site.manifest["secrets"][1]["path"] = json!(self.site.path(&format!("etc/{version:?}/mail")));
    }

    /// Runs under strace with one injection.
    fn inject(&self, what: &str) -> Done {
        self.site.run_through(&["strace", "-f", "-qq", "-o", "/dev/null", "-e", &format!("inject={what}")])
    }

    /// How often each system call is made in one run.
    fn calls(&self) -> BTreeMap<String, usize> {
        let log = self.site.path("strace.log");
        self.site.run_through(&["strace", "-f", "-qq", "-o", log.to_str().unwrap()]).expect(0);
        let mut counts = BTreeMap::new();
        for line in fs::read_to_string(&log).unwrap().lines() {
            let call = line.split_once(' ').unwrap().1.trim_start().split('(').next().unwrap();
            if call.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_') && !call.starts_with("exit") {
                *counts.entry(call.to_owned()).or_insert(0) += 1;
            }
        }
        fs::remove_file(log).unwrap();
        let all = std::env::var_os("SOPS_INLAY_SWEEP").is_some_and(|value| value == "all");
        counts.retain(|call, _| all || CHANGING.contains(&call.as_str()));
        counts
    }

    /// Which version the link leads to; panics where it is neither, whole.
    #[track_caller]
    fn version(&self, context: &str) -> Version {
        complete(&self.site.path("secrets")).unwrap_or_else(|seen| panic!("{context}: {seen}"))
    }

    /// What a finished run of the declared version leaves behind; the generations' numbers left out.
    fn tree(&self) -> Vec<String> {
        let root = self.site.dir.path();
        let generation = self.site.generation().unwrap();
        let strip = |path: &PathBuf| path.strip_prefix(root).unwrap().display().to_string();
        let mut tree: Vec<_> = self.site.snapshot().keys().map(strip).collect();
        tree.retain(|path| !path.starts_with("secrets.d/") || path.starts_with(&format!("secrets.d/{generation}")));
        tree.iter_mut().for_each(|path| *path = path.replace(&format!("secrets.d/{generation}"), "secrets.d/N"));
        tree
    }

    /// The generations there are: the current one, and at most one before it.
    #[track_caller]
    fn expect_no_litter(&self, expected: &[String], context: &str) {
        assert_eq!(self.tree(), expected, "{context}");
        let current: u64 = self.site.generation().unwrap().parse().unwrap();
        for entry in fs::read_dir(self.site.path("secrets.d")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(name.parse::<u64>().is_ok_and(|n| n == current || n + 1 == current), "{context}: {name} is left");
        }
    }
}

fn eprint(text: &str) {
    use std::io::Write;
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

/// The version in the generation that `link` leads to, read through one handle on it.
fn complete(link: &Path) -> Result<Version, String> {
    let generation = fs::canonicalize(link).map_err(|error| format!("the link: {error}"))?;
    let read = |name: &str| fs::read_to_string(generation.join(name)).map_err(|error| format!("{name}: {error}"));
    let (db, mail, rendered) = (read("db")?, read("mail/smtp")?, read("rendered/app.env")?);
    if rendered != format!("db={db}\nmail={mail}\n") || db == mail {
        return Err("two versions are mixed".to_owned());
    }
    Ok(if db == site::DB_PASSWORD { Version::A } else { Version::B })
}

/// Reads through the link until `stop`; counts the reads. A generation is there for one switch more, so that only a
/// reader that was held up for two may find it gone.
fn read_on(link: &Path, stop: &AtomicBool, reads: &AtomicUsize) {
    while !stop.load(Ordering::Relaxed) {
        let before = fs::read_link(link).unwrap();
        if let Err(seen) = complete(link) {
            assert_ne!(fs::read_link(link).unwrap(), before, "{seen}");
        }
        reads.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn killed_at_any_call_a_switch_leaves_a_complete_generation_and_the_next_run_no_litter() {
    let name = "killed_at_any_call_a_switch_leaves_a_complete_generation_and_the_next_run_no_litter";
    let Some(mut sweep) = Sweep::new(name) else { return };
    let mut trees = BTreeMap::new();
    let mut calls = BTreeMap::new();
    for version in [Version::B, Version::A, Version::B] {
        sweep.declare(version);
        calls = sweep.calls();
        trees.insert(format!("{version:?}"), sweep.tree());
    }
    let (stop, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    let link = sweep.site.path("secrets");
    let mut now = Version::B;
    let (mut kills, mut switched) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| read_on(&link, &stop, &reads));
        for (call, count) in &calls {
            for when in 1..=*count {
                let context = format!("killed at {call} number {when}");
                let before = now;
                now = now.other();
                sweep.declare(now);
                let done = sweep.inject(&format!("{call}:signal=KILL:when={when}"));
                let seen = sweep.version(&context);
                kills += usize::from(done.code != 0);
                switched += usize::from(seen == now);
                assert!(seen == before || seen == now);
                assert!(done.code != 0 || seen == now, "{context}: ended well without a switch");
                sweep.site.run().expect(0);
                assert_eq!(sweep.version(&context), now);
                sweep.expect_no_litter(&trees[&format!("{now:?}")], &context);
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    let reads = reads.into_inner();
    assert!(kills > 20 && switched > 0 && reads > 1000, "{kills} kills, {switched} after the switch, {reads} reads");
    eprint(&format!("{kills} kills, {switched} after the switch, {reads} reads\n"));
}

#[test]
fn refused_at_any_call_a_run_fails_with_everything_as_it_was_or_is_done() {
    let name = "refused_at_any_call_a_run_fails_with_everything_as_it_was_or_is_done";
    let Some(mut sweep) = Sweep::new(name) else { return };
    for version in [Version::A, Version::B] {
        sweep.declare(version);
        sweep.site.run().expect(0);
    }
    sweep.declare(Version::A);
    let calls = sweep.calls();
    let mut now = Version::A;
    let (mut refused, mut late) = (0, 0);
    for (call, count) in calls.iter().filter(|(call, _)| CHANGING.contains(&call.as_str())) {
        let error = match call.as_str() {
            "openat" | "open" => "EMFILE",
            "fchown" | "fchownat" | "mount" => "EPERM",
            "renameat" | "renameat2" | "unlinkat" | "rmdir" | "unlink" => "EROFS",
            "getdents64" | "fsync" | "flock" => "EIO",
            _ => "ENOSPC",
        };
        for when in 1..=*count {
            let context = format!("{error} at {call} number {when}");
            let before = sweep.site.snapshot();
            sweep.declare(now.other());
            let done = sweep.inject(&format!("{call}:error={error}:when={when}"));
            let seen = sweep.version(&context);
            match (done.code, seen == now) {
                (0, kept) => assert!(!kept, "{context}: ended well without a switch"),
                (code, true) => {
                    refused += 1;
                    assert_eq!(sweep.site.snapshot(), before, "{context}: {code} {}", done.stderr);
                    assert!(done.stderr.contains("error"), "{context}: {}", done.stderr);
                    assert_eq!(done.stdout, "", "{context}: nothing has changed");
                }
                (code, false) => {
                    late += 1;
                    assert!(code == 5 && done.stderr.contains("error: "), "{context}: {code} {}", done.stderr);
                }
            }
            sweep.site.run().expect(0);
            now = now.other();
            assert_eq!(sweep.version(&context), now);
        }
    }
    assert!(refused > 20, "{refused}");
    eprint(&format!("{refused} refusals before the switch, {late} after it\n"));
}

#[test]
fn killed_at_any_call_a_first_activation_leaves_nothing_or_all_and_the_next_run_no_litter() {
    let name = "killed_at_any_call_a_first_activation_leaves_nothing_or_all_and_the_next_run_no_litter";
    let Some(mut sweep) = Sweep::new(name) else { return };
    sweep.declare(Version::A);
    let clear = |site: &Site| {
        while Command::new("umount").args(["-q", "-l"]).arg(site.path("secrets.d")).status().unwrap().success() {}
        for part in ["secrets.d", "etc", "state"] {
            let _ = fs::remove_dir_all(site.path(part));
        }
        let _ = fs::remove_file(site.path("secrets"));
    };
    let calls = sweep.calls();
    let tree = sweep.tree();
    for (call, count) in &calls {
        for when in 1..=*count {
            clear(&sweep.site);
            let context = format!("killed at {call} number {when}");
            sweep.inject(&format!("{call}:signal=KILL:when={when}"));
            if sweep.site.generation().is_some() {
                assert_eq!(sweep.version(&context), Version::A);
            }
            sweep.site.run().expect(0);
            sweep.expect_no_litter(&tree, &context);
            let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
            assert_eq!(mounts.matches("secrets.d").count(), 1, "{context}");
        }
    }
    clear(&sweep.site);
}

#[test]
fn a_full_or_read_only_file_system_leaves_the_old_generation() {
    let name = "a_full_or_read_only_file_system_leaves_the_old_generation";
    if !enter_mounts(name, &["--propagation", "private"]) {
        return;
    }
    for (first, then, said) in [
        ("size=100m,nr_inodes=9", "nr_inodes=9", "No space left on device"),
        ("size=20k", "size=20k", "No space left on device"),
        ("size=100m", "ro", "Read-only file system"),
    ] {
        let mut site = Site::new();
        site.manifest["userMode"] = json!(false);
        site.manifest["useTmpfs"] = json!(true);
        let mount_point = site.path("secrets.d");
        fs::create_dir(&mount_point).unwrap();
        let mount = |options: &str| {
            let status = Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(&mount_point).status();
            assert!(status.unwrap().success(), "{options}");
        };
        mount(first);
        site.run().expect(0);
        mount(&format!("remount,{then}"));
        let before = site.snapshot();
        let done = site.run().expect(5).says(said).says(mount_point.to_str().unwrap());
        assert!(!done.stderr.contains(site::DB_PASSWORD));
        assert_eq!(site.snapshot(), before, "{then}");
        Command::new("umount").arg(&mount_point).status().unwrap();
    }
}

#[test]
fn where_nothing_may_be_mounted_memory_will_do_and_a_disk_will_not() {
    let Some(sweep) = Sweep::new("where_nothing_may_be_mounted_memory_will_do_and_a_disk_will_not") else { return };
    let mut site = sweep.site;
    let forbid = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=mount:error=EPERM"];
    assert!(Command::new("mount").args(["-t", "tmpfs", "none"]).arg("/run").status().unwrap().success());
    site.manifest["secretsMountPoint"] = json!("/run/inlay-secrets.d");
    site.manifest["symlinkPath"] = json!(site.path("secrets"));
    site.run_through(&forbid).expect(0).says("warning: ").says("may be swapped");
    // A loop device would take longer than the point is worth: the disk is where the build is.
    let disk = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    site.manifest["secretsMountPoint"] = json!(disk.path().join("secrets.d"));
    let before = site.snapshot();
    site.run_through(&forbid).expect(5).says("lies on a disk").says("allowDisk");
    assert_eq!((site.snapshot(), fs::read_dir(disk.path()).unwrap().count()), (before, 0));
    site.manifest["schema"] = json!(1);
    site.manifest["allowDisk"] = json!(true);
    site.run_through(&forbid).expect(0).says("secrets are written to the disk");
}
