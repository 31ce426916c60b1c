//! The manifest as JSON has it: sops-nix's fields under sops-nix's names, and those of schema 1.
//!
//! The doc comments here are the descriptions in the JSON Schema that `sops-inlay schema` prints.

use super::ManifestError;
use crate::sops::source::Integrity;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What sops-inlay installs on a host: secrets out of encrypted files, and templates rendered with them.
///
/// Relative paths are relative to the manifest's folder. null means absent everywhere.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "sops-inlay manifest, schema 1", deny_unknown_fields)]
pub struct RawManifest {
    /// Version of this format: 1. Without it the manifest is read as sops-nix's own, and unknown fields are ignored.
    #[schemars(required, range(min = 1, max = 1))]
    pub schema: Option<u64>,
    /// Decrypted values to install.
    #[serde(default)]
    pub secrets: Option<Vec<RawSecret>>,
    /// Files to render.
    #[serde(default)]
    pub templates: Option<Vec<RawTemplate>>,
    /// The token that stands for each secret in templates. Default: `<SOPS:` + sha256 of the name + `:PLACEHOLDER>`.
    pub placeholder_by_secret_name: Option<BTreeMap<String, String>>,
    /// Folder of the generations; a ramfs is mounted there unless `userMode` is set. `%r` stands for the runtime folder.
    #[schemars(required)]
    pub secrets_mount_point: Option<String>,
    /// The link to the current generation.
    #[schemars(required)]
    pub symlink_path: Option<String>,
    /// Generations kept, the current one included; 0 keeps all. Default 1.
    pub keep_generations: Option<u32>,
    /// RSA SSH keys used as OpenPGP keys.
    pub ssh_key_paths: Option<Vec<String>>,
    /// Folder of the GnuPG key ring.
    pub gnupg_home: Option<String>,
    /// File of age identities.
    pub age_key_file: Option<String>,
    /// SSH keys used as age identities.
    pub age_ssh_key_paths: Option<Vec<String>>,
    /// Files that hold an age identity or an SSH key (agenix's `identityPaths`).
    pub age_identity_paths: Option<Vec<String>>,
    /// Mount a tmpfs with noswap in place of a ramfs. Default false.
    pub use_tmpfs: Option<bool>,
    /// Install for a user: no mount, no change of owners. Default false.
    pub user_mode: Option<bool>,
    /// Lines to log.
    pub logging: Option<RawLogging>,
    /// What is verified before values are used. Default `file`.
    pub integrity: Option<Integrity>,
    /// What a failure leaves behind. Default `abort`.
    pub on_failure: Option<OnFailure>,
    /// Take a disk for the secrets where no memory file system can be mounted. Default false.
    pub allow_disk: Option<bool>,
    /// Mount the memory file system so that installed files may be run as programs, as agenix does. Default false.
    pub allow_exec: Option<bool>,
}

/// A value of an encrypted file, installed as a file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RawSecret {
    /// Name, and path below `symlinkPath`.
    #[schemars(required)]
    pub name: Option<String>,
    /// Key path in the file, `a/b/0`; empty for the whole file. Default: empty.
    pub key: Option<String>,
    /// The encrypted file.
    #[schemars(required)]
    pub sops_file: Option<String>,
    /// `yaml`, `json`, `dotenv`, `ini`, `binary`, or `age` for an agenix file. Default `yaml`.
    pub format: Option<String>,
    /// Where readers look for the file; a link to it is placed there. Default: `symlinkPath`/`name`.
    pub path: Option<String>,
    /// More places of the same kind.
    pub paths: Option<Vec<String>>,
    /// false: the value is for templates alone, and no file is made of it. Such a secret may be a map or a list, for
    /// templates of the engine `minijinja`. Default true.
    pub install: Option<bool>,
    /// true: another manifest installs the secret, and it is here for templates that may name it. Default false.
    pub installed_elsewhere: Option<bool>,
    /// Permission bits in octal; for `age` files also chmod's symbolic form. Default `0400`.
    pub mode: Option<String>,
    /// Owning user by name; excludes `uid`.
    pub owner: Option<String>,
    /// Owning user by number. Default 0.
    pub uid: Option<i64>,
    /// Owning group by name; excludes `gid`.
    pub group: Option<String>,
    /// Owning group by number. Default 0.
    pub gid: Option<i64>,
    /// Units restarted when the file changes.
    pub restart_units: Option<Vec<String>>,
    /// Units reloaded when the file changes.
    pub reload_units: Option<Vec<String>>,
    /// Units of users restarted when the file changes, of every user whose manager runs.
    pub restart_user_units: Option<Vec<String>>,
    /// The same, reloaded.
    pub reload_user_units: Option<Vec<String>>,
    /// false: a copy is placed at `path` instead of a link. Default true.
    pub symlink: Option<bool>,
    /// Set by sops-nix's module; such secrets come in a manifest of their own.
    pub needed_for_users: Option<bool>,
    /// Set by sops-nix's module; not used.
    pub sops_file_hash: Option<String>,
}

/// A file with placeholders, rendered with the secrets they stand for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RawTemplate {
    /// Name, and path below `symlinkPath`/`rendered`.
    #[schemars(required)]
    pub name: Option<String>,
    /// The template itself.
    pub content: Option<String>,
    /// File that holds the template; used where `content` is absent or empty.
    pub file: Option<String>,
    /// The language of the template: `placeholder`, where tokens stand for secrets, or `minijinja`, where expressions name
    /// them. Default `placeholder`.
    #[schemars(extend("enum" = ["placeholder", "minijinja", null]))]
    pub engine: Option<String>,
    /// What the expressions of a `minijinja` template stand in, for files that use `{{ }}` themselves.
    pub delimiters: Option<RawDelimiters>,
    /// The format of the rendered file: every value is escaped for the place it stands in, and what cannot be written there
    /// is refused. Default `raw`: values go in as they are.
    #[schemars(extend("enum" = ["raw", "json", "yaml", "toml", "ini", "env", "docker-env", "xml", "sh", "properties", "nginx", null]))]
    pub format: Option<String>,
    /// true: one line break at the end of every value is dropped. false: none is. Default: none is in a `raw` template;
    /// with a `format` that of values that are a whole `binary` or `age` file is.
    pub trim: Option<bool>,
    /// Where readers look for the file; a link to it is placed there. Default: `symlinkPath`/`rendered`/`name`.
    pub path: Option<String>,
    /// More places of the same kind.
    pub paths: Option<Vec<String>>,
    /// Permission bits in octal. Default `0400`.
    pub mode: Option<String>,
    /// Owning user by name; excludes `uid`.
    pub owner: Option<String>,
    /// Owning user by number. Default 0.
    pub uid: Option<i64>,
    /// Owning group by name; excludes `gid`.
    pub group: Option<String>,
    /// Owning group by number. Default 0.
    pub gid: Option<i64>,
    /// Units restarted when the file changes.
    pub restart_units: Option<Vec<String>>,
    /// Units reloaded when the file changes.
    pub reload_units: Option<Vec<String>>,
    /// Units of users restarted when the file changes, of every user whose manager runs.
    pub restart_user_units: Option<Vec<String>>,
    /// The same, reloaded.
    pub reload_user_units: Option<Vec<String>>,
    /// false: a copy is placed at `path` instead of a link. Default true.
    pub symlink: Option<bool>,
}

/// Pairs that start and end the parts of a template that are not text.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RawDelimiters {
    /// Around statements. Default `{%` and `%}`.
    pub block: Option<(String, String)>,
    /// Around expressions. Default `{{` and `}}`.
    pub variable: Option<(String, String)>,
    /// Around comments. Default `{#` and `#}`.
    pub comment: Option<(String, String)>,
}

/// Which lines the installer logs.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RawLogging {
    /// One line for each SSH key used. Default false.
    pub key_import: Option<bool>,
    /// Which secrets and templates were added, modified or removed. Default false.
    pub secret_changes: Option<bool>,
}

/// What a failure before the switch leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnFailure {
    /// The host stays as it was.
    #[default]
    Abort,
    /// What can be installed is; the previous version of what cannot is kept.
    Partial,
    /// `partial` where no generation exists yet, as at boot; `abort` otherwise.
    Auto,
}

/// Reads the JSON; under a schema also gives the paths of fields that no manifest has. To note them takes as long as to
/// read all the rest, so that a manifest of sops-nix is spared it.
pub(super) fn parse(json: &[u8]) -> Result<(RawManifest, Vec<String>), Vec<ManifestError>> {
    let begins = json.iter().find(|byte| !byte.is_ascii_whitespace());
    if begins != Some(&b'{') {
        let what = match json {
            _ if begins.is_none() => "the file is empty",
            [0xef, 0xbb, 0xbf, ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                "begins with a byte order mark: write it as UTF-8 without one"
            }
            _ => "not a manifest, which is a JSON object: '{'",
        };
        return Err(vec![ManifestError { place: "line 1".to_owned(), what: what.to_owned(), hint: None }]);
    }
    let mut unknown = Vec::new();
    let mut read = |strict: bool| {
        let mut reader = serde_json::Deserializer::from_slice(json);
        let raw = match strict {
            true => serde_ignored::deserialize(&mut reader, |path| unknown.push(path.to_string())),
            false => RawManifest::deserialize(&mut reader),
        };
        raw.and_then(|raw| reader.end().map(|()| raw))
    };
    let named = memchr::memmem::find(json, b"\"schema\"").is_some();
    let raw = match read(named) {
        // Its name was written with escapes.
        Ok(raw) if raw.schema.is_some() && !named => read(true),
        raw => raw,
    };
    match raw {
        Ok(raw) => Ok((raw, unknown)),
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            let text = error.to_string();
            let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned();
            let what = if error.is_data() { what } else { format!("not valid JSON: {what}") };
            Err(vec![ManifestError { place, what, hint: None }])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_are_noted_under_a_schema_however_its_name_is_written() {
        for (json, expected) in [
            (r#"{"schema": 1, "secretz": []}"#, &["secretz"][..]),
            (r#"{"sch\u0065ma": 1, "secrets": [{"name": "a", "keyy": 1}]}"#, &["secrets.?.0.keyy"]),
            (r#"{"secretz": []}"#, &[]),
            (r#"{"schema": null}"#, &[]),
        ] {
            assert_eq!(parse(json.as_bytes()).unwrap().1, expected, "{json}");
        }
        assert!(parse(b"{} {}").is_err());
    }
}
