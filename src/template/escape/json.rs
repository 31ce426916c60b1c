//! JSON strings and bare values.

use super::TemplateFormat;
use super::number::{self, Bare};
use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, runs, stop, text};
use crate::secret::SecretBuf;
use crate::template::verify::{Role, Style};

/// Writes a string's contents, a bare value, or a name.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    if slot.style() != Style::Bare {
        return slot.keep(out, string);
    }
    let Some((occurrence, piece)) = slot.whole() else {
        return slot.no_place("text and placeholders side by side need quotes");
    };
    if slot.item.role == Role::Key {
        return quoted(slot, out);
    }
    match number::bare(TemplateFormat::Json, piece).map_err(|why| stop(occurrence, why))? {
        Bare::Word(word) => slot.word(occurrence, &word, out),
        Bare::Text => quoted(slot, out)?,
    }
    Ok(())
}

fn quoted(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    out.push_byte(b'"');
    slot.keep(out, string)?;
    out.push_byte(b'"');
    Ok(())
}

/// Escapes for a string: what must be, and DEL for the eye's sake.
pub(super) fn string(value: &[u8], out: &mut SecretBuf) -> Escaped {
    let plain = |byte: u8| byte >= 0x20 && !matches!(byte, b'"' | b'\\' | 0x7f);
    runs(text(value)?.as_bytes(), out, plain, |byte, out| {
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

/// Writes `\u00XX`, which JSON, YAML, TOML and properties share.
pub(super) fn unicode(byte: u8, out: &mut SecretBuf) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(&[b'\\', b'u', b'0', b'0', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}
