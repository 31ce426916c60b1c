//! XML character data, CDATA sections, attributes, comments and processing instructions.

use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, text};
use crate::secret::SecretBuf;
use crate::template::verify::Style;

/// Writes a run of text, a CDATA section, an attribute's value, a comment or an instruction.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    match slot.style() {
        Style::Cdata => slot.keep(out, cdata),
        Style::Comment => slot.keep(out, comment),
        Style::Instruction => slot.keep(out, instruction),
        Style::Text => slot.keep(out, |value, out| data(value, false, out)),
        _ => slot.keep(out, |value, out| data(value, true, out)),
    }
}

/// The value as characters that XML 1.0 can hold.
fn chars(value: &[u8]) -> Result<&str, &'static str> {
    let held = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let text = text(value)?;
    if text.chars().all(held) { Ok(text) } else { Err("it holds a control character that XML 1.0 cannot write") }
}

/// Text and attributes: what readers normalise is written as a reference, and attributes lose line breaks and tabs.
fn data(value: &[u8], attribute: bool, out: &mut SecretBuf) -> Escaped {
    for byte in chars(value)?.as_bytes() {
        match byte {
            b'"' | b'\'' | b'\t' | b'\n' if !attribute => out.push_byte(*byte),
            b'&' => out.push(b"&amp;"),
            b'<' => out.push(b"&lt;"),
            b'>' => out.push(b"&gt;"),
            b'"' => out.push(b"&quot;"),
            b'\'' => out.push(b"&#39;"),
            b'\t' => out.push(b"&#9;"),
            b'\n' => out.push(b"&#10;"),
            b'\r' => out.push(b"&#13;"),
            byte => out.push_byte(*byte),
        }
    }
    Ok(())
}

/// CDATA has no escapes: the section is ended and begun again where `]]>` would stand, and around carriage returns.
fn cdata(value: &[u8], out: &mut SecretBuf) -> Escaped {
    const AGAIN: &[u8] = b"]]><![CDATA[";
    for byte in chars(value)?.as_bytes() {
        match byte {
            b'>' if out.expose().ends_with(b"]]") => out.push(&[AGAIN, b">"].concat()),
            b'\r' => out.push(b"]]>&#13;<![CDATA["),
            byte => out.push_byte(*byte),
        }
    }
    if value.ends_with(b"]") {
        out.push(AGAIN);
    }
    Ok(())
}

fn comment(value: &[u8], out: &mut SecretBuf) -> Escaped {
    if chars(value)?.contains("--") || value.starts_with(b"-") || value.ends_with(b"-") || value.contains(&b'\r') {
        return Err("an XML comment cannot hold '--', and has no escapes");
    }
    out.push(value);
    Ok(())
}

fn instruction(value: &[u8], out: &mut SecretBuf) -> Escaped {
    if chars(value)?.contains("?>") || value.starts_with(b">") || value.ends_with(b"?") || value.contains(&b'\r') {
        return Err("a processing instruction cannot hold '?>', and has no escapes");
    }
    out.push(value);
    Ok(())
}
