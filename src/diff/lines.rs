//! Masks an installed file line by line, where it does not fit the new template as a whole.

use super::HIDDEN;
use super::masked::{Piece, State, text};
use crate::template::sanitize::{Keep, sanitized};
use memchr::memmem;
use std::collections::{HashMap, HashSet};

/// Most comparisons of an old line with a template's line that holds values; beyond, such lines are hidden.
/// Guards time: 5,000 lines by 200 take a fraction of a second.
const FITS_MAX: usize = 1_000_000;

/// A line of the new template; with the values in it, it may be several lines of the new file.
struct Line<'p> {
    pieces: Vec<Piece<'p>>,
    /// Its bytes in the new file.
    rendered: &'p [u8],
}

/// A masked old line.
enum Masked {
    Shown(String),
    Hidden,
}

/// The masked text of `old`, made of text of the template, names and fixed words alone.
pub fn mask(pieces: &[Piece<'_>], rendered: &[u8], old: &[u8]) -> String {
    let lines = split(pieces, rendered);
    let known = by_first_line(&lines);
    let patterns: Vec<_> = lines.iter().filter_map(Pattern::of).collect();
    let mut fits_left = FITS_MAX;
    let mut masked = Vec::new();
    let mut rest = Some(old).filter(|old| !old.is_empty());
    while let Some(text) = rest {
        let first = first_line(text);
        let same = known.get(first).into_iter().flatten().filter(|line| is_whole_lines(text, line.rendered));
        let (shown, len) = if let Some(line) = same.max_by_key(|line| line.rendered.len()) {
            (Masked::Shown(line.shown()), line.rendered.len())
        } else {
            fits_left = fits_left.saturating_sub(patterns.len());
            let patterns = if fits_left > 0 { patterns.as_slice() } else { &[] };
            (fitting(patterns, first), first.len())
        };
        masked.push(shown);
        // Behind the line stands a line feed or the end; a line feed at the very end starts no further line.
        rest = text.get(len + 1..).filter(|behind| !behind.is_empty());
    }
    joined(masked)
}

/// Cuts the pieces at the line feeds of their literals.
fn split<'p>(pieces: &[Piece<'p>], rendered: &'p [u8]) -> Vec<Line<'p>> {
    let mut lines = Vec::new();
    let mut line = Vec::new();
    let mut rest = rendered;
    let mut finish = |line: &mut Vec<Piece<'p>>| {
        let len = line.iter().map(|piece| piece.bytes().len()).sum::<usize>().min(rest.len());
        lines.push(Line { pieces: std::mem::take(line), rendered: &rest[..len] });
        rest = rest.get(len + 1..).unwrap_or_default();
    };
    for piece in pieces {
        let Piece::Literal(text) = piece else {
            line.push(*piece);
            continue;
        };
        for (at, part) in text.split(|byte| *byte == b'\n').enumerate() {
            if at > 0 {
                finish(&mut line);
            }
            if !part.is_empty() {
                line.push(Piece::Literal(part));
            }
        }
    }
    finish(&mut line);
    lines
}

/// The template's lines by the first line they have in the new file; those without values win over equal ones.
fn by_first_line<'l, 'p>(lines: &'l [Line<'p>]) -> HashMap<&'p [u8], Vec<&'l Line<'p>>> {
    let mut seen = HashSet::new();
    let mut known: HashMap<_, Vec<_>> = HashMap::new();
    let (plain, with_values): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.is_literal());
    for line in plain.into_iter().chain(with_values) {
        if seen.insert(line.rendered) {
            known.entry(first_line(line.rendered)).or_default().push(line);
        }
    }
    known
}

fn first_line(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == b'\n').next().unwrap_or_default()
}

fn is_whole_lines(text: &[u8], lines: &[u8]) -> bool {
    text.strip_prefix(lines).is_some_and(|behind| matches!(behind.first(), None | Some(b'\n')))
}

impl Line<'_> {
    fn is_literal(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Literal(_)))
    }

    fn shown(&self) -> String {
        text(&self.pieces, |_| State::Kept).trim_end_matches('\n').to_owned()
    }
}

/// A template's line that holds values: its literals, with anything between them.
struct Pattern<'p> {
    first: &'p [u8],
    inner: Vec<&'p [u8]>,
    last: &'p [u8],
    literal_len: usize,
    shown: String,
}

impl<'p> Pattern<'p> {
    /// None for a line without values, and for one whose literals hold no letter or digit: it would fit too much.
    fn of(line: &Line<'p>) -> Option<Self> {
        let mut literals: Vec<&[u8]> = vec![b""];
        let mut shown = String::new();
        for piece in &line.pieces {
            match piece {
                Piece::Literal(text) => {
                    shown.push_str(&sanitized(text, Keep::Layout));
                    literals.pop();
                    literals.push(text);
                }
                Piece::Value(..) => {
                    shown.push_str("‹…›");
                    literals.push(b"");
                }
            }
        }
        let telling = literals.iter().any(|text| text.iter().any(u8::is_ascii_alphanumeric));
        let literal_len = literals.iter().map(|text| text.len()).sum();
        let last = literals.pop()?;
        let (first, inner) = literals.split_first()?;
        telling.then(|| Self { first, inner: inner.to_vec(), last, literal_len, shown })
    }

    fn fits(&self, line: &[u8]) -> bool {
        let middle = line.strip_prefix(self.first).and_then(|rest| rest.strip_suffix(self.last));
        let all = self.inner.iter().try_fold(middle.unwrap_or_default(), |rest, literal| {
            memmem::find(rest, literal).map(|at| &rest[at + literal.len()..])
        });
        middle.is_some() && all.is_some()
    }
}

/// The pattern with most literal text that fits.
fn fitting(patterns: &[Pattern<'_>], line: &[u8]) -> Masked {
    let best = patterns.iter().filter(|pattern| pattern.fits(line)).max_by_key(|pattern| pattern.literal_len);
    best.map_or(Masked::Hidden, |pattern| Masked::Shown(pattern.shown.clone()))
}

/// One line of text each, hidden ones in a row as one, with the lines between them that hold no letter or digit.
fn joined(masked: Vec<Masked>) -> String {
    let mut out: Vec<String> = Vec::new();
    // Where the last hidden line stands in `out`, while only lines without a letter or digit follow it.
    let mut hidden = None;
    for line in masked {
        match line {
            Masked::Hidden => {
                out.truncate(hidden.map_or(out.len(), |at: usize| at));
                hidden = Some(out.len());
                out.push(HIDDEN.to_owned());
            }
            Masked::Shown(text) => {
                if text.contains(char::is_alphanumeric) {
                    hidden = None;
                }
                out.push(text);
            }
        }
    }
    out.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect()
}
