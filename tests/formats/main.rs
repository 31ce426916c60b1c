//! The promise of `format`: for random templates and random secrets, what a reader of the finished file finds is what
//! the template says with each secret's exact text in place; or the render is refused.
//!
//! `INLAY_CASES` sets the number of templates per format (default 20,000), `INLAY_SEED` the first seed.
//! `INLAY_DUMP=DIR` also writes the first `INLAY_DUMP_CASES` (default 3,000) finished files of each format, with what is
//! expected of them, for the readers in `tests/oracle`. `tests/oracle/property.sh` runs a million of each.

mod document;
mod dump;
mod git;
mod line_readers;
mod lines;
mod peers;
mod random;
mod readers;
mod scripts;
mod shell;
mod soup;
mod trees;

use document::{Document, Leaves};
use sops_inlay::template::Segment;
use sops_inlay::template::escape::{Reason, TemplateFormat, ValueType, finish_in_format};
use sops_inlay::template::finished::{Finished, Part};
use std::collections::BTreeMap;

/// What came of the templates of one format.
#[derive(Default)]
struct Tally {
    rendered: usize,
    refused: usize,
    /// Refused as they must be: see `Document::wrong`.
    wrong: usize,
    /// By context, for templates with one value in one place: how many, and how many of them were refused.
    by_context: BTreeMap<&'static str, (usize, usize)>,
    /// Why, as the first refusal of each template says.
    reasons: BTreeMap<String, usize>,
    /// Refused by the final check alone: the writer did not know why.
    unproven: usize,
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().map_or(default, |text| text.parse().expect("a number"))
}

fn same(one: &Leaves, two: &Leaves) -> bool {
    one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.0 == two.0 && one.1.same(&two.1))
}

/// Letters and digits as in most passwords: always rendered.
fn tame(doc: &Document) -> bool {
    let letters = |bytes: &Vec<u8>| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_alphanumeric) && bytes != b"EOF";
    !doc.wrong
        && doc.secrets.iter().all(|(bytes, kind)| *kind == ValueType::Text && letters(bytes) && bytes.len() < 100)
}

/// Runs the templates of one format. `read` gets finished files and says what stands in them.
fn promise(
    format: TemplateFormat,
    build: impl Fn(&mut Document),
    read: impl Fn(&[&[u8]]) -> Vec<Option<Leaves>>,
    batch: usize,
    refused_at_most: f64,
) {
    promise_of(format, format.name(), build, read, batch, refused_at_most);
}

/// The same for one of a format's readers, under a name of its own.
fn promise_of(
    format: TemplateFormat,
    name: &str,
    build: impl Fn(&mut Document),
    read: impl Fn(&[&[u8]]) -> Vec<Option<Leaves>>,
    batch: usize,
    refused_at_most: f64,
) {
    let (cases, first) = (number("INLAY_CASES", 20_000), number("INLAY_SEED", 1));
    let mut tally = Tally::default();
    let mut dump = dump::Dump::new(name);
    let mut waiting: Vec<(u64, Vec<u8>, Leaves)> = Vec::new();
    for seed in (first as u64..).take(cases) {
        let mut doc = Document::new(seed);
        build(&mut doc);
        let rendered = finish_in_format(format, &doc.segments(), |secret| doc.piece(secret));
        let refused = rendered.is_err();
        assert!(refused || !doc.wrong, "{name} seed {seed}: {}", String::from_utf8_lossy(&doc.template()));
        let rendered = rendered.map_err(|refusals| Some(refusals).filter(|_| !doc.wrong));
        if let ([context], false) = (&doc.contexts[..], doc.wrong) {
            let (all, some) = tally.by_context.entry(*context).or_default();
            *all += 1;
            *some += usize::from(refused);
        }
        match rendered {
            Ok(finished) => {
                tally.rendered += 1;
                places(&doc, &finished);
                dump.add(&doc, finished.bytes.expose());
                waiting.push((seed, finished.bytes.expose().to_vec(), doc.expected()));
            }
            Err(None) => tally.wrong += 1,
            Err(Some(refusals)) => {
                tally.refused += 1;
                tally.unproven += usize::from(matches!(refusals[0].reason, Reason::Unproven(_)));
                *tally.reasons.entry(refusals[0].reason.to_string()).or_default() += 1;
                let template = doc.template();
                let shown = String::from_utf8_lossy(&template);
                let doubtful = doc.doubtful && matches!(refusals[0].reason, Reason::Unclear(_));
                assert!(
                    doubtful || !tame(&doc),
                    "{format:?} seed {seed}: {} {:?}\n{shown}",
                    refusals[0].reason,
                    doc.secrets
                );
                assert!(refusals.iter().all(|refusal| refusal.offset <= template.len()), "{shown}");
            }
        }
        if waiting.len() >= batch || seed == (first + cases - 1) as u64 {
            compare(format, &waiting, &read);
            waiting.clear();
        }
    }
    let rate = tally.refused as f64 / cases as f64;
    report(name, &tally, rate, first);
    let unproven = tally.unproven as f64 / cases as f64;
    assert!(cases < 1_000 || unproven < 0.006, "{format:?}: {unproven} of the templates fail the final check");
    assert!(cases < 1_000 || rate <= refused_at_most, "{format:?}: {rate} of the templates are refused");
}

/// Each value has its place, in order, and nothing of the file is left out.
fn places(doc: &Document, finished: &Finished) {
    let mut values = Vec::new();
    let mut bytes = Vec::new();
    for part in finished.parts() {
        match part {
            Part::Own(text) => bytes.extend_from_slice(text),
            Part::Value(insert, text) => {
                values.push(insert.value);
                bytes.extend_from_slice(text);
            }
        }
    }
    let expected = doc.segments().into_iter().filter_map(|segment| match segment {
        Segment::Value { secret, .. } => Some(secret),
        Segment::Literal(_) => None,
    });
    assert!(values.into_iter().eq(expected), "{}", String::from_utf8_lossy(&doc.template()));
    assert_eq!(bytes, finished.bytes.expose());
}

fn compare(
    format: TemplateFormat,
    waiting: &[(u64, Vec<u8>, Leaves)],
    read: &impl Fn(&[&[u8]]) -> Vec<Option<Leaves>>,
) {
    let texts: Vec<&[u8]> = waiting.iter().map(|(_, text, _)| text.as_slice()).collect();
    let found = read(&texts);
    for (number, (seed, text, expected)) in waiting.iter().enumerate() {
        let found = found.get(number).cloned().flatten();
        let alone = || read(&[text]).pop().flatten();
        let holds = |found: &Option<Leaves>| found.as_ref().is_some_and(|found| same(found, expected));
        assert!(
            holds(&found) || (texts.len() > 1 && holds(&alone())),
            "{format:?} seed {seed} is broken:\n{}\nexpected {expected:?}\nfound    {:?}",
            String::from_utf8_lossy(text),
            alone(),
        );
    }
}

#[allow(clippy::print_stderr)]
fn report(name: &str, tally: &Tally, rate: f64, first: usize) {
    let contexts = tally.by_context.iter();
    let contexts: Vec<_> = contexts.map(|(name, (all, some))| format!("{name} {some}/{all}")).collect();
    eprintln!(
        "{}: seeds from {first}: {} rendered, 0 broken, {} refused ({:.2} %), {} wrong templates refused; refused of those \
         with one place: {}",
        name,
        tally.rendered,
        tally.refused,
        rate * 100.0,
        tally.wrong,
        contexts.join(", ")
    );
    tally.reasons.iter().for_each(|(why, count)| eprintln!("    {count:6}  {why}"));
}

fn each(read: impl Fn(&[u8]) -> Option<Leaves>) -> impl Fn(&[&[u8]]) -> Vec<Option<Leaves>> {
    move |texts| texts.iter().map(|text| read(text)).collect()
}

#[test]
fn json_says_what_the_template_says() {
    promise(TemplateFormat::Json, trees::json, each(readers::json), 1, 0.02);
}

#[test]
fn yaml_says_what_the_template_says() {
    promise(TemplateFormat::Yaml, trees::yaml, each(readers::yaml), 1, 0.08);
}

#[test]
fn toml_says_what_the_template_says() {
    promise(TemplateFormat::Toml, trees::toml, each(readers::toml), 1, 0.095);
}

#[test]
fn xml_says_what_the_template_says() {
    promise(TemplateFormat::Xml, trees::xml, each(readers::xml), 1, 0.19);
}

#[test]
fn ini_says_what_the_template_says() {
    promise(TemplateFormat::Ini, lines::ini, each(readers::ini), 1, 0.65);
}

#[test]
fn git_says_what_the_template_of_an_ini_file_says() {
    if git::is_there() {
        promise_of(TemplateFormat::Ini, "ini-git", lines::ini_for_git, git::read, 200, 0.7);
    }
}

#[test]
fn env_says_what_the_template_says() {
    promise(TemplateFormat::Env, lines::env, each(readers::env), 1, 0.095);
}

#[test]
fn docker_env_says_what_the_template_says() {
    promise(TemplateFormat::DockerEnv, lines::docker_env, each(readers::docker_env), 1, 0.26);
}

#[test]
fn properties_say_what_the_template_says() {
    promise(TemplateFormat::Properties, lines::properties, each(readers::properties), 1, 0.085);
}

#[test]
fn sh_says_what_the_template_says() {
    let read = |texts: &[&[u8]]| shell::run(texts).into_iter().map(Some).collect();
    promise(TemplateFormat::Sh, scripts::sh, read, 100, 0.075);
}

#[test]
fn sh_for_bash_says_what_the_template_says() {
    let read = |texts: &[&[u8]]| shell::run_with("bash", texts).into_iter().map(Some).collect();
    promise_of(TemplateFormat::Sh, "sh-bash", scripts::bash, read, 100, 0.16);
}

#[test]
fn nginx_says_what_the_template_says() {
    promise(TemplateFormat::Nginx, lines::nginx, each(readers::nginx), 1, 0.27);
}
