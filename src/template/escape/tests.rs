//! What each format makes of values in each place.

use super::*;
use crate::template::finished::Part;
use crate::template::scan::Segment;
use crate::template::tokens::SecretIndex;

/// Cuts `@` out of a template: each is the place of secret 0.
pub(super) fn segments(template: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let mut offset = 0;
    for (number, literal) in template.split('@').enumerate() {
        if number > 0 {
            segments.push(Segment::Value { secret: SecretIndex(0), offset, token: b"@" });
            offset += 1;
        }
        if !literal.is_empty() {
            segments.push(Segment::Literal(literal.as_bytes()));
        }
        offset += literal.len();
    }
    segments
}

pub(super) fn render(
    format: TemplateFormat,
    template: &str,
    bytes: &[u8],
    kind: ValueType,
) -> Result<String, Vec<Refusal>> {
    let rendered = render_in_format(format, &segments(template), |_| Piece { bytes, kind });
    rendered.map(|text| String::from_utf8_lossy(text.expose()).into_owned())
}

/// Template, value, finished file.
pub(super) fn each(format: TemplateFormat, cases: &[(&str, &str, &str)]) {
    for (template, value, expected) in cases {
        let found = render(format, template, value.as_bytes(), ValueType::Text);
        assert_eq!(found.as_deref(), Ok(*expected), "{template:?} with {value:?}");
    }
}

/// Template, value, and where the refusal is to point.
pub(super) fn refused(format: TemplateFormat, cases: &[(&str, &str, usize)]) {
    for (template, value, offset) in cases {
        let refusals = render(format, template, value.as_bytes(), ValueType::Text).unwrap_err();
        assert_eq!(refusals[0].offset, *offset, "{template:?} with {value:?}: {}", refusals[0].reason);
    }
}

#[test]
fn json_values_are_escaped_and_bare_text_is_quoted() {
    let cases = [
        (r#"{"a":"x@y"}"#, "\"\\\n\u{1}é\u{7f}", "{\"a\":\"x\\\"\\\\\\n\\u0001é\\u007fy\"}"),
        ("[@]", "1", "[\"1\"]"),
        (r#"{"@":@}"#, "", r#"{"":""}"#),
    ];
    each(TemplateFormat::Json, &cases);
    assert_eq!(render(TemplateFormat::Json, "[@]", b"5432", ValueType::Int).as_deref(), Ok("[5432]"));
    assert_eq!(render(TemplateFormat::Json, "[\"@\"]", b"5432", ValueType::Int).as_deref(), Ok("[\"5432\"]"));
    refused(
        TemplateFormat::Json,
        &[("[1@]", "2", 1), ("[\"\\@\"]", "n", 2), ("[\n@", "x", 3), ("{\"a\": @, }", "x", 9)],
    );
}

#[test]
fn yaml_values_are_quoted_and_blocks_stay_blocks() {
    let cases = [
        ("k: @\n", "5432", "k: \"5432\"\n"),
        ("k: http://@/x # c\n", "a\"b", "k: \"http://a\\\"b/x\" # c\n"),
        ("k: 'it''s @'", "a\nb", "k: \"it's a\\nb\""),
        ("k: |\n  @\n  x\nz: 1\n", "a\n\n b", "k: |\n  a\n\n   b\n  x\nz: 1\n"),
        ("k: |- # c\n  @\nz: 1\n", "a\n", "k: \"a\\n\" # c\nz: 1\n"),
        ("k: |\n  @\n  \t\nz: 1\n", "\n", "k: \"\\n\\n\\t\\n\"\nz: 1\n"),
        ("k: >\n  @\n", "a\nb", "k: \"a\\nb\\n\"\n"),
        ("? |\n  @\n: {a: @}\n", "a", "? |\n  a\n: {a: \"a\"}\n"),
        ("# @\nk: v\n", "a: b", "# a: b\nk: v\n"),
    ];
    each(TemplateFormat::Yaml, &cases);
    assert_eq!(render(TemplateFormat::Yaml, "k: @", b"1", ValueType::Float).as_deref(), Ok("k: 1.0"));
    let wrong = [
        ("# @\n", "a\nb", 2),
        ("k: &@ x", "a", 4),
        ("k: \"\\@\"", "a", 3),
        ("k: !@ x", "a", 4),
        ("k: |@\n  x", "a", 3),
    ];
    refused(TemplateFormat::Yaml, &wrong);
}

#[test]
fn toml_values_keep_their_quotes_or_get_basic_ones() {
    let cases = [
        ("k = @", "a\"b", r#"k = "a\"b""#),
        ("k = 'x@'", "a\\b", r"k = 'xa\b'"),
        ("k = 'x@'", "it's", r#"k = "xit's""#),
        ("k = '''\n@\n'''", "a\nb", "k = '''\na\nb\n'''"),
        ("k = \"\"\"\n@\"\"\"", "a\"\n", "k = \"\"\"\na\\\"\\n\"\"\""),
        ("@.b = 1 # @", "a", "a.b = 1 # a"),
        ("[x@]", "é", "[\"xé\"]"),
    ];
    each(TemplateFormat::Toml, &cases);
    refused(
        TemplateFormat::Toml,
        &[
            ("k = '''a\r\n@'''", "'", 10),
            ("k = 1@", "2", 4),
            ("a = 1\n@ = 2\n", "a", 6),
            ("# @", "\n", 2),
            ("k = \n@", "a", 6),
        ],
    );
}

#[test]
fn environment_files_quote_what_systemd_would_change() {
    let cases = [
        ("A=@", "s3cret/+=", "A=s3cret/+="),
        ("A=x @ # y", "a$b", "A=\"x a\\$b # y\""),
        ("A='@'", "it's", "A=\"it's\""),
        ("A=\"@\"", "a\nb", "A=\"a\nb\""),
        ("A=@", "", "A=\"\""),
    ];
    each(TemplateFormat::Env, &cases);
    refused(
        TemplateFormat::Env,
        &[("A=@", "\0", 2), ("#@", "\n", 1), ("export A=@", "x", 9), ("A='@", "x", 2), ("A-@=x", "x", 2)],
    );
}

#[test]
fn what_a_line_format_cannot_hold_is_refused() {
    each(TemplateFormat::DockerEnv, &[("A=@\n", " \"x #", "A= \"x #\n")]);
    refused(
        TemplateFormat::DockerEnv,
        &[("A=@", "a\nb", 2), ("A=@", "\"a\"", 2), ("A=@\n", "a\r", 2), ("@=x", "a", 0)],
    );
}

#[test]
fn xml_text_attributes_and_sections_each_have_their_escapes() {
    let cases = [
        ("<a>@</a>", "<&>\"\r", "<a>&lt;&amp;&gt;\"&#13;</a>"),
        ("<a b='@' c=\"@\"/>", "'\"\n", "<a b='&#39;&quot;&#10;' c=\"&#39;&quot;&#10;\"/>"),
        ("<a><![CDATA[@]]></a>", "]]>&", "<a><![CDATA[]]]]><![CDATA[>&]]></a>"),
        ("<!-- @ --><a/>", "a - b", "<!-- a - b --><a/>"),
    ];
    each(TemplateFormat::Xml, &cases);
    refused(
        TemplateFormat::Xml,
        &[("<a>@</a>", "\u{1}", 3), ("<!--@--><a/>", "--", 4), ("<@/>", "a", 1), ("<a>&@;</a>", "lt", 3)],
    );
}

#[test]
fn properties_and_nginx_escape_what_they_can() {
    let cases = [("k = @", " é=\\\n", "k = \\ \\u00e9\\=\\\\\\n"), ("k@ = v", "a b:", "ka\\ b\\: = v")];
    each(TemplateFormat::Properties, &cases);
    // Java takes a joined line without a name for a blank one, and one that begins with '#' for a comment.
    refused(TemplateFormat::Properties, &[("\\\n@!\n", "", 2)]);
    each(TemplateFormat::Properties, &[("\\\n  #@=x\n", "a=b", "\\\n  #a=b=x\n")]);
    each(
        TemplateFormat::Nginx,
        &[("k @;", "a \"b\\", "k \"a \\\"b\\\\\";"), ("k '@${v}';", "it's", "k 'it\\'s${v}';")],
    );
    refused(TemplateFormat::Nginx, &[("k @;", "a$b", 2), ("k \"$x@\";", "a", 5)]);
}

#[test]
fn refusals_name_every_place_and_never_the_value() {
    let canary = "can\nary\0\u{1}";
    for format in TemplateFormat::ALL {
        let template = "a=@\n# @\n<!-- @\n{\"@";
        let Err(refusals) = render(format, template, canary.as_bytes(), ValueType::Text) else { continue };
        let shown: String = refusals.iter().map(|refusal| format!("{refusal:?} {}", refusal.reason)).collect();
        assert!(!shown.contains("can") || !shown.contains("ary"), "{format:?}: {shown}");
        assert!(!shown.contains("Zs0"), "{format:?}: {shown}");
    }
    let both = render(TemplateFormat::DockerEnv, "A=@\nB=@\n", b"a\nb", ValueType::Text).unwrap_err();
    assert_eq!(
        both.iter().map(|refusal| (refusal.offset, refusal.secret)).collect::<Vec<_>>(),
        [(2, Some(SecretIndex(0))), (6, Some(SecretIndex(0)))]
    );
}

#[test]
fn nesting_is_limited_everywhere() {
    let deep = |open: &str, close: &str| format!("{}@{}", open.repeat(10_000), close.repeat(10_000));
    let cases = [
        (TemplateFormat::Json, deep("[", "]")),
        (TemplateFormat::Yaml, deep("[", "]")),
        (TemplateFormat::Yaml, deep("- ", "")),
        (TemplateFormat::Toml, format!("k = {}", deep("[", "]"))),
        (TemplateFormat::Xml, deep("<a>", "</a>")),
        (TemplateFormat::Sh, deep("$(", ")")),
        (TemplateFormat::Sh, deep("${a-", "}")),
        (TemplateFormat::Nginx, deep("a {", "}")),
    ];
    for (format, template) in cases {
        assert!(render(format, &template, b"x", ValueType::Text).is_err(), "{format:?}");
    }
}

#[test]
fn check_finds_what_no_value_can_mend_and_nothing_else() {
    let good = [
        (TemplateFormat::Json, "{\"a\": @}"),
        (TemplateFormat::Yaml, "# @\nk: @\n"),
        (TemplateFormat::DockerEnv, "A=@\n"),
        (TemplateFormat::Xml, "<!-- @ --><a>@</a>"),
        (TemplateFormat::Ini, "[s]\nk = @\n"),
        (TemplateFormat::Nginx, "k @;"),
        (TemplateFormat::Toml, "x = 1\n@ = 2\n"),
    ];
    for (format, template) in good {
        assert_eq!(check_places(format, &segments(template)), [], "{format:?}");
    }
    let mut two_names = segments("@ = 1\n@ = 2\n");
    assert_eq!(check_places(TemplateFormat::Toml, &two_names).len(), 1, "a name is defined twice");
    two_names[2] = Segment::Value { secret: SecretIndex(1), offset: 6, token: b"@" };
    assert_eq!(check_places(TemplateFormat::Toml, &two_names), [], "each secret may be another name");
    let bad = [
        (TemplateFormat::Json, "{\"a\": @,}", 8),
        (TemplateFormat::Yaml, "k: @\nx: [\n", 8),
        (TemplateFormat::Toml, "a = 1\na = 2 # @\n", 6),
        (TemplateFormat::Xml, "<a>@</b>", 4),
        (TemplateFormat::Env, "A=\"@\n", 2),
        (TemplateFormat::Sh, "echo '@\n", 5),
        (TemplateFormat::Nginx, "k @; }", 5),
    ];
    for (format, template, offset) in bad {
        let found = check_places(format, &segments(template));
        assert_eq!(found.first().map(|refusal| refusal.offset), Some(offset), "{format:?}: {found:?}");
    }
}

/// The finished file with `‹…›` around what is said to be the value, and `‹"…"›` where quotes were written for it.
fn marked(format: TemplateFormat, template: &str, bytes: &[u8], kind: ValueType) -> String {
    let finished = finish_in_format(format, &segments(template), |_| Piece { bytes, kind }).unwrap();
    let mut shown = String::new();
    for part in finished.quoted_parts() {
        match part {
            Part::Own(text) => shown.push_str(&String::from_utf8_lossy(text)),
            Part::Value(insert, text) => {
                shown.push_str(&format!("‹{}›{:?}", String::from_utf8_lossy(text), insert.form));
            }
        }
    }
    shown
}

#[test]
fn a_finished_file_tells_where_its_values_stand() {
    use TemplateFormat::*;
    let nasty = "a\"b";
    let cases = [
        (Raw, "k=@\n", "k=‹a\"b›AsItIs\n"),
        (Json, "{\"k\": [\"@\", @]}", "{\"k\": [\"‹a\\\"b›Escaped\", ‹\"a\\\"b\"›Escaped]}"),
        (Yaml, "k: @\nb: |\n  x @\n", "k: ‹\"a\\\"b\"›Escaped\nb: |\n  x ‹a\"b›AsItIs\n"),
        (Toml, "k = 'x@'\nz = @\n", "k = 'x‹a\"b›AsItIs'\nz = ‹\"a\\\"b\"›Escaped\n"),
        (Ini, "[s]\nk = `@`\n", "[s]\nk = `‹a\"b›AsItIs`\n"),
        (Env, "K=@\nL=x@y\n", "K=‹\"a\\\"b\"›Escaped\nL=\"x‹a\\\"b›Escapedy\"\n"),
        (DockerEnv, "K=@\n", "K=‹a\"b›AsItIs\n"),
        (Xml, "<a b='@'>@</a>", "<a b='‹a&quot;b›Escaped'>‹a\"b›AsItIs</a>"),
        (Sh, "x=@ y\"@\"\n", "x=‹'a\"b'›AsItIs y\"‹a\\\"b›Escaped\"\n"),
        (Properties, "k=@\n", "k=‹a\"b›AsItIs\n"),
        (Nginx, "k @;\n", "k ‹\"a\\\"b\"›Escaped;\n"),
    ];
    for (format, template, expected) in cases {
        assert_eq!(marked(format, template, nasty.as_bytes(), ValueType::Text), expected, "{format:?}");
    }
    assert_eq!(marked(Json, "[@,\"@\"]", b"12", ValueType::Int), "[‹12›Bare,\"‹12›AsItIs\"]");
}

#[test]
fn what_a_filter_wrote_is_no_text_of_the_template() {
    use TemplateFormat::{Json, Yaml};
    let segments = [
        Segment::Literal(b"{\"k\": "),
        Segment::Value { secret: SecretIndex(0), offset: 6, token: b"0" },
        Segment::Literal(b", \"m\": \"x "),
        Segment::Value { secret: SecretIndex(0), offset: 17, token: b"0" },
        Segment::Value { secret: SecretIndex(1), offset: 18, token: b"1" },
        Segment::Literal(b"\"}"),
    ];
    let piece = |secret: SecretIndex| match secret.0 {
        0 => Piece { bytes: b"1234", kind: ValueType::Filtered },
        _ => Piece::text(b"pass"),
    };
    let own = |format| {
        let finished = finish_in_format(format, &segments, piece).unwrap();
        let own = finished.parts().into_iter().filter_map(|part| match part {
            Part::Own(text) => Some(String::from_utf8_lossy(text).into_owned()),
            Part::Value(..) => None,
        });
        (String::from_utf8_lossy(finished.bytes.expose()).into_owned(), own.collect::<String>())
    };
    let text = "{\"k\": 1234, \"m\": \"x 1234pass\"}".to_owned();
    assert_eq!(own(Json), (text.clone(), "{\"k\": , \"m\": \"\"}".to_owned()), "one item, so all of it is hidden");
    assert_eq!(own(Yaml), (text, "{\"k\": , \"m\": }".to_owned()));
}
