//! Filters that write a value in a format, whole and with its quotes. What they give is written out as it is.

use super::{as_it_is, bytes, refused, text};
use crate::sops::number;
use crate::template::escape::{Piece, TemplateFormat, render_in_format};
use crate::template::{SecretIndex, Segment};
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Value};

/// Deepest value that is written.
const DEPTH_MAX: usize = 128;

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("json", |value: &Value| written(value, &Notation::JSON));
    // Jinja's name for it.
    environment.add_filter("tojson", |value: &Value| written(value, &Notation::JSON));
    environment.add_filter("yaml", |value: &Value| written(value, &Notation::YAML));
    environment.add_filter("toml", |value: &Value| written(value, &Notation::TOML));
    environment.add_filter("ini", |value: &Value| line(TemplateFormat::Ini, value));
    environment.add_filter("env", |value: &Value| line(TemplateFormat::Env, value));
    environment.add_filter("docker_env", |value: &Value| line(TemplateFormat::DockerEnv, value));
    environment.add_filter("sh", |value: &Value| Ok::<_, Error>(as_it_is(sh(&text(value)?)?)));
    environment.add_filter("xml", |value: &Value| Ok::<_, Error>(as_it_is(xml(&text(value)?)?)));
}

/// What sets three notations for values with parts apart; all of them are written in one line.
struct Notation {
    null: Option<&'static str>,
    special: Option<[&'static str; 3]>,
    colon: &'static str,
    comma: &'static str,
    /// Characters written as `\u…` besides control characters below U+0020.
    escaped: fn(char) -> bool,
    /// Whether a float needs a `.`, to be told from an integer or a string.
    point: bool,
}

impl Notation {
    const JSON: Self =
        Self { null: Some("null"), special: None, colon: ":", comma: ",", escaped: |_| false, point: false };
    /// JSON that readers of YAML 1.1 and 1.2 read alike.
    const YAML: Self = Self {
        null: Some("null"),
        special: Some([".nan", ".inf", "-.inf"]),
        colon: ": ",
        comma: ", ",
        escaped: |c| matches!(c, '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'),
        point: true,
    };
    const TOML: Self = Self {
        null: None,
        special: Some(["nan", "inf", "-inf"]),
        colon: " = ",
        comma: ", ",
        escaped: |c| c == '\u{7f}',
        point: true,
    };
}

fn written(value: &Value, notation: &Notation) -> Result<Value, Error> {
    let mut out = String::new();
    write(value, notation, &mut out, 0)?;
    Ok(as_it_is(out))
}

fn write(value: &Value, notation: &Notation, out: &mut String, depth: usize) -> Result<(), Error> {
    if depth > DEPTH_MAX {
        return Err(refused("the value is nested too deeply"));
    }
    match value.kind() {
        ValueKind::Undefined => return Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::None => out.push_str(notation.null.ok_or_else(|| refused("TOML has no null"))?),
        ValueKind::Number if !value.is_integer() => out.push_str(&float(value, notation)?),
        ValueKind::Number | ValueKind::Bool => out.push_str(&text(value)?),
        ValueKind::Map => {
            out.push('{');
            for (number, key) in value.try_iter()?.enumerate() {
                if number > 0 {
                    out.push_str(notation.comma);
                }
                quoted(&text(&key)?, notation, out);
                out.push_str(notation.colon);
                write(&value.get_item(&key)?, notation, out, depth + 1)?;
            }
            out.push('}');
        }
        ValueKind::Seq | ValueKind::Iterable => {
            out.push('[');
            for (number, element) in value.try_iter()?.enumerate() {
                if number > 0 {
                    out.push_str(notation.comma);
                }
                write(&element, notation, out, depth + 1)?;
            }
            out.push(']');
        }
        _ => quoted(&text(value)?, notation, out),
    }
    Ok(())
}

fn float(value: &Value, notation: &Notation) -> Result<String, Error> {
    let float = f64::try_from(value.clone()).map_err(|_| refused("the number is out of range"))?;
    let Some(text) = number::json(float) else {
        let [nan, inf, minus_inf] = notation.special.ok_or_else(|| refused("JSON has neither infinity nor NaN"))?;
        return Ok(if float.is_nan() {
            nan
        } else if float > 0.0 {
            inf
        } else {
            minus_inf
        }
        .to_owned());
    };
    Ok(match text.split_once('e') {
        _ if !notation.point || text.contains('.') => text,
        Some((digits, exponent)) => format!("{digits}.0e{exponent}"),
        None => format!("{text}.0"),
    })
}

fn quoted(text: &str, notation: &Notation, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' || (notation.escaped)(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A value in single quotes, for a POSIX shell.
fn sh(text: &str) -> Result<String, Error> {
    match text.contains('\0') {
        true => Err(refused("the value holds a NUL, which no shell takes")),
        false => Ok(format!("'{}'", text.replace('\'', "'\\''"))),
    }
}

/// Text for an element or a quoted attribute.
fn xml(text: &str) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                return Err(refused("the value holds a control character, which XML has no form for"));
            }
            c => out.push(c),
        }
    }
    Ok(out)
}

/// A value of its own line in a format, as that format's templates write it.
fn line(format: TemplateFormat, value: &Value) -> Result<Value, Error> {
    const NAME: &[u8] = b"K=";
    let value = bytes(value)?;
    let place = Segment::Value { secret: SecretIndex(0), offset: NAME.len(), token: b"@" };
    let segments = [Segment::Literal(NAME), place, Segment::Literal(b"\n")];
    let written = render_in_format(format, &segments, |_| Piece::text(&value));
    let written = written.map_err(|refusals| match refusals.first() {
        Some(refusal) => refused(refusal.reason.to_string()),
        None => refused("the value cannot be written"),
    })?;
    let inner = written.expose().strip_prefix(NAME).and_then(|rest| rest.strip_suffix(b"\n"));
    let inner = inner.ok_or_else(|| refused("the value cannot be written"))?;
    Ok(as_it_is(String::from_utf8_lossy(inner).into_owned()))
}
