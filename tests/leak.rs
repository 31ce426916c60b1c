//! A value appears in the outputs, in `decrypt` and under `--reveal`, and nowhere else that anyone could read it.

mod support;

use serde_json::json;
use sops_inlay::secret::SecretBytes;
use sops_inlay::sops::format::Format;
use sops_inlay::sops::source::{Integrity, SourceFile};
use std::fs;
use std::path::Path;
use std::process::Output;
use support::crafted::{Stanza, data_key, text, token};
use support::{inlay, key, told};

/// The value, and the beginning of the private key: neither may be printed.
const CANARY: &str = "CANARY-7f3a9c";
const KEY: &str = "AGE-SECRET-KEY-";

fn body() -> String {
    let (value, other) = (text(CANARY, "a:"), text(CANARY, "map:b:"));
    format!("a: {value}\nmap:\n    b: {other}\n    clear_unencrypted: {CANARY}\n")
}

fn folder(secrets: &str, fields: serde_json::Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secrets.yaml"), secrets).unwrap();
    let mut manifest = json!({
        "schema": 1,
        "userMode": true,
        "secretsMountPoint": "secrets.d",
        "symlinkPath": "secrets",
        "ageKeyFile": key("age-test.txt"),
        "logging": { "keyImport": true, "secretChanges": true },
        "placeholderBySecretName": { "a": "@A@" },
        "secrets": [{ "name": "a", "key": "a", "sopsFile": "secrets.yaml" }],
        "templates": [{ "name": "t", "content": "x = @A@\n" }],
    });
    for (name, value) in fields.as_object().unwrap() {
        manifest[name] = value.clone();
    }
    fs::write(folder.path().join("manifest.json"), manifest.to_string()).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = inlay(arguments);
    command.current_dir(folder).env("SOPS_INLAY_STATE_DIR", folder.join("state")).output().unwrap()
}

/// Neither stream holds the value or the key.
fn silent(folder: &Path, arguments: &[&str]) {
    for style in [&[][..], &["--json"], &["--quiet"]] {
        let arguments = [style, arguments].concat();
        let output = run(folder, &arguments);
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(!said.contains(CANARY) && !said.contains(KEY), "{arguments:?}: {}", told(&output));
    }
}

const COMMANDS: &[&[&str]] = &[
    &["install", "manifest.json"],
    &["install", "manifest.json"],
    &["render", "manifest.json"],
    &["render", "--dry-run", "manifest.json"],
    &["render", "--diff", "manifest.json"],
    &["render", "-o", "out", "manifest.json"],
    &["check", "manifest.json"],
    &["scan", ".", "--manifest", "manifest.json"],
];

#[test]
fn commands_that_succeed_and_that_fail_print_no_value() {
    let good = body() + &Stanza::new(CANARY.repeat(3)).yaml();
    let secret = |key: &str| json!([{ "name": "a", "key": key, "sopsFile": "secrets.yaml" }]);
    let cases = [
        (good.clone(), json!({})),
        (body() + &Stanza::new("other").yaml(), json!({})),
        (good.replace("a: ENC[AES256_GCM,data:", "a: ENC[AES256_GCM,data:AAAA"), json!({})),
        (good.replace("a: ENC[", &format!("a: {CANARY}[")), json!({})),
        (format!("a: {}\n{}", token(CANARY, "a:", "int"), Stanza::new("").yaml()), json!({})),
        (good.clone(), json!({ "ageKeyFile": key("age-other.txt") })),
        (good.clone(), json!({ "secrets": secret("map/clear_unencrypted/x") })),
        (good.clone(), json!({ "secrets": secret("map") })),
        (format!("a: {CANARY}: [\n"), json!({})),
        (CANARY.to_owned(), json!({})),
        (format!("'a': \"{CANARY}\\q\"\n"), json!({})),
    ];
    for (secrets, fields) in cases {
        let folder = folder(&secrets, fields);
        COMMANDS.iter().for_each(|arguments| silent(folder.path(), arguments));
        let key = key("age-test.txt").display().to_string();
        silent(folder.path(), &["decrypt", "secrets.yaml", "--key", "nowhere", "-i", &key]);
        silent(folder.path(), &["decrypt", "secrets.yaml", "--key", "a/x", "-i", &key]);
    }
}

#[test]
fn a_file_of_another_format_is_not_quoted() {
    for format in ["json", "dotenv", "ini", "binary", "age"] {
        for text in
            [format!("{CANARY}\n"), format!("{{\"a\": {CANARY}}}\n"), format!("[s]\n{CANARY}\n"), format!("{CANARY}=1")]
        {
            let secret = json!([{ "name": "a", "sopsFile": "secrets.yaml", "format": format }]);
            let folder = folder(&text, json!({ "secrets": secret, "templates": [] }));
            silent(folder.path(), &["install", "manifest.json"]);
        }
    }
}

#[test]
fn a_broken_key_file_is_not_quoted() {
    let good = body() + &Stanza::new(CANARY.repeat(3)).yaml();
    for text in
        [CANARY.to_owned(), format!("{KEY}1{CANARY}"), format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{CANARY}\n")]
    {
        let folder = folder(&good, json!({ "ageKeyFile": "key", "ageSshKeyPaths": ["key"], "sshKeyPaths": ["key"] }));
        fs::write(folder.path().join("key"), text).unwrap();
        let output = run(folder.path(), &["install", "manifest.json"]);
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        // The prefix stands in a message that explains what an identity looks like.
        assert!(output.status.code() == Some(3) && !said.contains(CANARY), "{}", told(&output));
    }
}

#[test]
fn a_value_is_where_it_was_asked_for() {
    let folder = folder(&(body() + &Stanza::new(CANARY.repeat(3)).yaml()), json!({}));
    let holds = |arguments: &[&str]| {
        let output = run(folder.path(), arguments);
        assert!(String::from_utf8_lossy(&output.stdout).contains(CANARY), "{}", told(&output));
        assert!(!String::from_utf8_lossy(&output.stderr).contains(CANARY));
    };
    let key = key("age-test.txt").display().to_string();
    holds(&["decrypt", "secrets.yaml", "-i", &key]);
    holds(&["decrypt", "secrets.yaml", "--key", "a", "-i", &key]);
    holds(&["render", "--dry-run", "--reveal", "manifest.json"]);
    silent(folder.path(), &["install", "manifest.json"]);
    for (file, text) in [("secrets/a", CANARY.to_owned()), ("secrets/rendered/t", format!("x = {CANARY}\n"))] {
        assert_eq!(fs::read_to_string(folder.path().join(file)).unwrap(), text);
    }
    // What else it wrote: the manifest's own files and links, and perhaps a record of what was placed where.
    for file in support::files_below(folder.path()) {
        let below = file.strip_prefix(folder.path()).unwrap();
        let is_output =
            below.starts_with("secrets") || below.starts_with("secrets.d") || below == Path::new("secrets.yaml");
        assert!(is_output || !fs::read_to_string(&file).unwrap().contains(CANARY), "{}", file.display());
    }
}

#[test]
fn no_type_on_the_way_prints_a_value_by_debug() {
    let text = body() + &Stanza::new(CANARY.repeat(3)).yaml();
    let file = SourceFile::parse(Format::Yaml, text.as_bytes()).unwrap();
    let unlocked = file.unlock(SecretBytes::new(data_key())).unwrap();
    let whole = unlocked.whole(Integrity::File).unwrap();
    assert!(String::from_utf8_lossy(whole.expose()).contains(CANARY));
    assert!(!format!("{whole:?}").contains(CANARY));
    let bad = text.replace("a: ENC[AES256_GCM,data:", "a: ENC[AES256_GCM,data:AAAA");
    let file = SourceFile::parse(Format::Yaml, bad.as_bytes()).unwrap();
    let error = file.unlock(SecretBytes::new(data_key())).unwrap().whole(Integrity::File).unwrap_err();
    assert!(!format!("{error:?} {error}").contains(CANARY));
}
