//! What several test programs need: the built program, the real tools, keys and folders. Builds things, asserts nothing.

// Each test program takes the parts it needs.
#![allow(dead_code, missing_docs)]

pub mod crafted;
pub mod random;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program under test.
pub const SOPS_INLAY: &str = env!("CARGO_BIN_EXE_sops-inlay");

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A throwaway key of `tests/keys/`.
pub fn key(name: &str) -> PathBuf {
    root().join("tests/keys").join(name)
}

/// The public half that an age key file names in its comment.
pub fn recipient(key_file: &Path) -> String {
    let text = std::fs::read_to_string(key_file).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("# public key: "));
    line.unwrap().to_owned()
}

/// A program of `PATH`, or the one that the variable names.
pub fn tool(variable: &str, name: &str) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) {
        return Some(PathBuf::from(path));
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Whether this is a run of continuous integration, where nothing may be skipped for lack of a tool.
pub fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty())
}

/// Files of other projects that tests read in place: `../shared`, or where `SOPS_INLAY_SHARED` says.
pub fn shared() -> Option<PathBuf> {
    let folder = match std::env::var_os("SOPS_INLAY_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => root().join("../shared"),
    };
    folder.is_dir().then_some(folder)
}

/// Says why a test did nothing; straight to stderr, so that it is seen in a green run as well.
pub fn skipped(test: &str, why: &str) {
    let _ = std::io::stderr().write_all(format!("{test}: skipped: {why}\n").as_bytes());
}

/// A command with no key in its environment but those set later, and a home that is empty.
pub fn bare(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", "/nonexistent");
    command.env("NO_COLOR", "1");
    command
}

/// `sops-inlay` (the one that `SOPS_INLAY_BIN` names, if it does) with arguments and no key.
pub fn inlay<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let program = std::env::var_os("SOPS_INLAY_BIN").unwrap_or_else(|| SOPS_INLAY.into());
    let mut command = bare(program);
    command.args(arguments);
    command
}

/// What a program did, for messages of failed tests.
pub fn told(output: &Output) -> String {
    let mut text = format!("exit {:?}\n", output.status.code());
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let _ = writeln!(text, "--- {name}\n{}", String::from_utf8_lossy(bytes));
    }
    text
}

/// The files below a folder, in order.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
