//! A finished file, and where its values stand in it: for previews and diffs, which show the file without them.

use super::render::{RenderError, render};
use super::scan::Segment;
use super::tokens::SecretIndex;
use crate::secret::SecretBytes;
use std::ops::Range;

/// How a value is written in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Byte for byte.
    AsItIs,
    /// With escapes, or as several lines with an indentation.
    Escaped,
    /// As a number or a boolean, which it is in its sops file.
    Bare,
    /// By the filters of its expression.
    Filtered,
}

/// A value in a finished file.
#[derive(Debug, Clone)]
pub struct Insert {
    /// Which value.
    pub value: SecretIndex,
    /// Its bytes in the file.
    pub span: Range<usize>,
    /// The same with quotes that stand directly around it and were written with it.
    pub quoted: Range<usize>,
    /// How it is written.
    pub form: Form,
}

/// A finished file.
#[derive(Debug)]
pub struct Finished {
    /// All of it.
    pub bytes: SecretBytes,
    /// Its values, in order; they do not overlap.
    inserts: Vec<Insert>,
}

/// A stretch of a finished file.
#[derive(Debug, Clone, Copy)]
pub enum Part<'f> {
    /// Text of the template; never empty.
    Own(&'f [u8]),
    /// A value, as it is written.
    Value(&'f Insert, &'f [u8]),
}

impl Finished {
    /// The segments with their values put in as they are.
    pub(super) fn raw<'v>(
        segments: &[Segment<'_>],
        value: impl Fn(SecretIndex) -> &'v [u8],
    ) -> Result<Self, RenderError> {
        let bytes = render(segments, &value)?;
        let mut inserts = Vec::new();
        let mut at = 0;
        for segment in segments {
            let start = at;
            match segment {
                Segment::Literal(text) => at += text.len(),
                Segment::Value { secret, .. } => {
                    at += value(*secret).len();
                    let span = start..at;
                    inserts.push(Insert { value: *secret, quoted: span.clone(), span, form: Form::AsItIs });
                }
            }
        }
        Ok(Self { bytes, inserts })
    }

    /// A file with values at these places, in any order. Where two overlap, the first takes the other in.
    pub(super) fn new(bytes: SecretBytes, mut inserts: Vec<Insert>) -> Self {
        inserts.sort_by_key(|insert| insert.quoted.start);
        inserts.dedup_by(|next, last| {
            let overlaps = next.quoted.start < last.quoted.end;
            if overlaps {
                last.quoted.end = last.quoted.end.max(next.quoted.end);
                last.span = last.quoted.clone();
            }
            overlaps
        });
        Self { bytes, inserts }
    }

    /// The file in stretches: each value without the quotes around it.
    pub fn parts(&self) -> Vec<Part<'_>> {
        self.cut(|insert| &insert.span)
    }

    /// The file in stretches: the quotes that were written for a value belong to it, as another value there may need
    /// none.
    pub fn quoted_parts(&self) -> Vec<Part<'_>> {
        self.cut(|insert| &insert.quoted)
    }

    fn cut(&self, span: impl Fn(&Insert) -> &Range<usize>) -> Vec<Part<'_>> {
        let bytes = self.bytes.expose();
        let mut parts = Vec::with_capacity(self.inserts.len() * 2 + 1);
        let mut done = 0;
        let own = |range: Range<usize>| bytes.get(range).filter(|text| !text.is_empty()).map(Part::Own);
        for insert in &self.inserts {
            let span = span(insert);
            parts.extend(own(done..span.start));
            parts.push(Part::Value(insert, bytes.get(span.clone()).unwrap_or_default()));
            done = span.end;
        }
        parts.extend(own(done..bytes.len()));
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(value: usize, span: Range<usize>, quoted: Range<usize>) -> Insert {
        Insert { value: SecretIndex(value), span, quoted, form: Form::AsItIs }
    }

    fn shown(parts: Vec<Part<'_>>) -> String {
        let shown = parts.into_iter().map(|part| match part {
            Part::Own(text) => String::from_utf8_lossy(text).into_owned(),
            Part::Value(insert, bytes) => format!("<{}:{}>", insert.value.0, String::from_utf8_lossy(bytes)),
        });
        shown.collect()
    }

    #[test]
    fn quotes_belong_to_the_file_or_to_the_value() {
        let bytes = || SecretBytes::copy_of(b"a='x'y\n");
        let finished = Finished::new(bytes(), vec![insert(1, 5..6, 5..6), insert(0, 3..4, 2..5)]);
        assert_eq!(shown(finished.parts()), "a='<0:x>'<1:y>\n");
        assert_eq!(shown(finished.quoted_parts()), "a=<0:'x'><1:y>\n");
        assert_eq!(shown(Finished::new(bytes(), Vec::new()).parts()), "a='x'y\n");
    }

    #[test]
    fn what_overlaps_becomes_one_and_hides_both() {
        let inserts = vec![insert(0, 3..4, 2..5), insert(1, 4..6, 4..6)];
        let finished = Finished::new(SecretBytes::copy_of(b"a='x'y\n"), inserts);
        assert_eq!(shown(finished.parts()), "a=<0:'x'y>\n");
    }
}
