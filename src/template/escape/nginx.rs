//! nginx's words: bare ones that hold a value are quoted.

use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, in_comment, runs};
use crate::secret::SecretBuf;
use crate::template::escape::mask::Part;
use crate::template::verify::Style;

/// Writes a word or a comment.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    if slot.style() == Style::Comment {
        return slot.keep(out, in_comment);
    }
    let mut before: &[u8] = b"";
    for part in slot.mask.parts(slot.item.text) {
        match part {
            Part::Text(text) => before = text,
            Part::Value(_) if in_variable(before) => {
                return slot.no_place("it would become part of the variable's name before it: write ${name}");
            }
            Part::Value(_) => before = b"",
        }
    }
    if slot.style() != Style::Bare {
        return slot.keep(out, checked);
    }
    slot.keep(&mut Sheet::default(), checked)?;
    out.push_byte(b'"');
    slot.rewrite(out, quoted)?;
    out.push_byte(b'"');
    Ok(())
}

/// Whether text ends in `$name` or `${name`.
fn in_variable(text: &[u8]) -> bool {
    let name = text.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let before = &text[..text.len() - name];
    before.ends_with(b"$") || before.ends_with(b"${")
}

fn checked(value: &[u8], out: &mut SecretBuf) -> Escaped {
    if value.contains(&b'$') {
        return Err("it holds '$', which nginx takes for a variable and has no escape for");
    }
    quoted(value, out)
}

fn quoted(text: &[u8], out: &mut SecretBuf) -> Escaped {
    let plain = |byte: u8| !matches!(byte, 0 | b'"' | b'\'' | b'\\' | b'\n' | b'\r' | b'\t');
    runs(text, out, plain, |byte, out| {
        match byte {
            0 => return Err("it holds a NUL byte, where nginx ends a text"),
            b'\n' => out.push(b"\\n"),
            b'\r' => out.push(b"\\r"),
            b'\t' => out.push(b"\\t"),
            byte => out.push(&[b'\\', byte]),
        }
        Ok(())
    })
}
