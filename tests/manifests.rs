//! The manifests that sops-nix's own modules write install unchanged, value for value; and the JSON Schema in the tree is
//! the one the program prints.
//!
//! The modules are evaluated for real where Nix and `../shared` are at hand. Only paths are rewritten, into a scratch
//! folder; the NixOS manifest mounts, so it needs root and a mount namespace.

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use support::{SOPS_INLAY, bare, inlay, root, shared, skipped, told, tool};

#[test]
fn the_schema_in_the_tree_is_the_one_the_program_prints() {
    let output = inlay(["schema"]).output().unwrap();
    let kept = fs::read_to_string(root().join("src/manifest/schema.json")).unwrap();
    let how = "run: cargo run -- schema > src/manifest/schema.json";
    assert!(String::from_utf8_lossy(&output.stdout) == kept, "the schema changed; {how}");
}

#[test]
fn every_field_of_the_examples_stands_in_the_schema_and_every_example_is_accepted() {
    let schema: Value = serde_json::from_slice(&fs::read(root().join("src/manifest/schema.json")).unwrap()).unwrap();
    let known = |at: &str, object: &Value| {
        let fields = schema.pointer(at).unwrap().as_object().unwrap();
        object.as_object().unwrap().keys().find(|name| !fields.contains_key(*name)).cloned()
    };
    let mut examples = 0;
    for file in support::files_below(&root().join("templates-examples")) {
        if file.file_name().is_none_or(|name| name != "manifest.json") {
            continue;
        }
        examples += 1;
        let manifest: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(known("/properties", &manifest), None, "{}", file.display());
        for (list, at) in [("secrets", "/$defs/RawSecret/properties"), ("templates", "/$defs/RawTemplate/properties")] {
            for entry in manifest[list].as_array().unwrap() {
                assert_eq!(known(at, entry), None, "{}", file.display());
            }
        }
        let output = inlay(["check"]).arg(&file).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
    }
    assert!(examples >= 5, "examples went missing");
}

/// What the module of sops-nix writes for an example; None, with a message, where it cannot be evaluated.
fn evaluated(kind: &str, module: &str, config: &str) -> Option<Vec<Value>> {
    let (Some(shared), Some(_)) = (shared(), tool("NIX_INSTANTIATE", "nix-instantiate")) else {
        skipped("manifests", "needs ../shared (or SOPS_INLAY_SHARED) and nix-instantiate");
        return None;
    };
    let mut command = bare("python3");
    command.arg(shared.join("nix-harness/nixmod.py")).args(["--compact", "--kind", kind]);
    command.arg("--lib").arg(shared.join("peers/nixpkgs-lib/lib"));
    command.arg("--module").arg(shared.join("peers/sops-nix/modules").join(module));
    command.arg("--config").arg(shared.join("nix-harness").join(config));
    let output = command.output().unwrap();
    if !output.status.success() {
        skipped("manifests", &format!("the module cannot be evaluated here: {}", told(&output)));
        return None;
    }
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    Some(report["manifests"].as_object().unwrap().values().cloned().collect())
}

/// Moves a manifest's paths below `scratch`, and its inputs to the fixtures.
fn moved(manifest: &mut Value, scratch: &Path, fixtures: &Path) {
    let below = |path: &mut Value| {
        if let Some(absolute) = path.as_str().and_then(|path| path.strip_prefix('/')) {
            *path = scratch.join(absolute).to_str().unwrap().into();
        }
    };
    below(&mut manifest["secretsMountPoint"]);
    below(&mut manifest["symlinkPath"]);
    manifest["ageKeyFile"] = fixtures.join("age-keys.txt").to_str().unwrap().into();
    for list in ["secrets", "templates"] {
        for entry in manifest[list].as_array_mut().unwrap() {
            below(&mut entry["path"]);
            if list == "secrets" {
                entry["sopsFile"] = fixtures.join("secrets.yaml").to_str().unwrap().into();
            }
        }
    }
}

/// The file that must stand at each path: the value of a secret, or the template with its tokens replaced here.
fn expected(manifest: &Value) -> BTreeMap<String, String> {
    let value = |secret: &Value| match secret["key"].as_str().unwrap() {
        "test_key" => "test_value",
        "nested/test/file" => "another value",
        other => panic!("{other} is no key of the example"),
    };
    let secrets = manifest["secrets"].as_array().unwrap();
    let mut files: BTreeMap<_, _> =
        secrets.iter().map(|secret| (secret["path"].as_str().unwrap().to_owned(), value(secret).to_owned())).collect();
    for template in manifest["templates"].as_array().unwrap() {
        let mut text = template["content"].as_str().unwrap().to_owned();
        for secret in secrets {
            let token = manifest["placeholderBySecretName"][secret["name"].as_str().unwrap()].as_str().unwrap();
            text = text.replace(token, value(secret));
        }
        files.insert(template["path"].as_str().unwrap().to_owned(), text);
    }
    files
}

/// Installs and then copies each expected file to `copies/N` in the same mount namespace.
const INSTALL: &str = r#"
    set -e
    [ -z "$MOUNTS" ] || mount -t tmpfs none /run
    "$1" -ignore-passwd "$2"
    copies=$3 n=0
    shift 3
    for file; do cp -L "$file" "$copies/$n"; n=$((n + 1)); done
"#;

fn installs(manifests: Vec<Value>, mounts: bool) {
    let fixtures = shared().unwrap().join("fixtures/sops-nix").canonicalize().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let program = scratch.path().join("sops-install-secrets");
    symlink(SOPS_INLAY, &program).unwrap();
    let mut compared = 0;
    for (number, mut manifest) in manifests.into_iter().enumerate() {
        moved(&mut manifest, scratch.path(), &fixtures);
        let file = scratch.path().join(format!("manifest{number}.json"));
        fs::write(&file, manifest.to_string()).unwrap();
        let copies = scratch.path().join(format!("copies{number}"));
        fs::create_dir(&copies).unwrap();
        let runtime = scratch.path().join("runtime");
        let expected: BTreeMap<PathBuf, String> = expected(&manifest)
            .into_iter()
            .map(|(path, text)| (PathBuf::from(path.replace("%r", runtime.to_str().unwrap())), text))
            .collect();
        let words: &[&str] = if mounts { &["unshare", "-m", "sh"] } else { &["sh"] };
        let mut command = bare(words[0]);
        command
            .args(&words[1..])
            .args(["-c", INSTALL, "sh"])
            .arg(&program)
            .arg(&file)
            .arg(&copies)
            .args(expected.keys());
        command.env("MOUNTS", if mounts { "1" } else { "" }).env("XDG_RUNTIME_DIR", &runtime);
        let output = command.env("SOPS_INLAY_STATE_DIR", scratch.path().join("state")).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        for (number, (path, text)) in expected.iter().enumerate() {
            assert_eq!(&fs::read_to_string(copies.join(number.to_string())).unwrap(), text, "{}", path.display());
            compared += 1;
        }
    }
    assert!(compared >= 3, "nothing to compare: {compared}");
}

#[test]
fn the_manifests_of_the_nixos_module_install_unchanged() {
    let root = fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0);
    let able = root
        && bare("unshare").args(["-m", "mount", "-t", "tmpfs", "none", "/run"]).status().is_ok_and(|s| s.success());
    if !able {
        return skipped("manifests", "the NixOS manifest mounts: needs root and unshare -m");
    }
    if let Some(manifests) = evaluated("nixos", "sops/default.nix", "example-config.nix") {
        installs(manifests, true);
    }
}

#[test]
fn the_manifest_of_the_home_manager_module_installs_unchanged() {
    if let Some(manifests) = evaluated("home-manager", "home-manager/sops.nix", "example-config-hm.nix") {
        installs(manifests, false);
    }
}
