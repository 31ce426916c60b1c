//! The same thirty values in each format, as others put them in and as we do: the table of docs/escaping.md.

use crate::document::{Leaf, Leaves};
use crate::{readers, shell};
use sops_inlay::template::escape::{Piece, TemplateFormat, render_in_format};
use sops_inlay::template::{SecretIndex, Segment};

const VALUES: [(&str, &str); 30] = [
    ("plain", "s3cretPassw0rd"),
    ("a blank", "correct horse"),
    ("double quote", "pa\"ss"),
    ("single quote", "pa'ss"),
    ("both quotes at the ends", "\"pass'"),
    ("a quoted word", "\"pass\""),
    ("backslash", "pa\\nss"),
    ("backslash at the end", "pass\\"),
    ("dollar and name", "pa$HOME"),
    ("dollar and brace", "${HOME}"),
    ("command", "$(id)`id`"),
    ("hash behind a blank", "pa #ss"),
    ("hash first", "#pass"),
    ("semicolon", "pa;ss"),
    ("colon and blank", "pa: ss"),
    ("equals sign", "pa=ss=="),
    ("brackets", "{[pa]}, <ss>"),
    ("percent", "pa%(ss)s%%"),
    ("ampersand", "pa&amp;ss&lt"),
    ("end of CDATA", "pa]]>ss"),
    ("star, at, exclamation first", "*@!pass"),
    ("looks like a number", "0123"),
    ("looks like a boolean", "yes"),
    ("empty", ""),
    ("blanks at the ends", " pass "),
    ("line break at the end", "pass\n"),
    ("PEM", "-----BEGIN KEY-----\nAbC+/=\n-----END KEY-----"),
    ("tab and carriage return", "pa\tss\r"),
    ("escape character", "pa\u{1b}[0mss"),
    ("not ASCII", "pä€😀ss"),
];

/// A usual template of each format, cut around the value, and the template for a value in JSON's quotes.
fn templates(format: TemplateFormat) -> [(&'static str, &'static str); 2] {
    match format {
        TemplateFormat::Raw => [("", ""); 2],
        TemplateFormat::Json => [("{\"k\": \"", "\"}\n"), ("{\"k\": ", "}\n")],
        TemplateFormat::Yaml => [("k: ", "\nz: 1\n"); 2],
        TemplateFormat::Toml => [("k = \"", "\"\nz = 1\n"), ("k = ", "\nz = 1\n")],
        TemplateFormat::Ini => [("[s]\nk = ", "\nz = 1\n"); 2],
        TemplateFormat::Env => [("k=", "\nz=1\n"); 2],
        TemplateFormat::DockerEnv => [("k=", "\nz=1\n"); 2],
        TemplateFormat::Xml => [("<r><k>", "</k></r>\n"); 2],
        TemplateFormat::Sh => [("k='", "'\nshow k \"$k\"\nshow z 1\n"), ("k=", "\nshow k \"$k\"\nshow z 1\n")],
        TemplateFormat::Properties => [("k=", "\nz=1\n"); 2],
        TemplateFormat::Nginx => [("http {\nk \"", "\";\nz 1;\n}\n"), ("http {\nk ", ";\nz 1;\n}\n")],
    }
}

/// Go's `json.Marshal` of a string, which is consul-template's `toJSON`.
fn go_json(value: &str) -> String {
    let quoted = serde_json::to_string(value).unwrap();
    quoted.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// Formats in which somebody might reach for JSON's quotes.
fn has_json_quotes(format: TemplateFormat) -> bool {
    use TemplateFormat::{DockerEnv, Env, Ini, Json, Nginx, Properties, Raw, Sh, Toml, Xml, Yaml};
    match format {
        Json | Yaml | Toml | Env | Sh | Nginx => true,
        Raw | Ini | DockerEnv | Xml | Properties => false,
    }
}

fn read(format: TemplateFormat, text: &[u8]) -> Option<Leaves> {
    match format {
        TemplateFormat::Raw => None,
        TemplateFormat::Json => readers::json(text),
        TemplateFormat::Yaml => readers::yaml(text),
        TemplateFormat::Toml => readers::toml(text),
        TemplateFormat::Ini => readers::ini(text),
        TemplateFormat::Env => readers::env(text),
        TemplateFormat::DockerEnv => readers::docker_env(text),
        TemplateFormat::Xml => readers::xml(text),
        TemplateFormat::Sh => shell::run(&[text]).pop(),
        TemplateFormat::Properties => readers::properties(text),
        // A `$` in a value is a variable to nginx, which has no such one.
        TemplateFormat::Nginx => readers::nginx(text).filter(|_| !text.contains(&b'$')),
    }
}

fn verdict(format: TemplateFormat, text: &[u8], value: &str) -> char {
    let last = |leaves: &Leaves, name: &[u8]| {
        let found = leaves.iter().rev().find(|(path, _)| path.last().is_some_and(|last| last == name));
        found.map(|(_, leaf)| leaf.clone())
    };
    let rest = !matches!(format, TemplateFormat::Json | TemplateFormat::Xml);
    match read(format, text) {
        Some(leaves) if rest && last(&leaves, b"z").is_none() => '✗',
        Some(leaves) if last(&leaves, b"k") == Some(Leaf::text(value)) => '=',
        Some(_) => '≠',
        None => '✗',
    }
}

fn ours(format: TemplateFormat, value: &str) -> char {
    let (before, behind) = templates(format)[0];
    let segments = [
        Segment::Literal(before.as_bytes()),
        Segment::Value { secret: SecretIndex(0), offset: before.len(), token: b"@" },
        Segment::Literal(behind.as_bytes()),
    ];
    match render_in_format(format, &segments, |_| Piece::text(value.as_bytes())) {
        Ok(text) => verdict(format, text.expose(), value),
        Err(_) => '–',
    }
}

fn table() -> String {
    let formats: Vec<_> = TemplateFormat::ALL.into_iter().filter(|format| *format != TemplateFormat::Raw).collect();
    let names: Vec<_> = formats.iter().map(|format| format.name()).collect();
    let mut table = format!("| value | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(formats.len()));
    let mut broken = vec![[0usize; 3]; formats.len()];
    for (name, value) in VALUES {
        table.push_str(&format!("| {name} |"));
        for (format, broken) in formats.iter().zip(&mut broken) {
            let [(before, behind), (bare, bare_behind)] = templates(*format);
            let plain = verdict(*format, format!("{before}{value}{behind}").as_bytes(), value);
            let quoted = format!("{bare}{}{bare_behind}", go_json(value));
            let quoted = if has_json_quotes(*format) { verdict(*format, quoted.as_bytes(), value) } else { '·' };
            let verdicts = [plain, quoted, ours(*format, value)];
            assert!(matches!(verdicts[2], '=' | '–'), "{format:?} breaks {name}");
            table.push_str(&format!(" {} {} {} |", verdicts[0], verdicts[1], verdicts[2]));
            verdicts.iter().zip(broken).for_each(|(one, count)| *count += usize::from(matches!(one, '≠' | '✗')));
        }
        table.push('\n');
    }
    let sums = formats.iter().zip(&broken).map(|(format, [plain, json, ours])| {
        let json = if has_json_quotes(*format) { json.to_string() } else { "·".to_owned() };
        format!("{plain} / {json} / {ours}")
    });
    let sums: Vec<_> = sums.collect();
    table.push_str(&format!("| **wrong of 30** | {} |\n", sums.join(" | ")));
    table
}

#[test]
fn the_table_of_nasty_values_in_the_docs_is_what_comes_out() {
    const START: &str = "<!-- table: written by tests/formats/peers.rs with INLAY_BLESS=1 -->\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/escaping.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once(START).expect("the table's place");
    let end = rest.find("<!-- end of table -->").expect("the table's end");
    let fresh = format!("{before}{START}{}{}", table(), &rest[end..]);
    if std::env::var_os("INLAY_BLESS").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    assert!(text == fresh || std::env::var_os("INLAY_BLESS").is_some(), "run with INLAY_BLESS=1:\n{}", table());
}
