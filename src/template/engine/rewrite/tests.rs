use super::*;
use minijinja::machinery::{parse, tokenize};
use minijinja::syntax::SyntaxConfig;

fn rewritten(text: &str) -> String {
    raw(text)
        .replace("__compare", "C")
        .replace("__text", "T")
        .replace("__term", "N")
        .replace("__held", "H")
        .replace("__whole", "W")
}

fn raw(text: &str) -> String {
    let root = parse(text, "t", SyntaxConfig::default()).unwrap();
    let tokens: Vec<_> = tokenize(text, false, SyntaxConfig::default()).flatten().collect();
    let mut edits = edits(&root, &tokens);
    Edit::sort(&mut edits);
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        out.replace_range(edit.at.clone(), &edit.text);
    }
    parse(&out, "t", SyntaxConfig::default()).unwrap_or_else(|error| panic!("{text} became {out}: {error}"));
    out
}

#[test]
fn operators_become_filters_around_whole_operands() {
    let cases = [
        ("{{a~b}}", "{{((a)|T)~((b)|T)}}"),
        ("{{ a ~ \"-\" ~ b }}", "{{ ((a)|T) ~ \"-\" ~ ((b)|T) }}"),
        ("{{ (a ~ b) ~ c.d[0] }}", "{{ (((a)|T) ~ ((b)|T)) ~ ((c.d[0])|T) }}"),
        ("{{ (a + b) * (c) ~ d }}", "{{ (((((a)|N) + ((b)|N)) * (((c)|N)))|T) ~ ((d)|T) }}"),
        ("{{ a<b }}", "{{ (a)|C(\"<\", b) }}"),
        ("{{ (a) < ((b) + c) and d }}", "{{ ((a)) |C(\"<\",  ((((b)|N)) + ((c)|N))) and d }}"),
        ("{{ a < (b) < c }}", "{{ (a)|C(\"<\",  (b) , \"<\",  c) }}"),
        ("{{ a not in b }}", "{{ (a)|C(\"not in\",   b) }}"),
        ("{{ not a in b }}", "{{ not (a)|C(\"in\",  b) }}"),
        ("{{ not (a == (b)) }}", "{{ not ((a)|C(\"==\",  (b))) }}"),
        ("{{ (not a) ~ (not (b)) }}", "{{ (((not a)|T)) ~ (((not (b))|T)) }}"),
        ("{{ -a ~ (-(b)) }}", "{{ ((-a)|T) ~ (((-(b))|T)) }}"),
        ("{{ a|f(b < c)|g ~ d }}", "{{ ((a|f((b)|C(\"<\",  c))|g)|T) ~ ((d)|T) }}"),
        ("{{ a[1:].x }}", "{{ (a[1:]|W).x }}"),
        ("{{ (a ~ b)[::2][0] }}", "{{ ((((a)|T) ~ ((b)|T))[::2]|W)[0] }}"),
        ("{{ [[a], {\"k\": (b,)}] }}", "{{ ([[a], {\"k\": (b,)}]|H) }}"),
        ("{{ [1, 'x'] }}", "{{ [1, 'x'] }}"),
        ("{{ a is in [b, [c]][0] }}", "{{ a is in (([b, [c]]|H)[0]) }}"),
        ("{{ a is in(b) and a is not in b[1:] }}", "{{ a is in(b) and a is not in ((b[1:]|W)) }}"),
        ("{{ [a|f([b])] }}", "{{ ([a|f(([b]|H))]|H) }}"),
        ("{% if (a if b else c) == d %}{% endif %}", "{% if ((a if b else c))|C(\"==\",  d) %}{% endif %}"),
        (
            "{% for x in a[1:] if x > 1 %}{{ x ~ y }}{% else %}{{ a<b }}{% endfor %}",
            "{% for x in (a[1:]|W) if (x)|C(\">\",  1) %}{{ ((x)|T) ~ ((y)|T) }}{% else %}{{ (a)|C(\"<\", b) }}{% endfor %}",
        ),
        ("{% set x = a is defined ~ b is not none %}", "{% set x = ((a is defined)|T) ~ ((b is not none)|T) %}"),
        (
            "{% macro m(x, y=a~b) %}{{ x == y }}{% endmacro %}",
            "{% macro m(x, y=((a)|T)~((b)|T)) %}{{ (x)|C(\"==\",  y) }}{% endmacro %}",
        ),
        ("{{ (a.b)[0](c ~ d) }}", "{{ (a.b)[0](((c)|T) ~ ((d)|T)) }}"),
    ];
    for (text, expected) in cases {
        let without_blanks = |text: &str| text.replace(' ', "");
        assert_eq!(without_blanks(&rewritten(text)), without_blanks(expected), "{text}");
    }
}

/// A random expression over `a` = 2, `l` = [1, 2, 3] and `m` = {"k": 1}.
fn random(state: &mut u64, depth: usize) -> String {
    let mut below = |most: usize| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*state >> 33).unwrap() % most
    };
    const ATOMS: [&str; 9] = ["1", "a", "l[0]", "m.k", "(3)", "l|length", "(a)", "l[1:][0]", "'x'|length"];
    const BINARY: [&str; 15] =
        ["+", "-", "*", "~", "==", "!=", "<", ">", "<=", ">=", "and", "or", "in", "not in", "//"];
    if depth == 0 {
        return ATOMS[below(ATOMS.len())].to_owned();
    }
    let (kind, op, atom) = (below(12), BINARY[below(BINARY.len())], ATOMS[below(ATOMS.len())]);
    let mut inner = || random(state, depth - 1);
    match kind {
        0 => format!("not {}", inner()),
        1 => format!("({})", inner()),
        2 => format!("({} if {} else {})", inner(), inner(), inner()),
        3 => format!("-({})", inner()),
        4 => format!("[{}, ({},)][{atom}]", inner(), inner()),
        5 => format!("{{'k': {}}}.k", inner()),
        6 => format!("({})|string|length", inner()),
        7 => format!("[{}, {}]", inner(), inner()),
        8 => format!("({}) is not in [{}, {atom}]", inner(), inner()),
        _ => format!("{}{}{op} {}", inner(), if op.starts_with(char::is_alphabetic) { " " } else { "" }, inner()),
    }
}

#[test]
fn expressions_give_what_minijinja_gives_as_far_as_they_may() {
    let context = minijinja::context! { a => 2, l => [1, 2, 3], m => minijinja::context! { k => 1 } };
    let mut theirs = minijinja::Environment::new();
    theirs.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    let mut ours = theirs.clone();
    crate::template::engine::filters::add_all(&mut ours, crate::template::engine::password::Hasher::none().into());
    let (mut state, mut same) = (3u64, 0);
    for number in 0..20_000 {
        let text = format!("{{{{ {} }}}}", random(&mut state, 1 + number % 4));
        let Ok(expected) = theirs.render_str(&text, &context) else { continue };
        let rewritten = raw(&text);
        let Ok(found) = ours.render_str(&rewritten, &context) else { continue };
        // Within text, `~` writes values as templates do, and not as minijinja does.
        let as_templates = |text: &str| text.replace("True", "true").replace("False", "false");
        assert_eq!(as_templates(&found), as_templates(&expected), "{text} became {rewritten}");
        same += 1;
    }
    assert!(same > 5000, "{same}");
}
