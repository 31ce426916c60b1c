//! The new template with marks for values: the only text a diff shows.

use crate::template::sanitize::{Keep, sanitized};

/// A piece of the new file.
#[derive(Clone, Copy)]
pub enum Piece<'p> {
    /// Text of the template.
    Literal(&'p [u8]),
    /// A secret's name and its new value.
    Value(&'p str, &'p [u8]),
}

impl<'p> Piece<'p> {
    /// The bytes it puts into the new file.
    pub fn bytes(&self) -> &'p [u8] {
        match self {
            Self::Literal(text) => text,
            Self::Value(_, value) => value,
        }
    }
}

/// What the mark of a value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Only the name.
    Kept,
    /// That this is the old value.
    Old,
    /// That this is the new value.
    New,
}

/// The pieces as whole lines of text; `state` is asked with the position of each value's piece.
pub fn text(pieces: &[Piece<'_>], state: impl Fn(usize) -> State) -> String {
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal(text) => out.push_str(&sanitized(text, Keep::Layout)),
            Piece::Value(name, _) => out.push_str(&mark(name, state(at))),
        }
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

fn mark(name: &str, state: State) -> String {
    let name = sanitized(name.as_bytes(), Keep::Nothing);
    match state {
        State::Kept => format!("‹{name}›"),
        State::Old => format!("‹{name}: old›"),
        State::New => format!("‹{name}: new›"),
    }
}
