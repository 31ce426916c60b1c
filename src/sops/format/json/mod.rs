//! JSON files, and binary files in their JSON envelope (sops-format.md sections 6.2 and 6.5).
//!
//! Read by hand rather than with serde_json, which keeps neither repeated keys nor the difference between `1` and
//! `1.0`, and refuses what Go lets pass: lone surrogates, invalid UTF-8, text behind the root object.

mod read;
mod text;
mod write;

pub use read::{Numbers, read, read_with};
pub use write::{write, write_binary, write_value};

#[cfg(test)]
mod tests {
    use super::super::tests::{plain, secret};
    use super::*;
    use crate::secret::SecretBytes;
    use crate::sops::time::Timestamp;
    use crate::sops::tree::{Comment, Document, Entry, Item, Plain, Value};
    use std::borrow::Cow;

    fn round_trip(text: &[u8], numbers: Numbers) -> Result<Vec<u8>, String> {
        let documents = plain(read_with(text, numbers).map_err(|error| error.to_string())?);
        Ok(write(&documents).map_err(|error| error.to_string())?.expose().to_vec())
    }

    /// `{"k": value}`, read and written.
    fn value(value: &str, numbers: Numbers) -> Result<String, String> {
        let written = round_trip(format!("{{\"k\":{value}}}").as_bytes(), numbers)?;
        let text = String::from_utf8(written).unwrap();
        Ok(text.strip_prefix("{\n\t\"k\": ").unwrap().strip_suffix("\n}\n").unwrap().to_owned())
    }

    #[test]
    fn objects_keep_order_and_repeated_keys_and_ignore_what_follows() {
        for (text, expected) in [
            ("{}", "{}\n"),
            (" \t\r\n{ } x", "{}\n"),
            ("{\"b\":1,\"a\":[],\"b\":{}}", "{\n\t\"b\": 1,\n\t\"a\": [],\n\t\"b\": {}\n}\n"),
            (
                "{\"a\":[1,{\"\":[null]}]}}",
                "{\n\t\"a\": [\n\t\t1,\n\t\t{\n\t\t\t\"\": [\n\t\t\t\tnull\n\t\t\t]\n\t\t}\n\t]\n}\n",
            ),
        ] {
            assert_eq!(round_trip(text.as_bytes(), Numbers::Exact).unwrap(), expected.as_bytes(), "{text}");
        }
    }

    /// Each row printed by sops 3.13.2; the last column is what releases before it made of the same number.
    #[test]
    fn numbers_come_out_as_sops_prints_them() {
        for (number, exact, float) in [
            ("0", "0", "0"),
            ("-0", "0", "-0"),
            ("-0.0", "-0", "-0"),
            ("1.50", "1.5", "1.5"),
            ("1e2", "100", "100"),
            ("9007199254740993", "9007199254740993", "9007199254740992"),
            ("-9223372036854775808", "-9223372036854775808", "-9223372036854776000"),
            ("9223372036854775808", "9223372036854776000", "9223372036854776000"),
            ("999999999999999999999", "1e+21", "1e+21"),
            ("9.99e-7", "9.99e-7", "9.99e-7"),
            ("1E-6", "0.000001", "0.000001"),
            ("1e-400", "0", "0"),
        ] {
            assert_eq!(value(number, Numbers::Exact).unwrap(), exact, "{number}");
            assert_eq!(value(number, Numbers::Float).unwrap(), float, "{number}");
        }
        let kind = |text: &[u8], numbers| match read_with(text, numbers).unwrap().remove(0).remove(0) {
            Entry::Pair(_, value) => value.kind(),
            Entry::Comment(_) => "a comment",
        };
        assert_eq!(kind(b"{\"k\":2}", Numbers::Exact), "an integer");
        assert_eq!(kind(b"{\"k\":2.0}", Numbers::Exact), "a number");
        assert_eq!(kind(b"{\"k\":2}", Numbers::Float), "a number");
    }

    #[test]
    fn strings_come_out_as_sops_prints_them() {
        for (text, expected) in [
            (r#""""#, r#""""#),
            (r#""\"\\\/\b\f\n\r\t""#, r#""\"\\/\b\f\n\r\t""#),
            (r#""\u0000\u001f\u007f\u00e9\uFFFF""#, "\"\\u0000\\u001f\u{7f}\u{e9}\u{ffff}\""),
            ("\"<>&\u{2028}\u{2029}'\"", r#""\u003c\u003e\u0026\u2028\u2029'""#),
            (r#""\ud83d\ude00""#, "\"\u{1f600}\""),
            (r#""\ud83d""#, "\"\u{fffd}\""),
            (r#""\ude00\ud83d""#, "\"\u{fffd}\u{fffd}\""),
            (r#""\ud83d\ud83d\ude00""#, "\"\u{fffd}\u{1f600}\""),
            (r#""\ude00\ude00""#, "\"\u{fffd}\u{fffd}\""),
            (r#""\ud83d\n""#, "\"\u{fffd}\\n\""),
        ] {
            assert_eq!(value(text, Numbers::Exact).unwrap(), expected, "{text}");
        }
        let text = b"{\"\xff<\":\"a\xe2\x80b\xf0\x9f\x92\\n\"}";
        let expected = "{\n\t\"\u{fffd}\\u003c\": \"a\u{fffd}\u{fffd}b\u{fffd}\u{fffd}\u{fffd}\\n\"\n}\n";
        assert_eq!(round_trip(text, Numbers::Exact).unwrap(), expected.as_bytes());
    }

    #[test]
    fn strings_without_escapes_are_borrowed() {
        let documents = read(br#"{"key":"text","":"","a\n":"\u0041"}"#).unwrap();
        let borrowed = documents[0].iter().map(|entry| match entry {
            Entry::Pair(Cow::Borrowed(_), Value::Text(Cow::Borrowed(_))) => true,
            Entry::Pair(Cow::Owned(_), Value::Text(Cow::Owned(_))) => false,
            _ => panic!("key and value alike"),
        });
        assert_eq!(borrowed.collect::<Vec<_>>(), [true, true, false]);
    }

    #[test]
    fn wrong_syntax_is_an_error_with_a_place() {
        for (text, error) in [
            ("", "line 1, column 1: the file is empty"),
            (" [1]", "line 1, column 2: the root of the file must be a JSON object, '{'"),
            ("\u{feff}{}", "line 1, column 1: a byte order mark stands before the JSON"),
            ("{", "line 1, column 2: the file ends where a key in quotes was expected"),
            ("{\"a\":", "line 1, column 6: the file ends where a value was expected"),
            ("{\"a\":[1", "line 1, column 8: the file ends where ',' or ']' was expected"),
            ("{\"a\":\"canary", "line 1, column 13: the file ends inside of a string"),
            ("{\"a\":\"canary\\", "line 1, column 14: the file ends inside of a string"),
            ("{\n\"a\":1,}", "line 2, column 7: expected a key in quotes"),
            ("{a:1}", "line 1, column 2: expected a key in quotes"),
            ("{\"a\" 1}", "line 1, column 6: expected ':'"),
            ("{\"a\":1 \"b\":2}", "line 1, column 8: expected ',' or '}'"),
            ("{\"a\":[1,]}", "line 1, column 9: expected a value"),
            ("{\"a\":tru}", "line 1, column 6: expected a value"),
            ("{\"a\":01}", "line 1, column 7: expected ',' or '}'"),
            ("{\"a\":1.}", "line 1, column 6: this is not a JSON number"),
            ("{\"a\":-}", "line 1, column 6: this is not a JSON number"),
            ("{\"a\":1e}", "line 1, column 6: this is not a JSON number"),
            ("{\"a\":1e999}", "line 1, column 6: the number is out of range"),
            ("{\"a\":\"x\ny\"}", "line 1, column 8: a control character stands unescaped in a string"),
            ("{\"a\":\"\\'\"}", "line 1, column 7: a backslash in a string starts no JSON escape"),
            ("{\"a\":\"x\\u12g4\"}", "line 1, column 8: a backslash in a string starts no JSON escape"),
        ] {
            assert_eq!(round_trip(text.as_bytes(), Numbers::Exact).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn nesting_has_a_limit() {
        let nested = |depth: usize| format!("{{\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(round_trip(nested(499).as_bytes(), Numbers::Exact).is_ok());
        let error = round_trip(nested(500).as_bytes(), Numbers::Exact).unwrap_err();
        assert_eq!(error, "line 1, column 505: nested more than 500 deep");
        assert!(round_trip("{\"a\":".repeat(1_000_000).as_bytes(), Numbers::Exact).is_err());
    }

    fn document(value: Value<'static, Plain>) -> Vec<Document<'static, Plain>> {
        vec![vec![Entry::Pair(Cow::Borrowed(b"data"), value)]]
    }

    #[test]
    fn comments_and_later_documents_are_left_out() {
        let comment = || Comment { text: SecretBytes::copy_of(b" c"), inline: false };
        let list = Value::List(vec![Item::Comment(comment()), Item::Value(Value::Int(1)), Item::Comment(comment())]);
        let first = vec![Entry::Comment(comment()), Entry::Pair(Cow::Borrowed(b"l"), list)];
        let second = vec![Entry::Pair(Cow::Borrowed(b"x"), Value::Null)];
        assert_eq!(write(&[first, second]).unwrap().expose(), b"{\n\t\"l\": [\n\t\t1\n\t]\n}\n");
        assert_eq!(write(&[vec![Entry::Comment(comment())]]).unwrap().expose(), b"{}\n");
        assert!(write(&[]).is_err());
    }

    #[test]
    fn single_values_come_out_as_extract_prints_them() {
        let time = Timestamp::parse_rfc3339(b"2024-01-02T03:04:05.50Z").unwrap();
        for (value, expected) in [
            (secret("a<\n"), "a<\n"),
            (Value::Null, "null"),
            (Value::Bool(false), "false"),
            (Value::Time(time), "\"2024-01-02T03:04:05.5Z\""),
            (Value::List(vec![Item::Value(Value::Float(1.0))]), "[\n\t1\n]"),
            (Value::Map(vec![Entry::Pair(Cow::Borrowed(b"k"), secret("<"))]), "{\n\t\"k\": \"\\u003c\"\n}\n"),
        ] {
            assert_eq!(write_value(&value).unwrap().expose(), expected.as_bytes());
        }
        let far = Timestamp { offset_minutes: -24 * 60, ..time };
        for value in [Value::Float(f64::NAN), Value::Float(f64::NEG_INFINITY), Value::Time(far)] {
            assert!(write_value(&value).is_err());
        }
        assert_eq!(
            write(&document(Value::Text(SecretBytes::copy_of(b"\xff")))).unwrap().expose(),
            b"{\n\t\"data\": \"\\ufffd\"\n}\n"
        );
    }

    #[test]
    fn a_binary_file_is_the_text_under_data() {
        let bytes = Value::Text(SecretBytes::copy_of(b"\0\xff\n<"));
        assert_eq!(write_binary(&document(bytes)).unwrap().expose(), b"\0\xff\n<");
        for (documents, error) in [
            (document(Value::Int(1)), "the key 'data' of a binary file is an integer, not a string"),
            (vec![Vec::new()], "no key 'data': this is not an encrypted binary file"),
            (Vec::new(), "a binary file must have exactly one document"),
        ] {
            assert_eq!(write_binary(&documents).unwrap_err().0, error);
        }
    }
}
