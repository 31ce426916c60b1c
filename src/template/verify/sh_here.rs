//! Here-documents of a shell script.

use super::sh::{HereDoc, Inside, Lexer};
use super::text::line_end;
use super::{Broken, Item, Role, Sink, Style};
use crate::secret::SecretBuf;

impl Lexer<'_> {
    /// `<<` and its delimiter.
    pub(super) fn here_operator(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        if self.inside.document || (self.inside.substitution && self.opaque > 0) {
            return self
                .unclear("a here-document inside a here-document or '${…}': put its text into a variable first");
        }
        let strip = self.peek(2) == Some(b'-');
        self.operator(if strip { 3 } else { 2 }, sink)?;
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let start = self.at;
        self.opaque += 1;
        self.word(false, sink)?;
        self.opaque -= 1;
        let raw = &self.text[start..self.at];
        if raw.is_empty() || self.reading.marked(raw) || raw.iter().any(|byte| matches!(byte, b'$' | b'`' | b'\n')) {
            return Err(Broken::new(start, "the delimiter of a here-document is a plain word"));
        }
        if raw.starts_with(b"#") || (self.inside.substitution && !is_plain(raw)) {
            return self.unclear("the delimiter of a here-document is letters and digits, or these in single quotes");
        }
        let quoted = |byte: &u8| matches!(byte, b'\'' | b'"' | b'\\');
        let delimiter = raw.iter().copied().filter(|byte| !quoted(byte)).collect();
        self.here.push(HereDoc { delimiter, strip, expands: !raw.iter().any(quoted) });
        Ok(())
    }

    /// The texts of the here-documents of the line that has just ended.
    pub(super) fn here_documents(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        for document in std::mem::take(&mut self.here) {
            let start = self.at;
            let end = self.delimiter_line(&document)?;
            let behind = line_end(self.text, end);
            self.here_text(&document, start, end, sink)?;
            self.at = self.text.len().min(behind + 1);
        }
        Ok(())
    }

    /// Where the line starts that ends the document.
    fn delimiter_line(&self, document: &HereDoc) -> Result<usize, Broken> {
        let mut start = self.at;
        let mut joined = false;
        while start < self.text.len() {
            let end = line_end(self.text, start);
            let line = &self.text[start..end];
            if without_tabs(line, document.strip) == document.delimiter {
                // Shells differ in whether a line that is joined to the one before can be the delimiter.
                return if joined {
                    Err(Broken::unclear(start, "a backslash joins a here-document's last line to its delimiter"))
                } else {
                    Ok(start)
                };
            }
            if document.expands && without_tabs(line, document.strip).strip_suffix(b"\\") == Some(&document.delimiter) {
                return Err(Broken::unclear(
                    start,
                    "ksh93 joins a line that is the delimiter and a backslash to the next one",
                ));
            }
            if loses_a_byte(without_tabs(line, document.strip), &document.delimiter) {
                let what = "dash loses a byte of a line that begins as the here-document's delimiter: choose another";
                return Err(Broken::new(start, what));
            }
            let backslashes = line.iter().rev().take_while(|byte| **byte == b'\\').count();
            joined = document.expands && backslashes % 2 == 1;
            start = end + 1;
        }
        Err(Broken::new(self.at, "a here-document does not end"))
    }

    fn here_text(&mut self, document: &HereDoc, start: usize, end: usize, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let mut said = SecretBuf::default();
        let span = start..end;
        let places = self.opaque == 0;
        if document.expands {
            let mut inner = Lexer {
                reading: self.reading,
                text: &self.text[..end],
                at: start,
                depth: self.depth,
                opaque: self.opaque,
                here: Vec::new(),
                shell: self.shell,
                inside: Inside { document: true, ..self.inside },
            };
            inner.double(false, &mut said, sink)?;
        } else {
            let lost = self.text[span.clone()].iter().position(|byte| matches!(byte, 1 | 0x7f));
            if let Some(at) = lost.filter(|_| self.inside.substitution) {
                let why =
                    "bash may lose the bytes 0x01 and 0x7F in a here-document inside '$(…)' whose delimiter is quoted";
                return Err(Broken::unclear(start + at, why));
            }
            said.push(&self.text[span.clone()]);
            if places {
                sink(Item { span: span.clone(), role: Role::Place, style: Style::Literal, text: b"" })?;
            }
        }
        if !document.strip {
            return sink(Item { span, role: Role::Value, style: Style::None, text: said.expose() });
        }
        let mut stripped = SecretBuf::with_capacity(said.len());
        for line in said.expose().split_inclusive(|byte| *byte == b'\n') {
            stripped.push(without_tabs(line, true));
        }
        sink(Item { span, role: Role::Value, style: Style::None, text: stripped.expose() })
    }
}

/// dash 0.5.12 drops a byte that is not ASCII behind the first letters of the delimiter.
fn loses_a_byte(line: &[u8], delimiter: &[u8]) -> bool {
    let alike = line.iter().zip(delimiter).take_while(|(one, two)| one == two).count();
    alike > 0 && line.get(alike).is_some_and(|byte| !byte.is_ascii())
}

/// Whether every shell reads a delimiter alike inside `$(…)`.
fn is_plain(raw: &[u8]) -> bool {
    let quoted = |quote: &[u8]| raw.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let word = quoted(b"'").or(quoted(b"\"")).or(raw.strip_prefix(b"\\")).unwrap_or(raw);
    word.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

fn without_tabs(line: &[u8], strip: bool) -> &[u8] {
    let tabs = if strip { line.iter().take_while(|byte| **byte == b'\t').count() } else { 0 };
    &line[tabs..]
}
