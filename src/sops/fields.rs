//! Reads fields of the sops metadata, as leniently as sops 3.13 decodes them (sops-format.md section 4.1).

use super::metadata::MetadataError;
use super::tree::{Entry, Item, Locked, Value};

/// A map of the metadata. Names are found whatever their case; null counts as absent.
#[derive(Clone, Copy)]
pub(super) struct Fields<'b, 'a>(pub(super) &'b [Entry<'a, Locked<'a>>]);

impl<'b, 'a> Fields<'b, 'a> {
    /// The value of a field.
    pub(super) fn get(self, name: &str) -> Option<&'b Value<'a, Locked<'a>>> {
        let pairs = self.0.iter().filter_map(|entry| match entry {
            Entry::Pair(key, value) => Some((key, value)),
            Entry::Comment(_) => None,
        });
        pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value).next()
    }

    /// A field that is text; a number stands for its digits.
    pub(super) fn text(self, name: &str) -> Result<Option<String>, MetadataError> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Text(text)) => match std::str::from_utf8(text) {
                Ok(text) => Ok(Some(text.to_owned())),
                Err(_) => Err(MetadataError::Broken(format!("'{name}' is not UTF-8 text"))),
            },
            Some(Value::Int(int)) => Ok(Some(int.to_string())),
            Some(other) => Err(MetadataError::Broken(format!("'{name}' is {} where text is needed", other.kind()))),
        }
    }

    /// A field that is true or false, absent for false.
    pub(super) fn flag(self, name: &str) -> Result<bool, MetadataError> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::Text(text)) if matches!(&**text, b"" | b"false" | b"False" | b"0") => Ok(false),
            Some(Value::Text(text)) if matches!(&**text, b"true" | b"True" | b"1") => Ok(true),
            Some(_) => Err(MetadataError::Broken(format!("'{name}' is neither true nor false"))),
        }
    }

    /// A field that is a count, absent for 0.
    pub(super) fn count(self, name: &str) -> Result<usize, MetadataError> {
        let count = match self.get(name) {
            None | Some(Value::Null) => Some(0),
            Some(Value::Int(int)) => usize::try_from(*int).ok(),
            Some(Value::Text(text)) if text.is_empty() => Some(0),
            Some(Value::Text(text)) => std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()),
            Some(_) => None,
        };
        count.ok_or_else(|| MetadataError::Broken(format!("'{name}' is not a count")))
    }

    /// The maps in a list; one map stands for a list of one, and null for an empty one.
    pub(super) fn maps(self, name: &str) -> Vec<Fields<'b, 'a>> {
        match self.get(name) {
            Some(Value::Map(entries)) => vec![Fields(entries)],
            Some(Value::List(items)) => items
                .iter()
                .filter_map(|item| match item {
                    Item::Value(Value::Map(entries)) => Some(Fields(entries)),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}
