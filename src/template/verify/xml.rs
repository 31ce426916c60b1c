//! XML 1.0, and 1.1 as far as it differs.

use super::text::{place_offset, utf8};
use super::xml_declared::declared;
use super::xml_doctype;
use super::xml_text::{Inside, decode};
use super::{Broken, Item, NESTING_MAX, Reading, Role, Sink, Style};
use crate::secret::SecretBuf;

/// Reads a document. Runs of text and CDATA sections are places; what they say together, up to the next markup, is a
/// value of its own.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    utf8(reading.text)?;
    let foreign = reading.text.iter().position(|byte| !byte.is_ascii());
    if let (Some(at), true) = (foreign, declared(reading.text)?.ascii) {
        return Err(Broken::new(at, "the text is UTF-8, which is not the encoding it declares"));
    }
    Reader { reading, text: reading.text, at: 0, said: SecretBuf::default(), depth: 0, words: false }.document(sink)
}

struct Reader<'t> {
    reading: Reading<'t>,
    text: &'t [u8],
    at: usize,
    /// Text since the last markup.
    said: SecretBuf,
    depth: usize,
    /// A document type may have declared attributes to be made of words.
    words: bool,
}

impl Reader<'_> {
    fn document(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            if rest.starts_with(b"<![CDATA[") {
                self.cdata(sink)?;
                continue;
            }
            if !rest.starts_with(b"<") {
                self.run(sink)?;
                continue;
            }
            self.flush(sink)?;
            if rest.starts_with(b"<!--") {
                self.delimited("<!--", "-->", Role::Comment, Style::Comment, sink)?;
            } else if rest.starts_with(b"<!DOCTYPE") {
                self.doctype(sink)?;
            } else if rest.starts_with(b"<?xml") && rest.get(5).is_some_and(u8::is_ascii_whitespace) {
                self.delimited("<?", "?>", Role::Mark("declaration"), Style::None, sink)?;
            } else if rest.starts_with(b"<?") {
                self.delimited("<?", "?>", Role::Mark("instruction"), Style::Instruction, sink)?;
            } else if rest.starts_with(b"</") {
                self.depth = self.depth.saturating_sub(1);
                self.delimited("</", ">", Role::Mark("end"), Style::None, sink)?;
            } else {
                self.tag(sink)?;
            }
        }
        self.flush(sink)
    }

    fn flush(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let span = self.at..self.at;
        sink(Item { span, role: Role::Value, style: Style::None, text: self.said.expose() })?;
        self.said.clear();
        Ok(())
    }

    /// Text up to the next `<`.
    fn run(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        self.at = self.text.len().min(start + memchr::memchr(b'<', &self.text[start..]).unwrap_or(self.text.len()));
        decode(&self.reading, start, self.at, Inside::Text, &mut self.said)?;
        sink(Item { span: start..self.at, role: Role::Place, style: Style::Text, text: b"" })
    }

    fn cdata(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at + "<![CDATA[".len();
        let end = self.find("]]>", start)?;
        let mut lines = self.text[start..end].split(|byte| *byte == b'\r').peekable();
        while let Some(line) = lines.next() {
            self.said.push(line);
            if lines.peek().is_some_and(|next| !next.starts_with(b"\n")) {
                self.said.push_byte(b'\n');
            }
        }
        self.at = end + "]]>".len();
        sink(Item { span: start..end, role: Role::Place, style: Style::Cdata, text: b"" })
    }

    fn find(&self, what: &str, from: usize) -> Result<usize, Broken> {
        let rest = self.text.get(from..).unwrap_or_default();
        let found = memchr::memmem::find(rest, what.as_bytes());
        found.map(|at| from + at).ok_or(Broken::new(self.at, "markup does not end"))
    }

    fn delimited(
        &mut self,
        open: &str,
        close: &str,
        role: Role,
        style: Style,
        sink: &mut Sink<'_>,
    ) -> Result<(), Broken> {
        let start = self.at + open.len();
        let end = self.find(close, start)?;
        self.at = end + close.len();
        let mut span = start..end;
        if style == Style::Instruction {
            let name = self.text[span.clone()].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
            let target = start..start + name;
            let text = &self.text[target.clone()];
            sink(Item { span: target, role: Role::Mark("target"), style: Style::None, text })?;
            span.start += name;
        }
        sink(Item { span: span.clone(), role, style, text: &self.text[span] })
    }

    fn doctype(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let span = self.at..xml_doctype::end(self.text, self.at)?;
        self.at = span.end;
        let text = &self.text[span.clone()];
        self.words |= xml_doctype::may_declare_words(text);
        sink(Item { span, role: Role::Mark("doctype"), style: Style::None, text })
    }

    fn tag(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        self.at += 1;
        let name = self.name()?;
        sink(Item { span: name.clone(), role: Role::Mark("element"), style: Style::None, text: &self.text[name] })?;
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(Broken::new(self.at, "elements are nested too deep"));
        }
        loop {
            self.blanks();
            match self.text.get(self.at) {
                Some(b'>') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'/') if self.text.get(self.at + 1) == Some(&b'>') => {
                    self.depth -= 1;
                    self.at += 2;
                    let span = self.at..self.at;
                    return sink(Item { span, role: Role::Mark("empty"), style: Style::None, text: b"" });
                }
                _ => self.attribute(sink)?,
            }
        }
    }

    fn attribute(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let name = self.name()?;
        sink(Item { span: name.clone(), role: Role::Mark("attribute"), style: Style::None, text: &self.text[name] })?;
        self.blanks();
        let sign = self.text.get(self.at).copied();
        self.at += 1;
        self.blanks();
        let (Some(b'='), Some(quote @ (b'"' | b'\''))) = (sign, self.text.get(self.at).copied()) else {
            return Err(Broken::new(self.at, "an attribute's value stands in quotes behind '='"));
        };
        let start = self.at + 1;
        let end = self.find(if quote == b'"' { "\"" } else { "'" }, start)?;
        let mut value = SecretBuf::with_capacity(end - start);
        decode(&self.reading, start, end, Inside::Attribute, &mut value)?;
        self.at = end + 1;
        let style = match (self.words, quote) {
            (true, _) => Style::Words,
            (false, b'"') => Style::Double,
            (false, _) => Style::Single,
        };
        sink(Item { span: start..end, role: Role::Value, style, text: value.expose() })
    }

    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn name(&mut self) -> Result<std::ops::Range<usize>, Broken> {
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/' | b'<' | b'"' | b'\'');
        let start = self.at;
        self.at += self.text[start.min(self.text.len())..].iter().take_while(|byte| !ends(byte)).count();
        if self.at == start {
            return Err(Broken::new(start, "a name is missing"));
        }
        Ok(start..self.at)
    }
}

/// Parses with roxmltree, which keeps copies of texts that have references or carriage returns in them; the copies
/// are freed at once, but not wiped.
pub(super) fn parse(text: &[u8]) -> Result<(), Broken> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    let parsed = roxmltree::Document::parse_with_options(utf8(text)?, options);
    parsed.map(drop).map_err(|error| {
        let place = error.pos();
        let (line, column) = (usize::try_from(place.row), usize::try_from(place.col));
        let at = place_offset(text, line.unwrap_or_default(), column.unwrap_or_default());
        Broken::new(at, "this is no XML")
    })
}
