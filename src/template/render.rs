//! Puts values into a scanned template.

use super::scan::Segment;
use super::tokens::SecretIndex;
use crate::secret::{SecretBuf, SecretBytes};

/// Largest rendered file, in bytes (64 MiB). A large value named often would otherwise ask for any amount of memory.
pub const RENDERED_MAX_BYTES: usize = 64 << 20;

/// Why a template cannot be rendered.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The result would not fit the limit.
    #[error("the rendered file would be larger than {} MiB", RENDERED_MAX_BYTES >> 20)]
    TooLarge,
}

/// Renders in one pass into a buffer of exactly the right size. Values are data: they are copied, never scanned.
///
/// # Errors
/// Where the result would be larger than [`RENDERED_MAX_BYTES`].
pub fn render<'v>(
    segments: &[Segment<'_>],
    value: impl Fn(SecretIndex) -> &'v [u8],
) -> Result<SecretBytes, RenderError> {
    let mut len = 0usize;
    for segment in segments {
        len = len.saturating_add(piece(segment, &value).len());
    }
    if len > RENDERED_MAX_BYTES {
        return Err(RenderError::TooLarge);
    }
    let mut out = SecretBuf::with_capacity(len);
    for segment in segments {
        out.push(piece(segment, &value));
    }
    Ok(out.finish())
}

fn piece<'p, 'v: 'p>(segment: &Segment<'p>, value: &impl Fn(SecretIndex) -> &'v [u8]) -> &'p [u8] {
    match segment {
        Segment::Literal(text) => text,
        Segment::Value { secret, .. } => value(*secret),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Segment<'_> = Segment::Value { secret: SecretIndex(0), offset: 2, token: b"@a@" };

    #[test]
    fn values_stand_where_their_tokens_stood() {
        let segments = [Segment::Literal(b"k="), A, Segment::Literal(b"\xff\n"), A];
        assert_eq!(render(&segments, |_| b"v\0").unwrap().expose(), b"k=v\0\xff\nv\0");
        assert_eq!(render(&segments, |_| b"").unwrap().expose(), b"k=\xff\n");
        assert!(render(&[], |_| b"v").unwrap().is_empty());
    }

    #[test]
    fn a_result_that_is_too_large_is_refused_before_memory_is_asked_for() {
        let value = vec![b'x'; 1 << 20];
        assert!(render(&[A; 64], |_| &value).is_ok());
        assert_eq!(render(&[A; 65], |_| &value).unwrap_err(), RenderError::TooLarge);
        assert_eq!(render(&vec![A; 1 << 20], |_| &value).unwrap_err(), RenderError::TooLarge);
    }
}
