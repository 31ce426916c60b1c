//! A template with a harmless word in the place of each value.

use crate::secret::SecretBuf;
use crate::template::render::RENDERED_MAX_BYTES;
use crate::template::scan::Segment;
use crate::template::tokens::SecretIndex;
use memchr::memmem;
use std::ops::Range;

/// Bytes of a marker: letters and digits alone, as `Zs00000x0000000q`.
const MARKER_LEN: usize = 16;
/// Bytes before its number.
const PREFIX_LEN: usize = 8;

/// The place of one value.
#[derive(Debug, Clone, Copy)]
pub(in crate::template) struct Occurrence {
    /// Whose value.
    pub secret: SecretIndex,
    /// Where the token starts in the template, in bytes.
    pub offset: usize,
    /// Where the marker starts in the masked text.
    pub masked: usize,
    /// Length of the token.
    token_len: usize,
}

/// A template with its values masked.
pub(in crate::template) struct Mask {
    /// The text: see [`Mask::text`].
    text: SecretBuf,
    /// Where the values stand, in order.
    pub occurrences: Vec<Occurrence>,
    /// Where text stands that filters have made of values for its place; it is not masked.
    pub filtered: Vec<(SecretIndex, Range<usize>)>,
    prefix: [u8; PREFIX_LEN],
}

/// A piece of masked text.
pub(in crate::template) enum Part<'t> {
    /// The template's own text; never empty.
    Text(&'t [u8]),
    /// The place of a value: its position in [`Mask::occurrences`].
    Value(usize),
}

impl Mask {
    /// Masks the values of a template, but for those that `filtered` gives as text to be put in as it is. None where the
    /// text would be larger than a rendered file may be.
    pub(in crate::template) fn new<'v>(
        segments: &[Segment<'_>],
        filtered: impl Fn(SecretIndex) -> Option<&'v [u8]>,
    ) -> Option<Self> {
        let sizes = segments.iter().map(|segment| match segment {
            Segment::Literal(text) => text.len(),
            Segment::Value { secret, .. } => filtered(*secret).map_or(MARKER_LEN, <[u8]>::len),
        });
        let len = sizes.fold(0usize, usize::saturating_add);
        if len > RENDERED_MAX_BYTES {
            return None;
        }
        let prefix = free_prefix(segments, &filtered)?;
        let (text, occurrences, ranges) = (SecretBuf::with_capacity(len), Vec::new(), Vec::new());
        let mut mask = Self { text, occurrences, filtered: ranges, prefix };
        for segment in segments {
            match segment {
                Segment::Literal(text) => mask.text.push(text),
                Segment::Value { secret, offset, token } => {
                    if let Some(text) = filtered(*secret) {
                        let start = mask.text.len();
                        mask.text.push(text);
                        mask.filtered.push((*secret, start..mask.text.len()));
                        continue;
                    }
                    let (masked, number) = (mask.text.len(), mask.occurrences.len());
                    let token_len = token.len();
                    mask.occurrences.push(Occurrence { secret: *secret, offset: *offset, masked, token_len });
                    mask.text.push(&prefix);
                    mask.text.push(format!("{number:07}q").as_bytes());
                }
            }
        }
        Some(mask)
    }

    /// The whole masked text. It may hold what filters have made of values, hence its buffer.
    pub(in crate::template) fn text(&self) -> &[u8] {
        self.text.expose()
    }

    /// What every marker starts with.
    pub(in crate::template) fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// Takes text apart that holds markers: masked text, or what a reader made of it.
    pub(in crate::template) fn parts<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = Part<'t>> + 't {
        let mut rest = text;
        std::iter::from_fn(move || {
            if let Some(number) = self.number(rest) {
                rest = &rest[MARKER_LEN..];
                return Some(Part::Value(number));
            }
            if rest.is_empty() {
                return None;
            }
            let end = memmem::find_iter(rest, &self.prefix).find(|at| self.number(&rest[*at..]).is_some());
            let (text, behind) = rest.split_at(end.unwrap_or(rest.len()));
            rest = behind;
            Some(Part::Text(text))
        })
    }

    /// The values of a text, in order.
    pub(in crate::template) fn values<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = usize> + 't {
        self.parts(text).filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Value(occurrence) => Some(occurrence),
        })
    }

    /// The value that is all of `text`.
    pub(in crate::template) fn whole(&self, text: &[u8]) -> Option<usize> {
        if text.len() == MARKER_LEN { self.number(text) } else { None }
    }

    /// The place in the template of a place in the masked text; inside a marker it is the start of its token.
    pub(in crate::template) fn template_offset(&self, masked: usize) -> usize {
        let masked = masked.min(self.text().len());
        let before = self.occurrences.partition_point(|occurrence| occurrence.masked <= masked);
        match before.checked_sub(1).map(|last| self.occurrences[last]) {
            None => masked,
            Some(last) if masked < last.masked + MARKER_LEN => last.offset,
            Some(last) => last.offset + last.token_len + (masked - last.masked - MARKER_LEN),
        }
    }

    fn number(&self, text: &[u8]) -> Option<usize> {
        let digits = text.get(..MARKER_LEN)?.strip_prefix(&self.prefix)?.strip_suffix(b"q")?;
        let number: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
        (number < self.occurrences.len()).then_some(number)
    }
}

/// A start for markers that the template does not hold. It begins with a capital Z, which follows a backslash in no
/// format's escapes, and cannot arise where a marker touches other text, for it holds no second Z.
fn free_prefix<'v>(
    segments: &[Segment<'_>],
    filtered: &impl Fn(SecretIndex) -> Option<&'v [u8]>,
) -> Option<[u8; PREFIX_LEN]> {
    let taken = |prefix: &[u8]| {
        segments.iter().any(|segment| {
            let text = match segment {
                Segment::Literal(text) => Some(*text),
                Segment::Value { secret, .. } => filtered(*secret),
            };
            text.is_some_and(|text| memmem::find(text, prefix).is_some())
        })
    };
    let mut prefixes = (0..100_000u32).map(|number| format!("Zs{number:05}x"));
    prefixes.find(|prefix| !taken(prefix.as_bytes()))?.as_bytes().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: Segment<'_> = Segment::Value { secret: SecretIndex(3), offset: 5, token: b"@a@" };

    #[test]
    fn a_marker_is_never_text_of_the_template() {
        let mask = Mask::new(&[Segment::Literal(b"Zs00000x0000000q"), VALUE, Segment::Literal(b"Zs00001x")], |_| None)
            .unwrap();
        let parts: Vec<_> = mask.parts(mask.text()).collect();
        let [Part::Text(b"Zs00000x0000000q"), Part::Value(0), Part::Text(b"Zs00001x")] = parts[..] else {
            panic!("{:?}", String::from_utf8_lossy(mask.text()))
        };
    }

    #[test]
    fn places_in_the_masked_text_lead_back_to_the_template() {
        let mask = Mask::new(&[Segment::Literal(b"abcde"), VALUE, Segment::Literal(b"fg")], |_| None).unwrap();
        for (masked, offset) in [(0, 0), (5, 5), (20, 5), (21, 8), (22, 9)] {
            assert_eq!(mask.template_offset(masked), offset, "{masked}");
        }
    }
}
