//! Scripts are proved by running them, many at a time.

use crate::document::{Leaf, Leaves};
use std::io::Write;
use std::process::{Command, Stdio};

const PROLOGUE: &[u8] = b"show() { printf '%s\\0%s\\0' \"$1\" \"$2\"; }
show_in() { v=$(/bin/cat; printf .); printf '%s\\0%s\\0' \"$1\" \"${v%.}\"; }
";
/// Ends the output of one script.
const NEXT: &[u8] = b"show -- next\n";

/// Runs scripts with /bin/sh, or the shell in `INLAY_SHELL`, and with bash; returns what each showed to both. What they
/// do not agree on is a break, as is a script that breaks the others: they are left out.
pub fn run(scripts: &[&[u8]]) -> Vec<Leaves> {
    let (mut one, two) = (run_with(&posix(), scripts), run_with("bash", scripts));
    let alike = one.iter().zip(&two).take_while(|(one, two)| one == two).count();
    one.truncate(alike);
    one
}

/// The shell that stands for all.
fn posix() -> String {
    std::env::var("INLAY_SHELL").unwrap_or_else(|_| "/bin/sh".to_owned())
}

/// The same with one shell.
pub fn run_with(shell: &str, scripts: &[&[u8]]) -> Vec<Leaves> {
    let all = scripts.iter().flat_map(|script| [*script, NEXT]).collect::<Vec<_>>().concat();
    let mut said = Vec::new();
    let mut leaves = Vec::new();
    let output = output(shell, &all);
    let mut texts = output.split(|byte| *byte == 0);
    while let (Some(name), Some(text)) = (texts.next(), texts.next()) {
        if name == b"--" {
            said.push(sorted(std::mem::take(&mut leaves)));
        } else {
            leaves.push((vec![name.to_vec()], Leaf::text(text)));
        }
    }
    said
}

/// Runs scripts that may well be wrong, each in a subshell; returns what each showed that came to its end.
pub fn run_apart(scripts: &[&[u8]]) -> Vec<Option<Leaves>> {
    let directory = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for (number, script) in scripts.iter().enumerate() {
        let path = directory.path().join(number.to_string());
        std::fs::write(&path, [script, NEXT].concat()).unwrap();
        let path = path.to_str().unwrap();
        all.extend_from_slice(format!("( . '{path}' ) < /dev/null\nshow == {number}\n").as_bytes());
    }
    let mut said = Vec::new();
    let (mut leaves, mut ended) = (Vec::new(), false);
    let output = output(&posix(), &all);
    let mut texts = output.split(|byte| *byte == 0);
    while let (Some(name), Some(text)) = (texts.next(), texts.next()) {
        match name {
            b"--" => ended = true,
            b"==" => {
                assert_eq!(text, said.len().to_string().as_bytes(), "a script broke the one that runs all");
                let leaves = std::mem::take(&mut leaves);
                said.push(std::mem::take(&mut ended).then(|| sorted(leaves)));
            }
            name => leaves.push((vec![name.to_vec()], Leaf::text(text))),
        }
    }
    assert_eq!(said.len(), scripts.len(), "a script broke the one that runs all");
    said
}

fn sorted(mut leaves: Leaves) -> Leaves {
    leaves.sort_by(|one, two| one.0.cmp(&two.0));
    leaves
}

/// What a script writes.
fn output(shell: &str, script: &[u8]) -> Vec<u8> {
    // No PATH: a script that has come apart finds no program to run.
    let mut child = Command::new(found(shell))
        .env_clear()
        .env("PATH", "")
        .env("LC_ALL", "C")
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .arg("/dev/stdin")
        .spawn()
        .unwrap();
    let all = [PROLOGUE, script].concat();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(&all));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    output.stdout
}

/// The path of a program, for the shells run without `PATH`.
fn found(name: &str) -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|directory| directory.join(name));
    places.find(|path| path.is_file()).unwrap_or_else(|| panic!("no {name}"))
}
