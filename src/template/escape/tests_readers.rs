//! What a program reads in another way than most: refused, or written so that it does not matter.

use super::tests::{each, refused, render, segments};
use super::{Reason, TemplateFormat, ValueType, check_places};

/// Templates that no value can mend, each with a word of the reason.
fn broken(format: TemplateFormat, cases: &[(&str, &str)]) {
    for (template, why) in cases {
        let reason = render(format, template, b"x", ValueType::Text).map_err(|refusals| refusals[0].reason.to_string());
        assert!(reason.as_ref().is_err_and(|reason| reason.contains(why)), "{template:?}: {reason:?}");
        assert!(!check_places(format, &segments(template)).is_empty(), "{template:?}");
    }
}

/// Template, value, and a part of the reason.
fn told(format: TemplateFormat, cases: &[(&str, &str, &str)]) {
    for (template, value, why) in cases {
        let refusals = render(format, template, value.as_bytes(), ValueType::Text).unwrap_err();
        let reason = refusals[0].reason.to_string();
        assert!(reason.contains(why), "{template:?} with {value:?}: {reason}");
    }
}

#[test]
fn ini_values_that_readers_take_in_different_ways_are_refused() {
    let passes = [
        ("[s]\nk = @\n", "a=b+c/d:e=="),
        ("k = \"@\"", " a;b"),
        ("k = @", "it's (a) b! c&d|e=f~g^h"),
        ("k = \"@\" ; note", " a\tb#c"),
        ("k = '@'", " a=b "),
        ("k = `@`", "a\"b\\c%d#;'"),
        ("Environment=A=@", "a=b$c"),
        ("Environment=\"A=@\"", "a b'"),
        ("ExecStart=/bin/x --pw \"@\"", "a b"),
        ("k = 'a' \"@\"", "it's"),
    ];
    for (template, value) in passes {
        each(TemplateFormat::Ini, &[(template, value, &template.replace('@', value))]);
    }
    let wrong = [
        ("k = @", "a#b"),
        ("k = @", "a;b"),
        ("k = @", " a"),
        ("k=\"@\"", "\""),
        ("k=@", "a\nb"),
        ("k=@", "%(a)s"),
        ("K=\n@=", "x y"),
        // git takes quotes and backslashes anywhere, MySQL and GLib backslashes.
        ("k = @", "pa\"ss"),
        ("k = @", "pa\\ss"),
        ("k = @", "a\"b\"c"),
        ("k = @", "a\tb"),
        ("k = '@'", "a\tb"),
        ("k = '@'", "a\"b"),
        ("k = '@'", "a#b"),
        ("k = '@' ; it's", "a'b"),
        ("k = \"@\" ; note", "a\"b"),
        ("k = \"@", "a\"b"),
        ("k = x \"@\"", "a#b"),
        ("k = @ \"x\"", "it's"),
        ("k = it's @", "it's"),
        // Python's ConfigParser replaces `%(name)s` and fails at any other `%`.
        ("k = @", "100%"),
        ("k = \"@\"", "a%b"),
        // systemd cuts these into words.
        ("Environment=A=@", "a b"),
        ("Environment=A=@", "it's"),
        ("Environment=A=@", ""),
        ("ExecStart=/bin/x --pw \"@\"", "a\" \"b"),
        ("ExecStart=/bin/x --pw \"@\"", "$HOME"),
        ("ExecStart=/bin/x \\\n  --pw @", "a b"),
    ];
    for (template, value) in wrong {
        refused(TemplateFormat::Ini, &[(template, value, template.find('@').unwrap())]);
    }
}

#[test]
fn keys_and_patterns_of_nginx_are_refused_where_they_would_mean_more_than_text() {
    let map = "map $k $ok { default 0; @ 1; }";
    let keys = ["~.", "\\abc", "*.x", ".x", "x.*", "default", "include", "hostnames", "volatile", "ranges"];
    for value in keys {
        refused(TemplateFormat::Nginx, &[(map, value, 24), ("map $k $ok {\"@\" 1;}", value, 13)]);
    }
    let passes = ["a~b", "s3cret/+=", "!x", "Default", "it's"];
    for value in passes {
        assert!(render(TemplateFormat::Nginx, map, value.as_bytes(), ValueType::Text).is_ok(), "{value}");
    }
    let wrong = [
        ("map $k $ok { ~^@$ 1; }", "a.b"),
        ("map $k $ok { \"~^x\\@\" 1; }", "d"),
        ("location @ { }", "~ x"),
        ("location @ { }", "=x"),
        ("location @ { }", "^~x"),
        ("location @ { }", "@x"),
        ("location ~ ^/@$ { }", "."),
        ("if ($k ~ ^@$) { }", "a|b"),
        ("if ($k !~* \"@\") { }", "."),
        ("rewrite ^/@$ /x;", ".*"),
        ("server_name @;", "~."),
        ("server_name @;", "*.x"),
        ("allow @;", "all"),
        ("auth_basic @;", "off"),
        ("try_files $uri @;", "=200"),
    ];
    for (template, value) in wrong {
        refused(TemplateFormat::Nginx, &[(template, value, template.find('@').unwrap())]);
    }
    let passes = [
        ("if ($k = \"@\") { }", "~!=*"),
        ("if ($k = @) { }", "a)"),
        ("if ($k ~ \"^@$\") { }", "Ab_1-2/3"),
        ("location /x/@/ { }", "~."),
        ("proxy_set_header X \"@\";", "~default"),
        ("add_header X @;", "off"),
    ];
    for (template, value) in passes {
        assert!(render(TemplateFormat::Nginx, template, value.as_bytes(), ValueType::Text).is_ok(), "{template}");
    }
}

#[test]
fn xml_is_written_for_the_encoding_and_the_version_it_declares() {
    let latin = "<?xml version=\"1.0\" encoding='ISO-8859-1'?><a b=\"@\">@</a>";
    let cases = [
        (
            latin,
            "ä€😀",
            "<?xml version=\"1.0\" encoding='ISO-8859-1'?><a b=\"&#xE4;&#x20AC;&#x1F600;\">&#xE4;&#x20AC;&#x1F600;</a>",
        ),
        ("<?xml version='1.0' encoding='utf-8'?><a>@</a>", "ä", "<?xml version='1.0' encoding='utf-8'?><a>ä</a>"),
        (
            "<?xml version='1.1'?><a b='@'>@</a>",
            "ä\u{85}\u{2028}\u{7f}",
            "<?xml version='1.1'?><a b='ä&#x85;&#x2028;&#x7F;'>ä&#x85;&#x2028;&#x7F;</a>",
        ),
        ("<?xml version='1.0'?><a>@</a>", "\u{85}", "<?xml version='1.0'?><a>\u{85}</a>"),
    ];
    each(TemplateFormat::Xml, &cases);
    let places = ["<a><![CDATA[@]]></a>", "<a><!-- @ --></a>", "<a><?p @?></a>"];
    for place in places {
        let ascii = format!("<?xml version='1.0' encoding='us-ascii'?>{place}");
        let newer = format!("<?xml version='1.1'?>{place}");
        told(TemplateFormat::Xml, &[(&ascii, "ä", "encoding"), (&newer, "\u{85}", "XML 1.1")]);
    }
    told(TemplateFormat::Xml, &[("<?xml version='1.1'?><a><![CDATA[@]]></a>", "a]b", "']]]>'")]);
    let wrong = [
        ("<?xml version='1.0' encoding='UTF-16'?><a>@</a>", "encoding"),
        ("<?xml version='1.0' encoding='EBCDIC-CP-US'?><a>@</a>", "encoding"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a>ä@</a>", "encoding"),
    ];
    broken(TemplateFormat::Xml, &wrong);
}

#[test]
fn xml_attributes_that_a_dtd_may_take_for_words_keep_no_lone_blanks() {
    let list = "<!DOCTYPE a [<!ATTLIST a b NMTOKENS #IMPLIED>]><a b='@'/>";
    for value in [" a", "a  b", "a "] {
        told(
            TemplateFormat::Xml,
            &[(list, value, "blank"), ("<!DOCTYPE a SYSTEM 'a.dtd'><a b=\"@\"/>", value, "blank")],
        );
        assert!(render(TemplateFormat::Xml, "<a b='@'/>", value.as_bytes(), ValueType::Text).is_ok());
    }
    assert!(render(TemplateFormat::Xml, list, b"a b", ValueType::Text).is_ok());
    let subset = "<!DOCTYPE a [<!-- it's ]> --><!ELEMENT a ANY><?p \"?>]><a>@</a>";
    assert!(render(TemplateFormat::Xml, subset, b"x", ValueType::Text).is_ok());
}

#[test]
fn a_comment_of_an_environment_file_never_takes_the_next_line() {
    broken(TemplateFormat::Env, &[("# note \\\nA=@\n", "backslash"), ("; note \\\rA=@\n", "backslash")]);
    each(TemplateFormat::Env, &[("# note \\\\\nA=@\n", "x", "# note \\\\\nA=x\n")]);
}

#[test]
fn a_name_that_a_value_makes_a_second_time_is_refused() {
    let wrong = [
        (TemplateFormat::Json, r#"{"a": 1, "@": 2}"#, "a"),
        (TemplateFormat::Json, r#"{"x": [{"b": {}, "k@": 2, "kb": 3}]}"#, "b"),
        (TemplateFormat::Yaml, "a: 1\n@: 2\n", "a"),
        (TemplateFormat::Yaml, "- {'a b': [x, {y: z}], a@: 2}\n", " b"),
        (TemplateFormat::Yaml, "x:\n  &q a: 1\n  \"@\": 2\n", "a"),
    ];
    for (format, template, value) in wrong {
        told(format, &[(template, value, "twice")]);
        assert_eq!(check_places(format, &segments(template)), []);
        assert!(render(format, template, b"other", ValueType::Text).is_ok(), "{template}");
    }
    let passes = [
        (TemplateFormat::Json, r#"{"//": 1, "//": "@"}"#),
        (TemplateFormat::Json, r#"{"b": 1, "a": {"@": "b"}}"#),
        (TemplateFormat::Yaml, "- a: b\n- @: a\n"),
        (TemplateFormat::Yaml, "? [a, b]\n: a\n@: a\n"),
        (TemplateFormat::Yaml, "x: &l b\n*l : @\n"),
    ];
    for (format, template) in passes {
        assert!(render(format, template, b"b", ValueType::Text).is_ok(), "{template}");
    }
}

#[test]
fn reasons_say_what_to_do() {
    use TemplateFormat::{Env, Json, Xml, Yaml};
    told(Env, &[("export A=@\n", "x", "leave out 'export'"), ("A-B=@\n", "x", "systemd ignores this line")]);
    told(Xml, &[("<!-- @ --><a/>", "a\rb", "carriage return"), ("<?p @?><a/>", "a\rb", "carriage return")]);
    told(Yaml, &[("k: | # @\n  @\n", "x", "comment"), ("- > # @\n\n   @\n", "x", "comment")]);
    told(Json, &[("{ // @\n}", "x", "no comments"), ("[1, // x\n \"@\"]", "x", "no comments")]);
    told(Json, &[("[1] /* @ */", "x", "no comments"), ("[1@]", "x", "put text in quotes")]);
    let own = render(TemplateFormat::Yaml, "k: | # @\n  @\n", b"x", ValueType::Text).unwrap_err();
    assert!(matches!(own[0].reason, Reason::Place(_)));
}

#[test]
fn lua_blocks_of_nginx_are_left_alone() {
    let cases = [
        "content_by_lua_block { if a then b = {'}', \"\\\"}\"} end -- }\n --[=[ } ]] ]=] c = [[ } ]] }\nk \"@\";",
        "a { set_by_lua_block $x { return ngx.var[1] } }\nk '@';",
    ];
    for case in cases {
        each(TemplateFormat::Nginx, &[(case, ";}", &case.replace('@', ";}"))]);
    }
    told(
        TemplateFormat::Nginx,
        &[("x_by_lua_block { a = '@' } k @;", "x", "Lua"), ("x_by_lua_block { @ }", "x", "Lua")],
    );
    let wrong = [
        ("x_by_lua_block { a = '}", "Lua"),
        ("x_by_lua_block { a = '\\\n' }", "Lua"),
        ("x_by_lua_block { --[[ } k @;", "Lua"),
        ("x_by_lua_block { [==[ } ]=] } k @;", "Lua"),
        ("x_by_lua_block { { } k @;", "Lua"),
    ];
    broken(TemplateFormat::Nginx, &wrong);
}
