//! Tree to INI, as go-ini writes it for sops.

use super::super::WriteError;
use super::super::scalar::{self, Text};
use super::lexer;
use crate::secret::{SecretBuf, SecretBytes};
use crate::sops::tree::{Document, Entry, Plain, Value};
use std::collections::HashMap;

/// Writes all documents as `sops decrypt` does: keys padded to a common width, a blank line between sections.
///
/// # Errors
/// Where a root value is not a map, a value in it is a map or a list, or a section or key has no name.
pub fn write(documents: &[Document<'_, Plain>]) -> Result<SecretBytes, WriteError> {
    let mut sections = Vec::new();
    for entry in documents.iter().flatten() {
        match entry {
            Entry::Comment(_) => {} // sops drops comments between sections
            Entry::Pair(name, Value::Map(entries)) => sections.push(Section::gather(name, entries)?),
            Entry::Pair(name, other) => {
                let (kind, name) = (other.kind(), scalar::shown(name));
                return Err(WriteError(format!(
                    "{kind} cannot stand outside of a section of an INI file (key '{name}')"
                )));
            }
        }
    }
    let mut out = SecretBuf::default();
    for (place, section) in sections.iter().enumerate() {
        section.push(&mut out, place, sections.len());
    }
    Ok(out.finish())
}

struct Section<'t> {
    name: &'t [u8],
    comment: &'t [u8],
    keys: Vec<Line<'t>>,
}

struct Line<'t> {
    key: &'t [u8],
    value: Text<'t>,
    comment: &'t [u8],
}

impl<'t> Section<'t> {
    /// A section as go-ini holds it: the first entry's comment is its own, others go to the key before them.
    fn gather(name: &'t [u8], entries: &'t [Entry<'t, Plain>]) -> Result<Self, WriteError> {
        if name.is_empty() {
            return Err(WriteError("a section of an INI file must have a name".to_owned()));
        }
        let mut section = Self { name, comment: &[], keys: Vec::new() };
        let mut places = HashMap::new();
        let mut last: Option<usize> = None;
        for (place, entry) in entries.iter().enumerate() {
            match (entry, last) {
                (Entry::Comment(comment), _) if place == 0 => section.comment = comment.text.expose(),
                (Entry::Comment(comment), Some(last)) => section.keys[last].comment = comment.text.expose(),
                (Entry::Comment(_), None) => {}
                (Entry::Pair(key, value), _) => {
                    let line = Line::new(name, key, value)?;
                    let at = *places.entry(line.key).or_insert(section.keys.len());
                    match section.keys.get_mut(at) {
                        Some(first) => first.value = line.value, // a repeated key keeps its first comment
                        None => section.keys.push(line),
                    }
                    last = Some(at);
                }
            }
        }
        Ok(section)
    }

    fn push(&self, out: &mut SecretBuf, place: usize, sections: usize) {
        push_comment(out, self.comment, |line| line);
        if place > 0 || !self.name.eq_ignore_ascii_case(b"DEFAULT") {
            out.push(b"[");
            out.push(self.name);
            out.push(b"]\n");
        } else if self.keys.is_empty() {
            return;
        }
        let width = self.keys.iter().map(Line::width).max().unwrap_or(0);
        for line in &self.keys {
            line.push(out, width);
        }
        if place + 1 < sections {
            out.push(b"\n");
        }
    }
}

impl<'t> Line<'t> {
    fn new(section: &[u8], key: &'t [u8], value: &'t Value<'_, Plain>) -> Result<Self, WriteError> {
        let place = || format!("(key '{}/{}')", scalar::shown(section), scalar::shown(key));
        if key.is_empty() {
            return Err(WriteError(format!("a key of an INI file must have a name {}", place())));
        }
        match scalar::text(value) {
            Some(value) => Ok(Self { key, value, comment: &[] }),
            None => Err(WriteError(format!("{} cannot stand in a section of an INI file {}", value.kind(), place()))),
        }
    }

    /// The quotes that the key needs on each side.
    fn quote(&self) -> &'static [u8] {
        if self.key.iter().any(|byte| matches!(byte, b'"' | b'=' | b':')) {
            b"`"
        } else if self.key.contains(&b'`') {
            b"\"\"\""
        } else {
            b""
        }
    }

    /// Length of the key with its quotes, in bytes.
    fn width(&self) -> usize {
        self.key.len() + 2 * self.quote().len()
    }

    fn push(&self, out: &mut SecretBuf, width: usize) {
        push_comment(out, self.comment, lexer::trim);
        push_quoted(out, self.quote(), self.key);
        for _ in self.width()..width {
            out.push_byte(b' ');
        }
        out.push(b" = ");
        let value = self.value.expose();
        push_quoted(out, value_quote(value), value);
        out.push_byte(b'\n');
    }
}

/// The quotes that a value needs on each side. They do not always suffice to read it back; go-ini's writer is like that.
fn value_quote(value: &[u8]) -> &'static [u8] {
    if memchr::memchr2(b'\n', b'`', value).is_some() {
        b"\"\"\""
    } else if lexer::comment_in(value).is_some() {
        b"`"
    } else if lexer::trim(value).len() != value.len() {
        b"\""
    } else {
        b""
    }
}

fn push_quoted(out: &mut SecretBuf, quote: &[u8], text: &[u8]) {
    out.push(quote);
    out.push(text);
    out.push(quote);
}

/// Writes a comment above its section or key: `; text`, while lines that start with `#` or `;` keep their own sign.
///
/// `clean` prepares the text of lines without sign. Where go-ini panics, on an empty line, this writes `; `.
fn push_comment(out: &mut SecretBuf, comment: &[u8], clean: impl Fn(&[u8]) -> &[u8]) {
    if comment.is_empty() {
        return;
    }
    for line in comment.split(|byte| *byte == b'\n') {
        let (sign, text) = match line {
            [sign @ (b'#' | b';'), text @ ..] => (*sign, lexer::trim(text)),
            _ => (b';', clean(line)),
        };
        out.push(&[sign, b' ']);
        out.push(text);
        out.push_byte(b'\n');
    }
}
