//! SSH private keys as age identities: ed25519 both natively and converted to X25519, RSA natively.
//!
//! The conversion is that of `ssh-to-age`, which sops-nix uses. Nothing costly happens until a stanza asks for it.

use super::pem;
use age::DecryptError;
use age_core::format::{FileKey, Stanza};
use age_core::primitives::bech32_encode;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use sha2::{Digest, Sha256, Sha512};
use ssh_key::private::{Ed25519Keypair, KeypairData, RsaKeypair};
use ssh_key::{LineEnding, PrivateKey};
use std::sync::OnceLock;
use zeroize::Zeroizing;

/// Why a file is not an SSH key that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SshKeyError {
    /// The key is protected by a passphrase, and nobody can be asked for it.
    #[error("the key is encrypted with a passphrase; use a key without one, such as a host key of sshd")]
    Encrypted,
    /// There is no private key in the file.
    #[error("this is not an SSH private key")]
    NotAKey,
    /// The key is damaged.
    #[error("the {0} is damaged")]
    Malformed(String),
    /// The key is of a kind that cannot decrypt.
    #[error("keys of this type ({0}) cannot decrypt; use ed25519 or RSA")]
    Unsupported(String),
    /// An RSA key stands where only ed25519 keys can be converted.
    #[error("only ed25519 keys can be converted to age keys, this is an RSA key")]
    NotEd25519,
    /// An ed25519 key stands where only RSA keys can be converted.
    #[error("only RSA keys can be converted to OpenPGP keys, this is an ed25519 key")]
    NotRsa,
}

/// An SSH private key that can decrypt.
pub(super) struct SshKey {
    private: PrivateKey,
    /// The public key in SSH's wire format; the first 4 bytes of its SHA-256 mark the stanzas that are for it.
    wire: Vec<u8>,
    native: OnceLock<Option<age::ssh::Identity>>,
    converted: OnceLock<Option<age::x25519::Identity>>,
}

impl SshKey {
    /// Reads an unencrypted key in the OpenSSH, PKCS#1 or PKCS#8 format.
    pub fn parse(text: &[u8]) -> Result<Self, SshKeyError> {
        let block = pem::read(text).ok_or(SshKeyError::NotAKey)?;
        let private = private_key(&block)?;
        let wire = private.public_key().to_bytes().map_err(|_| SshKeyError::Malformed(block.label.to_owned()))?;
        Ok(Self { private, wire, native: OnceLock::new(), converted: OnceLock::new() })
    }

    /// The RSA half, for the conversion to an OpenPGP key.
    pub fn rsa(&self) -> Option<&RsaKeypair> {
        self.private.key_data().rsa()
    }

    /// Whether this is an ed25519 key, which has an X25519 form.
    pub fn is_ed25519(&self) -> bool {
        self.ed25519().is_some()
    }

    /// The `age1…` recipient of the converted key.
    pub fn converted_public(&self) -> Option<String> {
        self.converted().map(|identity| identity.to_public().to_string())
    }

    /// The key's own recipient, `ssh-ed25519 AAAA…`, without a comment.
    pub fn native_public(&self) -> String {
        format!("{} {}", self.private.algorithm().as_str(), BASE64_STANDARD.encode(&self.wire))
    }

    /// The file key in `stanza`, if it is for either form of this key.
    pub fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        use age::Identity;
        match stanza.tag.as_str() {
            "X25519" => self.converted()?.unwrap_stanza(stanza),
            "ssh-ed25519" | "ssh-rsa" if self.is_tagged(stanza) => self.native()?.unwrap_stanza(stanza),
            _ => None,
        }
    }

    fn is_tagged(&self, stanza: &Stanza) -> bool {
        let tag = BASE64_STANDARD_NO_PAD.encode(Sha256::digest(&self.wire).get(..4).unwrap_or_default());
        stanza.args.first() == Some(&tag)
    }

    fn ed25519(&self) -> Option<&Ed25519Keypair> {
        self.private.key_data().ed25519()
    }

    fn native(&self) -> Option<&age::ssh::Identity> {
        let make = || {
            // Written anew in the form that the age crate reads, whatever form the file has.
            let text = self.private.to_openssh(LineEnding::LF).ok()?;
            age::ssh::Identity::from_buffer(text.as_bytes(), None).ok()
        };
        self.native.get_or_init(make).as_ref()
    }

    fn converted(&self) -> Option<&age::x25519::Identity> {
        self.converted.get_or_init(|| x25519_of(self.ed25519()?.private.as_ref())).as_ref()
    }
}

/// The X25519 identity of an ed25519 seed: the first half of its SHA-512, as ed25519 itself takes its scalar.
fn x25519_of(seed: &[u8; 32]) -> Option<age::x25519::Identity> {
    let hash = Zeroizing::new(<[u8; 64]>::from(Sha512::digest(seed)));
    let prefix = bech32::Hrp::parse("age-secret-key-").ok()?;
    let mut text = Zeroizing::new(bech32_encode(prefix, hash.get(..32)?));
    text.make_ascii_uppercase();
    text.parse().ok()
}

fn private_key(block: &pem::Pem) -> Result<PrivateKey, SshKeyError> {
    let bytes = block.bytes.expose();
    if block.encrypted || block.label == "ENCRYPTED PRIVATE KEY" {
        return Err(SshKeyError::Encrypted);
    }
    match block.label {
        "OPENSSH PRIVATE KEY" => return openssh(bytes),
        "RSA PRIVATE KEY" => rsa::RsaPrivateKey::from_pkcs1_der(bytes).ok().and_then(|key| from_rsa(&key)),
        "PRIVATE KEY" => match pkcs8_ed25519_seed(bytes) {
            Some(seed) => from_ed25519(seed),
            None => rsa::RsaPrivateKey::from_pkcs8_der(bytes).ok().and_then(|key| from_rsa(&key)),
        },
        "EC PRIVATE KEY" | "DSA PRIVATE KEY" => return Err(SshKeyError::Unsupported(block.label.to_owned())),
        _ => return Err(SshKeyError::NotAKey),
    }
    .ok_or_else(|| SshKeyError::Malformed(block.label.to_owned()))
}

fn openssh(bytes: &[u8]) -> Result<PrivateKey, SshKeyError> {
    let key = PrivateKey::from_bytes(bytes).map_err(|_| match algorithm(bytes) {
        // Other types are not even parsed, so their name has to be looked up.
        Some(other) if !matches!(other, "ssh-ed25519" | "ssh-rsa") => SshKeyError::Unsupported(other.to_owned()),
        _ => SshKeyError::Malformed("OPENSSH PRIVATE KEY".to_owned()),
    })?;
    match key.key_data() {
        KeypairData::Encrypted(_) => Err(SshKeyError::Encrypted),
        KeypairData::Ed25519(_) | KeypairData::Rsa(_) => Ok(key),
        _ => Err(SshKeyError::Unsupported(key.algorithm().to_string())),
    }
}

/// The name of the key's type in an OpenSSH private key, which stands in the public half (PROTOCOL.key section 1).
fn algorithm(bytes: &[u8]) -> Option<&str> {
    fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
        let (len, rest) = bytes.split_first_chunk::<4>()?;
        rest.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?)
    }
    let mut rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
    for _cipher_kdf_options in 0..3 {
        rest = string(rest)?.1;
    }
    let (public, _) = string(rest.strip_prefix(&[0, 0, 0, 1])?)?;
    let name = std::str::from_utf8(string(public)?.0).ok()?;
    (name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_graphic())).then_some(name)
}

fn from_rsa(key: &rsa::RsaPrivateKey) -> Option<PrivateKey> {
    PrivateKey::new(KeypairData::Rsa(RsaKeypair::try_from(key).ok()?), "").ok()
}

fn from_ed25519(seed: &[u8; 32]) -> Option<PrivateKey> {
    PrivateKey::new(KeypairData::Ed25519(Ed25519Keypair::from_seed(seed)), "").ok()
}

/// The seed in a PKCS#8 ed25519 key, of version 1 or 2 (RFC 8410 section 7); its DER is always the same bytes.
fn pkcs8_ed25519_seed(der: &[u8]) -> Option<&[u8; 32]> {
    let rest = match der {
        [0x30, 0x2e, 2, 1, 0, rest @ ..] | [0x30, 0x51, 2, 1, 1, rest @ ..] => rest,
        _ => return None,
    };
    rest.strip_prefix(&[0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20])?.first_chunk()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::test_keys as keys;

    #[test]
    fn every_format_of_a_key_gives_the_same_key() {
        let public = |text: &str| SshKey::parse(text.as_bytes()).unwrap().native_public();
        assert_eq!(
            public(keys::ED25519),
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGNSAnkxp6fkTOZINuZdf3wjt4DWETLv9ELpiSKF7Mfh"
        );
        assert_eq!(public(keys::ED25519_PKCS8), public(keys::ED25519));
        assert_eq!(public(keys::RSA_PKCS1), public(keys::RSA));
        assert_eq!(public(keys::RSA_PKCS8), public(keys::RSA));
        let converted = |text: &str| SshKey::parse(text.as_bytes()).unwrap().converted_public();
        assert_eq!(converted(keys::ED25519_PKCS8), converted(keys::ED25519));
        assert_eq!(converted(keys::RSA), None);
    }

    #[test]
    fn keys_that_cannot_be_used_say_why() {
        let cut = keys::ED25519.replace("b3BlbnNzaC1r", "");
        let table = [
            (keys::ED25519_ENCRYPTED, SshKeyError::Encrypted),
            (keys::RSA_PEM_ENCRYPTED, SshKeyError::Encrypted),
            (keys::ECDSA, SshKeyError::Unsupported("ecdsa-sha2-nistp256".into())),
            (&cut, SshKeyError::Malformed("OPENSSH PRIVATE KEY".into())),
            (
                "-----BEGIN PRIVATE KEY-----\nAAEC\n-----END PRIVATE KEY-----",
                SshKeyError::Malformed("PRIVATE KEY".into()),
            ),
            ("-----BEGIN PUBLIC KEY-----\nAAEC\n-----END PUBLIC KEY-----", SshKeyError::NotAKey),
            (keys::X25519, SshKeyError::NotAKey),
            ("", SshKeyError::NotAKey),
        ];
        for (text, error) in table {
            assert_eq!(SshKey::parse(text.as_bytes()).err(), Some(error), "{text}");
        }
    }
}
