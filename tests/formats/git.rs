//! INI files as git reads them, which is on every machine that this is developed on.

use crate::document::{Leaf, Leaves};
use std::fmt::Write;
use std::process::Command;

/// Whether git is there to be asked. In CI it must be.
#[allow(clippy::print_stderr)]
pub fn is_there() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok_and(|run| run.status.success());
    assert!(found || std::env::var_os("CI").is_none(), "git is missing");
    if !found {
        eprintln!("skipped: no git");
    }
    found
}

/// Reads many files of one section `s` each in one go. None for all of them if git finds one of them wrong.
pub fn read(texts: &[&[u8]]) -> Vec<Option<Leaves>> {
    let mut all = String::new();
    for (number, text) in texts.iter().enumerate() {
        let text = String::from_utf8_lossy(text);
        writeln!(all, "{}", text.replacen("[s]\n", &format!("[f{number}]\n"), 1)).unwrap();
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), all).unwrap();
    let run = Command::new("git").args(["config", "-z", "--list", "-f"]).arg(file.path()).output().unwrap();
    if !run.status.success() {
        return vec![None; texts.len()];
    }
    let mut files = vec![Leaves::new(); texts.len()];
    for entry in run.stdout.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        let at = entry.iter().position(|byte| *byte == b'\n').unwrap_or(entry.len());
        let name = String::from_utf8_lossy(&entry[..at]);
        let (section, name) = name.split_once('.').unwrap();
        let leaf = Leaf::text(entry.get(at + 1..).unwrap_or_default());
        files[section[1..].parse::<usize>().unwrap()].push((vec![b"s".to_vec(), name.as_bytes().to_vec()], leaf));
    }
    files.iter_mut().for_each(|leaves| leaves.sort_by(|one, two| one.0.cmp(&two.0)));
    files.into_iter().map(Some).collect()
}
