//! The key paths wanted of one file, as a tree that is walked beside the document.

use super::tree::{Entry, Item, Value};
use crate::names::KeyPath;
use std::collections::HashMap;

/// A set of key paths, each with its position in the list it was made from.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Position of the path that ends here.
    here: Option<usize>,
    below: HashMap<Vec<u8>, Wanted>,
}

/// Where a key path leads in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing stands there.
    Missing,
    /// A value of this kind: `a string`, `a map`.
    Value(&'static str),
    /// A part of the path leads through a value that has no parts.
    ThroughScalar,
}

impl Wanted {
    /// Builds the tree. Paths must differ; of equal ones the last counts.
    pub fn new(paths: &[KeyPath]) -> Self {
        let mut root = Self::default();
        for (position, path) in paths.iter().enumerate() {
            let node =
                path.parts().iter().fold(&mut root, |node, part| node.below.entry(part.clone().into()).or_default());
            node.here = Some(position);
        }
        root
    }

    /// Position of the path that ends at this node.
    pub fn here(&self) -> Option<usize> {
        self.here
    }

    /// The node below a map key.
    pub fn key(&self, key: &[u8]) -> Option<&Self> {
        self.below.get(key)
    }

    /// The node below a list position, written in decimal without leading zeros.
    pub fn position(&self, index: usize) -> Option<&Self> {
        if self.below.is_empty() {
            return None;
        }
        self.below.get(index.to_string().as_bytes())
    }

    /// Whether some path goes on below this node.
    pub fn goes_deeper(&self) -> bool {
        !self.below.is_empty()
    }

    /// Looks for every path in a document, in one pass; needs no key. One answer a path, in order.
    pub fn locate<S>(&self, root: &[Entry<'_, S>], count: usize) -> Vec<Found> {
        let mut found = vec![Found::Missing; count];
        self.locate_map(root, &mut found);
        found
    }

    fn locate_map<S>(&self, entries: &[Entry<'_, S>], found: &mut [Found]) {
        for entry in entries {
            let Entry::Pair(key, value) = entry else { continue };
            match self.key(key) {
                Some(node) => node.locate_value(value, found),
                None if **key == *b"<<" => self.locate_merged(value, found),
                None => {}
            }
        }
    }

    fn locate_value<S>(&self, value: &Value<'_, S>, found: &mut [Found]) {
        if let Some(slot) = self.here.and_then(|position| found.get_mut(position)) {
            *slot = Found::Value(value.kind());
        }
        if !self.goes_deeper() {
            return;
        }
        match value {
            Value::Map(entries) => self.locate_map(entries, found),
            Value::List(items) => {
                let values = items.iter().filter_map(|item| match item {
                    Item::Value(value) => Some(value),
                    Item::Comment(_) => None,
                });
                for (index, value) in values.enumerate() {
                    if let Some(node) = self.position(index) {
                        node.locate_value(value, found);
                    }
                }
            }
            _ => self.below.values().for_each(|node| node.mark_through_scalar(found)),
        }
    }

    /// What a merge key holds stands for keys of the map around it.
    fn locate_merged<S>(&self, value: &Value<'_, S>, found: &mut [Found]) {
        match value {
            Value::Map(entries) => self.locate_map(entries, found),
            Value::List(items) => items.iter().for_each(|item| {
                if let Item::Value(Value::Map(entries)) = item {
                    self.locate_map(entries, found);
                }
            }),
            _ => {}
        }
    }

    fn mark_through_scalar(&self, found: &mut [Found]) {
        if let Some(slot) = self.here.and_then(|position| found.get_mut(position)) {
            *slot = Found::ThroughScalar;
        }
        self.below.values().for_each(|node| node.mark_through_scalar(found));
    }
}

/// Every key path that leads to a scalar, or to a map or list with nothing in it; at most `limit`.
pub fn leaf_paths<S>(root: &[Entry<'_, S>], limit: usize) -> Vec<String> {
    let mut paths = Vec::new();
    collect_map(root, "", limit, &mut paths);
    paths
}

fn collect_map<S>(entries: &[Entry<'_, S>], above: &str, limit: usize, paths: &mut Vec<String>) {
    for entry in entries {
        if let Entry::Pair(key, value) = entry {
            let part = String::from_utf8_lossy(key).replace('\\', "\\\\").replace('/', "\\/");
            collect_value(value, format!("{above}{part}"), limit, paths);
        }
    }
}

fn collect_value<S>(value: &Value<'_, S>, path: String, limit: usize, paths: &mut Vec<String>) {
    let before = paths.len();
    if before >= limit {
        return;
    }
    match value {
        Value::Map(entries) => collect_map(entries, &format!("{path}/"), limit, paths),
        Value::List(items) => {
            let values = items.iter().filter_map(|item| match item {
                Item::Value(value) => Some(value),
                Item::Comment(_) => None,
            });
            for (index, value) in values.enumerate() {
                collect_value(value, format!("{path}/{index}"), limit, paths);
            }
        }
        _ => {}
    }
    if paths.len() == before {
        paths.push(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn text(key: &'static str, value: Value<'static, ()>) -> Entry<'static, ()> {
        Entry::Pair(Cow::Borrowed(key.as_bytes()), value)
    }

    fn document() -> Vec<Entry<'static, ()>> {
        let list = vec![Item::Value(Value::Text(())), Item::Value(Value::Map(vec![text("k", Value::Int(1))]))];
        vec![
            text("a", Value::Map(vec![text("b", Value::List(list)), text("x/y", Value::Text(()))])),
            text("s", Value::Text(())),
        ]
    }

    #[test]
    fn paths_lead_through_maps_and_lists_in_one_pass() {
        let paths = ["a/b/0", "a/b/1/k", "a", "s/0", "nope", "a/b/2", r"a/x\/y", "a/b/00"].map(KeyPath::parse);
        let found = Wanted::new(&paths).locate(&document(), paths.len());
        let expected = [
            Found::Value("a string"),
            Found::Value("an integer"),
            Found::Value("a map"),
            Found::ThroughScalar,
            Found::Missing,
            Found::Missing,
            Found::Value("a string"),
            Found::Missing,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_paths_of_a_document_parse_back_to_themselves() {
        assert_eq!(leaf_paths(&document(), 9), ["a/b/0", "a/b/1/k", r"a/x\/y", "s"]);
        assert_eq!(leaf_paths(&document(), 2).len(), 2);
        let empty = [text("l", Value::List(vec![])), text("m", Value::Map(vec![text("n", Value::Map(vec![]))]))];
        assert_eq!(leaf_paths(&empty, 9), ["l", "m/n"]);
    }
}
