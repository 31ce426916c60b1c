//! Random plain documents in the five formats, from a seed.

/// SplitMix64: small, and the same numbers from the same seed everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// A plain document, how it is to be encrypted, and places in it.
pub struct Case {
    /// File name suffix: `yaml`, `json`, `env`, `ini`, `bin`.
    pub format: &'static str,
    pub text: Vec<u8>,
    /// Name and pattern of one of the six rules.
    pub rule: Option<(&'static str, &'static str)>,
    pub mac_only_encrypted: bool,
    /// Steps to values of the first document.
    pub places: Vec<Vec<Step>>,
    pub documents: usize,
    /// Whether a JSON map has a key twice, which only JSON can: no key path tells the two apart.
    pub has_duplicate_keys: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Key(String),
    Position(usize),
}

enum Node {
    /// The value as it stands in the text (already quoted).
    Scalar(String),
    /// A text of several lines, for a literal block.
    Block(Vec<&'static str>, &'static str),
    Map(Vec<(String, Node)>),
    List(Vec<Node>),
}

const RULES: &[(&str, &str)] = &[
    ("encrypted_suffix", "_secret"),
    ("unencrypted_suffix", "_clear"),
    ("encrypted_regex", "^(a|pass.*|\\w+_secret)$"),
    ("unencrypted_regex", "^[a-d]|_clear$"),
    ("encrypted_comment_regex", "sops:enc"),
    ("unencrypted_comment_regex", "sops:clear"),
];

const KEYS: &[&str] = &[
    "a",
    "b",
    "c",
    "d",
    "password",
    "passwd",
    "db_secret",
    "x_secret",
    "note_clear",
    "pub_unencrypted",
    "name",
    "y",
    "no",
    "On",
    "1",
    "0777",
    "1.5",
    "true",
    "null",
    "~",
    "2024-01-02",
    "ключ",
    "日本",
    "é",
    "emoji😀",
    "with space",
    " lead",
    "trail ",
    "a:b",
    "a: b",
    "#x",
    "x #y",
    "-",
    "- x",
    "?",
    "{",
    "a/b",
    "a\\b",
    "=",
    "<",
    "&",
    "%d",
    "@at",
    "`tick",
    "!bang",
    "|",
    ">",
    "long_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789",
    "very_long_0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "sops",
    "sops_x",
    "data",
    "__list_0",
    "k.e.y",
    "UPPER",
    "_",
    "0",
    "7",
];

const TEXTS: &[&str] = &[
    "",
    "x",
    "hello",
    "p@ss w0rd",
    "true",
    "True",
    "no",
    "y",
    "null",
    "~",
    "42",
    "-1",
    "0777",
    "1_000",
    "1e3",
    "1.0",
    ".inf",
    "2024-01-02",
    "2024-01-02T03:04:05Z",
    "12:30",
    "1:30",
    "0x1F",
    " lead",
    "trail ",
    "\ttab",
    "a\tb",
    "#no",
    "a #b",
    "a: b",
    "a:",
    "- a",
    "-",
    "?",
    "? a",
    "---",
    "...",
    "--- a",
    "{}",
    "[]",
    "{a: b}",
    "[a]",
    "&a",
    "*a",
    "!t",
    "|",
    ">",
    "%",
    "@",
    "`",
    "'",
    "\"",
    "it's",
    "say \"hi\"",
    "back\\slash",
    "\\n",
    "é",
    "ключ",
    "日本語",
    "😀",
    "a😀b",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "x\u{2028}y",
    "\u{feff}bom",
    "\u{fffd}",
    "\u{1}",
    "\u{1b}[31m",
    "line\n",
    "line\n\n",
    "two\nlines",
    "two\nlines\n",
    "a\n\nb\n",
    "\nlead",
    "\n",
    "\n\n",
    " \n",
    "a \nb",
    " a\n b",
    "a\n  b\n c\n",
    "tab\n\tb\n",
    "cr\rx",
    "crlf\r\nx\r\n",
    "end \n",
    "end\n ",
    "<<",
    "=",
    "<>&",
    "ENC[x]",
    "-----BEGIN KEY-----\nAAAA\nBBBB\n-----END KEY-----\n",
    "https://u:p@h/p?q=1&r=2#f",
    "$HOME ${x} $(y)",
    "a;b",
    "a=b",
    "0b101",
    "0o17",
    "+1",
    "1e400",
    "123456789012345678901234567890",
    "18446744073709551615",
    "<SOPS:x:PLACEHOLDER>",
    "a very long line that a folding emitter would break somewhere after eighty columns, but this one must not do so at all",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "42",
    "9223372036854775807",
    "-9223372036854775808",
    "1.5",
    "-0.5",
    "1e3",
    "1E+10",
    "1.0",
    "100000",
    "1000000.0",
    "1234567.5",
    "0.0001",
    "0.00001",
    "1e21",
    "1e-7",
    "5e-324",
    "1.7976931348623157e308",
    "0.1",
    "2.50",
    "123456789012345678901234567890",
    "1e20",
    "999999.5",
    "9007199254740993",
];

const YAML_ONLY: &[&str] = &[
    "~",
    "Null",
    "",
    "True",
    "FALSE",
    "0x1F",
    "0b101",
    "0o17",
    "0777",
    "1_000",
    "08",
    "+12",
    ".5",
    "5.",
    ".inf",
    "-.Inf",
    ".NaN",
    "-0.0",
    "2024-01-02",
    "2024-01-02T03:04:05Z",
    "2024-01-02T03:04:05.120+02:00",
    "2024-01-02 03:04:05.5",
    "yes",
    "off",
    "12:30",
    "!!str 12",
    "!!binary aGVsbG8=",
    "!!float 3",
    "!custom tagged",
    "plain text",
    "a#b",
    "it's",
];

const BLOCKS: &[&[&str]] =
    &[&["one", "two"], &["a", "", "b"], &["x", "  y"], &["# no comment"], &["k: v"], &["", "late"], &["tab\t", "x"]];

const COMMENTS: &[&str] = &[
    " plain",
    "tight",
    " sops:enc",
    " sops:clear",
    " ünï 😀",
    " a: b",
    " #double",
    "",
    " - x",
    " \"q\"",
    " ENC[x]",
    "\ttab",
];

impl Case {
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let format = random.pick(&["yaml", "yaml", "yaml", "yaml", "json", "json", "env", "ini", "bin"]);
        let mut case = Self {
            format,
            text: Vec::new(),
            rule: (format != "bin" && random.once_in(2)).then(|| random.pick(RULES)),
            mac_only_encrypted: format != "bin" && random.once_in(4),
            places: Vec::new(),
            documents: 1,
            has_duplicate_keys: false,
        };
        match format {
            "yaml" => case.yaml(&mut random),
            "json" => case.json(&mut random),
            "env" => case.dotenv(&mut random),
            "ini" => case.ini(&mut random),
            _ => case.text = (0..random.below(300)).map(|_| random.next() as u8).collect(),
        }
        if format == "bin" {
            case.places.push(vec![Step::Key("data".to_owned())]);
        }
        case
    }

    fn yaml(&mut self, random: &mut Random) {
        self.documents = if random.once_in(8) { 2 + random.below(2) } else { 1 };
        let mut text = String::new();
        for number in 0..self.documents {
            if number > 0 {
                text.push_str("---\n");
            }
            let Node::Map(pairs) = map(random, true, 0) else { continue };
            if number == 0 {
                self.note_places(&pairs);
            }
            if pairs.is_empty() {
                text.push_str("{}\n");
            }
            self.yaml_map(random, &pairs, 0, &mut text);
            if random.once_in(6) {
                yaml_comment(random, 0, &mut text);
            }
        }
        self.text = text.into_bytes();
    }

    fn yaml_map(&mut self, random: &mut Random, pairs: &[(String, Node)], indent: usize, text: &mut String) {
        for (key, value) in pairs {
            if random.once_in(6) {
                yaml_comment(random, indent, text);
            }
            let key = if key.len() > 100 {
                format!("? {}\n{}", quoted(key), " ".repeat(indent))
            } else {
                yaml_key(random, key)
            };
            text.push_str(&format!("{}{key}:", " ".repeat(indent)));
            self.yaml_value(random, value, indent, text);
        }
    }

    fn yaml_value(&mut self, random: &mut Random, value: &Node, indent: usize, text: &mut String) {
        match value {
            Node::Scalar(scalar) => {
                text.push_str(&format!(" {scalar}"));
                if random.once_in(10) {
                    text.push_str(&format!(" #{}", random.pick(COMMENTS)));
                }
                text.push('\n');
            }
            Node::Block(lines, chomping) => {
                text.push_str(&format!(" |{chomping}\n"));
                for line in lines {
                    text.push_str(&format!("{}{line}\n", " ".repeat(if line.is_empty() { 0 } else { indent + 2 })));
                }
            }
            Node::Map(pairs) if pairs.is_empty() => text.push_str(" {}\n"),
            Node::List(items) if items.is_empty() => text.push_str(" []\n"),
            Node::Map(pairs) => {
                text.push('\n');
                self.yaml_map(random, pairs, indent + 2, text);
            }
            Node::List(items) => {
                text.push('\n');
                for item in items {
                    if random.once_in(20) {
                        yaml_comment(random, indent + 2, text);
                    }
                    text.push_str(&format!("{}-", " ".repeat(indent + 2)));
                    self.yaml_value(random, item, indent + 2, text);
                }
            }
        }
    }

    fn json(&mut self, random: &mut Random) {
        let Node::Map(mut pairs) = map(random, false, 0) else { return };
        self.note_places(&pairs);
        if let Some((key, _)) = pairs.first().filter(|_| random.once_in(10)) {
            pairs.push((key.clone(), Node::Scalar("\"again\"".to_owned())));
            self.has_duplicate_keys = true;
        }
        let mut text = String::new();
        json_map(random, &pairs, &mut text);
        self.text = text.into_bytes();
    }

    fn dotenv(&mut self, random: &mut Random) {
        let mut text = String::new();
        for number in 0..random.below(12) {
            match random.below(6) {
                0 => text.push_str(&format!("#{}\n", random.pick(COMMENTS))),
                1 => text.push('\n'),
                _ => {
                    let suffix = random.pick(&["", "_secret", "_clear", " ", "é", ".x"]);
                    let key = format!("{}{number}{suffix}", random.pick(&["A", "b_", " lead", "export X", "a:b"]));
                    let value = random.pick(TEXTS).replace('\n', "\\n");
                    text.push_str(&format!("{key}={value}\n"));
                    self.places.push(vec![Step::Key(key)]);
                }
            }
        }
        if random.once_in(5) {
            text.pop();
        }
        self.text = text.into_bytes();
    }

    fn ini(&mut self, random: &mut Random) {
        let mut text = String::new();
        for section in 0..random.below(4) {
            let mut name = "DEFAULT".to_owned();
            if section > 0 || random.once_in(2) {
                let suffix = random.pick(&["", "_secret", "_clear", ".sub", " x", "é"]);
                name = format!("s{section}{suffix}");
                if random.once_in(4) {
                    text.push_str(&format!("{}{}\n", random.pick(&[";", "#"]), random.pick(COMMENTS)));
                }
                text.push_str(&format!("[{name}]\n"));
            }
            for number in 0..random.below(6) {
                if random.once_in(5) {
                    text.push_str(&format!("{}{}\n", random.pick(&[";", "#", "; "]), random.pick(COMMENTS)));
                }
                let key = format!(
                    "{}{number}{}",
                    random.pick(&["k", "a", "é", "long_key_name"]),
                    random.pick(&["", "_secret", "_clear"])
                );
                let value = random.pick(TEXTS);
                let value = if value.contains('\n') { format!("\"\"\"{value}\"\"\"") } else { value.to_owned() };
                text.push_str(&format!("{key}{}{value}\n", random.pick(&["=", " = ", ": ", "  =  "])));
                self.places.push(vec![Step::Key(name.clone()), Step::Key(key)]);
            }
        }
        self.text = text.into_bytes();
    }

    fn note_places(&mut self, pairs: &[(String, Node)]) {
        fn note(node: &Node, path: &mut Vec<Step>, places: &mut Vec<Vec<Step>>) {
            places.push(path.clone());
            match node {
                Node::Map(pairs) => pairs.iter().for_each(|(key, value)| {
                    path.push(Step::Key(key.clone()));
                    note(value, path, places);
                    path.pop();
                }),
                Node::List(items) => items.iter().enumerate().for_each(|(index, value)| {
                    path.push(Step::Position(index));
                    note(value, path, places);
                    path.pop();
                }),
                _ => {}
            }
        }
        for (key, value) in pairs {
            note(value, &mut vec![Step::Key(key.clone())], &mut self.places);
        }
    }
}

fn map(random: &mut Random, yaml: bool, depth: usize) -> Node {
    let mut pairs: Vec<(String, Node)> = Vec::new();
    for _ in 0..random.below(if depth == 0 { 8 } else { 5 }) {
        let key = (random.pick(KEYS)).to_owned();
        let reserved = depth == 0 && key == "sops";
        if !reserved && pairs.iter().all(|(other, _)| *other != key) {
            let value = node(random, yaml, depth);
            pairs.push((key, value));
        }
    }
    Node::Map(pairs)
}

fn node(random: &mut Random, yaml: bool, depth: usize) -> Node {
    match random.below(if depth > 6 { 10 } else { 14 }) {
        0..=4 => Node::Scalar(text(random, yaml)),
        5 | 6 => Node::Scalar((random.pick(NUMBERS)).to_owned()),
        7 => Node::Scalar((random.pick(&["true", "false", "null"])).to_owned()),
        8 if yaml => Node::Block(random.pick(BLOCKS).to_vec(), random.pick(&["", "-", "+"])),
        9 if yaml => Node::Scalar((random.pick(YAML_ONLY)).to_owned()),
        8 | 9 => Node::Scalar("null".to_owned()),
        10 | 11 => map(random, yaml, depth + 1),
        _ => Node::List((0..random.below(5)).map(|_| node(random, yaml, depth + 1)).collect()),
    }
}

/// A string: one of the list, or two of them side by side.
fn text(random: &mut Random, yaml: bool) -> String {
    let mut text = (random.pick(TEXTS)).to_owned();
    if random.once_in(3) {
        text.push_str(random.pick(TEXTS));
    }
    let simple = text.chars().all(|c| c.is_ascii_alphabetic()) && !text.is_empty();
    if yaml && simple { text } else { quoted(&text) }
}

fn yaml_key(random: &mut Random, key: &str) -> String {
    let simple = key.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !["y", "null"].contains(&key);
    if simple && !random.once_in(4) { key.to_owned() } else { quoted(key) }
}

fn yaml_comment(random: &mut Random, indent: usize, text: &mut String) {
    for _ in 0..1 + random.below(2) {
        let indent = if random.once_in(5) { indent.saturating_sub(2) } else { indent };
        text.push_str(&format!("{}#{}\n", " ".repeat(indent), random.pick(COMMENTS)));
        if random.once_in(4) {
            text.push('\n');
        }
    }
}

/// A JSON string, which is a double-quoted YAML scalar as well.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{85}' | '\u{a0}' | '\u{2028}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

fn json_map(random: &mut Random, pairs: &[(String, Node)], text: &mut String) {
    text.push('{');
    for (number, (key, value)) in pairs.iter().enumerate() {
        text.push_str(&format!("{}{}:", if number > 0 { "," } else { "" }, quoted(key)));
        json_value(random, value, text);
    }
    text.push('}');
}

fn json_value(random: &mut Random, value: &Node, text: &mut String) {
    if random.once_in(5) {
        text.push_str(random.pick(&[" ", "\n", "\t"]));
    }
    match value {
        Node::Scalar(scalar) => text.push_str(scalar),
        Node::Block(..) => text.push_str("null"),
        Node::Map(pairs) => json_map(random, pairs, text),
        Node::List(items) => {
            text.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                json_value(random, item, text);
            }
            text.push(']');
        }
    }
}
