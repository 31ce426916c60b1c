//! Commands that print a key: `SOPS_AGE_KEY_CMD` and `SOPS_AGE_SSH_PRIVATE_KEY_CMD`.
//!
//! No shell is involved: the line is split as `google/shlex` splits it, which is what sops uses.

use super::agekey::{self, AgeKeyError, Layout};
use super::key::{Identity, Key, Origin};
use super::ssh::{SshKey, SshKeyError};
use crate::sys::child::{ChildError, Launcher, Stdio};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// Why a key command gave no key. The command itself is not quoted, it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// The line has an open quote, or no word at all.
    #[error("the command has an open quote or is empty")]
    Syntax,
    /// It could not be run.
    #[error(transparent)]
    Child(#[from] ChildError),
    /// It ended with an error.
    #[error("the command failed")]
    Failed,
    /// It printed something else than age identities.
    #[error("in its output, {0}")]
    Age(#[from] AgeKeyError),
    /// It printed something else than an SSH key.
    #[error("its output: {0}")]
    Ssh(#[from] SshKeyError),
}

/// What a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prints {
    /// Age identities, one per line.
    AgeKeys,
    /// One SSH private key.
    SshKey,
}

/// A command that prints a key, from the variable `variable`.
#[derive(Debug, Clone)]
pub(super) struct KeyCommand {
    pub variable: &'static str,
    pub line: OsString,
    pub prints: Prints,
}

impl KeyCommand {
    /// Runs it; it learns the recipient that must be opened from `SOPS_AGE_RECIPIENT`.
    pub fn run(&self, recipient: &str, launcher: &Launcher) -> Result<Vec<Identity>, CommandError> {
        let words = split(self.line.as_bytes()).ok_or(CommandError::Syntax)?;
        let (program, arguments) = words.split_first().ok_or(CommandError::Syntax)?;
        let program = launcher.find(program)?;
        let mut command = launcher.command(&program);
        command.args(arguments).env("SOPS_AGE_RECIPIENT", recipient).stdin(Stdio::null());
        let done = launcher.run(&mut command, &[])?;
        if !done.success {
            return Err(CommandError::Failed);
        }
        let origin = Origin::Command(self.variable);
        match self.prints {
            Prints::SshKey => {
                let key = Box::new(SshKey::parse(done.stdout.expose())?);
                Ok(vec![Identity::new(Key::Ssh(key), origin)])
            }
            Prints::AgeKeys => {
                let keys = agekey::parse(done.stdout.expose(), Layout::OnePerLine)?;
                Ok(keys.into_iter().map(|key| key.into_identity(&origin, launcher)).collect())
            }
        }
    }
}

/// Splits a command line into words; None when a quote is left open.
///
/// `'…'` is literal, in `"…"` and outside a backslash takes the next byte as it is, `#` before a word starts a comment.
fn split(line: &[u8]) -> Option<Vec<OsString>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut bytes = line.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => words.extend(word.take()),
            b'#' if word.is_none() => {
                bytes.by_ref().find(|byte| *byte == b'\n');
            }
            b'\\' => word.get_or_insert_default().push(bytes.next()?),
            b'\'' | b'"' => {
                let word = word.get_or_insert_default();
                loop {
                    match bytes.next()? {
                        end if end == byte => break,
                        b'\\' if byte == b'"' => word.push(bytes.next()?),
                        inside => word.push(inside),
                    }
                }
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words.into_iter().map(OsString::from_vec).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_as_shlex_splits_it() {
        let words = |line: &str| {
            split(line.as_bytes()).map(|w| w.iter().map(|w| w.to_str().unwrap().to_owned()).collect::<Vec<_>>())
        };
        let table: [(&str, Option<&[&str]>); 9] = [
            ("pass show age", Some(&["pass", "show", "age"])),
            ("  a  'b c' \"d $e\" ", Some(&["a", "b c", "d $e"])),
            (r#"a\ b "c\"d" 'e\f'"#, Some(&["a b", "c\"d", "e\\f"])),
            ("a '' \"\"", Some(&["a", "", ""])),
            ("a#b # c\nd", Some(&["a#b", "d"])),
            ("a'b'\"c\"d", Some(&["abcd"])),
            ("", Some(&[])),
            ("a 'b", None),
            ("a \\", None),
        ];
        for (line, expected) in table {
            assert_eq!(words(line), expected.map(|w| w.iter().map(|w| (*w).to_owned()).collect()), "{line}");
        }
    }
}
