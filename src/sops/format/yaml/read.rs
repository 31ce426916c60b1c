//! Nodes to documents: types, aliases and comments as sops's YAML store takes them from go-yaml.

use super::comments::{Lines, Mark};
use super::nodes::{Id, Kind, Nodes, Root, Tag, Text};
use super::scalar::{self, Scalar};
use super::tokens::too_deep;
use crate::sops::format::ParseError;
use crate::sops::tree::{Comment, Document, Entry, Item, Key, Locked, Value};
use std::borrow::Cow;
use std::collections::HashSet;

/// Most nodes that aliases may add to a file. Stops files that grow without bound when their aliases are expanded.
const ALIASED_NODES_MAX: usize = 400_000;
/// Deepest nesting once aliases are expanded.
const DEPTH_MAX: usize = 160;
/// Maps up to this size are searched for repeated keys pair by pair.
const SMALL_MAP: usize = 8;

type Entries<'a> = Vec<Entry<'a, Locked<'a>>>;

/// Makes documents of nodes.
///
/// # Errors
/// Where a document is not a map, a key is no string or stands twice, or a value has no form in sops.
pub(super) fn documents<'a>(nodes: &Nodes<'a>) -> Result<Vec<Document<'a, Locked<'a>>>, ParseError> {
    let mut reader = Reader { nodes, aliases: Vec::new(), aliased: 0, depth: 0, refuses_repeats: true };
    let mut documents = Vec::new();
    for root in &nodes.documents {
        documents.push(reader.document(root)?);
        // go-yaml looks for repeated keys in the first document only.
        reader.refuses_repeats = false;
    }
    Ok(documents)
}

struct Reader<'n, 'a> {
    nodes: &'n Nodes<'a>,
    /// The aliases that are being expanded.
    aliases: Vec<Id>,
    /// Nodes made inside aliases so far.
    aliased: usize,
    depth: usize,
    refuses_repeats: bool,
}

impl<'n, 'a> Reader<'n, 'a> {
    fn document(&mut self, root: &Root<'a>) -> Result<Document<'a, Locked<'a>>, ParseError> {
        let mut entries = Vec::new();
        add_comments(&mut entries, &root.head);
        let is_null = self.root(root.node, &mut entries)?;
        if !is_null {
            add_comments(&mut entries, &self.nodes[root.node].foot);
        }
        add_comments(&mut entries, &root.foot);
        Ok(entries)
    }

    /// The root map into `entries`; true where there is nothing.
    fn root(&mut self, id: Id, entries: &mut Entries<'a>) -> Result<bool, ParseError> {
        let node = &self.nodes[id];
        add_comments(entries, &node.head);
        add_comments(entries, &node.line);
        match &node.kind {
            Kind::Map(pairs) => self.map(pairs, entries).map(|()| false),
            Kind::Alias(target) => self.expand(*target, id, |reader| reader.root(*target, entries)),
            Kind::Scalar(text) if matches!(self.scalar(text, node.mark)?, Value::Null) => Ok(true),
            Kind::List(_) => refuse(node.mark, "the document is a list, and sops needs a map"),
            Kind::Scalar(_) => refuse(node.mark, "the document is a single value, and sops needs a map"),
        }
    }

    fn map(&mut self, pairs: &'n [(Id, Id)], entries: &mut Entries<'a>) -> Result<(), ParseError> {
        self.check_repeats(pairs)?;
        for &(key_id, value_id) in pairs {
            let (key, value) = (&self.nodes[key_id], &self.nodes[value_id]);
            add_comments(entries, &key.head);
            add_comments(entries, &key.line);
            let is_leaf = matches!(value.kind, Kind::Scalar(_) | Kind::Alias(_));
            if is_leaf {
                add_comments(entries, &value.head);
                add_inline_comments(entries, &value.line);
            }
            let name = self.key(key_id)?;
            let tree = self.value(value_id, is_leaf)?;
            entries.push(Entry::Pair(name, tree));
            if is_leaf {
                add_comments(entries, &value.foot);
            }
            add_comments(entries, &key.foot);
        }
        Ok(())
    }

    fn value(&mut self, id: Id, has_comments_done: bool) -> Result<Value<'a, Locked<'a>>, ParseError> {
        let node = &self.nodes[id];
        if !self.aliases.is_empty() {
            self.aliased += 1;
        }
        if self.aliased > ALIASED_NODES_MAX {
            return refuse(node.mark, "aliases expand to more values than a file may hold");
        }
        if self.depth >= DEPTH_MAX {
            return refuse(node.mark, &too_deep());
        }
        self.depth += 1;
        let value = match &node.kind {
            Kind::Scalar(text) => self.scalar(text, node.mark),
            Kind::Alias(target) => self.expand(*target, id, |reader| reader.value(*target, false)),
            Kind::Map(pairs) => {
                let mut entries = Vec::with_capacity(pairs.len());
                if !has_comments_done {
                    add_comments(&mut entries, &node.head);
                    add_comments(&mut entries, &node.line);
                }
                self.map(pairs, &mut entries)?;
                if !has_comments_done {
                    add_comments(&mut entries, &node.foot);
                }
                Ok(Value::Map(entries))
            }
            Kind::List(items) => self.list(id, items, has_comments_done),
        };
        self.depth -= 1;
        value
    }

    fn list(&mut self, id: Id, items: &[Id], has_comments_done: bool) -> Result<Value<'a, Locked<'a>>, ParseError> {
        let node = &self.nodes[id];
        let mut list = Vec::with_capacity(items.len());
        let add =
            |list: &mut Vec<_>, lines: &Lines<'a>, inline| list.extend(comments(lines, inline).map(Item::Comment));
        if !has_comments_done {
            add(&mut list, &node.head, false);
            add(&mut list, &node.line, false);
        }
        for &item_id in items {
            let item = &self.nodes[item_id];
            add(&mut list, &item.head, false);
            add(&mut list, &item.line, true);
            list.push(Item::Value(self.value(item_id, true)?));
            add(&mut list, &item.foot, false);
        }
        if !has_comments_done {
            add(&mut list, &node.foot, false);
        }
        Ok(Value::List(list))
    }

    fn expand<R>(
        &mut self,
        target: Id,
        alias: Id,
        read: impl FnOnce(&mut Self) -> Result<R, ParseError>,
    ) -> Result<R, ParseError> {
        if self.aliases.contains(&target) || self.aliases.len() >= DEPTH_MAX {
            return refuse(self.nodes[alias].mark, "an alias stands inside its own anchor");
        }
        self.aliases.push(target);
        let found = read(self);
        self.aliases.pop();
        found
    }

    fn key(&self, id: Id) -> Result<Key<'a>, ParseError> {
        let mut node = &self.nodes[id];
        if let Kind::Alias(target) = node.kind {
            node = &self.nodes[target];
        }
        let Kind::Scalar(text) = &node.kind else {
            return refuse(node.mark, "a key is a map or a list, and sops needs a string");
        };
        match self.scalar(text, node.mark)? {
            Value::Text(key) => Ok(key),
            other => {
                let what = format!("a key is {}, and sops needs a string; write it in quotes", other.kind());
                refuse(self.nodes[id].mark, &what)
            }
        }
    }

    fn scalar(&self, text: &Text<'a>, mark: Mark) -> Result<Value<'a, Locked<'a>>, ParseError> {
        let (found, bytes) = match &text.tag {
            Tag::Core(tag) => match scalar::resolve_tagged(tag, text.text.clone()) {
                Some(found) => found,
                None => return refuse(mark, "a value does not fit its tag"),
            },
            Tag::None if text.is_plain => (scalar::resolve(&text.text), bytes(&text.text)),
            Tag::None | Tag::Custom => (Scalar::Text, bytes(&text.text)),
        };
        Ok(match found {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Int(value) => Value::Int(value),
            Scalar::Float(value) => Value::Float(value),
            Scalar::Time(value) => Value::Time(value),
            Scalar::Text => Value::Text(bytes),
            Scalar::TooLarge => {
                let what = "an integer above 9223372036854775807, which sops cannot encrypt; write it in quotes";
                return refuse(mark, what);
            }
        })
    }

    fn check_repeats(&self, pairs: &[(Id, Id)]) -> Result<(), ParseError> {
        if !self.refuses_repeats {
            return Ok(());
        }
        let (mut seen, mut few) = (HashSet::new(), Vec::new());
        for &(id, _) in pairs {
            let Some(name) = self.key_text(id) else { continue };
            let is_new = if pairs.len() > SMALL_MAP { seen.insert(name) } else { !few.contains(&name) };
            if !is_new {
                return refuse(self.nodes[id].mark, "a map key stands twice");
            }
            few.push(name);
        }
        Ok(())
    }

    /// What go-yaml compares: the text of a key before its type is known, and whether it is an alias.
    fn key_text(&self, id: Id) -> Option<(bool, &str)> {
        let (is_alias, node) = match self.nodes[id].kind {
            Kind::Alias(target) => (true, &self.nodes[target]),
            _ => (false, &self.nodes[id]),
        };
        match &node.kind {
            Kind::Scalar(text) => Some((is_alias, &text.text)),
            _ => None,
        }
    }
}

fn bytes<'a>(text: &Cow<'a, str>) -> Cow<'a, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.clone().into_bytes()),
    }
}

fn comments<'l, 'a>(lines: &'l Lines<'a>, inline: bool) -> impl Iterator<Item = Comment<Locked<'a>>> + 'l {
    let texts = lines.iter().filter_map(|line| line.strip_prefix('#'));
    texts.map(move |text| Comment { text: Cow::Borrowed(text.as_bytes()), inline })
}

fn add_comments<'a>(entries: &mut Entries<'a>, lines: &Lines<'a>) {
    entries.extend(comments(lines, false).map(Entry::Comment));
}

fn add_inline_comments<'a>(entries: &mut Entries<'a>, lines: &Lines<'a>) {
    entries.extend(comments(lines, true).map(Entry::Comment));
}

fn refuse<R>(mark: Mark, what: &str) -> Result<R, ParseError> {
    Err(ParseError { line: mark.line + 1, column: mark.column + 1, what: what.to_owned() })
}
