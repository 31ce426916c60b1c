//! Filters that encode bytes as text and back.

use super::{bytes, refused, text};
use base64::Engine;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD, URL_SAFE_NO_PAD};
use minijinja::{Environment, Error, Value};

/// Base64 with or without padding.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent));

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("urlencode", |value: &Value| Ok::<_, Error>(percent(&bytes(value)?)));
    environment.add_filter("url_userinfo", |value: &Value| Ok::<_, Error>(percent(&bytes(value)?)));
    environment.add_filter("b64encode", |value: &Value| Ok::<_, Error>(STANDARD.encode(&*bytes(value)?)));
    environment.add_filter("b64url", |value: &Value| Ok::<_, Error>(URL_SAFE_NO_PAD.encode(&*bytes(value)?)));
    environment.add_filter("b64decode", b64decode);
    environment.add_filter("hex", |value: &Value| Ok::<_, Error>(hex(&bytes(value)?)));
    environment.add_filter("basic_auth", basic_auth);
}

/// Everything but letters, digits and `-._~` as `%XX` (RFC 3986): safe in a path, a query, a user or a password.
fn percent(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(*byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
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
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
    Ok(STANDARD.encode(format!("{user}:{password}")))
}
