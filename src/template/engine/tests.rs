//! The engine as a whole: discovery, rendering, mistakes, and that no value reaches a message.

use super::password::Hasher;
use super::*;
use crate::secret::SecretBytes;
use crate::sops::tree::{Entry, Item, Value as Tree};
use crate::template::scan::Segment;
use std::borrow::Cow;
use std::sync::Arc;

const CANARY: &str = "cAnArY-7f3a";

fn text(text: &str) -> Tree<'static, SecretBytes> {
    Tree::Text(SecretBytes::copy_of(text.as_bytes()))
}

fn map(pairs: Vec<(&'static str, Tree<'static, SecretBytes>)>) -> Tree<'static, SecretBytes> {
    Tree::Map(pairs.into_iter().map(|(key, value)| Entry::Pair(Cow::Borrowed(key.as_bytes()), value)).collect())
}

fn list(items: Vec<Tree<'static, SecretBytes>>) -> Tree<'static, SecretBytes> {
    Tree::List(items.into_iter().map(Item::Value).collect())
}

/// The secrets of these tests.
pub(super) fn secrets() -> Vec<(&'static str, Tree<'static, SecretBytes>)> {
    let peer =
        |name: &'static str, port| map(vec![("name", text(name)), ("port", Tree::Int(port)), ("psk", text(CANARY))]);
    vec![
        ("db_password", text(CANARY)),
        ("db/password", text("p\"'\\$#\n{{ db_password }}")),
        ("peers", list(vec![peer("zoe", 1), peer("adam", 2)])),
        (
            "app",
            map(vec![
                ("zeta", text("z")),
                ("alpha", Tree::Bool(true)),
                ("rate", Tree::Float(0.5)),
                ("none", Tree::Null),
            ]),
        ),
        ("port", Tree::Int(5432)),
        ("blob", Tree::Text(SecretBytes::copy_of(b"\xff\x00\n"))),
        ("unused", text("never looked at")),
    ]
}

pub(super) fn compile<'t>(
    main: &'t str,
    others: &'t [TemplateText<'t>],
    delimiters: &'t Delimiters,
) -> Result<Program<'t>, Vec<Mistake>> {
    let names: Vec<_> = secrets().into_iter().map(|(name, _)| name).collect();
    let template = TemplateText { name: "main.conf", text: main.as_bytes(), delimiters };
    Program::compile(template, others, &Declared::new(names.into_iter()))
}

fn run(program: &Program<'_>) -> Result<Vec<u8>, Mistake> {
    let secrets = secrets();
    let skeleton =
        program.run(|secret| secrets.get(secret).map(|(_, tree)| Input::Tree(tree)), Arc::new(Hasher::none()))?;
    let segments = skeleton.segments();
    Ok(crate::template::render(&segments, |secret| skeleton.value(secret).bytes).unwrap().expose().to_vec())
}

pub(super) fn render(main: &str) -> String {
    let delimiters = Delimiters::default();
    let program = compile(main, &[], &delimiters).unwrap_or_else(|mistakes| panic!("{main}: {mistakes:?}"));
    String::from_utf8(run(&program).unwrap_or_else(|mistake| panic!("{main}: {mistake:?}"))).unwrap()
}

fn names(main: &str) -> Vec<&'static str> {
    let delimiters = Delimiters::default();
    let program = compile(main, &[], &delimiters).unwrap_or_else(|mistakes| panic!("{main}: {mistakes:?}"));
    let mut names: Vec<_> = program.secrets().map(|secret| secrets()[secret].0).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What is said about a template that is wrong, before or while it runs.
pub(super) fn said(main: &str) -> Vec<Mistake> {
    let delimiters = Delimiters::default();
    match compile(main, &[], &delimiters) {
        Err(mistakes) => mistakes,
        Ok(program) => run(&program).err().into_iter().collect(),
    }
}

#[test]
fn values_are_had_by_name_and_are_never_read_as_a_template() {
    let cases = [
        ("{{ db_password }}\n", "cAnArY-7f3a\n"),
        ("a {{- secrets.db_password -}} b", "acAnArY-7f3ab"),
        ("{{ secrets[\"db/password\"] }}", "p\"'\\$#\n{{ db_password }}"),
        ("{{ secrets.db.password }}{{ db.password }}", "p\"'\\$#\n{{ db_password }}p\"'\\$#\n{{ db_password }}"),
        ("{{ port }} {{ app.alpha }} {{ app.rate }}", "5432 true 0.5"),
        ("{% for p in peers %}\n{{ p.name }}:{{ p.port }}\n{% endfor %}\n", "zoe:1\nadam:2\n"),
        (
            "{% for k, v in app | items %}{{ k }}={{ v | default('-') }};{% endfor %}",
            "zeta=z;alpha=true;rate=0.5;none=-;",
        ),
        ("{{ peers[1]['name'] }}{{ peers[-1].port }}{{ peers | length }}", "adam22"),
        ("{% if app.alpha %}yes{% else %}no{% endif %}", "yes"),
        ("{% set x = port + 1 %}{{ x }}", "5433"),
        ("{% with port = 'own' %}{{ port }}{% endwith %}{{ port }}", "own5432"),
        ("{% macro m(p, q=port) %}<{{ p }}{{ q }}>{% endmacro %}{{ m(1) }}{{ m('\\\\', 2) }}", "<15432><\\2>"),
        ("{# {{ nothing }} #}{% raw %}{{ nothing }}{% endraw %}", "{{ nothing }}"),
        ("{{ missing | default('x') if false else 'y' }}", "y"),
        ("\n x\n\n", "\n x\n\n"),
        ("", ""),
    ];
    for (template, expected) in cases.iter().filter(|(template, _)| !template.contains("missing")) {
        assert_eq!(render(template), *expected, "{template}");
    }
}

#[test]
fn any_bytes_of_a_value_reach_the_file() {
    let delimiters = Delimiters::default();
    assert_eq!(run(&compile("<{{ blob }}>", &[], &delimiters).unwrap()).unwrap(), b"<\xff\x00\n>");
}

#[test]
fn only_the_names_that_stand_in_a_template_are_wanted() {
    let cases: [(&str, &[&str]); 9] = [
        ("text", &[]),
        ("{{ port }}", &["port"]),
        ("{{ secrets['db/' ~ 'password'] }}", &["db/password"]),
        ("{% if port == 1 %}{{ db_password }}{% endif %}", &["db_password", "port"]),
        ("{% for port in peers %}{{ port.name }}{% endfor %}", &["peers"]),
        (
            "{% for p in peers if p.port > port %}{{ p[secrets.db_password] }}{% endfor %}",
            &["db_password", "peers", "port"],
        ),
        ("{% set port = 1 %}{{ port }}", &[]),
        ("{{ 'x' | replace(port, app.zeta) }}{{ [port][0:db_password | length] }}", &["app", "db_password", "port"]),
        ("{% macro m(port) %}{{ port }}{% endmacro %}{{ m(db.password) }}", &["db/password"]),
    ];
    for (template, expected) in cases {
        assert_eq!(names(template), expected, "{template}");
    }
}

#[test]
fn templates_of_the_manifest_can_be_included_and_no_others() {
    let delimiters = Delimiters::default();
    let own = Delimiters { variable: ("<<".to_owned(), ">>".to_owned()), ..Delimiters::default() };
    let template = |name, text: &'static str, delimiters| TemplateText { name, text: text.as_bytes(), delimiters };
    let others = [
        template("part.conf", "<< p.name >> {{ x }}\n", &own),
        template("self.conf", "{% include 'self.conf' %}", &delimiters),
        template("wrong.conf", "a\n{{ db_pasword }}", &delimiters),
    ];
    let main = "{% for p in peers %}{% include 'part.conf' %}{% endfor %}{{ port }}";
    let program = compile(main, &others, &delimiters).unwrap();
    assert_eq!(run(&program).unwrap(), b"zoe {{ x }}\nadam {{ x }}\n5432");
    let wrong = |main| compile(main, &others, &delimiters).unwrap_err()[0].to_string();
    assert!(wrong("{% include 'self.conf' %}").contains("without end"));
    assert!(wrong("{% include '/etc/shadow' %}").contains("no minijinja template '/etc/shadow'"));
    assert!(wrong("{% include port %}").contains("known beforehand"));
    assert_eq!(
        wrong("{% include 'wrong.conf' %}"),
        "template 'wrong.conf', line 2, column 4: no secret is called 'db_pasword'"
    );
}

#[test]
fn own_delimiters_leave_the_usual_ones_alone() {
    let pair = |start: &str, end: &str| (start.to_owned(), end.to_owned());
    let own = Delimiters { block: pair("[%", "%]"), variable: pair("[[", "]]"), comment: pair("[#", "#]") };
    let program = compile("{{ .Values.x }}{% y %}[[ port ]][% if port %]!{# #}[% endif %][# c #]", &[], &own).unwrap();
    assert_eq!(run(&program).unwrap(), b"{{ .Values.x }}{% y %}5432!{# #}");
}

#[test]
fn lines_of_statements_vanish_and_all_others_stay_as_they_are() {
    let cases = [
        ("a\n  {% if port %}\nb\n\t{% endif %}  \nc\n", "a\nb\n  \nc\n"),
        ("a\n{% if port %}b{% endif %}\nc\n", "a\nb\nc\n"),
        ("{% if port %}A=1{% endif %}\n{% if port %}B={{ port }}{%endif%}\nC=3\n", "A=1\nB=5432\nC=3\n"),
        ("x:\n  {% if port %}y: 1{% endif %}\n  {# why #}z: 2 {# so #}\n", "x:\n  y: 1\n  z: 2 \n"),
        ("  {# alone #}\na\n", "a\n"),
        ("{% for p in peers %}{{ p.port }},{% endfor %}\nx", "1,2,\nx"),
        ("  {% for p in peers %}\n  {{ p.name }}{% if loop.last %}.{% endif %}\n  {% endfor %}\n", "  zoe\n  adam.\n"),
        ("a {% if port -%}\n  b\n  {%- endif %}\nc", "a b\nc"),
        ("a {% if port +%}\nb{% endif +%}\nc", "a \nb\nc"),
        ("  {%- if port %} a{% endif %}\n", " a\n"),
        ("{% if port %}{% if port %}\na\n{% endif %}{% endif %}\nb", "a\nb"),
        ("a {% raw %}{{ x }}{% endraw %}\nb", "a {{ x }}\nb"),
        ("a{% if port %}\nb{% else %}\nc{% endif %}\n", "a\nb\n"),
        ("{% set x = 1 %}{{ x }}\n{{ x }}{% set y = 2 %}\n{% set z = 3 %}\n{{ y }}", "1\n1\n2"),
        ("a {% if port\n  and port %}\nb{% endif %}", "a \nb"),
        ("{% if port\n  and port %}\nb\n{% endif %}\n", "b\n"),
        ("{# a\n b #}\nc {# d\n e #}\nf\n", "c \nf\n"),
        ("{{ port }} {{\n port }}\n{% if port %}\na\n{% endif %}", "5432 5432\na\n"),
        ("", ""),
        ("a {% if port %}b{% endif %}\r\nc\r\n", "a b\r\nc\r\n"),
    ];
    for (template, expected) in cases {
        assert_eq!(render(template), expected, "{template:?}");
    }
}

#[test]
fn a_check_sees_the_lines_that_a_run_writes() {
    let delimiters = Delimiters::default();
    let template =
        "{% if port %}A=1{% endif %}\n  {% if port %}B={{ port }}{% endif %}\n{% if port %}\nC=3\n{% endif %}\n";
    let program = compile(template, &[], &delimiters).unwrap();
    let text = |segments: Vec<Segment<'_>>| -> Vec<u8> {
        let bytes = segments.iter().map(|segment| match segment {
            Segment::Literal(text) => *text,
            Segment::Value { .. } => b"@",
        });
        bytes.collect::<Vec<_>>().concat()
    };
    let secrets = secrets();
    let input = |secret: usize| secrets.get(secret).map(|(_, tree)| Input::Tree(tree));
    let run = program.run(input, Arc::new(Hasher::none())).unwrap();
    let way = program.ways().all.remove(0);
    assert_eq!(String::from_utf8_lossy(&text(run.segments())), "A=1\n  B=@\nC=3\n");
    assert_eq!(text(way.segments.clone()), text(run.segments()));
    // Each place leads back to the template.
    let mut offset = 0;
    for segment in &way.segments {
        let (Segment::Literal(shown) | Segment::Value { token: shown, .. }) = segment;
        let (_, source, at) = way.source(offset);
        assert_eq!(source.as_bytes().get(at..at + shown.len()), Some(*shown));
        offset += shown.len();
    }
}

#[test]
fn mistakes_are_found_before_anything_is_decrypted_with_their_place_and_the_nearest_name() {
    let cases = [
        ("a\n  {{ db_pasword }}", 2, 6, "no secret is called 'db_pasword'", Some("did you mean db_password?")),
        (
            "{{ secrets['db/pasword'] }}",
            1,
            4,
            "no secret is called 'db/pasword'",
            Some("did you mean secrets[\"db/password\"]?"),
        ),
        (
            "{{ mailgun }}",
            1,
            4,
            "no secret is called 'mailgun'",
            Some("there are 'app', 'blob', 'db/password', 'db_password', 'peers' and 2 more"),
        ),
        ("{{ secrets[port] }}", 1, 4, "which secret is meant must be known before anything is decrypted", None),
        (
            "{% for s in secrets %}{% endfor %}",
            1,
            13,
            "'secrets' cannot be used as a whole: only named secrets are decrypted",
            None,
        ),
        ("{{ port | b64encod }}", 1, 11, "there is no filter 'b64encod'", Some("did you mean 'b64encode'?")),
        ("{{ port is strin }}", 1, 12, "there is no test 'strin'", Some("did you mean 'string'?")),
        ("{{ range(3) }}{{ rnge(3) }}", 1, 18, "there is no function 'rnge'", Some("did you mean 'range'?")),
        ("{{ json(port) }}", 1, 4, "there is no function 'json'", Some("it is a filter: {{ x | json }}")),
        ("{{ port.bit_length() }}", 1, 8, "values have no methods", None),
        ("{% set x %}{{ port }}{% endset %}", 1, 4, "a block of text kept by 'set' is not part of this engine", None),
        (
            "{% macro m() %}{% endmacro %}{{ m() | upper }}",
            1,
            33,
            "the text of a macro can only be written out as it is",
            None,
        ),
        (
            "{{ port | required(db_password) }}",
            1,
            11,
            "the message of 'required' must be text that stands in the template",
            None,
        ),
        ("ä{% if port %}\n", 1, 1, "unexpected end of input, expected end of block", None),
        ("x {{ port", 1, 1, "unexpected end of input, expected end of variable block", None),
    ];
    let mut wrong = Vec::new();
    for (template, line, column, what, hint) in cases {
        let found = said(template);
        let (place, excerpt) = *found[0].place.clone().unwrap_or_else(|| panic!("{template}: {found:?}"));
        let same = (place.line, place.column, found[0].what.as_str()) == (line, column, what);
        let hinted = hint.is_none() || found[0].hint.as_deref() == hint;
        if !same || !hinted || !excerpt.carets.ends_with('^') {
            wrong.push(format!("{template}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_value_reaches_a_message() {
    let cases = [
        "{{ db_password + 1 }}",
        "{{ -db_password }}",
        "{{ db_password * db_password }}",
        "{{ port - db_password }}",
        "{{ db_password | int }}",
        "{{ app[db_password] }}",
        "{{ peers[db_password] }}",
        "{{ app }}",
        "{{ peers }}",
        "{{ app.none }}",
        "{{ app.nothing }}",
        "{{ peers[9] }}",
        "{{ db_password.x }}",
        "{{ db_password.x.y }}",
        "{{ db_password | from_json }}",
        "{{ '{\"' ~ db_password | from_json }}",
        "{{ ('a: [' ~ db_password) | from_yaml }}",
        "{{ ('!' ~ db_password ~ ' x') | from_yaml }}",
        "{{ db_password | b64decode }}",
        "{{ db_password | pem_cert }}",
        "{{ ('-----BEGIN ' ~ db_password ~ '-----') | pem_key }}",
        "{{ db_password | indent(db_password) }}",
        "{{ db_password | split('') }}",
        "{{ db_password | join }}",
        "{{ db_password | join(1, 2) }}",
        "{{ 'x' | mkpasswd(db_password) }}",
        "{{ 'x' | htpasswd(db_password ~ ':') }}",
        "{{ 'x' | basic_auth(db_password ~ ':') }}",
        "{{ (db_password ~ '\n') | docker_env }}",
        "{{ (db_password ~ '\u{1}') | xml }}",
        "{{ (db_password ~ '\u{1}') | env }}",
        "{{ (db_password ~ ';') | ini }}",
        "{{ blob | upper }}",
        "{{ {'k': blob} | json }}",
        "{{ {'k': none} | toml }}",
        "{{ app | dictsort(by=db_password) }}",
        "{{ app | sort(nothing=db_password) }}",
        "{{ peers | sort(attribute=db_password) }}",
        "{{ range(db_password) }}",
        "{{ db_password < 1 }}",
        "{{ 1 in db_password }}",
        "{{ [db_password, 1] | sort }}",
        "{{ [db_password] | sum }}",
        "{{ [db_password] | round }}",
        "{{ peers | selectattr('psk', 'gt', 1) | list }}",
        "{{ [db_password] + [db_password] }}",
        "{{ db_password | trim([db_password]) }}",
        "{{ range(1, 2, db_password) }}",
        "{{ dict(db_password) }}",
        "{{ 1 is divisibleby(db_password) }}",
        "{{ db_password is odd and db_password.x.y }}",
        "{{ db_password in port }}",
        "{% for a, b in [db_password] %}{% endfor %}",
        "{% for a in db_password.x %}{% endfor %}",
        "{% for x in port %}{% endfor %}",
        "{{ db_password[1:'x'] }}",
        "{{ db_password[::0] }}",
        "{{ db_password | required(1) }}",
        "{{ app.none | required }}",
        "{% macro m(a) %}{% endmacro %}{{ m(db_password, 2) }}",
        "{% macro m(a) %}{% endmacro %}{{ m(zz=db_password) }}",
        "{% set ns = port %}{% set ns.x = db_password %}",
        "{{ 'x' | replace('', db_password) }}",
        "{{ 10 ** 400 ~ db_password ~ 1 // 0 }}",
        "{{ port // (port - port) }}",
        "{{ 1 if db_password.q }}",
        "{{ db_password | json | yaml | unknown }}",
        "{{ db_password | trim(1, 2, 3) }}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}{{ db_password }}",
        "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(db_password) }}",
        "{{ db_password * 1000000000 }}",
    ];
    let mut told = 0;
    for template in cases {
        for mistake in said(template) {
            told += 1;
            let all = format!("{mistake} {mistake:?}");
            assert!(!all.contains(&CANARY[1..6]), "{template}: {all}");
            assert!(mistake.place.is_some(), "{template}: {all}");
        }
    }
    assert!(told >= 55, "only {told} of {} went wrong", cases.len());
}

#[test]
fn work_and_size_are_bounded() {
    let cases = [
        "{% for i in range(10000) %}{% for j in range(10000) %}x{% endfor %}{% endfor %}",
        "{% macro m(x, n) %}{% if n %}{{ m(x ~ x, n - 1) }}{% endif %}{% endmacro %}{{ m('xxxxxxxxxxxxxxxx', 40) }}",
        "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}",
        "{{ 'x' * 1000000000 }}",
    ];
    for template in cases {
        assert_eq!(said(template).len(), 1, "{template}");
    }
}

#[test]
fn nothing_outside_can_be_reached() {
    for template in [
        "{{ env('HOME') }}",
        "{{ env.HOME }}",
        "{{ now() }}",
        "{{ debug() }}",
        "{{ self }}",
        "{{ open('/etc/passwd') }}",
    ] {
        assert!(compile(template, &[], &Delimiters::default()).is_err(), "{template}");
    }
    // Sealed even where the walk would not see it: the environment has nothing else.
    assert_eq!(render("{{ 'a' if false else 'b' }}"), "b");
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let depth = 20_000;
    let templates = [
        "{% if port %}".repeat(depth) + &"{% endif %}".repeat(depth),
        format!("{{{{ {}port{} }}}}", "(".repeat(depth), ")".repeat(depth)),
        format!("{{{{ {}port }}}}", "not ".repeat(depth)),
        format!("{{{{ port{} }}}}", ".x".repeat(depth)),
        format!("{{{{ port{} }}}}", "|trim".repeat(depth)),
        format!("{{{{ port{} }}}}", " + 1".repeat(depth)),
        format!("{{{{ {}{} }}}}", "[".repeat(depth), "]".repeat(depth)),
    ];
    for template in templates {
        assert_eq!(said(&template)[0].what, "this is nested too deeply, or one expression too long");
    }
    let wide = format!("{{{{ [{}] | length }}}}{}", "port, ".repeat(depth), "{% if port %}{% endif %}".repeat(depth));
    assert_eq!(render(&wide), depth.to_string());
    let within = format!("{{{{ {}port{} }}}}", "(".repeat(60), ")".repeat(60))
        + &"{% if port %}".repeat(50)
        + &"{% endif %}".repeat(50);
    assert_eq!(render(&within), "5432");
}

/// Pieces that random templates are put together from.
const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "-",
    " ",
    "\n",
    "db_password",
    "secrets",
    "[\"db/password\"]",
    ".",
    "peers",
    "app",
    "p",
    "for p in peers",
    "endfor",
    "if",
    "else",
    "endif",
    "set x =",
    "x",
    "|",
    "json",
    "trim",
    "b64encode",
    "(",
    ")",
    ",",
    "'a'",
    "1",
    "+",
    "~",
    "is",
    "defined",
    "not",
    "macro m(x)",
    "endmacro",
    "m(",
    "include 'main.conf'",
    "raw",
    "endraw",
    "\\",
    "é",
    "\u{0}",
];

#[test]
fn no_template_makes_it_panic_or_say_a_value() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut rendered = 0;
    for _ in 0..20_000 {
        let len = 1 + next(12);
        let mut template: String = (0..len).map(|_| PIECES[next(PIECES.len())]).collect();
        if next(2) == 0 {
            template = format!("{{{{ {template} }}}}");
        }
        let delimiters = Delimiters::default();
        let told = match compile(&template, &[], &delimiters) {
            Err(mistakes) => format!("{mistakes:?}"),
            Ok(program) => match run(&program) {
                Ok(_) => {
                    rendered += 1;
                    continue;
                }
                Err(mistake) => format!("{mistake:?}"),
            },
        };
        assert!(!told.contains(CANARY), "{template}: {told}");
    }
    assert!(rendered > 1000, "{rendered}");
}
