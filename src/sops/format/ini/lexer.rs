//! The pieces of an INI line: white space, comment signs, section names and key names.

use nom::bytes::complete::{tag, take_till, take_till1, take_until};
use nom::character::complete::one_of;
use nom::sequence::delimited;
use nom::{IResult, Parser};

/// The quote around values with line feeds.
const TRIPLE: &str = "\"\"\"";

/// White space past ASCII, as Go's `unicode.IsSpace` has it. Rust's `char::is_whitespace` is the same set.
const WIDE_SPACES: [&str; 19] = [
    "\u{85}", "\u{a0}", "\u{1680}", "\u{2000}", "\u{2001}", "\u{2002}", "\u{2003}", "\u{2004}", "\u{2005}", "\u{2006}",
    "\u{2007}", "\u{2008}", "\u{2009}", "\u{200a}", "\u{2028}", "\u{2029}", "\u{202f}", "\u{205f}", "\u{3000}",
];

/// Whether a byte is ASCII white space; unlike Rust's own list, Go's has the vertical tab.
fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

/// Drops white space at the start.
pub(super) fn trim_start(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [first, rest @ ..] if is_space(*first) => rest,
            [0x80..=0xff, ..] => match WIDE_SPACES.iter().find_map(|space| text.strip_prefix(space.as_bytes())) {
                Some(rest) => rest,
                None => return text,
            },
            _ => return text,
        };
    }
}

/// Drops white space on both ends.
pub(super) fn trim(text: &[u8]) -> &[u8] {
    let mut text = trim_start(text);
    loop {
        text = match text {
            [rest @ .., last] if is_space(*last) => rest,
            [.., 0x80..=0xff] => match WIDE_SPACES.iter().find_map(|space| text.strip_suffix(space.as_bytes())) {
                Some(rest) => rest,
                None => return text,
            },
            _ => return text,
        };
    }
}

/// The part of `text` from its first comment sign on.
pub(super) fn comment_in(text: &[u8]) -> Option<&[u8]> {
    memchr::memchr2(b'#', b';', text).map(|at| &text[at..])
}

/// Drops the signs and blanks before a comment: `;` where it starts with one, else `#`.
pub(super) fn strip_signs(comment: &[u8]) -> &[u8] {
    let Some(sign) = comment.first().filter(|sign| matches!(sign, b';' | b'#')) else { return comment };
    let signs = comment.iter().take_while(|byte| *byte == sign || **byte == b' ').count();
    &comment[signs..]
}

/// The name of a section line, up to its **last** `]`, and what follows.
pub(super) fn section(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.strip_prefix(b"[")?;
    let end = memchr::memrchr(b']', line)?;
    Some((&line[..end], &line[end + 1..]))
}

/// The name of a key, trimmed, and what follows its `=` or `:`.
///
/// The name may stand in `"""`, `"` or `` ` ``; what is between the closing quote and the delimiter is skipped.
pub(super) fn key(line: &[u8]) -> IResult<&[u8], &[u8]> {
    let (rest, name) = match key_quote(line) {
        Some(quote) => {
            let (rest, name) = delimited(tag(quote), take_until(quote), tag(quote)).parse(line)?;
            let (rest, _) = take_till(is_delimiter).parse(rest)?;
            (rest, name)
        }
        None => take_till1(is_delimiter).parse(line)?,
    };
    let (value, _) = one_of("=:").parse(rest)?;
    Ok((value, trim(name)))
}

/// The quote that a key's name starts with. Go takes `"""` only where more than six bytes follow in all.
fn key_quote(line: &[u8]) -> Option<&'static str> {
    match line {
        [b'"', b'"', b'"', ..] if line.len() > 6 => Some(TRIPLE),
        [b'"', ..] => Some("\""),
        [b'`', ..] => Some("`"),
        _ => None,
    }
}

/// The quote that a value starts with and that lets it span lines. `"""` alone at the file's end is plain text.
pub(super) fn value_quote(value: &[u8]) -> Option<&'static str> {
    match value {
        [b'"', b'"', b'"', _, ..] => Some(TRIPLE),
        [b'`', ..] => Some("`"),
        _ => None,
    }
}

/// Drops one pair of `'` or `"` around a value, if that quote stands nowhere inside.
pub(super) fn unquote(value: &[u8]) -> &[u8] {
    match value {
        [first @ (b'\'' | b'"'), inner @ .., last] if first == last && !inner.contains(first) => inner,
        _ => value,
    }
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'=' | b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_that_of_go() {
        let all: String = (0..0x11_0000).filter_map(char::from_u32).filter(|char| char.is_whitespace()).collect();
        assert_eq!(trim_start(all.as_bytes()), b"");
        assert_eq!(trim(format!("{all}a{all}b{all}").as_bytes()), format!("a{all}b").as_bytes());
        assert_eq!(trim(b" \x85\xa0\xe2\x80 "), b"\x85\xa0\xe2\x80");
        assert_eq!(trim("\u{180e}\u{200b}\u{feff}".as_bytes()), "\u{180e}\u{200b}\u{feff}".as_bytes());
    }

    #[test]
    fn a_key_ends_at_its_first_delimiter_outside_of_quotes() {
        for (line, name, value) in [
            ("a=b=c", "a", "b=c"),
            ("a b \t: x", "a b", " x"),
            ("`a=b`=c", "a=b", "c"),
            ("\"a:b\" junk = c", "a:b", " c"),
            ("\"\"\"a`\"b\"\"\"=c", "a`\"b", "c"),
            ("\"\"=c", "", "c"),
            ("\"\"\"=c", "", "c"),
            ("a\"b\"=c", "a\"b\"", "c"),
        ] {
            assert_eq!(key(line.as_bytes()).unwrap(), (value.as_bytes(), name.as_bytes()), "{line}");
        }
        for line in ["=a", ":", "a", "`a=b", "\"a\"", "\"\"\"\"\"\"name\"\"\""] {
            assert!(key(line.as_bytes()).is_err(), "{line}");
        }
    }

    #[test]
    fn quotes_come_off_in_pairs_that_hold_none_of_their_kind() {
        for (value, bare) in [
            ("'a'", "a"),
            ("\"a'b\"", "a'b"),
            ("\"\"", ""),
            ("\"", "\""),
            ("'a'b'", "'a'b'"),
            ("'a\"", "'a\""),
            ("\"\"\"", "\"\"\""),
        ] {
            assert_eq!(unquote(value.as_bytes()), bare.as_bytes());
        }
    }

    #[test]
    fn comment_signs_come_off_as_sops_strips_them() {
        for (comment, text) in
            [("; a", "a"), (";; ;a;", "a;"), (";#a", "#a"), ("## ;a", ";a"), ("a", "a"), (" ;a", " ;a"), (";", "")]
        {
            assert_eq!(strip_signs(comment.as_bytes()), text.as_bytes());
        }
    }
}
