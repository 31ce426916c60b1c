//! The reader of environment files against what real systemd made of 99 files.

use super::env::read;
use super::{Reading, Role};
use std::collections::BTreeMap;

/// Reads a text as Python's `repr` writes it; returns it and what stands behind it.
fn python(repr: &str) -> (Vec<u8>, &str) {
    let quote = repr.chars().next().unwrap();
    let mut text = String::new();
    let mut chars = repr.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return (text.into_bytes(), &repr[at + 1..]),
            '\\' => match chars.next().unwrap().1 {
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                'x' => text.push(char::from(u8::from_str_radix(&hex(&mut chars, 2), 16).unwrap())),
                'u' => text.push(char::from_u32(u32::from_str_radix(&hex(&mut chars, 4), 16).unwrap()).unwrap()),
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    panic!("no end: {repr}")
}

fn hex(chars: &mut impl Iterator<Item = (usize, char)>, count: usize) -> String {
    chars.by_ref().take(count).map(|(_, c)| c).collect()
}

/// `A='x' B='y'`; none where the unit fails.
fn variables(text: &str) -> Option<BTreeMap<Vec<u8>, Vec<u8>>> {
    let mut all = BTreeMap::new();
    let mut rest = text.trim();
    if rest == "UNIT FAILS" {
        return None;
    }
    while let Some((name, behind)) = rest.split_once('=') {
        let (value, behind) = python(behind);
        all.insert(name.trim().as_bytes().to_vec(), value);
        rest = behind;
    }
    Some(all)
}

fn ours(text: &[u8]) -> Option<BTreeMap<Vec<u8>, Vec<u8>>> {
    let mut all = BTreeMap::new();
    let mut name = Vec::new();
    let read = read(Reading { text, marker: None }, &mut |item| {
        match item.role {
            Role::Mark("name") => name = item.text.to_vec(),
            Role::Value => drop(all.insert(name.clone(), item.text.to_vec())),
            _ => {}
        }
        Ok(())
    });
    read.is_ok().then_some(all)
}

#[test]
#[allow(clippy::print_stderr)]
fn environment_files_are_read_as_systemd_reads_them() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/envfile-table.txt");
    let Ok(table) = std::fs::read_to_string(path) else {
        eprintln!("skipped: no {path}");
        return;
    };
    let mut rows = 0;
    for row in table.lines() {
        rows += 1;
        let (name, rest) = row.split_once(char::is_whitespace).unwrap();
        let x = |count| "x".repeat(count);
        let (file, expected) = match name {
            "long" => {
                (format!("A={}\n", x(70_000)).into_bytes(), Some([(b"A".to_vec(), x(70_000).into_bytes())].into()))
            }
            "long_1m" => (format!("A={}\n", x(1_200_000)).into_bytes(), None),
            "latin1" => (b"A=h\xe9\nB=c\n".to_vec(), None),
            _ => {
                let (file, result) = python(rest.trim());
                let result = result.split_once("->").unwrap().1;
                (file, variables(result.split("||").next().unwrap()))
            }
        };
        // A quote that does not end swallows the rest of the file: systemd takes that, we refuse it.
        let expected = if name.starts_with("unclosed") { None } else { expected };
        let found = ours(&file);
        // The one row that systemd 252 and 257 read in two ways: refused.
        let expected = if name == "comment_backslash_nl" { None } else { expected };
        assert!(found == expected, "{name}: {found:?} is not {expected:?}");
    }
    assert_eq!(rows, 99);
}
