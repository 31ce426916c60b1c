//! A host in a folder: a manifest, the place it is installed to, and the program.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Values of `templates-examples/env-file/secrets.yaml`, as its `expected.env` shows them.
pub const DB_PASSWORD: &str = "example-Kq7vT2mXw9";
pub const SMTP_PASSWORD: &str = "example #1: sends & mails";

pub struct Site {
    pub dir: tempfile::TempDir,
    pub manifest: Value,
    /// What is run as `sops-install-secrets`.
    pub program: PathBuf,
}

/// What a run did.
pub struct Done {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Done {
    /// For a run that must have ended with this code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "'{text}' is not in:\n{}", self.stderr);
        self
    }
}

impl Site {
    /// Two secrets and a template of both, in user mode.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let key = root.join("tests/keys/age-test.txt");
        let program = PathBuf::from(env!("CARGO_BIN_EXE_sops-inlay"));
        let mut site = Self { manifest: Value::Null, dir, program };
        site.manifest = json!({
            "secretsMountPoint": site.path("secrets.d"),
            "symlinkPath": site.path("secrets"),
            "keepGenerations": 1,
            "ageKeyFile": key,
            "userMode": true,
            "logging": { "keyImport": false, "secretChanges": true },
            "secrets": [],
            "templates": [],
        });
        site.secret("db", "vaultwarden/db_password");
        site.secret("mail/smtp", "smtp/password");
        let content = format!("db={}\nmail={}\n", token("db"), token("mail/smtp"));
        let path = site.path("secrets/rendered/app.env");
        site.manifest["templates"] = json!([{ "name": "app.env", "content": content, "path": path, "mode": "0440" }]);
        site
    }

    /// The same under schema 1.
    pub fn schema_1() -> Self {
        let mut site = Self::new();
        site.manifest["schema"] = json!(1);
        site
    }

    /// Declares one more secret; gives it for changes.
    pub fn secret(&mut self, name: &str, key: &str) -> &mut Value {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates-examples/env-file/secrets.yaml");
        let path = self.path("secrets").join(name);
        let secrets = self.manifest["secrets"].as_array_mut().unwrap();
        secrets.push(
            json!({ "name": name, "key": key, "sopsFile": file, "format": "yaml", "path": path, "mode": "0400" }),
        );
        if self.manifest["placeholderBySecretName"].is_null() {
            self.manifest["placeholderBySecretName"] = json!({});
        }
        self.manifest["placeholderBySecretName"][name] = json!(token(name));
        self.manifest["secrets"].as_array_mut().unwrap().last_mut().unwrap()
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.dir.path().join(below)
    }

    pub fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap_or_else(|error| panic!("{below}: {error}"))
    }

    /// Where the link leads: the name of the generation; None where there is no link.
    pub fn generation(&self) -> Option<String> {
        let text = fs::read_link(self.path("secrets")).ok()?;
        Some(text.strip_prefix(self.path("secrets.d")).unwrap().to_str().unwrap().to_owned())
    }

    /// Runs the program as `sops-install-secrets`, with these variables more.
    pub fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Done {
        let mut command = Command::new(&self.program);
        if arguments.first().is_some_and(|first| *first == "install") {
            command.args(arguments);
        } else {
            command.arg0("sops-install-secrets").args(arguments);
        }
        let state = self.path("state");
        let given = variables.iter().map(|(name, value)| (*name, Path::new(value)));
        self.finish(command.env_clear().envs([("SOPS_INLAY_STATE_DIR", state.as_path())].into_iter().chain(given)))
    }

    fn finish(&self, command: &mut Command) -> Done {
        fs::write(self.path("manifest.json"), self.manifest.to_string()).unwrap();
        command.env("HOME", self.path("home"));
        let output = command.arg(self.path("manifest.json")).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        // A run that was killed has no code.
        let code = output.status.code().unwrap_or(-1);
        Done { code, stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    pub fn run(&self) -> Done {
        self.run_with(&[], &[])
    }

    /// Runs `sops-inlay install` as the last arguments of another program.
    pub fn run_through(&self, wrapper: &[&str]) -> Done {
        let mut command = Command::new(wrapper[0]);
        command.args(&wrapper[1..]).args([env!("CARGO_BIN_EXE_sops-inlay"), "install"]);
        command
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("SOPS_INLAY_STATE_DIR", self.path("state"));
        self.finish(&mut command)
    }

    /// Everything below the site but the manifest: paths with file contents or link texts. Two equal snapshots: nothing
    /// has changed.
    pub fn snapshot(&self) -> BTreeMap<PathBuf, String> {
        let mut found = BTreeMap::new();
        snapshot(self.dir.path(), &mut found);
        found.remove(&self.path("manifest.json"));
        found
    }
}

fn snapshot(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_symlink() {
            found.insert(path.clone(), format!("-> {}", fs::read_link(&path).unwrap().display()));
        } else if kind.is_dir() {
            found.insert(path.clone(), "/".to_owned());
            snapshot(&path, found);
        } else {
            found.insert(path.clone(), fs::read_to_string(&path).unwrap());
        }
    }
}

/// The token of a secret, as sops-nix writes it.
pub fn token(name: &str) -> String {
    sops_inlay::template::standard_token(name)
}
