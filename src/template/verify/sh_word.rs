//! Words of a shell script.

use super::sh::Lexer;
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
const ACTIVE: u8 = 0;

fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
}

fn name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Lexer<'_> {
    /// Reads a word: its parts as places, then the word.
    pub(super) fn word(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        let mut said = SecretBuf::default();
        while let Some(byte) = self.peek(0).filter(|byte| !ends_word(*byte)) {
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
                        Some(b'\n') if self.joins_a_name(start) => return self.uncertain(),
                        Some(b'\n') | None => {}
                        Some(byte) => said.push_byte(byte),
                    }
                    self.at = self.text.len().min(self.at + 2);
                }
                _ => self.bare(&mut said, sink)?,
            }
        }
        sink(Item { span: start..self.at, role: Role::Value, style: Style::None, text: said.expose() })
    }

    /// Whether the lines that are joined here make one name or reserved word.
    fn joins_a_name(&self, start: usize) -> bool {
        let name = |byte: &u8| name_byte(*byte) || matches!(byte, b'+' | b'[' | b']' | b'\\' | b'\n');
        self.text[start..self.at].iter().all(name) && self.joined(self.at).first().is_some_and(|byte| !ends_word(*byte))
    }

    fn place(&self, start: usize, style: Style, sink: &mut Sink<'_>) -> Result<(), Broken> {
        if self.opaque > 0 {
            return Ok(());
        }
        sink(Item { span: start..self.at, role: Role::Place, style, text: b"" })
    }

    /// Text without quotes.
    fn bare(&mut self, said: &mut SecretBuf, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        while let Some(byte) = self.peek(0) {
            if ends_word(byte) || matches!(byte, b'\'' | b'"' | b'$' | b'`' | b'\\') {
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

    fn single(&mut self, said: &mut SecretBuf, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at + 1;
        let len = memchr::memchr(b'\'', &self.text[start..]);
        let end = start + len.ok_or(Broken::new(self.at, "a single quote does not end"))?;
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
                    said.push(&self.text[start..self.at]);
                    self.place(start, if quotes { Style::Double } else { Style::Expanding }, sink)?;
                }
            }
        }
    }

    /// What a `$` begins.
    fn dollar(&mut self, around: Around, said: &mut SecretBuf, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        match (self.peek(1), self.peek(2)) {
            (Some(b'\''), _) if around == Around::Nothing => return self.ansi(said, sink),
            (Some(b'\\'), Some(b'\n')) => return self.uncertain(),
            (Some(b'('), Some(b'(')) => self.arithmetic()?,
            (Some(b'('), _) if self.joined(start + 2).first() == Some(&b'(') => return self.uncertain(),
            (Some(b'('), _) => {
                self.at += 2;
                self.deeper()?;
                let here = std::mem::take(&mut self.here);
                self.commands(Some(b')'), sink)?;
                if !here.is_empty() && self.text[start..self.at].contains(&b'\n') {
                    return self.uncertain();
                }
                self.here = here;
                self.depth -= 1;
                said.push(&[ACTIVE, b'$', b'(']);
                return Ok(());
            }
            (Some(b'{'), _) => {
                self.deeper()?;
                self.opaque += 1;
                self.parameter(around, sink)?;
                self.opaque -= 1;
                self.depth -= 1;
            }
            (Some(b'['), _) => return self.uncertain(),
            (Some(byte), _) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let rest = &self.text[start + 1..];
                self.at += 1 + rest.iter().take_while(|byte| name_byte(**byte)).count();
                if self.joined(self.at).first().is_some_and(|byte| name_byte(*byte)) {
                    return self.uncertain();
                }
            }
            (Some(byte), _) if byte.is_ascii_digit() || b"@*#?-$!".contains(&byte) => self.at += 2,
            _ => self.at += 1,
        }
        said.push_byte(ACTIVE);
        said.push(&self.text[start..self.at]);
        said.push_byte(ACTIVE);
        Ok(())
    }

    /// `$((…))`: no place for values, and nothing in it that could hide its end.
    fn arithmetic(&mut self) -> Result<(), Broken> {
        let mut open = 0usize;
        self.at += 1;
        loop {
            match self.peek(0) {
                Some(b'(') => open += 1,
                Some(b')') if open == 1 => break,
                Some(b')') => open -= 1,
                None | Some(b'\'' | b'"' | b'`' | b'\\' | b'#') => return self.uncertain(),
                Some(_) => {}
            }
            self.at += 1;
        }
        self.at += 1;
        if self.text[..self.at].ends_with(b"))") { Ok(()) } else { self.uncertain() }
    }

    /// `${…}`: no place for values.
    fn parameter(&mut self, around: Around, sink: &mut Sink<'_>) -> Result<(), Broken> {
        self.at += 2;
        let mut unused = SecretBuf::default();
        loop {
            match self.peek(0) {
                Some(b'}') => break,
                Some(b'\'' | b'"') if around == Around::Quotes => return self.uncertain(),
                Some(b'\'') => self.single(&mut unused, sink)?,
                Some(b'"') => {
                    self.at += 1;
                    self.double(true, &mut unused, sink)?;
                }
                Some(b'$') => self.dollar(around, &mut unused, sink)?,
                Some(b'`') => self.backquotes(&mut unused)?,
                Some(b'\\') => self.at += 2,
                Some(b'{') | None => return self.uncertain(),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Old command substitution: no place for values.
    fn backquotes(&mut self, said: &mut SecretBuf) -> Result<(), Broken> {
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

    /// `$'…'` of bash. Escapes that the writer does not use stay as they are in the word's text.
    fn ansi(&mut self, said: &mut SecretBuf, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let quote = self.at;
        self.at += 2;
        let start = self.at;
        loop {
            match (self.peek(0), self.peek(1)) {
                (None, _) | (Some(b'\\'), None) => return Err(Broken::new(quote, "a single quote does not end")),
                (Some(b'\''), _) => break,
                (Some(b'\\'), Some(b'\'')) if !self.knows_ansi => return self.uncertain(),
                (Some(b'\\'), Some(byte @ (b'\\' | b'\''))) => {
                    said.push_byte(byte);
                    self.at += 2;
                }
                (Some(b'\\'), Some(byte)) => {
                    said.push(&[ACTIVE, b'\\', byte]);
                    self.at += 2;
                }
                (Some(byte), _) => {
                    said.push_byte(byte);
                    self.at += 1;
                }
            }
        }
        self.place(start, if self.knows_ansi { Style::Dollar } else { Style::DollarAny }, sink)?;
        self.at += 1;
        Ok(())
    }
}
