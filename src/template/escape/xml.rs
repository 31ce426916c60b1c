//! XML character data, CDATA sections, attributes, comments and processing instructions.

use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, stop, text};
use crate::secret::SecretBuf;
use crate::template::verify::Style;
use crate::template::verify::xml_declared::{Declared, declared};

/// Writes a run of text, a CDATA section, an attribute's value, a comment or an instruction.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    let declared = declared(slot.mask.text()).unwrap_or_default();
    match slot.style() {
        Style::Cdata => slot.keep(out, |value, out| cdata(as_they_are(value, declared)?, declared, out)),
        Style::Comment => slot.keep(out, |value, out| comment(as_they_are(value, declared)?, out)),
        Style::Instruction => slot.keep(out, |value, out| instruction(as_they_are(value, declared)?, out)),
        Style::Text => slot.keep(out, |value, out| data(value, false, declared, out)),
        Style::Words => {
            words(slot)?;
            slot.keep(out, |value, out| data(value, true, declared, out))
        }
        _ => slot.keep(out, |value, out| data(value, true, declared, out)),
    }
}

/// The value as characters that XML 1.0 can hold.
fn chars(value: &[u8]) -> Result<&str, &'static str> {
    let held = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let text = text(value)?;
    if text.chars().all(held) { Ok(text) } else { Err("it holds a control character that XML 1.0 cannot write") }
}

/// Whether XML 1.1 takes the character for a line end, or only as a reference.
fn is_newer(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}')
}

/// The value as characters for a place without references.
fn as_they_are(value: &[u8], declared: Declared) -> Result<&str, &'static str> {
    let text = chars(value)?;
    if declared.ascii && !text.is_ascii() {
        return Err("it is not ASCII, and the document's encoding has nothing else in common with UTF-8");
    }
    if declared.newer && text.contains(is_newer) {
        return Err(
            "it holds a control character or line separator, which XML 1.1 writes as a reference, and here is none",
        );
    }
    Ok(text)
}

/// Text and attributes: what readers normalise is written as a reference, and attributes lose line breaks and tabs.
fn data(value: &[u8], attribute: bool, declared: Declared, out: &mut SecretBuf) -> Escaped {
    for c in chars(value)?.chars() {
        match c {
            '&' => out.push(b"&amp;"),
            '<' => out.push(b"&lt;"),
            '>' => out.push(b"&gt;"),
            '"' if attribute => out.push(b"&quot;"),
            '\'' if attribute => out.push(b"&#39;"),
            '\t' if attribute => out.push(b"&#9;"),
            '\n' if attribute => out.push(b"&#10;"),
            '\r' => out.push(b"&#13;"),
            c if (declared.ascii && !c.is_ascii()) || (declared.newer && is_newer(c)) => reference(c, out),
            c => out.push(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Ok(())
}

/// Writes `&#xNN;`.
fn reference(c: char, out: &mut SecretBuf) {
    out.push(b"&#x");
    let digits = (32 - u32::from(c).leading_zeros()).div_ceil(4).max(1);
    for digit in (0..digits).rev() {
        let value = u32::from(c) >> (digit * 4) & 15;
        out.push_byte(b"0123456789ABCDEF"[value as usize]);
    }
    out.push_byte(b';');
}

/// Refuses blanks that are lost where an attribute is made of words.
fn words(slot: &Slot<'_>) -> Written {
    let mut said = Sheet::default();
    slot.rewrite(&mut said, |text, out| {
        out.push(text);
        Ok(())
    })?;
    let said = said.text.expose();
    let lost = said.starts_with(b" ") || said.ends_with(b" ") || memchr::memmem::find(said, b"  ").is_some();
    let first = slot.values().next().map_or(0, |(occurrence, _)| occurrence);
    match lost {
        true => Err(stop(first, "a reader of the document type may take away blanks at its ends, or two side by side")),
        false => Ok(()),
    }
}

/// CDATA has no escapes: the section is ended and begun again where `]]>` would stand, and around carriage returns.
fn cdata(value: &str, declared: Declared, out: &mut SecretBuf) -> Escaped {
    const AGAIN: &[u8] = b"]]><![CDATA[";
    if declared.newer && (value.contains(']') || out.expose().ends_with(b"]")) {
        return Err("Java does not find the end of a CDATA section of XML 1.1 at ']]]>': write it as text");
    }
    for byte in value.as_bytes() {
        match byte {
            b'>' if out.expose().ends_with(b"]]") => out.push(&[AGAIN, b">"].concat()),
            b'\r' => out.push(b"]]>&#13;<![CDATA["),
            byte => out.push_byte(*byte),
        }
    }
    if value.ends_with(']') {
        out.push(AGAIN);
    }
    Ok(())
}

fn comment(value: &str, out: &mut SecretBuf) -> Escaped {
    if value.contains("--") || value.starts_with('-') || value.ends_with('-') {
        return Err("an XML comment cannot hold '--', and has no escapes");
    }
    line_ends(value)?;
    out.push(value.as_bytes());
    Ok(())
}

fn instruction(value: &str, out: &mut SecretBuf) -> Escaped {
    if value.contains("?>") || value.starts_with('>') || value.ends_with('?') {
        return Err("a processing instruction cannot hold '?>', and has no escapes");
    }
    line_ends(value)?;
    out.push(value.as_bytes());
    Ok(())
}

fn line_ends(value: &str) -> Escaped {
    if value.contains('\r') {
        return Err("it holds a carriage return, which readers turn into a line feed where it is no reference");
    }
    Ok(())
}
