//! Decrypts one leaf with the file's data key (sops-format.md sections 1.1 to 1.3).

use super::metadata::DataKey;
use super::number;
use super::time::Timestamp;
use super::token::{self, Token};
use super::tree::Value;
use crate::secret::{SecretBuf, SecretBytes};
use aes_gcm::aead::generic_array::GenericArray;
use aes_gcm::aead::generic_array::typenum::{U12, U16, U32};
use aes_gcm::aes::Aes256;
use aes_gcm::{AeadInPlace, AesGcm, KeyInit};
use zeroize::Zeroizing;

const TAG_BYTES: usize = 16;

/// The file's cipher; made once per file.
pub struct Cipher {
    /// Every writer of sops uses nonces of 32 bytes; readers also take 12 and 16.
    wide: AesGcm<Aes256, U32>,
    key: DataKey,
}

/// Why a leaf did not decrypt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// The rules say it is encrypted, but it is no token.
    #[error("the value should be encrypted but is not")]
    Clear,
    /// The token's parts are not what sops writes.
    #[error("the encrypted value is malformed")]
    Malformed,
    /// The tag does not match: other key, other place, or changed bytes.
    #[error("the value does not authenticate: it was changed or moved after it was encrypted")]
    Tag,
    /// The plaintext does not fit the type that the token names.
    #[error("the decrypted value does not fit the type its token names")]
    Type,
}

/// A decrypted leaf.
pub enum Leaf {
    /// A value.
    Value(Value<'static, SecretBytes>),
    /// A comment: sops keeps encrypted comments of lists as list items.
    Comment(SecretBytes),
}

/// Why a data key is unusable.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the data key has {0} bytes where 32 are needed")]
pub struct KeyLength(pub usize);

impl Cipher {
    /// Takes the 32-byte data key.
    ///
    /// # Errors
    /// Where the key has another length.
    pub fn new(key: DataKey) -> Result<Self, KeyLength> {
        let wide = AesGcm::new_from_slice(key.expose()).map_err(|_| KeyLength(key.len()))?;
        Ok(Self { wide, key })
    }

    /// Decrypts a token that stands at `aad`, into the type it names. The empty text is never encrypted and stays.
    ///
    /// # Errors
    /// Where the text is no token, does not authenticate, or holds something else than its type says.
    pub fn leaf(&self, text: &[u8], aad: &[u8]) -> Result<Leaf, LeafError> {
        if text.is_empty() {
            return Ok(Leaf::Value(Value::Text(SecretBytes::default())));
        }
        let token = token::parse(text).ok_or(LeafError::Clear)?;
        typed(token.kind, self.open(&token, aad)?)
    }

    fn open(&self, token: &Token<'_>, aad: &[u8]) -> Result<SecretBytes, LeafError> {
        let mut nonce = Vec::with_capacity(token.iv.len());
        token::decode(token.iv, &mut nonce).ok_or(LeafError::Malformed)?;
        // Data and tag are one run of bytes to Go: the last 16 are the tag, wherever the token splits them.
        let mut sealed = Vec::with_capacity(token.data.len() + token.tag.len());
        token::decode(token.data, &mut sealed).ok_or(LeafError::Malformed)?;
        token::decode(token.tag, &mut sealed).ok_or(LeafError::Malformed)?;
        let split = sealed.len().checked_sub(TAG_BYTES).ok_or(LeafError::Malformed)?;
        let tag = *GenericArray::from_slice(&sealed[split..]);
        sealed.truncate(split);
        let mut text = Zeroizing::new(sealed);
        let opened = match nonce.len() {
            32 => self.wide.decrypt_in_place_detached(GenericArray::from_slice(&nonce), aad, &mut text, &tag),
            16 => self.with_nonce::<U16>()?.decrypt_in_place_detached(
                GenericArray::from_slice(&nonce),
                aad,
                &mut text,
                &tag,
            ),
            12 => self.with_nonce::<U12>()?.decrypt_in_place_detached(
                GenericArray::from_slice(&nonce),
                aad,
                &mut text,
                &tag,
            ),
            _ => return Err(LeafError::Malformed),
        };
        opened.map_err(|_| LeafError::Tag)?;
        Ok(SecretBytes::new(std::mem::take(&mut *text)))
    }

    fn with_nonce<N: aes_gcm::aead::generic_array::ArrayLength<u8>>(&self) -> Result<AesGcm<Aes256, N>, LeafError> {
        AesGcm::new_from_slice(self.key.expose()).map_err(|_| LeafError::Malformed)
    }
}

fn typed(kind: &[u8], text: SecretBytes) -> Result<Leaf, LeafError> {
    let bytes = text.expose();
    let value = match kind {
        // sops itself never writes `bytes`, and panics on it; a string loses nothing.
        b"str" | b"bytes" => Value::Text(text),
        b"comment" => return Ok(Leaf::Comment(text)),
        b"int" => Value::Int(number::parse_int(bytes).ok_or(LeafError::Type)?),
        b"float" => Value::Float(number::parse_float(bytes).ok_or(LeafError::Type)?),
        b"bool" => Value::Bool(parse_bool(bytes).ok_or(LeafError::Type)?),
        b"time" => Value::Time(Timestamp::parse_rfc3339(bytes).ok_or(LeafError::Type)?),
        _ => return Err(LeafError::Malformed),
    };
    Ok(Leaf::Value(value))
}

/// Go's `ParseBool`.
fn parse_bool(text: &[u8]) -> Option<bool> {
    match text {
        b"1" | b"t" | b"T" | b"TRUE" | b"true" | b"True" => Some(true),
        b"0" | b"f" | b"F" | b"FALSE" | b"false" | b"False" => Some(false),
        _ => None,
    }
}

/// Appends the form in which a scalar enters the MAC; null, maps and lists add nothing.
pub fn mac_bytes<S>(value: &Value<'_, S>, text: impl Fn(&S) -> &[u8], out: &mut SecretBuf) {
    match value {
        Value::Null | Value::Map(_) | Value::List(_) => {}
        Value::Text(bytes) => out.push(text(bytes)),
        Value::Bool(true) => out.push(b"True"),
        Value::Bool(false) => out.push(b"False"),
        Value::Int(int) => out.push(int.to_string().as_bytes()),
        Value::Float(float) => out.push(number::positional(*float).as_bytes()),
        Value::Time(time) => out.push(time.to_string().as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors of sops-format.md section 11: data key 00..1f, nonce 20..3f.
    const IV: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
    const GOLDEN: &[(&str, &str, &str, &str, &str)] = &[
        ("hello", "greeting:", "str", "f6SdJOI=", "Ce9fUjS9/bDC9hwsnNXdSg=="),
        ("42", "app:port:", "int", "I/M=", "wJIn+N0It9izBnQHQkcC+w=="),
        ("2.5", "app:ratio:", "float", "Je/E", "Am1cNr/CIjWMLeywZUG5ow=="),
        ("True", "app:on:", "bool", "Q7OELQ==", "+2yhRWiXqe0SvlnCSGrWgA=="),
        (
            "2024-01-02T03:04:05.12Z",
            "app:when:",
            "time",
            "JfHDfKA/5w72YzJH1bpRy72hgopaxXM=",
            "p+V7hj3MODrhNWYxIit97A==",
        ),
        (" top note", ":", "comment", "N7WeOK1huVej", "T5WisKRtmPTaa5fXvB7eCg=="),
        ("one", "app:list:", "str", "eK+U", "kyiCVTT6SbbkQTsuZlANKg=="),
    ];

    fn cipher() -> Cipher {
        Cipher::new(SecretBytes::new((0..32).collect())).unwrap()
    }

    fn plain(leaf: Leaf) -> Vec<u8> {
        let mut out = SecretBuf::default();
        match leaf {
            Leaf::Value(value) => mac_bytes(&value, SecretBytes::expose, &mut out),
            Leaf::Comment(text) => out.push(text.expose()),
        }
        out.expose().to_vec()
    }

    #[test]
    fn golden_tokens_decrypt_to_their_types() {
        for (text, aad, kind, data, tag) in GOLDEN {
            let token = format!("ENC[AES256_GCM,data:{data},iv:{IV},tag:{tag},type:{kind}]");
            assert_eq!(plain(cipher().leaf(token.as_bytes(), aad.as_bytes()).unwrap()), text.as_bytes(), "{aad}");
            let moved = cipher().leaf(token.as_bytes(), b"elsewhere:");
            assert_eq!(moved.err(), Some(LeafError::Tag), "{aad}");
        }
    }

    #[test]
    fn short_nonces_and_a_misplaced_tag_boundary_are_read() {
        let twelve = "ENC[AES256_GCM,data:Pw==,iv:AAECAwQFBgcICQoL,tag:OPiYOjv58M8NRKl4LifJBg==,type:str]";
        assert_eq!(plain(cipher().leaf(twelve.as_bytes(), b"a:").unwrap()), b"x");
        // Both bytes of the ciphertext and four of the tag stand under `data`.
        let split = format!("ENC[AES256_GCM,data:I/PAkif4,iv:{IV},tag:3Qi32LMGdAdCRwL7,type:int]");
        assert_eq!(plain(cipher().leaf(split.as_bytes(), b"app:port:").unwrap()), b"42");
    }

    #[test]
    fn a_leaf_that_is_no_token_is_an_error_unless_empty() {
        assert_eq!(plain(cipher().leaf(b"", b"x:").unwrap()), b"");
        assert_eq!(cipher().leaf(b"clear", b"x:").err(), Some(LeafError::Clear));
        let short = format!("ENC[AES256_GCM,data:eA==,iv:{IV},tag:eA==,type:str]");
        assert_eq!(cipher().leaf(short.as_bytes(), b"x:").err(), Some(LeafError::Malformed));
    }
}
