//! Every filter by a table. Results that another program gives too are that program's.

use crate::secret::SecretBytes;
use crate::sops::tree::Value as Tree;
use crate::template::engine::password::Hasher;
use crate::template::engine::{Declared, Delimiters, Input, Program, TemplateText};
use std::sync::Arc;

/// The template `{{ v | FILTER }}` with one value, as text, or what is said instead.
fn filtered(filter: &str, value: &[u8]) -> Result<String, String> {
    let template = format!("{{{{ v | {filter} }}}}");
    let delimiters = Delimiters::default();
    let text = TemplateText { name: "t", text: template.as_bytes(), delimiters: &delimiters };
    let program = Program::compile(text, &[], &Declared::new(["v"].into_iter()));
    let program = program.map_err(|mistakes| mistakes[0].what.clone())?;
    let value = Tree::Text(SecretBytes::copy_of(value));
    let skeleton =
        program.run(|_| Some(Input::Tree(&value)), Arc::new(Hasher::none())).map_err(|mistake| mistake.what)?;
    let segments = skeleton.segments();
    let out = crate::template::render(&segments, |value| skeleton.value(value).bytes).unwrap();
    Ok(String::from_utf8_lossy(out.expose()).into_owned())
}

/// Printed by Python: json.dumps(ensure_ascii=False), urllib.parse.quote(safe=''), base64, bytes.hex, hashlib, hmac, str.
const PYTHON: &[(&str, &str, &str)] = &[
    ("json", "", "\"\""),
    ("json", "plain", "\"plain\""),
    ("json", "a b", "\"a b\""),
    ("json", "p\"w'\\d$#&<>%+/=?", "\"p\\\"w'\\\\d$#&<>%+/=?\""),
    ("json", "ü€😀", "\"ü€😀\""),
    ("json", "l1\nl2\n", "\"l1\\nl2\\n\""),
    ("json", "tab\there", "\"tab\\there\""),
    ("json", "\u{1}\u{7f}", "\"\\u0001\u{7f}\""),
    ("json", "true", "\"true\""),
    ("json", "  x  ", "\"  x  \""),
    ("urlencode", "", ""),
    ("urlencode", "plain", "plain"),
    ("urlencode", "a b", "a%20b"),
    ("urlencode", "p\"w'\\d$#&<>%+/=?", "p%22w%27%5Cd%24%23%26%3C%3E%25%2B%2F%3D%3F"),
    ("urlencode", "ü€😀", "%C3%BC%E2%82%AC%F0%9F%98%80"),
    ("urlencode", "l1\nl2\n", "l1%0Al2%0A"),
    ("urlencode", "tab\there", "tab%09here"),
    ("urlencode", "\u{1}\u{7f}", "%01%7F"),
    ("urlencode", "true", "true"),
    ("urlencode", "  x  ", "%20%20x%20%20"),
    ("url_userinfo", "", ""),
    ("url_userinfo", "plain", "plain"),
    ("url_userinfo", "a b", "a%20b"),
    ("url_userinfo", "p\"w'\\d$#&<>%+/=?", "p%22w%27%5Cd%24%23%26%3C%3E%25%2B%2F%3D%3F"),
    ("url_userinfo", "ü€😀", "%C3%BC%E2%82%AC%F0%9F%98%80"),
    ("url_userinfo", "l1\nl2\n", "l1%0Al2%0A"),
    ("url_userinfo", "tab\there", "tab%09here"),
    ("url_userinfo", "\u{1}\u{7f}", "%01%7F"),
    ("url_userinfo", "true", "true"),
    ("url_userinfo", "  x  ", "%20%20x%20%20"),
    ("b64encode", "", ""),
    ("b64encode", "plain", "cGxhaW4="),
    ("b64encode", "a b", "YSBi"),
    ("b64encode", "p\"w'\\d$#&<>%+/=?", "cCJ3J1xkJCMmPD4lKy89Pw=="),
    ("b64encode", "ü€😀", "w7zigqzwn5iA"),
    ("b64encode", "l1\nl2\n", "bDEKbDIK"),
    ("b64encode", "tab\there", "dGFiCWhlcmU="),
    ("b64encode", "\u{1}\u{7f}", "AX8="),
    ("b64encode", "true", "dHJ1ZQ=="),
    ("b64encode", "  x  ", "ICB4ICA="),
    ("b64url", "", ""),
    ("b64url", "plain", "cGxhaW4"),
    ("b64url", "a b", "YSBi"),
    ("b64url", "p\"w'\\d$#&<>%+/=?", "cCJ3J1xkJCMmPD4lKy89Pw"),
    ("b64url", "ü€😀", "w7zigqzwn5iA"),
    ("b64url", "l1\nl2\n", "bDEKbDIK"),
    ("b64url", "tab\there", "dGFiCWhlcmU"),
    ("b64url", "\u{1}\u{7f}", "AX8"),
    ("b64url", "true", "dHJ1ZQ"),
    ("b64url", "  x  ", "ICB4ICA"),
    ("hex", "", ""),
    ("hex", "plain", "706c61696e"),
    ("hex", "a b", "612062"),
    ("hex", "p\"w'\\d$#&<>%+/=?", "702277275c642423263c3e252b2f3d3f"),
    ("hex", "ü€😀", "c3bce282acf09f9880"),
    ("hex", "l1\nl2\n", "6c310a6c320a"),
    ("hex", "tab\there", "7461620968657265"),
    ("hex", "\u{1}\u{7f}", "017f"),
    ("hex", "true", "74727565"),
    ("hex", "  x  ", "2020782020"),
    ("sha256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("sha256", "plain", "a116c9ed46d6207734a43317d30fd88f52ac8634c37d904bbf4e41d865f90475"),
    ("sha256", "a b", "c8687a08aa5d6ed2044328fa6a697ab8e96dc34291e8c2034ae8c38e6fcc6d65"),
    ("sha256", "p\"w'\\d$#&<>%+/=?", "fe7d0f49f69482afd3ddc98a771e89b475523dcb9e9fc1086c7ba601eeaeeae4"),
    ("sha256", "ü€😀", "bec2d3e7c2047c817dc4c8c4e13f7a4801bb0c7f8798e3ac3e2fd65d71cb4993"),
    ("sha256", "l1\nl2\n", "259ed5007f3fa40e74ea909523ceab9cb2a73dc251155f68d976955777dc79d3"),
    ("sha256", "tab\there", "5b8765931ded06ac39c11c47f83f7457636af4780d72900c1a0131f4ccb96c85"),
    ("sha256", "\u{1}\u{7f}", "3f5cf131de77407cc50a230f76ae5e02ff62d01ef40e8739c5118295a2d81432"),
    ("sha256", "true", "b5bea41b6c623f7c09f1bf24dcae58ebab3c0cdd90ad966bc43a45b44867e12b"),
    ("sha256", "  x  ", "2e4de7dbf61befdb667054df4ee39c07bb7eb018c061444f3c0d7873ae3f148f"),
    (
        "sha512",
        "",
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    ),
    (
        "sha512",
        "plain",
        "ccdd3da9f299d11b7b081cd53e7b1c4b1fead5945323f70227424ac6f262314f26e29eb6f23566f871552b4db29267dc1091e5ec0af909acad0dcb5cb4099e2a",
    ),
    (
        "sha512",
        "a b",
        "7d42b489f17d3adadff1f4e395c03885165ea5ca63ef99a6f075b04c01011c11e14f9527b4f056eafc9f3958b91513a59b788e012263a6f792858c11007d250c",
    ),
    (
        "sha512",
        "p\"w'\\d$#&<>%+/=?",
        "b024b5c62955d93a5f5444ed2651aa6f67be38ebd207dbe97e6901c457ff7d8e05c9b55cd75624b9df48010fd9f04db24f48fc042e84592570062d26318577ad",
    ),
    (
        "sha512",
        "ü€😀",
        "b7377afa492c09cebc0785c3b3d904c99f9ef10c8ee47949090e0f58ce2e3da7d022c4066f0fb916020fd945a72b5bf79beff3f9a6485e56348afb08cd1f5f3d",
    ),
    (
        "sha512",
        "l1\nl2\n",
        "80ec2ed5ec22d0ded436a909735eac9f6f48e78b69ca3878493042ca64bab630e244bffd8f490f0ab7070a584584ecff909a0bb6f775f08c5794d7c33117f8f4",
    ),
    (
        "sha512",
        "tab\there",
        "f00a618340eed73958d4827f9da1bfb6395bce34d036485a2a09f20670d35a86c2276ac10e380b84b6402fc4f7ea4f0f5dce5d66ccf7d70efa64c5788a32e1e4",
    ),
    (
        "sha512",
        "\u{1}\u{7f}",
        "8955849e6254b3f3f27e193b63329dbee82fbfd429c24c50abf2bc068e8c76552e048c2dd7bfcb4157773697b63debd9bb41d0b481d432dd1c7d0e164c513bec",
    ),
    (
        "sha512",
        "true",
        "9120cd5faef07a08e971ff024a3fcbea1e3a6b44142a6d82ca28c6c42e4f852595bcf53d81d776f10541045abdb7c37950629415d0dc66c8d86c64a5606d32de",
    ),
    (
        "sha512",
        "  x  ",
        "1dbb58be045b121f236a6f25a75678de229c1bddf0901ee2c384a3742c537040b46ded538d7e4cdde9e149486c62069569a61724326d71b061a9644ef2627da0",
    ),
    ("hmac_sha256('key')", "", "5d5d139563c95b5967b9bd9a8c9b233a9dedb45072794cd232dc1b74832607d0"),
    ("hmac_sha256('key')", "plain", "af870bd112cd0fc79fb97cb39fdc75016120a9aed4acfd00e7dca11bdea9759f"),
    ("hmac_sha256('key')", "a b", "cfae67f031d2e82f69d1aa5012273faf883cc4b841b17ce2e76fa000d19fce5f"),
    ("hmac_sha256('key')", "p\"w'\\d$#&<>%+/=?", "f5f6faae9535f72e7041dacf5c875581717094abf9e7709d5a7fb3467a2607e9"),
    ("hmac_sha256('key')", "ü€😀", "1e13c85f0b034285cd072c6939d12336496ec4560964deae8c14a5c50582596d"),
    ("hmac_sha256('key')", "l1\nl2\n", "2a243952f3761fdd48f1f91a16000fe699ffa15402a8a476470dc8c4f60f2be6"),
    ("hmac_sha256('key')", "tab\there", "8fb0b041d7afd0751af02f4864d33dccb78b306cb0eac6b3deb2bf9dafe659af"),
    ("hmac_sha256('key')", "\u{1}\u{7f}", "9752cb0abb3220319f4d845b3234eed325179995979e3f13842f12611476bfe8"),
    ("hmac_sha256('key')", "true", "205c94f3b0222e3b464c33da902a1ae1b3a04a4494dcf7145e4228ad23333258"),
    ("hmac_sha256('key')", "  x  ", "54c85d5c4dc06202874129e2079b7ea9ef69593b1cdd70f86d845341418f2fe7"),
    ("trim", "", ""),
    ("trim", "plain", "plain"),
    ("trim", "a b", "a b"),
    ("trim", "p\"w'\\d$#&<>%+/=?", "p\"w'\\d$#&<>%+/=?"),
    ("trim", "ü€😀", "ü€😀"),
    ("trim", "l1\nl2\n", "l1\nl2"),
    ("trim", "tab\there", "tab\there"),
    ("trim", "\u{1}\u{7f}", "\u{1}\u{7f}"),
    ("trim", "true", "true"),
    ("trim", "  x  ", "x"),
    ("lower", "", ""),
    ("lower", "plain", "plain"),
    ("lower", "a b", "a b"),
    ("lower", "p\"w'\\d$#&<>%+/=?", "p\"w'\\d$#&<>%+/=?"),
    ("lower", "ü€😀", "ü€😀"),
    ("lower", "l1\nl2\n", "l1\nl2\n"),
    ("lower", "tab\there", "tab\there"),
    ("lower", "\u{1}\u{7f}", "\u{1}\u{7f}"),
    ("lower", "true", "true"),
    ("lower", "  x  ", "  x  "),
    ("upper", "", ""),
    ("upper", "plain", "PLAIN"),
    ("upper", "a b", "A B"),
    ("upper", "p\"w'\\d$#&<>%+/=?", "P\"W'\\D$#&<>%+/=?"),
    ("upper", "ü€😀", "Ü€😀"),
    ("upper", "l1\nl2\n", "L1\nL2\n"),
    ("upper", "tab\there", "TAB\tHERE"),
    ("upper", "\u{1}\u{7f}", "\u{1}\u{7f}"),
    ("upper", "true", "TRUE"),
    ("upper", "  x  ", "  X  "),
    ("replace('l', 'LL')", "", ""),
    ("replace('l', 'LL')", "plain", "pLLain"),
    ("replace('l', 'LL')", "a b", "a b"),
    ("replace('l', 'LL')", "p\"w'\\d$#&<>%+/=?", "p\"w'\\d$#&<>%+/=?"),
    ("replace('l', 'LL')", "ü€😀", "ü€😀"),
    ("replace('l', 'LL')", "l1\nl2\n", "LL1\nLL2\n"),
    ("replace('l', 'LL')", "tab\there", "tab\there"),
    ("replace('l', 'LL')", "\u{1}\u{7f}", "\u{1}\u{7f}"),
    ("replace('l', 'LL')", "true", "true"),
    ("replace('l', 'LL')", "  x  ", "  x  "),
    ("split(' ') | join(',')", "", ""),
    ("split(' ') | join(',')", "plain", "plain"),
    ("split(' ') | join(',')", "a b", "a,b"),
    ("split(' ') | join(',')", "p\"w'\\d$#&<>%+/=?", "p\"w'\\d$#&<>%+/=?"),
    ("split(' ') | join(',')", "ü€😀", "ü€😀"),
    ("split(' ') | join(',')", "l1\nl2\n", "l1\nl2\n"),
    ("split(' ') | join(',')", "tab\there", "tab\there"),
    ("split(' ') | join(',')", "\u{1}\u{7f}", "\u{1}\u{7f}"),
    ("split(' ') | join(',')", "true", "true"),
    ("split(' ') | join(',')", "  x  ", ",,x,,"),
];

#[test]
fn filters_give_what_python_gives() {
    for (filter, value, expected) in PYTHON {
        assert_eq!(filtered(filter, value.as_bytes()).as_deref(), Ok(*expected), "{filter} of {value:?}");
    }
}

#[test]
fn filters_without_a_counterpart_give_what_their_documentation_says() {
    let bundle = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\nx\n-----BEGIN EC PRIVATE KEY-----\r\nQg==\n-----END EC PRIVATE KEY-----";
    let cases = [
        ("yaml", "a: \u{7f}\u{feff}\"", r#""a: \u007f\ufeff\"""#),
        ("toml", "a\n\u{1}\u{7f}", r#""a\n\u0001\u007f""#),
        ("xml", "<a b=\"c\">&'\n", "&lt;a b=&quot;c&quot;&gt;&amp;&#39;&#10;"),
        ("sh", "it's $x", "'it'\\''s $x'"),
        ("sh", "", "''"),
        ("ini", "plain", "plain"),
        ("docker_env", " a\"b' ", " a\"b' "),
        ("trim('xy')", "xyaxy", "a"),
        ("trim_newline", "a\n\n", "a\n"),
        ("trim_newline", "a\r\n", "a"),
        ("trim_newline", "a\r", "a\r"),
        ("indent(2)", "a\n\nb\r\n \nc", "a\n\n  b\r\n   \n  c"),
        ("indent(2, true)", "a\n\nb", "  a\n\n  b"),
        ("lines | length", "a\r\nb\n", "2"),
        ("lines | join('|')", "a\r\nb\n\nc", "a|b||c"),
        ("split | join('|')", "  a \t b ", "a|b"),
        ("split(':', 1) | last", "a:b:c", "b:c"),
        ("from_json | map(attribute='n') | join(',')", r#"[{"n":"a"},{"n":2}]"#, "a,2"),
        ("from_json | map(attribute='n.m') | join(',')", r#"[{"n":{"m":"a"}}]"#, "a"),
        ("from_json | map(attribute='n', default='-') | join(',')", r#"[{"n":"a"},{}]"#, "a,-"),
        ("from_json | join(',', 'n')", r#"[{"n":"a"},{"n":"b"}]"#, "a,b"),
        ("from_json | join(', ', attribute='n')", r#"[{"n":"a"},{"n":"b"}]"#, "a, b"),
        ("from_json | string | json", "5432", "\"5432\""),
        ("from_json | json", "5432", "5432"),
        ("tojson", "a\"<", "\"a\\\"<\""),
        ("indent", "a\nb", "a\n    b"),
        ("indent(width=2, first=true)", "a\nb", "  a\n  b"),
        ("default('x', boolean=true)", "", "x"),
        ("d('x', true)", "", "x"),
        ("default('x')", "", ""),
        ("default('x', true)", "", "x"),
        ("required", "v", "v"),
        ("raw", "\"v\"", "\"v\""),
        ("title", "ab cD-ef", "Ab Cd-Ef"),
        ("capitalize", "aB c", "Ab c"),
        ("from_json | sum", "[1, 2, 3.5]", "6.5"),
        ("from_json | sum(attribute='n')", r#"[{"n":1},{"n":2}]"#, "3"),
        ("from_json | min", "[2, 1]", "1"),
        ("from_json | max(attribute='n') | json", r#"[{"n":1},{"n":2}]"#, r#"{"n":2}"#),
        ("from_json | round(1)", "1.26", "1.3"),
        ("from_json | select('odd') | join(',')", "[1, 2, 3]", "1,3"),
        ("from_json | reject('>=', 2) | join(',')", "[1, 2, 3]", "1"),
        ("from_json | selectattr('on') | map(attribute='n') | join", r#"[{"n":1,"on":true},{"n":2,"on":false}]"#, "1"),
        ("from_json | rejectattr('n', 'equalto', 'a') | map(attribute='n') | join", r#"[{"n":"a"},{"n":"b"}]"#, "b"),
        ("regex_escape", "a.b*[c]", r"a\.b\*\[c\]"),
        ("basic_auth('Aladdin')", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("b64decode", "aGk_\n", "hi?"),
        ("b64decode", "aGk/", "hi?"),
        ("b64decode | hex", "_w", "ff"),
        ("from_json | items | first | join('=')", r#"{"b":1,"a":[2]}"#, "b=1"),
        ("from_json | json", r#"{"b":1.5,"a":[true,null,"x"]}"#, r#"{"b":1.5,"a":[true,null,"x"]}"#),
        ("from_yaml | json", "b: 1\na: [yes, ~, 1.0]\n", r#"{"b":1,"a":["yes",null,1.0]}"#),
        ("from_yaml | yaml", "b: 1e21\na: .inf", r#"{"b": 1.0e+21, "a": .inf}"#),
        ("from_yaml | toml", "b: 1.0\na: [x]", r#"{"b" = 1.0, "a" = ["x"]}"#),
        ("pem_cert", bundle, "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n"),
        ("pem_key", bundle, "-----BEGIN EC PRIVATE KEY-----\nQg==\n-----END EC PRIVATE KEY-----\n"),
        ("json ~ ''", "a\"", "\"a\\\"\""),
        ("json | trim('\"')", "a", "a"),
    ];
    for (filter, value, expected) in cases {
        assert_eq!(filtered(filter, value.as_bytes()).as_deref(), Ok(expected), "{filter} of {value:?}");
    }
}

#[test]
fn what_a_format_cannot_hold_is_refused() {
    let cases: [(&str, &[u8]); 33] = [
        ("from_json | sum", b"[[1]]"),
        ("from_json | sum", b"[\"a\"]"),
        ("from_json | max", b"[\"a\", 1]"),
        ("from_json | select('nosuch')", b"[1]"),
        ("from_json | selectattr('n', 'gt', 1) | list", b"[{\"n\": \"2\"}]"),
        ("docker_env", b"a\nb"),
        ("docker_env", b"a\0"),
        ("env", b"a\0"),
        ("env", b"\xff"),
        ("sh", b"a\0"),
        ("xml", b"\x01"),
        ("xml", "\u{ffff}".as_bytes()),
        ("ini", b"a\nb"),
        ("json", b"\xff"),
        ("upper", b"\xff"),
        ("b64decode", b"a"),
        ("b64decode", b"a!=="),
        ("from_json", b"{"),
        ("from_yaml", b"a: ["),
        ("from_yaml", b"!t x"),
        ("from_json | toml", b"null"),
        ("basic_auth('a:b')", b"x"),
        ("basic_auth('a')", b"x\n"),
        ("required('say so')", b""),
        ("pem_cert", b"x"),
        ("pem_key", b"-----BEGIN PRIVATE KEY-----\n"),
        ("indent(100000)", b"x"),
        ("indent(wide=2)", b"x"),
        ("join(',')", b"x"),
        ("map(attribute='n')", b"x"),
        ("from_json | map('upper')", b"[]"),
        ("from_json | map(attribute='n') | list", b"[{}]"),
        ("from_json | map", b"[]"),
    ];
    for (filter, value) in cases {
        assert!(filtered(filter, value).is_err(), "{filter}");
    }
    assert_eq!(filtered("required('say so')", b""), Err("say so".to_owned()));
}

#[test]
fn a_shell_reads_back_what_sh_writes() {
    for value in ["", "a b", "it's", "$(x) `y` \\ \"z\"", "a\nb\n", "-n", "*", "ü"] {
        let written = filtered("sh", value.as_bytes()).unwrap();
        let out = std::process::Command::new("/bin/sh").arg("-c").arg(format!("printf %s {written}")).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&out.stdout), value, "{written}");
    }
}

#[test]
fn every_filter_test_and_function_that_is_named_is_there() {
    let mut environment = minijinja::Environment::empty();
    super::add_all(&mut environment, Arc::new(Hasher::none()));
    for names in [super::NAMES, super::TESTS, super::FUNCTIONS] {
        assert!(names.is_sorted(), "{names:?}");
    }
    for name in super::NAMES {
        let source = format!("{{{{ '{name}' is filter }}}}");
        environment.add_test("filter", minijinja::tests::is_filter);
        assert_eq!(environment.render_str(&source, ()).unwrap().to_lowercase(), "true", "{name}");
    }
    for name in super::TESTS {
        environment.add_test("test", minijinja::tests::is_test);
        let source = format!("{{{{ '{name}' is test }}}}");
        assert_eq!(environment.render_str(&source, ()).unwrap().to_lowercase(), "true", "{name}");
    }
}
