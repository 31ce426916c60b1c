//! Filters from text to text and lists.

use super::{as_it_is, bytes, refused, text};
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, Value};
use std::borrow::Cow;

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("trim", trim);
    environment.add_filter("trim_newline", trim_newline);
    environment.add_filter("indent", indent);
    environment.add_filter("lines", lines);
    environment.add_filter("split", split);
    environment.add_filter("join", join);
    environment.add_filter("replace", replace);
    environment.add_filter("lower", |value: &Value| Ok::<_, Error>(text(value)?.to_lowercase()));
    environment.add_filter("upper", |value: &Value| Ok::<_, Error>(text(value)?.to_uppercase()));
    environment.add_filter("default", default);
    environment.add_filter("required", required);
    environment.add_filter("regex_escape", |value: &Value| Ok::<_, Error>(regex::escape(&text(value)?)));
    environment.add_filter("raw", raw);
}

/// Without white space, or without the characters given, at both ends.
fn trim(value: &Value, characters: Option<&Value>) -> Result<String, Error> {
    let value = text(value)?;
    Ok(match characters {
        None => value.trim().to_owned(),
        Some(characters) => {
            let characters = text(characters)?;
            value.trim_matches(|c| characters.contains(c)).to_owned()
        }
    })
}

/// Without one line break at the end.
fn trim_newline(value: &Value) -> Result<Value, Error> {
    Ok(super::value::text(crate::template::engine::without_newline(&bytes(value)?)))
}

/// Every line but the first, and but empty ones, behind `width` blanks; the first too where `first` is true.
fn indent(value: &Value, width: usize, first: Option<bool>) -> Result<String, Error> {
    const WIDTH_MAX: usize = 1000;
    if width > WIDTH_MAX {
        return Err(refused("an indentation is at most 1000 blanks"));
    }
    let (value, blanks) = (text(value)?, " ".repeat(width));
    let mut out = String::with_capacity(value.len() + width);
    for (number, line) in value.split_inclusive('\n').enumerate() {
        let empty = line.trim_end_matches(['\n', '\r']).is_empty();
        if !empty && (number > 0 || first == Some(true)) {
            out.push_str(&blanks);
        }
        out.push_str(line);
    }
    Ok(out)
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
fn join(value: &Value, separator: Option<&Value>, attribute: Option<&str>) -> Result<String, Error> {
    if !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return Err(refused("only a list can be joined"));
    }
    let separator = separator.map(text).transpose()?.unwrap_or(Cow::Borrowed(""));
    let mut out = String::new();
    for (number, element) in value.try_iter()?.enumerate() {
        if number > 0 {
            out.push_str(&separator);
        }
        let part = attribute.map(|name| element.get_attr(name)).transpose()?;
        out.push_str(&text(part.as_ref().unwrap_or(&element))?);
    }
    Ok(out)
}

/// With every occurrence of one text replaced by another.
fn replace(value: &Value, old: &Value, new: &Value) -> Result<String, Error> {
    let old = text(old)?;
    if old.is_empty() {
        return Err(refused("the text to replace is empty"));
    }
    Ok(text(value)?.replace(&*old, &text(new)?))
}

/// The other value where this one is not there or null; where `empty` is true also where it is empty.
fn default(value: &Value, other: &Value, empty: Option<bool>) -> Value {
    let missing = value.is_undefined() || value.is_none() || (empty == Some(true) && !value.is_true());
    if missing { other.clone() } else { value.clone() }
}

/// The value; an error where it is not there, null or empty.
///
/// The message is a constant of the template: the walk before the run has seen to that.
fn required(value: &Value, message: Option<&str>) -> Result<Value, Error> {
    let empty = matches!(value.kind(), ValueKind::String | ValueKind::Bytes) && !value.is_true();
    if value.is_undefined() || value.is_none() || empty {
        return Err(refused(message.unwrap_or("a value that must be given is missing").to_owned()));
    }
    Ok(value.clone())
}

/// Text that no format escapes.
fn raw(value: &Value) -> Result<Value, Error> {
    Ok(as_it_is(text(value)?.into_owned()))
}
