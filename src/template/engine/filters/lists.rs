//! Filters that make lists, and text of them.

use super::{refused, text};
use minijinja::value::{Kwargs, ValueIter, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value, filters};
use std::borrow::Cow;

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("lines", lines);
    environment.add_filter("split", split);
    environment.add_filter("join", join);
    environment.add_filter("map", map);
}

/// How many there are; what is not there has no number.
pub(super) fn length(value: &Value) -> Result<usize, Error> {
    filters::length(there(value)?)
}

/// Pairs of key and value.
pub(super) fn items(value: &Value) -> Result<Value, Error> {
    filters::items(there(value)?)
}

/// minijinja's own filters take what is not there for something empty.
fn there(value: &Value) -> Result<&Value, Error> {
    if value.is_undefined() { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(value) }
}

/// The lines, without their line breaks.
fn lines(value: &Value) -> Result<Vec<String>, Error> {
    Ok(text(value)?.lines().map(str::to_owned).collect())
}

/// The parts between separators, or between runs of white space; after `most` cuts the rest stays whole.
fn split(value: &Value, separator: Option<&Value>, most: Option<usize>) -> Result<Vec<String>, Error> {
    let value = text(value)?;
    let limit = most.map_or(usize::MAX, |most| most.saturating_add(1));
    let separator = separator.filter(|separator| !separator.is_none()).map(text).transpose()?;
    Ok(match separator.as_deref() {
        Some("") => return Err(refused("the separator is empty")),
        Some(separator) => value.splitn(limit, separator).map(str::to_owned).collect(),
        None if most.is_none() => value.split_whitespace().map(str::to_owned).collect(),
        None => return Err(refused("a number of cuts needs a separator")),
    })
}

/// The elements of a list with a separator between them; of each the attribute, where one is named.
fn join(value: &Value, separator: Option<&Value>, attribute: Option<&str>, named: Kwargs) -> Result<String, Error> {
    let attribute = attribute.or(named.get("attribute")?);
    named.assert_all_used()?;
    let separator = separator.map(text).transpose()?.unwrap_or(Cow::Borrowed(""));
    let mut out = String::new();
    for (number, element) in elements(value, "joined")?.enumerate() {
        if number > 0 {
            out.push_str(&separator);
        }
        let part = attribute.map(|name| part(&element, name)).transpose()?;
        out.push_str(&text(part.as_ref().unwrap_or(&element))?);
    }
    Ok(out)
}

/// The attribute of each element of a list; without it its default, where one is named. Other filters cannot be applied.
fn map(value: &Value, named: Kwargs) -> Result<Vec<Value>, Error> {
    let attribute: Option<&str> = named.get("attribute")?;
    let default: Option<Value> = named.get("default")?;
    named.assert_all_used()?;
    let attribute = attribute.ok_or_else(|| refused("map needs the name of an attribute: map(attribute='name')"))?;
    let of_each = elements(value, "mapped")?.map(|element| match (part(&element, attribute), &default) {
        (Err(_), Some(default)) => Ok(default.clone()),
        (part, _) => part,
    });
    of_each.collect()
}

fn elements(value: &Value, done: &str) -> Result<ValueIter, Error> {
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => value.try_iter(),
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        _ => Err(refused(format!("only a list can be {done}"))),
    }
}

/// What is in a map, or in maps in it: `a.b`.
fn part(element: &Value, path: &str) -> Result<Value, Error> {
    let mut value = element.clone();
    for name in path.split('.') {
        value = value.get_attr(name)?;
    }
    if value.is_undefined() { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(value) }
}
