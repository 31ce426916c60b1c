//! The two readers against each other, and both against what sops 3.13.2 prints.

use super::{fast, read, read_any, write};
use crate::secret::SecretBytes;
use crate::sops::tree::{Comment, Document, Entry, Item, Locked, Plain, Value};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A tree as text in which every difference shows: types, order, comments.
pub(super) fn outline(documents: &[Document<'_, Locked<'_>>]) -> String {
    let mut out = String::new();
    for document in documents {
        writeln!(out, "document").unwrap();
        entries(document, 1, &mut out);
    }
    out
}

fn entries(map: &[Entry<'_, Locked<'_>>], depth: usize, out: &mut String) {
    for entry in map {
        match entry {
            Entry::Pair(key, value) => {
                writeln!(out, "{:depth$}{:?}:", "", String::from_utf8_lossy(key)).unwrap();
                tree(value, depth + 1, out);
            }
            Entry::Comment(comment) => comment_line(comment, depth, out),
        }
    }
}

fn tree(value: &Value<'_, Locked<'_>>, depth: usize, out: &mut String) {
    match value {
        Value::Map(map) => {
            writeln!(out, "{:depth$}map", "").unwrap();
            entries(map, depth + 1, out);
        }
        Value::List(items) => {
            writeln!(out, "{:depth$}list", "").unwrap();
            for item in items {
                match item {
                    Item::Value(value) => tree(value, depth + 1, out),
                    Item::Comment(comment) => comment_line(comment, depth + 1, out),
                }
            }
        }
        Value::Text(text) => writeln!(out, "{:depth$}{:?}", "", String::from_utf8_lossy(text)).unwrap(),
        other => writeln!(out, "{:depth$}{other:?}", "").unwrap(),
    }
}

fn comment_line(comment: &Comment<Locked<'_>>, depth: usize, out: &mut String) {
    let sign = if comment.inline { "inline" } else { "above" };
    writeln!(out, "{:depth$}{sign} #{:?}", "", String::from_utf8_lossy(&comment.text)).unwrap();
}

fn plain<'a>(value: Value<'a, Locked<'a>>) -> Value<'a, Plain> {
    match value {
        Value::Null => Value::Null,
        Value::Bool(value) => Value::Bool(value),
        Value::Int(value) => Value::Int(value),
        Value::Float(value) => Value::Float(value),
        Value::Time(value) => Value::Time(value),
        Value::Text(text) => Value::Text(SecretBytes::copy_of(&text)),
        Value::Map(map) => Value::Map(plain_map(map)),
        Value::List(items) => Value::List(items.into_iter().map(plain_item).collect()),
    }
}

fn plain_item<'a>(item: Item<'a, Locked<'a>>) -> Item<'a, Plain> {
    match item {
        Item::Value(value) => Item::Value(plain(value)),
        Item::Comment(comment) => Item::Comment(plain_comment(&comment)),
    }
}

fn plain_map<'a>(map: Document<'a, Locked<'a>>) -> Document<'a, Plain> {
    let entry = |entry| match entry {
        Entry::Pair(key, value) => Entry::Pair(key, plain(value)),
        Entry::Comment(comment) => Entry::Comment(plain_comment(&comment)),
    };
    map.into_iter().map(entry).collect()
}

fn plain_comment(comment: &Comment<Locked<'_>>) -> Comment<Plain> {
    Comment { text: SecretBytes::copy_of(&comment.text), inline: comment.inline }
}

/// What comes out of the writer when the reader's tree goes in.
pub(super) fn rewritten(text: &str) -> String {
    let documents: Vec<_> = read(text.as_bytes()).unwrap().into_iter().map(plain_map).collect();
    String::from_utf8(write(&documents).unwrap().expose().to_vec()).unwrap()
}

/// Both readers on one text: the fast one declines or finds the same. Tells whether it took the text.
fn same_or_declined(text: &str) -> bool {
    let Some(found) = fast::read(text) else { return false };
    let want = read_any(text).map(|documents| outline(&documents));
    assert_eq!(Ok(outline(&found)), want, "{text}");
    true
}

fn yaml_files(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            yaml_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            found.push(path);
        }
    }
}

/// Pseudo-random numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// A text with one to three small changes: a line moved, doubled, indented or lost, or a piece put in.
fn mutated(text: &str, dice: &mut Dice) -> String {
    const PIECES: &[&str] = &[
        " ", "  ", "    ", "\n", "#", " #", "# c\n", ":", ": ", "- ", "-", "'", "\"", "|", "[]", "{}", "~", "é", "\t",
        "---\n", "null", "1", "true", "&a ", "*a", "!!str ", "? ", "\r", ",", "[", "}", "<<: ", "a: b\n", "    #c\n",
        "  - x\n", "\\",
    ];
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for _ in 0..=dice.below(3) {
        let at = dice.below(lines.len());
        if lines.is_empty() {
            break;
        }
        match dice.below(7) {
            0 => lines.swap(at, 0),
            1 => lines.insert(at, lines[at].clone()),
            2 => lines[at].insert_str(0, [" ", "  ", "    "][dice.below(3)]),
            3 => drop(lines.remove(at)),
            4 => lines[at] = lines[at].trim_start_matches(' ').to_owned(),
            5 => {
                let [above, below] = [(); 2].map(|()| ["", "\n"][dice.below(2)]);
                lines.insert(at, format!("{above}{:1$}# c\n{below}", "", dice.below(4) * 2));
            }
            _ => {
                let mut place = dice.below(lines[at].len());
                while !lines[at].is_char_boundary(place) {
                    place -= 1;
                }
                lines[at].insert_str(place, PIECES[dice.below(PIECES.len())]);
            }
        }
    }
    lines.concat()
}

/// Every shape that sops 3.13.2 writes: nesting, lists in lists, comments on all sides, literal blocks, quoted keys.
const ORDINARY: &str = "\
#ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:comment]
greeting: ENC[AES256_GCM,data:aa==,iv:bb=,tag:cc==,type:str]
app:
    #ENC[AES256_GCM,data:dd,iv:bb,tag:cc,type:comment]
    port: ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:int] #ENC[AES256_GCM,data:ee,iv:bb,tag:cc,type:comment]
    # clear
    \"on\": ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:bool]
    list:
        - ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:str]
        - key: ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:str]
          other: null
          deep:
            - - ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:str]
              - {}
              # last
    nothing: null
    #ENC[AES256_GCM,data:ff,iv:bb,tag:cc,type:comment]
empty: \"\"
none: []
when_unencrypted: 2024-01-02T03:04:05Z
num_unencrypted: 7
'a: b': ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:str]
sops:
    age:
        - recipient: age1xyz
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            YWdl

            -----END AGE ENCRYPTED FILE-----
    lastmodified: \"2026-01-02T03:04:05Z\"
    mac: ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:str]
    pgp:
        - created_at: \"2026-01-02T03:04:05Z\"
          enc: |-
            -----BEGIN PGP MESSAGE-----

            -----END PGP MESSAGE-----
          fp: FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4
    unencrypted_suffix: _unencrypted
    version: 3.13.2
";

#[test]
fn the_fast_reader_takes_what_sops_writes() {
    assert!(same_or_declined(ORDINARY));
    let two = format!("{ORDINARY}---\n{ORDINARY}");
    assert!(same_or_declined(&two));
}

#[test]
fn the_fast_reader_finds_the_same_or_declines() {
    let mut dice = Dice(7);
    let mut texts = vec![ORDINARY.to_owned()];
    let mut files = Vec::new();
    yaml_files(Path::new("../shared/fixtures"), &mut files);
    texts.extend(files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).filter(|text| text.len() < 20_000));
    let (mut taken, rounds) = (0, 6000);
    for _ in 0..rounds {
        let text = &texts[dice.below(texts.len()) * dice.below(2)];
        taken += usize::from(same_or_declined(&mutated(text, &mut dice)));
    }
    assert!(taken > rounds / 10, "only {taken} of {rounds} mutations were taken");
}

#[test]
fn every_encrypted_fixture_loads() {
    let mut files = Vec::new();
    yaml_files(Path::new("../shared/fixtures"), &mut files);
    if files.is_empty() {
        // The fixtures of other projects are not part of this one.
        return;
    }
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains("\nsops:\n") {
            let found = read(text.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(!found.is_empty());
            same_or_declined(&text);
        }
    }
}
