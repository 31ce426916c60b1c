//! What the program says: a transcript for each behaviour in `tests/cli/*.toml`, and what takes more than one run.
//!
//! `TRYCMD=overwrite cargo test --test cli` writes the transcripts anew; read the difference.

mod support;

use serde_json::json;
use std::fs;
use std::path::Path;
use support::{SOPS_INLAY, bare, inlay, key, root, told};

#[test]
fn transcripts_are_as_recorded() {
    let found = fs::read_dir(root().join("tests/cli")).unwrap().count();
    assert!(found >= 23, "transcripts went missing");
    trycmd::TestCases::new().case("tests/cli/*.toml");
}

/// A manifest in user mode over the secrets of an example, in a folder of its own.
fn manifest(folder: &Path, template: &str) {
    let example = root().join("templates-examples/env-file");
    let manifest = json!({
        "schema": 1,
        "userMode": true,
        "secretsMountPoint": "secrets.d",
        "symlinkPath": "secrets",
        "ageKeyFile": key("age-test.txt"),
        "placeholderBySecretName": { "db": "@DB@", "smtp": "@SMTP@" },
        "secrets": [
            { "name": "db", "key": "vaultwarden/db_password", "sopsFile": example.join("secrets.yaml") },
            { "name": "smtp", "key": "smtp/password", "sopsFile": example.join("secrets.yaml") },
        ],
        "templates": [{ "name": "app.conf", "content": template, "path": "app.conf" }],
    });
    fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = inlay(arguments);
    command.current_dir(folder).env("SOPS_INLAY_STATE_DIR", folder.join("state"));
    let output = command.output().unwrap();
    (output.status.code(), told(&output))
}

#[test]
fn a_difference_shows_that_a_secret_changed_and_not_its_value() {
    let folder = tempfile::tempdir().unwrap();
    manifest(folder.path(), "user = app\npassword = @DB@\nport = 1\n");
    assert_eq!(run(folder.path(), &["install", "manifest.json"]).0, Some(0));
    let (code, same) = run(folder.path(), &["render", "--diff", "manifest.json"]);
    assert!(code == Some(0) && !same.contains("@@"), "{same}");
    manifest(folder.path(), "user = app\npassword = @SMTP@\nport = 1\n");
    let (code, text) = run(folder.path(), &["render", "--diff", "manifest.json"]);
    assert_eq!(code, Some(0), "{text}");
    for part in [" port = 1\n", " user = app\n", "-password = ‹", "+password = ‹smtp: new›\n"] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    for value in ["example-Kq7vT2mXw9", "example #1: sends & mails"] {
        assert!(!text.contains(value), "{text}");
    }
}

#[test]
fn files_are_written_below_the_folder_given_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    manifest(folder.path(), "password = @DB@\n");
    let (code, text) = run(folder.path(), &["render", "-o", "out", "manifest.json"]);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(fs::read_to_string(folder.path().join("out/app.conf")).unwrap(), "password = example-Kq7vT2mXw9\n");
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["manifest.json", "out"]);
}

#[test]
fn under_the_name_sops_install_secrets_it_takes_that_programs_flags() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("sops-install-secrets");
    std::os::unix::fs::symlink(SOPS_INLAY, &program).unwrap();
    let secrets = root().join("templates-examples/env-file/secrets.yaml");
    let place = |name: &str| folder.path().join(name);
    let manifest = json!({
        "secrets": [{
            "name": "smtp", "key": "smtp/password", "path": place("smtp"), "owner": "root", "uid": 0, "group": "root",
            "gid": 0, "sopsFile": secrets, "format": "yaml", "mode": "0400", "restartUnits": [], "reloadUnits": [],
        }],
        "templates": [], "placeholderBySecretName": {}, "secretsMountPoint": place("secrets.d"),
        "symlinkPath": place("secrets"), "keepGenerations": 1, "gnupgHome": null, "sshKeyPaths": [],
        "ageKeyFile": key("age-test.txt"), "ageSshKeyPaths": [], "useTmpfs": false, "userMode": true,
        "logging": { "keyImport": false, "secretChanges": true },
    });
    fs::write(place("manifest.json"), manifest.to_string()).unwrap();
    for flags in [&["-check-mode=sopsfile"][..], &["--check-mode", "manifest"], &[]] {
        let output = bare(&program)
            .args(flags)
            .arg(place("manifest.json"))
            .env("SOPS_INLAY_STATE_DIR", place("state"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{flags:?}: {}", told(&output));
        assert_eq!(place("smtp").exists(), flags.is_empty(), "{flags:?}");
    }
    assert_eq!(fs::read_to_string(place("smtp")).unwrap(), "example #1: sends & mails");
    let usage = bare(&program).arg("--no-such-flag").output().unwrap();
    assert_eq!(usage.status.code(), Some(2), "{}", told(&usage));
}
