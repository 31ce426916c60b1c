//! Files that the real tools encrypted come out byte for byte: those of `tests/fixtures/`, found by walking, the golden
//! documents of the format's description, and the public fixtures of sops-nix, sops and agenix where they are at hand.

mod support;

use sops_inlay::names::KeyPath;
use sops_inlay::secret::SecretBytes;
use sops_inlay::sops::format::Format;
use sops_inlay::sops::source::{Integrity, SourceFile};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::crafted::{LAST_MODIFIED, Stanza, data_key, mac_hex, seed, text, token};
use support::{bare, files_below, in_ci, inlay, key, root, shared, skipped, told, tool};

/// A GnuPG home with the keys of a file; None where there is no gpg.
struct GnupgHome(tempfile::TempDir);

impl GnupgHome {
    fn import(file: &Path) -> Option<Self> {
        let gpg = tool("SOPS_GPG_EXEC", "gpg")?;
        let home = Self(tempfile::tempdir().unwrap());
        let mut import = bare(gpg);
        import.env("GNUPGHOME", home.0.path()).args(["--batch", "--quiet", "--import"]).arg(file).output().ok()?;
        Some(home)
    }
}

impl Drop for GnupgHome {
    fn drop(&mut self) {
        let _ = bare("gpgconf").env("GNUPGHOME", self.0.path()).args(["--kill", "all"]).output();
    }
}

fn decrypt(file: &Path, arguments: &[&str]) -> Command {
    let mut command = inlay(["decrypt"]);
    command.args(arguments).arg("--").arg(file);
    command
}

fn with_key(mut command: Command, name: &str, gnupg: Option<&GnupgHome>) -> Output {
    match (name, gnupg) {
        (_, Some(home)) => command.env("GNUPGHOME", home.0.path()),
        (name, None) if name.ends_with(".txt") => command.env("SOPS_AGE_KEY_FILE", key(name)),
        (name, None) => command.env("SOPS_AGE_SSH_PRIVATE_KEY_FILE", key(name)),
    };
    command.output().unwrap()
}

#[test]
fn every_fixture_decrypts_to_what_sops_printed() {
    let all = files_below(&root().join("tests/fixtures"));
    let encrypted: Vec<_> =
        all.iter().filter(|path| path.file_stem().is_some_and(|stem| stem == "encrypted")).collect();
    assert!(encrypted.len() >= 50, "fixtures went missing: {}", encrypted.len());
    let mut values_seen = 0;
    for file in encrypted {
        let folder = file.parent().unwrap();
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let key_name = read("key").trim().to_owned();
        let gnupg = if key_name == "pgp.asc" { GnupgHome::import(&key(&key_name)) } else { None };
        if key_name == "pgp.asc" && gnupg.is_none() {
            assert!(!in_ci(), "gpg is needed");
            skipped("vectors", &format!("{}: no gpg", file.display()));
            continue;
        }
        let expected = fs::read(file.with_file_name("expected").with_extension(file.extension().unwrap())).unwrap();
        let whole = with_key(decrypt(file, &[]), &key_name, gnupg.as_ref());
        assert!(whole.status.success() && whole.stdout == expected, "{}: {}", file.display(), told(&whole));
        for line in read("values").lines() {
            let (path, value) = line.split_once('\t').unwrap();
            let value: String = serde_json::from_str(value).unwrap();
            let ours = with_key(decrypt(file, &["--key", path]), &key_name, gnupg.as_ref());
            assert_eq!(String::from_utf8_lossy(&ours.stdout), value, "{} {path}: {}", file.display(), told(&ours));
            values_seen += 1;
        }
    }
    assert!(values_seen >= 90, "values went missing: {values_seen}");
}

/// Tokens of the golden document: plaintext, where it stands, type, data, tag.
const GOLDEN: &[(&str, &str, &str, &str, &str)] = &[
    ("hello", "greeting:", "str", "f6SdJOI=", "Ce9fUjS9/bDC9hwsnNXdSg=="),
    ("42", "app:port:", "int", "I/M=", "wJIn+N0It9izBnQHQkcC+w=="),
    ("2.5", "app:ratio:", "float", "Je/E", "Am1cNr/CIjWMLeywZUG5ow=="),
    ("True", "app:on:", "bool", "Q7OELQ==", "+2yhRWiXqe0SvlnCSGrWgA=="),
    ("2024-01-02T03:04:05.12Z", "app:when:", "time", "JfHDfKA/5w72YzJH1bpRy72hgopaxXM=", "p+V7hj3MODrhNWYxIit97A=="),
    (" top note", ":", "comment", "N7WeOK1huVej", "T5WisKRtmPTaa5fXvB7eCg=="),
    (" in app", "app:", "comment", "N6ifaOx/pg==", "lt9XDOh5qEWmRFV42Yo/5Q=="),
    ("one", "app:list:", "str", "eK+U", "kyiCVTT6SbbkQTsuZlANKg=="),
];

const GOLDEN_MAC: &str = "327FFE108963434FE4215D8F8CBF80AF78A5704CF6BCB12E4DF96B041BF00A8E86E57CF134B38DA505BF93676338359FA8086289DDB3E05AAD46DD52C1AB5831";
const GOLDEN_MAC_ENCRYPTED_ONLY: &str = "B6C9759DE0BD6A3B3CAF7BF28169C7E509702CAA0BFD69CC0ADDFCE203FA6CAF8F11C3927F1D985E2159C65E8C29B3DFF228DF20D37C937FE06C2CB0CB8C154D";
const GOLDEN_SEALED_MAC: &str = "ENC[AES256_GCM,data:JPPGDstK5xP+aFBE0rNVucKlhZVesxEWn3N/kac/ubfD1SGPdM/H/WK2NtzFZKoKNjzHY5JOBaj6QwTNAMyytveKD3xOLAuHyoUsMujwtdWNaus5szJrgYrxeiiAE+L/++eF5vpRuewySZIpF4CgArQ/y8cnN2fMO/n9c2XuPKg=,iv:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=,tag:mVn5YllJOvN/S/nrTsF/MA==,type:str]";

const GOLDEN_PLAIN: &str = "# top note\ngreeting: hello\napp:\n    # in app\n    port: 42\n    ratio: 2.5\n    \"on\": true\n    when: 2024-01-02T03:04:05.12Z\n    list:\n        - one\n    nothing: null\n    empty: \"\"\nflag_unencrypted: false\nnum_unencrypted: 7\n";

fn golden_document(mac: &str, more: &str) -> String {
    let token = |at: usize| {
        let (_, _, kind, data, tag) = GOLDEN[at];
        format!("ENC[AES256_GCM,data:{data},iv:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=,tag:{tag},type:{kind}]")
    };
    let [hello, port, ratio, on, when, top, app, one] = std::array::from_fn(token);
    format!(
        "#{top}\ngreeting: {hello}\napp:\n    #{app}\n    port: {port}\n    ratio: {ratio}\n    \"on\": {on}\n    when: {when}\n    list:\n        - {one}\n    nothing: null\n    empty: \"\"\nflag_unencrypted: false\nnum_unencrypted: 7\nsops:\n    age:\n        - recipient: x\n          enc: x\n    lastmodified: \"{LAST_MODIFIED}\"\n    mac: {mac}\n{more}    version: 3.13.2\n"
    )
}

#[test]
fn the_golden_documents_of_the_format_open() {
    for (plain, aad, kind, data, tag) in GOLDEN {
        let made = token(plain, aad, kind);
        assert!(made.contains(&format!("data:{data},")) && made.contains(&format!("tag:{tag},")), "{made}");
    }
    let hashed = "hello422.5True2024-01-02T03:04:05.12ZoneFalse7";
    assert_eq!(mac_hex(hashed.as_bytes()), GOLDEN_MAC);
    let encrypted_only = [seed(), hashed.strip_suffix("False7").unwrap().into()].concat();
    assert_eq!(mac_hex(&encrypted_only), GOLDEN_MAC_ENCRYPTED_ONLY);
    assert_eq!(text(GOLDEN_MAC, LAST_MODIFIED), GOLDEN_SEALED_MAC);
    let second = text(GOLDEN_MAC_ENCRYPTED_ONLY, LAST_MODIFIED);
    for document in [golden_document(GOLDEN_SEALED_MAC, ""), golden_document(&second, "    mac_only_encrypted: true\n")]
    {
        let file = SourceFile::parse(Format::Yaml, document.as_bytes()).unwrap();
        let unlocked = file.unlock(SecretBytes::new(data_key())).unwrap();
        let whole = unlocked.whole(Integrity::File).unwrap();
        assert_eq!(String::from_utf8_lossy(whole.expose()), GOLDEN_PLAIN);
        let paths =
            ["app/port", "app/list/0", "app/on", "app/when", "greeting", "flag_unencrypted"].map(KeyPath::parse);
        let values = unlocked.values(&paths, Integrity::Values).unwrap();
        let texts = values.into_iter().map(|value| {
            let text = value.unwrap().into_text().unwrap();
            String::from_utf8(text.expose().to_vec()).unwrap()
        });
        assert_eq!(texts.collect::<Vec<_>>(), ["42", "one", "true", "2024-01-02T03:04:05.12Z", "hello", "false"]);
    }
}

#[test]
fn a_whole_file_of_stanzas_with_a_golden_key_opens_in_every_format() {
    let a = text("x", "a:");
    let in_section = text("x", "s:a:");
    let stanza = Stanza::new("x");
    for (format, file, plain) in [
        (Format::Yaml, format!("a: {a}\n{}", stanza.yaml()), "a: x\n"),
        (Format::Json, format!("{{\"a\": \"{a}\", {}}}", stanza.json()), "{\n\t\"a\": \"x\"\n}\n"),
        (Format::Dotenv, format!("a={a}\n{}", stanza.dotenv()), "a=x\n"),
        (Format::Ini, format!("[s]\na = {in_section}\n{}", stanza.ini()), "[s]\na = x\n"),
        (Format::Binary, format!("{{\"data\": \"{}\", {}}}", text("x", "data:"), stanza.json()), "x"),
    ] {
        let unlocked =
            SourceFile::parse(format, file.as_bytes()).unwrap().unlock(SecretBytes::new(data_key())).unwrap();
        assert_eq!(unlocked.whole(Integrity::File).unwrap().expose(), plain.as_bytes(), "{format:?}");
    }
}

/// Files of sops-nix, with what opens them and how their plain text begins.
const SOPS_NIX: &[(&str, &str, &str, &str)] = &[
    ("secrets.yaml", "SOPS_AGE_KEY_FILE", "age-keys.txt", "test_key: test_value\na_list:\n    - e1\n"),
    ("secrets.yaml", "SOPS_AGE_SSH_PRIVATE_KEY_FILE", "ssh-ed25519-key", "test_key: test_value\n"),
    ("secrets.yaml", "SOPS_AGE_SSH_PRIVATE_KEY_FILE", "ssh-key", "test_key: test_value\n"),
    ("secrets.yaml", "GNUPGHOME", "key.asc", "test_key: test_value\n"),
    ("secrets.json", "GNUPGHOME", "key.asc", "{\n\t\"test_key\": \"test_value\"\n}\n"),
    ("secrets.ini", "GNUPGHOME", "key.asc", "; This is an example file.\n[Welcome!]\nhello       = Welcome to SOPS!"),
    ("secrets.ini", "SOPS_AGE_SSH_PRIVATE_KEY_FILE", "ssh-key", "; This is an example file.\n[Welcome!]\n"),
    ("secrets.env", "GNUPGHOME", "key.asc", "# This is an example file.\nhello=Welcome to SOPS!"),
    ("secrets.bin", "GNUPGHOME", "key.asc", "binary_value"),
];

/// The folder of shared fixtures of one project; None, with a message, where it is absent.
fn shared_fixtures(project: &str) -> Option<PathBuf> {
    let folder = shared().map(|shared| shared.join("fixtures").join(project)).filter(|folder| folder.is_dir());
    if folder.is_none() {
        skipped("vectors", &format!("no fixtures of {project}: SOPS_INLAY_SHARED may name the folder that has them"));
    }
    folder
}

#[test]
fn the_public_test_files_of_sops_nix_open_with_each_of_their_keys() {
    let Some(folder) = shared_fixtures("sops-nix") else { return };
    for (file, variable, with, begins) in SOPS_NIX {
        let gnupg = if *variable == "GNUPGHOME" { GnupgHome::import(&folder.join(with)) } else { None };
        if *variable == "GNUPGHOME" && gnupg.is_none() {
            assert!(!in_ci(), "gpg is needed");
            continue;
        }
        let value = gnupg.as_ref().map_or_else(|| folder.join(with), |home| home.0.path().to_owned());
        let output = decrypt(&folder.join(file), &[]).env(variable, value).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.starts_with(begins), "{file} with {with}: {}", told(&output));
    }
}

#[test]
fn the_files_of_sops_open_as_sops_opens_them() {
    let Some(folder) = shared_fixtures("getsops") else { return };
    let (Some(home), Some(sops)) =
        (GnupgHome::import(&folder.join("sops_functional_tests_key.asc")), tool("SOPS_BIN", "sops"))
    else {
        assert!(!in_ci(), "gpg and sops are needed");
        return skipped("vectors", "no gpg or no sops");
    };
    let mut compared = 0;
    for file in files_below(&folder) {
        if !fs::read_to_string(&file).unwrap().contains("ENC[AES256_GCM") {
            continue;
        }
        let ours = decrypt(&file, &[]).env("GNUPGHOME", home.0.path()).output().unwrap();
        let theirs = bare(&sops).arg("decrypt").arg(&file).env("GNUPGHOME", home.0.path()).output().unwrap();
        let name = file.display();
        assert_eq!(
            String::from_utf8_lossy(&ours.stdout),
            String::from_utf8_lossy(&theirs.stdout),
            "{name}: {}",
            told(&ours)
        );
        let codes = (ours.status.code(), theirs.status.code());
        let same = matches!(codes, (Some(0), Some(0)) | (Some(4), Some(51)));
        assert!(same, "{name}: {codes:?} {}{}", told(&ours), told(&theirs));
        compared += 1;
    }
    assert!(compared >= 12, "files of sops went missing: {compared}");
}

/// Files of agenix: which of its two keys open each, and the plain text.
const AGENIX: &[(&str, &[&str], &str)] = &[
    ("-leading-hyphen-filename.age", &["system1", "user1"], "filename started with hyphen\n"),
    ("armored-secret.age", &["user1"], "Hello World!\n"),
    ("secret1.age", &["system1", "user1"], "hello\n"),
    ("secret2.age", &["user1"], "world!\n"),
];

#[test]
fn the_example_of_agenix_opens_with_the_keys_it_is_for_and_no_other() {
    let Some(folder) = shared_fixtures("agenix") else { return };
    for (file, keys, plain) in AGENIX {
        for with in ["system1", "user1"] {
            let key = folder.join("example_keys").join(with);
            let output = decrypt(&folder.join("example").join(file), &["-i", key.to_str().unwrap()]).output().unwrap();
            let expected = if keys.contains(&with) { (Some(0), *plain) } else { (Some(3), "") };
            assert_eq!(
                (output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()),
                expected,
                "{file} {with}"
            );
        }
    }
}
