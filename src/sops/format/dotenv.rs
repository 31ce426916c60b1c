//! dotenv files: `KEY=value` and `#comment` lines, without quoting or trimming (sops-format.md section 6.3).

use super::scalar::{shown, text};
use super::{ParseError, WriteError};
use crate::secret::{SecretBuf, SecretBytes};
use crate::sops::flat::unescape_newlines;
use crate::sops::tree::{Comment, Document, Entry, Locked, Plain, Value};
use nom::branch::alt;
use nom::bytes::complete::take_till;
use nom::character::complete::char;
use nom::combinator::{all_consuming, map, rest};
use nom::sequence::{preceded, separated_pair};
use nom::{IResult, Parser};
use std::borrow::Cow;

/// Reads a dotenv file as one document, metadata lines (`sops_…`) included.
///
/// A CR before a line's end belongs to the value, and a byte order mark to the first key, as in sops.
///
/// # Errors
/// Where a line is neither empty nor a comment and has no `=`.
pub fn read(bytes: &[u8]) -> Result<Vec<Document<'_, Locked<'_>>>, ParseError> {
    let mut document = Document::new();
    for (number, text) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if text.is_empty() {
            continue;
        }
        let (_, entry) = line(text).map_err(|_| ParseError {
            line: number + 1,
            column: 0,
            what: "the line has no '=' and is no comment".to_owned(),
        })?;
        document.push(entry);
    }
    Ok(vec![document])
}

fn line(input: &[u8]) -> IResult<&[u8], Entry<'_, Locked<'_>>> {
    all_consuming(alt((comment, pair))).parse(input)
}

fn comment(input: &[u8]) -> IResult<&[u8], Entry<'_, Locked<'_>>> {
    let text = preceded(char('#'), rest);
    map(text, |text| Entry::Comment(Comment { text: Cow::Borrowed(text), inline: false })).parse(input)
}

fn pair(input: &[u8]) -> IResult<&[u8], Entry<'_, Locked<'_>>> {
    let pair = separated_pair(take_till(|byte| byte == b'='), char('='), rest);
    map(pair, |(key, value)| Entry::Pair(Cow::Borrowed(key), Value::Text(unescape_newlines(Cow::Borrowed(value)))))
        .parse(input)
}

/// Writes the first document as `sops decrypt` does; only line feeds in text are escaped, as `\n`.
///
/// # Errors
/// Where a value is a map or a list, or there is no document.
pub fn write(documents: &[Document<'_, Plain>]) -> Result<SecretBytes, WriteError> {
    let document = documents.first().ok_or_else(|| WriteError("there is no document to write".to_owned()))?;
    let mut out = SecretBuf::default();
    for entry in document {
        match entry {
            Entry::Comment(comment) => {
                out.push_byte(b'#');
                out.push(comment.text.expose());
            }
            Entry::Pair(key, value) => {
                out.push(key);
                out.push_byte(b'=');
                push_value(&mut out, key, value)?;
            }
        }
        out.push_byte(b'\n');
    }
    Ok(out.finish())
}

fn push_value(out: &mut SecretBuf, key: &[u8], value: &Value<'_, Plain>) -> Result<(), WriteError> {
    let Some(text) = text(value) else {
        return Err(WriteError(format!("{} cannot stand in a dotenv file (key '{}')", value.kind(), shown(key))));
    };
    for (number, line) in text.expose().split(|byte| *byte == b'\n').enumerate() {
        if number > 0 {
            out.push(b"\\n");
        }
        out.push(line);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{plain, secret};
    use super::*;

    fn round_trip(text: &[u8]) -> Result<Vec<u8>, String> {
        let documents = plain(read(text).map_err(|error| error.to_string())?);
        Ok(write(&documents).map_err(|error| error.to_string())?.expose().to_vec())
    }

    #[test]
    fn lines_come_out_as_sops_prints_them() {
        for (text, expected) in [
            ("", ""),
            ("\n\nA=1\n\n", "A=1\n"),
            ("A=1", "A=1\n"),
            ("#c\n# d\n #x=1\nA=b # c", "#c\n# d\n #x=1\nA=b # c\n"),
            ("=\n==\nB = \"x\" ", "=\n==\nB = \"x\" \n"),
            ("A=x\\ny\\\\n\\t", "A=x\\ny\\\\n\\t\n"),
            ("A=x\r\n#y\r\n", "A=x\r\n#y\r\n"),
            ("\u{feff}#a=b", "\u{feff}#a=b\n"),
            ("A=1\nA=2", "A=1\nA=2\n"),
        ] {
            assert_eq!(round_trip(text.as_bytes()).unwrap(), expected.as_bytes(), "{text:?}");
        }
        assert_eq!(round_trip(b"\xff=\xfe\0").unwrap(), b"\xff=\xfe\0\n");
    }

    #[test]
    fn a_line_without_equals_sign_is_an_error_that_names_the_line_alone() {
        for text in ["A=1\ncanary", "A=1\n #canary\n", "#\ncanary\r\nA=1"] {
            assert_eq!(round_trip(text.as_bytes()).unwrap_err(), "line 2: the line has no '=' and is no comment");
        }
    }

    #[test]
    fn a_value_reads_as_text_with_its_line_feeds() {
        let documents = read(b"sops_x=a\\nb").unwrap();
        let [Entry::Pair(key, Value::Text(text))] = documents[0].as_slice() else { panic!("one pair") };
        assert_eq!((key.as_ref(), text.as_ref()), (b"sops_x".as_slice(), b"a\nb".as_slice()));
    }

    #[test]
    fn only_single_values_of_the_first_document_are_written() {
        let first = vec![Entry::Pair(Cow::Borrowed(b"a"), Value::Null), Entry::Pair(Cow::Borrowed(b"b"), secret("x"))];
        let second = vec![Entry::Pair(Cow::Borrowed(b"c"), Value::Bool(true))];
        assert_eq!(write(&[first, second]).unwrap().expose(), b"a=<nil>\nb=x\n");
        let bad = vec![Entry::Pair(Cow::Borrowed(b"key"), Value::List(Vec::new()))];
        assert_eq!(write(&[bad]).unwrap_err().0, "a list cannot stand in a dotenv file (key 'key')");
        assert!(write(&[]).is_err());
    }
}
