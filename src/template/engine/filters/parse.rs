//! Filters that read a document into a value with parts.

use super::out::charge;
use super::{refused, text};
use granit_parser::{Event, Parser, ScalarStyle, Tag};
use minijinja::{Environment, Error, State, Value};

/// Longest document read, in bytes (4 MiB).
const DOCUMENT_MAX_BYTES: usize = 4 << 20;

/// What reading a document costs for each of its bytes, as bytes that are but copied; YAML's are read twice.
const JSON_COST: usize = 4;
const YAML_COST: usize = 16;

const TOO_LARGE: &str = "an integer has more than 64 bits, and would lose digits: put it in quotes";

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("from_json", from_json);
    environment.add_filter("from_yaml", from_yaml);
}

fn document(value: &Value) -> Result<std::borrow::Cow<'_, str>, Error> {
    let text = text(value)?;
    if text.len() > DOCUMENT_MAX_BYTES { Err(refused("the document is larger than 4 MiB")) } else { Ok(text) }
}

fn from_json(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let text = document(value)?;
    charge(state, text.len().saturating_mul(JSON_COST))?;
    let parsed: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| refused(format!("not JSON at line {}, column {}", error.line(), error.column())))?;
    if has_large_integer(&text) { Err(refused(TOO_LARGE)) } else { Ok(of_json(&parsed)) }
}

/// Whether an integer stands in JSON that serde_json takes for a float.
fn has_large_integer(json: &str) -> bool {
    let mut rest = json;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        rest = &rest[at..];
        let len = match rest.strip_prefix('"') {
            Some(inside) => 1 + string_end(inside),
            None => rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len()),
        };
        if is_large_integer(&rest[..len]) {
            return true;
        }
        rest = &rest[len..];
    }
    false
}

/// Behind the quote that ends a string.
fn string_end(inside: &str) -> usize {
    let mut escaped = false;
    let end = inside.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(inside.len(), |end| end + 1)
}

/// Digits alone, and more of them than 64 bits hold.
fn is_large_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits && text.parse::<i64>().is_err() && text.parse::<u64>().is_err()
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

fn from_yaml(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let text = document(value)?;
    charge(state, text.len().saturating_mul(YAML_COST))?;
    if let Some(why) = unreadable(&text) {
        return Err(refused(why));
    }
    let parsed: serde_yaml::Value = serde_yaml::from_str(&text).map_err(|error| match error.location() {
        Some(at) => refused(format!("not YAML at line {}, column {}", at.line(), at.column())),
        None => refused("not YAML"),
    })?;
    of_yaml(&parsed)
}

/// What serde_yaml reads as something else than it says.
fn unreadable(yaml: &str) -> Option<&'static str> {
    // What is no YAML is told by the other parser, with its place.
    Parser::new_from_str(yaml).map_while(Result::ok).find_map(|(event, _)| match &event {
        Event::Scalar(text, style, _, tag) => match (tag.as_deref(), style) {
            (Some(tag), _) if !is_plain(tag) => Some(TAG),
            (None, ScalarStyle::Plain) if text == "<<" => Some("the YAML holds a merge (<<), which is not done here"),
            (None, ScalarStyle::Plain) if is_large_integer(text) => Some(TOO_LARGE),
            _ => None,
        },
        Event::SequenceStart(_, _, tag) | Event::MappingStart(_, _, tag) => {
            tag.as_deref().filter(|tag| !is_plain(tag)).map(|_| TAG)
        }
        _ => None,
    })
}

const TAG: &str = "the YAML holds a tag, which has no meaning here";

/// Whether a tag says what a value without one is, or that it is text.
fn is_plain(tag: &Tag) -> bool {
    tag.is_yaml_core_schema() && matches!(tag.suffix(), "str" | "seq" | "map")
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
        serde_yaml::Value::Tagged(_) => return Err(refused(TAG)),
    })
}
