//! Characters of XML.

use super::text::push_char;
use super::{Broken, Reading};
use crate::secret::SecretBuf;

/// Where text stands: line breaks and blanks in attributes are normalised.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Text,
    Attribute,
}

/// Decodes character data: references and line ends. References to entities of the document's own stay as they are,
/// with a NUL before them, which is no character of XML.
pub(super) fn decode(
    reading: &Reading<'_>,
    start: usize,
    end: usize,
    inside: Inside,
    out: &mut SecretBuf,
) -> Result<(), Broken> {
    let text = &reading.text[..end];
    let mut at = start;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'&' => {
                let len = memchr::memchr(b';', &text[at..]).ok_or(Broken::new(at, "a '&' without its ';'"))?;
                reference(reading, at, &text[at + 1..at + len], out)?;
                at += len;
            }
            b'\r' => {
                if text.get(at + 1) == Some(&b'\n') {
                    at += 1;
                }
                out.push_byte(if inside == Inside::Text { b'\n' } else { b' ' });
            }
            b'\n' | b'\t' if inside == Inside::Attribute => out.push_byte(b' '),
            _ => out.push_byte(byte),
        }
        at += 1;
    }
    Ok(())
}

fn reference(reading: &Reading<'_>, at: usize, name: &[u8], out: &mut SecretBuf) -> Result<(), Broken> {
    let wrong = Broken::new(at, "this is no reference to a character or an entity");
    let code = match name {
        b"lt" => Some(u32::from('<')),
        b"gt" => Some(u32::from('>')),
        b"amp" => Some(u32::from('&')),
        b"quot" => Some(u32::from('"')),
        b"apos" => Some(u32::from('\'')),
        [b'#', b'x', digits @ ..] if (1..=6).contains(&digits.len()) => super::text::hex(Some(digits)),
        [b'#', digits @ ..] => std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()),
        _ => {
            let letters =
                |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | 0x80..);
            if name.is_empty() || !name.iter().all(letters) || reading.marked(name) {
                return Err(wrong);
            }
            [b"\0&", name, b";"].into_iter().for_each(|part| out.push(part));
            return Ok(());
        }
    };
    push_char(out, code.and_then(char::from_u32).ok_or(wrong)?);
    Ok(())
}
