//! XML's document type declarations.

use super::Broken;

/// Where a declaration ends that starts at `start`.
pub(super) fn end(text: &[u8], start: usize) -> Result<usize, Broken> {
    let wrong = || Broken::new(start, "markup does not end");
    let behind = |at: usize, sign: &[u8]| -> Result<usize, Broken> {
        let found = memchr::memmem::find(text.get(at..).unwrap_or_default(), sign);
        found.map(|found| at + found + sign.len()).ok_or_else(wrong)
    };
    let (mut at, mut subset) = (start, false);
    while let Some(byte) = text.get(at) {
        let rest = &text[at..];
        at = match byte {
            b'"' | b'\'' => behind(at + 1, &[*byte])?,
            b'<' if rest.starts_with(b"<!--") => behind(at + 4, b"-->")?,
            b'<' if rest.starts_with(b"<?") => behind(at + 2, b"?>")?,
            b'>' if !subset => return Ok(at + 1),
            _ => {
                subset = (subset || *byte == b'[') && *byte != b']';
                at + 1
            }
        };
    }
    Err(wrong())
}

/// Whether a declaration, or the file it names, may say that an attribute is made of words, of which readers take the
/// blanks away.
pub(super) fn may_declare_words(doctype: &[u8]) -> bool {
    let signs = [&b"<!ATTLIST"[..], b"SYSTEM", b"PUBLIC"];
    signs.into_iter().any(|sign| memchr::memmem::find(doctype, sign).is_some())
}
