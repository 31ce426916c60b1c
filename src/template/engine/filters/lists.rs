//! Filters that make lists, and text of them.

use super::compare::{Class, bytes_of, class, weigh};
use super::operators::{held, whole};
use super::out::{Out, PARTS_MAX, charge};
use super::{refused, text};
use minijinja::value::{Kwargs, ValueIter, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value, filters, functions};
use std::borrow::Cow;

/// What is said where `map` is given anything else.
pub(in crate::template::engine) const MAP_NEEDS: &str = "map needs the name of an attribute: map(attribute='name')";

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("lines", lines);
    environment.add_filter("split", split);
    environment.add_filter("join", join);
    environment.add_filter("map", map);
    environment.add_filter("length", length);
    environment.add_filter("count", length);
    environment.add_filter("items", items);
    environment.add_filter("sort", sort);
    environment.add_filter("dictsort", dictsort);
    environment.add_filter("unique", unique);
    environment.add_filter("sum", sum);
    environment.add_filter("min", |state: &State<'_, '_>, value: &Value, named: Kwargs| {
        filters::min(state, comparable(state, value, &named)?, named)
    });
    environment.add_filter("max", |state: &State<'_, '_>, value: &Value, named: Kwargs| {
        filters::max(state, comparable(state, value, &named)?, named)
    });
    environment.add_filter("reverse", |state: &State<'_, '_>, value: &Value| whole(state, &filters::reverse(value)?));
}

/// A map of named arguments, and of those of another map.
pub(super) fn dict(state: &State<'_, '_>, value: Option<Value>, named: Kwargs) -> Result<Value, Error> {
    held(state, &functions::dict(value, named)?)
}

/// How many there are; what is not there has no number.
fn length(value: &Value) -> Result<usize, Error> {
    match bytes_of(value).map(std::str::from_utf8) {
        Some(Ok(text)) => Ok(text.chars().count()),
        _ => filters::length(there(value)?),
    }
}

/// Pairs of key and value.
fn items(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
    whole(state, &filters::items(there(value)?)?)
}

/// In order.
fn sort(state: &State<'_, '_>, value: &Value, named: Kwargs) -> Result<Value, Error> {
    filters::sort(state, comparable(state, value, &named)?, named)
}

/// The elements of a list, where they, or the attributes that are named, are of one kind: others have no order.
fn comparable(state: &State<'_, '_>, value: &Value, named: &Kwargs) -> Result<Value, Error> {
    let attributes: Option<&str> = named.get("attribute")?;
    let elements: Vec<Value> = elements(value, "sorted")?.collect();
    for attribute in attributes.unwrap_or_default().split(',').map(str::trim) {
        let key = |element: &Value| if attribute.is_empty() { Ok(element.clone()) } else { part(element, attribute) };
        alike(state, elements.iter().map(key))?;
    }
    Ok(Value::from(elements))
}

/// The numbers of a list added up, or those under an attribute.
fn sum(state: &State<'_, '_>, value: &Value, attribute: Option<&str>, named: Kwargs) -> Result<Value, Error> {
    let attribute = attribute.or(named.get("attribute")?);
    named.assert_all_used()?;
    let numbers = elements(value, "added up")?.map(|element| {
        let number = attribute.map_or(Ok(element.clone()), |name| part(&element, name))?;
        if class(&number) == Class::Number { Ok(number) } else { Err(refused("only numbers can be added up")) }
    });
    let numbers = Value::from(numbers.collect::<Result<Vec<_>, Error>>()?);
    filters::sum(state, numbers, None, None, std::iter::empty::<(&str, Value)>().collect())
}

fn dictsort(state: &State<'_, '_>, value: &Value, named: Kwargs) -> Result<Value, Error> {
    if there(value)?.kind() != ValueKind::Map {
        return Err(refused("only a map has pairs to sort"));
    }
    match named.get::<Option<&str>>("by")? {
        Some("value") => alike(state, value.try_iter()?.map(|key| value.get_item(&key)))?,
        _ => alike(state, value.try_iter()?.map(Ok))?,
    }
    filters::dictsort(value, named)
}

/// Charges for sorting, and refuses what is neither all text nor all numbers.
fn alike(state: &State<'_, '_>, keys: impl Iterator<Item = Result<Value, Error>>) -> Result<(), Error> {
    let (mut all, mut first, mut count) = (0usize, None, 1usize);
    for key in keys {
        let key = key?;
        let class = class(there(&key)?);
        if class == Class::Other || *first.get_or_insert(class) != class {
            return Err(refused("values of different kinds, lists and maps cannot be sorted"));
        }
        all = all.saturating_add(64 + bytes_of(&key).map_or(0, <[u8]>::len));
        count += 1;
    }
    charge(state, all.saturating_mul(rounds(count)))
}

/// How often each of so many elements is looked at when they are put in order.
fn rounds(count: usize) -> usize {
    usize::try_from(count.max(2).ilog2()).unwrap_or(1)
}

/// Without what was there before.
fn unique(state: &State<'_, '_>, value: &Value, named: Kwargs) -> Result<Value, Error> {
    let count = elements(value, "made unique")?.count();
    let weight = weigh(state, value)?;
    state.consume_fuel(weight.saturating_mul(u64::try_from(rounds(count)).unwrap_or(u64::MAX)))?;
    whole(state, &filters::unique(state, value.clone(), named)?)
}

/// minijinja's own filters take what is not there for something empty.
fn there(value: &Value) -> Result<&Value, Error> {
    if value.is_undefined() { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(value) }
}

/// The lines, without their line breaks.
fn lines(value: &Value) -> Result<Vec<String>, Error> {
    parts(text(value)?.lines())
}

fn parts<'p>(parts: impl Iterator<Item = &'p str>) -> Result<Vec<String>, Error> {
    let parts: Vec<_> = parts.take(PARTS_MAX + 1).collect();
    match parts.len() > PARTS_MAX {
        true => Err(refused("the text has too many parts")),
        false => Ok(parts.into_iter().map(str::to_owned).collect()),
    }
}

/// The parts between separators, or between runs of white space; after `most` cuts the rest stays whole.
fn split(value: &Value, separator: Option<&Value>, most: Option<usize>) -> Result<Vec<String>, Error> {
    let value = text(value)?;
    let limit = most.map_or(usize::MAX, |most| most.saturating_add(1));
    let separator = separator.filter(|separator| !separator.is_none()).map(text).transpose()?;
    match separator.as_deref() {
        Some("") => Err(refused("the separator is empty")),
        Some(separator) => parts(value.splitn(limit, separator)),
        None if most.is_none() => parts(value.split_whitespace()),
        None => Err(refused("a number of cuts needs a separator")),
    }
}

/// The elements of a list with a separator between them; of each the attribute, where one is named.
fn join(
    state: &State<'_, '_>,
    value: &Value,
    separator: Option<&Value>,
    attribute: Option<&str>,
    named: Kwargs,
) -> Result<String, Error> {
    let attribute = attribute.or(named.get("attribute")?);
    named.assert_all_used()?;
    let separator = separator.map(text).transpose()?.unwrap_or(Cow::Borrowed(""));
    let mut out = Out::new(0);
    for (number, element) in elements(value, "joined")?.enumerate() {
        charge(state, 0)?;
        if number > 0 {
            out.push(&separator)?;
        }
        let part = attribute.map(|name| part(&element, name)).transpose()?;
        out.push(&text(part.as_ref().unwrap_or(&element))?)?;
    }
    Ok(out.text())
}

/// The attribute of each element of a list; without it its default, where one is named. Other filters cannot be applied.
fn map(state: &State<'_, '_>, value: &Value, named: Kwargs) -> Result<Value, Error> {
    let attribute: Option<&str> = named.get("attribute")?;
    let default: Option<Value> = named.get("default")?;
    named.assert_all_used()?;
    let attribute = attribute.ok_or_else(|| refused(MAP_NEEDS))?;
    let of_each = elements(value, "mapped")?.map(|element| match (part(&element, attribute), &default) {
        (Err(_), Some(default)) => Ok(default.clone()),
        (part, _) => part,
    });
    held(state, &Value::from(of_each.collect::<Result<Vec<_>, _>>()?))
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
