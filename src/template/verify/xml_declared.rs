//! What an XML document declares about itself.

use super::Broken;

/// The declaration, as far as it decides how values are written.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::template) struct Declared {
    /// The encoding has ASCII in common with UTF-8 and no more: all else must be a reference.
    pub ascii: bool,
    /// XML 1.1, in which more characters end a line or must be references.
    pub newer: bool,
}

/// Reads the declaration at the start of a document, if there is one.
pub(in crate::template) fn declared(text: &[u8]) -> Result<Declared, Broken> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let rest = text.strip_prefix(b"<?xml").filter(|rest| rest.first().is_some_and(u8::is_ascii_whitespace));
    let Some(rest) = rest else { return Ok(Declared::default()) };
    let end = memchr::memmem::find(rest, b"?>").unwrap_or(rest.len());
    let head = &rest[..end];
    let ascii = match attribute(head, b"encoding").map(<[u8]>::to_ascii_lowercase).as_deref() {
        None | Some(b"utf-8" | b"utf8") => false,
        Some(b"us-ascii" | b"ascii" | b"latin1") => true,
        Some(name) if name.starts_with(b"iso-8859-") || name.starts_with(b"windows-125") => true,
        Some(_) => return Err(Broken::new(0, "the declared encoding is not known here: declare UTF-8")),
    };
    Ok(Declared { ascii, newer: attribute(head, b"version") == Some(b"1.1") })
}

fn attribute<'t>(head: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    let rest = &head[memchr::memmem::find(head, name)? + name.len()..];
    let (quote, rest) = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start().split_first()?;
    let end = rest.iter().position(|byte| byte == quote)?;
    matches!(quote, b'"' | b'\'').then_some(&rest[..end])
}
