//! Small things the readers share.

use super::Broken;
use crate::secret::SecretBuf;

/// The text of a file in a format that is UTF-8.
///
/// # Errors
/// At the first byte that is not.
pub(super) fn utf8(text: &[u8]) -> Result<&str, Broken> {
    std::str::from_utf8(text).map_err(|error| Broken::new(error.valid_up_to(), "the text is not UTF-8"))
}

/// Appends one character.
pub(super) fn push_char(out: &mut SecretBuf, c: char) {
    out.push(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Reads four (or `count`) hexadecimal digits.
pub(super) fn hex(digits: Option<&[u8]>) -> Option<u32> {
    let mut value = 0u32;
    for digit in digits? {
        value = value * 16 + char::from(*digit).to_digit(16)?;
    }
    Some(value)
}

/// Position of the line feed that ends the line of `at`, or the end of the text.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + memchr::memchr(b'\n', rest).unwrap_or(rest.len())
}

/// The place of a line and column, both counted from 1, about: columns may be counted in characters.
pub(super) fn place_offset(text: &[u8], line: usize, column: usize) -> usize {
    let start = line.checked_sub(2).and_then(|before| memchr::memchr_iter(b'\n', text).nth(before));
    text.len().min(start.map_or(0, |feed| feed + 1) + column.saturating_sub(1))
}

/// A UTF-16 code unit, or the half of a pair that waits for its other half: `\uXXXX` in JSON and properties.
#[derive(Default)]
pub(super) struct Utf16(Option<u32>);

impl Utf16 {
    /// Takes the next unit and appends the character that it completes. False where it is no half for the one before.
    pub(super) fn push(&mut self, unit: u32, out: &mut SecretBuf) -> bool {
        let c = match (self.0.take(), unit) {
            (None, 0xd800..=0xdbff) => {
                self.0 = Some(unit);
                return true;
            }
            (Some(high), 0xdc00..=0xdfff) => char::from_u32(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00)),
            (None, unit) => char::from_u32(unit),
            (Some(_), _) => None,
        };
        c.inspect(|c| push_char(out, *c)).is_some()
    }

    /// Whether a half waits.
    pub(super) fn waits(&self) -> bool {
        self.0.is_some()
    }
}
