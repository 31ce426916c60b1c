//! INI files as go-ini 1.67 reads and writes them for sops (sops-format.md section 6.4).
//!
//! The root's pairs are the sections. `DEFAULT` always comes first, even if empty, and sections may repeat.
//! A section's comment is its first entry; a key's comment is the entry behind the key.

mod lexer;
mod read;
mod write;

pub use read::read;
pub use write::write;

#[cfg(test)]
mod tests {
    use super::super::tests::{plain, secret};
    use super::*;
    use crate::secret::SecretBytes;
    use crate::sops::tree::{Comment, Document, Entry, Locked, Plain, Value};
    use std::borrow::Cow;

    fn round_trip(text: &[u8]) -> Result<Vec<u8>, String> {
        let documents = plain(read(text).map_err(|error| error.to_string())?);
        Ok(write(&documents).map_err(|error| error.to_string())?.expose().to_vec())
    }

    /// The tree in short: `s{;comment key=value}`.
    fn tree(text: &str) -> String {
        fn line(entry: &Entry<'_, Locked<'_>>) -> String {
            match entry {
                Entry::Pair(key, Value::Text(text)) => {
                    format!("{}={}", String::from_utf8_lossy(key), String::from_utf8_lossy(text))
                }
                Entry::Pair(key, Value::Map(entries)) => {
                    let entries: Vec<_> = entries.iter().map(line).collect();
                    format!("{}{{{}}}", String::from_utf8_lossy(key), entries.join("|"))
                }
                Entry::Comment(comment) => format!(";{}", String::from_utf8_lossy(&comment.text)),
                Entry::Pair(_, other) => other.kind().to_owned(),
            }
        }
        read(text.as_bytes()).unwrap()[0].iter().map(line).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn sections_and_keys_are_those_of_go_ini() {
        for (text, expected) in [
            ("", "DEFAULT{}"),
            ("\u{feff}a=1\n[s]\nb:2", "DEFAULT{a=1} s{b=2}"),
            ("[s]\na=1\n[DEFAULT]\nb=2\n[s]\na=3", "DEFAULT{} s{a=1} DEFAULT{b=2} s{a=3}"),
            ("[ s ] junk\n[a.b]\n[c]d]", "DEFAULT{}  s {} a.b{} c]d{}"),
            ("a=1\n;c\nb=2\na=3", "DEFAULT{a=3|b=2|;c}"),
            (";c\na=1\na=2", "DEFAULT{a=2}"),
            ("-=x\n- = y\n[s]\n-:z\n`#1`=w", "DEFAULT{#1=x|#2=y} s{#1=w}"),
            ("A=1\r\na=2\r\n\u{a0}b\u{2003}=\u{85}3\u{3000}", "DEFAULT{A=1|a=2|b=3}"),
        ] {
            assert_eq!(tree(text), expected, "{text:?}");
        }
    }

    #[test]
    fn values_are_those_of_go_ini() {
        for (text, expected) in [
            ("a=x;y", "a=x|;y"),
            ("a= x y # c", "a=x y|;c"),
            ("a='x' ; c", "a=x|;c"),
            ("a=\"x;y\"", "a=\"x|;y\""),
            ("a=\"x'y\"\nb='x'y'", "a=x'y|b='x'y'"),
            ("a=`x;y` # c", "a=x;y"),
            ("a=`x\n  y\n` ; c\nb=1", "a=x\n  y\n|;c|b=1"),
            ("a=`x`y` z\nb=`x\n`y`z", "a=x`y|b=x\n`y"),
            ("a=\"\"\"x`\n#y\"\"\"", "a=x`\n#y"),
            ("a=\"\"\"x\ny\"\"\" \\\nz\"\"\" #c", "a=x\ny\"\"\" \\\nz|;c"),
            ("a=\"\"\"", "a=\"\"\""),
            ("a=x \\\n  y # c \\ \n z ; d\nb=1", "a=x y # c z ; d|b=1"),
            ("a=x\\\n\nb=1", "a=x|b=1"),
            ("a=x\\", "a=x"),
            ("a=x\\\\\n\nb=1", "a=x\\|b=1"),
            ("a=\nb = ;c", "a=|b=|;c"),
            ("a=x # c \\\ny", "a=x # c y"),
        ] {
            assert_eq!(tree(text), format!("DEFAULT{{{expected}}}"), "{text:?}");
        }
    }

    #[test]
    fn comments_belong_to_the_next_section_or_key() {
        for (text, expected) in [
            ("; c\n[s]\na=1", "DEFAULT{} s{;c|a=1}"),
            ("; c\na=1\n[s]", "DEFAULT{a=1|;c} s{}"),
            (";;  ; c\n # d\n\n[s] ; e\n# f\na=1 #g\n;lost", "DEFAULT{} s{;c\n# d\n; e|a=1|;f\n#g}"),
            ("##; c\na=1\n;\nb=2", "DEFAULT{a=1|;; c|b=2|;}"),
            (";\n#c\na=1", "DEFAULT{a=1|;\n#c}"),
        ] {
            assert_eq!(tree(text), expected, "{text:?}");
        }
    }

    /// Each row printed by sops 3.13.2.
    #[test]
    fn files_come_out_as_sops_prints_them() {
        for (text, expected) in [
            ("", ""),
            ("[DEFAULT]", "[DEFAULT]\n"),
            ("[s]\na=1\nlong_key:2\n[t]\n\n[s]", "[s]\na        = 1\nlong_key = 2\n\n[t]\n\n[s]\n"),
            ("a=\n[s]", "a = \n\n[s]\n"),
            (";c\n#d\n[s]\n# x  y \nabc=1\nd=2 ;;e", "; c\n# d\n[s]\n; x  y\nabc = 1\n; e\nd   = 2\n"),
            ("`a=b`=1\n\"a\"=2\n\"`\"=3", "`a=b`   = 1\na       = 2\n\"\"\"`\"\"\" = 3\n"),
            (
                "a=`b;c`\nd=\" e \"\nf=`g\nh`\ni=j\\\n`",
                "a = `b;c`\nd = \" e \"\nf = \"\"\"g\nh\"\"\"\ni = \"\"\"j`\"\"\"\n",
            ),
            ("a=\"\"\"#\n;\"\"\"\nb=\"'\"", "a = \"\"\"#\n;\"\"\"\nb = '\n"),
        ] {
            let written = round_trip(text.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), expected, "{text:?}");
        }
        assert_eq!(round_trip(b"\xff=\xfe").unwrap(), b"\xff = \xfe\n");
        assert_eq!(round_trip(b"\xff\xfea=1").unwrap(), b"a = 1\n");
        assert_eq!(round_trip(b";\n#c\na=1").unwrap(), b"; \n# c\na = 1\n", "go-ini panics here");
    }

    #[test]
    fn wrong_lines_are_errors_that_name_the_line_alone() {
        for (text, error) in [
            ("a=1\n[canary", "line 2: a section header has no ']'"),
            ("\n\n []", "line 3: a section has no name"),
            ("canary", "line 1: the line is no section, key or comment: it has no '=' or ':'"),
            ("a=1\n=canary", "line 2: a key has no name"),
            ("\"\"=canary", "line 1: a key has no name"),
            ("\"\"\"a=b", "line 1: a key has no name"),
            ("\"\"\"ab=c", "line 1: a quoted key has no closing quote"),
            ("`canary=1", "line 1: a quoted key has no closing quote"),
            ("a=1\nb=`canary\n\n", "line 2: a quoted value has no closing quote"),
            ("b=\"\"\"canary\n\"\"\" \\\n", "line 1: a quoted value has no closing quote"),
        ] {
            assert_eq!(round_trip(text.as_bytes()).unwrap_err(), error, "{text:?}");
        }
    }

    fn section(entries: Vec<Entry<'static, Plain>>) -> Document<'static, Plain> {
        vec![Entry::Pair(Cow::Borrowed(b"s"), Value::Map(entries))]
    }

    #[test]
    fn a_tree_of_another_origin_follows_the_rules_of_go_ini() {
        let comment =
            |text: &str| Entry::Comment(Comment { text: SecretBytes::copy_of(text.as_bytes()), inline: true });
        let pair = |key: &'static str, value| Entry::Pair(Cow::Borrowed(key.as_bytes()), value);
        let entries = vec![
            comment(" head \n#x "),
            comment("lost"),
            pair("a", Value::Float(1.0)),
            comment("over"),
            comment(" kept "),
            pair("b", Value::Null),
            pair("a", secret("again")),
        ];
        let later = section(vec![pair("c", Value::Bool(true))]);
        let text = ";  head \n# x\n[s]\n; kept\na = again\nb = <nil>\n\n[s]\nc = true\n";
        assert_eq!(write(&[section(entries), later]).unwrap().expose(), text.as_bytes());
    }

    #[test]
    fn what_ini_cannot_hold_is_an_error() {
        let pair = |key: &'static str, value| Entry::Pair(Cow::Borrowed(key.as_bytes()), value);
        for (document, error) in [
            (vec![pair("k", secret("x"))], "a string cannot stand outside of a section of an INI file (key 'k')"),
            (vec![pair("", Value::Map(Vec::new()))], "a section of an INI file must have a name"),
            (section(vec![pair("", Value::Null)]), "a key of an INI file must have a name (key 's/')"),
            (
                section(vec![pair("k", Value::List(Vec::new()))]),
                "a list cannot stand in a section of an INI file (key 's/k')",
            ),
        ] {
            assert_eq!(write(&[document]).unwrap_err().0, error);
        }
    }
}
