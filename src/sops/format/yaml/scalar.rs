//! What a plain scalar means: go-yaml's mix of YAML 1.1 and 1.2 (sops-format.md section 6.1.1).

use crate::sops::number;
use crate::sops::time::{self, Timestamp};
use base64::Engine;
use nom::Parser;
use nom::bytes::complete::take_while;
use nom::character::complete::{char, one_of};
use nom::combinator::{all_consuming, opt};
use std::borrow::Cow;

/// The meaning of a scalar.
#[derive(Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    /// A whole number above the signed range: sops cannot encrypt it.
    TooLarge,
    Float(f64),
    Time(Timestamp),
    /// The text itself.
    Text,
}

/// Resolves a plain scalar without a tag.
pub(super) fn resolve(text: &str) -> Scalar {
    match text.as_bytes().first() {
        None => Some(Scalar::Null),
        Some(b'+' | b'-' | b'0'..=b'9') => {
            word(text).or_else(|| timestamp(text).map(Scalar::Time)).or_else(|| numeric(text))
        }
        Some(b'.') => word(text).or_else(|| number::parse_float(text.as_bytes()).map(Scalar::Float)),
        Some(b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'~') => word(text),
        Some(_) => None,
    }
    .unwrap_or(Scalar::Text)
}

/// Resolves a scalar with an explicit core tag (`int` for `!!int`); None where the text does not fit the tag.
pub(super) fn resolve_tagged<'a>(tag: &str, text: Cow<'a, str>) -> Option<(Scalar, Cow<'a, [u8]>)> {
    let found = match (tag, resolve(&text)) {
        ("null", found @ Scalar::Null) => found,
        ("bool", found @ Scalar::Bool(_)) => found,
        ("int", found @ (Scalar::Int(_) | Scalar::TooLarge)) => found,
        ("float", found @ Scalar::Float(_)) => found,
        ("float", Scalar::Int(value)) => Scalar::Float(value as f64),
        ("int" | "float", Scalar::Time(_)) => return None,
        ("timestamp", found @ Scalar::Time(_)) => found,
        ("null" | "bool" | "int" | "float" | "timestamp", _) => return None,
        ("binary", _) => {
            let data: Vec<u8> = text.bytes().filter(|c| !matches!(c, b'\r' | b'\n')).collect();
            return Some((Scalar::Text, Cow::Owned(LAX_BASE64.decode(data).ok()?)));
        }
        _ => Scalar::Text,
    };
    let bytes = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Some((found, bytes))
}

/// Base64 as Go decodes it: non-zero trailing bits pass.
const LAX_BASE64: base64::engine::GeneralPurpose = base64::engine::GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    base64::engine::GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// Null, the booleans and the float words.
fn word(text: &str) -> Option<Scalar> {
    Some(match text {
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn numeric(text: &str) -> Option<Scalar> {
    let plain: Cow<str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    integer(&plain).or_else(|| decimal(&plain)).or_else(|| odd_integer(&plain))
}

/// Go's `ParseInt` with base 0 (`0x`, `0o`, `0b`, and `0777` is octal), then `ParseUint`.
fn integer(text: &str) -> Option<Scalar> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (digits, base) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&digits[2..], 16),
        [b'0', b'o' | b'O', ..] => (&digits[2..], 8),
        [b'0', b'b' | b'B', ..] => (&digits[2..], 2),
        [b'0', _, ..] => (&digits[1..], 8),
        _ => (digits, 10),
    };
    in_base(digits, base, text.as_bytes().first().copied())
}

/// Digits of a base and the sign before them. `ParseUint` takes no sign, so only a bare number can be too large.
fn in_base(digits: &str, base: u32, first: Option<u8>) -> Option<Scalar> {
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let signed = matches!(first, Some(b'+' | b'-'));
    let size = match u64::from_str_radix(digits, base) {
        Ok(size) => i128::from(size),
        Err(_) => return None,
    };
    match i64::try_from(if first == Some(b'-') { -size } else { size }) {
        Ok(value) => Some(Scalar::Int(value)),
        Err(_) if !signed => Some(Scalar::TooLarge),
        Err(_) => None,
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, in range.
fn decimal(text: &str) -> Option<Scalar> {
    let shape = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if !text.chars().all(shape) {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite()).map(Scalar::Float)
}

/// A second sign behind the base, which go-yaml lets pass: `0b-1`, `0o+7`.
fn odd_integer(text: &str) -> Option<Scalar> {
    let (rest, base) = match text.as_bytes() {
        [b'0', b'b', ..] => (&text[2..], 2),
        [b'0', b'o', ..] => (&text[2..], 8),
        _ => return None,
    };
    let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    in_base(digits, base, rest.as_bytes().first().copied())
}

/// `2024-1-2`, `2024-01-02T3:4:5.6Z`, `2024-01-02t03:04:05+02:00`, `2024-01-02 03:04:05`.
fn timestamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    if bytes.get(4) != Some(&b'-') || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let date = (time::digits(4, 4), char('-'), time::digits(1, 2), char('-'), time::digits(1, 2));
    let clock = (time::digits(1, 2), char(':'), time::digits(1, 2), char(':'), time::digits(1, 2), opt(time::fraction));
    // go-yaml takes sixty minutes, too.
    let zone = |input| time::offset(input, 60);
    let behind = (one_of("Tt "), take_while(|c: u8| c == b' '), clock, opt(zone));
    let (_, (date, behind)) = all_consuming((date, opt(behind))).parse(bytes).ok()?;
    let (year, _, month, _, day) = date;
    let (hour, minute, second, nanos, offset_minutes) = match behind {
        None => (0, 0, 0, 0, 0),
        Some((' ', _, _, Some(_))) | Some(('T' | 't', _, _, None)) => return None,
        Some(('T' | 't', [_, ..], _, _)) => return None,
        Some((_, _, (hour, _, minute, _, second, nanos), zone)) => {
            (hour, minute, second, nanos.unwrap_or(0), zone.unwrap_or(0))
        }
    };
    let [month, day, hour, minute, second] = [month, day, hour, minute, second].map(|field| field as u8);
    Timestamp { year, month, day, hour, minute, second, nanos, offset_minutes }.checked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_go_yaml_says() {
        let int = |value| Scalar::Int(value);
        let float = |value| Scalar::Float(value);
        let table = [
            ("", Scalar::Null),
            ("~", Scalar::Null),
            ("NULL", Scalar::Null),
            ("nULL", Scalar::Text),
            ("True", Scalar::Bool(true)),
            ("FALSE", Scalar::Bool(false)),
            ("yes", Scalar::Text),
            ("off", Scalar::Text),
            ("0", int(0)),
            ("-0", int(0)),
            ("+7", int(7)),
            ("0777", int(511)),
            ("-010", int(-8)),
            ("0o17", int(15)),
            ("0x1F", int(31)),
            ("-0b11", int(-3)),
            ("0b-1", int(-1)),
            ("1_000", int(1000)),
            ("1_", int(1)),
            ("_1", Scalar::Text),
            ("08", float(8.0)),
            ("1.", float(1.0)),
            (".5", float(0.5)),
            ("1e3", float(1000.0)),
            ("1_000.5", float(1000.5)),
            ("1e999", Scalar::Text),
            ("9223372036854775807", int(i64::MAX)),
            ("-9223372036854775808", int(i64::MIN)),
            ("9223372036854775808", Scalar::TooLarge),
            ("18446744073709551615", Scalar::TooLarge),
            ("18446744073709551616", float(18446744073709551616.0)),
            ("-9223372036854775809", float(-9223372036854775809.0)),
            ("-.Inf", float(f64::NEG_INFINITY)),
            (".", Scalar::Text),
            ("-", Scalar::Text),
            ("1:30", Scalar::Text),
            ("1.2.3", Scalar::Text),
            ("2024-01-02 03:04:05 +1", Scalar::Text),
            ("2024-02-30", Scalar::Text),
            ("2024-01-02T 03:04:05Z", Scalar::Text),
        ];
        for (text, want) in table {
            assert_eq!(resolve(text), want, "{text}");
        }
    }

    #[test]
    fn dates_are_timestamps() {
        let table = [
            ("2024-1-2", "2024-01-02T00:00:00Z"),
            ("2024-01-02T3:4:5Z", "2024-01-02T03:04:05Z"),
            ("2024-01-02t03:04:05.120+02:00", "2024-01-02T03:04:05.12+02:00"),
            ("2024-01-02 03:04:05.5", "2024-01-02T03:04:05.5Z"),
            ("2024-01-02   03:04:05", "2024-01-02T03:04:05Z"),
        ];
        for (text, want) in table {
            let Scalar::Time(time) = resolve(text) else { panic!("{text}") };
            assert_eq!(time.to_string(), want);
        }
    }

    #[test]
    fn tags_override_or_refuse() {
        let tagged = |tag, text: &'static str| resolve_tagged(tag, Cow::Borrowed(text)).map(|(scalar, _)| scalar);
        assert_eq!(tagged("str", "123"), Some(Scalar::Text));
        assert_eq!(tagged("float", "3"), Some(Scalar::Float(3.0)));
        assert_eq!(tagged("int", "foo"), None);
        assert_eq!(tagged("bool", "yes"), None);
        assert_eq!(resolve_tagged("binary", Cow::Borrowed("/w\n==")).unwrap().1.as_ref(), b"\xff");
        assert!(resolve_tagged("binary", Cow::Borrowed("/w")).is_none());
    }
}
