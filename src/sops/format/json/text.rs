//! JSON strings: escapes, surrogate pairs, and what Go makes of bytes that are not UTF-8.

use crate::sops::tree::Locked;
use std::borrow::Cow;

/// Where a string is wrong, in bytes from its opening quote, and which rule it breaks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

/// Reads the string that `input` starts with, quote included; also returns its length in the file.
///
/// Borrowed where it holds no escapes and is UTF-8.
pub(super) fn read(input: &[u8]) -> Result<(Locked<'_>, usize), Fault> {
    let body = &input[1..];
    let mut at = 0; // of the run of bytes that stand for themselves
    let mut out = Vec::new();
    loop {
        let Some(stop) = memchr::memchr2(b'"', b'\\', &body[at..]).map(|found| at + found) else {
            let what = "the file ends inside of a string";
            return Err(control(&body[at..]).map_or(Fault { at: input.len(), what }, |fault| fault.after(at + 1)));
        };
        let run = &body[at..stop];
        if let Some(fault) = control(run) {
            return Err(fault.after(at + 1));
        }
        let ends = body[stop] == b'"';
        if ends && out.is_empty() && at == 0 && std::str::from_utf8(run).is_ok() {
            return Ok((Cow::Borrowed(run), stop + 2));
        }
        push_utf8(&mut out, run);
        if ends {
            return Ok((Cow::Owned(out), stop + 2));
        }
        let (char, length) = escape(&body[stop..]).map_err(|fault| fault.after(stop + 1))?;
        out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        at = stop + length;
    }
}

impl Fault {
    /// The same fault, seen from `offset` bytes earlier.
    fn after(self, offset: usize) -> Self {
        Self { at: self.at + offset, ..self }
    }
}

/// A raw control character, which JSON strings may not hold.
fn control(run: &[u8]) -> Option<Fault> {
    if !run.iter().fold(false, |found, byte| found | (*byte < 0x20)) {
        return None; // the common case, a loop without branches
    }
    let at = run.iter().position(|byte| *byte < 0x20)?;
    Some(Fault { at, what: "a control character stands unescaped in a string" })
}

/// Appends `run` with U+FFFD in place of each byte that is not part of UTF-8.
fn push_utf8(out: &mut Vec<u8>, run: &[u8]) {
    for chunk in run.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
}

/// The character of the escape that `input` starts with, and the escape's length.
fn escape(input: &[u8]) -> Result<(char, usize), Fault> {
    const WRONG: Fault = Fault { at: 0, what: "a backslash in a string starts no JSON escape" };
    let char = match input.get(1) {
        Some(b'u') => return unicode(input).ok_or(WRONG),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        Some(_) => return Err(WRONG),
        None => return Err(Fault { at: 1, what: "the file ends inside of a string" }),
    };
    Ok((char, 2))
}

/// `\u1234`, two of them where they are a surrogate pair; half a pair is U+FFFD.
fn unicode(input: &[u8]) -> Option<(char, usize)> {
    let first = hex(input)?;
    if let Some(char) = char::from_u32(first) {
        return Some((char, 6));
    }
    let second = input.get(6..).and_then(hex).filter(|second| (0xdc00..0xe000).contains(second));
    let pair = second.filter(|_| first < 0xdc00).map(|second| 0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff));
    Some(pair.and_then(char::from_u32).map_or(('\u{fffd}', 6), |char| (char, 12)))
}

/// The number of an escape `\u1234`.
fn hex(input: &[u8]) -> Option<u32> {
    let digits = input.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
}
