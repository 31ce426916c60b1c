//! Every folder of `templates-examples/` holds together: manifest, template, tokens, encrypted files and expected files.
//!
//! The expected files are made without this crate, by `tests/oracle/make_examples.py`. `tests/examples_checkers.sh` hands them to
//! the programs that read them.

use serde_json::Value;
use sops_inlay::template::{Tokens, scan, standard_token};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folders, in order. A floor on their number catches lost ones.
fn examples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates-examples");
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    found.sort();
    assert!(found.len() >= 30, "examples went missing");
    found
}

fn manifest(example: &Path) -> Value {
    serde_json::from_slice(&fs::read(example.join("manifest.json")).unwrap()).unwrap()
}

fn strings<'m>(manifest: &'m Value, list: &str, field: &str) -> Vec<&'m str> {
    manifest[list].as_array().unwrap().iter().map(|entry| entry[field].as_str().unwrap()).collect()
}

fn expressions(template: &Value) -> bool {
    template["engine"] == "minijinja"
}

/// Runs the program on the manifest in `folder`, with no key but those that the manifest names.
fn run(words: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sops-inlay"));
    command.args(words).arg(folder.join("manifest.json")).env_clear().env("HOME", "/nonexistent");
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {words:?}: {stderr}", folder.display());
    output
}

#[test]
fn every_template_renders_to_the_expected_file() {
    for example in examples() {
        let out = tempfile::tempdir().unwrap();
        run(&["render", "-o", out.path().to_str().unwrap()], &example);
        for template in manifest(&example)["templates"].as_array().unwrap() {
            let file = template["file"].as_str().unwrap();
            let expected = example.join(file.replace("template.", "expected."));
            let rendered = fs::read(out.path().join(template["name"].as_str().unwrap())).unwrap();
            assert!(rendered == fs::read(&expected).unwrap(), "{}: rendered otherwise", expected.display());
        }
    }
}

#[test]
fn check_finds_no_mistake() {
    for example in examples() {
        let output = run(&["check"], &example);
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1, "{}", example.display());
    }
}

#[test]
fn the_preview_names_every_secret_shows_no_token_and_needs_no_key() {
    for example in examples() {
        let away = tempfile::tempdir().unwrap(); // the key's relative path leads nowhere from here
        for entry in fs::read_dir(&example).unwrap().map(|entry| entry.unwrap()) {
            fs::copy(entry.path(), away.path().join(entry.file_name())).unwrap();
        }
        let shown = String::from_utf8(run(&["render", "--dry-run"], away.path()).stdout).unwrap();
        assert!(!shown.contains("<SOPS:"), "{}", example.display());
        let manifest = manifest(&example);
        for name in strings(&manifest, "secrets", "name") {
            // An expression is shown as it stands in its template.
            let marked = if expressions(&manifest["templates"][0]) { name.to_owned() } else { format!("‹{name}›") };
            assert!(shown.contains(&marked), "{}: {name}", example.display());
        }
    }
}

#[test]
fn every_token_is_that_of_a_secret_and_every_secret_is_used() {
    for example in examples() {
        let manifest = manifest(&example);
        if manifest["templates"].as_array().unwrap().iter().any(expressions) {
            continue; // rendering has found all names, and `check` those that none uses
        }
        let names = strings(&manifest, "secrets", "name");
        let own = |name: &str| manifest["placeholderBySecretName"][name].as_str().map(str::to_owned);
        let tokens: Vec<_> = names.iter().map(|name| own(name).unwrap_or_else(|| standard_token(name))).collect();
        let tokens = Tokens::new(names.iter().copied().zip(tokens.iter().map(String::as_str))).unwrap();
        let mut used = Vec::new();
        for file in strings(&manifest, "templates", "file") {
            let text = fs::read(example.join(file)).unwrap();
            let scan = scan(&text, &tokens);
            assert_eq!(scan.unknown, [], "{}: {file}", example.display());
            used.extend(scan.used().map(|secret| names[secret.0]));
        }
        used.sort_unstable();
        used.dedup();
        assert_eq!(used.len(), names.len(), "{}: only {used:?} are used", example.display());
    }
}

#[test]
fn every_file_that_an_example_names_is_there_and_every_example_is_explained() {
    for example in examples() {
        let manifest = manifest(&example);
        assert_eq!(manifest["schema"], 1);
        let mut named = strings(&manifest, "secrets", "sopsFile");
        named.extend(strings(&manifest, "templates", "file"));
        named.push(manifest["ageKeyFile"].as_str().or(manifest["ageIdentityPaths"][0].as_str()).unwrap());
        for file in named {
            assert!(example.join(file).is_file(), "{}: {file}", example.display());
        }
        let readme = fs::read_to_string(example.join("README.md")).unwrap();
        let folder = example.file_name().unwrap().to_str().unwrap();
        assert!(readme.contains(&format!("render --dry-run templates-examples/{folder}/manifest.json")));
    }
}
