//! What values mean in expressions, and what is refused there.

use super::password::Hasher;
use super::tests::{compile, render, said};
use super::*;
use crate::secret::SecretBytes;
use std::sync::Arc;

fn what(template: &str) -> String {
    said(template).first().map_or_else(|| format!("nothing: {}", render(template)), |mistake| mistake.what.clone())
}

#[test]
fn joined_text_is_what_would_be_written() {
    let cases = [
        ("{{ 'a' ~ true ~ 1.0 ~ 1.5 ~ 7 }}", "atrue11.57"),
        ("{{ 1.0 }}{{ true }}", "1true"),
        ("{{ 1 ~ 2 }}", "12"),
        ("{{ 'a' ~ ('b' if false) }}", "a"),
        ("{{ 'a' ~ ('\"' | json) }}", "a\"\\\"\""),
    ];
    for (template, expected) in cases {
        assert_eq!(render(template), expected, "{template}");
    }
    for (template, why) in [
        ("{{ 'a' ~ app.none }}", "the value is null"),
        ("{{ 'a' ~ app }}", "the value is a map"),
        ("{{ [1] ~ 'a' }}", "the value is a list"),
        ("{{ 'a' ~ blob }}", "not UTF-8"),
        ("{{ 'a' ~ app.nothing }}", "'nothing' is not in 'app'"),
        ("{{ [1] + [2] }}", "lists cannot be added"),
        ("{{ [1] * 2 }}", "lists cannot be added or multiplied"),
    ] {
        assert!(what(template).contains(why), "{template}: {}", what(template));
    }
}

#[test]
fn only_values_of_one_kind_have_an_order() {
    let cases = [
        (
            "{{ port > 1024 }}{{ '10' | int > 9 }}{{ 'a' < 'b' }}{{ 1 < 1.5 <= 2 }}{{ 2 < 3 < 3 }}",
            "truetruetruetruefalse",
        ),
        ("{{ 5432 == '5432' }}{{ port != 1 }}{{ 1 == 1.0 }}{{ [1, {'a': 2}] == [1, {'a': 2}] }}", "falsetruetruetrue"),
        ("{{ 'a' in 'cat' }}{{ 2 in [1, 2] }}{{ 'zeta' in app }}{{ 3 not in [1] }}", "truetruetruetrue"),
        ("{{ [3, 1.5, 2] | sort | join(' ') }}{{ ['b', 'A'] | sort | join }}", "1.5 2 3Ab"),
    ];
    for (template, expected) in cases {
        assert_eq!(render(template), expected, "{template}");
    }
    for template in ["{{ '5' > 4 }}", "{{ port < '99999' }}", "{{ 4 is gt '5' }}", "{{ 1 < '2' < 3 }}"] {
        assert_eq!(what(template), "text and a number cannot be compared: use '| int' on the text", "{template}");
    }
    for template in ["{{ [1] < [2] }}", "{{ app.none < 1 }}"] {
        assert_eq!(what(template), "only numbers, or text, can be told apart by size", "{template}");
    }
    assert_eq!(what("{{ 1 in '123' }}"), "only text can be in text: use '| string'");
    for template in ["{{ ['a', 1] | sort }}", "{{ {'a': 1, 'b': 'x'} | dictsort(by='value') }}", "{{ [[1]] | sort }}"] {
        assert!(what(template).contains("cannot be sorted"), "{template}: {}", what(template));
    }
}

#[test]
fn text_that_is_written_as_it_is_counts_as_text() {
    let cases = [
        ("{{ 'a' | raw == 'a' }}{{ 'a' in 'cat' | raw }}{{ 'b' | raw in ['a', 'b'] }}", "truetruetrue"),
        ("{% if '' | raw %}yes{% else %}no{% endif %}", "no"),
        ("{{ 'ab' | json | length }}{{ '' | raw | default('x', true) }}{{ 'a' | raw is string }}", "4xtrue"),
        ("{{ ('a' | raw) + 'b' }}{{ 'a' | json < 'b' }}", "abtrue"),
    ];
    for (template, expected) in cases {
        assert_eq!(render(template), expected, "{template}");
    }
}

#[test]
fn documents_in_secrets_lose_nothing() {
    let cases = [
        ("{{ '18446744073709551615' | from_json }}", "18446744073709551615"),
        (
            "{{ '[1.5, -9223372036854775808, \"99999999999999999999\"]' | from_json | join(' ') }}",
            "1.5 -9223372036854775808 99999999999999999999",
        ),
        ("{{ ('a: !!str 5' | from_yaml).a | json }}", "\"5\""),
        ("{{ ('a: \"99999999999999999999\"' | from_yaml).a }}", "99999999999999999999"),
        ("{{ 1.0 | json }} {{ 1.5 | json }} {{ 0.0000001 | json }}", "1.0 1.5 1.0e-7"),
    ];
    for (template, expected) in cases {
        assert_eq!(render(template), expected, "{template}");
    }
    for (template, why) in [
        ("{{ '12345678901234567890123' | from_json }}", "more than 64 bits"),
        ("{{ '[1, -9223372036854775809]' | from_json }}", "more than 64 bits"),
        ("{{ 'a: 12345678901234567890123' | from_yaml }}", "more than 64 bits"),
        ("{{ 'a: !!binary aGk=' | from_yaml }}", "a tag"),
        ("{{ 'a: !x aGk=' | from_yaml }}", "a tag"),
        ("{{ 'a: &x {b: 1}\nc: {<<: *x}' | from_yaml }}", "a merge (<<)"),
    ] {
        assert!(what(template).contains(why), "{template}: {}", what(template));
    }
}

#[test]
fn the_line_break_at_the_end_of_a_password_is_not_hashed() {
    let delimiters = Delimiters::default();
    let run = |template: &str| {
        let program = compile(template, &[], &delimiters).unwrap();
        let salts = Box::new(|salt: &mut [u8]| {
            salt.fill(7);
            true
        });
        let skeleton = program.run(|_| None, Arc::new(Hasher::new(None, salts))).unwrap();
        SecretBytes::copy_of(skeleton.value(crate::template::tokens::SecretIndex(0)).bytes).expose().to_vec()
    };
    for filter in ["mkpasswd('sha512crypt')", "htpasswd('u')"] {
        let plain = run(&format!("{{{{ 'x' | {filter} }}}}"));
        assert_eq!(run(&format!("{{{{ 'x\n' | {filter} }}}}")), plain, "{filter}");
        assert_eq!(run(&format!("{{{{ 'x\r\n' | {filter} }}}}")), plain, "{filter}");
        assert_ne!(run(&format!("{{{{ 'x\n\n' | {filter} }}}}")), plain, "{filter}");
    }
}

#[test]
fn names_that_a_condition_may_set_are_secrets_where_it_does_not() {
    assert_eq!(render("{% if false %}{% set port = 1 %}{% endif %}{{ port }}"), "5432");
    assert_eq!(render("{% if true %}{% set port = 1 %}{{ port }}{% else %}{{ port }}{% endif %}{{ port }}"), "11");
    assert_eq!(render("{% if true %}{% set own = 1 %}{% else %}{% set own = 2 %}{% endif %}{{ own }}"), "1");
}

#[test]
fn what_a_filter_is_told_wrongly_is_found_before_a_run() {
    let delimiters = Delimiters::default();
    for (template, why) in [
        ("{{ 'x' | mkpasswd('md5') }}", "mkpasswd knows yescrypt, sha512crypt and bcrypt"),
        ("{{ peers | map('upper') | list }}", "map needs the name of an attribute: map(attribute='name')"),
        ("{{ 'x' | upper('y') }}", "'upper' takes no argument"),
        ("{{ 'x' | replace('y') }}", "'replace' takes 2 arguments"),
        ("{{ 'x' | htpasswd }}", "'htpasswd' takes 1 argument"),
        ("{{ loop.index }}", "there is no loop around this"),
        ("{% for p in peers %}{% endfor %}{{ loop.index }}", "there is no loop around this"),
    ] {
        let mistakes = compile(template, &[], &delimiters).unwrap_err();
        assert_eq!(mistakes[0].what, why, "{template}");
    }
    assert_eq!(render("{% for p in peers %}{{ loop.index }}{% endfor %}"), "12");
}

#[test]
fn delimiters_may_start_alike() {
    let pair = |start: &str, end: &str| (start.to_owned(), end.to_owned());
    let erb = Delimiters { block: pair("<%", "%>"), variable: pair("<%=", "%>"), comment: pair("<%#", "%>") };
    let text =
        "a\n  <%= port %>\n<% if port %>\n  b: <%= port %>\n<% endif %>\n  <%# why %>\nc <%# d %>\n  <%# e %> f\n";
    let program = compile(text, &[], &erb).unwrap();
    let secrets = super::tests::secrets();
    let input = |secret: usize| secrets.get(secret).map(|(_, tree)| Input::Tree(tree));
    let skeleton = program.run(input, Arc::new(Hasher::none())).unwrap();
    let out = crate::template::render(&skeleton.segments(), |value| skeleton.value(value).bytes).unwrap();
    assert_eq!(String::from_utf8_lossy(out.expose()), "a\n  5432\n  b: 5432\nc \n   f\n");
}
