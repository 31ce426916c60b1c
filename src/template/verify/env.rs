//! systemd's `EnvironmentFile=`.
//!
//! The states and their rules are those of `parse_env_file_internal()` in systemd 257; real systemd 252 and 257 were
//! asked about 99 files, which the tests hold against this.

use super::{Broken, Item, Reading, Role, Sink, Style};
use crate::secret::SecretBuf;

/// Longest `NAME=value` with its final NUL that the kernel passes to a program: `MAX_ARG_STRLEN`.
pub(super) const VARIABLE_MAX_BYTES: usize = 128 << 10;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    PreKey,
    Key,
    PreValue,
    Value,
    ValueEscape,
    Single,
    Double,
    DoubleEscape,
    Comment,
    CommentEscape,
}

/// Reads the assignments. Lines that systemd passes over with a warning are structure: no value can stand there, for
/// the warning shows them.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let mut machine = Machine { text: reading.text, ..Machine::default() };
    for (at, byte) in reading.text.iter().enumerate() {
        if *byte == 0 {
            return Err(Broken::new(at, "a NUL byte: systemd would refuse the file"));
        }
        machine.step(at, *byte, sink)?;
    }
    machine.end(sink)
}

#[derive(Default)]
struct Machine<'t> {
    text: &'t [u8],
    state: Option<State>,
    key: SecretBuf,
    value: SecretBuf,
    /// Where the key starts, where the value starts, and where the last byte of it that counts ends.
    key_start: usize,
    value_start: usize,
    value_end: usize,
    /// Length of the value before the blanks at its end.
    blank_from: Option<usize>,
}

/// systemd's `unichar_is_valid()`: no noncharacter, as U+FFFE.
pub(in crate::template) fn known(c: char) -> bool {
    !matches!(c, '\u{fdd0}'..='\u{fdef}') && u32::from(c) & 0xfffe != 0xfffe
}

fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn newline(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

impl Machine<'_> {
    fn step(&mut self, at: usize, byte: u8, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let state = self.state.unwrap_or(State::PreKey);
        let next = match state {
            State::PreKey => self.pre_key(at, byte),
            State::Key if newline(byte) => {
                self.ignored(at, sink)?;
                State::PreKey
            }
            State::Key if byte == b'=' => {
                (self.value_start, self.value_end, self.blank_from) = (at + 1, at + 1, None);
                State::PreValue
            }
            State::Key => {
                self.key.push_byte(byte);
                State::Key
            }
            State::PreValue | State::Value if newline(byte) => {
                self.assignment(state, sink)?;
                State::PreKey
            }
            State::PreValue => self.pre_value(at, byte),
            State::Value => self.bare(at, byte),
            State::ValueEscape => {
                if !newline(byte) {
                    self.push(at, byte);
                }
                State::Value
            }
            State::Single | State::Double | State::DoubleEscape => self.quoted(state, at, byte),
            State::CommentEscape if newline(byte) => {
                let what = "systemd 252 takes the line after a comment that ends in a backslash for part of it";
                return Err(Broken::new(at - 1, what));
            }
            State::Comment if newline(byte) => {
                self.comment(at, sink)?;
                State::PreKey
            }
            State::Comment if byte == b'\\' => State::CommentEscape,
            State::Comment | State::CommentEscape => State::Comment,
        };
        self.state = Some(next);
        Ok(())
    }

    fn pre_key(&mut self, at: usize, byte: u8) -> State {
        if blank(byte) {
            return State::PreKey;
        }
        self.key_start = at;
        if matches!(byte, b'#' | b';') {
            return State::Comment;
        }
        self.key.clear();
        self.value.clear();
        self.key.push_byte(byte);
        // An empty name: systemd takes the `=` for its first letter.
        State::Key
    }

    fn pre_value(&mut self, at: usize, byte: u8) -> State {
        match byte {
            b'\'' => self.reach(at, State::Single),
            b'"' => self.reach(at, State::Double),
            b'\\' => self.reach(at, State::ValueEscape),
            byte if blank(byte) => State::PreValue,
            byte => {
                self.push(at, byte);
                State::Value
            }
        }
    }

    fn bare(&mut self, at: usize, byte: u8) -> State {
        if byte == b'\\' {
            self.blank_from = None;
            return self.reach(at, State::ValueEscape);
        }
        if blank(byte) {
            self.blank_from.get_or_insert(self.value.len());
            self.value.push_byte(byte);
        } else {
            self.blank_from = None;
            self.push(at, byte);
        }
        State::Value
    }

    fn quoted(&mut self, state: State, at: usize, byte: u8) -> State {
        match (state, byte) {
            (State::Single, b'\'') | (State::Double, b'"') => self.reach(at, State::PreValue),
            (State::Double, b'\\') => self.reach(at, State::DoubleEscape),
            (State::DoubleEscape, b'"' | b'\\' | b'`' | b'$') => {
                self.push(at, byte);
                State::Double
            }
            (State::DoubleEscape, b'\n') => self.reach(at, State::Double),
            (State::DoubleEscape, _) => {
                self.value.push_byte(b'\\');
                self.push(at, byte);
                State::Double
            }
            (state, _) => {
                self.push(at, byte);
                state
            }
        }
    }

    fn push(&mut self, at: usize, byte: u8) {
        self.value.push_byte(byte);
        self.value_end = at + 1;
    }

    fn reach(&mut self, at: usize, state: State) -> State {
        self.value_end = at + 1;
        state
    }

    fn comment(&mut self, end: usize, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let (span, text) = (self.key_start..end, &self.text[self.key_start..end]);
        sink(Item { span, role: Role::Comment, style: Style::Comment, text })
    }

    fn ignored(&mut self, end: usize, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let (span, text) = (self.key_start..end, &self.text[self.key_start..end]);
        sink(Item { span, role: Role::Mark("ignored line"), style: Style::None, text })
    }

    fn assignment(&mut self, state: State, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let name = self.key.expose().trim_ascii_end();
        let letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
        if !name.first().is_some_and(letter) || !name.iter().all(|byte| letter(byte) || byte.is_ascii_digit()) {
            return self.ignored(self.value_end, sink);
        }
        if let (State::Value, Some(len)) = (state, self.blank_from) {
            self.value.truncate(len);
        }
        let value = self.value.expose();
        if !std::str::from_utf8(value).is_ok_and(|text| text.chars().all(known)) {
            let what = "the value is not UTF-8, or holds one of its noncharacters: systemd would refuse the file";
            return Err(Broken::new(self.value_start, what));
        }
        if name.len() + value.len() + 2 > VARIABLE_MAX_BYTES {
            return Err(Broken::new(
                self.value_start,
                "the variable is longer than the 128 KiB that the kernel passes on",
            ));
        }
        let key_end = self.key_start + name.len();
        sink(Item { span: self.key_start..key_end, role: Role::Mark("name"), style: Style::None, text: name })?;
        let raw = self.text.get(self.value_start..self.value_end).unwrap_or_default();
        let start = self.value_end - raw.trim_ascii_start().len();
        sink(Item { span: start..self.value_end, role: Role::Value, style: Style::Bare, text: value })
    }

    fn end(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let end = self.text.len();
        match self.state.unwrap_or(State::PreKey) {
            State::PreKey => Ok(()),
            State::Key => self.ignored(end, sink),
            State::Comment | State::CommentEscape => self.comment(end, sink),
            State::Single | State::Double | State::DoubleEscape => {
                Err(Broken::new(self.value_start, "a quoted value does not end"))
            }
            state @ (State::PreValue | State::Value | State::ValueEscape) => self.assignment(state, sink),
        }
    }
}
