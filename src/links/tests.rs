use super::*;
use crate::access::Mode;
use crate::generation::{MountPolicy, Target, UnchangedPolicy};
use crate::names::OutputKind;
use crate::output::{Output, Placement as Kind};
use crate::rendered::File;
use crate::secret::SecretBytes;
use crate::state::State;
use crate::sys::accounts::{AccountPolicy, Accounts};
use crate::sys::parents::ParentPolicy;
use crate::testing::output;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use tempfile::TempDir;

struct Site {
    temp: TempDir,
    target: Target,
    outputs: Vec<(Output, &'static str)>,
}

impl Site {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join("etc")).unwrap();
        let target = Target {
            mount_point: temp.path().join("secrets.d"),
            link: temp.path().join("secrets"),
            keep_generations: 1,
            mount: MountPolicy::Directory,
            parents: ParentPolicy::Caller,
            unchanged: UnchangedPolicy::NewGeneration,
            state_file: Some(temp.path().join("state/secrets.json")),
        };
        Self { temp, target, outputs: Vec::new() }
    }

    fn with(mut self, name: &str, path: &str, placement: Kind, bytes: &'static str) -> Self {
        let paths = vec![self.temp.path().join(path)];
        self.outputs.push((Output { paths, placement, ..output(OutputKind::Secret, name) }, bytes));
        self
    }

    fn prepare(&self, then: impl FnOnce(Prepared<'_>)) -> Result<(), LinkErrors> {
        let accounts = Accounts::resolve(self.outputs.iter().map(|o| &o.0), AccountPolicy::Caller).unwrap();
        let bytes = |bytes: &str| SecretBytes::copy_of(bytes.as_bytes());
        let files: Vec<_> = self.outputs.iter().map(|(output, b)| File { output, bytes: bytes(b) }).collect();
        let (links, refused) = Links::examine(&self.target, &files, &accounts);
        if !refused.is_empty() {
            return Err(LinkErrors(refused));
        }
        let (prepared, refused) = links.prepare()?;
        if !refused.is_empty() {
            return Err(LinkErrors(refused));
        }
        then(prepared);
        Ok(())
    }

    fn place(&self) -> Result<Placement, LinkErrors> {
        let mut placed = None;
        self.prepare(|prepared| placed = Some(prepared.place()))?;
        placed.unwrap()
    }

    fn at(&self, path: &str) -> PathBuf {
        self.temp.path().join(path)
    }

    fn etc(&self) -> Vec<String> {
        tree(&self.at("etc"))
    }

    fn without_outputs(mut self) -> Self {
        self.outputs.clear();
        self
    }
}

fn tree(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            names.extend(tree(&entry.path()).into_iter().map(|below| format!("{name}/{below}")));
        }
        names.push(name);
    }
    names.sort();
    names
}

#[test]
fn links_appear_with_their_parents_and_a_second_run_leaves_them_alone() {
    let site = Site::new().with("a", "etc/x/y/a", Kind::Symlink, "1").with("b", "etc/b", Kind::Symlink, "2");
    let placed = site.place().unwrap();
    assert_eq!(placed.placed, [site.at("etc/b"), site.at("etc/x/y/a")]);
    assert_eq!(fs::read_link(site.at("etc/x/y/a")).unwrap(), site.target.link.join("a"));
    assert_eq!(fs::metadata(site.at("etc/x/y")).unwrap().permissions().mode() & 0o7777, 0o755);
    assert_eq!(site.etc(), ["b", "x", "x/y", "x/y/a"]);
    let inode = fs::symlink_metadata(site.at("etc/b")).unwrap().ino();
    let state = fs::metadata(site.target.state_file.as_ref().unwrap()).unwrap().ino();
    assert_eq!(site.place().unwrap(), Placement::default());
    assert_eq!(fs::symlink_metadata(site.at("etc/b")).unwrap().ino(), inode);
    assert_eq!(fs::metadata(site.target.state_file.as_ref().unwrap()).unwrap().ino(), state);
}

#[test]
fn a_file_a_stale_link_and_the_temporary_of_a_killed_run_are_replaced() {
    let site = Site::new().with("a", "etc/file", Kind::Symlink, "1").with("b", "etc/stale", Kind::Symlink, "2").with(
        "c",
        "etc/copy",
        Kind::Copy,
        "3",
    );
    fs::write(site.at("etc/file"), "old").unwrap();
    symlink("/nonexistent", site.at("etc/stale")).unwrap();
    symlink(site.target.link.join("c"), site.at("etc/copy")).unwrap();
    symlink("/nonexistent", site.at("etc/.stale.sops-inlay")).unwrap();
    fs::write(site.at("etc/.copy.sops-inlay"), "half").unwrap();
    assert_eq!(site.place().unwrap().placed.len(), 3);
    assert_eq!(fs::read_link(site.at("etc/file")).unwrap(), site.target.link.join("a"));
    assert_eq!(fs::read_link(site.at("etc/stale")).unwrap(), site.target.link.join("b"));
    assert_eq!(fs::read_to_string(site.at("etc/copy")).unwrap(), "3");
    assert_eq!(site.etc(), ["copy", "file", "stale"]);
}

#[test]
fn all_paths_that_cannot_be_served_are_named_before_anything_changes() {
    let site = Site::new()
        .with("ok", "etc/ok", Kind::Symlink, "")
        .with("dir", "etc/dir", Kind::Symlink, "")
        .with("copy", "etc/dir", Kind::Copy, "")
        .with("below", "etc/file/below", Kind::Symlink, "")
        .with("twice", "etc/ok", Kind::Symlink, "")
        .with("outer", "etc/new", Kind::Symlink, "")
        .with("inner", "etc/new/inner", Kind::Symlink, "")
        .with("link", "secrets", Kind::Symlink, "")
        .with("mount", "secrets.d", Kind::Symlink, "");
    fs::create_dir(site.at("etc/dir")).unwrap();
    fs::write(site.at("etc/file"), "").unwrap();
    let LinkErrors(errors) = site.place().unwrap_err();
    let kinds: Vec<_> = errors
        .iter()
        .map(|error| match error {
            LinkError::DirectoryInTheWay { output, .. } => format!("directory {output}"),
            LinkError::System { output, .. } => format!("system {output}"),
            LinkError::PathTwice { output, other, .. } => format!("twice {output} {other}"),
            LinkError::UnusablePath { output, .. } => format!("unusable {output}"),
            LinkError::NotRemembered(_) | LinkError::Removal(_) => unreachable!(),
        })
        .collect();
    let expected = [
        "directory secret 'dir'",
        "directory secret 'copy'",
        "system secret 'below'",
        "twice secret 'twice' secret 'ok'",
        "unusable secret 'link'",
        "unusable secret 'mount'",
        "directory secret 'outer'",
    ];
    assert_eq!(kinds, expected);
    assert!(errors[0].to_string().contains("etc/dir: a directory is in the way"));
    assert_eq!(site.etc(), ["dir", "file"]);
    assert!(!site.at("state").exists());
}

#[test]
fn what_was_prepared_but_not_placed_is_taken_back() {
    let site = Site::new().with("a", "etc/x/y/a", Kind::Symlink, "1").with("c", "etc/c", Kind::Copy, "2");
    fs::write(site.at("etc/c"), "old").unwrap();
    site.prepare(|prepared| {
        assert_eq!(site.etc(), [".c.sops-inlay", "c", "x", "x/y", "x/y/.a.sops-inlay"]);
        drop(prepared);
    })
    .unwrap();
    assert_eq!((site.etc(), fs::read_to_string(site.at("etc/c")).unwrap()), (vec!["c".to_owned()], "old".to_owned()));
    assert_eq!(State::read(site.target.state_file.as_ref().unwrap()).unwrap(), State::default());
}

#[test]
fn what_is_no_longer_declared_is_removed_even_when_nothing_is_declared_any_more() {
    let site = Site::new().with("a", "etc/a", Kind::Symlink, "1").with("c", "etc/c", Kind::Copy, "2");
    site.place().unwrap();
    let site = site.without_outputs();
    let done = site.place().unwrap();
    assert_eq!((done.removed, site.etc().is_empty()), (vec![site.at("etc/a"), site.at("etc/c")], true));
    assert_eq!(State::read(site.target.state_file.as_ref().unwrap()).unwrap(), State::default());
}

#[test]
fn what_is_not_ours_any_more_is_kept() {
    let site = Site::new()
        .with("a", "etc/a", Kind::Symlink, "1")
        .with("b", "etc/b", Kind::Symlink, "1")
        .with("c", "etc/c", Kind::Copy, "2")
        .with("d", "etc/d", Kind::Copy, "2")
        .with("e", "etc/e", Kind::Symlink, "2");
    site.place().unwrap();
    fs::remove_file(site.at("etc/a")).unwrap();
    symlink("/elsewhere", site.at("etc/a")).unwrap();
    fs::remove_file(site.at("etc/b")).unwrap();
    fs::create_dir(site.at("etc/b")).unwrap();
    fs::write(site.at("etc/new"), "2").unwrap();
    fs::rename(site.at("etc/new"), site.at("etc/c")).unwrap();
    fs::set_permissions(site.at("etc/d"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(site.at("etc/d"), "edited").unwrap();
    fs::remove_file(site.at("etc/e")).unwrap();
    let site = site.without_outputs();
    let done = site.place().unwrap();
    let kept = ["etc/a", "etc/b", "etc/c", "etc/d"].map(|path| site.at(path));
    assert_eq!((done.kept, done.removed), (kept.to_vec(), Vec::new()));
    assert_eq!(site.etc(), ["a", "b", "c", "d"]);
    assert_eq!(site.place().unwrap(), Placement::default());
}

#[test]
fn a_copy_is_a_private_file_of_its_own_and_replaced_only_when_it_differs() {
    let mut site = Site::new().with("c", "etc/c", Kind::Copy, "one");
    site.outputs[0].0.mode = Mode::parse_octal("0440").unwrap();
    site.place().unwrap();
    let meta = fs::symlink_metadata(site.at("etc/c")).unwrap();
    assert_eq!((meta.is_file(), meta.permissions().mode() & 0o7777), (true, 0o440));
    assert_eq!(site.place().unwrap().placed, Vec::<PathBuf>::new());
    assert_eq!(fs::metadata(site.at("etc/c")).unwrap().ino(), meta.ino());
    site.outputs[0].1 = "two";
    assert_eq!(site.place().unwrap().placed, [site.at("etc/c")]);
    assert_eq!(fs::read_to_string(site.at("etc/c")).unwrap(), "two");
    site.outputs[0].0.mode = Mode::OWNER_READS;
    assert_eq!(site.place().unwrap().placed, [site.at("etc/c")]);
    let site = site.without_outputs();
    assert_eq!(site.place().unwrap().removed, [site.at("etc/c")]);
}

#[test]
fn the_copy_of_a_run_killed_before_the_rename_does_not_hide_the_one_before() {
    let mut site = Site::new().with("c", "etc/c", Kind::Copy, "one");
    site.place().unwrap();
    site.outputs[0].1 = "two";
    // Killed: nothing is dropped.
    site.prepare(|prepared| std::mem::forget(prepared)).unwrap();
    assert_eq!(site.etc(), [".c.sops-inlay", "c"]);
    let site = site.without_outputs();
    assert_eq!((site.place().unwrap().removed, site.etc().is_empty()), (vec![site.at("etc/c")], true));
}

#[test]
fn the_copy_of_a_run_killed_after_the_rename_is_known_as_ours() {
    let site = Site::new().with("c", "etc/c", Kind::Copy, "one");
    site.prepare(|prepared| std::mem::forget(prepared)).unwrap();
    fs::rename(site.at("etc/.c.sops-inlay"), site.at("etc/c")).unwrap();
    let site = site.without_outputs();
    assert_eq!(site.place().unwrap().removed, [site.at("etc/c")]);
}

#[test]
fn a_copy_that_cannot_be_remembered_is_refused_and_a_link_is_placed_with_a_warning() {
    for (kind, placed, readable) in [
        (Kind::Copy, false, true),
        (Kind::Copy, false, false),
        (Kind::Symlink, true, true),
        (Kind::Symlink, true, false),
    ] {
        let site = Site::new().with("a", "etc/a", kind, "1");
        match readable {
            true => symlink("/nonexistent", site.at("state")).unwrap(),
            false => fs::write(site.at("state"), "in the way").unwrap(),
        }
        match site.place() {
            Ok(done) => assert!(placed && done.warnings[0].contains("state"), "{:?}", done.warnings),
            Err(LinkErrors(errors)) => assert!(!placed && matches!(errors[..], [LinkError::NotRemembered(_)])),
        }
        assert_eq!(site.etc().is_empty(), !placed);
    }
}

#[test]
fn a_state_file_that_cannot_be_understood_is_a_warning() {
    let site = Site::new().with("a", "etc/a", Kind::Symlink, "1");
    fs::create_dir(site.at("state")).unwrap();
    fs::write(site.at("state/secrets.json"), "{").unwrap();
    let done = site.place().unwrap();
    assert!(done.warnings[0].contains("secrets.json"), "{:?}", done.warnings);
    assert_eq!(State::read(&site.at("state/secrets.json")).unwrap().placed.len(), 1);
}

#[test]
fn a_state_file_that_cannot_be_read_is_not_overwritten() {
    let site = Site::new().with("a", "etc/a", Kind::Symlink, "1");
    fs::create_dir(site.at("state")).unwrap();
    symlink("/", site.at("state/secrets.json")).unwrap();
    let done = site.place().unwrap();
    assert!(done.warnings[0].contains("cannot read"), "{:?}", done.warnings);
    assert!(fs::read_link(site.at("state/secrets.json")).is_ok());
    assert_eq!(tree(&site.at("state")), ["secrets.json"]);
}

#[test]
fn the_second_call_touches_only_what_was_placed() {
    let mut site = Site::new().with("c", "etc/c", Kind::Copy, "1").with("d", "etc/d", Kind::Copy, "1");
    site.place().unwrap();
    fs::remove_file(site.at("etc/d")).unwrap();
    fs::write(site.at("etc/d"), "mine").unwrap();
    let before = fs::metadata(site.at("etc/d")).unwrap().permissions();
    let outputs: Vec<_> = site.outputs.drain(..).map(|(output, _)| Output { mode: Mode::PRIVATE, ..output }).collect();
    let accounts = Accounts::resolve(&outputs, AccountPolicy::Caller).unwrap();
    assert_eq!(set_owners(&site.target, &outputs, &accounts).unwrap(), [site.at("etc/c")]);
    assert_eq!(fs::metadata(site.at("etc/c")).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(fs::metadata(site.at("etc/d")).unwrap().permissions(), before);
}

#[test]
fn a_copy_that_another_installation_placed_is_replaced_and_outlives_that_one() {
    let mut other = Site::new().with("a", "etc/a", Kind::Copy, "same");
    other.place().unwrap();
    let file = other.at("etc/a");
    let first = fs::metadata(&file).unwrap().ino();
    let own =
        |site: Site| Site { target: Target { state_file: Some(site.at("state/own.json")), ..site.target }, ..site };
    let mut ours = own(Site::new().with("a", "etc/a", Kind::Copy, "same"));
    ours.outputs[0].0.paths = vec![file.clone()];
    ours.place().unwrap();
    let second = fs::metadata(&file).unwrap().ino();
    assert_ne!(first, second);
    ours.place().unwrap();
    assert_eq!(fs::metadata(&file).unwrap().ino(), second, "our own stays");
    other = other.without_outputs();
    other.place().unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "same");
}
