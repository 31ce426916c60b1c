//! The two kinds of statements in systemd's units that are cut into words.

use super::slot::Escaped;

/// What a statement is to systemd, by its name.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Unit {
    /// Nothing that is known here.
    #[default]
    Other,
    /// `Environment=`: words, each a variable.
    Words,
    /// `ExecStart=` and its like: the words of a command, in which variables are replaced.
    Command,
}

/// The kind of the statement that `text` ends in: a name, `=`, and what stands before the value.
pub(super) fn of(text: &[u8]) -> Unit {
    let mut start = line_start(text, text.len());
    // A line that ends in a backslash goes on.
    while start > 0 && text[..start].trim_ascii_end().ends_with(b"\\") {
        start = line_start(text, start - 1);
    }
    let line = text[start..].trim_ascii_start();
    let name = line.split(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
    match name {
        b"Environment" => Unit::Words,
        b"ExecStart" | b"ExecStartPre" | b"ExecStartPost" | b"ExecCondition" | b"ExecReload" | b"ExecStop"
        | b"ExecStopPost" => Unit::Command,
        _ => Unit::Other,
    }
}

fn line_start(text: &[u8], end: usize) -> usize {
    memchr::memrchr(b'\n', &text[..end]).map_or(0, |feed| feed + 1)
}

impl Unit {
    /// Refuses what systemd would not take for part of one word; `quote` is the quote that is open.
    pub(super) fn holds(self, value: &[u8], quote: Option<u8>) -> Escaped {
        if self == Self::Other {
            return Ok(());
        }
        let blanks = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\'');
        if !matches!(quote, Some(b'"' | b'\'')) && (value.is_empty() || value.iter().any(blanks)) {
            return Err("systemd would cut it into words: put the placeholder in double quotes");
        }
        if self == Self::Command && value.contains(&b'$') {
            return Err("it holds '$', where systemd puts in a variable");
        }
        Ok(())
    }
}
