//! `--env-file` of Docker and Podman: values are written as they are, or not at all.

use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, in_comment, stop, text};
use crate::secret::SecretBuf;
use crate::template::verify::Style;

/// Writes a value or a comment.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    if slot.style() == Style::Comment {
        return slot.keep(out, in_comment);
    }
    let start = out.text.len();
    slot.keep(out, value)?;
    let written = &out.text.expose()[start..];
    let first = slot.values().next().map_or(0, |(occurrence, _)| occurrence);
    if written.ends_with(b"\r") {
        return Err(stop(first, "it ends in a carriage return, which would be taken for part of the line's end"));
    }
    let pair =
        |text: &[u8]| text.len() > 1 && text.first() == text.last() && matches!(text.first(), Some(b'"' | b'\''));
    if pair(written) && !pair(slot.raw()) {
        return Err(stop(
            first,
            "it is quoted as a whole: Docker strips such quotes in newer versions, Podman does not",
        ));
    }
    Ok(())
}

fn value(value: &[u8], out: &mut SecretBuf) -> Escaped {
    let value = text(value)?.as_bytes();
    if value.contains(&b'\n') {
        return Err("it holds a line break, and a variable here is one line without escapes");
    }
    if value.contains(&0) {
        return Err("it holds a NUL byte, which no environment variable can");
    }
    out.push(value);
    Ok(())
}
