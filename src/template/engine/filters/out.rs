//! Bounds what filters make: text as it grows, and the work that minijinja does not charge for.

use super::refused;
use crate::template::engine::run::TOO_LARGE;
use crate::template::render::RENDERED_MAX_BYTES;
use minijinja::{Error, State};

/// Most parts that text is cut into, and elements that a filter of ours makes.
pub(super) const PARTS_MAX: usize = 1_000_000;

/// Text that a filter makes, no longer than a finished file.
pub(super) struct Out(String);

impl Out {
    /// `expected` is a guess at its length.
    pub fn new(expected: usize) -> Self {
        Self(String::with_capacity(expected.min(RENDERED_MAX_BYTES)))
    }

    pub fn push(&mut self, text: &str) -> Result<(), Error> {
        fits(self.0.len().saturating_add(text.len()))?;
        self.0.push_str(text);
        Ok(())
    }

    pub fn push_char(&mut self, c: char) -> Result<(), Error> {
        self.push(c.encode_utf8(&mut [0; 4]))
    }

    pub fn text(self) -> String {
        self.0
    }
}

/// Refuses text of so many bytes before it is made.
pub(super) fn fits(len: usize) -> Result<(), Error> {
    if len > RENDERED_MAX_BYTES { Err(refused(TOO_LARGE)) } else { Ok(()) }
}

/// Charges for looking at so many bytes, as minijinja does.
pub(super) fn charge(state: &State<'_, '_>, len: usize) -> Result<(), Error> {
    state.consume_fuel(u64::try_from(len / 64).unwrap_or(u64::MAX).saturating_add(1))
}
