//! Tests that run themselves again in a child, because they need root, a mount namespace or a process of their own.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

const ENTERED: &str = "SOPS_INLAY_TEST_ENTERED";

/// True in the child. In the parent runs the test `name` in a child, through `wrapper`, and fails where it fails.
pub fn enter(name: &str, wrapper: &[&str]) -> bool {
    if std::env::var_os(ENTERED).is_some() {
        return true;
    }
    let exe = std::env::current_exe().unwrap();
    let mut words = wrapper.iter().map(std::ffi::OsString::from).chain([exe.into_os_string()]);
    let mut command = Command::new(words.next().unwrap());
    command.args(words).args(["--exact", name, "--nocapture", "--test-threads=1"]).env(ENTERED, "1");
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    false
}

/// As [`enter`], with a mount namespace; false, with a message, where that takes rights this process does not have.
pub fn enter_mounts(name: &str, wrapper: &[&str]) -> bool {
    let command: Vec<&str> = ["unshare", "-m"].iter().chain(wrapper).copied().collect();
    if std::env::var_os(ENTERED).is_some() {
        return true;
    }
    let able = Command::new(command[0]).args(&command[1..]).arg("true").output();
    let root = fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0);
    if !root || !able.is_ok_and(|output| output.status.success()) {
        let message = format!("{name}: skipped: needs root and {}\n", command.join(" "));
        std::io::stderr().write_all(message.as_bytes()).unwrap();
        return false;
    }
    enter(name, &command)
}
