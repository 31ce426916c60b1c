//! `--env-file` of Docker and Podman: one `NAME=value` a line, nothing quoted or escaped.
//!
//! The rules are those of docker/cli's `pkg/kvfile` and Podman's `pkg/env`. Newer versions of Docker strip a pair of
//! quotes around a whole value, older ones and Podman do not: the reader tells the two kinds of values apart.

use super::text::{line_end, utf8};
use super::{Broken, Item, Reading, Role, Sink, Style};

/// Longest line that Go's `bufio.Scanner` reads, without its line feed.
const LINE_MAX_BYTES: usize = (64 << 10) - 1;

/// Reads the lines.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let whole = utf8(reading.text)?;
    if whole.starts_with('\u{feff}') {
        return Err(Broken::new(0, "a byte-order mark: Docker leaves it out, Podman takes it for part of a name"));
    }
    let mut start = 0;
    while start < whole.len() {
        let end = line_end(reading.text, start);
        if end - start > LINE_MAX_BYTES {
            return Err(Broken::new(start, "the line is longer than the 65535 bytes that Docker and Podman read"));
        }
        let line = &whole[start..end];
        line_items(start, line.strip_suffix('\r').unwrap_or(line), sink)?;
        start = end + 1;
    }
    Ok(())
}

fn line_items(start: usize, line: &str, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let text = line.trim_start();
    let start = start + line.len() - text.len();
    if text.is_empty() {
        return Ok(());
    }
    if text.starts_with('#') {
        let span = start..start + text.len();
        return sink(Item { span, role: Role::Comment, style: Style::Comment, text: text.as_bytes() });
    }
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    if name.is_empty() || name.contains([' ', '\t']) {
        return Err(Broken::new(start, "a variable needs a name without blanks"));
    }
    if line.starts_with(|c: char| c.is_whitespace() && c != ' ' && c != '\t') {
        return Err(Broken::new(start, "Docker and Podman read the blank at the start of the line in different ways"));
    }
    let name_end = start + name.len();
    sink(Item { span: start..name_end, role: Role::Mark("name"), style: Style::None, text: name.as_bytes() })?;
    let Some(value) = value else { return Ok(()) };
    let span = name_end + 1..name_end + 1 + value.len();
    if quoted(value) {
        sink(Item { span: span.clone(), role: Role::Mark("quotes"), style: Style::None, text: b"" })?;
    }
    sink(Item { span, role: Role::Value, style: Style::Bare, text: value.as_bytes() })
}

/// Whether newer versions of Docker would strip quotes.
fn quoted(value: &str) -> bool {
    value.len() > 1 && ['\'', '"'].into_iter().any(|quote| value.starts_with(quote) && value.ends_with(quote))
}
