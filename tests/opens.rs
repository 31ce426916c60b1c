//! Each encrypted file is opened once and unlocked once, and one that no wanted secret needs is never opened.

mod support;

use serde_json::json;
use std::fs;
use std::path::Path;
use support::crafted::{Stanza, text};
use support::{SOPS_INLAY, bare, in_ci, key, skipped, told, tool};

/// Secrets in each of the two files.
const SECRETS: usize = 40;

/// A file with keys `k0` …, and a manifest with two files and a template for the first secret of each.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let keys: Vec<_> = (0..SECRETS).map(|i| format!("k{i}")).collect();
    let body: String = keys.iter().map(|key| format!("{key}: {}\n", text("v", &format!("{key}:")))).collect();
    for file in ["one.yaml", "two.yaml"] {
        fs::write(folder.path().join(file), body.clone() + &Stanza::new("v".repeat(SECRETS)).yaml()).unwrap();
    }
    let secret =
        |file: &str, key: &str| json!({ "name": format!("of-{}/{key}", &file[..3]), "key": key, "sopsFile": file });
    let secrets: Vec<_> =
        ["one.yaml", "two.yaml"].iter().flat_map(|file| keys.iter().map(|key| secret(file, key))).collect();
    let manifest = json!({
        "schema": 1,
        "userMode": true,
        "secretsMountPoint": "secrets.d",
        "symlinkPath": "secrets",
        "ageKeyFile": key("age-test.txt"),
        "placeholderBySecretName": { "of-one/k0": "@ONE@", "of-two/k0": "@TWO@" },
        "secrets": secrets,
        "templates": [
            { "name": "first", "content": "@ONE@\n" },
            { "name": "second", "content": "@TWO@\n" },
        ],
    });
    fs::write(folder.path().join("manifest.json"), manifest.to_string()).unwrap();
    folder
}

/// Runs the program under strace; how often it opened `one.yaml`, `two.yaml` and the key file. None without strace.
fn opens(folder: &Path, arguments: &[&str]) -> Option<[usize; 3]> {
    let Some(strace) = tool("STRACE", "strace") else {
        assert!(!in_ci(), "strace is needed");
        skipped("opens", "no strace");
        return None;
    };
    let log = folder.join("trace");
    let mut command = bare(strace);
    command
        .args(["-f", "-qq", "-e", "trace=open,openat,openat2,creat", "-o"])
        .arg(&log)
        .arg(SOPS_INLAY)
        .args(arguments);
    let output = command.current_dir(folder).env("SOPS_INLAY_STATE_DIR", folder.join("state")).output().unwrap();
    if !log.exists() {
        skipped("opens", "processes may not be traced here");
        return None;
    }
    assert!(output.status.success(), "{}", told(&output));
    let text = fs::read_to_string(&log).unwrap();
    Some(
        ["one.yaml\"", "two.yaml\"", "age-test.txt\""]
            .map(|file| text.lines().filter(|line| line.contains(file)).count()),
    )
}

#[test]
fn an_installation_opens_each_encrypted_file_and_the_key_once() {
    let folder = folder();
    if let Some(counts) = opens(folder.path(), &["install", "manifest.json"]) {
        assert_eq!(counts, [1, 1, 1]);
        assert_eq!(fs::read(folder.path().join("secrets/of-two/k39")).unwrap(), b"v");
    }
}

#[test]
fn rendering_one_template_opens_the_one_file_it_needs() {
    let folder = folder();
    if let Some(counts) = opens(folder.path(), &["render", "-o", "out", "manifest.json", "first"]) {
        assert_eq!(counts, [1, 0, 1]);
    }
}

#[test]
fn a_preview_opens_no_key_and_a_plain_check_no_encrypted_file() {
    let folder = folder();
    if let Some(counts) = opens(folder.path(), &["render", "--dry-run", "manifest.json"]) {
        assert_eq!(counts[2], 0);
    }
    if let Some(counts) = opens(folder.path(), &["check", "--no-sops-files", "manifest.json"]) {
        assert_eq!(counts, [0, 0, 0]);
    }
}

/// A plugin that logs each call and hands out the file key written into its identity's place by the test.
const PLUGIN: &str = r#"#!/bin/sh
echo call >> "$PLUGIN_LOG"
while read -r line; do [ "$line" = "-> done" ] && break; done
printf -- '-> error internal\nbm8\n'
read -r line; read -r line
printf -- '-> done\n\n'
"#;

#[test]
fn many_secrets_of_a_file_cost_one_unlock() {
    let folder = folder();
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let plugin = bin.join("age-plugin-count");
    fs::write(&plugin, PLUGIN).unwrap();
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(&plugin, fs::Permissions::from_mode(0o755)).unwrap();
    let identity = bech32::encode::<bech32::Bech32>(bech32::Hrp::parse("age-plugin-count-").unwrap(), b"").unwrap();
    fs::write(folder.path().join("key"), identity.to_uppercase() + "\n").unwrap();
    let log = folder.path().join("log");
    let manifest = fs::read_to_string(folder.path().join("manifest.json")).unwrap();
    let other = manifest.replace(&key("age-test.txt").display().to_string(), "key");
    fs::write(folder.path().join("manifest.json"), other).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut command = bare(SOPS_INLAY);
    command.args(["install", "manifest.json"]).current_dir(folder.path()).env("PATH", path).env("PLUGIN_LOG", &log);
    let output = command.env("SOPS_INLAY_STATE_DIR", folder.path().join("state")).output().unwrap();
    let calls = fs::read_to_string(&log).unwrap_or_default().lines().count();
    assert_eq!((output.status.code(), calls), (Some(3), 2), "{}", told(&output));
}
