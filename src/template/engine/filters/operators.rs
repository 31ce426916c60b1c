//! Filters that stand for operators, put into a template by `rewrite`. Users cannot spell their names.

use super::compare::{compare, weigh};
use super::out::{PARTS_MAX, charge};
use super::{refused, text};
use crate::template::engine::value::AsItIs;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, State, Value};

/// Around operands of `~`: a value's text as it is written out.
pub(in crate::template::engine) const TEXT: &str = "__text";

/// Around operands of `+` and `*`: no lists, for minijinja holds what it makes of them in layers.
pub(in crate::template::engine) const TERM: &str = "__term";

/// Around lists and maps that a template makes: their depth and their work are bounded.
pub(in crate::template::engine) const HELD: &str = "__held";

/// Around slices: elements of their own, and no view of a view.
pub(in crate::template::engine) const WHOLE: &str = "__whole";

/// For comparisons, `in` and `not in`.
pub(in crate::template::engine) const COMPARE: &str = "__compare";

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter(TEXT, as_text);
    environment.add_filter(TERM, term);
    environment.add_filter(HELD, held);
    environment.add_filter(WHOLE, whole);
    environment.add_filter(COMPARE, compare);
}

fn as_text(value: &Value) -> Result<Value, Error> {
    // The operator itself tells what is not there from an `if` without `else`.
    if value.is_undefined() { Ok(value.clone()) } else { Ok(Value::from(text(value)?.into_owned())) }
}

fn term(value: &Value) -> Result<Value, Error> {
    if value.downcast_object_ref::<AsItIs>().is_some() {
        return as_text(value);
    }
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => {
            Err(refused("lists cannot be added or multiplied: use a loop for each of them"))
        }
        _ => Ok(value.clone()),
    }
}

/// A list or map; an error where it is nested too deeply.
pub(super) fn held(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
    weigh(state, value)?;
    Ok(value.clone())
}

/// A list of its own where there is but a view of another.
pub(super) fn whole(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
    if value.kind() != ValueKind::Iterable {
        return Ok(value.clone());
    }
    let mut elements = Vec::new();
    for element in value.try_iter()? {
        charge(state, 0)?;
        if elements.len() >= PARTS_MAX {
            return Err(refused("the list has too many elements"));
        }
        elements.push(element);
    }
    Ok(Value::from(elements))
}
