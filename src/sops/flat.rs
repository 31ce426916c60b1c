//! The metadata of dotenv and INI files: nested names on one level (sops-format.md section 4.2).
//!
//! `pgp__list_0__map_fp` is key `fp` in element 0 of list `pgp`.

use super::format::ParseError;
use super::number;
use super::tree::{Entry, Item, Key, Locked, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

const MAP_STEP: &[u8] = b"__map_";
const LIST_STEP: &[u8] = b"__list_";

/// Most steps in one name. sops itself writes six at most.
const STEPS_MAX: usize = 32;

/// One step of a name, downwards.
#[derive(Debug, PartialEq, Eq)]
enum Step<'a> {
    Key(Key<'a>),
    Index(i64),
}

/// A tree under construction. Exactly one of the three is in use in a sound file.
#[derive(Default)]
struct Node<'a> {
    value: Option<Locked<'a>>,
    keys: BTreeMap<Key<'a>, Node<'a>>,
    items: BTreeMap<i64, Node<'a>>,
}

/// Builds the tree that flattened names describe; keys come out sorted, as in sops.
///
/// The prefix `sops_` of dotenv names is off already, and the `\n` of values is unescaped.
///
/// # Errors
/// Where a name stands twice, has both a value and children (or both keys and indexes), or a list has holes.
pub fn unflatten<'a>(pairs: Vec<(Key<'a>, Locked<'a>)>) -> Result<Vec<Entry<'a, Locked<'a>>>, ParseError> {
    let mut root = Node::default();
    for (name, value) in pairs {
        let mut node = &mut root;
        for step in steps(name)? {
            node = match step {
                Step::Key(key) => node.keys.entry(key).or_default(),
                Step::Index(index) => node.items.entry(index).or_default(),
            };
        }
        if node.value.replace(value).is_some() {
            return Err(error("a name of the metadata stands twice"));
        }
    }
    entries(root.keys)
}

/// Replaces the two characters `\n` by a line feed: the one escape of dotenv values and of INI metadata.
pub fn unescape_newlines(text: Locked<'_>) -> Locked<'_> {
    if memchr::memmem::find(&text, b"\\n").is_none() {
        return text;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut from = 0;
    for at in memchr::memmem::find_iter(&text, b"\\n") {
        out.extend_from_slice(&text[from..at]);
        out.push(b'\n');
        from = at + 2;
    }
    out.extend_from_slice(&text[from..]);
    Cow::Owned(out)
}

/// Cuts a name at its `__map_` and `__list_`; the first part is a key.
fn steps(name: Key<'_>) -> Result<Vec<Step<'_>>, ParseError> {
    let mut cuts = vec![(0, 0, false)]; // where the step starts, where its text starts, whether it is an index
    let mut at = 0;
    while let Some(next) = memchr::memmem::find(&name[at..], b"__").map(|found| at + found) {
        at = if name[next..].starts_with(MAP_STEP) {
            cuts.push((next, next + MAP_STEP.len(), false));
            next + MAP_STEP.len()
        } else if name[next..].starts_with(LIST_STEP) {
            cuts.push((next, next + LIST_STEP.len(), true));
            next + LIST_STEP.len()
        } else {
            next + 1
        };
    }
    if cuts.len() > STEPS_MAX {
        return Err(error("a name of the metadata is nested too deeply"));
    }
    let ends = cuts.iter().skip(1).map(|cut| cut.0).chain([name.len()]).collect::<Vec<_>>();
    let parts = cuts.into_iter().zip(ends);
    parts
        .map(|((_, from, is_index), to)| {
            let part = slice(&name, from, to);
            if !is_index {
                return Ok(Step::Key(part));
            }
            let index = number::parse_int(&part).filter(|index| *index >= 0);
            index.map(Step::Index).ok_or_else(|| error("a list index in the metadata is not a number"))
        })
        .collect()
}

/// A part of a name, borrowed where the name is.
fn slice<'a>(name: &Key<'a>, from: usize, to: usize) -> Key<'a> {
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(&name[from..to]),
        Cow::Owned(name) => Cow::Owned(name[from..to].to_vec()),
    }
}

/// The map that `keys` describe. Depth is bounded by `STEPS_MAX`.
fn entries<'a>(keys: BTreeMap<Key<'a>, Node<'a>>) -> Result<Vec<Entry<'a, Locked<'a>>>, ParseError> {
    let entry = |(key, node)| {
        let value = value(&key, node)?;
        Ok(Entry::Pair(key, value))
    };
    keys.into_iter().map(entry).collect()
}

/// What `node`, which stands under the key `name`, describes.
fn value<'a>(name: &Key<'_>, node: Node<'a>) -> Result<Value<'a, Locked<'a>>, ParseError> {
    match (node.value, node.keys.is_empty(), node.items.is_empty()) {
        (Some(text), true, true) => Ok(Value::Text(text)),
        (None, false, true) => Ok(Value::Map(entries(node.keys)?)),
        (None, true, false) => {
            let last = node.items.last_key_value().map_or(0, |(last, _)| *last);
            if last != node.items.len() as i64 - 1 {
                let name = String::from_utf8_lossy(name);
                return Err(error(&format!("the metadata list '{name}' has holes: its items are numbered from 0")));
            }
            let items = node.items.into_values();
            Ok(Value::List(items.map(|node| Ok(Item::Value(value(name, node)?))).collect::<Result<_, _>>()?))
        }
        _ => Err(error("a name of the metadata has a value and children, or keys and indexes")),
    }
}

fn error(what: &str) -> ParseError {
    ParseError { line: 0, column: 0, what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(pairs: &[(&str, &str)]) -> Result<String, ParseError> {
        let pairs = pairs.iter().map(|(name, text)| (Cow::from(name.as_bytes()), Cow::from(text.as_bytes())));
        Ok(show(&Value::Map(unflatten(pairs.collect())?)))
    }

    fn show(value: &Value<'_, Locked<'_>>) -> String {
        match value {
            Value::Text(text) => String::from_utf8_lossy(text).into_owned(),
            Value::Map(entries) => {
                let shown = entries.iter().map(|entry| match entry {
                    Entry::Pair(key, value) => format!("{}:{}", String::from_utf8_lossy(key), show(value)),
                    Entry::Comment(_) => unreachable!(),
                });
                format!("{{{}}}", shown.collect::<Vec<_>>().join(" "))
            }
            Value::List(items) => {
                let shown = items.iter().map(|item| match item {
                    Item::Value(value) => show(value),
                    Item::Comment(_) => unreachable!(),
                });
                format!("[{}]", shown.collect::<Vec<_>>().join(" "))
            }
            _ => unreachable!(),
        }
    }

    #[test]
    fn names_become_a_tree_with_sorted_keys() {
        for (pairs, expected) in [
            (&[] as &[_], "{}"),
            (&[("version", "3"), ("mac", "x")], "{mac:x version:3}"),
            (
                &[("pgp__list_1__map_fp", "b"), ("pgp__list_0__map_fp", "a"), ("pgp__list_0__map_enc", "e")],
                "{pgp:[{enc:e fp:a} {fp:b}]}",
            ),
            (&[("a__list_0__list_+1", "y"), ("a__list_0__list_00", "x")], "{a:[[x y]]}"),
            (&[("__map_a", "1"), ("__map___map_", "2")], "{:{:{:2} a:1}}"),
            (&[("a___map_b_", "1"), ("a__mapb", "2")], "{a_:{b_:1} a__mapb:2}"),
        ] {
            assert_eq!(built(pairs).unwrap(), expected, "{pairs:?}");
        }
    }

    #[test]
    fn contradictions_are_errors() {
        for pairs in [
            &[("a", "1"), ("a", "2")] as &[_],
            &[("a__list_0", "1"), ("a__list_00", "2")],
            &[("a", "1"), ("a__map_b", "2")],
            &[("a__list_0", "1"), ("a__map_b", "2")],
            &[("a__list_1", "1")],
            &[("a__list_0", "1"), ("a__list_2", "2")],
            &[("a__list_-1", "1"), ("a__list_1", "2")],
            &[("a__list_x", "1")],
            &[("a__list_9223372036854775807", "1")],
        ] {
            let error = built(pairs).unwrap_err().to_string();
            assert!(error.contains("metadata"), "{pairs:?}: {error}");
        }
        let deep = "a".to_owned() + &"__list_0".repeat(STEPS_MAX);
        assert!(built(&[(&deep, "1")]).is_err());
    }

    #[test]
    fn only_backslash_n_is_an_escape() {
        for (text, expected) in [("a", "a"), ("a\\nb\\n", "a\nb\n"), ("\\\\n\\t", "\\\n\\t"), ("\\", "\\")] {
            assert_eq!(*unescape_newlines(Cow::from(text.as_bytes())), *expected.as_bytes());
        }
    }
}
