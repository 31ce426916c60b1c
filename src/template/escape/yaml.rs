//! YAML scalars and comments.
//!
//! A scalar with values in it is written in double quotes, the one style that holds any text; whole numbers and
//! booleans stay bare, and block scalars stay blocks where that is certain to keep every byte.

use super::json::unicode;
use super::number::{self, Bare};
use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, in_comment, stop, text};
use super::{TemplateFormat, yaml_block};
use crate::secret::SecretBuf;
use crate::template::verify::Style;
use std::ops::Range;

/// What is replaced when an item is written; `done` is where the item before it ended.
pub(super) fn span(slot: &Slot<'_>, done: usize) -> Range<usize> {
    match slot.style() {
        Style::Literal | Style::Folded => yaml_block::span(slot, done),
        _ => slot.item.span.clone(),
    }
}

/// Writes a scalar or a comment in the place of `span`.
pub(super) fn write(slot: &Slot<'_>, span: &Range<usize>, out: &mut Sheet) -> Written {
    match slot.style() {
        Style::Comment => return slot.keep(out, comment),
        Style::Literal | Style::Folded => {
            if span.start == slot.item.span.start {
                return slot.no_place(match yaml_block::behind_comment(slot) {
                    true => "another placeholder stands in the comment behind this block's '|' or '>'",
                    false => "the start of its block scalar was not found",
                });
            }
            if let Some(indent) = yaml_block::keeps(slot, span) {
                return slot
                    .keep_in(slot.between(span.clone()), out, |value, out| yaml_block::lines(value, indent, out));
            }
        }
        Style::Bare => {
            if let Some((occurrence, piece)) = slot.whole()
                && let Bare::Word(word) =
                    number::bare(TemplateFormat::Yaml, piece).map_err(|why| stop(occurrence, why))?
            {
                slot.word(occurrence, &word, out);
                return Ok(());
            }
        }
        _ => {}
    }
    out.push_byte(b'"');
    slot.rewrite(out, double)?;
    out.push_byte(b'"');
    yaml_block::header_comment(slot, span, out)
}

/// Whether every YAML reader takes the character as it is, and as no line break.
pub(super) fn plain(c: char) -> bool {
    match c {
        '\t' | ' '..='~' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => true,
        _ => false,
    }
}

/// Escapes for double quotes on one line.
fn double(value: &[u8], out: &mut SecretBuf) -> Escaped {
    let text = text(value)?;
    let mut done = 0;
    for (at, c) in text.char_indices() {
        if plain(c) && !matches!(c, '"' | '\\' | '\t') {
            continue;
        }
        out.push(&value[done..at]);
        done = at + c.len_utf8();
        match c {
            '"' => out.push(b"\\\""),
            '\\' => out.push(b"\\\\"),
            '\n' => out.push(b"\\n"),
            '\r' => out.push(b"\\r"),
            '\t' => out.push(b"\\t"),
            _ => match u8::try_from(u32::from(c)) {
                Ok(byte) => unicode(byte, out),
                Err(_) => {
                    for byte in [b"\\u".as_slice(), &digits(u32::from(c))] {
                        out.push(byte);
                    }
                }
            },
        }
    }
    out.push(&value[done..]);
    Ok(())
}

/// Four hexadecimal digits.
pub(super) fn digits(unit: u32) -> [u8; 4] {
    [12, 8, 4, 0].map(|shift| b"0123456789abcdef"[((unit >> shift) & 15) as usize])
}

fn comment(value: &[u8], out: &mut SecretBuf) -> Escaped {
    if !text(value)?.chars().all(plain) {
        return Err("a line break or control character would end the comment it stands in");
    }
    in_comment(value, out)
}
