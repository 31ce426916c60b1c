//! What a user is told: the fact with its place, the lines that show it, and the next step. Never a value.

use serde_json::{Value, json};

/// One error or warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What is wrong and where.
    pub text: String,
    /// Lines under it: an excerpt, a list of recipients.
    pub details: Vec<String>,
    /// What to do next.
    pub hint: Option<String>,
}

impl Message {
    /// A message without details.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), details: Vec::new(), hint: None }
    }

    /// Adds a line under the message.
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// Adds the next step.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The message as a JSON object: `message`, `details`, `hint`.
    pub fn to_json(&self) -> Value {
        json!({ "message": self.text, "details": self.details, "hint": self.hint })
    }
}

/// Program exit codes. Where several apply, the highest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// All done.
    Done = 0,
    /// The input is wrong: manifest, template, key path, file format.
    Input = 1,
    /// The command line is wrong.
    Usage = 2,
    /// No identity opens a file.
    NoKey = 3,
    /// A tag or the MAC does not match.
    Integrity = 4,
    /// The system refused: mount, chown, space, permission.
    System = 5,
}
