//! Where in a shell's commands the reader stands: what a bracket opens, and whether `#` can begin a comment.
//!
//! Shells take `#` for a comment where a word could begin, but not inside a pattern or a regex, and which brackets are
//! patterns depends on the command. Where that is not certain, [`State::doubtful`] says so.

use super::sh_name::{RESERVED, compares, is_array, is_assignment, is_ksh_command};

/// What a bracket has opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    /// Commands.
    Subshell,
    /// `name=(…)`.
    Array,
    /// The two behind a function's name.
    Function,
    /// All else: a pattern or a regex, for one shell at least.
    Pattern,
}

/// What stands directly before the next token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// The start of the text or of a line.
    Start,
    Blank,
    Semicolon,
    Other,
}

/// What the words so far say about the next one.
pub(super) struct Line {
    /// The next word is a command's first, in every shell.
    pub command: bool,
    /// A shell may look for a reserved word here.
    pub reserved: bool,
    /// Only variables were set so far.
    assigns: bool,
    /// The command declares variables.
    declares: bool,
    /// The command computes its words: `let`, `declare -i`.
    computes: bool,
    /// The last word held a marker.
    pub marked: bool,
    /// The last word wants a name behind it.
    pub wants_name: bool,
    /// The last word was `for`.
    pub loops: bool,
    /// The last word computes the one behind it, in `[[ … ]]`: `-eq`.
    compares: bool,
    /// The next word belongs to `<` or `>`.
    pub target: bool,
    /// `[[ … ]]` has just ended.
    pub tested: bool,
}

impl Line {
    /// A command begins.
    pub(super) fn new() -> Self {
        Self { command: true, reserved: true, assigns: true, ..Self::behind() }
    }

    /// A compound command has ended.
    pub(super) fn behind() -> Self {
        Self {
            command: false,
            reserved: true,
            assigns: false,
            declares: false,
            computes: false,
            marked: false,
            wants_name: false,
            loops: false,
            compares: false,
            target: false,
            tested: false,
        }
    }
}

/// A `case`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    /// Its word comes next.
    Word,
    /// `in` comes next.
    In,
    /// A pattern comes next.
    Pattern,
    /// The bracket that may stand before a pattern is open.
    Bracket,
    /// A pattern has begun.
    Begun,
    /// Commands.
    Commands,
}

/// Where the reader stands.
pub(super) struct State {
    pub line: Line,
    pub behind: Behind,
    brackets: Vec<Bracket>,
    /// The `case`s that have not ended, each with the number of brackets around it.
    cases: Vec<(Case, usize)>,
    /// `[[` has not ended: the number of brackets around it.
    test: Option<usize>,
    /// All of it stands where reading is not certain.
    doubtful: bool,
    /// Where the word ended that a bracket would make an array.
    pub array_at: Option<usize>,
    /// An array has begun and holds nothing yet.
    first: bool,
}

impl State {
    /// The start of a script, or of what stands in `$(…)`.
    pub(super) fn new(inner: bool, doubtful: bool) -> Self {
        let behind = if inner { Behind::Other } else { Behind::Start };
        let (brackets, cases) = (Vec::new(), Vec::new());
        Self { line: Line::new(), behind, brackets, cases, test: None, doubtful, array_at: None, first: false }
    }

    pub(super) fn top(&self) -> Option<Bracket> {
        self.brackets.last().copied()
    }

    /// Whether this may be inside a pattern, where `#`, `;` and `<` are letters.
    pub(super) fn doubtful(&self) -> bool {
        let case = self.cases.last().is_some_and(|(case, _)| matches!(case, Case::Begun | Case::Bracket));
        self.doubtful || case || self.test.is_some() || self.top() == Some(Bracket::Pattern)
    }

    /// Why `#` here is no comment for certain.
    pub(super) fn no_comment(&self) -> Option<&'static str> {
        if self.doubtful() {
            return Some(
                "'#' in '[[ ]]' or in brackets that may be a pattern: put it in quotes, or a comment elsewhere",
            );
        }
        let direct = "'#' directly behind a bracket or an operator: put a blank before it";
        (self.behind == Behind::Other).then_some(direct)
    }

    /// A bracket at `at`; `empty` tells that the next one closes it.
    pub(super) fn open(&mut self, at: usize, empty: bool) {
        let pattern = self.in_pattern();
        let bracket = match self.top() {
            Some(Bracket::Array | Bracket::Pattern) => Bracket::Pattern,
            _ if self.doubtful() || pattern => Bracket::Pattern,
            _ if self.array_at == Some(at) => Bracket::Array,
            _ if self.line.command => Bracket::Subshell,
            _ if empty => Bracket::Function,
            _ => Bracket::Pattern,
        };
        if let Some((case @ Case::Pattern, _)) = self.cases.last_mut() {
            *case = Case::Bracket;
        }
        self.first = bracket == Bracket::Array;
        self.brackets.push(bracket);
        self.line = Line::new();
        self.behind = Behind::Other;
    }

    /// Whether the next closing bracket closes what is around all of this.
    pub(super) fn closes(&self) -> bool {
        self.brackets.is_empty() && !self.in_pattern()
    }

    /// A closing bracket, and the byte behind it.
    pub(super) fn close(&mut self, next: Option<u8>) {
        self.behind = Behind::Other;
        let brackets = self.brackets.len();
        match self.cases.last_mut() {
            Some((case @ (Case::Pattern | Case::Begun), around)) if *around == brackets => *case = Case::Commands,
            // `(a) commands`, but `(a|b)c) commands`.
            Some((case @ Case::Bracket, around)) if *around + 1 == brackets => {
                self.brackets.pop();
                *case = match next {
                    Some(b' ' | b'\t' | b'\n') => Case::Commands,
                    _ => Case::Begun,
                };
            }
            _ => {
                let function = self.brackets.pop() == Some(Bracket::Function);
                self.line = if function { Line::new() } else { Line::behind() };
                return;
            }
        }
        self.line = Line::new();
    }

    /// The end of a line.
    pub(super) fn new_line(&mut self) {
        self.line = Line::new();
        self.behind = Behind::Start;
    }

    /// One of `;`, `&`, `|`, and the byte behind it.
    pub(super) fn separator(&mut self, byte: u8, next: Option<u8>) {
        self.line = Line::new();
        self.behind = if byte == b';' { Behind::Semicolon } else { Behind::Other };
        let ends_case = byte == b';' && matches!(next, Some(b';' | b'&' | b'|'));
        if let Some((case @ Case::Commands, around)) = self.cases.last_mut()
            && ends_case
            && self.brackets.len() == *around
        {
            *case = Case::Pattern;
        }
    }

    /// `((…))` has ended.
    pub(super) fn computed(&mut self) {
        self.line = Line::behind();
        self.behind = Behind::Other;
    }

    /// `<(…)` has ended: part of a word.
    pub(super) fn substituted(&mut self) {
        let reserved = self.line.reserved;
        self.line = Line { reserved, ..Line::behind() };
        self.behind = Behind::Other;
    }

    /// Whether the shell computes the next word as arithmetic, which can run commands.
    pub(super) fn computes(&self) -> bool {
        self.line.computes || self.line.compares
    }

    fn in_pattern(&self) -> bool {
        self.cases.last().is_some_and(|(case, _)| matches!(case, Case::Pattern | Case::Bracket | Case::Begun))
    }

    /// A word has ended at `end`. `raw` is how it is written, without line breaks at its end; `redirects` tells that `<` or
    /// `>` follows. An error is why this cannot be read.
    pub(super) fn word(&mut self, raw: &[u8], marked: bool, redirects: bool, end: usize) -> Result<(), &'static str> {
        self.behind = Behind::Other;
        if self.top() == Some(Bracket::Array) {
            return match std::mem::take(&mut self.first) && is_ksh_command(raw) {
                true => Err("ksh93 runs such a word where it is the first of an array, even in quotes"),
                false => Ok(()),
            };
        }
        if std::mem::take(&mut self.line.target) {
            return Ok(());
        }
        let number = redirects && !raw.is_empty() && raw.iter().all(u8::is_ascii_digit);
        if number {
            return Ok(());
        }
        if self.line.tested {
            return Err("a word behind ']]'");
        }
        if self.test.is_some() && self.line.marked && compares(raw) {
            return Err("'[[ ]]' computes a value beside such an operator, which can run commands: use '[ ]'");
        }
        self.test_word(raw);
        self.case_word(raw)?;
        self.command_word(raw, marked, end);
        Ok(())
    }

    fn test_word(&mut self, raw: &[u8]) {
        match self.test {
            None if raw == b"[[" && self.top() != Some(Bracket::Pattern) => self.test = Some(self.brackets.len()),
            Some(around) if raw == b"]]" && self.brackets.len() == around => {
                self.test = None;
                self.line = Line { tested: true, ..Line::behind() };
            }
            _ => {}
        }
    }

    fn case_word(&mut self, raw: &[u8]) -> Result<(), &'static str> {
        let (brackets, doubtful) = (self.brackets.len(), self.doubtful());
        match self.cases.last_mut() {
            Some((case @ Case::Word, _)) => *case = Case::In,
            Some((case @ Case::In, _)) if raw == b"in" => *case = Case::Pattern,
            Some((Case::In, _)) => return Err("'case' without 'in'"),
            Some((Case::Pattern | Case::Commands, around))
                if raw == b"esac" && self.line.reserved && *around == brackets =>
            {
                self.cases.pop();
                return Ok(());
            }
            Some((case @ Case::Pattern, _)) => *case = Case::Begun,
            _ if raw == b"case" && self.line.reserved && !doubtful => {
                self.cases.push((Case::Word, brackets));
            }
            _ => {}
        }
        Ok(())
    }

    fn command_word(&mut self, raw: &[u8], marked: bool, end: usize) {
        let line = &mut self.line;
        if line.tested {
            return;
        }
        let opens =
            matches!(raw, b"if" | b"then" | b"elif" | b"else" | b"while" | b"until" | b"do" | b"{" | b"!" | b"time");
        let assignment = is_assignment(raw);
        self.array_at = (is_array(raw) && (line.assigns || line.declares)).then_some(end);
        if line.command && matches!(raw, b"declare" | b"typeset" | b"local" | b"export" | b"readonly" | b"integer") {
            line.declares = true;
        }
        line.computes |= line.assigns && matches!(raw, b"let" | b"integer");
        line.computes |= line.declares && raw.starts_with(b"-") && raw.contains(&b'i');
        let reserved = line.reserved;
        line.reserved = opens || RESERVED.contains(&raw) || assignment || (line.reserved && raw.starts_with(b"-")) || {
            // The name behind these may be followed by a command.
            line.wants_name && !line.loops
        };
        line.command &= opens;
        line.assigns &= opens || assignment;
        line.wants_name =
            reserved && matches!(raw, b"for" | b"select" | b"function" | b"coproc" | b"repeat" | b"foreach");
        line.loops = reserved && raw == b"for";
        line.marked = marked;
        line.compares = self.test.is_some() && (compares(raw) || matches!(raw, b"-v" | b"-R"));
    }
}
