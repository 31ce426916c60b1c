//! INI values, where no two readers have the same escapes: what all of them read alike is written, the rest refused.

use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, in_comment, stop, text};
use crate::secret::SecretBuf;
use crate::template::verify::{Role, Style};

/// Writes a value, a name or a comment.
///
/// Quotes are the template's business, for some readers take them off and some do not: where a whole value stands in
/// them, `#` and `;` and blanks at the ends are safe.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    if slot.style() == Style::Comment {
        return slot.keep(out, in_comment);
    }
    if slot.item.role == Role::Key {
        return slot.keep(out, name);
    }
    let quote = quote(slot.raw());
    let start = out.text.len();
    slot.keep(out, |value, out| self::value(value, quote, out))?;
    let written = out.text.expose().get(start..).unwrap_or_default();
    let first = slot.values().next().map_or(0, |(occurrence, _)| occurrence);
    edges(written, slot.raw(), quote).map_err(|why| stop(first, why))
}

/// The quote that the whole value stands in.
fn quote(raw: &[u8]) -> Option<u8> {
    let first = *raw.first()?;
    (raw.len() > 1 && matches!(first, b'"' | b'\'' | b'`') && raw.last() == Some(&first)).then_some(first)
}

fn value(value: &[u8], quote: Option<u8>, out: &mut SecretBuf) -> Escaped {
    let has = |sign: &str| memchr::memmem::find(value, sign.as_bytes()).is_some();
    if text(value)?.chars().any(|c| (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err("it holds a line break or control character, and an INI value is one line without escapes");
    }
    if let Some(quote) = quote {
        if value.contains(&quote) {
            return Err("it holds the quote it stands in, and INI has no escape for it: use another quote");
        }
        if quote != b'`' && value.contains(&b'\\') {
            return Err("it holds a backslash, which some readers take for an escape inside quotes");
        }
    } else if value.iter().any(|byte| matches!(byte, b'#' | b';')) {
        return Err("it holds '#' or ';', where some readers begin a comment: put the placeholder in quotes");
    }
    if ["%(", "%%", "${", "$_"].into_iter().any(has) {
        return Err("it holds '%(', '%%', '${' or '$_', which some readers replace");
    }
    out.push(value);
    Ok(())
}

/// What is lost at the ends of a value, unless the template's own text ends like that.
fn edges(written: &[u8], template: &[u8], quote: Option<u8>) -> Escaped {
    if quote.is_some() {
        return Ok(());
    }
    let text = text(written)?;
    if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        return Err("it begins or ends with a blank, which is lost: put the placeholder in quotes");
    }
    let quoted = |text: &[u8]| matches!(text.first(), Some(b'"' | b'\'' | b'`'));
    if quoted(written) && !quoted(template) {
        return Err("it begins with a quote, which some readers take off");
    }
    if written.ends_with(b"\\") && !template.ends_with(b"\\") {
        return Err("it ends in a backslash, with which some readers join the next line");
    }
    Ok(())
}

fn name(value: &[u8], out: &mut SecretBuf) -> Escaped {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if value.is_empty() || !value.iter().all(plain) {
        return Err("in a name only letters, digits, '_', '-' and '.' are safe");
    }
    out.push(value);
    Ok(())
}
