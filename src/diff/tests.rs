use super::*;
use crate::template::{Segment, Tokens, render, scan};
use proptest::collection::vec;
use proptest::prelude::*;

const NAMES: [&str; 3] = ["one", "two", "pem"];

/// The diff for a template in which `@one@`, `@two@` and `@pem@` stand for the values.
fn changes(template: &[u8], values: [&[u8]; 3], old: Option<&[u8]>) -> Diff {
    let tokens = Tokens::new([("one", "@one@"), ("two", "@two@"), ("pem", "@pem@")]).unwrap();
    let scan = scan(template, &tokens);
    let pieces: Vec<_> = scan
        .segments
        .iter()
        .map(|segment| match segment {
            Segment::Literal(text) => Piece::Literal(text),
            Segment::Value { secret, .. } => Piece::Value(NAMES[secret.0], values[secret.0]),
        })
        .collect();
    diff("/run/x", &pieces, old)
}

fn hunks(template: &str, values: [&[u8]; 3], old: &str) -> String {
    match changes(template.as_bytes(), values, Some(old.as_bytes())) {
        Diff::Same => "same".to_owned(),
        Diff::Changed(text) => text.lines().skip(3).map(|line| format!("{line}\n")).collect(),
    }
}

#[test]
fn equal_files_have_no_diff_and_a_new_file_is_all_new() {
    assert_eq!(hunks("k=@one@\n", [b"v", b"", b""], "k=v\n"), "same");
    let Diff::Changed(text) = changes(b"k=@one@\nz", [b"v", b"", b""], None) else { panic!() };
    assert_eq!(text, "--- /dev/null\n+++ /run/x\n@@ -0,0 +1,2 @@\n+k=‹one›\n+z\n");
}

#[test]
fn a_changed_value_shows_as_changed_and_the_others_as_they_are() {
    let template = "host=h\nk=@one@ @two@\nend\n";
    let expected = " host=h\n-k=‹one: old› ‹two›\n+k=‹one: new› ‹two›\n end\n";
    assert_eq!(hunks(template, [b"new", b"2", b""], "host=h\nk=before 2\nend\n"), expected);
}

#[test]
fn an_old_line_is_shown_only_as_text_of_the_new_template() {
    let template = "host=new\nk=@one@\n@pem@\nend\n";
    let old = "host=was\nk=before\nkept\nlines\nend\nmore=1\n\nsecret?\n";
    let expected = "-‹old text, not shown›\n-k=‹…›\n+host=new\n+k=‹one›\n ‹pem›\n end\n-‹old text, not shown›\n";
    assert_eq!(hunks(template, [b"after", b"", b"kept\nlines"], old), expected);
}

#[test]
fn the_number_of_lines_in_an_old_value_cannot_be_counted() {
    let values: [&[u8]; 3] = [b"1", b"", b"new\n\npem"];
    let short = hunks("a {\n\n}\n@pem@\nb=2\n", values, "a {\n\n}\nold\n}\nb=1\n");
    let long = hunks("a {\n\n}\n@pem@\nb=2\n", values, "a {\n\n}\nold\n\nlonger\n}\n\nold\n}\nb=1\n");
    assert_eq!(short, long);
}

#[test]
fn files_that_differ_never_have_an_empty_diff() {
    let values: [&[u8]; 3] = [b"1", b"", b""];
    for (template, old) in
        [("a\nb\n", "a\nb"), ("a\x1b", "a\\u{1b}"), ("", "x"), ("x", ""), ("a\n\n", "a\n"), ("k=@two@", "k=\n")]
    {
        let Diff::Changed(text) = changes(template.as_bytes(), values, Some(old.as_bytes())) else { panic!("{old}") };
        assert!(text.lines().count() > 3, "{template:?} {old:?}\n{text}");
    }
}

/// Literal text in lower case, secrets in upper case and digits: no byte of a value can come from elsewhere.
fn literal() -> impl Strategy<Value = String> {
    prop_oneof![Just("\n".to_owned()), Just("}\n".to_owned()), "[a-d]{1,3}=", "[a-c \n]{0,6}", Just("\n\n".to_owned())]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof!["[A-Z0-9]{4,12}", "([A-Z0-9]{1,9}\n){1,4}", "([A-Z0-9]{2,6}[=}\n ]?){1,4}"].prop_map(String::into_bytes)
}

/// Templates as lists of literals and `@name@`; old ones are the new one, or that with some pieces changed.
fn templates() -> impl Strategy<Value = (String, String)> {
    let token = proptest::sample::select(NAMES.to_vec()).prop_map(|name| format!("@{name}@"));
    let pieces = vec(prop_oneof![3 => literal(), 2 => token], 1..12);
    let edits = vec(any::<(proptest::sample::Index, bool)>(), 0..4);
    (pieces, edits, literal()).prop_map(|(new, edits, literal)| {
        let mut old = new.clone();
        for (at, insert) in edits {
            let at = at.index(old.len());
            if insert { old.insert(at, literal.clone()) } else { old[at] = literal.clone() }
        }
        (new.concat(), old.concat())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_byte_of_a_value_old_or_new_is_ever_shown(
        (new, old) in templates(),
        values in vec(value(), 3),
        old_values in vec(value(), 3),
        kept in any::<[bool; 3]>(),
    ) {
        let old_value = |i: usize| if kept[i] { &values[i] } else { &old_values[i] };
        let tokens = Tokens::new([("one", "@one@"), ("two", "@two@"), ("pem", "@pem@")]).unwrap();
        let old = render(&scan(old.as_bytes(), &tokens).segments, |secret| old_value(secret.0)).unwrap();
        let new_values = [&values[0][..], &values[1][..], &values[2][..]];
        let Diff::Changed(text) = changes(new.as_bytes(), new_values, Some(old.expose())) else { return Ok(()) };
        let shown: String = text.lines().filter(|line| !line.starts_with("@@")).collect();
        prop_assert!(!shown.contains(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()), "{}", text);
        prop_assert!(text.lines().count() > 3, "an empty diff of files that differ");
    }
}
