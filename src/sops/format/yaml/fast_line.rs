//! The shapes of a line that [`super::fast`] takes.

use super::scalar::{self, Scalar};
use crate::sops::tree::{Locked, Value};
use std::borrow::Cow;

/// What stands on a line.
pub(super) enum Content<'a> {
    /// Behind `- `.
    Item(&'a str),
    /// A key and what stands behind its `: `.
    Pair(Name<'a>, &'a str),
    /// Neither.
    Leaf,
}

/// A key.
pub(super) struct Name<'a> {
    pub text: &'a str,
    /// What decides whether it is a string: the text itself, or a sure string where it stands in quotes.
    pub resolvable: &'a str,
}

/// A value.
pub(super) enum Leaf<'a> {
    /// The value and the comment behind it.
    Value(Value<'a, Locked<'a>>, Option<&'a str>),
    /// A literal block on the next lines.
    Block {
        /// Whether its last line break belongs to it.
        keeps_break: bool,
    },
}

/// Longest key taken, in bytes; YAML has a limit of its own, and sops writes longer ones in another form.
const KEY_MAX: usize = 128;

/// Tells items, pairs and other content apart; None where that is not sure.
pub(super) fn split(content: &str) -> Option<Content<'_>> {
    if let Some(rest) = content.strip_prefix("- ") {
        return (!rest.is_empty() && !rest.starts_with([' ', '#'])).then_some(Content::Item(rest));
    }
    if let Some((inside, behind)) = quoted(content) {
        if behind.is_empty() || behind.starts_with(' ') {
            return Some(Content::Leaf);
        }
        return pair(Name { text: inside, resolvable: "quoted" }, behind.strip_prefix(':')?);
    }
    let mut colons = memchr::memchr_iter(b':', content.as_bytes());
    let Some(colon) = colons.find(|colon| matches!(content.as_bytes().get(colon + 1), None | Some(b' '))) else {
        return Some(Content::Leaf);
    };
    let key = &content[..colon];
    let is_plain = starts_plain(key) && !key.ends_with(' ') && !key.contains(" #");
    if is_plain { pair(Name { text: key, resolvable: key }, &content[colon + 1..]) } else { None }
}

fn pair<'a>(key: Name<'a>, behind: &'a str) -> Option<Content<'a>> {
    if key.text.len() > KEY_MAX {
        return None;
    }
    if behind.is_empty() {
        return Some(Content::Pair(key, ""));
    }
    let value = behind.strip_prefix(' ')?;
    (!value.is_empty() && !value.starts_with([' ', '#'])).then_some(Content::Pair(key, value))
}

/// Reads a value that stands on one line.
pub(super) fn leaf(text: &str) -> Option<Leaf<'_>> {
    match text {
        "|" => return Some(Leaf::Block { keeps_break: true }),
        "|-" => return Some(Leaf::Block { keeps_break: false }),
        "[]" => return Some(Leaf::Value(Value::List(Vec::new()), None)),
        "{}" => return Some(Leaf::Value(Value::Map(Vec::new()), None)),
        _ => {}
    }
    if let Some((inside, behind)) = quoted(text) {
        let comment = if behind.is_empty() { None } else { Some(behind.strip_prefix(" #")?) };
        return Some(Leaf::Value(Value::Text(Cow::Borrowed(inside.as_bytes())), comment));
    }
    let has_blank = memchr::memchr(b' ', text.as_bytes()).is_some();
    let (plain, comment) = match if has_blank { text.split_once(" #") } else { None } {
        Some((plain, comment)) => (plain, Some(comment)),
        None => (text, None),
    };
    if !starts_plain(plain) || plain.ends_with([' ', ':']) || has_blank && plain.contains(": ") {
        return None;
    }
    let bytes = Cow::Borrowed(plain.as_bytes());
    let value = match scalar::resolve(plain) {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => Value::Bool(value),
        Scalar::Int(value) => Value::Int(value),
        Scalar::Float(value) => Value::Float(value),
        Scalar::Time(value) => Value::Time(value),
        Scalar::Text => Value::Text(bytes),
        Scalar::TooLarge => return None,
    };
    Some(Leaf::Value(value, comment))
}

/// Text in quotes without escapes, and what stands behind it. None where the text does not start with a quote, and
/// then [`starts_plain`] refuses what is odd about it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = *text.as_bytes().first().filter(|first| matches!(first, b'"' | b'\''))?;
    let end = 1 + memchr::memchr(quote, &text.as_bytes()[1..])?;
    let (inside, behind) = (&text[1..end], &text[end + 1..]);
    let has_escape = quote == b'"' && memchr::memchr(b'\\', inside.as_bytes()).is_some();
    (!has_escape && !behind.starts_with('\'')).then_some((inside, behind))
}

/// Whether text starts as only plain scalars do.
fn starts_plain(text: &str) -> bool {
    match text.as_bytes() {
        [b'-', second, ..] => *second != b' ' && !text.starts_with("---"),
        [first, ..] => {
            (first.is_ascii_alphanumeric()
                || !first.is_ascii()
                || matches!(first, b'_' | b'/' | b'+' | b'.' | b'~' | b'$' | b'<' | b'=' | b'(' | b'^'))
                && !text.starts_with("...")
        }
        [] => false,
    }
}
