//! INI to tree: the parser of go-ini with the options of sops.

use super::super::ParseError;
use super::lexer;
use crate::sops::tree::{Comment, Document, Entry, Key, Locked, Value};
use nom::error::ErrorKind;
use std::borrow::Cow;
use std::collections::HashMap;

/// The section of the keys that stand before any header.
const DEFAULT: &[u8] = b"DEFAULT";

/// Reads an INI file as one document, the `[sops]` section included. Every value is text.
///
/// A repeated key replaces value and comment of the first; comments at the end of the file are lost, as in sops.
///
/// # Errors
/// Where a section header has no `]` or no name, a line no name or delimiter, or a quote no end.
pub fn read(bytes: &[u8]) -> Result<Vec<Document<'_, Locked<'_>>>, ParseError> {
    let mut reader = Reader { input: bytes, at: byte_order_mark(bytes), ended: false, comment: Cow::default() };
    let mut sections = vec![Section::new(DEFAULT, None)];
    while !reader.ended {
        reader.line(&mut sections)?;
    }
    Ok(vec![sections.into_iter().map(Section::into_entry).collect()])
}

/// Length of a byte order mark. As go-ini, skips those of UTF-16 too, which then fail as text.
fn byte_order_mark(bytes: &[u8]) -> usize {
    match bytes {
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => 2,
        [0xef, 0xbb, 0xbf, ..] => 3,
        _ => 0,
    }
}

struct Section<'a> {
    name: Key<'a>,
    comment: Option<Locked<'a>>,
    keys: Vec<(Key<'a>, Locked<'a>, Option<Locked<'a>>)>,
    /// Where each key stands in `keys`.
    places: HashMap<Key<'a>, usize>,
    /// How many keys were called `-`.
    dashes: usize,
}

impl<'a> Section<'a> {
    fn new(name: &'a [u8], comment: Option<Locked<'a>>) -> Self {
        Self { name: Cow::Borrowed(name), comment, keys: Vec::new(), places: HashMap::new(), dashes: 0 }
    }

    /// Adds a key, or replaces what the section has under that name.
    fn put(&mut self, name: &'a [u8], value: Locked<'a>, comment: Option<Locked<'a>>) {
        let name = if name == b"-" {
            self.dashes += 1;
            Cow::Owned(format!("#{}", self.dashes).into_bytes())
        } else {
            Cow::Borrowed(name)
        };
        match self.places.get(&name) {
            Some(place) => self.keys[*place] = (name, value, comment),
            None => {
                self.places.insert(name.clone(), self.keys.len());
                self.keys.push((name, value, comment));
            }
        }
    }

    fn into_entry(self) -> Entry<'a, Locked<'a>> {
        let comment = |text| Entry::Comment(Comment { text, inline: false });
        let mut entries: Vec<_> = self.comment.into_iter().map(comment).collect();
        for (key, value, text) in self.keys {
            entries.push(Entry::Pair(key, Value::Text(value)));
            entries.extend(text.map(comment));
        }
        Entry::Pair(self.name, Value::Map(entries))
    }
}

struct Reader<'a> {
    input: &'a [u8],
    at: usize,
    /// Whether the last line, the one without line feed, has been read.
    ended: bool,
    /// Comments that wait for the next section or key.
    comment: Locked<'a>,
}

impl<'a> Reader<'a> {
    /// The next line with its line feed.
    fn next(&mut self) -> &'a [u8] {
        let rest = &self.input[self.at..];
        let end = memchr::memchr(b'\n', rest).map(|lf| lf + 1);
        self.ended = end.is_none();
        let line = &rest[..end.unwrap_or(rest.len())];
        self.at += line.len();
        line
    }

    /// An error in the line that starts at byte `start`. Go's messages quote the line; these must not.
    fn error(&self, start: usize, what: &str) -> ParseError {
        ParseError { column: 0, ..ParseError::at(self.input, start, what) }
    }

    fn line(&mut self, sections: &mut Vec<Section<'a>>) -> Result<(), ParseError> {
        let start = self.at;
        let line = lexer::trim_start(self.next());
        match line.first() {
            None => {}
            Some(b'#' | b';') => self.add_comment(line),
            Some(b'[') => {
                let (name, rest) =
                    lexer::section(line).ok_or_else(|| self.error(start, "a section header has no ']'"))?;
                if name.is_empty() {
                    return Err(self.error(start, "a section has no name"));
                }
                self.add_comment(lexer::comment_in(rest).unwrap_or_default());
                sections.push(Section::new(name, self.take_comment()));
            }
            Some(_) => {
                let (value, name) = lexer::key(line).map_err(|error| self.error(start, key_fault(&error)))?;
                let value = self.value(start, value)?;
                if name.is_empty() {
                    return Err(self.error(start, "a key has no name"));
                }
                let comment = self.take_comment();
                if let Some(section) = sections.last_mut() {
                    section.put(name, value, comment);
                }
            }
        }
        Ok(())
    }

    /// The value whose first line ends with `rest`, in the line that starts at byte `start`.
    fn value(&mut self, start: usize, rest: &'a [u8]) -> Result<Locked<'a>, ParseError> {
        let line = lexer::trim_start(rest);
        if let Some(quote) = lexer::value_quote(line) {
            let from = self.at - line.len() + quote.len();
            return self.quoted(start, from, quote.as_bytes()).map(Cow::Borrowed);
        }
        let line = lexer::trim(line);
        if let Some(first) = line.strip_suffix(b"\\") {
            return Ok(Cow::Owned(self.continued(first)));
        }
        let (line, comment) = match lexer::comment_in(line) {
            Some(comment) => (lexer::trim(&line[..line.len() - comment.len()]), comment),
            None => (line, &[] as &[u8]),
        };
        self.add_comment(comment);
        Ok(Cow::Borrowed(lexer::unquote(line)))
    }

    /// The text from byte `from` to the **last** `quote` of the line that has one; may span lines.
    fn quoted(&mut self, start: usize, from: usize, quote: &[u8]) -> Result<&'a [u8], ParseError> {
        let input = self.input;
        if let Some(end) = memchr::memmem::rfind(&input[from..self.at], quote) {
            return Ok(&input[from..from + end]); // what follows is dropped, even a comment
        }
        while !self.ended {
            let line_start = self.at;
            let line = self.next();
            let Some(end) = memchr::memmem::rfind(line, quote) else { continue };
            if lexer::trim(&line[end + quote.len()..]).ends_with(b"\\") {
                continue; // go-ini takes such a line as part of the value, quote and all
            }
            self.add_comment(lexer::comment_in(&line[end..]).unwrap_or_default());
            return Ok(&input[from..line_start + end]);
        }
        Err(self.error(start, "a quoted value has no closing quote"))
    }

    /// Joins the lines that follow a `\`, up to one without it. No comments or quotes are seen in there.
    fn continued(&mut self, first: &[u8]) -> Vec<u8> {
        let mut value = first.to_vec();
        loop {
            let next = lexer::trim(self.next());
            value.extend_from_slice(next);
            if next.is_empty() || value.pop_if(|last| *last == b'\\').is_none() {
                return value;
            }
        }
    }

    fn add_comment(&mut self, text: &'a [u8]) {
        if self.comment.is_empty() {
            self.comment = Cow::Borrowed(text);
        } else {
            self.comment.to_mut().extend_from_slice(text);
        }
    }

    /// The comments since the last section or key, joined; None if there are none.
    fn take_comment(&mut self) -> Option<Locked<'a>> {
        match std::mem::take(&mut self.comment) {
            Cow::Borrowed(text) => comment_text(text).map(Cow::Borrowed),
            Cow::Owned(text) => comment_text(&text).map(|text| Cow::Owned(text.to_vec())),
        }
    }
}

/// A comment as sops keeps it, which may be empty; None for no comment at all.
fn comment_text(comment: &[u8]) -> Option<&[u8]> {
    let comment = lexer::trim(comment);
    (!comment.is_empty()).then(|| lexer::strip_signs(comment))
}

fn key_fault(error: &nom::Err<nom::error::Error<&[u8]>>) -> &'static str {
    match error {
        nom::Err::Error(error) | nom::Err::Failure(error) if error.code == ErrorKind::TakeUntil => {
            "a quoted key has no closing quote"
        }
        nom::Err::Error(error) | nom::Err::Failure(error) if error.code == ErrorKind::TakeTill1 => "a key has no name",
        _ => "the line is no section, key or comment: it has no '=' or ':'",
    }
}
