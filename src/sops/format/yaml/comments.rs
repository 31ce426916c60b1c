//! Comments between tokens, as go-yaml's scanner sees them: above, behind or below something.
//!
//! go-yaml hangs comments on tokens while it scans. The order of the tests here is that of `yaml_parser_scan_comments`
//! and `yaml_parser_scan_line_comment` (scannerc.go), because the place of a comment decides its container in sops.

/// A place in the file. `column` counts bytes from 0, except in comments, where go-yaml counts from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub index: usize,
    pub line: usize,
    pub column: usize,
}

/// Where a comment stands in relation to the token it hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Head,
    Line,
    Foot,
}

/// Comment lines, each with its `#`; an empty one is a blank line.
pub(super) type Lines<'a> = Vec<&'a str>;

/// A comment on its way to a token.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// Where the gap before the comment starts.
    pub scan: Mark,
    /// The first token at or behind this mark takes the comment.
    pub token: Mark,
    /// Where the comment starts; its column is counted from 1.
    pub start: Mark,
    /// Where its last line ends; 0 for a comment behind a token.
    pub end: usize,
    pub side: Side,
    pub lines: Lines<'a>,
}

/// Longest run of blanks that is searched for a comment, in bytes.
const PEEK_MAX: usize = 512;

/// The scanner's position in a gap between tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    pub mark: Mark,
    /// Line breaks since the last character that is not blank.
    newlines: usize,
}

/// What the scanner knows about the place of a gap.
pub(super) struct Place {
    /// The token before the gap, or the one before that where it is a `,`.
    pub token: Mark,
    /// Whether that token is a `:`.
    pub behind_value: bool,
    /// Column of the innermost block collection.
    pub indent: usize,
    /// Whether the gap is inside `{}` or `[]`.
    pub in_flow: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, mark: Mark::default(), newlines: 0 }
    }

    /// Moves behind a token. Scanning plain and block scalars eats the blank lines that follow.
    pub(super) fn jump(&mut self, end: Mark, eats_blanks: bool) {
        (self.mark, self.newlines) = (end, 0);
        while eats_blanks && (is_blank(self.peek(0)) || is_break(self.peek(0))) {
            self.step();
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.mark.index + ahead).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        let byte = self.peek(0);
        if is_break(byte) {
            self.mark.index += if byte == b'\r' && self.peek(1) == b'\n' { 2 } else { 1 };
            self.mark.line += 1;
            self.mark.column = 0;
            self.newlines += 1;
            return;
        }
        if !is_blank(byte) {
            self.newlines = 0;
        }
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// Goes to `start` and on to the end of that line; returns the text in between.
    fn take_line(&mut self, start: usize) -> &'a str {
        while self.mark.index < start {
            self.step();
        }
        // `start` is the byte of a `#`, so it is inside the text and no part of a longer character.
        let line = &self.text.as_bytes()[start..];
        let len = memchr::memchr3(b'\n', b'\r', 0, line).unwrap_or(line.len());
        self.mark.index += len;
        self.mark.column += len;
        self.newlines = 0;
        &self.text[start..start + len]
    }

    /// Looks for a comment behind the token just scanned, on its line.
    pub(super) fn line_comment(&mut self, token: Mark, found: &mut Vec<Found<'a>>) {
        let Some(ahead) = (0..PEEK_MAX).find(|&ahead| !is_blank(self.peek(ahead))) else { return };
        if self.newlines > 0 || self.peek(ahead) != b'#' {
            return;
        }
        let line = self.take_line(self.mark.index + ahead);
        let start = Mark { column: self.mark.column - line.len(), index: self.mark.index - line.len(), ..self.mark };
        found.push(Found { scan: Mark::default(), token, start, end: 0, side: Side::Line, lines: vec![line] });
    }

    /// The comment behind the `|` or `>` at `token`.
    pub(super) fn block_header_comment(&mut self, token: Mark, found: &mut Vec<Found<'a>>) {
        while matches!(self.peek(0), b'|' | b'>' | b'+' | b'-' | b'0'..=b'9') {
            self.step();
        }
        self.line_comment(token, found);
    }

    /// The end of a block scalar without the blank lines that follow its text.
    pub(super) fn trimmed(&self, start: Mark, end: Mark) -> Mark {
        let text = self.text.get(start.index..end.index).unwrap_or_default();
        let kept = text.trim_end_matches([' ', '\t', '\r', '\n']);
        let line = start.line + memchr::memchr_iter(b'\n', kept.as_bytes()).count();
        let column = kept.len() - kept.rfind('\n').map_or(0, |at| at + 1);
        Mark { index: start.index + kept.len(), line, column }
    }

    /// Passes blanks and comments up to the next token.
    pub(super) fn gap(&mut self, place: &Place, found: &mut Vec<Found<'a>>) {
        let scan = self.mark;
        loop {
            let is_bom = self.mark.index == 0 && self.text.starts_with('\u{FEFF}');
            match self.peek(0) {
                b'#' => self.comments(scan, place, found),
                _ if is_bom => self.mark.index += 3,
                byte if is_blank(byte) || is_break(byte) => self.step(),
                _ => return,
            }
        }
    }

    /// One run of comment lines: parts of it belong below the token before, the rest above the one behind.
    fn comments(&mut self, scan: Mark, place: &Place, found: &mut Vec<Found<'a>>) {
        let mut first_empty = self.newlines <= 1;
        let foot_line = self.foot_line(scan);
        let mut run = Run { scan, token: place.token, start: Mark::default(), lines: Vec::new() };
        let (mut recent_empty, mut line, mut column, mut ahead) = (false, self.mark.line, self.mark.column, 0);
        while ahead < PEEK_MAX {
            column += 1;
            let byte = self.peek(ahead);
            let here = Mark { index: self.mark.index + ahead, line, column };
            let closes = place.in_flow && matches!(byte, b']' | b'}');
            let dedented = run.start.column < place.indent + 1;
            if closes || is_break(byte) || byte == 0 {
                if closes || !recent_empty {
                    let below = run.start.line as isize == foot_line && !place.behind_value;
                    if closes || first_empty && (below || dedented) {
                        if dedented {
                            run.token = run.start;
                        }
                        run.end_foot(here, found);
                    } else if !run.lines.is_empty() && byte != 0 {
                        run.lines.push("");
                    }
                }
                if !is_break(byte) {
                    break;
                }
                (first_empty, recent_empty, column) = (false, true, 0);
                line += 1;
            } else if !is_blank(byte) {
                if column < place.indent + 1 && column != run.start.column {
                    run.end_foot(here, found);
                }
                if byte != b'#' {
                    break;
                }
                if run.lines.is_empty() {
                    run.start = here;
                }
                run.lines.push(self.take_line(here.index));
                (recent_empty, ahead, column, line) = (false, 0, 0, self.mark.line);
            }
            ahead += 1;
        }
        let end = (self.mark.index + ahead).saturating_sub(1);
        run.finish(end, found);
    }

    /// The line on which a comment still belongs to the token before it.
    fn foot_line(&self, scan: Mark) -> isize {
        if scan.line == 0 {
            return -1;
        }
        let same_line = self.newlines == 0 && self.mark.column > 1;
        self.mark.line as isize - self.newlines as isize + 1 + isize::from(same_line)
    }
}

/// Comment lines collected so far.
struct Run<'a> {
    scan: Mark,
    token: Mark,
    start: Mark,
    lines: Lines<'a>,
}

impl<'a> Run<'a> {
    /// Ends the lines so far: they stand below the token before.
    fn end_foot(&mut self, here: Mark, found: &mut Vec<Found<'a>>) {
        if self.lines.is_empty() {
            return;
        }
        let lines = std::mem::take(&mut self.lines);
        let Self { scan, token, start, .. } = *self;
        found.push(Found { scan, token, start, end: here.index, side: Side::Foot, lines });
        (self.scan, self.token) = (here, here);
    }

    /// The lines that are left stand above the token behind.
    fn finish(self, end: usize, found: &mut Vec<Found<'a>>) {
        if !self.lines.is_empty() {
            let Self { scan, start, lines, .. } = self;
            found.push(Found { scan, token: start, start, end, side: Side::Head, lines });
        }
    }
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

pub(super) fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
