//! Where comments land, what is refused, and the limits (sops-format.md sections 6.1.1 and 6.1.4).

use super::tests::outline;
use super::{read, write_value};
use crate::sops::tree::{Comment, Entry, Item, Value};

#[test]
fn a_comment_belongs_to_the_container_of_its_place() {
    let table = [
        ("a:\n  b: 1\n  # c\nd: 2\n", "a/ b # . d"),
        ("a:\n  b: 1\n# c\nd: 2\n", "a/ b . # d"),
        ("a:\n# c\n  b: 1\n", "a/ # b"),
        ("a: # c\n  b: 1\n", "# a/ b"),
        ("a: 1 # c\n", "#inline a"),
        ("a: {b: 1} # c\n", "a/ # b"),
        ("a: | # c\n  text\n", "#inline a"),
        ("a:\n  - 1 # c\n  # d\n", "a/ #inline - #"),
    ];
    for (source, want) in table {
        let mut words = Vec::new();
        places(&Value::Map(read(source.as_bytes()).unwrap().remove(0)), &mut words);
        assert_eq!(words.join(" "), want, "{source}");
    }
}

/// Keys, comments and nesting in one line; `.` ends a collection that something follows.
fn places<S>(value: &Value<'_, S>, words: &mut Vec<String>) {
    let sign = |comment: &Comment<S>| if comment.inline { "#inline" } else { "#" }.to_owned();
    let child = |value: &Value<'_, S>, name: &str, is_last: bool, words: &mut Vec<String>| {
        let nests = matches!(value, Value::Map(_) | Value::List(_));
        words.push(if nests { format!("{name}/") } else { name.to_owned() });
        places(value, words);
        if nests && !is_last {
            words.push(".".to_owned());
        }
    };
    match value {
        Value::Map(entries) => {
            for (at, entry) in entries.iter().enumerate() {
                match entry {
                    Entry::Comment(comment) => words.push(sign(comment)),
                    Entry::Pair(key, value) => {
                        child(value, &String::from_utf8_lossy(key), at + 1 == entries.len(), words);
                    }
                }
            }
        }
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                match item {
                    Item::Comment(comment) => words.push(sign(comment)),
                    Item::Value(value) => child(value, "-", at + 1 == items.len(), words),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn what_sops_cannot_hold_is_refused_with_its_line() {
    let table = [
        ("", 0, "no document"),
        ("# only this\n", 0, "no document"),
        ("- a\n", 1, "a list"),
        ("a\n", 1, "a single value"),
        ("a: 1\n---\n- b\n", 3, "a list"),
        ("a: 1\nb: 2\na: 3\n", 3, "stands twice"),
        ("a:\n    b: 1\n    \"b\": 2\n", 3, "stands twice"),
        ("a: 1\n1: x\n", 2, "a key is an integer"),
        ("true: x\n", 1, "a key is a boolean"),
        ("[a]: x\n", 1, "a key is a map or a list"),
        ("a: 18446744073709551615\n", 1, "above 9223372036854775807"),
        ("a: !!int foo\n", 1, "does not fit its tag"),
        ("a: *b\n", 1, "without an anchor"),
        ("a: &b [*b]\n", 1, "inside its own anchor"),
        ("a: [1\n", 1, ""),
        ("a: b: c\n", 1, ""),
    ];
    for (source, line, what) in table {
        let error = read(source.as_bytes()).unwrap_err();
        assert!(error.what.contains(what), "{source}: {error}");
        assert_eq!(error.line, line, "{source}: {error}");
    }
    assert_eq!(read(b"a: 1\nb: \xff\n").unwrap_err().line, 2);
}

#[test]
fn a_bomb_of_aliases_is_refused() {
    let mut source = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let before = format!("*a{}", level - 1);
        source += &format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", "));
    }
    assert!(read(source.as_bytes()).unwrap_err().what.contains("aliases expand"));
}

#[test]
fn nesting_without_end_is_refused() {
    for source in [format!("a: {}", "[".repeat(100_000)), "- ".repeat(100_000), "a:\n ".repeat(10_000)] {
        assert!(read(source.as_bytes()).is_err());
    }
    let deep: String = (0..10_000).map(|level| format!("{}a:\n", " ".repeat(level % 500 + level / 500))).collect();
    assert!(read(deep.as_bytes()).is_err());
    let mut value = Value::Null;
    for _ in 0..1000 {
        value = Value::List(vec![Item::Value(value)]);
    }
    assert!(write_value(&value).is_err());
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_nothing() {
    let found = read("\u{FEFF}a: 1\r\nb:\r\n  - x\r\n".as_bytes()).unwrap();
    assert_eq!(outline(&found), outline(&read(b"a: 1\nb:\n  - x\n").unwrap()));
}
