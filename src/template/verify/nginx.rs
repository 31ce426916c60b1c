//! nginx's configuration, as `ngx_conf_read_token()` cuts it: words, `;`, `{`, `}` and comments.

use super::nginx_statement::Statement;
use super::text::line_end;
use super::{Broken, Item, NESTING_MAX, Reading, Role, Sink, Style, lua};
use crate::secret::SecretBuf;

/// nginx's `NGX_CONF_BUFFER`: a word with its quotes must be shorter.
const WORD_MAX_BYTES: usize = 4096;

/// Reads the words. A block of Lua is one item, in which no value can stand.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let text = reading.text;
    let mut decoded = SecretBuf::default();
    let (mut at, mut depth) = (0, 0usize);
    let mut statement = Statement::default();
    while let Some(&byte) = text.get(at) {
        let start = at;
        at += 1;
        let mark = |what| Item { span: start..start + 1, role: Role::Mark(what), style: Style::None, text: b"" };
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            0 => return Err(Broken::new(start, "a NUL byte")),
            b';' => {
                statement = Statement::default();
                sink(mark(";"))?;
            }
            b'{' if statement.is_lua() => {
                statement = Statement::default();
                let span = at..lua::end(text, at)?;
                at = span.end + 1;
                sink(Item { span: span.clone(), role: Role::Mark("Lua"), style: Style::None, text: &text[span] })?;
            }
            b'{' => {
                statement = Statement::default();
                depth += 1;
                if depth > NESTING_MAX {
                    return Err(Broken::new(start, "blocks are nested too deep"));
                }
                sink(mark("{"))?;
            }
            b'}' => {
                statement = Statement::default();
                depth = depth.checked_sub(1).ok_or(Broken::new(start, "a '}' without its '{'"))?;
                sink(mark("}"))?;
            }
            b'#' => {
                at = line_end(text, start);
                let span = start..at;
                sink(Item { span, role: Role::Comment, style: Style::Comment, text: &text[start..at] })?;
            }
            _ => {
                let style = match byte {
                    b'"' => Style::Double,
                    b'\'' => Style::Single,
                    _ => Style::Bare,
                };
                at = word(text, start, style, &mut decoded)?;
                let role = statement.word(decoded.expose());
                sink(Item { span: start..at, role, style, text: decoded.expose() })?;
            }
        }
    }
    if depth == 0 { Ok(()) } else { Err(Broken::new(text.len(), "a block does not end")) }
}

/// Decodes a word; returns where it ends.
fn word(text: &[u8], start: usize, style: Style, decoded: &mut SecretBuf) -> Result<usize, Broken> {
    decoded.clear();
    let quote = if style == Style::Bare { None } else { text.get(start).copied() };
    let mut at = start + usize::from(quote.is_some());
    loop {
        let byte = text.get(at).copied();
        match (byte, quote) {
            (None, _) => return Err(Broken::new(start, "a word or quoted text does not end")),
            (Some(0), _) => return Err(Broken::new(at, "a NUL byte")),
            (Some(b'\\'), _) => at += escape(text, at, decoded)?,
            (Some(byte), Some(quote)) if byte == quote => {
                at += 1;
                let behind = text.get(at).copied();
                if !behind.is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'{' | b')')) {
                    return Err(Broken::new(at, "behind quoted text stands neither a blank nor ';' nor '{'"));
                }
                break;
            }
            (Some(b' ' | b'\t' | b'\r' | b'\n' | b';'), None) => break,
            (Some(b'{'), None) if !text[..at].ends_with(b"$") => break,
            (Some(byte), _) => {
                decoded.push_byte(byte);
                at += 1;
            }
        }
    }
    if at - start >= WORD_MAX_BYTES {
        return Err(Broken::new(start, "the text is longer than the 4095 bytes that nginx reads"));
    }
    Ok(at)
}

/// Decodes what a backslash begins; returns its length.
fn escape(text: &[u8], at: usize, decoded: &mut SecretBuf) -> Result<usize, Broken> {
    match text.get(at + 1) {
        Some(byte @ (b'"' | b'\'' | b'\\')) => decoded.push_byte(*byte),
        Some(b't') => decoded.push_byte(b'\t'),
        Some(b'r') => decoded.push_byte(b'\r'),
        Some(b'n') => decoded.push_byte(b'\n'),
        Some(0) | None => return Err(Broken::new(at, "a word or quoted text does not end")),
        Some(byte) => decoded.push(&[b'\\', *byte]),
    }
    Ok(2)
}
