//! Words of a shell script.

use super::sh::Lexer;
use super::sh_name::has_subscript;
use super::{Broken, Item, Role, Sink, Style};
use crate::secret::SecretBuf;

/// Where an expansion stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// In no quotes.
    Nothing,
    /// In double quotes, or in a here-document that is expanded.
    Quotes,
}

/// What stands in a word's text for something the shell acts on.
pub(super) const ACTIVE: u8 = 0;

fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
}

pub(super) fn name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Lexer<'_> {
    /// Reads a word: its parts as places, then the word. `element` tells that it stands in an array's brackets.
    pub(super) fn word(&mut self, element: bool, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        let mut said = SecretBuf::default();
        let mut subscript = 0usize;
        let computed = self.inside.computed;
        while let Some(byte) = self.peek(0).filter(|byte| !ends_word(*byte)) {
            self.inside.computed = computed || subscript > 0;
            match byte {
                b'\'' => self.single(&mut said, sink)?,
                b'"' => {
                    self.at += 1;
                    self.double(true, &mut said, sink)?;
                }
                b'$' => self.dollar(Around::Nothing, &mut said, sink)?,
                b'`' => self.backquotes(&mut said)?,
                b'\\' => {
                    match self.peek(1) {
                        Some(b'\n') if self.joins_a_name(start) => {
                            return self.unclear("a line break inside a name");
                        }
                        Some(b'\n') | None => {}
                        Some(byte) => said.push_byte(byte),
                    }
                    self.at = self.text.len().min(self.at + 2);
                }
                b'[' if subscript == 0 && has_subscript(&self.text[start..=self.at]) => {
                    if self.reading.marked(&self.text[start..self.at]) {
                        return Err(Broken::new(start, "a placeholder cannot be the name of a variable or function"));
                    }
                    subscript += 1;
                    self.bracket(&mut said);
                }
                b'[' if subscript > 0 || (element && self.at == start) => {
                    subscript += 1;
                    self.bracket(&mut said);
                }
                b']' if subscript > 0 => {
                    subscript -= 1;
                    self.bracket(&mut said);
                }
                _ => self.bare(subscript > 0, &mut said, sink)?,
            }
        }
        self.inside.computed = computed;
        if subscript > 0 {
            return self.unclear("a subscript that does not end in its word: put what is in it in quotes");
        }
        sink(Item { span: start..self.at, role: Role::Value, style: Style::None, text: said.expose() })
    }

    /// A bracket of a subscript.
    fn bracket(&mut self, said: &mut SecretBuf) {
        said.push(&[ACTIVE, self.text[self.at]]);
        self.at += 1;
    }

    /// Whether the lines that are joined here make one name or reserved word.
    fn joins_a_name(&self, start: usize) -> bool {
        let name = |byte: &u8| name_byte(*byte) || matches!(byte, b'+' | b'[' | b']' | b'\\' | b'\n');
        self.text[start..self.at].iter().all(name) && self.joined(self.at).first().is_some_and(|byte| !ends_word(*byte))
    }

    pub(super) fn place(&self, start: usize, style: Style, sink: &mut Sink<'_>) -> Result<(), Broken> {
        if self.opaque > 0 {
            return Ok(());
        }
        let style = match style {
            _ if self.inside.computed => Style::Computed,
            Style::Bare if self.inside.substitution => Style::BareInner,
            Style::Single if self.inside.substitution => Style::SingleInner,
            style => style,
        };
        sink(Item { span: start..self.at, role: Role::Place, style, text: b"" })
    }

    /// Text without quotes; in a subscript, up to its next bracket.
    fn bare(&mut self, subscript: bool, said: &mut SecretBuf, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        while let Some(byte) = self.peek(0) {
            let bracket = byte == b'[' || (byte == b']' && subscript);
            if ends_word(byte) || matches!(byte, b'\'' | b'"' | b'$' | b'`' | b'\\') || (bracket && self.at > start) {
                break;
            }
            if matches!(byte, b'*' | b'?' | b'[' | b'~' | b'{') {
                said.push_byte(ACTIVE);
            }
            said.push_byte(byte);
            self.at += 1;
        }
        self.place(start, Style::Bare, sink)
    }

    pub(super) fn single(&mut self, said: &mut SecretBuf, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at + 1;
        let len = memchr::memchr(b'\'', &self.text[start..]);
        let end = start + len.ok_or(Broken::new(self.at, "a single quote does not end"))?;
        self.keeps_lines(start..end)?;
        said.push(&self.text[start..end]);
        self.at = end;
        self.place(start, Style::Single, sink)?;
        self.at = end + 1;
        Ok(())
    }

    /// Text in double quotes, from behind the first one; without `quotes`, a here-document's up to the end.
    pub(super) fn double(&mut self, quotes: bool, said: &mut SecretBuf, sink: &mut Sink<'_>) -> Result<(), Broken> {
        loop {
            let Some(byte) = self.peek(0) else {
                return if quotes { Err(Broken::new(self.at, "a double quote does not end")) } else { Ok(()) };
            };
            match byte {
                b'"' if quotes => {
                    self.at += 1;
                    return Ok(());
                }
                b'$' => self.dollar(Around::Quotes, said, sink)?,
                b'`' => self.backquotes(said)?,
                b'\\' => {
                    match self.peek(1) {
                        Some(b'\n') => {}
                        Some(byte @ (b'$' | b'`' | b'\\')) => said.push_byte(byte),
                        Some(b'"') if quotes => said.push_byte(b'"'),
                        Some(byte) => said.push(&[b'\\', byte]),
                        None => said.push_byte(b'\\'),
                    }
                    self.at = self.text.len().min(self.at + 2);
                }
                _ => {
                    let start = self.at;
                    let rest = &self.text[start..];
                    let ends = |byte: &u8| matches!(byte, b'$' | b'`' | b'\\') || (*byte == b'"' && quotes);
                    self.at += rest.iter().position(ends).unwrap_or(rest.len());
                    self.keeps_bytes(start..self.at)?;
                    said.push(&self.text[start..self.at]);
                    self.place(start, if quotes { Style::Double } else { Style::Expanding }, sink)?;
                }
            }
        }
    }

    /// Old command substitution: no place for values.
    pub(super) fn backquotes(&mut self, said: &mut SecretBuf) -> Result<(), Broken> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek(0) {
                None => return Err(Broken::new(start, "a back-quote does not end")),
                Some(b'`') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        said.push_byte(ACTIVE);
        said.push(&self.text[start..self.at]);
        Ok(())
    }

    /// Refuses a backslash before a line break in text that is as it is, inside a here-document: most shells join such
    /// lines before they look for quotes and comments.
    pub(super) fn keeps_lines(&self, span: std::ops::Range<usize>) -> Result<(), Broken> {
        if !self.inside.document {
            return Ok(());
        }
        let text = &self.text[span.start..self.text.len().min(span.end + 1)];
        for feed in memchr::memchr_iter(b'\n', text) {
            let backslashes = text[..feed].iter().rev().take_while(|byte| **byte == b'\\').count();
            if backslashes % 2 == 1 {
                let why =
                    "inside a here-document most shells drop a backslash before a line break, even in single quotes";
                return Err(Broken::unclear(span.start + feed, why));
            }
        }
        Ok(())
    }

    /// Refuses the bytes that bash doubles in double quotes inside an array.
    fn keeps_bytes(&self, span: std::ops::Range<usize>) -> Result<(), Broken> {
        let doubled =
            self.text[span.clone()].iter().position(|byte| matches!(byte, 1 | 0x7f)).filter(|_| self.inside.array);
        let why = "bash doubles the bytes 0x01 and 0x7F in double quotes inside an array: use single quotes";
        doubled.map_or(Ok(()), |at| Err(Broken::unclear(span.start + at, why)))
    }
}
