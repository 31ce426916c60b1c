//! Documents and what `sops decrypt` of 3.13.2 prints for them (sops-format.md sections 6.1.1, 6.1.3 and 6.1.4).

use super::tests::rewritten;
use super::write_value;
use crate::secret::SecretBytes;
use crate::sops::tree::{Entry, Item, Value};

/// Scalars, keys and structure: the source, and what is printed.
const WRITTEN: &[(&str, &str)] = &[
    (
        r#"n: null
b: true
i: -7
f: 1234567.5
g: 1.0
h: 1e-5
j: .inf
k: .nan
t: 2024-1-2
u: 2024-01-02T03:04:05.120+02:00
"#,
        r#""n": null
b: true
i: -7
f: 1.2345675e+06
g: 1
h: 1e-05
j: .inf
k: .nan
t: 2024-01-02T00:00:00Z
u: 2024-01-02T03:04:05.12+02:00
"#,
    ),
    (
        r#"a: ""
b: " x"
c: "x "
d: "- x"
e: "a: b"
f: "a #b"
g: "a#b"
h: "---"
i: "*x"
j: "@x"
k: "x:"
l: "-"
m: "-x"
n: "?x"
o: "it's"
p: "'q'"
"#,
        r#"a: ""
b: ' x'
c: 'x '
d: '- x'
e: 'a: b'
f: 'a #b'
g: a#b
h: '---'
i: '*x'
j: '@x'
k: 'x:'
l: '-'
m: -x
"n": ?x
o: it's
p: '''q'''
"#,
    ),
    (
        r#"a: "true"
b: "yes"
c: "1:30"
d: "12"
e: "~"
f: "2024-01-02"
g: "<<"
h: "0x1F"
i: "y"
"y": "n"
j: ".5"
k: "1:99"
"#,
        r#"a: "true"
b: "yes"
c: "1:30"
d: "12"
e: "~"
f: "2024-01-02"
g: !!merge <<
h: "0x1F"
i: "y"
"y": "n"
j: ".5"
k: 1:99
"#,
    ),
    (
        r#"a: "one\ntwo"
b: "one\n"
c: "one\n\n"
d: "\n"
e: " one\ntwo"
f: "one \ntwo"
g: "one\n "
h: "one\n  two\n"
i: "tab\there"
j: "a\n\tb"
"#,
        r#"a: |-
    one
    two
b: |
    one
c: |+
    one

d: |4+

e: |4-
     one
    two
f: "one \ntwo"
g: "one\n "
h: |
    one
      two
i: "tab\there"
j: |-
    a
    	b
"#,
    ),
    (
        r#"a: "\U0001F600"
b: "\u00e9"
c: "\u0085"
d: "x\u2028y"
e: "\ufeffa"
f: "\u0007\e\x7f"
g: "\u00a0"
h: "quo\"te\\\t"
i: !!binary /w==
"#,
        "a: \"\\U0001F600\"\nb: é\nc: \"\\N\"\nd: 'x\u{2028}    y'\ne: \"\\uFEFF\\x61\"\nf: \"\\a\\e\\x7F\"\ng:  \nh: \"quo\\\"te\\\\\\t\"\ni: !!binary /w==\n",
    ),
    (
        r#""a\nb": 3
"": 4
"on": 5
"a: b": 6
"\U0001F600": {x: 1}
"#,
        r#"? |-
    a
    b
: 3
"": 4
"on": 5
'a: b': 6
"\U0001F600":
    x: 1
"#,
    ),
    (
        r#"a: {}
b: []
c: [1, [2, [3, {d: 4, e: [5]}]]]
d: {e: {f: {g: 1}}}
<<: {x: 1}
l:
- - |
      x
      y
"#,
        r#"a: {}
b: []
c:
    - 1
    - - 2
      - - 3
        - d: 4
          e:
            - 5
d:
    e:
        f:
            g: 1
!!merge <<:
    x: 1
l:
    - - |
        x
        y
"#,
    ),
    (
        r#"x: &a {k: 1}
y: *a
z:
  <<: *a
  l: [*a]
"#,
        r#"x:
    k: 1
"y":
    k: 1
z:
    !!merge <<:
        k: 1
    l:
        - k: 1
"#,
    ),
    (
        r#"a: 1
---
b: 2
b: 3
---
~
"#,
        r#"a: 1
---
b: 2
b: 3
---
{}
"#,
    ),
];

/// Comments: the source, and what is printed.
const COMMENTED: &[(&str, &str)] = &[
    (
        r#"# r

a: 1 # in

# above b
b: 2
# end
"#,
        r#"# r
a: 1 # in
# above b
b: 2
# end
"#,
    ),
    (
        r#"a:
  b: 1
  # nested end
c: 2
"#,
        r#"a:
    b: 1
    # nested end
c: 2
"#,
    ),
    (
        r#"a:
  b: 1
# before c
c: 2
"#,
        r#"a:
    b: 1
# before c
c: 2
"#,
    ),
    (
        r#"a:
# child first
  b: 1
"#,
        r#"a:
    # child first
    b: 1
"#,
    ),
    (
        r#"a: # above a
  b: 1
"#,
        r#"# above a
a:
    b: 1
"#,
    ),
    (
        r#"l:
  - x # item
  # before y
  - y
  # list end
"#,
        r#"l:
    - x # item
    # before y
    - "y"
    # list end
"#,
    ),
    (
        r#"a: {b: 1} # inside
l: [1] # list
"#,
        r#"a:
    # inside
    b: 1
l:
    # list
    - 1
"#,
    ),
    (
        r#"a: | # header
  text
b: 1
"#,
        r#"a: | # header
    text
b: 1
"#,
    ),
    (
        r#"a: 1
#
# two
#   three
b: 2
"#,
        r#"a: 1
#
# two
#   three
b: 2
"#,
    ),
    (
        r#"l:
  # first
  - k: v # v
    # in map
  - - z
"#,
        r#"l:
    # first
    - k: v # v
      # in map
    - - z
"#,
    ),
    (
        r#"a: 1
# foot

b: 2
# last
---
# doc two
c: 3
"#,
        r#"a: 1
# foot
b: 2
# last
---
# doc two
c: 3
"#,
    ),
    (
        r#"a:
    b:
        c: 1
    # middle
d: 2
"#,
        r#"a:
    b:
        c: 1
        # middle
d: 2
"#,
    ),
];

#[test]
fn documents_print_as_sops_prints_them() {
    for (source, want) in WRITTEN.iter().chain(COMMENTED) {
        assert_eq!(&rewritten(source), want, "{source}");
        assert_eq!(&rewritten(want), want, "what is printed must print as itself");
    }
}

#[test]
fn line_ends_do_not_change_values() {
    for (source, _) in WRITTEN {
        assert_eq!(rewritten(&source.replace('\n', "\r\n")), rewritten(source), "{source}");
    }
}

#[test]
fn keys_above_128_bytes_take_the_long_form() {
    let (fits, long) = ("k".repeat(128), "k".repeat(129));
    assert_eq!(rewritten(&format!("{fits}: 1\n{long}: 2\n")), format!("{fits}: 1\n? {long}\n: 2\n"));
}

#[test]
fn one_value_prints_as_extract_prints_it() {
    let text = |bytes: &[u8]| Value::Text(SecretBytes::copy_of(bytes));
    let map = Value::Map(vec![Entry::Pair(b"k".as_slice().into(), Value::List(vec![Item::Value(text(b"v"))]))]);
    assert_eq!(write_value(&map).unwrap().expose(), b"k:\n    - v\n");
    let list = Value::List(vec![Item::Value(map), Item::Value(Value::Int(3))]);
    assert_eq!(write_value(&list).unwrap().expose(), b"- k:\n    - v\n- 3\n");
    assert_eq!(write_value(&Value::Bool(true)).unwrap().expose(), b"true\n");
    assert_eq!(write_value(&text(b"a\nb")).unwrap().expose(), b"|-\n    a\n    b\n");
}

#[test]
fn text_that_sops_loses_is_kept() {
    // A block that starts with a tab: sops 3.13.2 prints `a: null`.
    assert_eq!(rewritten("a: \"\\tx\\ny\"\n"), "a: \"\\tx\\ny\"\n");
}
