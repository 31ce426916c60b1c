//! The public keys of a host, and whether a sops file is encrypted to one of them; needs no private key.

use crate::message::Message;
use crate::sops::metadata::{MasterKey, Metadata};
use bech32::{Bech32, Hrp};
use curve25519_dalek::edwards::CompressedEdwardsY;
use ssh_key::PublicKey;
use std::collections::BTreeSet;

/// Every recipient that stands for one of a host's keys.
#[derive(Debug)]
pub struct HostKeys(BTreeSet<String>);

impl HostKeys {
    /// Reads public keys: `age1…`, `ssh-ed25519 …` (also known as its converted age key), `ssh-rsa …`, or an OpenPGP
    /// fingerprint.
    ///
    /// # Errors
    /// The first that is none of these.
    pub fn parse(keys: &[String]) -> Result<Self, Message> {
        let mut recipients = BTreeSet::new();
        for key in keys.iter().map(|key| key.trim()) {
            if key.starts_with("ssh-") {
                let parsed = PublicKey::from_openssh(key).map_err(|_| unknown(key))?;
                recipients.extend(bare(key));
                recipients.extend(parsed.key_data().ed25519().and_then(|key| converted(&key.0)));
            } else if key.starts_with("age1") {
                recipients.insert(key.to_owned());
            } else if let Some(fingerprint) = fingerprint(key) {
                recipients.insert(fingerprint);
            } else {
                return Err(unknown(key));
            }
        }
        Ok(Self(recipients))
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
                bare(recipient).is_some_and(|recipient| self.0.contains(&recipient))
            }
            MasterKey::Age { recipient, .. } => self.0.contains(recipient),
            MasterKey::Pgp { fingerprint: text, .. } => fingerprint(text).is_some_and(|text| self.0.contains(&text)),
            MasterKey::Remote { .. } => false,
        }
    }
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
    use crate::sops::rules::Rule;
    use crate::sops::time::Timestamp;

    /// The public half of `test_keys/ed`.
    const SSH: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGNSAnkxp6fkTOZINuZdf3wjt4DWETLv9ELpiSKF7Mfh root@host";

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
        let converted = host.0.iter().find(|key| key.starts_with("age1")).unwrap().clone();
        let private = crate::identity::ssh::SshKey::parse(crate::identity::test_keys::ED25519.as_bytes()).unwrap();
        assert_eq!(Some(&converted), private.converted_public().as_ref());
        assert!(host.can_open(&file(&[&[&converted]], 0)));
        assert!(host.can_open(&file(&[&["age1other", &SSH.replace("root@host", "elsewhere")]], 0)));
        assert!(!host.can_open(&file(&[&["age1other"]], 0)));
    }

    #[test]
    fn enough_groups_must_be_opened() {
        let host = HostKeys::parse(&["age1a".to_owned()]).unwrap();
        assert!(!host.can_open(&file(&[&["age1a"], &["age1b"], &["age1c"]], 2)));
        assert!(host.can_open(&file(&[&["age1a"], &["age1a"], &["age1c"]], 2)));
    }

    #[test]
    fn what_is_no_key_is_an_error() {
        for key in ["", "x", "ssh-ed25519", "ssh-ed25519 AAAA", "1234"] {
            assert!(HostKeys::parse(&[key.to_owned()]).is_err(), "{key}");
        }
    }
}
