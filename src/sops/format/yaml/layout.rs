//! Where comments stand when a tree is written: above, behind or below a node, as sops's YAML store hangs them.

use crate::sops::format::WriteError;
use crate::sops::tree::{Comment, Entry, Item, Plain, Value};

/// A value with the comments around it, ready for the emitter.
pub(super) struct Node<'v> {
    /// Comment lines above the node, without `#`.
    pub head: Vec<&'v [u8]>,
    /// Comment lines behind the node.
    pub line: Vec<&'v [u8]>,
    /// Comment lines below the node.
    pub foot: Vec<&'v [u8]>,
    /// The node itself.
    pub kind: Kind<'v>,
}

pub(super) enum Kind<'v> {
    Scalar(&'v Value<'v, Plain>),
    Key(&'v [u8]),
    /// Keys and values.
    Map(Vec<(Node<'v>, Node<'v>)>),
    List(Vec<Node<'v>>),
}

/// Deepest nesting written; the readers stop earlier.
const DEPTH_MAX: usize = 200;

impl<'v> Node<'v> {
    fn bare(kind: Kind<'v>) -> Self {
        Self { head: Vec::new(), line: Vec::new(), foot: Vec::new(), kind }
    }

    /// The node of a value. `depth` counts the collections around it.
    pub(super) fn of(value: &'v Value<'v, Plain>, depth: usize) -> Result<Self, WriteError> {
        match value {
            Value::Map(entries) => Self::map(entries, depth),
            Value::List(items) => Self::list(items, depth),
            _ => Ok(Self::bare(Kind::Scalar(value))),
        }
    }

    /// The node of a map: its first comments stand above the map, later ones above the next key, the last ones below
    /// the last pair.
    pub(super) fn map(entries: &'v [Entry<'v, Plain>], depth: usize) -> Result<Self, WriteError> {
        check_depth(depth)?;
        let (mut waiting, mut pairs, mut head) = (Waiting::default(), Vec::new(), Vec::new());
        for entry in entries {
            match entry {
                Entry::Comment(comment) => waiting.add(comment),
                Entry::Pair(key, value) => {
                    if pairs.is_empty() {
                        head = std::mem::take(&mut waiting.above);
                    }
                    let mut key = Self::bare(Kind::Key(key));
                    key.head = std::mem::take(&mut waiting.above);
                    let mut value = Self::of(value, depth + 1)?;
                    value.line.append(&mut waiting.behind);
                    pairs.push((key, value));
                }
            }
        }
        match pairs.last_mut() {
            Some((key, _)) => key.foot = waiting.rest(),
            None => head = waiting.rest(),
        }
        Ok(Self { head, ..Self::bare(Kind::Map(pairs)) })
    }

    /// The node of a list, with the same rules.
    fn list(items: &'v [Item<'v, Plain>], depth: usize) -> Result<Self, WriteError> {
        check_depth(depth)?;
        let (mut waiting, mut nodes, mut head) = (Waiting::default(), Vec::<Self>::new(), Vec::new());
        for item in items {
            match item {
                Item::Comment(comment) => waiting.add(comment),
                Item::Value(value) => {
                    if nodes.is_empty() {
                        head = std::mem::take(&mut waiting.above);
                    }
                    let mut node = Self::of(value, depth + 1)?;
                    waiting.above.append(&mut node.head);
                    node.head = std::mem::take(&mut waiting.above);
                    node.line.append(&mut waiting.behind);
                    nodes.push(node);
                }
            }
        }
        match nodes.last_mut() {
            Some(last) => last.foot = waiting.rest(),
            None => head = waiting.rest(),
        }
        Ok(Self { head, ..Self::bare(Kind::List(nodes)) })
    }
}

/// Comments that have not met their value yet.
#[derive(Default)]
struct Waiting<'v> {
    above: Vec<&'v [u8]>,
    behind: Vec<&'v [u8]>,
}

impl<'v> Waiting<'v> {
    fn add(&mut self, comment: &'v Comment<Plain>) {
        let place = if comment.inline { &mut self.behind } else { &mut self.above };
        place.push(comment.text.expose());
    }

    fn rest(mut self) -> Vec<&'v [u8]> {
        self.above.append(&mut self.behind);
        self.above
    }
}

fn check_depth(depth: usize) -> Result<(), WriteError> {
    if depth < DEPTH_MAX {
        Ok(())
    } else {
        Err(WriteError(format!("maps and lists are nested deeper than {DEPTH_MAX}")))
    }
}
