//! JSON, RFC 8259, one document.

use super::text::{Utf16, hex, place_offset, utf8};
use super::{Broken, Item, NESTING_MAX, Reading, Role, Sink, Style};
use crate::secret::SecretBuf;
use std::ops::Range;

/// Something stands where it cannot.
fn nothing_like_this(text: &[u8], at: usize) -> Broken {
    let comment = [&b"//"[..], b"/*", b"#"].iter().any(|sign| text[at..].starts_with(sign));
    Broken::new(at, if comment { "JSON has no comments" } else { "JSON allows nothing like this here" })
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    /// A value, or the end of the empty list.
    First,
    Key,
    /// A key, or the end of the empty object.
    FirstKey,
    Colon,
    Behind,
}

/// Reads a document. A bare word that is a marker counts as a value or a name.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let text = reading.text;
    utf8(text)?;
    let mut open: Vec<u8> = Vec::new();
    let mut next = Next::Value;
    let mut decoded = SecretBuf::default();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let start = at;
        at += 1;
        next = match (byte, next) {
            (b' ' | b'\t' | b'\n' | b'\r', next) => next,
            (b'{' | b'[', Next::Value | Next::First) => {
                open.push(byte);
                if open.len() > NESTING_MAX {
                    return Err(Broken::new(start, "objects and lists are nested too deep"));
                }
                sink(mark(start, if byte == b'{' { "{" } else { "[" }))?;
                if byte == b'{' { Next::FirstKey } else { Next::First }
            }
            (b'}', Next::FirstKey | Next::Behind) if open.pop() == Some(b'{') => {
                sink(mark(start, "}"))?;
                Next::Behind
            }
            (b']', Next::First | Next::Behind) if open.pop() == Some(b'[') => {
                sink(mark(start, "]"))?;
                Next::Behind
            }
            (b',', Next::Behind) if !open.is_empty() => match open.last() {
                Some(b'{') => Next::Key,
                _ => Next::Value,
            },
            (b':', Next::Colon) => Next::Value,
            (b'"', Next::Value | Next::First | Next::Key | Next::FirstKey) => {
                at = string(text, at, &mut decoded)?;
                let key = matches!(next, Next::Key | Next::FirstKey);
                let role = if key { Role::Key } else { Role::Value };
                sink(Item { span: start + 1..at - 1, role, style: Style::Double, text: decoded.expose() })?;
                if key { Next::Colon } else { Next::Behind }
            }
            (_, Next::Value | Next::First) => {
                at = word(text, start);
                bare(&reading, start..at, sink)?;
                Next::Behind
            }
            (_, Next::Key | Next::FirstKey) => {
                at = word(text, start);
                name(&reading, start..at, sink)?;
                Next::Colon
            }
            _ => return Err(nothing_like_this(text, start)),
        };
    }
    match (next, open.is_empty()) {
        (Next::Behind, true) => Ok(()),
        _ => Err(Broken::new(text.len(), "the document ends too early")),
    }
}

fn mark(at: usize, what: &'static str) -> Item<'static> {
    Item { span: at..at + 1, role: Role::Mark(what), style: Style::None, text: b"" }
}

fn word(text: &[u8], start: usize) -> usize {
    let ends =
        |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'[' | b']' | b'{' | b'}' | b'"');
    start + text[start..].iter().position(ends).unwrap_or(text.len() - start)
}

/// A name without quotes, which is for a value alone.
fn name(reading: &Reading<'_>, span: Range<usize>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let word = &reading.text[span.clone()];
    if !is_marker(reading, word) {
        return Err(nothing_like_this(reading.text, span.start));
    }
    sink(Item { span, role: Role::Key, style: Style::Bare, text: word })
}

/// Whether a word is a marker and nothing else.
fn is_marker(reading: &Reading<'_>, word: &[u8]) -> bool {
    reading.marked(word) && reading.marker.is_some_and(|marker| word.len() == 2 * marker.len())
}

fn bare(reading: &Reading<'_>, span: Range<usize>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let word = &reading.text[span.clone()];
    let valid = match word {
        b"true" | b"false" | b"null" => true,
        word if reading.marked(word) => is_marker(reading, word),
        word => serde_json::from_slice::<serde_json::Number>(word).is_ok(),
    };
    if !valid {
        return Err(match nothing_like_this(reading.text, span.start) {
            broken if word.starts_with(b"/") || word.starts_with(b"#") => broken,
            _ => Broken::new(span.start, "not a JSON value: put text in quotes, or leave a placeholder alone"),
        });
    }
    sink(Item { span, role: Role::Bare, style: Style::Bare, text: word })
}

/// Decodes a string from behind its first quote; returns the place behind its last.
fn string(text: &[u8], start: usize, decoded: &mut SecretBuf) -> Result<usize, Broken> {
    decoded.clear();
    let mut utf16 = Utf16::default();
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let special = |byte: &u8| matches!(byte, b'"' | b'\\') || *byte < 0x20;
        let len = rest.iter().position(special).unwrap_or(rest.len());
        decoded.push(&rest[..len]);
        at += len;
        let unit = match (rest.get(len), rest.get(len + 1)) {
            (Some(b'\\'), Some(b'u')) => hex(rest.get(len + 2..len + 6)),
            _ => None,
        };
        if utf16.waits() && (len > 0 || unit.is_none()) {
            return Err(Broken::new(at, "half a surrogate pair"));
        }
        match (rest.get(len), rest.get(len + 1)) {
            (Some(b'"'), _) => return Ok(at + 1),
            (Some(b'\\'), Some(b'u')) => {
                if !unit.is_some_and(|unit| utf16.push(unit, decoded)) {
                    return Err(Broken::new(at, "an escape that JSON does not know"));
                }
                at += 6;
            }
            (Some(b'\\'), Some(escape)) => {
                decoded.push_byte(unescaped(*escape).ok_or(Broken::new(at, "an escape that JSON does not know"))?);
                at += 2;
            }
            (Some(byte), _) if *byte < 0x20 => return Err(Broken::new(at, "a control character inside a string")),
            _ => return Err(Broken::new(text.len(), "a string does not end")),
        }
    }
}

fn unescaped(escape: u8) -> Option<u8> {
    Some(match escape {
        b'"' | b'\\' | b'/' => escape,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    })
}

/// Parses with serde_json, which keeps no copy of what it skips.
pub(super) fn parse(text: &[u8]) -> Result<(), Broken> {
    let parsed = serde_json::from_slice::<serde::de::IgnoredAny>(text);
    parsed
        .map(drop)
        .map_err(|error| Broken::new(place_offset(text, error.line(), error.column()), "the finished file is no JSON"))
}
