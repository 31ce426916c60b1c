//! TOML strings, names, bare values and comments.

use super::TemplateFormat;
use super::json::unicode;
use super::number::{self, Bare};
use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, in_comment, runs, stop, text};
use crate::secret::SecretBuf;
use crate::template::verify::{Role, Style};

/// Writes a string, a name, a bare value or a comment.
///
/// Strings in apostrophes stay so where they can hold the value and become basic strings where they cannot.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    match slot.style() {
        Style::Comment => slot.keep(out, in_comment),
        Style::Double => slot.keep(out, basic),
        Style::MultiDouble => slot.keep(out, basic),
        Style::Single if slot.all(|value| literal(value, false)) => slot.keep(out, raw),
        Style::MultiSingle if slot.all(|value| literal(value, true)) => slot.keep(out, raw),
        Style::MultiSingle if slot.raw().contains(&b'\r') => {
            let first = slot.values().next().map_or(0, |(occurrence, _)| occurrence);
            Err(stop(
                first,
                "the lines around it end in CR LF, which readers take in two ways, and it needs other quotes",
            ))
        }
        Style::Bare if slot.item.role == Role::Key && slot.all(bare_name) => slot.keep(out, raw),
        Style::Bare if slot.item.role == Role::Bare => bare(slot, out),
        _ => quoted(slot, out),
    }
}

fn bare(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    let Some((occurrence, piece)) = slot.whole() else {
        return slot.no_place("text and placeholders side by side need quotes");
    };
    match number::bare(TemplateFormat::Toml, piece).map_err(|why| stop(occurrence, why))? {
        Bare::Word(word) => slot.word(occurrence, &word, out),
        Bare::Text => quoted(slot, out)?,
    }
    Ok(())
}

fn quoted(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    out.push_byte(b'"');
    slot.rewrite(out, basic)?;
    out.push_byte(b'"');
    Ok(())
}

fn raw(value: &[u8], out: &mut SecretBuf) -> Escaped {
    text(value)?;
    out.push(value);
    Ok(())
}

fn bare_name(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether apostrophes hold the value as it is. Readers leave out a line break behind `'''`, which an empty value would
/// move there.
fn literal(value: &[u8], lines: bool) -> bool {
    let holds = |byte: &u8| match byte {
        b'\t' => true,
        b'\n' => lines,
        b'\'' | 0x7f => false,
        byte => *byte >= b' ',
    };
    let moves_a_line = value.starts_with(b"\n") || (lines && value.is_empty());
    !moves_a_line && value.iter().all(holds)
}

/// Escapes for `"…"` and `"""…"""`. A blank at the start is escaped: a backslash that ends the line before would eat it.
fn basic(value: &[u8], out: &mut SecretBuf) -> Escaped {
    let plain = |byte: u8| byte >= b' ' && !matches!(byte, b'"' | b'\\' | 0x7f);
    let value = text(value)?.as_bytes();
    let rest = value.strip_prefix(b" ").inspect(|_| unicode(b' ', out)).unwrap_or(value);
    runs(rest, out, plain, |byte, out| {
        match byte {
            b'"' => out.push(b"\\\""),
            b'\\' => out.push(b"\\\\"),
            b'\n' => out.push(b"\\n"),
            b'\r' => out.push(b"\\r"),
            b'\t' => out.push(b"\\t"),
            _ => unicode(byte, out),
        }
        Ok(())
    })
}
