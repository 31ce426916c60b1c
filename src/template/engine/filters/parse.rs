//! Filters that read a document into a value with parts.

use super::{refused, text};
use minijinja::{Environment, Error, Value};

/// Longest document read, in bytes (4 MiB).
const DOCUMENT_MAX_BYTES: usize = 4 << 20;

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("from_json", from_json);
    environment.add_filter("from_yaml", from_yaml);
}

fn document(value: &Value) -> Result<std::borrow::Cow<'_, str>, Error> {
    let text = text(value)?;
    if text.len() > DOCUMENT_MAX_BYTES { Err(refused("the document is larger than 4 MiB")) } else { Ok(text) }
}

fn from_json(value: &Value) -> Result<Value, Error> {
    let parsed: serde_json::Value = serde_json::from_str(&document(value)?)
        .map_err(|error| refused(format!("not JSON at line {}, column {}", error.line(), error.column())))?;
    Ok(of_json(&parsed))
}

fn of_json(parsed: &serde_json::Value) -> Value {
    match parsed {
        serde_json::Value::Null => Value::from(()),
        serde_json::Value::Bool(value) => Value::from(*value),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(value), ..) => Value::from(value),
            (None, Some(value), _) => Value::from(value),
            (None, None, value) => Value::from(value.unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => Value::from(items.iter().map(of_json).collect::<Vec<_>>()),
        serde_json::Value::Object(map) => {
            Value::from_pairs(map.iter().map(|(key, value)| (key.as_str(), of_json(value))))
        }
    }
}

fn from_yaml(value: &Value) -> Result<Value, Error> {
    let parsed: serde_yaml::Value =
        serde_yaml::from_str(&document(value)?).map_err(|error| match error.location() {
            Some(at) => refused(format!("not YAML at line {}, column {}", at.line(), at.column())),
            None => refused("not YAML"),
        })?;
    of_yaml(&parsed)
}

fn of_yaml(parsed: &serde_yaml::Value) -> Result<Value, Error> {
    Ok(match parsed {
        serde_yaml::Value::Null => Value::from(()),
        serde_yaml::Value::Bool(value) => Value::from(*value),
        serde_yaml::Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(value), ..) => Value::from(value),
            (None, Some(value), _) => Value::from(value),
            (None, None, value) => Value::from(value.unwrap_or(f64::NAN)),
        },
        serde_yaml::Value::String(text) => Value::from(text.as_str()),
        serde_yaml::Value::Sequence(items) => Value::from(items.iter().map(of_yaml).collect::<Result<Vec<_>, _>>()?),
        serde_yaml::Value::Mapping(map) => {
            let pairs = map.iter().map(|(key, value)| Ok((of_yaml(key)?, of_yaml(value)?)));
            Value::from_pairs(pairs.collect::<Result<Vec<_>, Error>>()?)
        }
        serde_yaml::Value::Tagged(_) => return Err(refused("the YAML holds a tag, which has no meaning here")),
    })
}
