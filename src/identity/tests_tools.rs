//! Against the real programs (age, sops, ssh-keygen, gpg from `PATH`) and peers' fixtures beside the tree.
//!
//! A test without its tool or fixture is skipped with a message; where `CI` is set, a missing tool is a failure.

use super::tests::Host;
use super::*;
use crate::sops::metadata::{DataKey, MasterKey};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[allow(clippy::print_stderr)]
fn skipped(what: &str) {
    eprintln!("skipped: {what} is not there");
}

/// Whether all of `names` can be run.
fn have(names: &[&str]) -> bool {
    let missing = |name: &&&str| {
        let mut run = Command::new(name);
        run.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_err()
    };
    let Some(missing) = names.iter().find(missing) else { return true };
    assert!(std::env::var_os("CI").is_none(), "CI is set and {missing} is missing");
    skipped(missing);
    false
}

/// A file among the peers' fixtures.
fn fixture(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("SOPS_INLAY_FIXTURES").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"));
    let path = root.join(name);
    if !path.exists() {
        skipped(&format!("fixture {name}"));
    }
    path.exists().then_some(path)
}

/// Runs a program that must succeed; its output without the last line end.
fn run(command: &mut Command) -> String {
    let done = command.stdin(Stdio::null()).output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim_end().to_owned()
}

/// A sops file reduced to what unlocking needs, and its MAC to check the data key with.
struct SopsFile {
    groups: Vec<Vec<MasterKey>>,
    threshold: usize,
    mac: String,
    lastmodified: String,
}

impl SopsFile {
    fn read(path: &Path) -> Self {
        let root: serde_yaml::Value = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let sops = &root["sops"];
        let text = |value: &serde_yaml::Value| value.as_str().unwrap_or_default().to_owned();
        let group = |at: &serde_yaml::Value| {
            let list = |name: &str| at[name].as_sequence().cloned().unwrap_or_default();
            let age = list("age")
                .into_iter()
                .map(|k| MasterKey::Age { recipient: text(&k["recipient"]), enc: text(&k["enc"]) });
            let pgp =
                list("pgp").into_iter().map(|k| MasterKey::Pgp { fingerprint: text(&k["fp"]), enc: text(&k["enc"]) });
            age.chain(pgp).collect::<Vec<_>>()
        };
        let groups = match sops["key_groups"].as_sequence() {
            Some(groups) => groups.iter().map(group).collect(),
            None => vec![group(sops)],
        };
        let threshold = usize::try_from(sops["shamir_threshold"].as_u64().unwrap_or(0)).unwrap();
        Self { groups, threshold, mac: text(&sops["mac"]), lastmodified: text(&sops["lastmodified"]) }
    }

    fn unlock(&self, keys: &Identities) -> Result<DataKey, UnlockError> {
        keys.unlock(&self.groups, self.threshold)
    }

    /// Whether `key` opens the file's MAC, which no wrong key does.
    fn is_key(&self, key: &DataKey) -> bool {
        use aes_gcm::aead::{Aead, KeyInit, Payload};
        use base64::Engine;
        let part = |name: &str| {
            let start = self.mac.find(name).unwrap() + name.len();
            let text = self.mac[start..].split([',', ']']).next().unwrap();
            base64::prelude::BASE64_STANDARD.decode(text).unwrap()
        };
        type Cipher = aes_gcm::AesGcm<aes_gcm::aes::Aes256, sha2::digest::typenum::U32>;
        let sealed = [part("data:"), part("tag:")].concat();
        let payload = Payload { msg: &sealed, aad: self.lastmodified.as_bytes() };
        Cipher::new_from_slice(key.expose()).unwrap().decrypt(part("iv:").as_slice().into(), payload).is_ok()
    }
}

/// A GnuPG home of its own; its agent is stopped at the end.
struct GnuPg(tempfile::TempDir);

impl GnuPg {
    fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::Builder::new().permissions(std::fs::Permissions::from_mode(0o700)).tempdir().unwrap();
        Self(dir)
    }

    fn gpg(&self, arguments: &[&str]) -> String {
        run(Command::new("gpg").env("GNUPGHOME", self.0.path()).args(["--batch", "-q"]).args(arguments))
    }
}

impl Drop for GnuPg {
    fn drop(&mut self) {
        let mut stop = Command::new("gpgconf");
        stop.env("GNUPGHOME", self.0.path()).args(["--kill", "all"]).status().ok();
    }
}

#[test]
fn files_of_real_sops_open_with_every_kind_of_age_key() {
    if !have(&["sops", "age-keygen", "ssh-keygen"]) {
        return;
    }
    let host = Host::new();
    let at = |name: &str| host.dir.path().join(name);
    run(Command::new("age-keygen").arg("-o").arg(at("x")));
    run(Command::new("age-keygen").args(["-pq", "-o"]).arg(at("pq")));
    for (name, kind) in [("ed", "ed25519"), ("rsa", "rsa")] {
        run(Command::new("ssh-keygen").args(["-q", "-t", kind, "-N", "", "-C", "a comment", "-f"]).arg(at(name)));
    }
    let plain = host.file("plain.yaml", "a: 1\n");
    let public = |name: &str| run(Command::new("age-keygen").arg("-y").arg(at(name)));
    let ssh = |name: &str| std::fs::read_to_string(at(&format!("{name}.pub"))).unwrap().trim().to_owned();
    for (name, recipient) in [("x", public("x")), ("pq", public("pq")), ("ed", ssh("ed")), ("rsa", ssh("rsa"))] {
        let file =
            host.file("secret.yaml", &run(Command::new("sops").args(["encrypt", "--age", &recipient]).arg(&plain)));
        let file = SopsFile::read(&file);
        for key in ["x", "pq", "ed", "rsa"] {
            let keys = host.load(&KeySources { identity_paths: vec![at(key)], ..Default::default() });
            match file.unlock(&keys) {
                Ok(opened) => assert!(key == name && file.is_key(&opened), "{key} opens {name}"),
                Err(_) => assert_ne!(key, name),
            }
            if key == name {
                assert!(keys.describe().iter().any(|line| recipient.starts_with(&line.public)), "{recipient}");
            }
        }
    }
}

#[test]
fn key_groups_of_real_sops_open_with_any_two_of_three() {
    if !have(&["sops", "age-keygen"]) {
        return;
    }
    let host = Host::new();
    let at = |name: &str| host.dir.path().join(name);
    let public = ["k1", "k2", "k3"].map(|name| {
        run(Command::new("age-keygen").arg("-o").arg(at(name)));
        run(Command::new("age-keygen").arg("-y").arg(at(name)))
    });
    let groups: String = public.iter().map(|key| format!("      - age: [{key}]\n")).collect();
    host.file(".sops.yaml", &format!("creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n{groups}"));
    let plain = host.file("plain.yaml", "a: 1\n");
    let sealed = run(Command::new("sops").current_dir(host.dir.path()).arg("encrypt").arg(&plain));
    let file = SopsFile::read(&host.file("secret.yaml", &sealed));
    for (names, enough) in
        [(vec!["k1", "k2"], true), (vec!["k1", "k3"], true), (vec!["k2", "k3"], true), (vec!["k2"], false)]
    {
        let identity_paths = names.iter().map(|name| at(name)).collect();
        let keys = host.load(&KeySources { identity_paths, ..Default::default() });
        assert_eq!(file.unlock(&keys).map(|key| file.is_key(&key)).unwrap_or(false), enough, "{names:?}");
    }
}

#[test]
fn the_fixtures_of_sops_nix_open_with_each_of_its_keys() {
    let Some(secrets) = fixture("sops-nix/secrets.yaml") else { return };
    let at = |name: &str| secrets.with_file_name(name);
    let file = SopsFile::read(&secrets);
    let host = Host::new();
    let age = KeySources { age_key_file: Some(at("age-keys.txt")), ..Default::default() };
    let ssh = KeySources { age_ssh_key_paths: vec![at("ssh-ed25519-key")], ..Default::default() };
    let rsa = KeySources { ssh_key_paths: vec![at("ssh-key")], ..Default::default() };
    for sources in [age, ssh] {
        assert!(file.is_key(&file.unlock(&host.load(&sources)).unwrap()));
    }
    let keys = host.load(&rsa);
    if cfg!(feature = "pgp") {
        assert!(file.is_key(&file.unlock(&keys).unwrap()));
        assert!(keys.imports()[0].to_string().ends_with("2504791468b153b8a3963cc97ba53d1919c5dfd4"));
    } else {
        let error = file.unlock(&keys).unwrap_err();
        let mut outcomes = error.groups[0].recipients.iter().flat_map(|r| &r.outcomes);
        assert!(outcomes.any(|outcome| *outcome == Outcome::NoOpenPgpSupport));
    }
}

#[test]
fn the_examples_of_agenix_open_with_its_example_key() {
    let Some(key) = fixture("agenix/example_keys/user1") else { return };
    let keys = Host::new().load(&KeySources { identity_paths: vec![key.clone()], ..Default::default() });
    let examples = std::fs::read_dir(key.ancestors().nth(2).unwrap().join("example")).unwrap();
    let mut opened = 0;
    for path in examples.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "age"))
    {
        match keys.open_age(&std::fs::read(&path).unwrap()) {
            Ok(_) => opened += 1,
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }
    assert!(opened >= 4, "{opened}");
}

#[test]
fn gpg_opens_the_files_of_sops_own_tests() {
    let Some(key) = fixture("getsops/sops_functional_tests_key.asc") else { return };
    if !have(&["gpg", "gpgconf"]) {
        return;
    }
    let gnupg = GnuPg::new();
    gnupg.gpg(&["--import", key.to_str().unwrap()]);
    let host = Host::new();
    let keys = host.load(&KeySources { gnupg_home: Some(gnupg.0.path().into()), ..Default::default() });
    for name in ["example.yaml", "comments.enc.yaml", "format.enc.json", "multiple_keys.yaml"] {
        let file = SopsFile::read(&key.with_file_name(name));
        assert!(file.is_key(&file.unlock(&keys).unwrap()), "{name}");
    }
}

#[test]
fn gpg_that_cannot_open_a_message_says_why_and_asks_nobody() {
    if !have(&["gpg", "gpgconf"]) {
        return;
    }
    let (gnupg, empty, host) = (GnuPg::new(), GnuPg::new(), Host::new());
    let generate = [
        "--passphrase",
        "secret",
        "--pinentry-mode",
        "loopback",
        "--quick-gen-key",
        "test@example.org",
        "rsa2048",
        "encr",
    ];
    gnupg.gpg(&generate);
    let plain = host.file("plain", "0123456789abcdef");
    let encrypt = ["--trust-model", "always", "-a", "-o", "-", "-r", "test@example.org", "--encrypt"];
    let enc = gnupg.gpg(&[&encrypt[..], &[plain.to_str().unwrap()]].concat());
    run(Command::new("gpgconf").env("GNUPGHOME", gnupg.0.path()).args(["--kill", "all"])); // forget the passphrase
    let refused = |home: &GnuPg, enc: &str| {
        let keys = host.load(&KeySources { gnupg_home: Some(home.0.path().into()), ..Default::default() });
        let group = vec![MasterKey::Pgp { fingerprint: String::new(), enc: enc.to_owned() }];
        let mut error = keys.unlock(&[group], 0).unwrap_err();
        error.groups.remove(0).recipients.remove(0).outcomes
    };
    assert_eq!(refused(&gnupg, &enc), [Outcome::Gpg(GpgError::Locked)]);
    assert_eq!(refused(&empty, &enc), [Outcome::Gpg(GpgError::NoSecretKey { home: empty.0.path().into() })]);
    assert!(matches!(refused(&gnupg, "junk")[..], [Outcome::Gpg(GpgError::Failed(_))]));
}
