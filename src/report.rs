//! The one printer. Results go to stdout, everything else to stderr; nothing else in the crate prints.
//!
//! Two kinds of line for a person, `error:` and `hint:` (and `warning:`), lower case, without a full stop; control
//! characters are escaped. With `--json` there is one report on stdout and nothing on stderr.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use crate::message::{Exit, Message};
use crate::template::sanitize::{Keep, sanitized};
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::io::{ErrorKind, IsTerminal, Write};

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// For a person.
    Text,
    /// For a person who wants errors alone.
    Quiet,
    /// For a program.
    Json,
}

/// Collects and prints what a command has to say.
pub struct Report {
    style: Style,
    errors: Vec<Value>,
    warnings: Vec<Value>,
    fields: Map<String, Value>,
    /// Why stdout did not take all.
    unwritten: Cell<Option<std::io::Error>>,
}

/// Whether stdout may be coloured: a terminal, and `NO_COLOR` unset or empty.
pub fn stdout_takes_colour() -> bool {
    let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !forbidden && std::io::stdout().is_terminal()
}

impl Report {
    /// A report of one command.
    pub fn new(style: Style) -> Self {
        Self { style, errors: Vec::new(), warnings: Vec::new(), fields: Map::new(), unwritten: Cell::new(None) }
    }

    /// An error; the caller decides the exit code.
    pub fn error(&mut self, message: &Message) {
        match self.style {
            Style::Json => self.errors.push(message.to_json()),
            Style::Text | Style::Quiet => print_message("error", message),
        }
    }

    /// Something that did not stop the run.
    pub fn warning(&mut self, message: &Message) {
        match self.style {
            Style::Json => self.warnings.push(message.to_json()),
            Style::Text => print_message("warning", message),
            Style::Quiet => {}
        }
    }

    /// A line that tells what was done, to stderr.
    pub fn note(&self, line: &str) {
        if self.style == Style::Text {
            let _ = writeln!(std::io::stderr(), "{}", sanitized(line.as_bytes(), Keep::Nothing));
        }
    }

    /// A line of a program's usage, to stderr, as it is.
    pub fn usage(&self, line: &str) {
        let _ = writeln!(std::io::stderr(), "{line}");
    }

    /// The same report without notes: what sops-nix's build prints nothing for.
    pub fn quiet_notes(self) -> Self {
        Self { style: Style::Quiet, ..self }
    }

    /// A line of the result, to stdout.
    pub fn line(&self, line: &str) {
        if self.style != Style::Json {
            self.result(&format!("{}\n", sanitized(line.as_bytes(), Keep::Nothing)));
        }
    }

    /// Writes to stdout; the first failure is kept for [`Report::finish`].
    fn result(&self, text: &str) {
        if let Err(error) = write_stdout(text.as_bytes()) {
            self.unwritten.replace(Some(error));
        }
    }

    /// A field of the JSON report.
    pub fn field(&mut self, name: &str, value: Value) {
        self.fields.insert(name.to_owned(), value);
    }

    /// Whether the report is for a program.
    pub fn is_json(&self) -> bool {
        self.style == Style::Json
    }

    /// Leaves out the JSON report: the result itself is on stdout.
    pub fn silence(&mut self) {
        self.style = Style::Quiet;
    }

    /// Prints the JSON report, if that is the style. Gives the exit code, which is another where stdout took not all.
    pub fn finish(mut self, exit: Exit) -> Exit {
        if self.style == Style::Json {
            let mut report = Map::new();
            report.insert("exit".to_owned(), json!(exit as u8));
            report.insert("errors".to_owned(), Value::Array(std::mem::take(&mut self.errors)));
            report.insert("warnings".to_owned(), Value::Array(std::mem::take(&mut self.warnings)));
            report.append(&mut self.fields);
            self.result(&format!("{}\n", Value::Object(report)));
        }
        match self.unwritten.take() {
            None => exit,
            Some(error) => {
                print_message("error", &Message::new(format!("cannot write standard output: {error}")));
                Exit::System
            }
        }
    }
}

/// Writes bytes to stdout as they are. A reader that has had enough, as `head`, is no failure.
///
/// # Errors
/// Where stdout does not take them.
pub fn write_stdout(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Whether stdout is a terminal, which must not get raw control characters.
pub fn stdout_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

fn print_message(kind: &str, message: &Message) {
    let mut text = format!("{kind}: {}\n", sanitized(message.text.as_bytes(), Keep::Nothing));
    for line in &message.details {
        text.push_str("       ");
        text.push_str(&sanitized(line.as_bytes(), Keep::Nothing));
        text.push('\n');
    }
    if let Some(hint) = &message.hint {
        text.push_str(&format!("hint:  {}\n", sanitized(hint.as_bytes(), Keep::Nothing)));
    }
    // One write, so that lines of several programs at boot do not mix. Nobody could be told if it fails.
    let _ = std::io::stderr().write_all(text.as_bytes());
}
