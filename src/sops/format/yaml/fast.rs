//! A line reader for the narrow YAML that sops itself writes; many times faster than the reader for all of YAML.
//!
//! It takes a file only if every line has a shape whose meaning needs no YAML parser, and declines otherwise. What it
//! takes it reads exactly as the other reader does; tests hold both to that.

use super::fast_line::{self as line, Content, Leaf};
use super::{scalar, write_scalar};
use crate::sops::tree::{Comment, Document, Entry, Item, Key, Locked, Value};
use std::borrow::Cow;
use std::collections::HashSet;

/// Deepest nesting taken.
const DEPTH_MAX: usize = 64;
/// Maps up to this size are searched for repeated keys pair by pair.
const SMALL_MAP: usize = 8;

type Tree<'a> = Value<'a, Locked<'a>>;

/// Reads a file; None where it is not surely in the narrow shape.
pub(super) fn read(text: &str) -> Option<Vec<Document<'_, Locked<'_>>>> {
    if !has_plain_characters(text) {
        return None;
    }
    let mut reader = Reader { lines: Lines { rest: text }, frames: Vec::new(), gap: Gap::default(), done: Vec::new() };
    while let Some(text) = reader.lines.next()? {
        reader.line(text)?;
    }
    if !reader.gap.comments.is_empty() {
        return None;
    }
    reader.end_document()?;
    Some(reader.done)
}

/// Only LF and printable characters, so that no character has a meaning of its own.
fn has_plain_characters(text: &str) -> bool {
    let is_odd = |byte: &u8| (*byte < b' ' && *byte != b'\n') || *byte >= 0x7F;
    let has_odd = text.as_bytes().chunks(256).any(|chunk| chunk.iter().fold(false, |odd, byte| odd | is_odd(byte)));
    let is_plain =
        |c: char| c > '\u{FFFF}' || write_scalar::is_printable(c) && (c == '\n' || !write_scalar::is_break(c));
    !has_odd || text.chars().all(is_plain)
}

/// Lines that all end with LF.
struct Lines<'a> {
    rest: &'a str,
}

impl<'a> Lines<'a> {
    /// The next line; None inside where the file ends, None outside where its last line has no end.
    fn next(&mut self) -> Option<Option<&'a str>> {
        if self.rest.is_empty() {
            return Some(None);
        }
        let end = memchr::memchr(b'\n', self.rest.as_bytes())?;
        let line = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        Some(Some(line))
    }
}

/// Blank and comment lines since the last line with content.
#[derive(Default)]
struct Gap<'a> {
    has_blank: bool,
    /// Column and text.
    comments: Vec<(usize, &'a str)>,
}

/// A block collection that is open.
struct Frame<'a> {
    column: usize,
    kind: Kind<'a>,
}

enum Kind<'a> {
    /// Entries, and a key that waits for its value on the next lines.
    Map(Vec<Entry<'a, Locked<'a>>>, Option<Key<'a>>),
    List(Vec<Item<'a, Locked<'a>>>),
}

struct Reader<'a> {
    lines: Lines<'a>,
    frames: Vec<Frame<'a>>,
    gap: Gap<'a>,
    done: Vec<Document<'a, Locked<'a>>>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, text: &'a str) -> Option<()> {
        let content = text.trim_start_matches(' ');
        let column = text.len() - content.len();
        if content.is_empty() {
            self.gap.has_blank = true;
            return (column == 0).then_some(());
        }
        if let Some(comment) = content.strip_prefix('#') {
            self.gap.comments.push((column, comment));
            return Some(());
        }
        let gap = std::mem::take(&mut self.gap);
        if gap.has_blank && !gap.comments.is_empty() {
            return None;
        }
        if text == "---" {
            return if gap.comments.is_empty() { self.end_document() } else { None };
        }
        self.place(column, content, gap.comments)?;
        self.content(column, content)
    }

    /// Closes and opens collections so that the innermost one stands at `column`, and puts the comments in.
    fn place(&mut self, column: usize, content: &str, comments: Vec<(usize, &'a str)>) -> Option<()> {
        let innermost = self.frames.last().map(|frame| frame.column);
        let is_child = match self.frames.last() {
            None => true,
            Some(Frame { kind: Kind::Map(_, Some(_)), column: parent }) => {
                // A key without a value; comments there could belong to either side.
                if column <= *parent && !comments.is_empty() {
                    return None;
                }
                column > *parent
            }
            Some(_) => false,
        };
        if is_child {
            if innermost.is_none() && column != 0 || self.frames.len() >= DEPTH_MAX {
                return None;
            }
            let kind = if content.starts_with("- ") { Kind::List(Vec::new()) } else { Kind::Map(Vec::new(), None) };
            self.frames.push(Frame { column, kind });
            return comments.into_iter().try_for_each(|comment| self.comment(comment, column));
        }
        let mut comments = comments.into_iter().peekable();
        // Comments further in than this line stand below the line before, whichever column they have.
        let below = comments.peek().map(|(at, _)| *at).filter(|at| *at > column && Some(*at) <= innermost);
        while let Some((_, text)) = comments.next_if(|(at, _)| Some(*at) == below) {
            self.add_comment(text, false)?;
        }
        while self.frames.last()?.column > column {
            self.close()?;
        }
        comments.try_for_each(|comment| self.comment(comment, column))?;
        (self.frames.last()?.column == column).then_some(())
    }

    fn comment(&mut self, (at, text): (usize, &'a str), column: usize) -> Option<()> {
        if at != column {
            return None;
        }
        self.add_comment(text, false)
    }

    fn add_comment(&mut self, text: &'a str, inline: bool) -> Option<()> {
        let comment = Comment { text: Cow::Borrowed(text.as_bytes()), inline };
        match &mut self.frames.last_mut()?.kind {
            Kind::Map(entries, _) => entries.push(Entry::Comment(comment)),
            Kind::List(items) => items.push(Item::Comment(comment)),
        }
        Some(())
    }

    /// A line from its first character on: `key: value`, `- value`, `- key: value`, `- - value`.
    fn content(&mut self, column: usize, content: &'a str) -> Option<()> {
        let is_list = matches!(self.frames.last()?.kind, Kind::List(_));
        match line::split(content)? {
            Content::Item(rest) if is_list => {
                if let Content::Leaf = line::split(rest)? {
                    return self.leaf(column, rest, None);
                }
                let kind = if rest.starts_with("- ") { Kind::List(Vec::new()) } else { Kind::Map(Vec::new(), None) };
                if self.frames.len() >= DEPTH_MAX {
                    return None;
                }
                self.frames.push(Frame { column: column + 2, kind });
                self.content(column + 2, rest)
            }
            Content::Pair(key, rest) if !is_list => {
                self.settle_key()?;
                if scalar::resolve(key.resolvable) != scalar::Scalar::Text {
                    return None;
                }
                let key = Cow::Borrowed(key.text.as_bytes());
                if rest.is_empty() {
                    let Kind::Map(_, waiting) = &mut self.frames.last_mut()?.kind else { return None };
                    *waiting = Some(key);
                    return Some(());
                }
                self.leaf(column, rest, Some(key))
            }
            _ => None,
        }
    }

    /// A value on the line of its key or dash, or a block scalar that starts there.
    fn leaf(&mut self, column: usize, text: &'a str, key: Option<Key<'a>>) -> Option<()> {
        let (value, comment) = match line::leaf(text)? {
            Leaf::Value(value, comment) => (value, comment),
            Leaf::Block { keeps_break } => (self.block(column, keeps_break)?, None),
        };
        if let Some(comment) = comment {
            self.add_comment(comment, true)?;
        }
        self.add(key, value)
    }

    fn add(&mut self, key: Option<Key<'a>>, value: Tree<'a>) -> Option<()> {
        match (&mut self.frames.last_mut()?.kind, key) {
            (Kind::Map(entries, _), Some(key)) => entries.push(Entry::Pair(key, value)),
            (Kind::List(items), None) => items.push(Item::Value(value)),
            _ => return None,
        }
        Some(())
    }

    /// A literal block: the lines that are indented as its first one is.
    fn block(&mut self, parent: usize, keeps_break: bool) -> Option<Tree<'a>> {
        let first = self.lines.rest;
        let indent = first.len() - first.trim_start_matches(' ').len();
        if indent <= parent || first[indent..].starts_with('\n') {
            return None;
        }
        let (mut text, mut blanks) = (Vec::new(), 0);
        loop {
            let before = self.lines.rest;
            let Some(line) = self.lines.next()? else { break };
            if line.is_empty() {
                blanks += 1;
                continue;
            }
            let spaces = line.len() - line.trim_start_matches(' ').len();
            if spaces < indent {
                self.lines.rest = before;
                break;
            }
            if spaces == line.len() {
                return None;
            }
            text.extend(std::iter::repeat_n(b'\n', std::mem::take(&mut blanks)));
            text.extend_from_slice(&line.as_bytes()[indent..]);
            text.push(b'\n');
        }
        self.gap.has_blank = blanks > 0;
        if !keeps_break {
            text.pop();
        }
        Some(Value::Text(Cow::Owned(text)))
    }

    /// A key whose value never came is null.
    fn settle_key(&mut self) -> Option<()> {
        if let Kind::Map(entries, waiting) = &mut self.frames.last_mut()?.kind
            && let Some(key) = waiting.take()
        {
            entries.push(Entry::Pair(key, Value::Null));
        }
        Some(())
    }

    /// Ends the innermost collection and gives it to the one around it.
    fn close(&mut self) -> Option<()> {
        let value = self.pop()?;
        let key = match &mut self.frames.last_mut()?.kind {
            Kind::Map(_, waiting) => Some(waiting.take()?),
            Kind::List(_) => None,
        };
        self.add(key, value)
    }

    fn pop(&mut self) -> Option<Tree<'a>> {
        self.settle_key()?;
        match self.frames.pop()?.kind {
            Kind::List(items) => Some(Value::List(items)),
            // go-yaml looks for repeated keys in the first document only.
            Kind::Map(entries, _) if !self.done.is_empty() || are_distinct(&entries) => Some(Value::Map(entries)),
            Kind::Map(..) => None,
        }
    }

    fn end_document(&mut self) -> Option<()> {
        while self.frames.len() > 1 {
            self.close()?;
        }
        let Value::Map(root) = self.pop()? else { return None };
        self.done.push(root);
        Some(())
    }
}

fn are_distinct(entries: &[Entry<'_, Locked<'_>>]) -> bool {
    let mut keys = entries.iter().filter_map(|entry| match entry {
        Entry::Pair(key, _) => Some(key.as_ref()),
        Entry::Comment(_) => None,
    });
    if entries.len() > SMALL_MAP {
        let mut seen = HashSet::with_capacity(entries.len());
        return keys.all(|key| seen.insert(key));
    }
    let mut seen = [[].as_slice(); SMALL_MAP];
    keys.enumerate().all(|(at, key)| {
        seen[at] = key;
        !seen[..at].contains(&key)
    })
}
