//! Our program in the place of sops-nix's: its module booted under systemd, and its own Go tests. Scripts do the work;
//! one that ends with 77 has said what is missing here.

use std::io::Write;
use std::path::Path;
use std::process::Command;

#[track_caller]
fn script(path: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let output = Command::new(script).arg(env!("CARGO_BIN_EXE_sops-inlay")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => {}
        Some(77) => std::io::stderr().write_all(format!("{path}: {said}").as_bytes()).unwrap(),
        _ => panic!("{path}: {}\n{said}", output.status),
    }
}

#[test]
fn a_host_of_sops_nix_boots_with_our_program() {
    script("tests/boot/run.sh");
}

#[test]
fn the_go_tests_of_sops_nix_pass_unchanged() {
    script("tests/oracle/sops-nix-go-tests.sh");
}
