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
