//! The file that is being written, with notes of where each value stands.

use super::slot::Escaped;
use crate::secret::SecretBuf;
use crate::template::finished::{Form, Insert};
use crate::template::tokens::SecretIndex;

/// Text, and the values in it.
#[derive(Default)]
pub(super) struct Sheet {
    /// What has been written so far.
    pub text: SecretBuf,
    /// Where the values stand in it, in order.
    pub inserts: Vec<Insert>,
}

impl Sheet {
    pub(super) fn push(&mut self, text: &[u8]) {
        self.text.push(text);
    }

    pub(super) fn push_byte(&mut self, byte: u8) {
        self.text.push_byte(byte);
    }

    /// Notes what `write` writes as the place of a value.
    pub(super) fn value(
        &mut self,
        secret: SecretIndex,
        value: &[u8],
        write: impl FnOnce(&mut SecretBuf) -> Escaped,
    ) -> Escaped {
        let start = self.text.len();
        write(&mut self.text)?;
        let same = self.text.expose().get(start..) == Some(value);
        self.note(secret, start, if same { Form::AsItIs } else { Form::Escaped });
        Ok(())
    }

    /// Writes a value as a number or a boolean.
    pub(super) fn word(&mut self, secret: SecretIndex, word: &[u8]) {
        let start = self.text.len();
        self.text.push(word);
        self.note(secret, start, Form::Bare);
    }

    fn note(&mut self, value: SecretIndex, start: usize, form: Form) {
        let span = start..self.text.len();
        self.inserts.push(Insert { value, quoted: span.clone(), span, form });
    }

    /// Gives quotes that were written at `start` for a single value to that value.
    pub(super) fn take_quotes(&mut self, start: usize) {
        let text = self.text.expose();
        let first = self.inserts.partition_point(|insert| insert.span.start < start);
        let [insert] = self.inserts.get_mut(first..).unwrap_or_default() else { return };
        let quote = text.get(start).filter(|quote| matches!(quote, b'"' | b'\''));
        if insert.span.start == start + 1 && quote.is_some() && text.get(insert.span.end) == quote {
            insert.quoted = start..insert.span.end + 1;
        }
    }
}
