//! What `$` begins in a shell script.

use super::sh::Lexer;
use super::sh_shell::Shell;
use super::sh_word::{ACTIVE, Around, name_byte};
use super::text::line_end;
use super::{Broken, Item, Role, Sink, Style};
use crate::secret::SecretBuf;

impl Lexer<'_> {
    /// What a `$` begins.
    pub(super) fn dollar(&mut self, around: Around, said: &mut SecretBuf, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        match (self.peek(1), self.peek(2)) {
            (Some(b'\''), _) if around == Around::Nothing => return self.ansi(said, sink),
            (Some(b'\\'), Some(b'\n')) => return self.unclear("a line break behind '$'"),
            (Some(b'('), Some(b'(')) => {
                self.at += 1;
                self.arithmetic(false, sink)?;
            }
            (Some(b'('), _) if self.joined(start + 2).first() == Some(&b'(') => {
                return self.unclear("a line break between two brackets");
            }
            (Some(b'('), _) => {
                self.at += 2;
                self.substitution(sink)?;
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
            (Some(b'['), _) => return self.unclear("'$[': write '$(( ))'"),
            (Some(byte), _) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let rest = &self.text[start + 1..];
                self.at += 1 + rest.iter().take_while(|byte| name_byte(**byte)).count();
                if self.joined(self.at).first().is_some_and(|byte| name_byte(*byte)) {
                    return self.unclear("a line break inside a name");
                }
            }
            (Some(byte), _) if byte.is_ascii_digit() || b"@*#?-$!".contains(&byte) => self.at += 2,
            _ => self.at += 1,
        }
        if self.shell == Shell::Zsh && self.text[self.at - 1] != b'}' && self.zsh_reads_on() {
            return self.unclear("zsh may take what follows for part of the '$' before it: write '${name}'");
        }
        said.push_byte(ACTIVE);
        said.push(&self.text[start..self.at]);
        said.push_byte(ACTIVE);
        Ok(())
    }

    /// Whether a value may follow here that zsh takes for more of `$name`: a digit, `[…]`, `:h`.
    fn zsh_reads_on(&self) -> bool {
        let rest = &self.text[self.at..line_end(self.text, self.at)];
        let direct = self.reading.marker.is_some_and(|marker| rest.starts_with(marker));
        direct || (matches!(rest.first(), Some(b'[' | b':')) && self.reading.marked(rest))
    }

    /// `((…))` as a command: one item.
    pub(super) fn arithmetic_command(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        self.arithmetic(true, sink)?;
        let span = start..self.at;
        let text = &self.text[span.clone()];
        sink(Item { span, role: Role::Mark("operator"), style: Style::None, text })
    }

    /// `((…))` from its first bracket on: no place for values, and nothing in it that could hide its end. A shell that
    /// takes it for commands in two pairs of brackets finds the same end: `#` begins no comment in it, nor `<<` a
    /// here-document.
    fn arithmetic(&mut self, command: bool, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        let mut unused = SecretBuf::default();
        self.at += 2;
        self.deeper()?;
        self.opaque += 1;
        let mut open = 2usize;
        loop {
            match self.peek(0) {
                Some(b'(') => open += 1,
                Some(b')') if open == 1 => break,
                Some(b')') => open -= 1,
                Some(b'$') => {
                    self.dollar(Around::Quotes, &mut unused, sink)?;
                    continue;
                }
                Some(b'"') if command => {
                    self.at += 1;
                    self.double(true, &mut unused, sink)?;
                    continue;
                }
                Some(b'#') if name_byte(self.text[self.at - 1]) || self.text[self.at - 1] == b'}' => {}
                Some(b'#') => return self.unclear("'#' in arithmetic that does not stand behind a number's base"),
                Some(b'<') if command && self.peek(1) == Some(b'<') && !self.shell.knows_more() => {
                    return self.unclear("'<<' in '(( ))': begin the script with #!/bin/bash, or write '$(( ))'");
                }
                Some(b'\n') if !self.here.is_empty() => {
                    return self.unclear("a line ends inside brackets before the text of a here-document has come");
                }
                Some(b'\'' | b'"' | b'`' | b'\\') => return self.unclear("a quote or a backslash in arithmetic"),
                None => return Err(Broken::new(start, "'((' does not end")),
                Some(_) => {}
            }
            self.at += 1;
        }
        self.at += 1;
        self.opaque -= 1;
        self.depth -= 1;
        if self.text[..self.at].ends_with(b"))") {
            return Ok(());
        }
        self.at = start;
        self.unclear("'((' that '))' does not end: put a blank between the brackets")
    }

    /// `${…}`: no place for values.
    fn parameter(&mut self, around: Around, sink: &mut Sink<'_>) -> Result<(), Broken> {
        self.at += 2;
        let mut unused = SecretBuf::default();
        match self.peek(0) {
            Some(b' ' | b'\t' | b'\n' | b'|') => return self.unclear("'${' that some shells take for commands"),
            Some(b'(') if self.shell != Shell::Zsh => return self.unclear("'${(' in a script that is not for zsh"),
            _ => {}
        }
        loop {
            match self.peek(0) {
                Some(b'}') => break,
                Some(b'\'') if around == Around::Quotes => self.harmless_single()?,
                Some(b'\'') => self.single(&mut unused, sink)?,
                Some(b'"') if around == Around::Quotes => self.harmless_double(sink)?,
                Some(b'"') => {
                    self.at += 1;
                    self.double(true, &mut unused, sink)?;
                }
                Some(b'$') => self.dollar(around, &mut unused, sink)?,
                Some(b'`') => self.backquotes(&mut unused)?,
                Some(b'\\') => self.at += 2,
                Some(b'{') if self.shell == Shell::Bash => self.at += 1,
                Some(b'{') => return self.harmless_braces(),
                None => return self.unclear("a '${' that does not end"),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Single quotes inside `"${…}"`, which shells take for quotes or for letters: what is between them must not matter.
    fn harmless_single(&mut self) -> Result<(), Broken> {
        let rest = &self.text[self.at + 1..];
        let len = memchr::memchr(b'\'', rest).unwrap_or(rest.len());
        let mut bytes = rest[..len].iter();
        while let Some(byte) = bytes.next() {
            let fine = match byte {
                b'\\' => bytes.next().is_some_and(u8::is_ascii_alphanumeric),
                b'\n' | b'"' | b'`' | b'$' | b'{' | b'}' => false,
                _ => true,
            };
            if !fine {
                return self.unclear("a single quote inside '\"${…}\"', which shells read in different ways");
            }
        }
        if len == rest.len() {
            return self.unclear("a single quote inside '\"${…}\"', which shells read in different ways");
        }
        self.at += len + 2;
        Ok(())
    }

    /// Double quotes inside `"${…}"`, which shells take for quotes inside quotes or for the end of the outer ones.
    fn harmless_double(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let mut unused = SecretBuf::default();
        self.at += 1;
        loop {
            match self.peek(0) {
                Some(b'"') => break,
                Some(b'$') => self.dollar(Around::Quotes, &mut unused, sink)?,
                None | Some(b'\'' | b'`' | b'\\' | b'{' | b'}' | b'\n') => {
                    return self.unclear("a double quote inside '\"${…}\"', which shells read in different ways");
                }
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    /// A pair of braces inside `${…}`, up to the end of that: some shells end it at the first `}`, some at the second.
    fn harmless_braces(&mut self) -> Result<(), Broken> {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.,:/-".contains(byte);
        for end in [b"{", b"}", b"}"] {
            let rest = &self.text[self.at..];
            self.at += rest.iter().take_while(|byte| plain(byte)).count();
            if !self.text[self.at..].starts_with(end) {
                return self.unclear("a brace inside '${…}', which shells read in different ways");
            }
            self.at += 1;
        }
        Ok(())
    }

    /// `$'…'` of bash. Escapes that the writer does not use stay as they are in the word's text.
    fn ansi(&mut self, said: &mut SecretBuf, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let quote = self.at;
        self.at += 2;
        let start = self.at;
        let knows = self.shell.knows_more();
        loop {
            match (self.peek(0), self.peek(1)) {
                (None, _) | (Some(b'\\'), None) => return Err(Broken::new(quote, "a single quote does not end")),
                (Some(b'\''), _) => break,
                (Some(b'\\'), Some(b'\'')) if !knows => {
                    return self.unclear("shells differ in $'…': begin the script with #!/bin/bash");
                }
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
        self.place(start, if knows { Style::Dollar } else { Style::DollarAny }, sink)?;
        self.at += 1;
        Ok(())
    }
}
