//! systemd's `EnvironmentFile=`.

use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, in_comment, text};
use crate::secret::SecretBuf;
use crate::template::verify::Style;
use crate::template::verify::env::known;

/// Writes a variable's value, or a comment.
///
/// A value without any byte that means something to systemd or a shell stays as the template writes it; every other is
/// written anew in double quotes, in which real systemd gives all text back.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    if slot.style() == Style::Comment {
        return slot.keep(out, comment);
    }
    if slot.all(|value| !value.is_empty() && value.iter().all(harmless)) {
        return slot.keep(out, |value, out| {
            out.push(value);
            Ok(())
        });
    }
    out.push_byte(b'"');
    slot.rewrite(out, double)?;
    out.push_byte(b'"');
    Ok(())
}

fn harmless(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_./:@%+,=-".contains(byte)
}

fn double(value: &[u8], out: &mut SecretBuf) -> Escaped {
    if !text(value)?.chars().all(known) {
        return Err("it holds a noncharacter of Unicode, for which systemd refuses the file");
    }
    for byte in value {
        match byte {
            0 => return Err("it holds a NUL byte, which no environment variable can"),
            b'"' | b'\\' | b'$' | b'`' => out.push(&[b'\\', *byte]),
            byte => out.push_byte(*byte),
        }
    }
    Ok(())
}

/// systemd 252 takes the line after a comment that ends in a backslash for part of it.
fn comment(value: &[u8], out: &mut SecretBuf) -> Escaped {
    if value.ends_with(b"\\") {
        return Err("a backslash at the end of a comment joins the next line to it");
    }
    in_comment(value, out)
}
