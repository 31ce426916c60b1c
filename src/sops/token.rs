//! The grammar of one encrypted leaf: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]` (sops-format.md section 1.1).

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use nom::bytes::complete::{tag, take_until1};
use nom::{IResult, Parser};
use std::borrow::Cow;

/// The parts of a token, still in base64.
#[derive(Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// Ciphertext; never empty.
    pub data: &'a [u8],
    /// Nonce.
    pub iv: &'a [u8],
    /// Authentication tag.
    pub tag: &'a [u8],
    /// The plaintext's type: `str`, `int`, `float`, `bool`, `time`, `comment`, `bytes`.
    pub kind: &'a [u8],
}

/// Splits a token; None where the text is not one.
///
/// Follows Go's pattern: anchored at the start only, the type reaches to the last `]` of the line, what follows is
/// ignored.
pub fn parse(text: &[u8]) -> Option<Token<'_>> {
    let line = text.split(|c| *c == b'\n').next()?;
    let (rest, token) = head(line).ok()?;
    let end = memchr::memrchr(b']', rest)?;
    (end > 0).then(|| Token { kind: &rest[..end], ..token })
}

/// Whether the text begins as a token does.
pub fn looks_like(text: &[u8]) -> bool {
    text.starts_with(b"ENC[AES256_GCM,data:")
}

/// Decodes one part of a token into `out`, as Go does: padding required, CR skipped, trailing bits ignored.
///
/// None where it is not base64.
pub fn decode(part: &[u8], out: &mut Vec<u8>) -> Option<()> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    const ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
    let part: Cow<[u8]> = match memchr::memchr(b'\r', part) {
        Some(_) => part.iter().copied().filter(|c| *c != b'\r').collect(),
        None => part.into(),
    };
    ENGINE.decode_vec(part, out).ok()
}

/// A token up to its type.
fn head(input: &[u8]) -> IResult<&[u8], Token<'_>> {
    let (rest, _) = tag("ENC[AES256_GCM,data:")(input)?;
    let part = |end: &'static str| (take_until1(end), tag(end));
    let (rest, ((data, _), (iv, _), (tag, _))) = (part(",iv:"), part(",tag:"), part(",type:")).parse(rest)?;
    Ok((rest, Token { data, iv, tag, kind: b"" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_four_parts_and_may_be_followed_by_anything() {
        let token = Token { data: b"AA==", iv: b"BB==", tag: b"CC==", kind: b"str" };
        for text in [
            "ENC[AES256_GCM,data:AA==,iv:BB==,tag:CC==,type:str]",
            "ENC[AES256_GCM,data:AA==,iv:BB==,tag:CC==,type:str] junk\n]",
        ] {
            assert_eq!(parse(text.as_bytes()), Some(Token { ..token }), "{text}");
        }
        let greedy = parse(b"ENC[AES256_GCM,data:AA==,iv:BB==,tag:CC==,type:str] x]").unwrap();
        assert_eq!(greedy.kind, b"str] x");
    }

    #[test]
    fn what_go_does_not_match_is_no_token() {
        for text in [
            "",
            "x",
            " ENC[AES256_GCM,data:AA==,iv:BB==,tag:CC==,type:str]",
            "ENC[AES256_GCM,data:,iv:BB==,tag:CC==,type:str]",
            "ENC[AES256_GCM,data:AA==,iv:BB==,tag:CC==,type:]",
            "ENC[AES256_GCM,data:AA==,iv:BB==,tag:CC==,type:str",
            "ENC[AES256_GCM,data:AA==,iv:BB==,\ntag:CC==,type:str]",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn base64_is_as_lax_as_go() {
        let decoded = |text: &str| {
            let mut out = Vec::new();
            decode(text.as_bytes(), &mut out).map(|()| out)
        };
        assert_eq!(decoded("eA=="), Some(b"x".to_vec()));
        assert_eq!(decoded("eB=="), Some(b"x".to_vec()), "trailing bits are ignored");
        assert_eq!(decoded("e\rA=\r="), Some(b"x".to_vec()), "CR is skipped");
        assert_eq!(decoded("eA"), None, "padding is required");
        assert_eq!(decoded("e-=="), None);
    }
}
