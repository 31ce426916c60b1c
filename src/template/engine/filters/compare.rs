//! Comparisons: of values of one kind, charged for what they look at.

use super::out::charge;
use super::refused;
use crate::template::engine::value::{AsItIs, VALUE_DEPTH_MAX};
use minijinja::value::{Rest, ValueKind};
use minijinja::{Error, ErrorKind, State, Value};
use std::cmp::Ordering;

/// `value < other`, `value < other < another`: signs and operands in turn.
pub(super) fn compare(state: &State<'_, '_>, value: &Value, rest: Rest<Value>) -> Result<bool, Error> {
    let mut left = value;
    for pair in rest.chunks(2) {
        let [sign, right] = pair else { return Err(Error::from(ErrorKind::MissingArgument)) };
        if !holds(state, left, sign.as_str().unwrap_or_default(), right)? {
            return Ok(false);
        }
        left = right;
    }
    Ok(true)
}

/// Whether a comparison holds that is written with this sign.
pub(super) fn holds(state: &State<'_, '_>, left: &Value, sign: &str, right: &Value) -> Result<bool, Error> {
    Ok(match sign {
        "==" => equal(state, there(left)?, there(right)?)?,
        "!=" => !equal(state, there(left)?, there(right)?)?,
        "in" => contains(state, there(right)?, there(left)?)?,
        "not in" => !contains(state, there(right)?, there(left)?)?,
        "<" => order(state, left, right)? == Some(Ordering::Less),
        ">" => order(state, left, right)? == Some(Ordering::Greater),
        "<=" => order(state, left, right)?.is_some_and(Ordering::is_le),
        ">=" => order(state, left, right)?.is_some_and(Ordering::is_ge),
        _ => return Err(Error::from(ErrorKind::InvalidOperation)),
    })
}

fn there(value: &Value) -> Result<&Value, Error> {
    if value.is_undefined() { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(value) }
}

/// The bytes of text, or of a value that is no text.
pub(super) fn bytes_of(value: &Value) -> Option<&[u8]> {
    match value.downcast_object_ref::<AsItIs>() {
        Some(text) => Some(text.0.expose()),
        None => value.as_bytes(),
    }
}

/// Whether a value is text; bytes that are none in UTF-8 are not.
pub(super) fn is_text(value: &Value) -> bool {
    value.kind() == ValueKind::String || value.downcast_object_ref::<AsItIs>().is_some()
}

/// What can be told apart by size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Number,
    Text,
    Other,
}

pub(super) fn class(value: &Value) -> Class {
    match value.kind() {
        _ if bytes_of(value).is_some() => Class::Text,
        ValueKind::Number | ValueKind::Bool => Class::Number,
        _ => Class::Other,
    }
}

/// Which of two values comes first; none where one is no number (NaN).
pub(super) fn order(state: &State<'_, '_>, a: &Value, b: &Value) -> Result<Option<Ordering>, Error> {
    let (a, b) = (there(a)?, there(b)?);
    match (bytes_of(a), bytes_of(b), class(a), class(b)) {
        (Some(a), Some(b), ..) => {
            charge(state, a.len().min(b.len()))?;
            Ok(Some(a.cmp(b)))
        }
        (_, _, Class::Number, Class::Number) => {
            let nan = |value: &Value| !value.is_integer() && f64::try_from(value.clone()).is_ok_and(f64::is_nan);
            Ok((!nan(a) && !nan(b)).then(|| a.cmp(b)))
        }
        (_, _, Class::Number, Class::Text) | (_, _, Class::Text, Class::Number) => {
            Err(refused("text and a number cannot be compared: use '| int' on the text"))
        }
        _ => Err(refused("only numbers, or text, can be told apart by size")),
    }
}

/// Whether two values are the same; a number is never the same as its text.
pub(super) fn equal(state: &State<'_, '_>, a: &Value, b: &Value) -> Result<bool, Error> {
    charge(state, 0)?;
    match (bytes_of(a), bytes_of(b)) {
        (Some(a), Some(b)) => {
            charge(state, a.len().min(b.len()))?;
            return Ok(a == b);
        }
        (None, None) => {}
        _ => return Ok(false),
    }
    let is_list = |value: &Value| matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
    match (a.kind(), b.kind()) {
        (ValueKind::Map, ValueKind::Map) => same_maps(state, a, b),
        _ if is_list(a) && is_list(b) => {
            if a.is_tuple() != b.is_tuple() || a.len() != b.len() {
                return Ok(false);
            }
            for (a, b) in a.try_iter()?.zip(b.try_iter()?) {
                if !equal(state, &a, &b)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (left, right) => Ok(left != ValueKind::Map && right != ValueKind::Map && !is_list(a) && !is_list(b) && a == b),
    }
}

fn same_maps(state: &State<'_, '_>, a: &Value, b: &Value) -> Result<bool, Error> {
    if a.len() != b.len() {
        return Ok(false);
    }
    for key in a.try_iter()? {
        let (left, right) = (a.get_item(&key)?, b.get_item(&key)?);
        if right.is_undefined() || !equal(state, &left, &right)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether text is part of other text, an element of a list, or a key of a map.
pub(super) fn contains(state: &State<'_, '_>, container: &Value, value: &Value) -> Result<bool, Error> {
    if let Some(whole) = bytes_of(container) {
        let Some(part) = bytes_of(value) else {
            return Err(refused("only text can be in text: use '| string'"));
        };
        charge(state, whole.len().saturating_add(part.len()))?;
        return Ok(memchr::memmem::find(whole, part).is_some());
    }
    match container.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => {
            for element in container.try_iter()? {
                if equal(state, &element, value)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Err(refused("'in' needs a list, a map or text on its right")),
    }
}

/// Charges for all that a value holds, and gives how much that is; an error where it is nested too deeply.
///
/// minijinja frees and compares what is in a value recursively, and what is in it more than once counts each time.
pub(super) fn weigh(state: &State<'_, '_>, value: &Value) -> Result<u64, Error> {
    deeper(state, value, 0)
}

fn deeper(state: &State<'_, '_>, value: &Value, depth: usize) -> Result<u64, Error> {
    if depth > VALUE_DEPTH_MAX {
        return Err(refused("the value is nested too deeply"));
    }
    state.consume_fuel(1)?;
    let mut weight = 1 + bytes_of(value).map_or(0, |bytes| bytes.len() as u64 / 64);
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => {
            for element in value.try_iter()? {
                weight += deeper(state, &element, depth + 1)?;
            }
        }
        ValueKind::Map => {
            for key in value.try_iter()? {
                weight += deeper(state, &value.get_item(&key)?, depth + 1)?;
            }
        }
        _ => {}
    }
    Ok(weight)
}
