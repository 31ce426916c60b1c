//! Shell scripts: POSIX, and what bash adds to quoting.
//!
//! The reader cuts a script into operators and words and says of each word what is literal text in it. A NUL in a
//! word's text stands before what the shell acts on, as `$` and `*`; no script and no value holds one. Where shells differ,
//! or the language does not say where something ends without being run (`case` inside `$(…)`, `#` in a pattern), the
//! script is refused.

use super::sh_line::{Behind, Bracket, State};
use super::sh_shell::Shell;
use super::text::line_end;
use super::{Broken, Item, NESTING_MAX, Reading, Role, Sink, Style};

/// Reads a script.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    if let Some(at) = memchr::memchr(0, reading.text) {
        return Err(Broken::new(at, "a NUL byte"));
    }
    let shell = Shell::of(reading.text);
    let inside = Inside::default();
    Lexer { reading, text: reading.text, at: 0, depth: 0, opaque: 0, here: Vec::new(), shell, inside }
        .commands(None, sink)
}

/// A here-document whose text has not come yet.
pub(super) struct HereDoc {
    pub delimiter: Vec<u8>,
    /// `<<-`: tabs at the start of a line do not count.
    pub strip: bool,
    /// The delimiter is not quoted: the shell expands the text.
    pub expands: bool,
}

/// What is around the place that is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Inside {
    /// `$(…)`, `<(…)` or `>(…)`.
    pub substitution: bool,
    /// The text of a here-document that is expanded.
    pub document: bool,
    /// `name=(…)`.
    pub array: bool,
    /// Something that may be a pattern: see [`State::doubtful`].
    pub doubt: bool,
    /// Arithmetic.
    pub computed: bool,
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
    pub shell: Shell,
    pub inside: Inside,
}

impl Lexer<'_> {
    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    /// Refuses what may well be right.
    pub(super) fn unclear<T>(&self, why: &'static str) -> Result<T, Broken> {
        Err(Broken::unclear(self.at, why))
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

    /// Reads commands up to the end, or up to the `)` that closes the bracket at `close`.
    fn commands(&mut self, close: Option<usize>, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let mut state = State::new(close.is_some(), self.inside.doubt);
        loop {
            let start = self.at;
            let Some(byte) = self.peek(0) else {
                return match (close, self.here.is_empty()) {
                    (None, true) => Ok(()),
                    (None, false) => Err(Broken::new(start, "a here-document is missing")),
                    (Some(open), _) => Err(Broken::new(open, "the bracket of '$(', '<(' or '>(' does not end")),
                };
            };
            match byte {
                b' ' | b'\t' => {
                    self.at += 1;
                    state.behind = Behind::Blank;
                }
                b'\\' if self.peek(1) == Some(b'\n') => {
                    self.at += 2;
                    state.behind = Behind::Other;
                }
                b'#' => self.comment(&state, sink)?,
                b'\n' => {
                    self.operator(1, sink)?;
                    state.new_line();
                    self.here_documents(sink)?;
                }
                b'(' => self.open(&mut state, sink)?,
                b')' if close.is_some() && state.closes() => {
                    self.operator(1, sink)?;
                    return match self.here.is_empty() {
                        true => Ok(()),
                        false => self.unclear("the text of a here-document begins behind the bracket it stands in"),
                    };
                }
                b')' => {
                    state.close(self.peek(1));
                    self.operator(1, sink)?;
                }
                b'<' | b'>' => self.redirection(&mut state, sink)?,
                b';' | b'&' | b'|' => {
                    state.separator(byte, self.peek(1));
                    self.operator(1, sink)?;
                }
                _ => self.command_word(&mut state, sink)?,
            }
        }
    }

    /// Reads what stands in `$(…)`, `<(…)` or `>(…)`, from behind its first bracket.
    pub(super) fn substitution(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        self.deeper()?;
        let here = std::mem::take(&mut self.here);
        let inside = self.inside;
        self.inside = Inside { substitution: true, array: inside.array, document: inside.document, ..inside };
        self.commands(Some(start), sink)?;
        self.inside = inside;
        if !here.is_empty() && self.text[start..self.at].contains(&b'\n') {
            return self.unclear("a line ends inside brackets before the text of a here-document has come");
        }
        self.here = here;
        self.depth -= 1;
        Ok(())
    }

    fn comment(&mut self, state: &State, sink: &mut Sink<'_>) -> Result<(), Broken> {
        if let Some(why) = state.no_comment() {
            return self.unclear(why);
        }
        let start = self.at;
        self.at = line_end(self.text, start);
        self.keeps_lines(start..self.at)?;
        let (span, text) = (start..self.at, &self.text[start..self.at]);
        let style = if self.opaque == 0 { Style::Comment } else { Style::None };
        sink(Item { span, role: Role::Comment, style, text })
    }

    fn open(&mut self, state: &mut State, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let start = self.at;
        let behind = self.text[start + 1..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        let empty = behind == Some(&b')');
        if state.line.marked && empty {
            return Err(Broken::new(start, "a placeholder cannot be the name of a function"));
        }
        if self.joined(start + 1).first() == Some(&b'(') {
            return self.unclear("a line break between two brackets");
        }
        if self.peek(1) == Some(b'(') && (state.line.command || state.line.loops) && !state.doubtful() {
            self.arithmetic_command(sink)?;
            state.computed();
            return Ok(());
        }
        state.open(start, empty);
        self.operator(1, sink)
    }

    fn redirection(&mut self, state: &mut State, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let (start, byte) = (self.at, self.text[self.at]);
        let twice = self.text[start..].starts_with(b"<<");
        let certain = !state.doubtful() && state.top() != Some(Bracket::Array);
        state.behind = Behind::Other;
        state.line.marked = false;
        if self.joined(start + 1).first().is_some_and(|next| *next == b'(' || (*next == b'<' && byte == b'<')) {
            return self.unclear("a line break behind '<' or '>'");
        }
        if self.text[start..].starts_with(b"<<<") {
            state.line.target = true;
            return self.operator(3, sink);
        }
        if twice && !certain {
            return self.unclear("'<<' in '[[ ]]', an array or brackets that may be a pattern");
        }
        if twice {
            return self.here_operator(sink);
        }
        self.operator(1, sink)?;
        if self.peek(0) != Some(b'(') {
            state.line.target = true;
            return Ok(());
        }
        if state.doubtful() {
            return self.unclear("'<(' in '[[ ]]' or brackets that may be a pattern");
        }
        self.operator(1, sink)?;
        self.substitution(sink)?;
        state.substituted();
        Ok(())
    }

    pub(super) fn operator(&mut self, len: usize, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let span = self.at..self.at + len;
        self.at += len;
        let text = &self.text[span.clone()];
        sink(Item { span, role: Role::Mark("operator"), style: Style::None, text })
    }

    fn command_word(&mut self, state: &mut State, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let (start, inside) = (self.at, self.inside);
        self.inside.array |= state.top() == Some(Bracket::Array);
        self.inside.doubt = state.doubtful();
        self.inside.computed |= state.computes();
        self.word(state.top() == Some(Bracket::Array), sink)?;
        self.inside = inside;
        let raw = &self.text[start..self.at];
        let marked = self.reading.marked(raw);
        if marked && state.line.wants_name {
            return Err(Broken::new(start, "a placeholder cannot be the name of a variable or function"));
        }
        let mut name = raw;
        while let Some(before) = name.strip_suffix(b"\\\n") {
            name = before;
        }
        if inside.substitution && name == b"case" && state.line.reserved && state.top() != Some(Bracket::Array) {
            return Err(Broken::unclear(start, "'case' inside '$(…)' hides where that ends: put it into a function"));
        }
        let redirects = matches!(self.peek(0), Some(b'<' | b'>'));
        let end = self.at;
        state.word(name, marked, redirects, end).map_err(|why| Broken::unclear(start, why))
    }
}
