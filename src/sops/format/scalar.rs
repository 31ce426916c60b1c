//! Single values as text: what sops prints for them in dotenv and INI files, which know text alone.

use crate::secret::{SecretBuf, SecretBytes};
use crate::sops::number;
use crate::sops::tree::{Plain, Value};

/// The text of a single value.
pub(super) enum Text<'v> {
    /// It is text already.
    Held(&'v SecretBytes),
    /// Made from a value of another kind.
    Made(SecretBytes),
}

impl Text<'_> {
    /// The bytes to write.
    pub(super) fn expose(&self) -> &[u8] {
        match self {
            Text::Held(text) => text.expose(),
            Text::Made(text) => text.expose(),
        }
    }
}

/// Text as it is; `true`, `1`, `1.0`, `2024-01-02T03:04:05Z` without fraction, and Go's `<nil>` for null.
///
/// None for a map or a list. Follows `ValToString` of sops.
pub(super) fn text<'v>(value: &'v Value<'_, Plain>) -> Option<Text<'v>> {
    let made = match value {
        Value::Text(text) => return Some(Text::Held(text)),
        Value::Map(_) | Value::List(_) => return None,
        Value::Null => "<nil>".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number::env(*number),
        Value::Time(time) => time.whole_seconds().to_string(),
    };
    Some(Text::Made(SecretBytes::new(made.into_bytes())))
}

/// Appends text that was made from a secret number or time, and wipes it.
pub(super) fn push_wiped(out: &mut SecretBuf, text: String) {
    out.push(SecretBytes::new(text.into_bytes()).expose());
}

/// A key for a message.
pub(super) fn shown(key: &[u8]) -> String {
    String::from_utf8_lossy(key).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sops::time::Timestamp;

    #[test]
    fn values_of_every_kind_print_as_sops_prints_them() {
        let time = Timestamp::parse_rfc3339(b"2024-01-02T03:04:05.5+02:00").unwrap();
        for (value, expected) in [
            (Value::Null, "<nil>"),
            (Value::Bool(true), "true"),
            (Value::Int(-7), "-7"),
            (Value::Float(25.0), "25.0"),
            (Value::Float(1e6), "1E+06"),
            (Value::Time(time), "2024-01-02T03:04:05+02:00"),
            (Value::Text(SecretBytes::copy_of(b"a\nb")), "a\nb"),
        ] {
            assert_eq!(text(&value).unwrap().expose(), expected.as_bytes());
        }
        assert!(text(&Value::Map(Vec::new())).is_none());
        assert!(text(&Value::List(Vec::new())).is_none());
    }
}
