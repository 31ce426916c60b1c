//! Java's properties.

use super::json::unicode;
use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, in_comment, text};
use super::yaml::digits;
use crate::secret::SecretBuf;
use crate::template::verify::{Role, Style};

/// Writes a name, a value or a comment. All that is not ASCII is escaped, so that it does not matter whether the
/// program reads the file as Latin-1 or as UTF-8.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    match (slot.style(), slot.item.role) {
        (Style::Comment, _) => slot.keep(out, in_comment),
        (_, Role::Key) => slot.keep(out, |value, out| escape(value, true, out)),
        _ => slot.keep(out, |value, out| escape(value, false, out)),
    }
}

fn escape(value: &[u8], name: bool, out: &mut SecretBuf) -> Escaped {
    for (at, c) in text(value)?.char_indices() {
        match c {
            '\n' => out.push(b"\\n"),
            '\r' => out.push(b"\\r"),
            '\t' => out.push(b"\\t"),
            '\x0c' => out.push(b"\\f"),
            '\\' | '=' | ':' | '#' | '!' => out.push(&[b'\\', u8::try_from(c).unwrap_or(b'\\')]),
            ' ' if name || at == 0 => out.push(b"\\ "),
            '\0'..='\x1f' | '\x7f' => unicode(u8::try_from(c).unwrap_or_default(), out),
            ' '..='~' => out.push_byte(u8::try_from(c).unwrap_or_default()),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push(b"\\u");
                    out.push(&digits(u32::from(*unit)));
                }
            }
        }
    }
    Ok(())
}
