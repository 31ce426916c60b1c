//! Filters that write a value in a format, whole and with its quotes. What they give is written out as it is.

use super::out::{Out, charge, fits};
use super::{as_it_is, bytes, refused, text};
use crate::sops::number;
use crate::template::engine::value::VALUE_DEPTH_MAX;
use crate::template::escape::{Piece, TemplateFormat, render_in_format};
use crate::template::{SecretIndex, Segment};
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, State, Value};

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("json", |state: &State<'_, '_>, value: &Value| written(state, value, &Notation::JSON));
    // Jinja's name for it.
    environment.add_filter("tojson", |state: &State<'_, '_>, value: &Value| written(state, value, &Notation::JSON));
    environment.add_filter("yaml", |state: &State<'_, '_>, value: &Value| written(state, value, &Notation::YAML));
    environment.add_filter("toml", |state: &State<'_, '_>, value: &Value| written(state, value, &Notation::TOML));
    environment.add_filter("ini", |state: &State<'_, '_>, value: &Value| line(state, TemplateFormat::Ini, value));
    environment.add_filter("env", |state: &State<'_, '_>, value: &Value| line(state, TemplateFormat::Env, value));
    environment
        .add_filter("docker_env", |state: &State<'_, '_>, value: &Value| line(state, TemplateFormat::DockerEnv, value));
    environment.add_filter("sh", |state: &State<'_, '_>, value: &Value| as_it_is(state, sh(&text(value)?)?));
    environment.add_filter("xml", |state: &State<'_, '_>, value: &Value| as_it_is(state, xml(&text(value)?)?));
}

/// What sets three notations for values with parts apart; all of them are written in one line.
struct Notation {
    null: Option<&'static str>,
    special: Option<[&'static str; 3]>,
    colon: &'static str,
    comma: &'static str,
    /// Characters written as `\u…` besides control characters below U+0020.
    escaped: fn(char) -> bool,
}

impl Notation {
    const JSON: Self = Self { null: Some("null"), special: None, colon: ":", comma: ",", escaped: |_| false };
    /// JSON that readers of YAML 1.1 and 1.2 read alike.
    const YAML: Self = Self {
        null: Some("null"),
        special: Some([".nan", ".inf", "-.inf"]),
        colon: ": ",
        comma: ", ",
        escaped: |c| matches!(c, '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'),
    };
    const TOML: Self = Self {
        null: None,
        special: Some(["nan", "inf", "-inf"]),
        colon: " = ",
        comma: ", ",
        escaped: |c| c == '\u{7f}',
    };
}

fn written(state: &State<'_, '_>, value: &Value, notation: &Notation) -> Result<Value, Error> {
    let mut out = Out::new(0);
    Writer { state, notation }.write(value, &mut out, 0)?;
    as_it_is(state, out.text())
}

struct Writer<'s, 'x, 'y> {
    state: &'s State<'x, 'y>,
    notation: &'s Notation,
}

impl Writer<'_, '_, '_> {
    fn write(&self, value: &Value, out: &mut Out, depth: usize) -> Result<(), Error> {
        if depth > VALUE_DEPTH_MAX {
            return Err(refused("the value is nested too deeply"));
        }
        charge(self.state, 0)?;
        let notation = self.notation;
        match value.kind() {
            ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
            ValueKind::None => out.push(notation.null.ok_or_else(|| refused("TOML has no null"))?),
            ValueKind::Number if !value.is_integer() => out.push(&float(value, notation)?),
            ValueKind::Number | ValueKind::Bool => out.push(&text(value)?),
            ValueKind::Map => {
                out.push("{")?;
                for (number, key) in value.try_iter()?.enumerate() {
                    out.push(if number > 0 { notation.comma } else { "" })?;
                    quoted(&text(&key)?, notation, out)?;
                    out.push(notation.colon)?;
                    self.write(&value.get_item(&key)?, out, depth + 1)?;
                }
                out.push("}")
            }
            ValueKind::Seq | ValueKind::Iterable => {
                out.push("[")?;
                for (number, element) in value.try_iter()?.enumerate() {
                    out.push(if number > 0 { notation.comma } else { "" })?;
                    self.write(&element, out, depth + 1)?;
                }
                out.push("]")
            }
            _ => quoted(&text(value)?, notation, out),
        }
    }
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
    // A `.` tells a float from an integer, and in YAML 1.1 from a string.
    Ok(match text.split_once('e') {
        _ if text.contains('.') => text,
        Some((digits, exponent)) => format!("{digits}.0e{exponent}"),
        None => format!("{text}.0"),
    })
}

fn quoted(text: &str, notation: &Notation, out: &mut Out) -> Result<(), Error> {
    out.push("\"")?;
    for c in text.chars() {
        match c {
            '"' => out.push("\\\"")?,
            '\\' => out.push("\\\\")?,
            '\n' => out.push("\\n")?,
            '\r' => out.push("\\r")?,
            '\t' => out.push("\\t")?,
            '\u{8}' => out.push("\\b")?,
            '\u{c}' => out.push("\\f")?,
            c if c < ' ' || (notation.escaped)(c) => out.push(&format!("\\u{:04x}", u32::from(c)))?,
            c => out.push_char(c)?,
        }
    }
    out.push("\"")
}

/// A value in single quotes, for a POSIX shell.
fn sh(text: &str) -> Result<String, Error> {
    match text.contains('\0') {
        true => Err(refused("the value holds a NUL, which no shell takes")),
        false => {
            fits(text.len().saturating_add(memchr::memchr_iter(b'\'', text.as_bytes()).count().saturating_mul(3)))?;
            Ok(format!("'{}'", text.replace('\'', "'\\''")))
        }
    }
}

/// Text for an element or a quoted attribute.
fn xml(text: &str) -> Result<String, Error> {
    let mut out = Out::new(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push("&amp;")?,
            '<' => out.push("&lt;")?,
            '>' => out.push("&gt;")?,
            '"' => out.push("&quot;")?,
            '\'' => out.push("&#39;")?,
            '\t' | '\n' | '\r' => out.push(&format!("&#{};", u32::from(c)))?,
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                return Err(refused("the value holds a control character, which XML has no form for"));
            }
            c => out.push_char(c)?,
        }
    }
    Ok(out.text())
}

/// A value of its own line in a format, as that format's templates write it.
fn line(state: &State<'_, '_>, format: TemplateFormat, value: &Value) -> Result<Value, Error> {
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
    as_it_is(state, String::from_utf8_lossy(inner).into_owned())
}
