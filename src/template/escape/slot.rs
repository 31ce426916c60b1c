//! What a format's writer is given: one item of the template, and the values in it.

use super::mask::{Mask, Part};
use super::sheet::Sheet;
use super::{Piece, Reason};
use crate::secret::SecretBuf;
use crate::template::verify::{Item, Style};
use std::ops::Range;

/// A value that cannot be written, and why.
pub(super) struct Stop {
    /// Position among the values of the template.
    pub occurrence: usize,
    pub reason: Reason,
}

/// An item of the template that holds values.
pub(super) struct Slot<'s> {
    pub mask: &'s Mask,
    pub item: Item<'s>,
    pub values: &'s dyn Fn(usize) -> Piece<'s>,
}

/// Result of writing some text: the reason is about the value that is being written.
pub(super) type Escaped = Result<(), &'static str>;

impl<'s> Slot<'s> {
    /// The item as it stands in the masked template.
    pub(super) fn raw(&self) -> &'s [u8] {
        self.between(self.item.span.clone())
    }

    /// A part of the masked template.
    pub(super) fn between(&self, range: Range<usize>) -> &'s [u8] {
        self.mask.text().get(range).unwrap_or_default()
    }

    pub(super) fn style(&self) -> Style {
        self.item.style
    }

    /// The value that is all of the item's text.
    pub(super) fn whole(&self) -> Option<(usize, Piece<'s>)> {
        self.mask.whole(self.item.text).map(|occurrence| (occurrence, (self.values)(occurrence)))
    }

    /// The item's values, in order.
    pub(super) fn values(&self) -> impl Iterator<Item = (usize, Piece<'s>)> + '_ {
        self.mask.values(self.raw()).map(|occurrence| (occurrence, (self.values)(occurrence)))
    }

    /// Whether every value is like this.
    pub(super) fn all(&self, like: impl Fn(&[u8]) -> bool) -> bool {
        self.values().all(|(_, piece)| like(piece.bytes))
    }

    /// Keeps the item's own text and escapes the values.
    pub(super) fn keep(&self, out: &mut Sheet, escape: impl FnMut(&[u8], &mut SecretBuf) -> Escaped) -> Written {
        self.keep_in(self.raw(), out, escape)
    }

    /// Keeps the text of `raw`, masked text of the template, and escapes the values in it.
    pub(super) fn keep_in(
        &self,
        raw: &[u8],
        out: &mut Sheet,
        mut escape: impl FnMut(&[u8], &mut SecretBuf) -> Escaped,
    ) -> Written {
        for part in self.mask.parts(raw) {
            match part {
                Part::Text(text) => out.push(text),
                Part::Value(occurrence) => self.value(occurrence, out, &mut escape)?,
            }
        }
        Ok(())
    }

    /// Keeps the item's own text, escapes the values and puts each in quotes.
    pub(super) fn keep_quoted(
        &self,
        quote: u8,
        out: &mut Sheet,
        mut escape: impl FnMut(&[u8], &mut SecretBuf) -> Escaped,
    ) -> Written {
        for part in self.mask.parts(self.raw()) {
            match part {
                Part::Text(text) => out.push(text),
                Part::Value(occurrence) => {
                    let start = out.text.len();
                    out.push_byte(quote);
                    self.value(occurrence, out, &mut escape)?;
                    out.push_byte(quote);
                    out.take_quotes(start);
                }
            }
        }
        Ok(())
    }

    /// Escapes the item's whole meaning, text and values alike, for other quotes.
    pub(super) fn rewrite(&self, out: &mut Sheet, mut escape: impl FnMut(&[u8], &mut SecretBuf) -> Escaped) -> Written {
        let first = self.mask.values(self.item.text).next().unwrap_or_default();
        for part in self.mask.parts(self.item.text) {
            match part {
                Part::Text(text) => escape(text, &mut out.text).map_err(|why| stop(first, why))?,
                Part::Value(occurrence) => self.value(occurrence, out, &mut escape)?,
            }
        }
        Ok(())
    }

    fn value(
        &self,
        occurrence: usize,
        out: &mut Sheet,
        escape: impl FnOnce(&[u8], &mut SecretBuf) -> Escaped,
    ) -> Written {
        let secret = self.mask.occurrences[occurrence].secret;
        let value = (self.values)(occurrence).bytes;
        out.value(secret, value, |out| escape(value, out)).map_err(|why| stop(occurrence, why))
    }

    /// Writes a whole value as a number or a boolean.
    pub(super) fn word(&self, occurrence: usize, word: &SecretBuf, out: &mut Sheet) {
        out.word(self.mask.occurrences[occurrence].secret, word.expose());
    }

    /// Refuses the place, whatever the value.
    pub(super) fn no_place(&self, why: &'static str) -> Written {
        let occurrence = self.mask.values(self.raw()).next().unwrap_or_default();
        Err(Stop { occurrence, reason: Reason::Place(why) })
    }
}

/// Result of writing an item.
pub(super) type Written = Result<(), Stop>;

/// A value that cannot be written.
pub(super) fn stop(occurrence: usize, why: &'static str) -> Stop {
    Stop { occurrence, reason: Reason::Value(why) }
}

/// A value as text, for formats that hold text alone.
pub(super) fn text(value: &[u8]) -> Result<&str, &'static str> {
    std::str::from_utf8(value).map_err(|_| "it is not UTF-8, and this format holds nothing else")
}

/// Copies what `plain` accepts in long runs and hands the other bytes to `other`.
pub(super) fn runs(
    value: &[u8],
    out: &mut SecretBuf,
    plain: impl Fn(u8) -> bool,
    mut other: impl FnMut(u8, &mut SecretBuf) -> Escaped,
) -> Escaped {
    let mut rest = value;
    while let Some(end) = rest.iter().position(|byte| !plain(*byte)) {
        out.push(&rest[..end]);
        other(rest[end], out)?;
        rest = &rest[end + 1..];
    }
    out.push(rest);
    Ok(())
}

/// Refuses what would end a comment's line.
pub(super) fn in_comment(value: &[u8], out: &mut SecretBuf) -> Escaped {
    let breaks = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    if text(value)?.as_bytes().iter().any(breaks) {
        return Err("a line break or control character would end the comment it stands in");
    }
    out.push(value);
    Ok(())
}
