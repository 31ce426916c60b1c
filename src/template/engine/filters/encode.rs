//! Filters that encode bytes as text and back.

use super::out::{Out, fits};
use super::{bytes, refused, text};
use base64::Engine;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD, URL_SAFE_NO_PAD};
use minijinja::{Environment, Error, Value};

/// Base64 with or without padding.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent));

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("urlencode", |value: &Value| percent(&bytes(value)?));
    environment.add_filter("url_userinfo", |value: &Value| percent(&bytes(value)?));
    environment.add_filter("b64encode", |value: &Value| base64(&STANDARD, &bytes(value)?));
    environment.add_filter("b64url", |value: &Value| base64(&URL_SAFE_NO_PAD, &bytes(value)?));
    environment.add_filter("b64decode", b64decode);
    environment.add_filter("hex", |value: &Value| {
        let bytes = bytes(value)?;
        fits(bytes.len().saturating_mul(2))?;
        Ok::<_, Error>(hex(&bytes))
    });
    environment.add_filter("basic_auth", basic_auth);
}

/// Everything but letters, digits and `-._~` as `%XX` (RFC 3986): safe in a path, a query, a user or a password.
fn percent(bytes: &[u8]) -> Result<String, Error> {
    let mut out = Out::new(bytes.len() * 3);
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push_char(char::from(*byte))?,
            _ => out.push(&format!("%{byte:02X}"))?,
        }
    }
    Ok(out.text())
}

fn base64(alphabet: &GeneralPurpose, bytes: &[u8]) -> Result<String, Error> {
    fits(bytes.len().saturating_add(bytes.len() / 3))?;
    Ok(alphabet.encode(bytes))
}

/// Base64 of either alphabet, with or without padding and line breaks.
fn b64decode(value: &Value) -> Result<Value, Error> {
    let encoded: Vec<u8> = bytes(value)?
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    let decoded = LENIENT.decode(encoded).map_err(|_| refused("the value is not base64"))?;
    Ok(super::value::text(&decoded))
}

/// Two lower-case digits a byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// What stands behind `Authorization: Basic`: the user and the value, in base64 (RFC 7617).
fn basic_auth(value: &Value, user: &Value) -> Result<String, Error> {
    let (user, password) = (text(user)?, text(value)?);
    if user.contains(':') {
        return Err(refused("the user of basic_auth must not hold ':'"));
    }
    if user.chars().chain(password.chars()).any(char::is_control) {
        return Err(refused("user and password of basic_auth must not hold control characters"));
    }
    base64(&STANDARD, format!("{user}:{password}").as_bytes())
}
