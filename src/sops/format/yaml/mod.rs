//! YAML files as sops reads and writes them: go-yaml v3 behind sops's own store (sops-format.md section 6.1).

mod comments;
mod fast;
mod fast_line;
mod layout;
mod nodes;
mod parse;
mod parse_collections;
mod read;
mod scalar;
mod tokens;
mod write;
mod write_scalar;
mod write_text;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_read;
#[cfg(test)]
mod tests_written;

use super::ParseError;
use crate::sops::tree::{Document, Locked};

pub use write::{write, write_value};

/// Reads a YAML file: every document, with its comments; the `sops` map stays where it is.
///
/// Aliases are expanded, a merge key stays as key `<<`, and plain scalars have the types go-yaml gives them.
///
/// # Errors
/// Where the bytes are not UTF-8 or not YAML, and where sops would refuse the document: a root that is not a map, a
/// key that is no string, a key that stands twice (first document only), an integer above 2^63 - 1.
pub fn read(bytes: &[u8]) -> Result<Vec<Document<'_, Locked<'_>>>, ParseError> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() + 1;
            return Err(ParseError { line, column: 0, what: "not UTF-8 text".to_owned() });
        }
    };
    match fast::read(text) {
        Some(documents) => Ok(documents),
        None => read_any(text),
    }
}

/// The reader for all of YAML.
fn read_any(text: &str) -> Result<Vec<Document<'_, Locked<'_>>>, ParseError> {
    let documents = read::documents(&parse::parse(tokens::scan(text)?)?)?;
    if documents.is_empty() {
        return Err(ParseError { line: 0, column: 0, what: "the file holds no document".to_owned() });
    }
    Ok(documents)
}
