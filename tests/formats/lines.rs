//! Random templates of the formats that are made of lines: INI, environment files, properties and nginx.

use crate::document::{Document, Leaf};

fn same(text: &str) -> String {
    text.to_owned()
}

/// What stands before and behind a value, and what git makes of it: it takes double quotes off, wherever they stand.
const QUOTES: [(&str, [&str; 2], [&str; 2]); 8] = [
    ("bare", ["", ""], ["", ""]),
    ("bare", ["", ""], ["", ""]),
    ("quotes", ["\"", "\""], ["", ""]),
    ("single", ["'", "'"], ["'", "'"]),
    ("note", ["\"", "\" ; a note"], ["", ""]),
    ("inside", ["x --y \"", "\" z"], ["x --y ", " z"]),
    ("apostrophe", ["it's ", ""], ["it's ", ""]),
    ("backticks", ["`", "`"], ["`", "`"]),
];

pub fn ini(doc: &mut Document) {
    ini_for(doc, false);
}

/// INI files that git can read, with what git makes of them.
pub fn ini_for_git(doc: &mut Document) {
    ini_for(doc, true);
}

fn ini_for(doc: &mut Document, git: bool) {
    doc.literal("[s]\n");
    let entries = 1 + doc.random.below(4);
    for number in 0..entries {
        let key = format!("k{number}");
        if doc.random.one_in(8) {
            doc.context("comment");
            let sign = doc.random.pick(&["#", ";"]);
            doc.literal(&format!("{sign} note "));
            doc.whole();
            doc.literal("\n");
            continue;
        }
        if !git && doc.random.one_in(10) {
            doc.context("name");
            doc.literal(&key);
            let mut name = key.clone().into_bytes();
            name.extend(doc.whole());
            doc.literal(" = v\n");
            doc.leaves.push((vec![b"s".to_vec(), name], Leaf::text("v")));
            continue;
        }
        // Backticks are for Go's readers alone.
        let (context, [before, behind], in_git) = QUOTES[doc.random.below(if git { 7 } else { 8 })];
        doc.context(context);
        let sign = doc.random.pick(if git { &[" = ", "="] } else { &[" = ", "=", ": "] });
        doc.literal(&format!("{key}{sign}{before}"));
        let said = doc.mixed(&[" ", "/", ":", "="], same);
        doc.literal(&format!("{behind}\n"));
        let [before, behind] = if git { in_git } else { [before, behind] };
        doc.leaf(&["s", &key], Leaf::Text([before.as_bytes(), &said, behind.as_bytes()].concat()));
    }
}

pub fn env(doc: &mut Document) {
    let entries = 1 + doc.random.below(4);
    for number in 0..entries {
        let key = format!("K{number}");
        match doc.random.below(7) {
            0 => {
                doc.context("comment");
                doc.literal("# note ");
                doc.whole();
                // systemd 252 takes the next line for part of the comment.
                let joins = doc.random.one_in(10);
                doc.wrong |= joins;
                doc.literal(if joins { " \\\n" } else { " \\\\\n" });
            }
            1..=3 => {
                doc.context("bare");
                doc.literal(&format!("{key}="));
                let escape = |text: &str| text.replace('\\', "\\\\");
                let said = doc.mixed(&[" ", "#", "\\", "'", "$", "=", "\""], escape);
                doc.literal("\n");
                doc.leaf(&[&key], Leaf::Text(said));
            }
            4 => {
                doc.context("single");
                doc.literal(&format!("{key}='"));
                let said = doc.mixed(&[" ", "#", "\\", "\"", "\n"], same);
                doc.literal("'\n");
                doc.leaf(&[&key], Leaf::Text(said));
            }
            5 => {
                doc.context("double");
                doc.literal(&format!("{key}=\""));
                let escape = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
                let said = doc.mixed(&[" ", "#", "\\", "'", "\"", "$"], escape);
                doc.literal("\" \n");
                doc.leaf(&[&key], Leaf::Text(said));
            }
            _ => {
                doc.context("mixed");
                doc.literal(&format!("{key}= 'a b' \""));
                let said = doc.whole();
                doc.literal("\"\n");
                doc.leaf(&[&key], Leaf::Text([b"a b", &said[..]].concat()));
            }
        }
    }
}

pub fn docker_env(doc: &mut Document) {
    let entries = 1 + doc.random.below(4);
    for number in 0..entries {
        let key = format!("K{number}");
        if doc.random.one_in(6) {
            doc.context("comment");
            doc.literal("# note ");
            doc.whole();
            doc.literal("\n");
            continue;
        }
        doc.context("value");
        doc.literal(&format!("{key}="));
        let said = doc.mixed(&[" ", "#", "\\", "'", "=", "$"], same);
        doc.literal("\n");
        doc.leaf(&[&key], Leaf::Text(said));
    }
}

pub fn properties(doc: &mut Document) {
    let escape = |text: &str| text.replace('\\', "\\\\").replace('\n', "\\\n   ").replace('é', "\\u00e9");
    let entries = 1 + doc.random.below(4);
    for number in 0..entries {
        let key = format!("k{number}");
        match doc.random.below(6) {
            0 => {
                doc.context("comment");
                let sign = doc.random.pick(&["# ", "! "]);
                doc.literal(sign);
                doc.whole();
                doc.literal("\n");
            }
            1 => {
                doc.context("name");
                doc.literal(&key);
                let mut name = key.clone().into_bytes();
                name.extend(doc.whole());
                doc.literal(" = v\n");
                doc.leaves.push((vec![name], Leaf::text("v")));
            }
            _ => {
                doc.context("value");
                let sign = doc.random.pick(&["=", " = ", ": ", " "]);
                doc.literal(&format!("{key}{sign}"));
                let said = doc.mixed(&[" ", "#", "\\", "é", "="], escape);
                doc.literal("\n");
                doc.leaf(&[&key], Leaf::Text(said));
            }
        }
    }
}

/// Every value is the argument of a directive in a block.
pub fn nginx(doc: &mut Document) {
    doc.literal("http {\n");
    let entries = 1 + doc.random.below(4);
    for number in 0..entries {
        let key = format!("k{number}");
        if doc.random.one_in(6) {
            nginx_map(doc, &key);
            continue;
        }
        doc.literal(&format!("  {key} "));
        let escape = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\'', "\\'");
        let said = match doc.random.below(4) {
            0 => {
                doc.context("comment");
                doc.literal("x; # note ");
                doc.whole();
                doc.literal("\n");
                doc.leaf(&["http", &key], Leaf::text("x"));
                continue;
            }
            1 => {
                doc.context("bare");
                doc.mixed(&["/", "'", "\"", "${v}", "\\"], escape)
            }
            quote => {
                doc.context("quotes");
                let quote = if quote == 2 { "\"" } else { "'" };
                doc.literal(quote);
                let said = doc.mixed(&["/", "'", "\"", " ", ";", "\\"], escape);
                doc.literal(quote);
                said
            }
        };
        doc.literal(";\n");
        doc.leaf(&["http", &key], Leaf::Text(said));
    }
    doc.literal("}\n");
}

/// A value that is the key of a map.
fn nginx_map(doc: &mut Document, key: &str) {
    doc.context("map");
    let quote = doc.random.pick(&["", "\"", "'"]);
    let before = doc.random.pick(&["", "", "w"]);
    doc.literal(&format!("  map ${key} $v {{\n    {quote}{before}"));
    let said = doc.whole();
    doc.literal(&format!("{quote} 1;\n  }}\n"));
    let name = [before.as_bytes(), &said].concat();
    doc.leaves.push((vec![b"http".to_vec(), format!("map ${key} $v").into_bytes(), name], Leaf::text("1")));
}
