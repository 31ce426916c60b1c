//! Numbers as Go writes and reads them; sops has one notation per place (sops-format.md sections 1.3, 6.1.3, 6.2, 6.3).

/// Shortest round-trip digits in positional notation, never an exponent: Go's `'f', -1`.
///
/// This is the form inside tokens and in the MAC: `1`, `0.0000001`, `1000000000000000000000`, `-0`, `+Inf`, `NaN`.
pub fn positional(value: f64) -> String {
    match special(value) {
        Some(text) => text.to_owned(),
        None => format!("{value}"),
    }
}

/// Go's `'g', -1`, with YAML's names for the special values: `100000`, `1e+06`, `1e-05`, `.inf`, `-.inf`, `.nan`.
pub fn yaml(value: f64) -> String {
    if value.is_nan() {
        ".nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { ".inf" } else { "-.inf" }.to_owned()
    } else {
        general(value, 'e')
    }
}

/// A JSON number: positional unless below 1e-6 or from 1e21 on, then `1e-7`, `1e+21`. None for infinities and NaN.
pub fn json(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let (digits, exponent) = shortest(value);
        let sign = if exponent < 0 { '-' } else { '+' };
        return Some(format!("{digits}e{sign}{}", exponent.abs()));
    }
    Some(positional(value))
}

/// A number in a dotenv or INI file: Go's `'G', -1`, with `.0` where it would read as an integer: `25.0`, `1E+06`.
pub fn env(value: f64) -> String {
    if let Some(text) = special(value) {
        return text.to_owned();
    }
    let text = general(value, 'E');
    if text.contains(['.', 'E']) { text } else { format!("{value:.1}") }
}

/// Reads a float as Go's `ParseFloat` does: exponents, `inf`, `infinity` and `nan` in any case, `_` between digits.
///
/// None where the text is not a number or overflows. (Go also takes hexadecimal floats; nothing writes them.)
pub fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text).to_ascii_lowercase();
    if matches!(bare.as_str(), "inf" | "infinity" | "nan") {
        return text.parse().ok();
    }
    if !bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let digits = without_separators(text)?;
    digits.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// Reads an integer as Go's `Atoi` does: optional sign, ASCII digits, leading zeros, in the range of i64.
pub fn parse_int(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "+Inf" } else { "-Inf" })
    } else {
        None
    }
}

/// Shortest digits with a decimal point behind the first, and the decimal exponent.
fn shortest(value: f64) -> (String, i32) {
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) => (digits.to_owned(), exponent.parse().unwrap_or(0)),
        None => (text, 0),
    }
}

fn general(value: f64, letter: char) -> String {
    let (digits, exponent) = shortest(value);
    if value != 0.0 && !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}{letter}{sign}{:02}", exponent.abs());
    }
    positional(value)
}

/// Drops `_` where it stands between two digits; None where it stands elsewhere.
fn without_separators(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.char_indices() {
        if c != '_' {
            out.push(c);
        } else if !digit(i.checked_sub(1)) || !digit(Some(i + 1)) {
            return None;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row printed by Go's strconv: value, 'f', 'g' (YAML), JSON, 'G' with `.0` (dotenv, INI).
    const GO: &[(f64, &str, &str, Option<&str>, &str)] = &[
        (1.0, "1", "1", Some("1"), "1.0"),
        (0.1, "0.1", "0.1", Some("0.1"), "0.1"),
        (-0.0, "-0", "-0", Some("-0"), "-0.0"),
        (100000.0, "100000", "100000", Some("100000"), "100000.0"),
        (999999.5, "999999.5", "999999.5", Some("999999.5"), "999999.5"),
        (1e6, "1000000", "1e+06", Some("1000000"), "1E+06"),
        (1234567.5, "1234567.5", "1.2345675e+06", Some("1234567.5"), "1.2345675E+06"),
        (0.0001, "0.0001", "0.0001", Some("0.0001"), "0.0001"),
        (1e-5, "0.00001", "1e-05", Some("0.00001"), "1E-05"),
        (1e-7, "0.0000001", "1e-07", Some("1e-7"), "1E-07"),
        (1e21, "1000000000000000000000", "1e+21", Some("1e+21"), "1E+21"),
        (f64::INFINITY, "+Inf", ".inf", None, "+Inf"),
        (f64::NEG_INFINITY, "-Inf", "-.inf", None, "-Inf"),
        (f64::NAN, "NaN", ".nan", None, "NaN"),
    ];

    #[test]
    fn each_place_has_its_own_notation() {
        for &(value, f, g, j, e) in GO {
            assert_eq!(positional(value), f);
            assert_eq!(yaml(value), g);
            assert_eq!(json(value).as_deref(), j);
            assert_eq!(env(value), e);
        }
        let smallest = positional(5e-324);
        assert!(smallest.starts_with("0.000") && smallest.ends_with('5') && smallest.len() == 326);
        assert_eq!(yaml(5e-324), "5e-324");
    }

    #[test]
    fn reads_what_go_reads() {
        for (text, value) in
            [("1_000.5", 1000.5), ("1e3", 1000.0), (".5", 0.5), ("5.", 5.0), ("-Infinity", f64::NEG_INFINITY)]
        {
            assert_eq!(parse_float(text.as_bytes()), Some(value), "{text}");
        }
        for text in ["", "e3", "1__0", "_1", "1_", "1e999", "0x", "x", ".", "1 "] {
            assert_eq!(parse_float(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse_int(b"+007"), Some(7));
        assert_eq!(parse_int(b"1_0"), None);
        assert_eq!(parse_int(b"9223372036854775808"), None);
    }
}
