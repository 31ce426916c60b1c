//! Every kind of wrong input gives one clear message that names file and place, a documented exit code, and writes
//! nothing. Messages stand here in full: they are read by people, and one that changes should be read again.

mod support;

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use support::crafted::{Stanza, text, token};
use support::{files_below, inlay, key, told};

/// A folder with a manifest, encrypted files, and `out/`, where an installation would go.
struct Folder(tempfile::TempDir);

/// What was said to stderr.
struct Refused(String);

impl Refused {
    fn says(&self, message: &str) {
        assert_eq!(self.0, message, "\n{}", self.0);
    }
}

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.put("secrets.yaml", good());
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path().join(name), bytes).unwrap();
        self
    }

    /// A file of that many bytes, all zero, which takes no room on the disk.
    fn huge(&self, name: &str) -> &Self {
        fs::File::create(self.path().join(name)).unwrap().set_len(1 << 30).unwrap();
        self
    }

    /// A manifest of schema 1 with these secrets, and more fields.
    fn manifest(&self, secrets: Value, more: Value) -> &Self {
        let mut manifest = json!({
            "schema": 1,
            "userMode": true,
            "secretsMountPoint": "out/secrets.d",
            "symlinkPath": "out/secrets",
            "ageKeyFile": key("age-test.txt"),
            "secrets": secrets,
        });
        for (name, value) in more.as_object().unwrap() {
            manifest[name] = value.clone();
        }
        self.put("manifest.json", manifest.to_string())
    }

    fn install(&self, code: i32) -> Refused {
        self.run(&["install", "manifest.json"], code)
    }

    /// Runs what must fail with this exit code, print no result, and leave the folder as it was.
    fn run(&self, arguments: &[&str], code: i32) -> Refused {
        let before = self.state();
        let output = inlay(arguments)
            .current_dir(self.path())
            .env("SOPS_INLAY_STATE_DIR", self.path().join("out/state"))
            .env("XDG_RUNTIME_DIR", "/run/user/0")
            .output()
            .unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{}", told(&output));
        assert_eq!(before, self.state());
        let keys = key("").display().to_string();
        Refused(String::from_utf8(output.stderr).unwrap().replace(&keys, "KEYS/"))
    }

    fn state(&self) -> Vec<(PathBuf, u64)> {
        let size = |path: PathBuf| {
            let size = fs::symlink_metadata(&path).unwrap().len();
            (path, size)
        };
        files_below(self.path()).into_iter().map(size).collect()
    }
}

/// A sops file that opens: `db: {password: hunter2, list: [one]}`, `port: 5432`, `gone: null`.
fn good() -> String {
    format!("{}{}", good_values(), Stanza::new("hunter2one5432").yaml())
}

fn good_values() -> String {
    let (password, one, port) =
        (text("hunter2", "db:password:"), text("one", "db:list:"), token("5432", "port:", "int"));
    format!("db:\n    password: {password}\n    list:\n        - {one}\nport: {port}\ngone: null\n")
}

fn secret(name: &str, key: &str) -> Value {
    json!({ "name": name, "key": key, "sopsFile": "secrets.yaml" })
}

/// One secret of the good file, with other fields.
fn with(fields: Value) -> Value {
    let mut secret = secret("password", "db/password");
    for (name, value) in fields.as_object().unwrap() {
        secret[name] = value.clone();
    }
    json!([secret])
}

/// The folder with another encrypted file.
fn sops_file(bytes: impl AsRef<[u8]>) -> Folder {
    let folder = secret_with(json!({}));
    folder.put("secrets.yaml", bytes);
    folder
}

/// The folder with a manifest whose one secret has these fields, too.
fn secret_with(fields: Value) -> Folder {
    secrets(with(fields))
}

fn secrets(secrets: Value) -> Folder {
    let folder = Folder::new();
    folder.manifest(secrets, json!({}));
    folder
}

/// The folder with a manifest of one secret and these fields.
fn manifest_with(fields: Value) -> Folder {
    let folder = Folder::new();
    folder.manifest(with(json!({})), fields);
    folder
}

#[test]
fn the_folder_of_these_tests_is_sound_until_it_is_spoilt() {
    let folder = Folder::new();
    folder.manifest(json!([secret("password", "db/password")]), json!({}));
    let mut install = inlay(["install", "manifest.json"]);
    let output = install.current_dir(folder.path()).env("SOPS_INLAY_STATE_DIR", folder.path().join("state")).output();
    assert!(output.as_ref().unwrap().status.success(), "{}", told(&output.unwrap()));
    assert_eq!(fs::read_to_string(folder.path().join("out/secrets/password")).unwrap(), "hunter2");
}

#[test]
#[rustfmt::skip] // the messages stand as they are printed
fn a_manifest_that_is_no_json_is_told_with_line_and_column() {
    Folder::new().put("manifest.json", "not json").install(1).says("\
error: manifest.json: line 1: not a manifest, which is a JSON object: '{'
");
    Folder::new().put("manifest.json", "").install(1).says("\
error: manifest.json: line 1: the file is empty
");
    Folder::new().put("manifest.json", "{\"schema\": 1,\n \"secrets\": [").install(1).says("\
error: manifest.json: line 2, column 13: not valid JSON: EOF while parsing a list
");
    Folder::new().put("manifest.json", "[]").install(1).says("\
error: manifest.json: line 1: not a manifest, which is a JSON object: '{'
");
    Folder::new().put("manifest.json", "{\"secrets\": \"x\"}").install(1).says("\
error: manifest.json: line 1, column 15: invalid type: string \"x\", expected a sequence
");
    Folder::new().put("manifest.json", b"{\"secrets\": \"\xff\"}").install(1).says("\
error: manifest.json: line 1, column 14: not valid JSON: invalid unicode code point
");
    Folder::new().put("manifest.json", "{\"schema\": 2}").install(1).says("\
error: manifest.json: schema: 2 is not known to this version, which reads schema 1
");
    Folder::new().run(&["install", "nowhere.json"], 1).says("\
error: cannot open nowhere.json: No such file or directory
");
    Folder::new().run(&["install", "."], 1).says("\
error: cannot read .: Is a directory
");
}

#[test]
#[rustfmt::skip] // the messages stand as they are printed
fn a_file_that_is_not_of_its_format_is_told_with_line_and_format() {
    sops_file("a: [\n").install(1).says("\
error: secrets.yaml: line 1, column 4: unclosed bracket '['
       wanted by     password
       read as       yaml
");
    sops_file("").install(1).says("\
error: secrets.yaml: the file holds no document
       wanted by     password
       read as       yaml
");
    sops_file("- a\n").install(1).says("\
error: secrets.yaml: line 1, column 1: the document is a list, and sops needs a map
       wanted by     password
       read as       yaml
");
    sops_file(good_values()).install(1).says("\
error: secrets.yaml: it is not encrypted with sops: it has no 'sops' metadata
       wanted by     password
       read as       yaml
hint:  encrypt it: sops encrypt -i secrets.yaml; change what was committed in the clear
");
    sops_file(&good()[..700]).install(1).says("\
error: secrets.yaml: its sops metadata is broken: 'lastmodified' is not a time such as 2026-01-02T03:04:05Z
       wanted by     password
       read as       yaml
hint:  restore it from version control; edit it with sops only
");
    sops_file(b"a: \xff\n").install(1).says("\
error: secrets.yaml: line 1: not UTF-8 text
       wanted by     password
       read as       yaml
");
    Folder::new().put("secrets.json", "{\"a\": \"x\"").manifest(with(json!({ "sopsFile": "secrets.json", "format": "json" })), json!({})).install(1).says("\
error: secrets.json: line 1, column 10: the file ends where ',' or '}' was expected
       wanted by     password
       read as       json
");
    secret_with(json!({ "format": "json" })).install(1).says("\
error: secrets.yaml: line 1, column 1: the root of the file must be a JSON object, '{'
       wanted by     password
       read as       json
hint:  its name says yaml: give that as its format
");
    secret_with(json!({ "format": "dotenv" })).install(1).says("\
error: secrets.yaml: line 1: the line has no '=' and is no comment
       wanted by     password
       read as       dotenv
hint:  its name says yaml: give that as its format
");
    secret_with(json!({ "format": "ini" })).install(1).says("\
error: secrets.yaml: line 11: the line is no section, key or comment: it has no '=' or ':'
       wanted by     password
       read as       ini
hint:  its name says yaml: give that as its format
");
    secret_with(json!({ "format": "binary", "key": "" })).install(1).says("\
error: secrets.yaml: line 1, column 1: the root of the file must be a JSON object, '{'
       wanted by     password
       read as       binary
hint:  its name says yaml: give that as its format
");
    secret_with(json!({ "format": "age", "key": "" })).install(1).says("\
error: secrets.yaml: this is not an age file
hint:  a file that sops encrypted has another format: yaml, json, dotenv, ini or binary
");
    secret_with(json!({ "format": "jsn" })).install(1).says("\
error: manifest.json: secrets[0] 'password': 'jsn' is no format: use yaml, json, dotenv, ini, binary or age
");
    secret_with(json!({ "sopsFile": "nowhere.yaml" })).install(1).says("\
error: cannot open nowhere.yaml: No such file or directory
       wanted by     password
");
}

#[test]
#[rustfmt::skip] // the messages stand as they are printed
fn a_file_too_large_is_refused_unread() {
    Folder::new().huge("manifest.json").install(1).says("\
error: manifest.json: larger than the limit of 64 MiB
");
    Folder::new().huge("secrets.yaml").manifest(with(json!({})), json!({})).install(1).says("\
error: secrets.yaml: larger than the limit of 64 MiB
       wanted by     password
");
    Folder::new().huge("t").manifest(json!([]), json!({ "templates": [{ "name": "t", "file": "t" }] })).install(1).says("\
error: template 't': t: larger than the limit of 16 MiB
");
    Folder::new().huge("key").manifest(with(json!({})), json!({ "ageKeyFile": "key" })).install(3).says("\
error: cannot read keyfile 'key': larger than 16777216 bytes, so it is not a key
");
    Folder::new().huge("secrets.yaml").run(&["decrypt", "secrets.yaml"], 1).says("\
error: secrets.yaml: larger than the limit of 64 MiB
");
    Folder::new().huge("t").run(&["scan", "t"], 1).says("\
error: t: larger than the limit of 256 MiB
");
}

#[test]
#[rustfmt::skip] // the messages stand as they are printed
fn a_key_path_that_leads_nowhere_is_told_with_the_nearest() {
    secrets(json!([secret("a", "db/pasword")])).install(1).says("\
error: secrets.yaml: key 'db/pasword' not found
       wanted by     a
hint:  did you mean 'db/password'?
");
    secrets(json!([secret("a", "db/list/1")])).install(1).says("\
error: secrets.yaml: key 'db/list/1' not found
       wanted by     a
hint:  did you mean 'db/list/0'?
");
    secrets(json!([secret("a", "port/x")])).install(1).says("\
error: secrets.yaml: key 'port/x' leads through a value that is neither a map nor a list
       wanted by     a
");
    secrets(json!([secret("a", "db")])).install(1).says("\
error: secrets.yaml: key 'db' is a map, and only a single value can be installed
       wanted by     a
hint:  did you mean 'db/password' or 'db/list/0'? with 'install = false' a minijinja template can use it as a whole
");
    secrets(json!([secret("a", "db/list")])).install(1).says("\
error: secrets.yaml: key 'db/list' is a list, and only a single value can be installed
       wanted by     a
hint:  did you mean 'db/list/0'? with 'install = false' a minijinja template can use it as a whole
");
    secrets(json!([secret("a", "gone")])).install(1).says("\
error: secrets.yaml: key 'gone' is null: it has no value to install
       wanted by     a
");
    Folder::new().run(&["decrypt", "secrets.yaml", "--key", "db/pasword"], 1).says("\
error: secrets.yaml: key 'db/pasword' not found
hint:  did you mean 'db/password'?
");
    Folder::new().run(&["decrypt", "secrets.yaml", "--key", "port/x"], 1).says("\
error: secrets.yaml: key 'port/x' leads through a value that is neither a map nor a list
");
}

#[test]
#[rustfmt::skip] // the messages stand as they are printed
fn a_file_that_was_tampered_with_gives_no_value() {
    let swap = |from: &str, to: &str| good().replacen(from, to, 1);
    sops_file(swap("    password: ENC[AES256_GCM,data:", "    password: ENC[AES256_GCM,data:AAAA")).install(4).says("\
error: secrets.yaml: 1 of its values cannot be decrypted
       key 'db/password': the value does not authenticate: it was changed or moved after it was encrypted
hint:  restore secrets.yaml from version control, or edit it with sops only
");
    sops_file(swap("    password: ENC[", "    password: ENC(")).install(4).says("\
error: secrets.yaml: 1 of its values cannot be decrypted
       key 'db/password': the value should be encrypted but is not
hint:  restore secrets.yaml from version control, or edit it with sops only
");
    sops_file(swap("    mac: ENC[AES256_GCM,data:", "    mac: ENC[AES256_GCM,data:AAAA")).install(4).says("\
error: secrets.yaml: its MAC does not authenticate: 'mac' or 'lastmodified' was changed
hint:  restore it from version control; edit it with sops only, which renews the MAC
");
    sops_file(swap("2026-01-02T03", "2026-01-02T04")).install(4).says("\
error: secrets.yaml: its MAC does not authenticate: 'mac' or 'lastmodified' was changed
hint:  restore it from version control; edit it with sops only, which renews the MAC
");
    let mut stanza = Stanza::new("");
    stanza.mac = None;
    sops_file(good_values() + &stanza.yaml()).install(4).says("\
error: secrets.yaml: it has no MAC, so changes to it would go unnoticed
hint:  restore it from version control; edit it with sops only, which renews the MAC
");
    sops_file(good_values() + &Stanza::new("other").yaml()).install(4).says("\
error: secrets.yaml: its MAC does not match: values were added, removed, swapped or changed
hint:  restore it from version control; edit it with sops only, which renews the MAC
");
}

#[test]
#[rustfmt::skip] // the messages stand as they are printed
fn keys_that_do_not_open_a_file_are_listed_beside_its_recipients() {
    manifest_with(json!({ "ageKeyFile": key("age-other.txt") })).install(3).says("\
error: secrets.yaml: none of this host's keys can open it
       encrypted to   age1fz03c…qnerjuv
       this host has  age1y8ww4…scanmrx  (KEYS/age-other.txt)
hint:  add the host's key to .sops.yaml, then run: sops updatekeys secrets.yaml
");
    manifest_with(json!({ "ageKeyFile": "nowhere.txt" })).install(3).says("\
error: cannot read keyfile 'nowhere.txt': no such file
");
    manifest_with(json!({ "ageKeyFile": "." })).install(3).says("\
error: cannot read keyfile '.': is a directory
");
    Folder::new().put("key", "AGE-SECRET-KEY-1NONSENSE\n").manifest(with(json!({})), json!({ "ageKeyFile": "key" })).install(3).says("\
error: secrets.yaml: none of this host's keys can open it
       encrypted to   age1fz03c…qnerjuv
       this host has  no key that can be used
       no key from key: the age identity in line 1 is damaged
       no key from /nonexistent/.ssh/id_ed25519: no such file
       no key from /nonexistent/.ssh/id_rsa: no such file
       no key from /nonexistent/.config/sops/age/keys.txt: no such file
hint:  mend one of the keys named, or name another
");
    Folder::new().put("key", b"\xff\xfe\n").manifest(with(json!({})), json!({ "ageKeyFile": "key" })).install(3).says("\
error: secrets.yaml: none of this host's keys can open it
       encrypted to   age1fz03c…qnerjuv
       this host has  no key that can be used
       no key from key: line 1 is not an age identity (AGE-SECRET-KEY-1…, AGE-SECRET-KEY-PQ-1… or AGE-PLUGIN-…)
       no key from /nonexistent/.ssh/id_ed25519: no such file
       no key from /nonexistent/.ssh/id_rsa: no such file
       no key from /nonexistent/.config/sops/age/keys.txt: no such file
hint:  mend one of the keys named, or name another
");
    manifest_with(json!({ "ageKeyFile": null })).install(3).says("\
error: secrets.yaml: none of this host's keys can open it
       encrypted to   age1fz03c…qnerjuv
       this host has  no key that can be used
       no key from /nonexistent/.ssh/id_ed25519: no such file
       no key from /nonexistent/.ssh/id_rsa: no such file
       no key from /nonexistent/.config/sops/age/keys.txt: no such file
hint:  name a private key: --identity FILE or SOPS_AGE_KEY_FILE; in a manifest ageKeyFile or ageSshKeyPaths
");
    manifest_with(json!({ "ageKeyFile": null, "ageSshKeyPaths": ["nowhere", key("ssh-ed25519")] })).install(3).says("\
error: secrets.yaml: none of this host's keys can open it
       encrypted to   age1fz03c…qnerjuv
       this host has  age1eydt4…s6kxy3p  (KEYS/ssh-ed25519)
                      ssh-ed25519 AAAAC3Nza…JpceUgl  (KEYS/ssh-ed25519)
       Cannot read ssh key 'nowhere': no such file
hint:  add the host's key to .sops.yaml, then run: sops updatekeys secrets.yaml
");
    Folder::new().run(&["decrypt", "secrets.yaml"], 3).says("\
error: secrets.yaml: none of this host's keys can open it
       encrypted to   age1fz03c…qnerjuv
       this host has  no key that can be used
       no key from /nonexistent/.ssh/id_ed25519: no such file
       no key from /nonexistent/.ssh/id_rsa: no such file
       no key from /nonexistent/.config/sops/age/keys.txt: no such file
hint:  name a private key: --identity FILE or SOPS_AGE_KEY_FILE; in a manifest ageKeyFile or ageSshKeyPaths
");
    Folder::new().run(&["decrypt", "secrets.yaml", "--identity", "nowhere"], 3).says("\
error: --identity nowhere: no such file
");
}

#[test]
#[rustfmt::skip] // the messages stand as they are printed
fn outputs_that_cannot_be_installed_are_told_by_name() {
    secrets(json!([secret("a", "port"), secret("a", "db/password")])).install(1).says("\
error: manifest.json: secret 'a': stands twice: names must differ
");
    secrets(json!([{ "name": "a", "key": "port", "sopsFile": "secrets.yaml", "path": "/x/y" }, { "name": "b", "key": "port", "sopsFile": "secrets.yaml", "path": "/x/y" }])).install(1).says("\
error: manifest.json: secret 'b': shares its path /x/y with secret 'a'
");
    secrets(json!([{ "name": "a", "key": "port", "sopsFile": "secrets.yaml", "path": "out/secrets/" }])).install(1).says("\
error: manifest.json: secrets[0] 'a': its path is the folder of all secrets, or one above it
");
    secrets(json!([secret("../a", "port"), secret("/a", "port"), secret("a/./b", "port"), secret("", "port")])).install(1).says("\
error: manifest.json: secrets[0] '../a': 'name' is not usable: a name must stay inside its directory: no leading '/', no empty part, no '.' or '..'
error: manifest.json: secrets[1] '/a': 'name' is not usable: a name must stay inside its directory: no leading '/', no empty part, no '.' or '..'
error: manifest.json: secrets[2] 'a/./b': 'name' is not usable: a name must stay inside its directory: no leading '/', no empty part, no '.' or '..'
error: manifest.json: secrets[3] '': 'name' is not usable: a name must not be empty
");
    secrets(json!([secret("a", "port"), secret("a/b", "port")])).install(1).says("\
error: manifest.json: secret 'a/b': cannot lie inside secret 'a', which is a file
");
    secret_with(json!({ "mode": "0888" })).install(1).says(
        "\
error: manifest.json: secrets[0] 'password': mode '0888' is not valid: write it in octal such as 0400
");
    secret_with(json!({ "mode": "u=r" })).install(1).says("\
error: manifest.json: secrets[0] 'password': mode 'u=r' is not valid: write it in octal such as 0400
");
    secret_with(json!({ "format": "age", "key": "", "mode": "u=q" })).install(1).says("\
error: manifest.json: secrets[0] 'password': mode 'u=q' is not valid: write it in octal such as 0400, or symbolic such as u=r,g=r
");
    secret_with(json!({ "restartUnits": ["--now"] })).install(1).says("\
error: manifest.json: secrets[0] 'password': 'restartUnits' holds '--now', which is no unit name
");
    secret_with(json!({ "owner": "a", "uid": 7 })).install(1).says(
        "\
error: manifest.json: secrets[0] 'password': 'owner' excludes 'uid': give only one of the two
");
}

#[test]
#[rustfmt::skip] // the messages stand as they are printed
fn several_mistakes_are_told_together() {
    Folder::new().manifest(json!([secret("a", "port"), { "name": "..", "sopsFile": "x", "mode": "rw" }, { "name": "b", "format": "jsn" }]), json!({ "keepGenrations": 2 })).install(1).says("\
error: manifest.json: unknown field 'keepGenrations'
hint:  did you mean 'keepGenerations'?
error: manifest.json: secrets[1] '..': 'name' is not usable: a name must stay inside its directory: no leading '/', no empty part, no '.' or '..'
error: manifest.json: secrets[1] '..': mode 'rw' is not valid: write it in octal such as 0400
error: manifest.json: secrets[2] 'b': 'jsn' is no format: use yaml, json, dotenv, ini, binary or age
error: manifest.json: secrets[2] 'b': 'sopsFile' is missing
");
    secrets(json!([secret("a", "prot"), secret("b", "gone"), { "name": "c", "key": "x", "sopsFile": "other.yaml" }])).install(1).says("\
error: cannot open other.yaml: No such file or directory
       wanted by     c
error: secrets.yaml: key 'gone' is null: it has no value to install
       wanted by     b
error: secrets.yaml: key 'prot' not found
       wanted by     a
hint:  did you mean 'port'?
");
    Folder::new().put("t", "a = <SOPS:0000000000000000000000000000000000000000000000000000000000000000:PLACEHOLDER>\nb = <SOPS:1111111111111111111111111111111111111111111111111111111111111111:PLACEHOLDER>\n").manifest(json!([secret("a", "port")]), json!({ "templates": [{ "name": "t", "file": "t" }, { "name": "none", "file": "none" }] })).run(&["check", "manifest.json"], 1).says("\
error: template 'none': cannot open none: No such file or directory
error: template 't', line 1, column 5: no secret behind this placeholder
       a = <SOPS:0000…:PLACEHOLDER>
           ^^^^^^^^^^^^^^^^^^^^^^^^ its secret is not declared in this manifest
error: template 't', line 2, column 5: no secret behind this placeholder
       b = <SOPS:1111…:PLACEHOLDER>
           ^^^^^^^^^^^^^^^^^^^^^^^^ its secret is not declared in this manifest
");
    Folder::new().put("t", "a = <SOPS:0000000000000000000000000000000000000000000000000000000000000000:PLACEHOLDER>\nb = <SOPS:1111111111111111111111111111111111111111111111111111111111111111:PLACEHOLDER>\n").manifest(json!([secret("a", "port")]), json!({ "templates": [{ "name": "t", "file": "t" }] })).install(1).says("\
error: template 't', line 1, column 5: no secret behind this placeholder
       a = <SOPS:0000…:PLACEHOLDER>
           ^^^^^^^^^^^^^^^^^^^^^^^^ its secret is not declared in this manifest
error: template 't', line 2, column 5: no secret behind this placeholder
       b = <SOPS:1111…:PLACEHOLDER>
           ^^^^^^^^^^^^^^^^^^^^^^^^ its secret is not declared in this manifest
");
    let both = good()
        .replace("    password: ENC[AES256_GCM,data:", "    password: ENC[AES256_GCM,data:AAAA")
        .replace("port: ENC[AES256_GCM,data:", "port: ENC[AES256_GCM,data:AAAA");
    sops_file(both).install(4).says("\
error: secrets.yaml: 2 of its values cannot be decrypted
       key 'db/password': the value does not authenticate: it was changed or moved after it was encrypted
       key 'port': the value does not authenticate: it was changed or moved after it was encrypted
hint:  restore secrets.yaml from version control, or edit it with sops only
");
}
