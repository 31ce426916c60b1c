//! nginx's words: bare ones that hold a value are quoted.

use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, in_comment, runs, stop};
use crate::secret::SecretBuf;
use crate::template::escape::mask::Part;
use crate::template::verify::{Role, Style};

/// What the first word of a statement may begin with that is more than text: it is the key of a `map`, `geo` or
/// `split_clients` block where it holds a value.
const KEY_SIGNS: &[u8] = b"~\\*.";
/// First words that such blocks have for themselves.
const KEY_WORDS: &[&[u8]] =
    &[b"default", b"include", b"hostnames", b"volatile", b"ranges", b"delete", b"proxy", b"proxy_recursive"];
/// The same for the arguments of `location`, `server_name` and their like.
const PATTERN_SIGNS: &[u8] = b"=~^@*.!";
const PATTERN_WORDS: &[&[u8]] = &[b"off", b"all", b"none", b"blocked", b"server_names", b"unix:", b"default"];

/// Writes a word or a comment.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    if slot.style() == Style::Comment {
        return slot.keep(out, in_comment);
    }
    let regex = slot.item.role == Role::Regex || slot.item.text.starts_with(b"~");
    let mut before: &[u8] = b"";
    for part in slot.mask.parts(slot.item.text) {
        match part {
            Part::Text(text) => before = text,
            Part::Value(_) if in_variable(before) => {
                return slot.no_place("it would become part of the variable's name before it: write ${name}");
            }
            Part::Value(_) if regex && before.ends_with(b"\\") => {
                return slot.no_place("it stands behind an escape");
            }
            Part::Value(_) => before = b"",
        }
    }
    if slot.style() != Style::Bare {
        slot.keep(out, |value, out| checked(value, regex, out))?;
        return meaning(slot);
    }
    slot.keep(&mut Sheet::default(), |value, out| checked(value, regex, out))?;
    meaning(slot)?;
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

/// Refuses a word that means more than its text, unless that is the template's own doing.
fn meaning(slot: &Slot<'_>) -> Written {
    let (signs, words): (&[u8], &[&[u8]]) = match slot.item.role {
        Role::Key => (KEY_SIGNS, KEY_WORDS),
        Role::Pattern => (PATTERN_SIGNS, PATTERN_WORDS),
        _ => return Ok(()),
    };
    let mut said = Sheet::default();
    slot.rewrite(&mut said, |text, out| {
        out.push(text);
        Ok(())
    })?;
    let (said, own) = (said.text.expose(), slot.item.text);
    let sign = |text: &[u8]| text.first().is_some_and(|first| signs.contains(first)) || text.ends_with(b".*");
    let first = slot.values().next().map_or(0, |(occurrence, _)| occurrence);
    if sign(said) && !sign(own) {
        return Err(stop(first, "at this place nginx takes it for a pattern, by the sign it begins or ends with"));
    }
    if words.contains(&said) {
        return Err(stop(first, "at this place it is a word of nginx's own"));
    }
    Ok(())
}

fn checked(value: &[u8], regex: bool, out: &mut SecretBuf) -> Escaped {
    let itself = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/');
    if regex && !value.iter().all(itself) {
        return Err("in a regular expression only letters, digits, '_', '-' and '/' mean themselves");
    }
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
