//! Shell words, quoted text and here-documents.

use super::mask::Part;
use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, in_comment};
use crate::secret::SecretBuf;
use crate::template::verify::Style;

/// A single quote in single quotes, for inside `$(…)`: bash 5.2 cannot read `'\''` in an array there.
const INNER: &[u8] = b"'\"'\"'";

/// Writes a value for its quotes; a bare one is put in single quotes.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    if let Some(why) = trap(slot) {
        return slot.no_place(why);
    }
    match slot.style() {
        Style::Comment => slot.keep(out, in_comment),
        Style::Bare => slot.keep_quoted(b'\'', out, |value, out| single(value, b"'\\''", out)),
        Style::BareInner => slot.keep_quoted(b'\'', out, |value, out| single(value, INNER, out)),
        Style::Single => slot.keep(out, |value, out| single(value, b"'\\''", out)),
        Style::SingleInner => slot.keep(out, |value, out| single(value, INNER, out)),
        Style::Computed => slot.no_place("the shell computes it as arithmetic, which can run commands"),
        Style::Dollar => slot.keep(out, |value, out| escaped(value, b"\\'", out)),
        Style::DollarAny => slot.keep(out, any_shell),
        Style::Double => slot.keep(out, |value, out| escaped(value, b"\\\"$`", out)),
        Style::Expanding => slot.keep(out, |value, out| escaped(value, b"\\$`", out)),
        _ => slot.keep(out, |value, out| escaped(value, b"", out)),
    }
}

/// Places where quotes would change what the shell makes of the text around the value.
fn trap(slot: &Slot<'_>) -> Option<&'static str> {
    let mut before: &[u8] = b"";
    let bare = matches!(slot.style(), Style::Bare | Style::BareInner);
    let mut name = bare;
    let mut valued = false;
    for part in slot.mask.parts(slot.raw()) {
        let Part::Text(text) = part else {
            if matches!(slot.style(), Style::Dollar | Style::DollarAny) && open_escape(before) {
                return Some("it stands behind an escape");
            }
            if bare && open_tilde(before) {
                return Some("the shell looks for a user of that name behind '~'");
            }
            if bare && memchr::memmem::find(before, b"..").is_some_and(|dots| before[..dots].contains(&b'{')) {
                return Some("it would be part of a '{a..b}'");
            }
            valued = true;
            continue;
        };
        before = text;
        let sign = memchr::memchr(b'=', text);
        let letters = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'[' | b']');
        let head = &text[..sign.unwrap_or(text.len())];
        name &= head.iter().all(letters);
        if name && valued && sign.is_some() {
            return Some("it would be part of a variable's name");
        }
        name &= sign.is_none();
    }
    None
}

/// Whether an escape of `$'…'` might take more characters.
fn open_escape(text: &[u8]) -> bool {
    let tail = &text[text.len().saturating_sub(10)..];
    let last = memchr::memrchr(b'\\', tail).and_then(|at| tail.get(at + 1));
    last.is_some_and(|byte| matches!(byte, b'x' | b'u' | b'U' | b'c' | b'0'..=b'7'))
}

fn open_tilde(text: &[u8]) -> bool {
    let name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let len = text.iter().rev().take_while(name).count();
    text[..text.len() - len].ends_with(b"~")
}

fn single(value: &[u8], quote: &[u8], out: &mut SecretBuf) -> Escaped {
    for (number, part) in value.split(|byte| *byte == b'\'').enumerate() {
        if number > 0 {
            out.push(quote);
        }
        escaped(part, b"", out)?;
    }
    Ok(())
}

fn any_shell(value: &[u8], out: &mut SecretBuf) -> Escaped {
    if value.iter().any(|byte| matches!(byte, b'\'' | b'\\')) {
        return Err("shells differ in $'…': begin the script with #!/bin/bash, or use single quotes");
    }
    escaped(value, b"", out)
}

fn escaped(value: &[u8], special: &[u8], out: &mut SecretBuf) -> Escaped {
    for byte in value {
        match byte {
            0 => return Err("it holds a NUL byte, which no shell can hold"),
            byte if special.contains(byte) => out.push(&[b'\\', *byte]),
            byte => out.push_byte(*byte),
        }
    }
    Ok(())
}
