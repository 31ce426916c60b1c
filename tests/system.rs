//! What needs root, a mount namespace or a process of its own: mounts, owners, umask, hardening.
//!
//! Each test runs itself again in a child, under `unshare -m` where it mounts; where that is not possible those say so and pass.

mod common;

use common::{enter, enter_mounts};
use sops_inlay::access::{Account, Mode};
use sops_inlay::changes::Changes;
use sops_inlay::generation::{MountPolicy, Running, Store, Target, UnchangedPolicy, set_owners};
use sops_inlay::links::{self, Links};
use sops_inlay::names::{FileName, OutputKind, OutputName};
use sops_inlay::output::{Output, Placement, Units};
use sops_inlay::rendered::File;
use sops_inlay::secret::SecretBytes;
use sops_inlay::sys::accounts::{AccountPolicy, Accounts};
use sops_inlay::sys::mount::{DiskPolicy, ExecPolicy, Memory, MemoryFs};
use sops_inlay::sys::parents::ParentPolicy;
use sops_inlay::sys::process;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

fn target(folder: &Path, mount: MountPolicy) -> Target {
    Target {
        mount_point: folder.join("secrets.d"),
        link: folder.join("secrets"),
        keep_generations: 1,
        mount,
        parents: ParentPolicy::NearestParent,
        unchanged: UnchangedPolicy::Keep,
        state_file: Some(folder.join("state.json")),
    }
}

const fn mounted(fs: MemoryFs, disk: DiskPolicy, exec: ExecPolicy) -> MountPolicy {
    MountPolicy::Memory(Memory { fs, disk, exec })
}

const RAMFS: MountPolicy = mounted(MemoryFs::Ramfs, DiskPolicy::Refuse, ExecPolicy::Forbid);
const TMPFS: MountPolicy = mounted(MemoryFs::Tmpfs, DiskPolicy::Refuse, ExecPolicy::Forbid);

fn output(name: &str) -> Output {
    Output {
        name: OutputName { kind: OutputKind::Secret, name: FileName::parse(name).unwrap() },
        paths: Vec::new(),
        placement: Placement::Symlink,
        mode: Mode::parse_octal("0440").unwrap(),
        owner: Account::Id(1234),
        group: Account::Id(4321),
        units: Units::default(),
        user_units: Units::default(),
    }
}

fn install(target: &Target, outputs: &[Output], policy: AccountPolicy) -> Result<(Changes, Vec<String>), String> {
    let accounts = Accounts::resolve(outputs, policy).map_err(|e| e.to_string())?;
    let files: Vec<_> = outputs.iter().map(|output| File { output, bytes: SecretBytes::copy_of(b"value") }).collect();
    let store = Store::open(target, &accounts).map_err(|e| e.to_string())?;
    let warnings = store.warnings().to_vec();
    let changes = store.running().compare(target, &files, &accounts).map_err(|e| e.to_string())?;
    let staged = store.stage(&files, &accounts, &changes).map_err(|e| e.to_string())?;
    let (links, refused) = Links::examine(target, &files, &accounts);
    assert!(refused.is_empty(), "{refused:?}");
    let (links, refused) = links.prepare().map_err(|e| e.to_string())?;
    assert!(refused.is_empty(), "{refused:?}");
    let store = staged.switch().map_err(|e| e.to_string())?;
    links.place().map_err(|e| e.to_string())?;
    store.prune().map_err(|e| e.to_string())?;
    Ok((changes, warnings))
}

/// Type and options of the file systems mounted at `path`.
fn mounts(path: &Path) -> Vec<String> {
    let table = fs::read_to_string("/proc/self/mounts").unwrap();
    let fields = table.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    fields.filter(|fields| Path::new(fields[1]) == path).map(|fields| fields[2..4].join(" ")).collect()
}

fn owner(path: impl AsRef<Path>) -> (u32, u32) {
    let meta = fs::symlink_metadata(path).unwrap();
    (meta.uid(), meta.gid())
}

#[test]
fn a_memory_file_system_is_mounted_once_and_goes_again_when_the_run_fails() {
    if !enter_mounts("a_memory_file_system_is_mounted_once_and_goes_again_when_the_run_fails", &[]) {
        return;
    }
    let exec = mounted(MemoryFs::Ramfs, DiskPolicy::Refuse, ExecPolicy::Allow);
    for (policy, fstype) in [(RAMFS, "ramfs"), (TMPFS, "tmpfs"), (exec, "ramfs")] {
        let temp = tempfile::tempdir().unwrap();
        let target = target(temp.path(), policy);
        install(&target, &[output("a"), output("a")], AccountPolicy::Root).unwrap_err();
        assert_eq!((mounts(&target.mount_point), fs::read_dir(temp.path()).unwrap().count()), (Vec::new(), 0));
        for _ in 0..2 {
            install(&target, &[output("a")], AccountPolicy::Root).unwrap();
        }
        let mounted = mounts(&target.mount_point);
        assert_eq!(mounted.len(), 1, "{mounted:?}");
        for option in [fstype, "nosuid", "nodev", "mode=751"] {
            assert!(mounted[0].contains(option), "{option}: {mounted:?}");
        }
        assert_eq!(mounted[0].contains("noexec"), policy != exec, "{mounted:?}");
        assert_eq!(fs::metadata(&target.mount_point).unwrap().permissions().mode() & 0o7777, 0o751);
        assert_eq!(Running::find(&target).unwrap().number(), Some(1));
        install(&target, &[output("b"), output("b")], AccountPolicy::Root).unwrap_err();
        assert_eq!(mounts(&target.mount_point).len(), 1);
        Command::new("umount").arg(&target.mount_point).status().unwrap();
    }
}

#[test]
fn a_file_system_mounted_inside_a_directory_to_be_replaced_keeps_its_files() {
    if !enter_mounts("a_file_system_mounted_inside_a_directory_to_be_replaced_keeps_its_files", &[]) {
        return;
    }
    let temp = tempfile::tempdir().unwrap();
    let target = target(temp.path(), MountPolicy::Directory);
    let inner = target.link.join("inner");
    fs::create_dir_all(&inner).unwrap();
    Command::new("mount").args(["-t", "tmpfs", "none"]).arg(&inner).status().unwrap();
    fs::write(inner.join("file"), "not ours").unwrap();
    let error = install(&target, &[output("a")], AccountPolicy::Caller).unwrap_err();
    assert!(error.contains("inner: Device or resource busy"), "{error}");
    let moved = temp.path().join(".secrets.sops-inlay/inner");
    assert_eq!(fs::read_to_string(moved.join("file")).unwrap(), "not ours");
    Command::new("umount").arg(moved).status().unwrap();
    install(&target, &[output("a")], AccountPolicy::Caller).unwrap();
    assert!(target.link.join("a").exists() && !temp.path().join(".secrets.sops-inlay").exists());
}

#[test]
fn an_old_kernel_gets_a_tmpfs_without_noswap() {
    let old = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=mount:error=EINVAL:when=1"];
    if !enter_mounts("an_old_kernel_gets_a_tmpfs_without_noswap", &old) {
        return;
    }
    let temp = tempfile::tempdir().unwrap();
    let target = target(temp.path(), TMPFS);
    install(&target, &[output("a")], AccountPolicy::Root).unwrap();
    let mounted = mounts(&target.mount_point);
    assert!(mounted.len() == 1 && !mounted[0].contains("noswap"), "{mounted:?}");
}

#[test]
fn where_mounting_is_forbidden_memory_is_used_with_a_warning_and_a_disk_is_refused() {
    let jail = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=mount:error=EPERM"];
    let name = "where_mounting_is_forbidden_memory_is_used_with_a_warning_and_a_disk_is_refused";
    let shm = Path::new("/dev/shm");
    if !shm.is_dir() || !enter_mounts(name, &jail) {
        return;
    }
    let memory = tempfile::tempdir_in(shm).unwrap();
    if mounts(shm).iter().any(|mount| mount.starts_with("tmpfs")) {
        let (_, warnings) = install(&target(memory.path(), RAMFS), &[output("a")], AccountPolicy::Root).unwrap();
        assert!(warnings[0].contains("not permitted; using the tmpfs"), "{warnings:?}");
    }
    let disk = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
    let error = install(&target(disk.path(), RAMFS), &[output("a")], AccountPolicy::Root).unwrap_err();
    assert!(error.contains("cannot mount ramfs here") && error.contains("disk"), "{error}");
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0);
    let allowed = mounted(MemoryFs::Ramfs, DiskPolicy::Allow, ExecPolicy::Forbid);
    let (_, warnings) = install(&target(disk.path(), allowed), &[output("a")], AccountPolicy::Root).unwrap();
    assert!(warnings[0].contains("written to the disk"), "{warnings:?}");
}

#[test]
fn owners_are_given_to_files_links_and_copies_at_once_or_in_a_second_call() {
    if !enter_mounts("owners_are_given_to_files_links_and_copies_at_once_or_in_a_second_call", &[]) {
        return;
    }
    let temp = tempfile::tempdir().unwrap();
    let home = temp.path().join("home");
    fs::create_dir(&home).unwrap();
    chown(&home, Some(77), Some(78)).unwrap();
    let mut outputs = [output("a"), output("db/pw")];
    outputs[0].paths = vec![home.join("x/y/link")];
    outputs[1].paths = vec![home.join("copy")];
    outputs[1].placement = Placement::Copy;
    let places = ["secrets/a", "secrets/db/pw", "home/x/y/link", "home/copy"].map(|place| temp.path().join(place));
    let mut target = target(temp.path(), RAMFS);
    install(&target, &outputs, AccountPolicy::Root).unwrap();
    assert!(places.iter().all(|place| owner(place) == (0, 0)));
    // New parents belong to whom the nearest one does.
    assert_eq!((owner(home.join("x")), owner(home.join("x/y"))), ((77, 78), (77, 78)));
    let accounts = Accounts::resolve(&outputs, AccountPolicy::Later).unwrap();
    assert_eq!(set_owners(&target, &outputs, &accounts).unwrap().changed.len(), 2);
    assert_eq!(links::set_owners(&target, &outputs, &accounts).unwrap(), [home.join("copy")]);
    assert!(places.iter().all(|place| owner(place) == (1234, 4321)));
    assert_eq!(set_owners(&target, &outputs, &accounts).unwrap().changed.len(), 0);
    assert!(install(&target, &outputs, AccountPolicy::Later).unwrap().0.is_empty());
    // A new owner is a change.
    outputs[0].owner = Account::Id(99);
    let changes = install(&target, &outputs, AccountPolicy::Later).unwrap().0;
    assert_eq!(changes.secrets.modified.into_iter().collect::<Vec<_>>(), ["a"]);
    assert_eq!((owner(&places[0]), owner(&places[2])), ((99, 4321), (99, 4321)));
    // An account that is not there: left with root now, a change in a preview.
    outputs[0].owner = Account::Name("no-such-user".to_owned());
    assert!(install(&target, &outputs, AccountPolicy::Later).unwrap().0.is_empty());
    let accounts = Accounts::resolve(&outputs, AccountPolicy::Preview).unwrap();
    let files: Vec<_> = outputs.iter().map(|output| File { output, bytes: SecretBytes::copy_of(b"value") }).collect();
    let preview = Running::find(&target).unwrap().compare(&target, &files, &accounts).unwrap();
    assert_eq!(preview.secrets.modified.into_iter().collect::<Vec<_>>(), ["a"]);
    target.parents = ParentPolicy::Caller;
    outputs[1].paths = vec![home.join("z/copy")];
    install(&target, &outputs, AccountPolicy::Root).unwrap();
    assert_eq!((owner(home.join("z")), home.join("copy").exists()), ((0, 0), false));
}

#[test]
fn the_umask_has_no_say() {
    for (mask, name) in [("077", "the_umask_has_no_say"), ("000", "the_umask_has_no_say")] {
        if !enter(name, &["sh", "-c", &format!("umask {mask}; exec \"$@\""), "sh"]) {
            continue;
        }
        let temp = tempfile::tempdir().unwrap();
        let mut outputs = [output("d/a"), output("b")];
        outputs[1].paths = vec![temp.path().join("new/b")];
        outputs[1].placement = Placement::Copy;
        let target = target(temp.path(), MountPolicy::Directory);
        install(&target, &outputs, AccountPolicy::Caller).unwrap();
        let bits = |place| fs::metadata(temp.path().join(place)).unwrap().permissions().mode() & 0o7777;
        for (place, wanted) in [
            ("secrets.d", 0o751),
            ("secrets/", 0o751),
            ("secrets/d", 0o751),
            ("secrets/d/a", 0o440),
            ("new", 0o755),
            ("new/b", 0o440),
            ("state.json", 0o600),
        ] {
            assert_eq!(bits(place), wanted, "{place}");
        }
        return;
    }
}

#[test]
fn a_hardened_process_leaves_no_core_and_creates_private_files() {
    if !enter("a_hardened_process_leaves_no_core_and_creates_private_files", &["env"]) {
        return;
    }
    process::harden();
    let limits = fs::read_to_string("/proc/self/limits").unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");
    let status = fs::read_to_string("/proc/self/status").unwrap();
    assert!(status.lines().any(|line| line == "Umask:\t0077"));
    let dumpable = rustix::process::dumpable_behavior().unwrap();
    assert!(matches!(dumpable, rustix::process::DumpableBehavior::NotDumpable));
}
