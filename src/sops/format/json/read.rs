//! JSON to tree, with the leniency of Go's `encoding/json`.

use super::super::ParseError;
use super::text;
use crate::sops::tree::{Document, Entry, Item, Locked, Value};

/// Deepest nesting of objects and arrays. Go's limit is 10,000, which would need a stack to match.
const DEPTH_MAX: usize = 500;

/// How to read numbers (sops-format.md section 2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// An integer where the number is one and fits 64 bits, else a float: sops from 3.13.2 on.
    Exact,
    /// Always a float, so `-0` and integers past 2^53 differ: sops up to 3.13.1.
    Float,
}

/// Reads a JSON file as one document: [`read_with`] exact numbers.
///
/// # Errors
/// As [`read_with`].
pub fn read(bytes: &[u8]) -> Result<Vec<Document<'_, Locked<'_>>>, ParseError> {
    read_with(bytes, Numbers::Exact)
}

/// Reads a JSON file as one document. Repeated keys stay, in order; what follows the root object is ignored.
///
/// Invalid UTF-8 and lone surrogates become U+FFFD, as in Go.
///
/// # Errors
/// Where the root is no object, the syntax is wrong, the file ends early, a number is out of the range of a double,
/// or objects and arrays are nested more than 500 deep.
pub fn read_with(bytes: &[u8], numbers: Numbers) -> Result<Vec<Document<'_, Locked<'_>>>, ParseError> {
    let mut reader = Reader { input: bytes, at: 0, numbers };
    match reader.peek() {
        Some(b'{') => Ok(vec![reader.object(1)?]),
        Some(_) if bytes.starts_with(b"\xef\xbb\xbf") => Err(reader.error("a byte order mark stands before the JSON")),
        Some(_) => Err(reader.error("the root of the file must be a JSON object, '{'")),
        None => Err(reader.error("the file is empty")),
    }
}

struct Reader<'a> {
    input: &'a [u8],
    at: usize,
    numbers: Numbers,
}

impl<'a> Reader<'a> {
    fn error(&self, what: &str) -> ParseError {
        ParseError::at(self.input, self.at, what)
    }

    /// What stands here if it is not what was `expected`: something else, or the end of the file.
    fn unexpected(&self, expected: &str) -> ParseError {
        if self.at < self.input.len() {
            self.error(&format!("expected {expected}"))
        } else {
            self.error(&format!("the file ends where {expected} was expected"))
        }
    }

    /// The next byte that is not white space; stays in front of it.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        self.at += space;
        rest.get(space).copied()
    }

    /// Steps over the next byte if it is `wanted`.
    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// An object, from its `{`.
    fn object(&mut self, depth: usize) -> Result<Vec<Entry<'a, Locked<'a>>>, ParseError> {
        self.open(depth)?;
        let mut entries = Vec::new();
        if self.take(b'}') {
            return Ok(entries);
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key in quotes"));
            }
            let key = self.string()?;
            if !self.take(b':') {
                return Err(self.unexpected("':'"));
            }
            entries.push(Entry::Pair(key, self.value(depth + 1)?));
            if self.take(b'}') {
                return Ok(entries);
            }
            if !self.take(b',') {
                return Err(self.unexpected("',' or '}'"));
            }
        }
    }

    /// An array, from its `[`.
    fn array(&mut self, depth: usize) -> Result<Vec<Item<'a, Locked<'a>>>, ParseError> {
        self.open(depth)?;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(items);
        }
        loop {
            items.push(Item::Value(self.value(depth + 1)?));
            if self.take(b']') {
                return Ok(items);
            }
            if !self.take(b',') {
                return Err(self.unexpected("',' or ']'"));
            }
        }
    }

    fn open(&mut self, depth: usize) -> Result<(), ParseError> {
        if depth > DEPTH_MAX {
            return Err(self.error("nested more than 500 deep"));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a, Locked<'a>>, ParseError> {
        match self.peek() {
            Some(b'{') => Ok(Value::Map(self.object(depth)?)),
            Some(b'[') => Ok(Value::List(self.array(depth)?)),
            Some(b'"') => Ok(Value::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true", Value::Bool(true)),
            Some(b'f') => self.word(b"false", Value::Bool(false)),
            Some(b'n') => self.word(b"null", Value::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn word(&mut self, word: &[u8], value: Value<'a, Locked<'a>>) -> Result<Value<'a, Locked<'a>>, ParseError> {
        if self.input[self.at..].starts_with(word) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.unexpected("a value"))
    }

    /// A string, from its opening quote.
    fn string(&mut self) -> Result<Locked<'a>, ParseError> {
        match text::read(&self.input[self.at..]) {
            Ok((text, length)) => {
                self.at += length;
                Ok(text)
            }
            Err(fault) => {
                self.at += fault.at;
                Err(self.error(fault.what))
            }
        }
    }

    fn number(&mut self) -> Result<Value<'a, Locked<'a>>, ParseError> {
        let length = number_length(&self.input[self.at..]).ok_or_else(|| self.error("this is not a JSON number"))?;
        let digits = &self.input[self.at..self.at + length];
        let digits = std::str::from_utf8(digits).map_err(|_| self.error("this is not a JSON number"))?;
        let exact = (self.numbers == Numbers::Exact).then(|| digits.parse().ok()).flatten();
        let value = match exact {
            Some(integer) => Value::Int(integer),
            None => match digits.parse::<f64>() {
                Ok(float) if float.is_finite() => Value::Float(float),
                _ => return Err(self.error("the number is out of range")),
            },
        };
        self.at += length;
        Ok(value)
    }
}

/// Length of the JSON number that `input` starts with: no leading zeros, digits around `.` and behind `e`.
fn number_length(input: &[u8]) -> Option<usize> {
    let byte = |at: usize| input.get(at).copied();
    let digits = |from: usize| input[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(byte(0) == Some(b'-'));
    at += match (byte(at), digits(at)) {
        (_, 0) => return None,
        (Some(b'0'), _) => 1,
        (_, count) => count,
    };
    if byte(at) == Some(b'.') {
        let count = digits(at + 1);
        if count == 0 {
            return None;
        }
        at += 1 + count;
    }
    if matches!(byte(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(byte(at + 1), Some(b'+' | b'-')));
        let count = digits(at + 1 + sign);
        if count == 0 {
            return None;
        }
        at += 1 + sign + count;
    }
    Some(at)
}
