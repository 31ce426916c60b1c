//! INI values, where no two readers have the same escapes: what all of them read alike is written, the rest refused.

use super::mask::Part;
use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written, in_comment, stop, text};
use super::unit::{self, Unit};
use crate::secret::SecretBuf;
use crate::template::verify::{Role, Style};

/// Writes a value, a name or a comment.
///
/// Quotes are the template's business, for some readers take them off and some do not: what stands in them follows the
/// rules of those that do.
pub(super) fn write(slot: &Slot<'_>, out: &mut Sheet) -> Written {
    if slot.style() == Style::Comment {
        return slot.keep(out, in_comment);
    }
    if slot.item.role == Role::Key {
        return slot.keep(out, name);
    }
    let start = out.text.len();
    let mut places = places(slot).into_iter();
    slot.keep(out, |value, out| {
        self::value(value, places.next().unwrap_or_default())?;
        out.push(value);
        Ok(())
    })?;
    let written = out.text.expose().get(start..).unwrap_or_default();
    let first = slot.values().next().map_or(0, |(occurrence, _)| occurrence);
    edges(written, slot.raw()).map_err(|why| stop(first, why))
}

/// Where a value stands among the template's own quotes.
#[derive(Clone, Copy, Default)]
struct Place {
    /// The quote that is open.
    quote: Option<u8>,
    /// It is the first thing of the whole value: in the middle of one, Go's readers know no quotes.
    from_start: bool,
    /// There are quotes somewhere, which one more would pair up in another way.
    among_quotes: bool,
    /// What the statement is in a unit of systemd.
    unit: Unit,
}

/// The place of each value, in order. Quotes that values bring along do not count: none is written where one could
/// open or end.
fn places(slot: &Slot<'_>) -> Vec<Place> {
    let raw = slot.raw();
    let mut place = Place {
        among_quotes: raw.iter().any(|byte| matches!(byte, b'"' | b'\'')),
        unit: unit::of(slot.between(0..slot.item.span.start)),
        ..Place::default()
    };
    let mut places = Vec::new();
    let mut at = 0;
    for part in slot.mask.parts(raw) {
        let Part::Text(text) = part else {
            places.push(place);
            at += 1;
            continue;
        };
        for byte in text {
            match (*byte, place.quote) {
                (byte, Some(open)) if byte == open => place.quote = None,
                (b'"' | b'\'', None) => (place.quote, place.from_start) = (Some(*byte), at == 0),
                (b'`', None) if at == 0 => (place.quote, place.from_start) = (Some(*byte), true),
                _ => {}
            }
            at += 1;
        }
    }
    places
}

fn value(value: &[u8], place: Place) -> Escaped {
    let has = |sign: &str| memchr::memmem::find(value, sign.as_bytes()).is_some();
    let holds = |signs: &[u8]| value.iter().any(|byte| signs.contains(byte));
    if text(value)?.chars().any(|c| (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err("it holds a line break or control character, and an INI value is one line without escapes");
    }
    if ["%(", "%%", "${", "$_"].into_iter().any(has) {
        return Err("it holds '%(', '%%', '${' or '$_', which some readers replace");
    }
    place.unit.holds(value, place.quote)?;
    if place.quote == Some(b'`') {
        return match holds(b"`") {
            true => Err("it holds the quote it stands in, and INI has no escape for it"),
            false => Ok(()),
        };
    }
    if holds(b"\"\\") {
        return Err("it holds '\"' or a backslash, which the readers of INI take in different ways");
    }
    if holds(b"%") {
        return Err("it holds '%', for which Python's ConfigParser refuses the file");
    }
    if holds(b"'") && (place.quote == Some(b'\'') || (place.quote.is_none() && place.among_quotes)) {
        return Err("it holds a single quote, which would pair up with the template's own quotes");
    }
    if place.quote == Some(b'"') && (place.from_start || !holds(b"#;")) {
        return Ok(());
    }
    if holds(b"#;") {
        return Err("it holds '#' or ';', where some readers begin a comment: put the whole value in double quotes");
    }
    if holds(b"\t") {
        return Err("it holds a tab, which git takes for a blank: put the value in double quotes");
    }
    Ok(())
}

/// What is lost at the ends of a value, unless the template's own text ends like that.
fn edges(written: &[u8], template: &[u8]) -> Escaped {
    let text = text(written)?;
    if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        return Err("it begins or ends with a blank, which is lost: put the placeholder in quotes");
    }
    let quoted = |text: &[u8]| matches!(text.first(), Some(b'"' | b'\'' | b'`'));
    if quoted(written) && !quoted(template) {
        return Err("it begins with a quote, which some readers take off");
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
