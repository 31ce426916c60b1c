//! OpenPGP in process: the key that sops-nix makes of an RSA SSH host key, and opening a message with it.

use super::ssh::SshKey;
use crate::secret::{SecretBuf, SecretBytes};
use pgp::composed::{Message, SignedKeyDetails, SignedSecretKey};
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{PubKeyInner, PublicKey, SecretKey};
use pgp::types::{KeyDetails, KeyVersion, Password, PlainSecretParams, PublicParams, SecretParams, Timestamp};
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey};
use ssh_key::private::RsaKeypair;
use std::io::Read;
use zeroize::Zeroizing;

/// Largest data key taken from a message, in bytes; real ones have 32 or 33.
const DATA_KEY_MAX_BYTES: usize = 4096;
/// Largest RSA modulus taken, in bits: the largest that ssh-keygen makes.
const RSA_MAX_BITS: usize = 16384;

/// Why a message could not be opened in process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PgpError {
    /// The message is for other keys, or its session key is damaged; rPGP does not tell which.
    #[error("the OpenPGP form of this SSH key does not open the message")]
    NoMatch,
    /// The SSH key's numbers make no RSA key.
    #[error("the SSH key does not make an OpenPGP key")]
    Key,
    /// What `enc` holds is no OpenPGP message.
    #[error("this is not an OpenPGP message")]
    NotAMessage,
    /// The message was changed, cut off, or is of a kind that is not supported.
    #[error("the OpenPGP message is damaged or of an unsupported kind")]
    Damaged,
}

/// The fingerprint of the OpenPGP key of an RSA SSH key, in lower-case hexadecimal; None for other keys.
pub(super) fn fingerprint(key: &SshKey) -> Option<String> {
    let fingerprint = public_key(key.rsa()?)?.fingerprint();
    Some(fingerprint.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether `recipient`, a fingerprint or key id as sops files write it, means `fingerprint`.
pub(super) fn is_meant(fingerprint: &str, recipient: &str) -> bool {
    let hex: String = recipient.chars().filter(char::is_ascii_hexdigit).map(|c| c.to_ascii_lowercase()).collect();
    hex.len() >= 16 && fingerprint.ends_with(&hex)
}

/// Decrypts the armored message `enc` with the OpenPGP form of `key`.
pub(super) fn open(key: &SshKey, enc: &str) -> Result<SecretBytes, PgpError> {
    let key = key.rsa().and_then(secret_key).ok_or(PgpError::Key)?;
    let (message, _) = Message::from_string(enc.trim()).map_err(|_| PgpError::NotAMessage)?;
    let opened = message.decrypt(&Password::empty(), &key).map_err(|error| match error {
        pgp::errors::Error::MissingKey => PgpError::NoMatch,
        _ => PgpError::Damaged,
    })?;
    let mut contents = if opened.is_compressed() {
        opened.decompress().map_err(|_| PgpError::Damaged)? // gpg compresses, sops does not
    } else {
        opened
    };
    let mut plain = SecretBuf::with_capacity(64);
    let mut chunk = Zeroizing::new([0; 256]);
    loop {
        match contents.read(chunk.as_mut_slice()) {
            Ok(0) if plain.is_empty() => return Err(PgpError::Damaged), // as in sops, nothing is not a key
            Ok(0) => return Ok(plain.finish()),
            Ok(read) if plain.len() + read <= DATA_KEY_MAX_BYTES => plain.push(chunk.get(..read).unwrap_or_default()),
            _ => return Err(PgpError::Damaged),
        }
    }
}

/// Version 4, created at time 0 so that it is the same key on every host and every run (sops-nix convert.go).
fn public_key(rsa: &RsaKeypair) -> Option<PublicKey> {
    let number = |mpint: &ssh_key::Mpint| mpint.as_positive_bytes().map(BigUint::from_bytes_be);
    let (n, e) = (number(&rsa.public.n)?, number(&rsa.public.e)?);
    let params = PublicParams::RSA(RsaPublicKey::new_with_max_size(n, e, RSA_MAX_BITS).ok()?.into());
    let created = Timestamp::from_secs(0);
    let inner = PubKeyInner::new(KeyVersion::V4, PublicKeyAlgorithm::RSA, created, None, params).ok()?;
    PublicKey::from_inner(inner).ok()
}

/// The key without user ids and signatures, which decrypting does not look at.
fn secret_key(rsa: &RsaKeypair) -> Option<SignedSecretKey> {
    let number = |mpint: &ssh_key::Mpint| mpint.as_positive_bytes().map(BigUint::from_bytes_be);
    // Not `TryFrom<&RsaKeypair>`: ssh-key 0.6 passes the prime p twice there.
    let primes = vec![number(&rsa.private.p)?, number(&rsa.private.q)?];
    let (n, e, d) = (number(&rsa.public.n)?, number(&rsa.public.e)?, number(&rsa.private.d)?);
    let private = RsaPrivateKey::from_components(n, e, d, primes).ok()?;
    let params = SecretParams::Plain(PlainSecretParams::RSA(private.into()));
    let key = SecretKey::new(public_key(rsa)?, params).ok()?;
    Some(SignedSecretKey::new(key, SignedKeyDetails::new(vec![], vec![], vec![], vec![]), vec![], vec![]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::test_keys as keys;
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;

    fn rsa() -> SshKey {
        SshKey::parse(keys::RSA.as_bytes()).unwrap()
    }

    /// `armored` with one byte of its binary form changed, and without a checksum.
    fn changed(armored: &str, offset: usize) -> String {
        let lines = armored.lines().filter(|line| !line.starts_with(['-', '=']));
        let mut bytes = BASE64_STANDARD.decode(lines.collect::<String>()).unwrap();
        bytes[offset] ^= 1;
        format!("-----BEGIN PGP MESSAGE-----\n\n{}\n-----END PGP MESSAGE-----\n", BASE64_STANDARD.encode(bytes))
    }

    #[test]
    fn the_key_is_the_one_that_sops_nix_makes() {
        assert_eq!(fingerprint(&rsa()).unwrap(), keys::RSA_FINGERPRINT);
        assert_eq!(fingerprint(&SshKey::parse(keys::ED25519.as_bytes()).unwrap()), None);
        for (recipient, meant) in [
            ("0C0F3FB2C3D4C23D473BE77A97312730B06DFB0B", true),
            ("0C0F 3FB2 C3D4 C23D 473B  E77A 9731 2730 B06D FB0B", true),
            ("97312730B06DFB0B", true),
            ("B06DFB0B", false),
            ("", false),
        ] {
            assert_eq!(is_meant(keys::RSA_FINGERPRINT, recipient), meant, "{recipient}");
        }
    }

    #[test]
    fn messages_of_sops_and_of_gpg_open_in_every_format_of_the_key() {
        for key in [keys::RSA, keys::RSA_PKCS1, keys::RSA_PKCS8] {
            let key = SshKey::parse(key.as_bytes()).unwrap();
            for message in [keys::RSA_PGP, keys::RSA_PGP_BY_GPG, keys::RSA_PGP.trim()] {
                assert_eq!(open(&key, message).unwrap().expose(), keys::data_key());
            }
        }
    }

    #[test]
    fn a_message_that_does_not_open_says_why() {
        let last = BASE64_STANDARD
            .decode(keys::RSA_PGP.lines().filter(|line| !line.starts_with(['-', '='])).collect::<String>());
        let end = last.unwrap().len() - 1;
        for (message, error) in [
            (changed(keys::RSA_PGP, 5), PgpError::NoMatch),   // the key id
            (changed(keys::RSA_PGP, end), PgpError::Damaged), // the integrity code
            (changed(keys::RSA_PGP, 100), PgpError::NoMatch), // the session key
            ("no message".into(), PgpError::NotAMessage),
            (String::new(), PgpError::NotAMessage),
        ] {
            assert_eq!(open(&rsa(), &message).unwrap_err(), error);
        }
    }
}
