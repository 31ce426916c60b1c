//! The `sops` entry of a file: who can open it, which leaves are encrypted, and the MAC (sops-format.md section 4).

use super::fields::Fields;
use super::flat::{unescape_newlines, unflatten};
use super::format::{Format, ParseError};
use super::rules::{Pattern, Rule};
use super::time::Timestamp;
use super::tree::{Document, Entry, Locked, Value};
use crate::secret::SecretBytes;
use std::borrow::Cow;

/// The AES key of a file, or one Shamir share of it.
pub type DataKey = SecretBytes;

/// The rule that sops assumes where a file names none.
const DEFAULT_UNENCRYPTED_SUFFIX: &str = "_unencrypted";

/// One master key: who can open the file, and the data key (or share) wrapped for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterKey {
    /// An age recipient; `enc` is an armored age file.
    Age {
        /// `age1…`, `age1pq1…`, `age1plugin1…` or an `ssh-…` line.
        recipient: String,
        /// The armored age file whose payload is the data key.
        enc: String,
    },
    /// An OpenPGP key; `enc` is an armored message.
    Pgp {
        /// The fingerprint as the file has it.
        fingerprint: String,
        /// The armored message whose payload is the data key.
        enc: String,
    },
    /// A cloud or Vault key, which needs a network and is not tried.
    Remote {
        /// The list it stands in: `kms`, `gcp_kms`, `azure_kv`, `hc_vault`, `hckms`.
        kind: &'static str,
        /// What names the key: an ARN, a resource id, a URL.
        id: String,
    },
}

/// What a sops file says of itself.
#[derive(Debug)]
pub struct Metadata {
    /// When the values were last changed; authenticates the MAC.
    pub last_modified: Timestamp,
    /// The token of the MAC; None where the file has none.
    pub mac: Option<String>,
    /// Which leaves are encrypted.
    pub rule: Rule,
    /// Whether the MAC covers the encrypted leaves alone.
    pub mac_only_encrypted: bool,
    /// Groups needed to open the file; 0 where the file says none.
    pub shamir_threshold: usize,
    /// Key groups; with more than one, each wraps a share of the data key.
    pub groups: Vec<Vec<MasterKey>>,
}

/// Why a file is not a sops file that can be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// No `sops` entry.
    #[error("it is not encrypted with sops: it has no 'sops' metadata")]
    Missing,
    /// A field is not what it should be.
    #[error("its sops metadata is broken: {0}")]
    Broken(String),
    /// The flattened names of a dotenv or INI file do not make a tree.
    #[error("its sops metadata is broken: {0}")]
    Flat(#[from] ParseError),
    /// Two of the six rules at once.
    #[error(
        "its sops metadata has more than one of unencrypted_suffix, encrypted_suffix, unencrypted_regex, encrypted_regex, unencrypted_comment_regex and encrypted_comment_regex"
    )]
    Rules,
    /// No master key at all.
    #[error("its sops metadata names no key it is encrypted to")]
    NoKeys,
}

type Entries<'a> = Vec<Entry<'a, Locked<'a>>>;

impl Metadata {
    /// Takes the metadata out of the documents of a file, of which only the data is left.
    ///
    /// # Errors
    /// Where there is none, or sops would not load it.
    pub fn take<'a>(format: Format, documents: &mut [Document<'a, Locked<'a>>]) -> Result<Self, MetadataError> {
        let entries = match format {
            Format::Yaml | Format::Json | Format::Binary => take_nested(documents)?,
            Format::Dotenv => take_lines(documents)?,
            Format::Ini => take_section(documents)?,
        };
        Self::read(Fields(&entries))
    }

    /// Everything the file is encrypted to, in its order: recipients, fingerprints, names of remote keys.
    pub fn recipients(&self) -> Vec<String> {
        let id = |key: &MasterKey| match key {
            MasterKey::Age { recipient, .. } => recipient.clone(),
            MasterKey::Pgp { fingerprint, .. } => fingerprint.clone(),
            MasterKey::Remote { id, .. } => id.clone(),
        };
        self.groups.iter().flatten().map(id).collect()
    }

    fn read(fields: Fields<'_, '_>) -> Result<Self, MetadataError> {
        let groups = groups(fields)?;
        if groups.iter().all(Vec::is_empty) {
            return Err(MetadataError::NoKeys);
        }
        Ok(Self {
            last_modified: last_modified(fields)?,
            mac: fields.text("mac")?.filter(|mac| !mac.is_empty()),
            rule: rule(fields)?,
            mac_only_encrypted: fields.flag("mac_only_encrypted")?,
            shamir_threshold: fields.count("shamir_threshold")?,
            groups,
        })
    }
}

/// YAML and JSON: the root entry `sops` of the first document; such entries are dropped from all documents.
fn take_nested<'a>(documents: &mut [Document<'a, Locked<'a>>]) -> Result<Entries<'a>, MetadataError> {
    let mut found = None;
    for (number, document) in documents.iter_mut().enumerate() {
        let is_sops = |entry: &Entry<'_, _>| matches!(entry, Entry::Pair(key, _) if **key == *b"sops");
        for entry in document.extract_if(.., |entry| is_sops(entry)) {
            if number == 0 && found.replace(entry).is_some() {
                return Err(MetadataError::Broken("the 'sops' entry stands twice".to_owned()));
            }
        }
    }
    match found {
        None => Err(MetadataError::Missing),
        Some(Entry::Pair(_, Value::Map(entries))) => Ok(entries),
        Some(_) => Err(MetadataError::Broken("the 'sops' entry is not a map".to_owned())),
    }
}

/// dotenv: the lines whose names begin with `sops_`.
fn take_lines<'a>(documents: &mut [Document<'a, Locked<'a>>]) -> Result<Entries<'a>, MetadataError> {
    let mut pairs = Vec::new();
    for document in documents {
        let of_sops = |entry: &Entry<'_, _>| matches!(entry, Entry::Pair(key, _) if key.starts_with(b"sops_"));
        for entry in document.extract_if(.., |entry| of_sops(entry)) {
            if let Entry::Pair(key, Value::Text(text)) = entry {
                pairs.push((Cow::Owned(key[b"sops_".len()..].to_vec()), text));
            }
        }
    }
    if pairs.is_empty() {
        return Err(MetadataError::Missing);
    }
    Ok(unflatten(pairs)?)
}

/// INI: the section `[sops]`, its line feeds written as `\n`.
fn take_section<'a>(documents: &mut [Document<'a, Locked<'a>>]) -> Result<Entries<'a>, MetadataError> {
    let pairs = take_nested(documents)?.into_iter().filter_map(|entry| match entry {
        Entry::Pair(key, Value::Text(text)) => Some((key, unescape_newlines(text))),
        _ => None,
    });
    Ok(unflatten(pairs.collect())?)
}

fn last_modified(fields: Fields<'_, '_>) -> Result<Timestamp, MetadataError> {
    let parsed = match fields.get("lastmodified") {
        Some(Value::Time(time)) => Some(*time),
        Some(Value::Text(text)) => Timestamp::parse_rfc3339(text),
        _ => None,
    };
    parsed.ok_or_else(|| MetadataError::Broken("'lastmodified' is not a time such as 2026-01-02T03:04:05Z".to_owned()))
}

fn rule(fields: Fields<'_, '_>) -> Result<Rule, MetadataError> {
    type Make = fn(&str) -> Rule;
    let kinds: [(&str, Make); 6] = [
        ("unencrypted_suffix", |text| Rule::UnencryptedSuffix(text.to_owned())),
        ("encrypted_suffix", |text| Rule::EncryptedSuffix(text.to_owned())),
        ("unencrypted_regex", |text| Rule::UnencryptedRegex(Pattern::new(text))),
        ("encrypted_regex", |text| Rule::EncryptedRegex(Pattern::new(text))),
        ("unencrypted_comment_regex", |text| Rule::UnencryptedCommentRegex(Pattern::new(text))),
        ("encrypted_comment_regex", |text| Rule::EncryptedCommentRegex(Pattern::new(text))),
    ];
    let mut rule = None;
    for (name, make) in kinds {
        if let Some(text) = fields.text(name)?.filter(|text| !text.is_empty())
            && rule.replace(make(&text)).is_some()
        {
            return Err(MetadataError::Rules);
        }
    }
    Ok(rule.unwrap_or_else(|| Rule::UnencryptedSuffix(DEFAULT_UNENCRYPTED_SUFFIX.to_owned())))
}

/// Flat lists form one group and win over `key_groups`.
fn groups(fields: Fields<'_, '_>) -> Result<Vec<Vec<MasterKey>>, MetadataError> {
    let flat = group(fields)?;
    if !flat.is_empty() {
        return Ok(vec![flat]);
    }
    fields.maps("key_groups").into_iter().map(group).collect()
}

/// The remote kinds, and the field that names a key of each.
const REMOTE: [(&str, &str); 5] = [
    ("kms", "arn"),
    ("gcp_kms", "resource_id"),
    ("hckms", "key_id"),
    ("azure_kv", "vault_url"),
    ("hc_vault", "vault_address"),
];

fn group(fields: Fields<'_, '_>) -> Result<Vec<MasterKey>, MetadataError> {
    let mut keys = Vec::new();
    for key in fields.maps("age") {
        let recipient = key.text("recipient")?.unwrap_or_default();
        keys.push(MasterKey::Age { recipient: recipient.trim().to_owned(), enc: key.text("enc")?.unwrap_or_default() });
    }
    for key in fields.maps("pgp") {
        let fingerprint = key.text("fp")?.unwrap_or_default();
        keys.push(MasterKey::Pgp { fingerprint, enc: key.text("enc")?.unwrap_or_default() });
    }
    for (kind, name) in REMOTE {
        for key in fields.maps(kind) {
            let id = key.text(name)?.unwrap_or_default();
            keys.push(MasterKey::Remote { kind, id });
        }
    }
    Ok(keys)
}
