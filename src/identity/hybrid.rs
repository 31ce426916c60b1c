//! `AGE-SECRET-KEY-PQ-1…`: the hybrid post-quantum identity of age 1.3, its stanza `mlkem768x25519`.

use super::xwing::{EncappedKey, PrivateKey, XWing};
use age::DecryptError;
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::{bech32_decode, bech32_encode, hpke_open};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use hpke::{Deserializable, Kem, Serializable};
use zeroize::Zeroizing;

/// The stanza's type, and the end of the label that HPKE binds.
const STANZA_TAG: &str = "mlkem768x25519";
const HPKE_INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
/// Length of the tag that ChaCha20-Poly1305 puts behind its message, in bytes.
const TAG_BYTES: usize = 16;

/// A hybrid identity: the 32-byte seed of an X-Wing key.
pub(super) struct HybridIdentity(PrivateKey);

impl HybridIdentity {
    /// Reads `AGE-SECRET-KEY-PQ-1…`; None if it is not one, or damaged.
    pub fn parse(text: &str) -> Option<Self> {
        let seed = bech32_decode(
            text,
            |_| (),
            |prefix| (prefix.to_string() == "AGE-SECRET-KEY-PQ-").then_some(()).ok_or(()),
            |_, bytes| Ok(Zeroizing::new(bytes.take(33).collect::<Vec<u8>>())),
        );
        PrivateKey::from_bytes(&seed.ok()?).ok().map(Self)
    }

    /// The recipient, `age1pq1…`; about 2,000 characters.
    pub fn public(&self) -> String {
        let prefix = bech32::Hrp::parse("age1pq");
        prefix.map_or_else(|_| String::new(), |prefix| bech32_encode(prefix, &XWing::sk_to_pk(&self.0).to_bytes()))
    }

    /// The file key in `stanza`: None if it is not for this identity, an error if it is malformed.
    pub fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if stanza.tag != STANZA_TAG {
            return None;
        }
        let [encapped] = stanza.args.as_slice() else { return Some(Err(DecryptError::InvalidHeader)) };
        let encapped = BASE64_STANDARD_NO_PAD.decode(encapped).ok().and_then(|b| EncappedKey::from_bytes(&b).ok());
        let Some(encapped) = encapped else { return Some(Err(DecryptError::InvalidHeader)) };
        if stanza.body.len() != FILE_KEY_BYTES + TAG_BYTES {
            return Some(Err(DecryptError::InvalidHeader));
        }
        match hpke_open::<XWing>(&encapped, &self.0, HPKE_INFO, &stanza.body).map(Zeroizing::new) {
            Ok(key) => Some(FileKey::try_init_with_mut(|file_key| {
                let key = key.first_chunk::<FILE_KEY_BYTES>().ok_or(DecryptError::InvalidHeader)?;
                file_key.copy_from_slice(key);
                Ok(())
            })),
            // ML-KEM rejects silently: with a key that does not fit, only opening the message fails.
            Err(hpke::HpkeError::OpenError) => None,
            Err(_) => Some(Err(DecryptError::InvalidHeader)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::test_keys::HYBRID;
    use sha2::Digest;

    fn stanza(args: Vec<String>, body: usize) -> Stanza {
        Stanza { tag: STANZA_TAG.into(), args, body: vec![0; body] }
    }

    #[test]
    fn the_recipient_is_the_one_that_age_keygen_prints() {
        let public = HybridIdentity::parse(HYBRID).unwrap().public();
        assert_eq!((public.len(), &public[..16]), (1959, "age1pq1k6k2q2wsc"));
        assert_eq!(sha2::Sha256::digest(public)[..4], [0x05, 0x55, 0x1e, 0x99]);
    }

    #[test]
    fn malformed_stanzas_are_errors_and_others_are_not_ours() {
        let key = HybridIdentity::parse(HYBRID).unwrap();
        let zeros = BASE64_STANDARD_NO_PAD.encode([0; 1120]);
        let malformed = [
            stanza(vec![], 32),
            stanza(vec![zeros.clone(), zeros.clone()], 32),
            stanza(vec![zeros.clone()], 31),
            stanza(vec!["AAAA".into()], 32),
            stanza(vec![zeros.clone()], 32), // an X25519 point of low order
        ];
        for stanza in malformed {
            assert!(matches!(key.unwrap_stanza(&stanza), Some(Err(DecryptError::InvalidHeader))));
        }
        let mut point = [0; 1120];
        point[1088] = 9;
        assert!(key.unwrap_stanza(&stanza(vec![BASE64_STANDARD_NO_PAD.encode(point)], 32)).is_none());
        assert!(key.unwrap_stanza(&Stanza { tag: "X25519".into(), ..stanza(vec![zeros], 32) }).is_none());
    }
}
