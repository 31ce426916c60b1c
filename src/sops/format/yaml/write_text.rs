//! The characters of scalars and comments in each style; see [`mod@super::write`].

use super::write::{Emitter, INDENT};
use super::write_scalar::{is_break, is_printable};

impl Emitter<'_> {
    /// Goes to the current indentation, on a new line where this one is taken.
    pub(super) fn write_indent(&mut self) {
        let indent = self.indent();
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        if self.foot_indent == Some(indent) {
            self.put_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.foot_indent = None;
    }

    /// Writes an indicator; `spaced` ones need a blank before them, `keeps_indention` ones count as indentation.
    pub(super) fn indicator(&mut self, text: &str, spaced: bool, keeps_indention: bool) {
        if spaced && !self.whitespace {
            self.put(' ');
        }
        self.put_str(text);
        self.whitespace = false;
        self.indention &= keeps_indention;
    }

    pub(super) fn put_str(&mut self, text: &str) {
        self.out.push(text.as_bytes());
        self.column += text.chars().count();
    }

    pub(super) fn put(&mut self, c: char) {
        self.out.push(c.encode_utf8(&mut [0; 4]).as_bytes());
        self.column += 1;
    }

    pub(super) fn put_break(&mut self) {
        self.write_break('\n');
    }

    /// Writes what go-yaml takes for a line break, as it is.
    pub(super) fn write_break(&mut self, c: char) {
        self.put(c);
        self.column = 0;
        self.indention = true;
    }

    pub(super) fn plain(&mut self, text: &str) {
        if !text.is_empty() && !self.whitespace {
            self.put(' ');
        }
        self.put_str(text);
        self.whitespace = false;
        self.indention = false;
    }

    pub(super) fn single_quoted(&mut self, text: &str) {
        self.indicator("'", true, false);
        self.lines(text, false, Some('\''));
        self.indicator("'", false, false);
    }

    pub(super) fn double_quoted(&mut self, text: &str) {
        self.indicator("\"", true, false);
        // go-yaml looks for a byte order mark at the start only, whichever character it is at.
        let escapes_all = text.starts_with('\u{FEFF}');
        for c in text.chars() {
            if escapes_all || !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c);
            } else {
                self.put(c);
            }
        }
        self.indicator("\"", false, false);
    }

    fn escape(&mut self, c: char) {
        self.put('\\');
        let short = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{B}' => 'v',
            '\u{C}' => 'f',
            '\r' => 'r',
            '\u{1B}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{A0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => return self.escape_code(c),
        };
        self.put(short);
    }

    fn escape_code(&mut self, c: char) {
        let code = u32::from(c);
        let (letter, digits) = match code {
            0..=0xFF => ('x', 2),
            0x100..=0xFFFF => ('u', 4),
            _ => ('U', 8),
        };
        self.put(letter);
        for place in (0..digits).rev() {
            let digit = char::from_digit((code >> (4 * place)) & 0xF, 16).unwrap_or('0');
            self.put(digit.to_ascii_uppercase());
        }
    }

    pub(super) fn literal(&mut self, text: &str) {
        self.indicator("|", true, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.indicator(INDENT_DIGIT, false, false);
        }
        let mut from_end = text.chars().rev();
        match (from_end.next(), from_end.next()) {
            (Some(last), _) if !is_break(last) => self.indicator("-", false, false),
            (Some(_), Some(before)) if !is_break(before) => {}
            _ => self.indicator("+", false, false),
        }
        if !self.line_comment() {
            self.put_break();
        }
        self.whitespace = true;
        self.lines(text, true, None);
    }

    /// Text with an indentation on each line; on the first only if it `starts_line`. `doubled` is written twice.
    fn lines(&mut self, text: &str, starts_line: bool, doubled: Option<char>) {
        let mut starts_line = starts_line;
        for c in text.chars() {
            if is_break(c) {
                self.write_break(c);
                starts_line = true;
                continue;
            }
            if starts_line {
                self.write_indent();
                starts_line = false;
            }
            if Some(c) == doubled {
                self.put(c);
            }
            self.put(c);
            self.indention = false;
        }
    }

    /// Writes comment lines, each behind its `#`, and ends the line.
    pub(super) fn comment(&mut self, lines: &[&[u8]]) {
        let mut breaks = false;
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                self.put_break();
                breaks = true;
            }
            let mut signed = false;
            let text = String::from_utf8_lossy(line);
            for c in std::iter::once('#').chain(text.chars()) {
                if is_break(c) {
                    self.write_break(c);
                    (breaks, signed) = (true, false);
                    continue;
                }
                if std::mem::take(&mut breaks) {
                    self.write_indent();
                }
                if !std::mem::replace(&mut signed, true) && c != '#' {
                    self.put_str("# ");
                }
                self.put(c);
                self.indention = false;
            }
        }
        if !breaks {
            self.put_break();
        }
        self.whitespace = true;
    }
}

/// The indentation indicator, the digit of [`INDENT`].
const INDENT_DIGIT: &str = "4";
const _: () = assert!(INDENT == 4);
