//! Shell scripts: POSIX, and what bash adds to quoting.
//!
//! The reader cuts a script into operators and words and says of each word what is literal text in it. A NUL in a
//! word's text stands before what the shell acts on, as `$` and `*`; no script and no value holds one. Where the
//! language does not say where something ends without being run (`case` inside `$(…)`, quotes inside `"${…}"`), the
//! script is refused.

use super::text::line_end;
use super::{Broken, Item, NESTING_MAX, Reading, Role, Sink, Style};

/// Why a script that may well be right is refused.
pub(super) const UNCERTAIN: &str = "this script cannot be read with certainty from here on";

/// Reads a script.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    if let Some(at) = memchr::memchr(0, reading.text) {
        return Err(Broken::new(at, "a NUL byte"));
    }
    let knows_ansi = knows_ansi(reading.text);
    Lexer { reading, text: reading.text, at: 0, depth: 0, opaque: 0, here: Vec::new(), knows_ansi }.commands(None, sink)
}

/// Whether the first line names a shell with `$'…'`.
fn knows_ansi(text: &[u8]) -> bool {
    let line = &text[..line_end(text, 0)];
    line.starts_with(b"#!")
        && ["bash", "ksh", "zsh"].iter().any(|shell| line.trim_ascii_end().ends_with(shell.as_bytes()))
}

/// A here-document whose text has not come yet.
pub(super) struct HereDoc {
    pub delimiter: Vec<u8>,
    /// `<<-`: tabs at the start of a line do not count.
    pub strip: bool,
    /// The delimiter is not quoted: the shell expands the text.
    pub expands: bool,
}

pub(super) struct Lexer<'t> {
    pub reading: Reading<'t>,
    /// The text up to where this lexer reads.
    pub text: &'t [u8],
    pub at: usize,
    pub depth: usize,
    /// Above 0 nothing is a place for values.
    pub opaque: usize,
    pub here: Vec<HereDoc>,
    /// The script names a shell that knows `$'…'`.
    pub knows_ansi: bool,
}

/// What the words so far say about the next one.
#[derive(Default)]
struct Line {
    /// The last word held a marker.
    marked: bool,
    /// The last word wants a name behind it.
    wants_name: bool,
}

impl Lexer<'_> {
    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    pub(super) fn uncertain<T>(&self) -> Result<T, Broken> {
        Err(Broken::new(self.at, UNCERTAIN))
    }

    /// The text behind the backslashes and line feeds at `at`, which join lines before the shell sees its words; empty
    /// where there are none.
    pub(super) fn joined(&self, at: usize) -> &[u8] {
        let whole = self.text.get(at..).unwrap_or_default();
        let mut rest = whole;
        while let Some(behind) = rest.strip_prefix(b"\\\n") {
            rest = behind;
        }
        if rest.len() < whole.len() { rest } else { &[] }
    }

    pub(super) fn deeper(&mut self) -> Result<(), Broken> {
        self.depth += 1;
        if self.depth > NESTING_MAX { Err(Broken::new(self.at, "the script is nested too deep")) } else { Ok(()) }
    }

    /// Reads commands up to the end, or up to the `)` that closes `$(`.
    pub(super) fn commands(&mut self, close: Option<u8>, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let (mut parens, mut arithmetic) = (0usize, None);
        let mut line = Line::default();
        loop {
            let start = self.at;
            let Some(byte) = self.peek(0) else {
                return match (close, self.here.is_empty()) {
                    (None, true) => Ok(()),
                    (None, false) => Err(Broken::new(start, "a here-document is missing")),
                    (Some(_), _) => Err(Broken::new(start, "a '$(' does not end")),
                };
            };
            match byte {
                b' ' | b'\t' => self.at += 1,
                b'\\' if self.peek(1) == Some(b'\n') => self.at += 2,
                b'#' if arithmetic.is_some() => return self.uncertain(),
                b'#' => {
                    self.at = line_end(self.text, start);
                    let (span, text) = (start..self.at, &self.text[start..self.at]);
                    let style = if self.opaque == 0 { Style::Comment } else { Style::None };
                    sink(Item { span, role: Role::Comment, style, text })?;
                }
                b'\n' => {
                    self.operator(1, sink)?;
                    line = Line::default();
                    self.here_documents(sink)?;
                }
                b'(' | b'<' if self.joined(start + 1).first() == Some(&byte) => return self.uncertain(),
                b'(' => {
                    if line.marked {
                        return Err(Broken::new(start, "a placeholder cannot be the name of a function"));
                    }
                    if self.peek(1) == Some(b'(') && arithmetic.is_none() {
                        arithmetic = Some(parens);
                        self.opaque += 1;
                    }
                    parens += 1;
                    self.operator(1, sink)?;
                }
                b')' if close.is_some() && parens == 0 => {
                    self.operator(1, sink)?;
                    return if self.here.is_empty() { Ok(()) } else { self.uncertain() };
                }
                b')' => {
                    parens = parens.saturating_sub(1);
                    if arithmetic == Some(parens) {
                        arithmetic = None;
                        self.opaque -= 1;
                    }
                    self.operator(1, sink)?;
                    line = Line::default();
                }
                b'<' if self.text[start..].starts_with(b"<<<") => self.operator(3, sink)?,
                b'<' if self.peek(1) == Some(b'<') => {
                    if arithmetic.is_some() || close.is_some() {
                        return self.uncertain();
                    }
                    self.here_operator(sink)?;
                }
                b'<' | b'>' => self.operator(1, sink)?,
                b';' | b'&' | b'|' => {
                    self.operator(1, sink)?;
                    line = Line::default();
                }
                _ => line = self.command_word(close.is_some(), &line, sink)?,
            }
        }
    }

    pub(super) fn operator(&mut self, len: usize, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let span = self.at..self.at + len;
        self.at += len;
        let text = &self.text[span.clone()];
        sink(Item { span, role: Role::Mark("operator"), style: Style::None, text })
    }

    fn command_word(&mut self, nested: bool, line: &Line, sink: &mut Sink<'_>) -> Result<Line, Broken> {
        let start = self.at;
        self.word(sink)?;
        let raw = &self.text[start..self.at];
        let marked = self.reading.marked(raw);
        if marked && line.wants_name {
            return Err(Broken::new(start, "a placeholder cannot be the name of a variable or function"));
        }
        let mut name = raw;
        while let Some(before) = name.strip_suffix(b"\\\n") {
            name = before;
        }
        if nested && name == b"case" {
            return self.uncertain();
        }
        let wants_name = matches!(name, b"for" | b"select" | b"function");
        Ok(Line { marked, wants_name })
    }
}
