//! Where a block of Lua ends in nginx's configuration: at its `}`, where strings and comments of Lua do not count.
//!
//! What is not certain to be the same to Lua and to lua-nginx-module, which cuts the block out, is an error.

use super::Broken;

/// The place of the `}` that ends the block which starts at `start`, behind its `{`.
pub(super) fn end(text: &[u8], start: usize) -> Result<usize, Broken> {
    let wrong = Broken::new(start, "this Lua block does not end, or a string in it");
    let (mut at, mut depth) = (start, 0usize);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += match rest {
            [] | [0, ..] => return Err(wrong),
            [b'{', ..] => {
                depth += 1;
                1
            }
            [b'}', ..] if depth == 0 => return Ok(at),
            [b'}', ..] => {
                depth -= 1;
                1
            }
            [quote @ (b'"' | b'\''), inner @ ..] => 1 + quoted(inner, *quote).ok_or(wrong.clone())?,
            [b'-', b'-', comment @ ..] => match long(comment) {
                Some(open) => 2 + closed(comment, open).ok_or(wrong.clone())?,
                None => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            },
            [b'[', ..] => match long(rest) {
                Some(open) => closed(rest, open).ok_or(wrong.clone())?,
                None => 1,
            },
            _ => 1,
        };
    }
}

/// Length of what stands in quotes, with the last quote.
fn quoted(text: &[u8], quote: u8) -> Option<usize> {
    let mut at = 0;
    loop {
        match text.get(at)? {
            byte if *byte == quote => return Some(at + 1),
            // The module takes the string for ended at a line that ends in a backslash.
            b'\\' if matches!(text.get(at + 1), Some(b'\n' | b'\r')) => return None,
            b'\\' => at += 2,
            b'\n' | b'\r' | 0 => return None,
            _ => at += 1,
        }
    }
}

/// Length of `[[` or `[==[`.
fn long(text: &[u8]) -> Option<usize> {
    let inner = text.strip_prefix(b"[")?;
    let signs = inner.iter().take_while(|byte| **byte == b'=').count();
    (inner.get(signs) == Some(&b'[')).then_some(signs + 2)
}

/// Length of a long string or comment whose opening bracket is `open` bytes long.
fn closed(text: &[u8], open: usize) -> Option<usize> {
    let close: Vec<u8> = text[..open].iter().map(|byte| if *byte == b'[' { b']' } else { *byte }).collect();
    memchr::memmem::find(&text[open..], &close).map(|at| open + at + close.len())
}
