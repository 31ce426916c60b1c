//! The text around an SSH private key: one PEM block, read as leniently as Go reads it.

use crate::secret::{SecretBuf, SecretBytes};
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding or none, since line lengths and trailing blanks vary among writers.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The first PEM block of a file.
#[derive(Debug)]
pub(super) struct Pem<'a> {
    /// What stands behind `BEGIN`: `OPENSSH PRIVATE KEY`.
    pub label: &'a str,
    /// Whether a header line says that the block is encrypted (`Proc-Type: 4,ENCRYPTED`).
    pub encrypted: bool,
    /// The decoded bytes; empty when `encrypted`.
    pub bytes: SecretBytes,
}

/// Whether `text` has the look of a PEM private key, which no age key file has.
pub(super) fn looks_like_private_key(text: &[u8]) -> bool {
    label_and_body(text).is_some_and(|(label, _)| label.ends_with("PRIVATE KEY"))
}

/// Reads the first PEM block of `text`; None when there is no block, no end line or no base64 in it.
pub(super) fn read(text: &[u8]) -> Option<Pem<'_>> {
    let (label, body) = label_and_body(text)?;
    let end = memchr::memmem::find(body, format!("-----END {label}-----").as_bytes())?;
    let body = body.get(..end)?;
    let encrypted = memchr::memmem::find(body, b"\nProc-Type: 4,ENCRYPTED").is_some();
    if encrypted {
        return Some(Pem { label, encrypted, bytes: SecretBytes::default() });
    }
    let mut packed = SecretBuf::with_capacity(body.len());
    for byte in body.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        packed.push_byte(*byte);
    }
    let mut bytes = SecretBuf::with_capacity(packed.len());
    bytes.push(&vec![0; packed.len() / 4 * 3 + 3]);
    let len = BASE64.decode_slice(packed.expose(), bytes.expose_mut()).ok()?;
    bytes.truncate(len);
    Some(Pem { label, encrypted, bytes: bytes.finish() })
}

/// The label of the first block and what follows its `BEGIN` line.
fn label_and_body(text: &[u8]) -> Option<(&str, &[u8])> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    let start = memchr::memmem::find(text, BEGIN)?;
    let at_line_start = start == 0 || text.get(start - 1) == Some(&b'\n');
    let rest = text.get(start + BEGIN.len()..)?;
    let dashes = memchr::memmem::find(rest, b"-----")?;
    let label = std::str::from_utf8(rest.get(..dashes)?).ok()?;
    let plain = label.len() <= 40 && label.bytes().all(|b| b.is_ascii_uppercase() || b == b' ');
    (at_line_start && plain).then_some((label, rest.get(dashes + 5..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_as_leniently_as_go_reads_them() {
        for text in [
            "-----BEGIN X PRIVATE KEY-----\nAAEC\n-----END X PRIVATE KEY-----\n",
            "a comment\n\n-----BEGIN X PRIVATE KEY-----\r\nAA\r\nEC\r\n-----END X PRIVATE KEY-----",
        ] {
            let pem = read(text.as_bytes()).unwrap();
            assert_eq!((pem.label, pem.encrypted, pem.bytes.expose()), ("X PRIVATE KEY", false, &[0, 1, 2][..]));
            assert!(looks_like_private_key(text.as_bytes()));
        }
    }

    #[test]
    fn what_is_no_block_is_refused() {
        for text in [
            "",
            "-----BEGIN ",
            "-----BEGIN X-----\nAAEC\n",
            "-----BEGIN X-----\nA*EC\n-----END X-----",
            "x-----BEGIN X-----\nAAEC\n-----END X-----",
            "AGE-SECRET-KEY-1",
        ] {
            assert!(read(text.as_bytes()).is_none(), "{text}");
            assert!(!looks_like_private_key(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn an_encrypted_block_is_recognised() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nAAEC\n-----END RSA PRIVATE KEY-----\n";
        assert!(read(text.as_bytes()).unwrap().encrypted);
    }
}
