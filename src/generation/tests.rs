use super::*;
use crate::access::{Account, Mode};
use crate::changes::{Changes, Tense};
use crate::names::OutputKind;
use crate::output::Placement;
use crate::rendered::File;
use crate::secret::SecretBytes;
use crate::sys::accounts::{AccountPolicy, Accounts};
use crate::testing::output;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use tempfile::TempDir;

/// A place to install into, and what goes there.
struct Site {
    temp: TempDir,
    target: Target,
    outputs: Vec<Output>,
    bytes: Vec<Vec<u8>>,
}

impl Site {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let target = Target {
            mount_point: temp.path().join("secrets.d"),
            link: temp.path().join("secrets"),
            keep_generations: 1,
            mount: MountPolicy::Directory,
            parents: ParentPolicy::Caller,
            unchanged: UnchangedPolicy::NewGeneration,
            state_file: None,
        };
        Self { temp, target, outputs: Vec::new(), bytes: Vec::new() }
    }

    fn with(mut self, kind: OutputKind, name: &str, bytes: &str) -> Self {
        self.outputs.push(output(kind, name));
        self.bytes.push(bytes.into());
        self
    }

    fn sample() -> Self {
        Self::new().with(OutputKind::Secret, "a", "one").with(OutputKind::Secret, "db/x/pw", "two").with(
            OutputKind::Template,
            "app/env",
            "K=two",
        )
    }

    fn accounts(&self) -> Accounts {
        Accounts::resolve(&self.outputs, AccountPolicy::Caller).unwrap()
    }

    fn files(&self) -> Vec<File<'_>> {
        let bytes = self.bytes.iter().map(|bytes| SecretBytes::copy_of(bytes));
        self.outputs.iter().zip(bytes).map(|(output, bytes)| File { output, bytes }).collect()
    }

    fn compare(&self) -> Changes {
        Running::find(&self.target).unwrap().compare(&self.target, &self.files(), &self.accounts()).unwrap()
    }

    fn install(&self) -> Result<Changes, Error> {
        let (files, accounts) = (self.files(), self.accounts());
        let store = Store::open(&self.target, &accounts)?;
        let changes = store.running().compare(&self.target, &files, &accounts)?;
        store.stage(&files, &accounts, &changes)?.switch()?.prune()?;
        Ok(changes)
    }

    fn running(&self) -> String {
        fs::read_link(&self.target.link).unwrap().file_name().unwrap().to_str().unwrap().to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.target.link.join(name)).unwrap()
    }

    /// Every path below the site, sorted.
    fn litter(&self) -> Vec<String> {
        names(self.temp.path())
    }

    fn generations(&self) -> Vec<String> {
        names(&self.target.mount_point)
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(path: impl AsRef<Path>) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_fresh_install_has_every_file_with_its_mode_and_private_directories() {
    let mut site = Site::sample();
    site.outputs[0].mode = Mode::parse_octal("0666").unwrap();
    site.outputs[1].mode = Mode::parse_octal("4750").unwrap();
    let changes = site.install().unwrap();
    for (name, text) in [("a", "one"), ("db/x/pw", "two"), ("rendered/app/env", "K=two")] {
        assert_eq!(site.read(name), text);
    }
    assert_eq!(fs::read_link(&site.target.link).unwrap(), site.target.mount_point.join("1"));
    for (path, bits) in
        [("a", 0o666), ("db/x/pw", 0o4750), ("rendered/app/env", 0o400), ("db", 0o751), ("db/x", 0o751), ("", 0o751)]
    {
        assert_eq!(mode(site.target.mount_point.join("1").join(path)), bits, "{path}");
    }
    assert_eq!(mode(&site.target.mount_point), 0o751);
    assert_eq!(changes.activation, crate::changes::Activation::First);
    assert!(changes.lines(Tense::Done).is_empty());
    assert_eq!(site.litter(), ["secrets", "secrets.d"]);
}

#[test]
fn a_second_run_counts_up_and_reports_what_changed() {
    let mut site = Site::sample().with(OutputKind::Secret, "gone", "x").with(OutputKind::Secret, "moded", "x");
    site.install().unwrap();
    assert_eq!(site.install().unwrap().lines(Tense::Done), Vec::<String>::new());
    assert_eq!((site.running(), site.generations()), ("2".to_owned(), vec!["2".to_owned()]));
    site.bytes[0] = b"ONE".to_vec();
    site.outputs[4].mode = Mode::parse_octal("0440").unwrap();
    site.outputs.remove(3);
    site.bytes.remove(3);
    let site = site.with(OutputKind::Template, "fresh", "");
    let planned = site.compare();
    let done = site.install().unwrap();
    assert_eq!(planned, done);
    let lines = ["modifying secrets: a, moded", "removing secret: gone", "adding rendered secret: fresh"];
    assert_eq!(done.lines(Tense::Done), lines);
    assert_eq!(mode(site.target.link.join("moded")), 0o440);
}

#[test]
fn a_file_that_becomes_a_directory_is_new_and_the_other_way_round() {
    let site = Site::new().with(OutputKind::Secret, "a", "1").with(OutputKind::Secret, "b/c", "2");
    site.install().unwrap();
    let turned = Site { outputs: Vec::new(), bytes: Vec::new(), ..site }.with(OutputKind::Secret, "a/x", "1").with(
        OutputKind::Secret,
        "b",
        "2",
    );
    let lines = turned.install().unwrap().lines(Tense::Done);
    assert_eq!(lines, ["adding secrets: a/x, b", "removing secrets: a, b/c"]);
}

#[test]
fn an_unchanged_generation_is_kept_where_the_target_says_so() {
    let mut site = Site::sample();
    site.target.unchanged = UnchangedPolicy::Keep;
    site.install().unwrap();
    let inode = fs::metadata(site.target.link.join("a")).unwrap().ino();
    assert!(site.install().unwrap().is_empty());
    assert_eq!(fs::metadata(site.target.link.join("a")).unwrap().ino(), inode);
    site.outputs[0].mode = Mode::parse_octal("0440").unwrap();
    site.install().unwrap();
    assert_eq!(site.running(), "2");
    site.outputs.pop();
    site.bytes.pop();
    site.install().unwrap();
    assert_eq!(site.running(), "3");
}

#[test]
fn pruning_keeps_what_it_is_told_to_and_names_that_are_not_numbers() {
    for (keep, left) in [
        (0, vec!["+3", "1", "100", "2", "98", "99", "non-numeric"]),
        (1, vec!["+3", "100", "non-numeric"]),
        (2, vec!["+3", "100", "99", "non-numeric"]),
        (99, vec!["+3", "100", "2", "98", "99", "non-numeric"]),
    ] {
        let mut site = Site::sample();
        for name in ["1", "2", "98", "99", "non-numeric", "+3"] {
            fs::create_dir_all(site.target.mount_point.join(name)).unwrap();
        }
        symlink(site.target.mount_point.join("99"), &site.target.link).unwrap();
        site.target.keep_generations = keep;
        site.install().unwrap();
        assert_eq!(site.generations(), left, "keep {keep}");
    }
}

#[test]
fn leftovers_of_a_killed_run_are_cleaned_up() {
    let site = Site::sample();
    site.install().unwrap();
    fs::create_dir_all(site.target.mount_point.join("2/old/deep")).unwrap();
    fs::write(site.target.mount_point.join("2/old/deep/secret"), "stale").unwrap();
    fs::create_dir_all(site.target.mount_point.join("7")).unwrap();
    symlink("nowhere", site.temp.path().join(".secrets.sops-inlay")).unwrap();
    site.install().unwrap();
    assert_eq!((site.generations(), site.litter()), (vec!["2".to_owned()], vec!["secrets".into(), "secrets.d".into()]));
    assert_eq!(names(&site.target.link), ["a", "db", "rendered"]);
}

#[test]
fn a_plain_directory_at_the_link_is_replaced_only_by_a_complete_generation() {
    let site = Site::sample();
    fs::create_dir_all(site.target.link.join("sub")).unwrap();
    fs::write(site.target.link.join("sub/old"), "old").unwrap();
    let (files, accounts) = (site.files(), site.accounts());
    let store = Store::open(&site.target, &accounts).unwrap();
    let staged = store.stage(&files, &accounts, &Changes::default()).unwrap();
    assert_eq!(site.read("sub/old"), "old");
    staged.switch().unwrap();
    assert_eq!((site.read("a"), site.litter()), ("one".to_owned(), vec!["secrets".into(), "secrets.d".into()]));
}

#[test]
fn a_failure_before_the_switch_leaves_the_host_as_it_was() {
    let site = Site::new().with(OutputKind::Secret, "a", "1").with(OutputKind::Secret, "a", "2");
    let error = site.install().unwrap_err().to_string();
    assert!(error.starts_with("cannot create ") && error.contains("secrets.d/1/a: File exists"), "{error}");
    assert_eq!(site.litter(), Vec::<String>::new());
    let site = Site::sample();
    site.install().unwrap();
    let site = site.with(OutputKind::Secret, "a", "twice");
    site.install().unwrap_err();
    assert_eq!((site.running(), site.generations()), ("1".to_owned(), vec!["1".to_owned()]));
}

#[test]
fn a_link_that_leads_elsewhere_starts_at_one_and_spares_what_it_leads_to() {
    let site = Site::sample();
    let elsewhere = site.temp.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("a"), "one").unwrap();
    symlink(&elsewhere, &site.target.link).unwrap();
    let changes = site.install().unwrap();
    assert_eq!((site.running(), names(&elsewhere)), ("1".to_owned(), vec!["a".to_owned()]));
    assert!(!changes.secrets.added.contains("a") && changes.secrets.added.contains("db/x/pw"));
    // The same directory under another name of its parent.
    let alias = site.temp.path().join("alias");
    symlink(&site.target.mount_point, &alias).unwrap();
    fs::remove_file(&site.target.link).unwrap();
    symlink(alias.join("1"), &site.target.link).unwrap();
    site.install().unwrap();
    assert_eq!(site.running(), "2");
}

#[test]
fn a_relative_link_and_a_dangling_one_still_give_the_number() {
    let site = Site::sample();
    site.install().unwrap();
    fs::remove_file(&site.target.link).unwrap();
    symlink("secrets.d/41", &site.target.link).unwrap();
    assert_eq!(site.install().unwrap().activation, crate::changes::Activation::First);
    assert_eq!(site.running(), "42");
}

#[test]
fn a_link_to_what_is_no_generation_is_refused() {
    let site = Site::sample();
    fs::create_dir_all(site.target.mount_point.join("nine")).unwrap();
    symlink(site.target.mount_point.join("nine"), &site.target.link).unwrap();
    assert!(matches!(site.install(), Err(Error::NotAGeneration { .. })));
}

#[test]
fn further_paths_below_the_link_are_part_of_the_generation() {
    let mut site = Site::sample();
    site.target.unchanged = UnchangedPolicy::Keep;
    site.outputs[0].paths =
        vec![site.target.link.join("a"), site.target.link.join("other/name"), site.temp.path().join("outside")];
    site.outputs[1].paths = vec![site.target.link.join("copy")];
    site.outputs[1].placement = Placement::Copy;
    site.install().unwrap();
    assert_eq!((site.read("other/name"), site.read("copy")), ("one".to_owned(), "two".to_owned()));
    assert_eq!(fs::read_link(site.target.link.join("other/name")).unwrap(), site.target.link.join("a"));
    assert!(site.install().unwrap().is_empty());
    site.outputs[0].paths.clear();
    assert_eq!(site.install().unwrap().links.into_iter().collect::<Vec<_>>(), ["other/name"]);
    assert_eq!((site.running(), site.target.link.join("other").exists()), ("2".to_owned(), false));
}

#[test]
fn a_name_too_deep_to_be_removed_again_is_refused() {
    let site = Site::new().with(OutputKind::Secret, &format!("{}x", "d/".repeat(200)), "x");
    assert!(matches!(site.install(), Err(Error::TooDeep { .. })));
    assert!(site.litter().is_empty());
}

#[test]
fn a_second_run_waits_for_the_first() {
    let site = Site::sample();
    site.install().unwrap();
    let store = Store::open(&site.target, &site.accounts()).unwrap();
    std::thread::scope(|scope| {
        let second = scope.spawn(|| site.install().map(drop));
        let (files, accounts) = (site.files(), site.accounts());
        let changes = store.running().compare(&site.target, &files, &accounts).unwrap();
        store.stage(&files, &accounts, &changes).unwrap().switch().unwrap().prune().unwrap();
        second.join().unwrap().unwrap();
    });
    assert_eq!(site.running(), "3");
}

#[test]
fn owners_are_set_in_a_second_call_on_the_files_that_are_there() {
    let mut site = Site::sample();
    site.install().unwrap();
    site.outputs[0].mode = Mode::parse_octal("0440").unwrap();
    let outputs = site.with(OutputKind::Secret, "absent", "").outputs;
    let site = Site::sample();
    site.install().unwrap();
    let accounts = Accounts::resolve(&outputs, AccountPolicy::Caller).unwrap();
    let owned = set_owners(&site.target, &outputs, &accounts).unwrap();
    assert_eq!(owned.changed, [outputs[0].name.clone()]);
    assert_eq!(owned.absent, [outputs[3].name.clone()]);
    assert_eq!(mode(site.target.link.join("a")), 0o440);
}

#[test]
fn a_file_with_a_second_name_is_not_given_away() {
    let mut site = Site::sample();
    site.install().unwrap();
    fs::hard_link(site.target.link.join("a"), site.temp.path().join("second")).unwrap();
    site.outputs[0].mode = Mode::parse_octal("0444").unwrap();
    set_owners(&site.target, &site.outputs, &site.accounts()).unwrap_err();
    assert_eq!(mode(site.temp.path().join("second")), 0o400);
}

#[test]
fn missing_accounts_are_all_named_at_once_unless_they_may_come_later() {
    let mut site = Site::sample();
    site.outputs[0].owner = Account::Name("no-such-user".to_owned());
    site.outputs[1].group = Account::Name("no-such-group".to_owned());
    site.outputs[2].owner = Account::Id(4_000_000_000);
    let text = Accounts::resolve(&site.outputs, AccountPolicy::Resolve).unwrap_err().to_string();
    assert!(text.contains("secret 'a': user 'no-such-user' does not exist"), "{text}");
    assert!(text.contains("secret 'db/x/pw': group 'no-such-group' does not exist"), "{text}");
    assert!(!text.contains("4000000000"), "{text}");
    for policy in [AccountPolicy::Root, AccountPolicy::Caller, AccountPolicy::Preview, AccountPolicy::Later] {
        Accounts::resolve(&site.outputs, policy).unwrap();
    }
}
