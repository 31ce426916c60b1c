//! Random documents, encrypted by the real sops, come out of `sops-inlay decrypt` as they come out of `sops decrypt`.
//!
//! `SOPS_INLAY_CASES` documents (200 where CI is set, else 40) from seed `SOPS_INLAY_SEED` on. A difference prints its
//! seed; `SOPS_INLAY_SEED=N SOPS_INLAY_CASES=1` repeats it and `SOPS_INLAY_KEEP=DIR` keeps its files there.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use support::random::{Case, Random, Step};
use support::{bare, in_ci, inlay, key, recipient, skipped, told, tool};

/// Values compared by key path in each document.
const PLACES: usize = 3;

/// What a run did.
#[derive(Debug, Default)]
struct Tally {
    compared: usize,
    places: usize,
    /// Documents that sops itself would not encrypt.
    refused: usize,
    /// Documents that sops does not read back as it wrote them.
    excused: usize,
    differences: Vec<String>,
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect(variable))
}

#[test]
fn random_documents_decrypt_as_sops_decrypts_them() {
    let Some(sops) = tool("SOPS_BIN", "sops") else {
        assert!(!in_ci(), "sops is needed: put it on PATH or name it in SOPS_BIN");
        return skipped("differential", "no sops on PATH or in SOPS_BIN");
    };
    let first = number("SOPS_INLAY_SEED", 1);
    let count = number("SOPS_INLAY_CASES", if in_ci() { 200 } else { 40 });
    let (next, tally) = (AtomicU64::new(first), Mutex::new(Tally::default()));
    let workers = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        return;
                    }
                    one(&sops, seed, &tally);
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    tell(&tally, first, count);
    assert!(tally.differences.is_empty(), "{}", tally.differences.join("\n"));
    assert!(tally.refused * 4 <= count as usize, "sops refused {} of {count}: the generator is off", tally.refused);
}

/// The figures of a run, seen in a green one too.
fn tell(tally: &Tally, first: u64, count: u64) {
    let Tally { compared, places, refused, excused, differences } = tally;
    use std::io::Write;
    let line = format!(
        "differential: seeds {first}..{}: {compared} documents and {places} values compared, {refused} refused by sops, {excused} excused, {} differ\n",
        first + count,
        differences.len()
    );
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// Encrypts the document of a seed and compares all that is printed of it.
fn one(sops: &Path, seed: u64, tally: &Mutex<Tally>) {
    let case = Case::new(seed);
    let temp = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("SOPS_INLAY_KEEP").map_or(temp.path().to_owned(), PathBuf::from);
    let Some(file) = encrypt(sops, &case, &folder) else {
        tally.lock().unwrap().refused += 1;
        return;
    };
    let mut differences = Vec::new();
    let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
    let ours = inlay([Path::new("decrypt"), &file]).env("SOPS_AGE_KEY_FILE", key("age-test.txt")).output().unwrap();
    let theirs = decrypt(sops, &file, &[]);
    // sops 3.13.2 alone hashes an encrypted comment in a list, and so fails on its own file: its text is right.
    let own_bug = theirs.status.code() == Some(51) && ours.status.success() && text.lines().any(is_list_comment);
    let theirs = if own_bug { decrypt(sops, &file, &["--ignore-mac"]) } else { theirs };
    let same = ours.stdout == theirs.stdout && ours.status.success() == theirs.status.success();
    let excused = excuse(&text);
    if !same && excused {
        return tally.lock().unwrap().excused += 1;
    }
    if !same {
        differences.push(format!("seed {seed}: whole file:\nours: {}theirs: {}", told(&ours), told(&theirs)));
    }
    let mut random = Random(!seed);
    let mut compared = 0;
    for _ in 0..PLACES.min(case.places.len()) {
        let place = case.places[random.below(case.places.len())].clone();
        if !comparable(&case, &text, &place) {
            continue;
        }
        let ignore_mac: &[&str] = if own_bug { &["--ignore-mac"] } else { &[] };
        let theirs = decrypt(sops, &file, &[&["--extract", &extract(&place)], ignore_mac].concat());
        // The rest of the file follows an extracted map or list in sops: a slip of its writer, not a value.
        let followed = case.documents > 1 && theirs.stdout.windows(4).any(|bytes| bytes == b"---\n");
        if followed {
            continue;
        }
        let ours = inlay(["decrypt".to_owned(), format!("--key={}", key_path(&place))])
            .arg(&file)
            .env("SOPS_AGE_KEY_FILE", key("age-test.txt"))
            .output()
            .unwrap();
        compared += 1;
        if ours.stdout != theirs.stdout || ours.status.success() != theirs.status.success() {
            let place = key_path(&place);
            differences.push(format!("seed {seed}: {place}:\nours: {}theirs: {}", told(&ours), told(&theirs)));
        }
    }
    let mut tally = tally.lock().unwrap();
    tally.compared += 1;
    tally.places += compared;
    tally.differences.extend(differences);
}

/// The encrypted file; None where sops refuses the document.
fn encrypt(sops: &Path, case: &Case, folder: &Path) -> Option<PathBuf> {
    let plain = folder.join(format!("plain.{}", case.format));
    let file = folder.join(format!("secrets.{}", case.format));
    fs::write(&plain, &case.text).unwrap();
    let rule = case.rule.map(|(name, pattern)| format!("    {name}: '{pattern}'\n")).unwrap_or_default();
    let mac = if case.mac_only_encrypted { "    mac_only_encrypted: true\n" } else { "" };
    let age = recipient(&key("age-test.txt"));
    fs::write(folder.join("sops.yaml"), format!("creation_rules:\n  - age: {age}\n{rule}{mac}")).unwrap();
    let mut command = bare(sops);
    command.args(["--config"]).arg(folder.join("sops.yaml")).args(["encrypt", "--output"]).arg(&file).arg(&plain);
    let output = command.output().unwrap();
    output.status.success().then_some(file)
}

/// What the real sops prints.
fn decrypt(sops: &Path, file: &Path, arguments: &[&str]) -> Output {
    let mut command: Command = bare(sops);
    command.env("SOPS_AGE_KEY_FILE", key("age-test.txt")).arg("decrypt").args(arguments).arg(file);
    command.output().unwrap()
}

/// Whether a line of an encrypted file is a comment that stands in a list: sops writes it as an item.
fn is_list_comment(line: &str) -> bool {
    line.contains("- ENC[") && !line.contains(" #ENC[") && line.ends_with(",type:comment]")
}

/// What sops does not read back as it wrote it; a difference in such a file is no fault of ours.
fn excuse(text: &str) -> bool {
    // An empty comment in a list becomes an empty item each time sops reads it.
    let empty_comment = text.lines().any(|line| line.trim() == "#");
    // U+2028 in a clear text of several lines: go-yaml takes it for a line break, and the blanks behind for indentation.
    let separator =
        text.lines().any(|line| line.split_once('\u{2028}').is_some_and(|(before, _)| !before.contains('\'')));
    empty_comment || separator
}

/// Whether both have a way to name the place.
fn comparable(case: &Case, text: &str, place: &[Step]) -> bool {
    // sops counts the comments of a list as items when it extracts.
    let plain = text.split("\nsops:").next().unwrap_or_default();
    let comments = case.format == "yaml" && (plain.contains('#') || plain.contains(",type:comment]"));
    let named = place.iter().all(|step| match step {
        // sops splits its own notation at every bracket; we take no key path with an empty part.
        Step::Key(key) => !key.contains(['[', ']', '"']) && !key.is_empty(),
        Step::Position(_) => !comments,
    });
    named && !case.has_duplicate_keys
}

fn extract(place: &[Step]) -> String {
    let steps = place.iter().map(|step| match step {
        Step::Key(key) => format!("[\"{key}\"]"),
        Step::Position(index) => format!("[{index}]"),
    });
    steps.collect()
}

fn key_path(place: &[Step]) -> String {
    let parts = place.iter().map(|step| match step {
        Step::Key(key) => key.replace('\\', "\\\\").replace('/', "\\/"),
        Step::Position(index) => index.to_string(),
    });
    parts.collect::<Vec<_>>().join("/")
}
