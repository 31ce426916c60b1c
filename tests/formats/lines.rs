//! Random templates of the formats that are made of lines: INI, environment files, properties and nginx.

use crate::document::{Document, Leaf};

fn same(text: &str) -> String {
    text.to_owned()
}

pub fn ini(doc: &mut Document) {
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
        if doc.random.one_in(10) {
            doc.context("name");
            doc.literal(&key);
            let mut name = key.clone().into_bytes();
            name.extend(doc.whole());
            doc.literal(" = v\n");
            doc.leaves.push((vec![b"s".to_vec(), name], Leaf::text("v")));
            continue;
        }
        let quote = doc.random.pick(&["", "", "", "\"", "'"]);
        doc.context(if quote.is_empty() { "bare" } else { "quotes" });
        let sign = doc.random.pick(&[" = ", "=", ": "]);
        doc.literal(&format!("{key}{sign}{quote}"));
        let said = doc.mixed(&[" ", "/", ":", "="], same);
        doc.literal(&format!("{quote}\n"));
        doc.leaf(&["s", &key], Leaf::Text([quote.as_bytes(), &said, quote.as_bytes()].concat()));
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
                doc.literal("\n");
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
