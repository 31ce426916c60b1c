//! Templates thrown together from scraps of their format, most of them wrong. They must be refused or rendered, never
//! crash, and what is rendered must say the same as with a plain word for each value.

use crate::document::Leaves;
use crate::dump::Dump;
use crate::random::{Random, secret};
use crate::{number, readers, shell};
use sops_inlay::template::escape::{Piece, TemplateFormat, check_places, render_in_format};
use sops_inlay::template::{SecretIndex, Segment};

const WORD: &[u8] = b"Qw7plain";
const TOKEN: &str = "@v@";

/// Scraps of each format; what is in all of them stands in `COMMON`.
fn scraps(format: TemplateFormat) -> &'static [&'static str] {
    match format {
        TemplateFormat::Raw => &[],
        TemplateFormat::Json => &["{", "}", "[", "]", ",", ":", "\"k\":", "\"", "1", "true", "\\n", "\\u00", "{\"a\":"],
        TemplateFormat::Yaml => &[
            "k: ", "- ", "  ", "|\n  ", ">-\n  ", "|2\n ", "&a ", "*a", "!t ", "!!str ", "? ", ": ", "{", "}", "[",
            "]", ", ", "---\n", "'", "\"", " # ", "%", "\n\n", "\n  ", "''", "| # c\n ", "<<: ", "a: b\n", "...\n",
            "\t",
        ],
        TemplateFormat::Toml => &[
            "k = ", "[", "]", "\"", "\"\"\"", "'''", "'", "{", "}", ", ", ".", "\\", "#", "[t]\n", "a.b = ", "\\u00",
            "1", "\r\n",
        ],
        TemplateFormat::Ini => {
            &["[s]\n", "k = ", "k: ", "# ", "; ", "\"", "'", "`", "  ", "\\", "]", "[", "\r\n", "Environment=", "%"]
        }
        TemplateFormat::Env => &["K=", "A_1=", "#", "'", "\"", "\\", ";", "export ", "\\\n", "\r", "$", "`"],
        TemplateFormat::DockerEnv => &["K=", "A=", "#", "'", "\"", "\\", "\r\n", "\u{feff}", "\t"],
        TemplateFormat::Xml => &[
            "<a>",
            "</a>",
            "<a b=\"",
            "<a b='",
            "\"/>",
            "'>",
            "<![CDATA[",
            "]]>",
            "<!-- ",
            " -->",
            "<?p ",
            "?>",
            "&amp;",
            "&",
            "&#",
            ";",
            "<!DOCTYPE a [<!ENTITY e 'x'>]>",
            "<!DOCTYPE a [<!ATTLIST a b NMTOKENS #IMPLIED><?p \"?>]>",
            "<?xml version='1.1'?>",
            "<?xml version='1.0' encoding='ISO-8859-1'?>",
            "&e;",
            "]]",
            ">",
            "<",
            "<?xml version='1.0'?>",
        ],
        TemplateFormat::Sh => &[
            " \nshow a ",
            " \nshow b ",
            "'",
            "\"",
            "\\",
            "$",
            "$(",
            "$((",
            "))",
            ")",
            "${x-",
            "}",
            "`",
            "#",
            ";",
            "|",
            " \nshow_in c <<EOF\n",
            " \nshow_in d <<'EOF'\n",
            " \nshow_in e <<-EOF\n",
            "\nEOF\n",
            "\t",
            "x=",
            "$x",
            "~",
            "{",
            "(",
            "$'",
            "*",
            "case ",
            " in",
            "for ",
            "[",
            "=",
            ": ",
            "\\\n",
            "<<<",
        ],
        TemplateFormat::Properties => {
            &["k=", "k: ", "k ", "#", "!", "\\", "\\u00", "\\\n", "=", ":", "\r\n", "\\ud83d"]
        }
        TemplateFormat::Nginx => &[
            "k ",
            "http {\n",
            "}",
            ";",
            "\"",
            "'",
            "#",
            "\\",
            "$",
            "${",
            "{",
            "$x",
            "x_by_lua_block ",
            "\t",
            "map $a $b {",
            "~",
        ],
    }
}

const COMMON: &[&str] = &["w", " ", "\n", TOKEN, TOKEN, "é", "w1"];

fn template(format: TemplateFormat, random: &mut Random) -> String {
    let own = scraps(format);
    let len = 1 + random.below(12);
    let scrap = |random: &mut Random| if random.one_in(2) { random.pick(own) } else { random.pick(COMMON) };
    let mut text: String = (0..len).map(|_| scrap(random)).collect();
    // Most scraps alone do not make a document: some help.
    match format {
        TemplateFormat::Json if random.one_in(2) => text = format!("{{\"k\":{text}}}"),
        TemplateFormat::Xml if random.one_in(2) => text = format!("<r>{text}</r>"),
        TemplateFormat::Toml if random.one_in(2) => text = format!("x = {text}\n"),
        TemplateFormat::Nginx if random.one_in(2) => text = format!("x {text};\n"),
        TemplateFormat::Sh => text = format!("{text}\n"),
        _ => {}
    }
    text
}

fn segments(template: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let mut offset = 0;
    for (number, literal) in template.split(TOKEN).enumerate() {
        if number > 0 {
            segments.push(Segment::Value { secret: SecretIndex(0), offset, token: TOKEN.as_bytes() });
            offset += TOKEN.len();
        }
        if !literal.is_empty() {
            segments.push(Segment::Literal(literal.as_bytes()));
        }
        offset += literal.len();
    }
    segments
}

fn read(format: TemplateFormat, texts: &[&[u8]]) -> Vec<Option<Leaves>> {
    let one: fn(&[u8]) -> Option<Leaves> = match format {
        TemplateFormat::Raw => |_| None,
        TemplateFormat::Json => readers::json,
        TemplateFormat::Yaml => readers::yaml,
        TemplateFormat::Toml => readers::toml,
        TemplateFormat::Ini => readers::ini,
        TemplateFormat::Env => |text| {
            let mut leaves = readers::env_by(text, false)?;
            leaves.extend(readers::env_by(text, true)?);
            Some(leaves)
        },
        TemplateFormat::DockerEnv => readers::docker_env,
        TemplateFormat::Xml => readers::xml,
        TemplateFormat::Sh => return shell::run_apart(texts),
        TemplateFormat::Properties => readers::properties,
        TemplateFormat::Nginx => readers::nginx,
    };
    texts.iter().map(|text| one(text)).collect()
}

fn replaced(text: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest, WORD) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(value);
        rest = &rest[at + WORD.len()..];
    }
    out.extend_from_slice(rest);
    out
}

fn with_value(leaves: Leaves, value: &[u8]) -> Leaves {
    use crate::document::Leaf;
    let mut leaves: Leaves = leaves
        .into_iter()
        .map(|(path, leaf)| {
            let path = path.into_iter().map(|name| replaced(&name, value)).collect();
            let leaf = match leaf {
                Leaf::Text(text) => Leaf::Text(replaced(&text, value)),
                other => other,
            };
            (path, leaf)
        })
        .collect();
    leaves.sort_by_key(|leaf| format!("{leaf:?}"));
    leaves
}

/// A value that is a command of the shell's own: a script may well do something else with it than with a plain word.
fn runs(value: &[u8]) -> bool {
    value.len() < 2 || value == b"true"
}

/// Scripts that do something else with a value than with a plain word, and are right to: `$x` without quotes is cut into
/// words.
fn acts(script: &str) -> bool {
    script.contains("$$") || (script.contains("x=") && ["$x", "${x"].iter().any(|name| script.contains(name)))
}

/// libyaml's binding takes no name twice, which a value may bring about.
fn names_twice(text: &[u8]) -> bool {
    let error = serde_yaml::from_slice::<serde_yaml::Value>(text).err();
    error.is_some_and(|error| error.to_string().contains("duplicate"))
}

/// A template that was rendered with a plain word and with a value.
struct Case {
    seed: u64,
    text: String,
    value: Vec<u8>,
    plain: Vec<u8>,
    rendered: Vec<u8>,
}

#[derive(Default)]
struct Tally {
    /// Templates that are wrong in their format.
    wrong: usize,
    refused: usize,
    compared: usize,
    /// Templates that are right here and wrong for the reader, or not to be compared.
    left_out: usize,
    broken: usize,
}

impl Tally {
    #[allow(clippy::print_stderr)]
    fn broken(&mut self, format: TemplateFormat, seed: u64, text: &str, what: &str) {
        self.broken += 1;
        eprintln!("{format:?} seed {seed}: {what}\n--- template\n{text}");
    }

    fn compare(&mut self, format: TemplateFormat, cases: &[Case]) {
        let plain: Vec<&[u8]> = cases.iter().map(|case| case.plain.as_slice()).collect();
        let rendered: Vec<&[u8]> = cases.iter().map(|case| case.rendered.as_slice()).collect();
        let (plain, rendered) = (read(format, &plain), read(format, &rendered));
        for ((case, plain), rendered) in cases.iter().zip(plain).zip(rendered) {
            let names_twice = format == TemplateFormat::Yaml && names_twice(&case.rendered);
            let Some(plain) = plain.filter(|_| !names_twice) else {
                self.left_out += 1;
                continue;
            };
            self.compared += 1;
            let expected = with_value(plain, &case.value);
            let found = rendered.map(|leaves| with_value(leaves, WORD));
            if !found.as_ref().is_some_and(|found| crate::same(found, &expected)) {
                let rendered = String::from_utf8_lossy(&case.rendered);
                let what = format!("expected {expected:?}\nfound {found:?}\n--- rendered\n{rendered}");
                self.broken(format, case.seed, &case.text, &what);
            }
        }
    }
}

#[allow(clippy::print_stderr)]
fn soup(format: TemplateFormat, cases: usize) {
    let first = number("INLAY_SEED", 1) as u64;
    let mut tally = Tally::default();
    let mut waiting = Vec::new();
    let mut dump = Dump::new(&format!("soup-{}", format.name()));
    for seed in (first..).take(cases) {
        let mut random = Random::new(seed ^ 0x50_0000_0000);
        let text = template(format, &mut random);
        let segments = segments(&text);
        let (value, _) = secret(&mut random);
        let plain = render_in_format(format, &segments, |_| Piece::text(WORD));
        let rendered = render_in_format(format, &segments, |_| Piece::text(&value));
        let faults = check_places(format, &segments);
        assert!(faults.iter().all(|fault| fault.offset <= text.len()), "{faults:?}\n{text}");
        if plain.is_err() == faults.is_empty() {
            tally.broken(format, seed, &text, &format!("check finds {faults:?}, rendering {:?}", plain.as_ref().err()));
        }
        match (plain, rendered) {
            (Ok(plain), Ok(rendered)) => {
                if format == TemplateFormat::Sh && (runs(&value) || acts(&text)) {
                    tally.left_out += 1;
                    continue;
                }
                let (plain, rendered) = (plain.expose().to_vec(), rendered.expose().to_vec());
                if format != TemplateFormat::Yaml || !names_twice(&rendered) {
                    dump.add_pair(seed, &plain, &rendered, &value);
                }
                waiting.push(Case { seed, text, value, plain, rendered });
            }
            (Ok(_), Err(_)) => tally.refused += 1,
            (Err(_), Err(_)) => tally.wrong += 1,
            (Err(_), Ok(_)) => {
                tally.broken(format, seed, &text, &format!("rendered with {value:?} and not with a word"))
            }
        }
        if waiting.len() == 200 {
            tally.compare(format, &std::mem::take(&mut waiting));
        }
    }
    tally.compare(format, &waiting);
    let Tally { wrong, refused, compared, left_out, broken } = tally;
    eprintln!(
        "{} soup: seeds from {first}: {compared} compared, {broken} broken, {refused} values refused, {wrong} wrong \
         templates, {left_out} left out",
        format.name()
    );
    assert_eq!(broken, 0, "{format:?}: see above");
    assert!(compared > cases / 500, "{format:?}: only {compared} of {cases} templates were of any use");
}

#[test]
fn scraps_of_a_template_are_refused_or_say_what_they_would_say_with_plain_words() {
    let cases = number("INLAY_CASES", 20_000);
    let formats = TemplateFormat::ALL.into_iter().filter(|format| *format != TemplateFormat::Raw);
    std::thread::scope(|scope| {
        for format in formats {
            scope.spawn(move || soup(format, cases));
        }
    });
}
