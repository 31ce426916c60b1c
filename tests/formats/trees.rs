//! Random templates of JSON, YAML, TOML and XML.

use crate::document::{Document, Leaf};

fn json_escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('é', "\\u00e9")
}

pub fn json(doc: &mut Document) {
    doc.literal("{\n");
    let entries = 1 + doc.random.below(5);
    for number in 0..entries {
        let key = format!("k{number}");
        doc.literal(if number == 0 { "  " } else { ",\n  " });
        match doc.random.below(8) {
            6 => {
                doc.context("two names");
                doc.literal(&format!("\"{key}\": {{\""));
                let one = doc.whole();
                doc.literal("\": [{}, true], \"");
                let two = doc.whole();
                doc.literal("\": false}");
                doc.wrong |= one == two;
                doc.leaves.push((vec![key.clone().into_bytes(), one, b"1".to_vec()], Leaf::Bool(true)));
                doc.leaves.push((vec![key.into_bytes(), two], Leaf::Bool(false)));
            }
            0 => {
                doc.context("bare");
                doc.literal(&format!("\"{key}\": "));
                let leaf = doc.typed();
                doc.leaf(&[&key], leaf);
            }
            1 | 2 => {
                doc.context("string");
                doc.literal(&format!("\"{key}\": \""));
                let said = doc.mixed(&["\\", "\"", "é", "\n", " ", "/"], json_escape);
                doc.literal("\"");
                doc.leaf(&[&key], Leaf::Text(said));
            }
            3 => {
                doc.context("key");
                doc.literal(&format!("\"{key}"));
                let mut name = key.clone().into_bytes();
                name.extend(doc.mixed(&[" "], json_escape));
                doc.literal("\":true");
                doc.leaves.push((vec![name], Leaf::Bool(true)));
            }
            4 => {
                doc.context("bare key");
                doc.literal(&format!("\"{key}\": {{"));
                let name = doc.whole();
                doc.literal(" : true}");
                doc.leaves.push((vec![key.into_bytes(), name], Leaf::Bool(true)));
            }
            5 => {
                doc.context("list");
                doc.literal(&format!("\"{key}\":[null,"));
                let leaf = doc.typed();
                doc.leaf(&[&key, "1"], leaf);
                doc.literal(" , \"");
                let said = doc.whole();
                doc.leaf(&[&key, "2"], Leaf::Text(said));
                doc.literal("\"]");
            }
            _ => {
                doc.context("nested");
                doc.literal(&format!("\"{key}\": {{\"in\": {{\"v\": \""));
                let said = doc.whole();
                doc.leaf(&[&key, "in", "v"], Leaf::Text(said));
                doc.literal("\", \"n\": ");
                let leaf = doc.typed();
                doc.leaf(&[&key, "in", "n"], leaf);
                doc.literal("}}");
            }
        }
    }
    doc.literal("\n}\n");
}

pub fn yaml(doc: &mut Document) {
    let entries = 1 + doc.random.below(5);
    if doc.random.one_in(5) {
        doc.literal("---\n");
    }
    for number in 0..entries {
        let key = format!("k{number}");
        match doc.random.below(14) {
            12 => {
                doc.context("two names");
                doc.literal(&format!("{key}:\n  n"));
                let one = [b"n", &doc.whole()[..]].concat();
                doc.literal(": [{a: b}]\n  'n");
                let two = [b"n", &doc.whole()[..]].concat();
                doc.literal("': false\n");
                doc.wrong |= one == two;
                let inner = [b"0".to_vec(), b"a".to_vec()];
                doc.leaves.push(([&[key.clone().into_bytes(), one], &inner[..]].concat(), Leaf::text("b")));
                doc.leaves.push((vec![key.into_bytes(), two], Leaf::Bool(false)));
            }
            0 | 1 => {
                doc.context("bare");
                doc.literal(&format!("{key}: "));
                let leaf = doc.typed();
                doc.leaf(&[&key], leaf);
                let end = doc.random.pick(&["\n", " # why\n", "\n\n"]);
                doc.literal(end);
            }
            2 => {
                doc.context("plain");
                doc.literal(&format!("{key}: w"));
                let said = doc.mixed(&[" ", "/", "#", ":", "é", "'", "\\"], str::to_owned);
                doc.literal("\n");
                doc.leaf(&[&key], Leaf::Text([b"w", &said[..]].concat()));
            }
            3 => {
                doc.context("single");
                doc.literal(&format!("{key}: '"));
                let said = doc.mixed(&[" ", "'", "\"", "\\", "# "], |text| text.replace('\'', "''"));
                doc.literal("'\n");
                doc.leaf(&[&key], Leaf::Text(said));
            }
            4 => {
                doc.context("double");
                doc.literal(&format!("{key}: \""));
                let said = doc.mixed(&["\\", "\"", "é", "\n", " "], json_escape);
                doc.literal("\" \n");
                doc.leaf(&[&key], Leaf::Text(said));
            }
            5..=7 => yaml_block(doc, &key),
            8 => {
                doc.context("flow");
                doc.literal(&format!("{key}: {{a: "));
                let leaf = doc.typed();
                doc.leaf(&[&key, "a"], leaf);
                doc.literal(", 'b': [");
                let leaf = doc.typed();
                doc.leaf(&[&key, "b", "0"], leaf);
                doc.literal(", \"");
                let said = doc.whole();
                doc.leaf(&[&key, "b", "1"], Leaf::Text(said));
                doc.literal("\"]}\n");
            }
            9 => {
                doc.context("list");
                doc.literal(&format!("{key}:\n- "));
                let leaf = doc.typed();
                doc.leaf(&[&key, "0"], leaf);
                doc.literal("\n- - x\n  - ");
                let leaf = doc.typed();
                doc.leaf(&[&key, "1", "0"], Leaf::text("x"));
                doc.leaf(&[&key, "1", "1"], leaf);
                doc.literal("\n");
            }
            10 => {
                doc.context("key");
                let quote = doc.random.pick(&["", "\"", "'"]);
                doc.literal(&format!("{quote}{key}"));
                let mut name = key.clone().into_bytes();
                name.extend(doc.whole());
                doc.literal(&format!("{quote}: v\n"));
                doc.leaves.push((vec![name], Leaf::text("v")));
            }
            11 => {
                doc.context("comment");
                doc.literal("# note ");
                doc.whole();
                doc.literal(&format!("\n{key}: v # "));
                doc.whole();
                doc.literal("\n");
                doc.leaf(&[&key], Leaf::text("v"));
            }
            _ => {
                doc.context("lines");
                let quote = doc.random.pick(&["", "\"", "'"]);
                doc.literal(&format!("{key}: {quote}word\n  "));
                let said = doc.whole();
                doc.literal(&format!("\n  end{quote}\n"));
                doc.leaf(&[&key], Leaf::Text([b"word ", &said[..], b" end"].concat()));
            }
        }
    }
}

fn yaml_block(doc: &mut Document, key: &str) {
    doc.context("block");
    let style = doc.random.pick(&["|", "|-", "|+", ">", ">-"]);
    let comment = doc.random.pick(&["", "", " # why | not"]);
    let indent = doc.random.pick(&["  ", "    ", " "]);
    doc.literal(&format!("{key}: {style}{comment}\n"));
    let mut said = Vec::new();
    let lines = 1 + doc.random.below(3);
    for number in 0..lines {
        if number > 0 {
            doc.literal("\n");
            said.push(if style.starts_with('|') { b'\n' } else { b' ' });
        }
        doc.literal(indent);
        if doc.random.one_in(2) {
            said.extend(doc.whole());
        } else {
            doc.literal("w");
            said.push(b'w');
            said.extend(doc.mixed(&[" ", "# ", ": ", "'"], str::to_owned));
        }
    }
    if !style.ends_with('-') {
        said.push(b'\n');
    }
    doc.literal("\n");
    doc.leaf(&[key], Leaf::Text(said));
}

pub fn toml(doc: &mut Document) {
    let entries = 1 + doc.random.below(5);
    for number in 0..entries {
        let key = format!("k{number}");
        let quote = match doc.random.below(9) {
            0 => {
                doc.context("bare");
                doc.literal(&format!("{key} = "));
                let leaf = doc.typed();
                doc.leaf(&[&key], leaf);
                doc.literal(" # why\n");
                continue;
            }
            1 => {
                doc.context("list");
                doc.literal(&format!("{key} = [ "));
                let leaf = doc.typed();
                doc.leaf(&[&key, "0"], leaf);
                doc.literal(", { a = ");
                let leaf = doc.typed();
                doc.leaf(&[&key, "1", "a"], leaf);
                doc.literal(" } ]\n");
                continue;
            }
            2 => {
                doc.context("key");
                let quote = doc.random.pick(&["", "\"", "'"]);
                doc.literal(&format!("{quote}{key}"));
                let mut name = key.clone().into_bytes();
                name.extend(doc.whole());
                doc.literal(&format!("{quote}.in = 1\n"));
                doc.leaves.push((vec![name, b"in".to_vec()], Leaf::Int(1)));
                continue;
            }
            3 => {
                doc.context("comment");
                doc.literal("# note ");
                doc.whole();
                doc.literal(&format!("\n{key} = 2 # "));
                doc.whole();
                doc.literal("\n");
                doc.leaf(&[&key], Leaf::Int(2));
                continue;
            }
            4 => "'",
            5 => "'''",
            6 => "\"\"\"",
            _ => "\"",
        };
        doc.context(if quote.len() == 3 { "lines" } else { "string" });
        doc.literal(&format!("{key} = {quote}"));
        let basic = quote.starts_with('"');
        if quote.len() == 3 && doc.random.one_in(2) {
            doc.literal("\n");
        }
        let letters: &[&str] = if basic { &["\\", "\"", "é", "\n", " "] } else { &["\\", "\"", " "] };
        let mut said = doc.mixed(letters, |text| if basic { json_escape(text) } else { text.to_owned() });
        if quote.len() == 3 && doc.random.one_in(2) {
            doc.literal(if basic { " \\\n   " } else { "\n" });
            said.push(if basic { b' ' } else { b'\n' });
            said.extend(doc.whole());
        }
        doc.literal(&format!("{quote}\n"));
        doc.leaf(&[&key], Leaf::Text(said));
    }
}

pub fn xml(doc: &mut Document) {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&#60;");
    let declaration = doc.random.pick(&[
        "",
        "",
        "<?xml version=\"1.0\"?>\n",
        "<?xml version='1.0' encoding='UTF-8'?>\n",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n",
        "<?xml\n version=\"1.0\" encoding = 'us-ascii' standalone='yes'?>\n",
        "<?xml version=\"1.1\" encoding=\"utf-8\"?>\n",
    ]);
    doc.literal(declaration);
    if doc.random.one_in(6) {
        doc.literal(
            "<!DOCTYPE r [<!-- it's --><!ATTLIST k0 a NMTOKENS #IMPLIED>\n<!ATTLIST k1 a NMTOKENS #IMPLIED>]>\n",
        );
    }
    doc.literal("<r>");
    let entries = 1 + doc.random.below(4);
    for number in 0..entries {
        let key = format!("k{number}");
        match doc.random.below(5) {
            0 | 1 => {
                doc.context("text");
                doc.literal(&format!("<{key}>"));
                let said = doc.mixed(&["&", "<", " ", "]"], escape);
                doc.literal(&format!("</{key}>"));
                doc.leaf(&[&key], Leaf::Text(said));
            }
            2 => {
                doc.context("attribute");
                let quote = doc.random.pick(&["\"", "'"]);
                doc.literal(&format!("<{key} a={quote}"));
                let said = doc.mixed(&["&", "<", " "], escape);
                doc.literal(&format!("{quote} b='x'/>"));
                doc.leaf(&[&key, "a"], Leaf::Text(said));
                doc.leaf(&[&key, "b"], Leaf::text("x"));
                doc.leaf(&[&key], Leaf::text(""));
            }
            3 => {
                doc.context("cdata");
                doc.literal(&format!("<{key}>w<![CDATA["));
                let said = doc.mixed(&["&", "<", "]", "]]"], str::to_owned);
                doc.literal(&format!("]]>&lt;</{key}>"));
                doc.leaf(&[&key], Leaf::Text([b"w", &said[..], b"<"].concat()));
            }
            _ => {
                doc.context("comment");
                doc.literal("<!-- ");
                doc.whole();
                doc.literal(" --><?pi ");
                doc.whole();
                doc.literal(&format!(" ?><{key}>x</{key}>"));
                doc.leaf(&[&key], Leaf::text("x"));
            }
        }
    }
    doc.literal("</r>\n");
}
