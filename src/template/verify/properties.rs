//! Java's properties, as `java.util.Properties.load` reads them.

use super::text::{Utf16, hex};
use super::{Broken, Item, Reading, Role, Sink, Style};
use crate::secret::SecretBuf;

fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0c)
}

fn newline(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Reads names and values.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let mut cursor = Cursor { text: reading.text, at: 0, decoded: SecretBuf::default() };
    loop {
        cursor.between_lines();
        let start = cursor.at;
        match cursor.peek() {
            None => return Ok(()),
            Some(b'#' | b'!') => {
                cursor.skip(|byte| !newline(byte));
                let (span, text) = (start..cursor.at, &reading.text[start..cursor.at]);
                sink(Item { span, role: Role::Comment, style: Style::Comment, text })?;
            }
            Some(_) => {
                cursor.decode(|byte| blank(byte) || newline(byte) || matches!(byte, b'=' | b':'))?;
                let span = start..cursor.at;
                sink(Item { span, role: Role::Key, style: Style::Bare, text: cursor.decoded.expose() })?;
                cursor.separator();
                let start = cursor.at;
                cursor.decode(newline)?;
                let span = start..cursor.at;
                sink(Item { span, role: Role::Value, style: Style::Bare, text: cursor.decoded.expose() })?;
            }
        }
    }
}

struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
    decoded: SecretBuf,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip(&mut self, what: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&what) {
            self.at += 1;
        }
    }

    /// Skips blanks, also on a line that is joined to this one.
    fn blanks(&mut self) {
        loop {
            self.skip(blank);
            let rest = self.text.get(self.at..).unwrap_or_default();
            match rest {
                [b'\\', b'\r', b'\n', ..] => self.at += 3,
                [b'\\', b'\n' | b'\r', ..] => self.at += 2,
                _ => return,
            }
        }
    }

    /// Skips to where an entry or a comment begins. A line that is joined to nothing counts as a new one in Java: it may
    /// be blank or a comment.
    fn between_lines(&mut self) {
        let mut before = None;
        while before.replace(self.at) != Some(self.at) {
            self.blanks();
            self.skip(newline);
        }
    }

    fn separator(&mut self) {
        self.blanks();
        if matches!(self.peek(), Some(b'=' | b':')) {
            self.at += 1;
            self.blanks();
        }
    }

    /// Decodes up to a byte that `ends`.
    fn decode(&mut self, ends: impl Fn(u8) -> bool) -> Result<(), Broken> {
        self.decoded.clear();
        let mut utf16 = Utf16::default();
        while let Some(byte) = self.peek().filter(|byte| !ends(*byte)) {
            let start = self.at;
            self.at += 1;
            let unit = match (byte, self.peek()) {
                (b'\\', Some(b'u')) => {
                    let unit = hex(self.text.get(self.at + 1..self.at + 5));
                    Some(unit.ok_or(Broken::new(start, "an escape with \\u needs four hexadecimal digits"))?)
                }
                _ => None,
            };
            let whole = match unit {
                Some(unit) => utf16.push(unit, &mut self.decoded),
                None => !utf16.waits(),
            };
            if !whole {
                return Err(Broken::new(start, "half a surrogate pair"));
            }
            match (byte, unit) {
                (b'\\', Some(_)) => self.at += 5,
                (b'\\', None) => self.escape(),
                (byte, _) => self.decoded.push_byte(byte),
            }
        }
        if utf16.waits() { Err(Broken::new(self.at, "half a surrogate pair")) } else { Ok(()) }
    }

    /// Behind a backslash.
    fn escape(&mut self) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => self.decoded.push_byte(b'\n'),
            b'r' => self.decoded.push_byte(b'\r'),
            b't' => self.decoded.push_byte(b'\t'),
            b'f' => self.decoded.push_byte(0x0c),
            b'\n' | b'\r' => {
                if byte == b'\r' && self.peek() == Some(b'\n') {
                    self.at += 1;
                }
                self.skip(blank);
            }
            other => self.decoded.push_byte(other),
        }
    }
}
