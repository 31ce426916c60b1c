//! Makes any bytes safe to print on a terminal, as fd's `sanitize` does for file names.

use crate::secret::SecretBuf;

/// Control characters that pass unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// None: the result stays on one line.
    Nothing,
    /// Tab and line feed, which lay out a file.
    Layout,
}

/// Appends `text`; control characters become `\n`, `\r`, `\t` or `\u{1b}`, bytes that are not UTF-8 `\xff`.
///
/// So do the characters that reorder or hide the text around them (bidirectional controls, zero-width ones).
pub fn push_sanitized(out: &mut SecretBuf, text: &[u8], keep: Keep) {
    for chunk in text.utf8_chunks() {
        let valid = chunk.valid();
        let mut done = 0;
        for (at, c) in valid.char_indices().filter(|(_, c)| must_escape(*c, keep)) {
            out.push(&valid.as_bytes()[done..at]);
            for escaped in c.escape_default() {
                out.push(escaped.encode_utf8(&mut [0; 4]).as_bytes());
            }
            done = at + c.len_utf8();
        }
        out.push(&valid.as_bytes()[done..]);
        for byte in chunk.invalid() {
            out.push(format!("\\x{byte:02x}").as_bytes());
        }
    }
}

/// [`push_sanitized`] for text that is no secret, such as a template's.
pub fn sanitized(text: &[u8], keep: Keep) -> String {
    let mut out = SecretBuf::with_capacity(text.len());
    push_sanitized(&mut out, text, keep);
    String::from_utf8_lossy(out.expose()).into_owned()
}

fn must_escape(c: char, keep: Keep) -> bool {
    match c {
        '\t' | '\n' => keep == Keep::Nothing,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}' => true,
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_the_cursor_or_the_eye_gets_through() {
        let cases: [(&[u8], &str, &str); 7] = [
            (b"plain \xc3\xbc \xe2\x80\xb9", "plain ü ‹", "plain ü ‹"),
            (b"a\tb\n", "a\\tb\\n", "a\tb\n"),
            (b"\x1b[31m\x07", "\\u{1b}[31m\\u{7}", "\\u{1b}[31m\\u{7}"),
            (b"\r\n", "\\r\\n", "\\r\n"),
            (b"\xc2\x9b", "\\u{9b}", "\\u{9b}"),
            (b"a\xff\xfeb\xe2\x80", "a\\xff\\xfeb\\xe2\\x80", "a\\xff\\xfeb\\xe2\\x80"),
            ("\u{202e}x".as_bytes(), "\\u{202e}x", "\\u{202e}x"),
        ];
        for (text, one_line, layout) in cases {
            assert_eq!(sanitized(text, Keep::Nothing), one_line);
            assert_eq!(sanitized(text, Keep::Layout), layout);
        }
    }
}
