//! Tree to JSON, as Go's `json.Marshal` and `json.Indent` print it for sops.

use super::super::WriteError;
use super::super::scalar::push_wiped;
use crate::secret::{SecretBuf, SecretBytes};
use crate::sops::number;
use crate::sops::time::Timestamp;
use crate::sops::tree::{Document, Entry, Item, Plain, Value};

/// Writes the first document as `sops decrypt` does: tabs, one pair a line, comments left out.
///
/// # Errors
/// Where a number is infinite or NaN, or a time's offset has 24 hours; or there is no document.
pub fn write(documents: &[Document<'_, Plain>]) -> Result<SecretBytes, WriteError> {
    let document = documents.first().ok_or_else(|| WriteError("there is no document to write".to_owned()))?;
    let mut out = SecretBuf::default();
    push_map(&mut out, document, 0)?;
    out.push_byte(b'\n');
    Ok(out.finish())
}

/// Writes the contents of a binary file: the first text under the root key `data`.
///
/// # Errors
/// Where there is not exactly one document, or its first `data` is missing or not text.
pub fn write_binary(documents: &[Document<'_, Plain>]) -> Result<SecretBytes, WriteError> {
    let [document] = documents else {
        return Err(WriteError("a binary file must have exactly one document".to_owned()));
    };
    let data = document.iter().find_map(|entry| match entry {
        Entry::Pair(key, value) if key.as_ref() == b"data" => Some(value),
        Entry::Pair(..) | Entry::Comment(_) => None,
    });
    match data {
        Some(Value::Text(text)) => Ok(SecretBytes::copy_of(text.expose())),
        Some(other) => Err(WriteError(format!("the key 'data' of a binary file is {}, not a string", other.kind()))),
        None => Err(WriteError("no key 'data': this is not an encrypted binary file".to_owned())),
    }
}

/// Writes one value as `sops decrypt --extract` prints it: text bare, a map with a final line feed, others without.
///
/// # Errors
/// As [`write()`].
pub fn write_value(value: &Value<'_, Plain>) -> Result<SecretBytes, WriteError> {
    let mut out = SecretBuf::default();
    match value {
        Value::Text(text) => out.push(text.expose()),
        other => push(&mut out, other, 0)?,
    }
    if matches!(value, Value::Map(_)) {
        out.push_byte(b'\n');
    }
    Ok(out.finish())
}

fn push(out: &mut SecretBuf, value: &Value<'_, Plain>, depth: usize) -> Result<(), WriteError> {
    match value {
        Value::Null => out.push(b"null"),
        Value::Bool(true) => out.push(b"true"),
        Value::Bool(false) => out.push(b"false"),
        Value::Int(number) => push_wiped(out, number.to_string()),
        Value::Float(number) => match number::json(*number) {
            Some(text) => push_wiped(out, text),
            None => return Err(WriteError("an infinite number or NaN cannot stand in JSON".to_owned())),
        },
        Value::Time(time) => push_time(out, *time)?,
        Value::Text(text) => push_text(out, text.expose()),
        Value::Map(entries) => push_map(out, entries, depth)?,
        Value::List(items) => push_list(out, items, depth)?,
    }
    Ok(())
}

fn push_time(out: &mut SecretBuf, time: Timestamp) -> Result<(), WriteError> {
    if time.offset_minutes.unsigned_abs() >= 24 * 60 {
        return Err(WriteError("a time with an offset of 24 hours cannot stand in JSON".to_owned()));
    }
    push_wiped(out, format!("\"{time}\""));
    Ok(())
}

fn push_map(out: &mut SecretBuf, entries: &[Entry<'_, Plain>], depth: usize) -> Result<(), WriteError> {
    let mut block = Block::open(out, b'{', depth);
    for entry in entries {
        if let Entry::Pair(key, value) = entry {
            block.next(out);
            push_text(out, key);
            out.push(b": ");
            push(out, value, depth + 1)?;
        }
    }
    block.close(out, b'}');
    Ok(())
}

fn push_list(out: &mut SecretBuf, items: &[Item<'_, Plain>], depth: usize) -> Result<(), WriteError> {
    let mut block = Block::open(out, b'[', depth);
    for item in items {
        if let Item::Value(value) = item {
            block.next(out);
            push(out, value, depth + 1)?;
        }
    }
    block.close(out, b']');
    Ok(())
}

/// The brackets, commas and indents of an object or array; both brackets on one line if nothing is inside.
struct Block {
    depth: usize,
    empty: bool,
}

impl Block {
    fn open(out: &mut SecretBuf, bracket: u8, depth: usize) -> Self {
        out.push_byte(bracket);
        Self { depth, empty: true }
    }

    /// Makes room for the next pair or element.
    fn next(&mut self, out: &mut SecretBuf) {
        if !self.empty {
            out.push_byte(b',');
        }
        self.empty = false;
        new_line(out, self.depth + 1);
    }

    fn close(self, out: &mut SecretBuf, bracket: u8) {
        if !self.empty {
            new_line(out, self.depth);
        }
        out.push_byte(bracket);
    }
}

fn new_line(out: &mut SecretBuf, depth: usize) {
    out.push_byte(b'\n');
    for _ in 0..depth {
        out.push_byte(b'\t');
    }
}

/// A string in quotes. Go also escapes `<`, `>`, `&` and two line separators, and writes invalid bytes as `\ufffd`.
fn push_text(out: &mut SecretBuf, text: &[u8]) {
    out.push_byte(b'"');
    for chunk in text.utf8_chunks() {
        push_valid(out, chunk.valid());
        for _ in chunk.invalid() {
            out.push(b"\\ufffd");
        }
    }
    out.push_byte(b'"');
}

fn push_valid(out: &mut SecretBuf, text: &str) {
    let mut from = 0;
    // By bytes first: nearly none of them starts a character that needs an escape, and large files are one string.
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| may_need_escape(*byte)) {
        let Some(char) = text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
        if char.is_ascii() || matches!(char, '\u{2028}' | '\u{2029}') {
            out.push(&text.as_bytes()[from..at]);
            push_escape(out, char);
            from = at + char.len_utf8();
        }
    }
    out.push(&text.as_bytes()[from..]);
}

/// ASCII that needs an escape, or the first byte of U+2028 and U+2029 (and of others).
fn may_need_escape(byte: u8) -> bool {
    matches!(byte, 0..=0x1f | b'"' | b'\\' | b'<' | b'>' | b'&' | 0xe2)
}

fn push_escape(out: &mut SecretBuf, char: char) {
    let letter = match char {
        '"' | '\\' => char as u8,
        '\u{8}' => b'b',
        '\u{c}' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        _ => return push_wiped(out, format!("\\u{:04x}", u32::from(char))),
    };
    out.push(&[b'\\', letter]);
}
