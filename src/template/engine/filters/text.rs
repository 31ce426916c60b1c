//! Filters from text to text.

use super::out::{Out, charge};
use super::{as_it_is, bytes, refused, text};
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, State, Value};

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("trim", trim);
    environment.add_filter("trim_newline", trim_newline);
    environment.add_filter("indent", indent);
    environment.add_filter("replace", replace);
    environment.add_filter("lower", |value: &Value| Ok::<_, Error>(text(value)?.to_lowercase()));
    environment.add_filter("upper", |value: &Value| Ok::<_, Error>(text(value)?.to_uppercase()));
    environment.add_filter("title", |value: &Value| Ok::<_, Error>(minijinja::filters::title(text(value)?)));
    environment.add_filter("capitalize", capitalize);
    environment.add_filter("string", |value: &Value| Ok::<_, Error>(super::value::text(&bytes(value)?)));
    environment.add_filter("default", default);
    environment.add_filter("d", default);
    environment.add_filter("required", required);
    environment.add_filter("regex_escape", |value: &Value| Ok::<_, Error>(regex::escape(&text(value)?)));
    environment.add_filter("raw", raw);
}

/// The first letter in upper case, all others in lower case.
fn capitalize(value: &Value) -> Result<String, Error> {
    let text = text(value)?;
    let mut rest = text.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    Ok(first.chain(rest.as_str().to_lowercase().chars()).collect())
}

/// Without white space, or without the characters given, at both ends.
fn trim(value: &Value, characters: Option<&Value>) -> Result<String, Error> {
    // Each is looked for at each place.
    const CHARACTERS_MAX_BYTES: usize = 1000;
    let value = text(value)?;
    Ok(match characters {
        None => value.trim().to_owned(),
        Some(characters) => {
            let characters = text(characters)?;
            if characters.len() > CHARACTERS_MAX_BYTES {
                return Err(refused("there are too many characters to trim"));
            }
            value.trim_matches(|c| characters.contains(c)).to_owned()
        }
    })
}

/// Without one line break at the end.
fn trim_newline(value: &Value) -> Result<Value, Error> {
    Ok(super::value::text(crate::template::engine::without_newline(&bytes(value)?)))
}

/// Every line but the first, and but empty ones, behind `width` blanks; the first too where `first` is true.
fn indent(value: &Value, width: Option<usize>, first: Option<bool>, named: Kwargs) -> Result<String, Error> {
    const WIDTH_MAX: usize = 1000;
    let width = match width {
        Some(width) => width,
        None => named.get::<Option<usize>>("width")?.unwrap_or(4),
    };
    let first = first.or(named.get("first")?);
    named.assert_all_used()?;
    if width > WIDTH_MAX {
        return Err(refused("an indentation is at most 1000 blanks"));
    }
    let (value, blanks) = (text(value)?, " ".repeat(width));
    let mut out = Out::new(value.len() + width);
    for (number, line) in value.split_inclusive('\n').enumerate() {
        let empty = line.trim_end_matches(['\n', '\r']).is_empty();
        if !empty && (number > 0 || first == Some(true)) {
            out.push(&blanks)?;
        }
        out.push(line)?;
    }
    Ok(out.text())
}

/// With every occurrence of one text replaced by another.
fn replace(state: &State<'_, '_>, value: &Value, old: &Value, new: &Value) -> Result<String, Error> {
    let (value, old, new) = (text(value)?, text(old)?, text(new)?);
    if old.is_empty() {
        return Err(refused("the text to replace is empty"));
    }
    charge(state, old.len())?;
    let mut out = Out::new(value.len());
    for (number, part) in value.split(&*old).enumerate() {
        if number > 0 {
            out.push(&new)?;
        }
        out.push(part)?;
    }
    Ok(out.text())
}

/// The other value where this one is not there or null; where `empty` (Jinja's name: `boolean`) is true also where it is
/// empty.
fn default(value: &Value, other: &Value, empty: Option<bool>, named: Kwargs) -> Result<Value, Error> {
    let empty = empty.or(named.get("boolean")?);
    named.assert_all_used()?;
    let missing = value.is_undefined() || value.is_none() || (empty == Some(true) && !value.is_true());
    Ok(if missing { other.clone() } else { value.clone() })
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
fn raw(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
    as_it_is(state, text(value)?.into_owned())
}
