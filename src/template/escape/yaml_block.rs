//! YAML block scalars: `|` and `>`.

use super::sheet::Sheet;
use super::slot::{Escaped, Slot, Written};
use super::yaml::plain;
use crate::secret::SecretBuf;
use crate::template::verify::Style;
use std::ops::Range;

/// From the `|` or `>` to the end of the text: what double quotes would replace.
///
/// Where no header is found the span starts with the item, which [`super::yaml::write`] refuses.
pub(super) fn span(slot: &Slot<'_>, done: usize) -> Range<usize> {
    let item = &slot.item.span;
    let end = item.start + text_end(slot.raw());
    let before = slot.between(done..item.start);
    let mut line_end = before.len();
    loop {
        let line_start = memchr::memrchr(b'\n', &before[..line_end]).map_or(0, |feed| feed + 1);
        let line = &before[line_start..line_end];
        if let Some(at) = header(line, line_start > 0 || done == 0) {
            return done + line_start + at..end;
        }
        if line_start == 0 || !line.trim_ascii().is_empty() {
            return item.start..end;
        }
        line_end = line_start - 1;
    }
}

/// Whether the last line before a block's text that is not blank holds a comment: that of the header.
pub(super) fn behind_comment(slot: &Slot<'_>) -> bool {
    let before = slot.between(0..slot.item.span.start).trim_ascii_end();
    let line = memchr::memrchr(b'\n', before).map_or(before, |feed| &before[feed..]);
    line.contains(&b'#')
}

/// Where the text of a block ends that is to be replaced.
///
/// Blank lines behind it stay, unless they hold tabs: behind quotes libyaml takes those for a mistake.
fn text_end(raw: &[u8]) -> usize {
    let end = raw.trim_ascii_end().len();
    let blank = &raw[end..];
    match (memchr::memchr(b'\t', blank), memchr::memrchr(b'\n', blank)) {
        (None, _) => end,
        (Some(_), Some(feed)) if !blank[feed..].contains(&b'\t') => end + feed,
        (Some(_), _) => raw.len(),
    }
}

/// Finds the header of a block scalar in its line: behind a blank, with nothing but a comment behind it.
fn header(line: &[u8], whole: bool) -> Option<usize> {
    (0..line.len()).find(|at| {
        let behind_blank = match at.checked_sub(1) {
            Some(before) => matches!(line[before], b' ' | b'\t'),
            None => whole,
        };
        let Some((b'|' | b'>', rest)) = line[*at..].split_first() else { return false };
        let indicators = rest.iter().take_while(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9')).count();
        let rest = &rest[indicators..];
        let behind = rest.trim_ascii();
        behind_blank && (behind.is_empty() || (behind.starts_with(b"#") && rest.starts_with(b" ")))
    })
}

/// Keeps the comment behind a block's header, which stands behind the quotes instead.
pub(super) fn header_comment(slot: &Slot<'_>, span: &Range<usize>, out: &mut Sheet) -> Written {
    match slot.style() {
        Style::Literal | Style::Folded => {}
        _ => return Ok(()),
    }
    let header = slot.between(span.clone()).split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Some(at) = memchr::memchr(b'#', header) else { return Ok(()) };
    out.push_byte(b' ');
    slot.keep_in(header[at..].trim_ascii_end(), out, |_, _| Err("it stands in the comment of a block's header"))
}

/// The indentation of a block that can take its values as they are: none where a reader might lose or gain a byte.
///
/// Values that begin or end with a blank or a line break are left to double quotes, for the indentation is found by the
/// first line and the line breaks at the end are cut; so are blocks with an indentation of their own choosing.
pub(super) fn keeps(slot: &Slot<'_>, span: &Range<usize>) -> Option<usize> {
    let folded = slot.style() == Style::Folded;
    let holds = |value: &[u8]| {
        let edges = [value.first(), value.last()].into_iter().all(|edge| edge.is_some_and(|byte| *byte > b' '));
        let line_breaks = |c: char| c == '\n' && !folded;
        edges && std::str::from_utf8(value).is_ok_and(|text| text.chars().all(|c| plain(c) || line_breaks(c)))
    };
    let block = slot.between(span.clone());
    let mut lines = block.split(|byte| *byte == b'\n');
    let header = lines.next()?;
    let explicit = header.iter().take_while(|byte| **byte != b'#').any(u8::is_ascii_digit);
    let first = lines.find(|line| !line.trim_ascii().is_empty())?;
    let indent = first.iter().take_while(|byte| **byte == b' ').count();
    let carriage_return = block.contains(&b'\r');
    (!explicit && indent > 0 && !carriage_return && slot.all(holds)).then_some(indent)
}

/// Writes a value with the block's indentation before each further line.
pub(super) fn lines(value: &[u8], indent: usize, out: &mut SecretBuf) -> Escaped {
    for (number, line) in value.split(|byte| *byte == b'\n').enumerate() {
        if number > 0 {
            out.push_byte(b'\n');
            if !line.is_empty() {
                (0..indent).for_each(|_| out.push_byte(b' '));
            }
        }
        out.push(line);
    }
    Ok(())
}
