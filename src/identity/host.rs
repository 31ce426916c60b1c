//! The public keys of a host, and whether a sops file is encrypted to one of them; needs no private key.

use super::agefile::{self, AgeFileError, Recipient};
use crate::message::Message;
use crate::sops::metadata::{MasterKey, Metadata};
use age_core::primitives::bech32_decode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD;
use bech32::{Bech32, Hrp};
use curve25519_dalek::edwards::CompressedEdwardsY;
use sha2::{Digest, Sha256};
use ssh_key::PublicKey;
use std::collections::BTreeSet;

/// Every recipient that stands for one of a host's keys.
#[derive(Debug)]
pub struct HostKeys {
    recipients: BTreeSet<String>,
    /// The same for age files.
    age: Vec<AgeKey>,
}

/// A key as far as the stanzas of an age file tell their recipients apart.
#[derive(Debug)]
enum AgeKey {
    /// Any stanza of this type may be for it: `X25519`.
    Type(&'static str),
    /// The stanza of this type with this tag is: `ssh-ed25519`, `ssh-rsa`.
    Tagged(String, String),
    /// A plugin's key: any stanza of a type that age itself does not know may be.
    Plugin,
}

/// The types of age's own.
const NATIVE: [&str; 5] = [X25519, HYBRID, "ssh-ed25519", "ssh-rsa", "scrypt"];
const X25519: &str = "X25519";
const HYBRID: &str = "mlkem768x25519";

impl HostKeys {
    /// Reads public keys: `age1…`, `ssh-ed25519 …` (also known as its converted age key), `ssh-rsa …`, or an OpenPGP
    /// fingerprint.
    ///
    /// # Errors
    /// The first that is none of these.
    pub fn parse(keys: &[String]) -> Result<Self, Message> {
        let (mut recipients, mut age) = (BTreeSet::new(), Vec::new());
        for key in keys.iter().map(|key| key.trim()) {
            if key.starts_with("ssh-") {
                let parsed = PublicKey::from_openssh(key).map_err(|_| unknown(key))?;
                recipients.extend(bare(key));
                recipients.extend(parsed.key_data().ed25519().and_then(|key| converted(&key.0)));
                age.extend(tagged(&parsed));
                age.extend(parsed.key_data().ed25519().map(|_| AgeKey::Type(X25519)));
            } else if key.starts_with("age1") {
                // What stands behind it is a comment, as with SSH keys.
                let key = key.split_ascii_whitespace().next().unwrap_or_default();
                age.push(age_key(key).ok_or_else(|| unknown(key))?);
                recipients.insert(key.to_owned());
            } else if let Some(fingerprint) = fingerprint(key) {
                recipients.insert(fingerprint);
            } else {
                return Err(unknown(key));
            }
        }
        Ok(Self { recipients, age })
    }

    /// Whom an age file is encrypted to, where that is certainly none of these keys: `X25519`, `ssh-ed25519 (tag 4f4bYA)`.
    /// Most stanzas do not tell whom they are for, and may be for a key of their type.
    ///
    /// # Errors
    /// Where it is no age file that a key opens.
    pub fn others_alone(&self, file: &[u8]) -> Result<Option<Vec<String>>, AgeFileError> {
        let recipients = agefile::recipients(file)?;
        let fits = |key: &AgeKey, recipient: &Recipient| match key {
            AgeKey::Type(kind) => recipient.kind == *kind,
            AgeKey::Tagged(kind, tag) => recipient.kind == *kind && recipient.tag.as_ref() == Some(tag),
            AgeKey::Plugin => !NATIVE.contains(&recipient.kind.as_str()),
        };
        let fits = self.age.iter().any(|key| recipients.iter().any(|recipient| fits(key, recipient)));
        Ok((!fits).then(|| recipients.iter().map(told).collect()))
    }

    /// Whether these keys open enough key groups of the file.
    pub fn can_open(&self, metadata: &Metadata) -> bool {
        let opened = metadata.groups.iter().filter(|group| group.iter().any(|key| self.fits(key))).count();
        let needed = match (metadata.groups.len(), metadata.shamir_threshold) {
            (1, _) => 1,
            (_, threshold) => threshold.max(2),
        };
        opened >= needed
    }

    fn fits(&self, key: &MasterKey) -> bool {
        match key {
            MasterKey::Age { recipient, .. } if recipient.starts_with("ssh-") => {
                bare(recipient).is_some_and(|recipient| self.recipients.contains(&recipient))
            }
            MasterKey::Age { recipient, .. } => self.recipients.contains(recipient),
            MasterKey::Pgp { fingerprint: text, .. } => {
                fingerprint(text).is_some_and(|text| self.recipients.contains(&text))
            }
            MasterKey::Remote { .. } => false,
        }
    }
}

/// The kind of an age recipient; None where its checksum or length says that it is none.
fn age_key(key: &str) -> Option<AgeKey> {
    let decoded = bech32_decode(key, |_| (), |_| Ok(()), |kind, bytes| Ok((kind.to_string(), bytes.count())));
    match decoded.ok()? {
        (kind, 32) if kind == "age" => Some(AgeKey::Type(X25519)),
        (kind, _) if kind == "age" => None,
        (kind, _) if kind == "age1pq" => Some(AgeKey::Type(HYBRID)),
        (_, _) => Some(AgeKey::Plugin),
    }
}

fn told(recipient: &Recipient) -> String {
    match &recipient.tag {
        Some(tag) if recipient.kind.starts_with("ssh-") => format!("{} (tag {tag})", recipient.kind),
        _ => recipient.kind.clone(),
    }
}

/// The tag that age gives an SSH key: the start of the hash of its wire form (C2SP age.md, ssh recipients).
fn tagged(key: &PublicKey) -> Option<AgeKey> {
    let hash = Sha256::digest(key.to_bytes().ok()?);
    let tag = STANDARD_NO_PAD.encode(hash.get(..4)?);
    Some(AgeKey::Tagged(key.algorithm().as_str().to_owned(), tag))
}

fn unknown(key: &str) -> Message {
    Message::new(format!("'{key}' is no public key"))
        .hint("give age1…, ssh-ed25519 …, ssh-rsa … or an OpenPGP fingerprint")
}

/// An SSH public key line without its comment.
fn bare(line: &str) -> Option<String> {
    let mut words = line.split_ascii_whitespace();
    Some(format!("{} {}", words.next()?, words.next()?))
}

fn fingerprint(text: &str) -> Option<String> {
    let hex: String = text.chars().filter(|c| *c != ' ').collect();
    (hex.len() == 40 && hex.bytes().all(|c| c.is_ascii_hexdigit())).then(|| hex.to_ascii_uppercase())
}

/// The age recipient that ssh-to-age makes of an ed25519 key: its point in Montgomery form.
fn converted(key: &[u8; 32]) -> Option<String> {
    let point = CompressedEdwardsY(*key).decompress()?.to_montgomery();
    bech32::encode::<Bech32>(Hrp::parse("age").ok()?, point.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::test_keys as keys;
    use crate::sops::rules::Rule;
    use crate::sops::time::Timestamp;

    /// The public half of `test_keys/ed`.
    const SSH: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGNSAnkxp6fkTOZINuZdf3wjt4DWETLv9ELpiSKF7Mfh root@host";

    fn yubikey() -> String {
        bech32::encode::<Bech32>(Hrp::parse("age1yubikey").unwrap(), &[1, 2, 3]).unwrap()
    }

    fn file(groups: &[&[&str]], threshold: usize) -> Metadata {
        let key = |recipient: &&str| MasterKey::Age { recipient: (*recipient).to_owned(), enc: String::new() };
        Metadata {
            last_modified: Timestamp::parse_rfc3339(b"2026-01-01T00:00:00Z").unwrap(),
            mac: None,
            rule: Rule::UnencryptedSuffix(String::new()),
            mac_only_encrypted: false,
            shamir_threshold: threshold,
            groups: groups.iter().map(|group| group.iter().map(key).collect()).collect(),
        }
    }

    #[test]
    fn an_ssh_key_stands_for_itself_and_for_its_age_key() {
        let host = HostKeys::parse(&[SSH.to_owned()]).unwrap();
        let converted = host.recipients.iter().find(|key| key.starts_with("age1")).unwrap().clone();
        let private = crate::identity::ssh::SshKey::parse(crate::identity::test_keys::ED25519.as_bytes()).unwrap();
        assert_eq!(Some(&converted), private.converted_public().as_ref());
        assert!(host.can_open(&file(&[&[&converted]], 0)));
        assert!(host.can_open(&file(&[&["age1other", &SSH.replace("root@host", "elsewhere")]], 0)));
        assert!(!host.can_open(&file(&[&["age1other"]], 0)));
    }

    #[test]
    fn an_age_file_is_refused_only_where_it_is_certainly_for_others() {
        let ed = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHuMcSjIXYfTPOXqdFpODUd4j0Of1D2SkAbZPrRxzPzt";
        let rsa = ssh_key::PrivateKey::from_openssh(keys::RSA).unwrap().public_key().to_openssh().unwrap();
        let hybrid = crate::identity::hybrid::HybridIdentity::parse(keys::HYBRID).unwrap().public();
        let files = [keys::ED25519_AGE, keys::RSA_AGE, keys::X25519_AGE, keys::HYBRID_AGE];
        let table = [
            (SSH, [true, false, true, false]),
            (ed, [false, false, true, false]),
            (&rsa, [false, true, false, false]),
            (keys::X25519_PUBLIC, [false, false, true, false]),
            (&hybrid, [false, false, false, true]),
            (&yubikey(), [false, false, false, false]),
            ("0C0F3FB2C3D4C23D473BE77A97312730B06DFB0B", [false, false, false, false]),
        ];
        for (key, expected) in table {
            let host = HostKeys::parse(&[key.to_owned()]).unwrap();
            let may = files.map(|file| host.others_alone(file.as_bytes()).unwrap().is_none());
            assert_eq!(may, expected, "{key}");
        }
        let host = HostKeys::parse(&[ed.to_owned()]).unwrap();
        let told = host.others_alone(keys::ED25519_AGE.as_bytes()).unwrap().unwrap();
        assert!(told.len() == 1 && told[0].starts_with("ssh-ed25519 (tag "), "{told:?}");
        assert_eq!(host.others_alone(b"x"), Err(AgeFileError::NotAge));
        assert_eq!(host.others_alone(keys::SCRYPT_AGE.as_bytes()), Err(AgeFileError::Passphrase));
    }

    #[test]
    fn enough_groups_must_be_opened() {
        let own = keys::X25519_PUBLIC;
        let host = HostKeys::parse(&[own.to_owned()]).unwrap();
        assert!(!host.can_open(&file(&[&[own], &["age1b"], &["age1c"]], 2)));
        assert!(host.can_open(&file(&[&[own], &[own], &["age1c"]], 2)));
        assert!(HostKeys::parse(&[format!("{own} # the host")]).unwrap().can_open(&file(&[&[own]], 0)));
    }

    #[test]
    fn what_is_no_key_is_an_error() {
        let typo = keys::X25519_PUBLIC.replace("age18e9", "age18e8");
        let short = bech32::encode::<Bech32>(Hrp::parse("age").unwrap(), &[0; 31]).unwrap();
        for key in ["", "x", "ssh-ed25519", "ssh-ed25519 AAAA", "1234", "age1xxx", "age1yubikey1abc", &typo, &short] {
            assert!(HostKeys::parse(&[key.to_owned()]).is_err(), "{key}");
        }
    }
}
