//! INI files, as far as their readers agree: sections, `name = value` or `name: value` on one line, comment lines.

use super::text::{line_end, utf8};
use super::{Broken, Item, Reading, Role, Sink, Style};

/// Reads the lines. An indented line without a name goes on with the value before it, as Python's configparser has it.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let whole = utf8(reading.text)?;
    let mut start = if whole.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while start < whole.len() {
        let end = line_end(reading.text, start);
        line(start, &whole[start..end], sink)?;
        start = end + 1;
    }
    Ok(())
}

fn line(start: usize, line: &str, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let whole = line.trim_start_matches([' ', '\t']);
    let at = start + line.len() - whole.len();
    if whole.starts_with(['#', ';']) {
        let span = at..at + whole.len();
        return sink(Item { span, role: Role::Comment, style: Style::Comment, text: whole.as_bytes() });
    }
    let text = whole.trim_end_matches([' ', '\t', '\r']);
    let item = |at: usize, text: &str, role, style| {
        let trimmed = text.trim_matches([' ', '\t']);
        let at = at + text.len() - text.trim_start_matches([' ', '\t']).len();
        (at..at + trimmed.len(), role, style, trimmed.to_owned())
    };
    let mut give = |(span, role, style, text): (_, _, _, String)| {
        let text = zeroize::Zeroizing::new(text);
        sink(Item { span, role, style, text: text.as_bytes() })
    };
    if text.is_empty() {
        return Ok(());
    }
    if let Some(name) = text.strip_prefix('[') {
        let Some((name, behind)) = name.rsplit_once(']') else {
            return Err(Broken::new(at, "a section's name does not end"));
        };
        give(item(at + 1, name, Role::Key, Style::Bare))?;
        return match behind.trim_start() {
            "" => Ok(()),
            comment if comment.starts_with(['#', ';']) => {
                give(item(at + text.len() - behind.len(), behind, Role::Comment, Style::Comment))
            }
            _ => Err(Broken::new(at, "something stands behind the section's name")),
        };
    }
    match text.find(['=', ':']) {
        Some(sign) => {
            give(item(at, &text[..sign], Role::Key, Style::Bare))?;
            give(item(at + sign + 1, &text[sign + 1..], Role::Value, Style::Bare))
        }
        None if at > start => give(item(at, text, Role::Value, Style::Bare)),
        None => give(item(at, text, Role::Key, Style::Bare)),
    }
}
