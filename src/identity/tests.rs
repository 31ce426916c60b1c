//! The whole set of keys against whole files. What needs real tools or peers' fixtures is in `tests_tools.rs`.

use super::test_keys as keys;
use super::*;
use crate::sops::metadata::MasterKey;
use crate::sys::child::ChildError;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A directory with the test keys in it and an environment that knows no other place.
pub(super) struct Host {
    pub dir: TempDir,
    pub environment: Environment,
}

impl Host {
    pub fn new() -> Self {
        let path = std::env::var_os("PATH");
        Self { dir: tempfile::tempdir().unwrap(), environment: Environment { path, ..Default::default() } }
    }

    pub fn file(&self, name: &str, contents: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, contents).unwrap();
        path
    }

    /// An executable in a directory that is searched before all others.
    pub fn program(&mut self, name: &str, script: &str) {
        let path = self.file(&format!("bin/{name}"), script);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let old = self.environment.path.take().unwrap_or_default();
        let paths = [self.dir.path().join("bin")].into_iter().chain(std::env::split_paths(&old));
        self.environment.path = Some(std::env::join_paths(paths).unwrap());
    }

    pub fn load(&self, sources: &KeySources) -> Identities {
        Identities::load(sources, &self.environment).unwrap().0
    }

    /// The set with the keys of one file.
    pub fn with(&self, contents: &str) -> Identities {
        let path = self.file("key", contents);
        self.load(&KeySources { identity_paths: vec![path], ..Default::default() })
    }
}

fn age(recipient: &str, enc: &str) -> MasterKey {
    MasterKey::Age { recipient: recipient.to_owned(), enc: enc.to_owned() }
}

/// All that an error says, for looking what is in it.
fn everything(error: &UnlockError) -> String {
    let outcomes = error.groups.iter().flat_map(|g| &g.recipients).flat_map(|r| &r.outcomes);
    let outcomes: Vec<String> = outcomes.map(ToString::to_string).collect();
    format!("{error}\n{}\n{error:?}", outcomes.join("\n"))
}

#[test]
fn the_set_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Identities>();
}

#[test]
fn any_key_of_a_group_opens_it_whatever_stands_before() {
    let host = Host::new();
    let group = vec![
        MasterKey::Remote { kind: "kms", id: "arn".into() },
        MasterKey::Pgp { fingerprint: "AB".into(), enc: "x".into() },
        age("age1damaged", "not an age file"),
        age("age1pq1x", keys::HYBRID_AGE),
        age(keys::X25519_PUBLIC, keys::X25519_AGE),
        age("ssh-rsa AAAA host", keys::RSA_AGE),
        age("ssh-ed25519 AAAA", keys::ED25519_AGE),
    ];
    for key in [keys::X25519, keys::HYBRID, keys::ED25519, keys::RSA] {
        let opened = host.with(key).unlock(std::slice::from_ref(&group), 0).unwrap();
        assert_eq!(opened.expose(), keys::data_key());
    }
}

#[test]
fn a_wrong_recipient_text_does_not_keep_a_file_shut() {
    let host = Host::new();
    let opens = |recipient: &str, enc: &str| {
        host.with(&format!("{}\n{}", keys::X25519, keys::HYBRID)).unlock(&[vec![age(recipient, enc)]], 0).is_ok()
    };
    assert!(opens("", keys::X25519_AGE));
    assert!(opens(" \n", &format!("\n {}\n\n", keys::X25519_AGE)));
    assert!(opens(keys::X25519_PUBLIC, keys::HYBRID_AGE));
}

#[test]
fn when_nothing_fits_the_error_says_what_was_tried_and_shows_no_key() {
    let host = Host::new();
    let group = vec![
        age("age1a", keys::HYBRID_AGE),
        age("age1b", "junk"),
        MasterKey::Pgp { fingerprint: "FP".into(), enc: "x".into() },
        MasterKey::Remote { kind: "hc_vault", id: "https://vault".into() },
    ];
    let error = host.with(keys::X25519).unlock(&[group], 0).unwrap_err();
    assert_eq!(error.to_string(), "none of this host's keys can open it");
    let report: Vec<_> =
        error.groups[0].recipients.iter().map(|r| (r.kind, r.id.as_str(), r.outcomes.as_slice())).collect();
    let expected: [(&str, &str, &[Outcome]); 4] = [
        ("age", "age1a", &[Outcome::NoIdentityFits(1)]),
        ("age", "age1b", &[Outcome::AgeFile(AgeFileError::NotAge)]),
        ("pgp", "FP", &[Outcome::NoOpenPgpKey]),
        ("hc_vault", "https://vault", &[Outcome::NeedsNetwork]),
    ];
    assert_eq!(report, expected);
    assert_eq!(error.host.len(), 1);
    assert_eq!(error.host[0].public, keys::X25519_PUBLIC);
    assert!(!everything(&error).contains(&keys::X25519[20..40]));
}

#[test]
fn key_groups_need_as_many_shares_as_the_threshold_says() {
    let host = Host::new();
    let groups: Vec<_> = keys::SHARES.iter().map(|share| vec![age("", share)]).collect();
    let both = format!("{}\n", keys::X25519);
    let two = host.load(&KeySources {
        identity_paths: vec![host.file("x", &both), host.file("ed", keys::ED25519)],
        ..Default::default()
    });
    for threshold in [0, 1, 2] {
        assert_eq!(two.unlock(&groups, threshold).unwrap().expose(), keys::data_key(), "{threshold}");
    }
    let error = two.unlock(&groups, 3).unwrap_err();
    assert_eq!(error.to_string(), "this host's keys open 2 of its 3 key groups, 3 are needed");
    assert_eq!(error.groups.iter().map(|g| g.opened).collect::<Vec<_>>(), [true, true, false]);
    assert!(host.with(keys::X25519).unlock(&groups, 0).is_err());

    let twice = [groups[0].clone(), groups[0].clone()];
    let error = two.unlock(&twice, 2).unwrap_err();
    assert_eq!(error.shares, Some(crate::sops::shamir::ShamirError::SameShare));
    assert_eq!(two.unlock(&[], 0).unwrap_err().to_string(), "the file is encrypted to nobody");
}

#[test]
fn no_program_runs_once_enough_groups_are_open() {
    let mut host = Host::new();
    let ran = host.dir.path().join("ran");
    host.environment.sops_age_key_cmd = Some(format!("touch {}", ran.display()).into());
    let groups: Vec<_> = keys::SHARES.iter().map(|share| vec![age("", share)]).collect();
    let two = host.load(&KeySources {
        identity_paths: vec![host.file("x", keys::X25519), host.file("ed", keys::ED25519)],
        ..Default::default()
    });
    assert!(two.unlock(&groups, 2).is_ok());
    assert!(!ran.exists());
    assert!(two.unlock(&groups, 0).is_ok()); // no threshold: every group is tried
    assert!(ran.exists());
}

#[test]
fn a_key_file_must_be_readable_and_ssh_keys_need_not() {
    let host = Host::new();
    let absent = || PathBuf::from("/nowhere/key");
    let error = Identities::load(&KeySources { age_key_file: Some(absent()), ..Default::default() }, &host.environment);
    assert_eq!(error.unwrap_err().to_string(), "cannot read keyfile '/nowhere/key': no such file");

    let sources = KeySources {
        age_key_file: Some(host.file("bad", "# fine\nnonsense canary\n")),
        age_ssh_key_paths: vec![absent(), host.file("rsa", keys::RSA), host.file("enc", keys::ED25519_ENCRYPTED)],
        ssh_key_paths: vec![absent(), host.file("ed", keys::ED25519)],
        identity_paths: vec![absent()],
        ..Default::default()
    };
    let (_, notices) = Identities::load(&sources, &host.environment).unwrap();
    let told: Vec<String> =
        notices.iter().map(|n| n.to_string().replace(host.dir.path().to_str().unwrap(), "")).collect();
    assert_eq!(
        told,
        [
            "no key from /bad: line 2 is not an age identity (AGE-SECRET-KEY-1…, AGE-SECRET-KEY-PQ-1… or AGE-PLUGIN-…)",
            "Cannot read ssh key '/nowhere/key': no such file",
            "Cannot convert ssh key '/rsa': only ed25519 keys can be converted to age keys, this is an RSA key",
            "Cannot convert ssh key '/enc': the key is encrypted with a passphrase; use a key without one, such as a host key of sshd",
            "no key from /nowhere/key: no such file",
            "Cannot read ssh key '/nowhere/key': no such file",
            "Cannot convert ssh key '/ed': only RSA keys can be converted to OpenPGP keys, this is an ed25519 key",
        ]
    );
    let error = Identities::from_sops_environment(&host.environment, &[absent()]).unwrap_err();
    assert_eq!(error.to_string(), "--identity /nowhere/key: no such file");
}

#[test]
fn the_sources_of_sops_count_and_the_manifest_overrides_the_key_file_variable() {
    let mut host = Host::new();
    let home = host.dir.path().to_path_buf();
    host.file(".ssh/id_ed25519", keys::ED25519);
    host.file(".config/sops/age/keys.txt", keys::HYBRID);
    let key_file = host.file("env-key", &format!("# key\n{}\n", keys::X25519));
    host.environment = Environment { home: Some(home), sops_age_key_file: Some(key_file.clone()), ..host.environment };
    let opens = |set: &Identities, enc: &str| set.unlock(&[vec![age("", enc)]], 0).is_ok();

    let set = Identities::from_sops_environment(&host.environment, &[]).unwrap();
    for enc in [keys::X25519_AGE, keys::ED25519_AGE, keys::HYBRID_AGE] {
        assert!(opens(&set, enc));
    }
    let unnamed = host.load(&KeySources::default());
    assert!(opens(&unnamed, keys::X25519_AGE));
    let named = host.load(&KeySources { age_ssh_key_paths: vec![host.file("rsa", keys::RSA)], ..Default::default() });
    assert!(!opens(&named, keys::X25519_AGE) && opens(&named, keys::HYBRID_AGE));

    host.environment.home = None;
    host.environment.sops_age_key_file = None;
    host.environment.sops_age_key = Some(SecretBytes::copy_of(format!(" {}", keys::X25519).as_bytes()));
    assert!(opens(&host.load(&KeySources::default()), keys::X25519_AGE));
    host.environment.sops_age_key = None;
    host.environment.sops_age_ssh_private_key_file = Some(host.file("ssh", keys::RSA));
    assert!(opens(&host.load(&KeySources::default()), keys::RSA_AGE));
}

#[test]
fn what_was_looked_for_in_vain_is_told_only_when_nothing_fits() {
    let mut host = Host::new();
    host.environment.home = Some(host.dir.path().to_path_buf());
    let (set, notices) = Identities::load(&KeySources::default(), &host.environment).unwrap();
    assert!(notices.is_empty());
    let error = set.unlock(&[vec![age("", keys::X25519_AGE)]], 0).unwrap_err();
    assert_eq!(error.groups[0].recipients[0].outcomes, [Outcome::NoIdentity]);
    assert_eq!(error.unusable.len(), 3); // id_ed25519, id_rsa, keys.txt
}

#[test]
fn imports_are_told_in_the_words_of_sops_nix() {
    let host = Host::new();
    let (ed, rsa) = (host.file("ed", keys::ED25519), host.file("rsa", keys::RSA));
    let set = host.load(&KeySources { age_ssh_key_paths: vec![ed], ssh_key_paths: vec![rsa], ..Default::default() });
    let told: Vec<String> =
        set.imports().iter().map(|i| i.to_string().replace(host.dir.path().to_str().unwrap(), "")).collect();
    let age = "Imported /ed as age key with fingerprint age1x7gdw7lhn0aq0juedwntlupx7z864k6gmp44gske3n6emlda5gsq2502z0";
    let gpg = "Imported /rsa as GPG key with fingerprint 0c0f3fb2c3d4c23d473be77a97312730b06dfb0b";
    assert_eq!(told, if cfg!(feature = "pgp") { vec![age, gpg] } else { vec![age] });
}

#[test]
fn agenix_files_open_and_their_refusal_names_both_sides() {
    let host = Host::new();
    let set = host.with(keys::ED25519);
    assert_eq!(set.open_age(keys::ED25519_AGE.as_bytes()).unwrap().expose(), keys::data_key());
    let error = set.open_age(keys::X25519_AGE.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "none of the identities fits its recipients (X25519)");
    assert_eq!(error.host.len(), 2);
    assert!(error.host[1].public.starts_with("ssh-ed25519 AAAA"));
}

#[test]
fn key_commands_learn_the_recipient_and_run_last() {
    let mut host = Host::new();
    let (key, ran) = (host.file("x", keys::X25519), host.file("ran", ""));
    let script = format!(
        "#!/bin/sh\ntest -z \"$SOPS_AGE_KEY\" || exit 9\necho \"$1 $SOPS_AGE_RECIPIENT\" >> {}\ncat {}\n",
        ran.display(),
        key.display()
    );
    host.program("get-key", &script);
    host.environment.sops_age_key_cmd = Some("get-key 'an argument'".into());
    let group = [vec![age("age1wanted", keys::X25519_AGE)]];
    assert!(host.with(keys::X25519).unlock(&group, 0).is_ok());
    assert_eq!(std::fs::read_to_string(&ran).unwrap(), "");
    assert!(host.with(keys::HYBRID).unlock(&group, 0).is_ok());
    assert_eq!(std::fs::read_to_string(&ran).unwrap(), "an argument age1wanted\n");

    for (line, problem) in [
        ("get-key 'open", CommandError::Syntax),
        ("false", CommandError::Failed),
        ("echo canary", CommandError::Age(AgeKeyError::Unknown { line: 1 })),
        ("no-such-program", CommandError::Child(ChildError::Missing("no-such-program".into()))),
    ] {
        host.environment.sops_age_key_cmd = Some(line.into());
        let error = host.load(&KeySources::default()).unlock(&group, 0).unwrap_err();
        let outcomes = &error.groups[0].recipients[0].outcomes;
        assert_eq!(outcomes.last(), Some(&Outcome::Command { variable: "SOPS_AGE_KEY_CMD", problem }));
        assert!(!everything(&error).contains("canary"));
    }
    host.environment.sops_age_key_cmd = None;
    host.environment.sops_age_ssh_private_key_cmd = Some(format!("cat {}", host.file("s", keys::RSA).display()).into());
    assert!(host.load(&KeySources::default()).unlock(&[vec![age("", keys::RSA_AGE)]], 0).is_ok());
}

/// A plugin that keeps its file keys in base64 in the stanza's body: it "decrypts" by giving them back.
const FAKE_PLUGIN: &str = r#"#!/bin/sh
test "$1" = --age-plugin=identity-v1 || exit 2
while read -r line; do
  case "$line" in
    "-> recipient-stanza 0 fake "*) read -r key ;;
    "-> done") read -r empty; break ;;
  esac
done
case "$0" in
  *-asks) printf -- '-> request-secret\nUElOPw\n'; read -r a; read -r b; test "$a" = "-> fail" || exit 3 ;;
  *-hangs) sleep 600 ;;
  *-dies) exit 1 ;;
  *-error) printf -- '-> error identity 0\nbm8gZGV2aWNl\n'; read -r a; read -r b ;;
  *) printf -- '-> msg\naGk\n'; read -r a; read -r b; test "$a" = "-> ok" || exit 3
     test -n "$key" && { printf -- '-> file-key 0\n%s\n' "$key"; read -r a; read -r b; } ;;
esac
printf -- '-> done\n\n'
"#;

/// An age file with one stanza of the type `fake`, whose body is the file key in clear.
fn file_for_fake_plugin() -> Vec<u8> {
    use age_core::format::{FileKey, Stanza};
    use age_core::secrecy::ExposeSecret;
    struct Fake;
    impl age::Recipient for Fake {
        fn wrap_file_key(
            &self,
            key: &FileKey,
        ) -> Result<(Vec<Stanza>, std::collections::HashSet<String>), age::EncryptError> {
            let body = key.expose_secret().to_vec();
            Ok((vec![Stanza { tag: "fake".into(), args: vec!["arg".into()], body }], Default::default()))
        }
    }
    let mut file = Vec::new();
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&Fake as &dyn age::Recipient)).unwrap();
    let mut writer = encryptor.wrap_output(&mut file).unwrap();
    std::io::Write::write_all(&mut writer, &keys::data_key()).unwrap();
    writer.finish().unwrap();
    file
}

fn plugin_identity(name: &str) -> String {
    let prefix = bech32::Hrp::parse(&format!("age-plugin-{name}-")).unwrap();
    age_core::primitives::bech32_encode(prefix, &[1, 2, 3]).to_uppercase()
}

#[test]
fn a_plugin_opens_what_nothing_else_does() {
    let mut host = Host::new();
    host.program("age-plugin-fake", FAKE_PLUGIN);
    let set = host.with(&format!("{}\n{}", plugin_identity("fake"), keys::X25519));
    assert_eq!(set.open_age(&file_for_fake_plugin()).unwrap().expose(), keys::data_key());
    assert_eq!(set.describe()[1].public, "age-plugin-fake");
    let error = set.open_age(keys::HYBRID_AGE.as_bytes()).unwrap_err();
    assert!(matches!(error.problem, AgeFileError::NoMatch { failures, .. } if failures.is_empty()));
}

#[test]
fn a_plugin_that_asks_hangs_dies_or_is_missing_is_an_error() {
    let mut host = Host::new();
    host.environment.helper_timeout = std::time::Duration::from_millis(500);
    for name in ["asks", "hangs", "dies", "error"] {
        host.program(&format!("age-plugin-{name}"), FAKE_PLUGIN);
    }
    for (name, says) in [
        ("asks", "asks a question"),
        ("hangs", "no answer within"),
        ("dies", "stopped without an answer"),
        ("error", "age-plugin-error says: no device"),
        ("absent", "the program 'age-plugin-absent' is not there"),
    ] {
        let error = host.with(&plugin_identity(name)).open_age(&file_for_fake_plugin()).unwrap_err();
        let AgeFileError::NoMatch { failures, .. } = &error.problem else { panic!("{error}") };
        assert!(failures[0].to_string().contains(says), "{name}: {}", failures[0]);
        assert!(failures[0].to_string().starts_with(host.dir.path().join("key").to_str().unwrap()));
    }
}

#[test]
fn nothing_of_a_key_is_in_debug_output() {
    let host = Host::new();
    let set = host.with(keys::X25519);
    assert!(!format!("{set:?}").contains("AGE-SECRET"));
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).is_dir());
}
