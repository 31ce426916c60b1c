//! Work, memory and stack of a template are bounded, whatever it does.

use super::tests::{compile, render, said};
use super::*;
use std::time::{Duration, Instant};

/// What is said about a template that must be refused, and soon.
fn refusal(template: &str) -> String {
    let start = Instant::now();
    let said = said(template);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}: {}", start.elapsed(), cut(template));
    said.first().map_or_else(|| panic!("not refused: {}", cut(template)), |mistake| mistake.what.clone())
}

fn cut(template: &str) -> String {
    template.chars().take(200).collect()
}

#[test]
fn long_chains_of_elif_are_refused() {
    let chain = |count: usize| format!("{{% if false %}}a{}{{% endif %}}", "{% elif port %}b".repeat(count));
    assert!(refusal(&chain(12_000)).contains("nested too deeply"));
    assert!(refusal(&chain(1000)).contains("nested too deeply"));
    assert_eq!(render(&chain(60)), "b");
    let many = "{% if port %}x{% elif port %}{% endif %}".repeat(2000);
    assert_eq!(render(&many), "x".repeat(2000));
}

#[test]
fn values_that_are_nested_deeper_and_deeper_are_refused() {
    let forty = format!("{{% set a={}a{} %}}\n", "[".repeat(40), "]".repeat(40));
    let steps = [
        (forty.as_str(), 5000),
        ("{% set a=[a] %}", 100_000),
        ("{% set a={'x':a} %}", 100_000),
        ("{% set a=dict(x=a) %}", 100_000),
        ("{% set a=(a,) %}", 100_000),
        ("{% set a={'x':a|items} %}", 50_000),
        ("{% set a=[1]|map(attribute='x', default=a) %}", 50_000),
    ];
    for (step, count) in steps {
        let template = format!("{{% set a={{'y': 1}} %}}{}", step.repeat(count));
        assert_eq!(refusal(&template), "the value is nested too deeply", "{step}");
    }
    let deeper =
        "{% macro f(a, n) %}{% if n %}{{ f([[[[[[[[[[a]]]]]]]]]], n-1) }}{% endif %}{% endmacro %}{{ f(1, 50) }}";
    assert_eq!(refusal(deeper), "the value is nested too deeply");
    for step in ["{% set a=a[0:] %}", "{% set a=a|reverse %}"] {
        let template = format!("{{% set a=[1] %}}{}{{{{ a[0] }}}}", step.repeat(50_000));
        assert_eq!(render(&template), "1", "{step}");
    }
    assert_eq!(render("{% set a=[[1]] %}{% set a=[a, {'x': (a,)}] %}{{ a[1].x[0][0][0] }}"), "1");
}

#[test]
fn what_filters_and_operators_make_is_bounded() {
    let doubled = |step: &str, count: usize| format!("{{% set a='x'*1000 %}}{}{{{{ a|length }}}}", step.repeat(count));
    let ten = "{% set a=[a,a,a,a,a,a,a,a,a,a] %}".repeat(10);
    let nested = format!("{{% set a=['x'*1000] %}}{ten}");
    let templates = [
        "{% set a='x'*1000000 %}{{ a|replace('x',a)|length }}".to_owned(),
        "{% set a='x'*1000000 %}{{ range(100000)|join(a)|length }}".to_owned(),
        "{% set a='x\n'*5000000 %}{{ a|indent(1000)|length }}".to_owned(),
        "{% set a='x '*20000000 %}{{ a|split(' ')|length }}".to_owned(),
        "{% set a='\n'*60000000 %}{{ a|lines|length }}".to_owned(),
        doubled("{% set a=a|hex %}", 30),
        doubled("{% set a=a|json|json %}", 40),
        doubled("{% set a=a~a %}", 40),
        format!("{nested}{{{{ a ~ '' }}}}"),
        format!("{nested}{{{{ a|json }}}}"),
    ];
    for template in templates {
        let why = refusal(&template);
        let known = ["too much work", "larger than 64 MiB", "too many", "is a list"];
        assert!(known.iter().any(|known| why.contains(known)), "{why}: {}", cut(&template));
    }
}

#[test]
fn comparisons_and_lists_cost_what_they_take() {
    let both = "{% set a=['x'] %}{% set b=['x'] %}".to_owned()
        + &"{% set a=[a,a,a,a,a,a,a,a,a,a] %}{% set b=[b,b,b,b,b,b,b,b,b,b] %}".repeat(6);
    let strings = "{% set a='x'*30000000 %}{% set c='x'*30000000 %}{% for i in range(100000) %}";
    let doubled = "{% set a=[1,2,3,4] %}".to_owned() + &"{% set a=a+a %}".repeat(28);
    let many = "{% for i in range(100000) %}";
    let templates = [
        format!("{both}{many}{{{{ a == b }}}}{{% endfor %}}"),
        format!("{both}{many}{{{{ a in [b] }}}}{{% endfor %}}"),
        format!("{both}{many}{{{{ a is eq b }}}}{{% endfor %}}"),
        format!("{both}{many}{{{{ [a, b]|unique|length }}}}{{% endfor %}}"),
        format!("{strings}{{% if a == c %}}{{% endif %}}{{% endfor %}}"),
        format!("{strings}{{% if a <= c %}}{{% endif %}}{{% endfor %}}"),
        format!("{strings}{{% if a is eq c %}}{{% endif %}}{{% endfor %}}"),
        format!("{strings}{{{{ 'y' in a }}}}{{% endfor %}}"),
        format!("{strings}{{{{ 'y'|hmac_sha256(a) }}}}{{% endfor %}}"),
        format!("{strings}{{{{ a|trim(c) }}}}{{% endfor %}}"),
        format!("{doubled}{{{{ a|last }}}}"),
        "{{ ([1]*100000000)|last }}".to_owned(),
    ];
    for template in templates {
        let why = refusal(&template);
        let known = ["too much work", "cannot be added", "too many", "deeply"];
        assert!(known.iter().any(|known| why.contains(known)), "{why}: {}", cut(&template));
    }
}

#[test]
fn includes_that_multiply_are_refused() {
    let delimiters = Delimiters::default();
    let include = |number: usize| format!("{{% include 't{}' %}}", number + 1).repeat(8);
    let chain = |last: usize| -> Vec<(String, String)> {
        (0..=last).map(|n| (format!("t{n}"), if n < last { include(n) } else { String::new() })).collect()
    };
    let said = |texts: &[(String, String)]| {
        let others: Vec<_> = texts
            .iter()
            .map(|(name, text)| TemplateText { name, text: text.as_bytes(), delimiters: &delimiters })
            .collect();
        compile("{% include 't0' %}", &others, &delimiters)
            .map(|program| program.ways().all.len())
            .map_err(|m| m[0].what.clone())
    };
    assert_eq!(said(&chain(10)), Err("templates are included more than 10000 times".to_owned()));
    assert_eq!(said(&chain(3)), Ok(1));
    let line: Vec<_> = (0..20).map(|n| (format!("t{n}"), format!("{{% include 't{}' %}}", n + 1))).collect();
    assert_eq!(said(&line), Err("includes are nested too deep: 16 at most".to_owned()));
    // Loops in loops that write nothing.
    let loops = "{% for p in peers %}".repeat(45) + &"{% endfor %}".repeat(45);
    assert!(compile(&loops, &[], &delimiters).unwrap().ways().all.is_empty());
}

#[test]
fn passwords_are_hashed_a_bounded_number_of_times() {
    use super::password::Hasher;
    let salts = || {
        Hasher::new(
            None,
            Box::new(|salt| {
                salt.fill(7);
                true
            }),
        )
    };
    let hasher = salts();
    let made = (0..200).take_while(|_| hasher.hash(super::password::Method::Sha512crypt, b"x").is_ok()).count();
    assert_eq!(made, 100);
}
