//! Where something stands in a template, and the line it stands in, for people to find.

use super::sanitize::{Keep, sanitized};
use std::fmt;
use std::ops::Range;

/// Most characters of a template's line shown in a message.
const EXCERPT_MAX_CHARS: usize = 120;

/// Most characters of them that are marked: what stands around tells where that is.
const MARK_MAX_CHARS: usize = 80;

/// Line and column, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, ended by a line feed.
    pub line: usize,
    /// Column, in characters where the line is UTF-8, else in bytes.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Turns byte offsets into places. Offsets in rising order cost one pass over the text in all.
pub struct Places<'t> {
    text: &'t [u8],
    line: usize,
    start: usize,
    end: usize,
    as_chars: bool,
    offset: usize,
    column: usize,
}

impl<'t> Places<'t> {
    /// Starts at the first line of `text`.
    pub fn new(text: &'t [u8]) -> Self {
        let mut places = Self { text, line: 1, start: 0, end: 0, as_chars: false, offset: 0, column: 1 };
        places.enter(1, 0);
        places
    }

    /// The place of `offset`, in bytes; one behind the end counts as the end.
    pub fn at(&mut self, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        if offset < self.offset {
            self.enter(1, 0);
        }
        while offset > self.end {
            self.enter(self.line + 1, self.end + 1);
        }
        let passed = &self.text[self.offset..offset];
        let is_char = |byte: &&u8| !self.as_chars || (**byte & 0xc0) != 0x80;
        self.column += passed.iter().filter(is_char).count();
        self.offset = offset;
        Place { line: self.line, column: self.column }
    }

    /// The line that [`Places::at`] was last asked for, without its line feed, and where it starts in bytes.
    pub fn line(&self) -> (&'t [u8], usize) {
        (&self.text[self.start..self.end], self.start)
    }

    fn enter(&mut self, line: usize, start: usize) {
        let rest = self.text.get(start..).unwrap_or_default();
        let end = start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        (self.line, self.start, self.end, self.offset, self.column) = (line, start, end, start, 1);
        self.as_chars = std::str::from_utf8(&self.text[start..end]).is_ok();
    }
}

/// A line of a template with a mark under part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, safe for a terminal; `…` stands where it is cut.
    pub line: String,
    /// Blanks, then one `^` under each character of the marked part.
    pub carets: String,
}

impl Excerpt {
    /// Shows `line` around the bytes `mark`, for which `shown` is written (a token, shortened).
    pub fn new(line: &[u8], mark: Range<usize>, shown: &str) -> Self {
        let readable = |text: &[u8]| sanitized(&without_tabs(text), Keep::Nothing);
        // Of a CR LF; it would be shown as an escape.
        let line = line.strip_suffix(b"\r").filter(|line| mark.end <= line.len()).unwrap_or(line);
        let mark_len = shown.chars().count().min(MARK_MAX_CHARS);
        let around = EXCERPT_MAX_CHARS - mark_len;
        let before = last_chars(&readable(line.get(..mark.start).unwrap_or_default()), around / 2);
        let room = around.saturating_sub(before.chars().count());
        let after = first_chars(&readable(line.get(mark.end..).unwrap_or_default()), room);
        let carets = " ".repeat(before.chars().count()) + &"^".repeat(mark_len);
        Self { line: before + &first_chars(shown, mark_len) + &after, carets }
    }
}

/// Four blanks for each tab: a tab's own width depends on where it stands, and carets must stand under the mark.
fn without_tabs(text: &[u8]) -> Vec<u8> {
    text.split(|byte| *byte == b'\t').collect::<Vec<_>>().join(&b"    "[..])
}

/// The first `max` characters of `text`, the last of them `…` where that cuts it.
pub(super) fn first_chars(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    text.chars().take(max.saturating_sub(1)).chain(['…']).take(max).collect()
}

fn last_chars(text: &str, max: usize) -> String {
    let count = text.chars().count();
    if count <= max {
        return text.to_owned();
    }
    ['…'].into_iter().chain(text.chars().skip(count + 1 - max)).take(max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters_or_else_in_bytes() {
        let text = "ab\nüx\n\n".as_bytes();
        let mut places = Places::new(text);
        let expected =
            [(0, 1, 1), (2, 1, 3), (3, 2, 1), (5, 2, 2), (6, 2, 3), (7, 3, 1), (8, 4, 1), (99, 4, 1), (1, 1, 2)];
        for (offset, line, column) in expected {
            assert_eq!(places.at(offset), Place { line, column }, "{offset}");
        }
        assert_eq!(Places::new(b"\xc3\xbc\xff@").at(3).column, 4, "not UTF-8");
        assert_eq!(Places::new(b"").at(0), Place { line: 1, column: 1 });
        places.at(4);
        assert_eq!(places.line(), ("üx".as_bytes(), 3));
    }

    #[test]
    fn carets_stand_under_the_mark() {
        let excerpt = Excerpt::new(b"\tk\x1b\\t= @token@;", 7..14, "@token@");
        assert_eq!(excerpt.line, "    k\\u{1b}\\t= @token@;");
        assert_eq!(excerpt.carets, "               ^^^^^^^");
        let shortened = Excerpt::new("ü=@token@".as_bytes(), 3..10, "@t…@");
        assert_eq!((shortened.line.as_str(), shortened.carets.as_str()), ("ü=@t…@", "  ^^^^"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark() {
        let line = format!("{}@@{}", "a".repeat(500), "b".repeat(500));
        let excerpt = Excerpt::new(line.as_bytes(), 500..502, "@@");
        assert_eq!(excerpt.line, format!("…{}@@{}…", "a".repeat(58), "b".repeat(58)));
        assert_eq!(excerpt.carets, " ".repeat(59) + "^^");
        let short_before = Excerpt::new(&line.as_bytes()[490..], 10..12, "@@");
        assert_eq!(short_before.line.chars().count(), 120);
    }

    #[test]
    fn a_long_mark_is_cut_whatever_stands_around_it() {
        for before in [0, 1, 5, 300] {
            for len in [79, 80, 81, 118, 119, 120, 121, 125, 500] {
                let line = format!("{}{}{}", "a".repeat(before), "m".repeat(len), "b".repeat(300));
                let shown = "m".repeat(len);
                let excerpt = Excerpt::new(line.as_bytes(), before..before + len, &shown);
                assert_eq!(excerpt.line.chars().count(), 120, "{before} {len}");
                assert_eq!(excerpt.carets.matches('^').count(), len.min(80), "{before} {len}");
                assert_eq!(excerpt.line.chars().nth(excerpt.carets.len() - 1), Some(if len > 80 { '…' } else { 'm' }));
            }
        }
    }

    #[test]
    fn a_carriage_return_at_the_end_is_no_part_of_the_line() {
        assert_eq!(Excerpt::new(b"a @t@;\r", 2..5, "@t@").line, "a @t@;");
    }
}
