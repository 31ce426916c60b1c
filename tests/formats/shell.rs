//! Scripts are proved by running them, many at a time.

use crate::document::{Leaf, Leaves};
use std::io::Write;
use std::process::{Command, Stdio};

const PROLOGUE: &[u8] = b"show() { printf '%s\\0%s\\0' \"$1\" \"$2\"; }
show_in() { v=$(/bin/cat; printf .); printf '%s\\0%s\\0' \"$1\" \"${v%.}\"; }
";
/// Ends the output of one script.
const NEXT: &[u8] = b"show -- next\n";

/// Runs scripts with /bin/sh; returns what each showed, or less than there are where one breaks the others.
pub fn run(scripts: &[&[u8]]) -> Vec<Leaves> {
    let shell = std::env::var("INLAY_SHELL").unwrap_or_else(|_| "/bin/sh".to_owned());
    // No PATH: a script that has come apart finds no program to run.
    let mut child = Command::new(shell)
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
    let mut all = PROLOGUE.to_vec();
    for script in scripts {
        all.extend_from_slice(script);
        all.extend_from_slice(NEXT);
    }
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(&all));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    let mut said = Vec::new();
    let mut leaves = Vec::new();
    let mut texts = output.stdout.split(|byte| *byte == 0);
    while let (Some(name), Some(text)) = (texts.next(), texts.next()) {
        if name == b"--" {
            leaves.sort_by(|one: &(Vec<Vec<u8>>, Leaf), two| one.0.cmp(&two.0));
            said.push(std::mem::take(&mut leaves));
        } else {
            leaves.push((vec![name.to_vec()], Leaf::text(text)));
        }
    }
    said
}
