//! Whole bare values of JSON, YAML and TOML: numbers and booleans stay what they are in their sops file.

use super::{Piece, TemplateFormat, ValueType};
use crate::secret::SecretBuf;

/// How a whole bare value is written.
pub(super) enum Bare {
    /// As text, in quotes.
    Text,
    /// As this word.
    Word(SecretBuf),
}

/// What a whole bare value becomes.
///
/// Text is quoted. Numbers are written so that every reader takes them for a number of the same kind: a float has a
/// point (TOML and YAML 1.1 know it by that), and its exponent has a sign.
///
/// # Errors
/// A number or boolean that the format cannot write.
pub(super) fn bare(format: TemplateFormat, piece: Piece<'_>) -> Result<Bare, &'static str> {
    let text = match (piece.kind, std::str::from_utf8(piece.bytes)) {
        (ValueType::Text | ValueType::Filtered, _) => return Ok(Bare::Text),
        (_, Err(_)) => return Err("it is no number of this format"),
        (_, Ok(text)) => text,
    };
    let mut out = SecretBuf::with_capacity(text.len() + 4);
    match piece.kind {
        ValueType::Text | ValueType::Filtered => return Ok(Bare::Text),
        ValueType::Bool => out.push(boolean(text)?.as_bytes()),
        ValueType::Int => out.push(integer(format, text)?.as_bytes()),
        ValueType::Float => float(format, text, &mut out)?,
    }
    Ok(Bare::Word(out))
}

fn boolean(text: &str) -> Result<&'static str, &'static str> {
    if text.eq_ignore_ascii_case("true") {
        Ok("true")
    } else if text.eq_ignore_ascii_case("false") {
        Ok("false")
    } else {
        Err("its type is boolean and it is neither true nor false")
    }
}

fn integer(format: TemplateFormat, text: &str) -> Result<&str, &'static str> {
    const WRONG: &str = "its type is integer, and it is not written as one";
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !plain_digits(digits) || text == "-0" {
        return Err(WRONG);
    }
    match format {
        TemplateFormat::Toml if text.parse::<i64>().is_err() => Err("TOML's integers have 64 bits"),
        _ if text.parse::<i64>().is_err() && text.parse::<u64>().is_err() => {
            Err("its type is integer, and readers lose digits of one with more than 64 bits")
        }
        _ => Ok(text),
    }
}

/// Digits without a superfluous zero.
fn plain_digits(digits: &str) -> bool {
    all_digits(digits) && (digits.len() == 1 || !digits.starts_with('0'))
}

fn all_digits(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

fn float(format: TemplateFormat, text: &str, out: &mut SecretBuf) -> Result<(), &'static str> {
    const WRONG: &str = "its type is float, and it is not written as one";
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let word = rest.strip_prefix('.').unwrap_or(rest);
    let special = ["inf", "nan"].into_iter().find(|special| word.eq_ignore_ascii_case(special));
    if let Some(special) = special {
        let dot = match format {
            TemplateFormat::Yaml => ".",
            TemplateFormat::Toml => "",
            _ => return Err("JSON cannot write infinity or not-a-number"),
        };
        let sign = if special == "nan" { "" } else { sign };
        [sign, dot, special].into_iter().for_each(|part| out.push(part.as_bytes()));
        return Ok(());
    }
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if !plain_digits(whole) || !all_digits(fraction) {
        return Err(WRONG);
    }
    [sign, whole, ".", fraction].into_iter().for_each(|part| out.push(part.as_bytes()));
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if !all_digits(digits) {
            return Err(WRONG);
        }
        out.push(if exponent.starts_with('-') { b"e-" } else { b"e+" });
        out.push(digits.as_bytes());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(format: TemplateFormat, kind: ValueType, text: &str) -> Option<String> {
        match bare(format, Piece { bytes: text.as_bytes(), kind }).ok()? {
            Bare::Text => Some("text".to_owned()),
            Bare::Word(word) => Some(String::from_utf8(word.expose().to_vec()).unwrap()),
        }
    }

    #[test]
    fn numbers_and_booleans_stay_what_they_are() {
        use TemplateFormat::{Json, Toml, Yaml};
        let cases = [
            (Json, ValueType::Int, "5432", Some("5432")),
            (Toml, ValueType::Int, "-9223372036854775808", Some("-9223372036854775808")),
            (Toml, ValueType::Int, "9223372036854775808", None),
            (Json, ValueType::Int, "18446744073709551615", Some("18446744073709551615")),
            (Json, ValueType::Int, "18446744073709551616", None),
            (Json, ValueType::Int, "007", None),
            (Json, ValueType::Int, "1,2", None),
            (Json, ValueType::Float, "1.5", Some("1.5")),
            (Yaml, ValueType::Float, "1", Some("1.0")),
            (Yaml, ValueType::Float, "1e6", Some("1.0e+6")),
            (Toml, ValueType::Float, "+Inf", Some("inf")),
            (Yaml, ValueType::Float, "-Inf", Some("-.inf")),
            (Yaml, ValueType::Float, ".NaN", Some(".nan")),
            (Json, ValueType::Float, "NaN", None),
            (Json, ValueType::Float, "1.", None),
            (Json, ValueType::Bool, "True", Some("true")),
            (Json, ValueType::Bool, "yes", None),
            (Json, ValueType::Text, "5", Some("text")),
        ];
        for (format, kind, text, expected) in cases {
            assert_eq!(word(format, kind, text).as_deref(), expected, "{format:?} {kind:?} {text}");
        }
    }
}
