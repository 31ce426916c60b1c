//! How a string is written: plain, quoted or as a block, as go-yaml's emitter decides (sops-format.md section 6.1.3).

use super::scalar::{self, Scalar};
use std::borrow::Cow;
use zeroize::{Zeroize, Zeroizing};

/// The five ways to write a scalar that sops's output uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// What the characters of a text allow. Names as in libyaml's `yaml_emitter_analyze_scalar`.
#[derive(Debug, Default)]
pub(super) struct Analysis {
    /// There is a line break, or a character go-yaml takes for one.
    pub multiline: bool,
    plain_refused: bool,
    single_refused: bool,
    block_refused: bool,
}

impl Analysis {
    pub(super) fn of(text: &str) -> Self {
        if is_harmless(text) {
            return Self::default();
        }
        let mut found = Self { block_refused: text.is_empty(), ..Self::default() };
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        let (mut space_before, mut break_before, mut white_before) = (false, false, true);
        for (at, c) in text.char_indices() {
            let rest = &text[at + c.len_utf8()..];
            let white_behind = rest.is_empty() || rest.starts_with([' ', '\t']);
            indicators |= match c {
                '#' => white_before,
                ':' => white_behind,
                '?' | '-' => at == 0 && white_behind,
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => at == 0,
                _ => false,
            };
            let special = c != '\t' && !is_printable(c);
            found.single_refused |= special || c == '\t';
            found.block_refused |= special;
            let at_edge = at == 0 || rest.is_empty();
            if c == ' ' {
                found.plain_refused |= at_edge || break_before;
                found.block_refused |= rest.is_empty();
                found.single_refused |= break_before;
            } else if is_break(c) {
                found.multiline = true;
                found.single_refused |= space_before;
                found.block_refused |= space_before;
            }
            (space_before, break_before) = (c == ' ', is_break(c));
            white_before = matches!(c, ' ' | '\t' | '\0') || is_break(c);
        }
        found.plain_refused |= indicators || found.single_refused || found.multiline;
        found
    }

    /// The style the emitter takes when `wanted` is asked for.
    pub(super) fn select(&self, wanted: Style, is_simple_key: bool) -> Style {
        let mut style = wanted;
        if is_simple_key && self.multiline {
            style = Style::Double;
        }
        if style == Style::Plain && self.plain_refused {
            style = Style::Single;
        }
        if style == Style::Single && self.single_refused {
            style = Style::Double;
        }
        if style == Style::Literal && (self.block_refused || is_simple_key) {
            style = Style::Double;
        }
        style
    }
}

/// A scalar ready to be written: its tag, its text and the style that go-yaml's encoder asks for.
pub(super) struct Prepared<'a> {
    /// `binary` or `merge`, written with `!!`.
    pub tag: Option<&'static str>,
    /// The text; base64 for bytes that are not UTF-8.
    pub text: Cow<'a, str>,
    /// The style to start from.
    pub style: Style,
    /// What the characters allow.
    pub analysis: Analysis,
}

impl<'a> Prepared<'a> {
    /// A null, boolean, number or timestamp, whose text needs no quotes.
    pub(super) fn bare(text: String) -> Self {
        let analysis = Analysis::of(&text);
        Self { tag: None, text: text.into(), style: Style::Plain, analysis }
    }

    /// A string or key. sops encodes every scalar by itself first and writes the node that reads back, so the style
    /// is the one that a scalar standing alone in a document gets.
    pub(super) fn string(bytes: &'a [u8]) -> Self {
        let (tag, text) = match std::str::from_utf8(bytes) {
            Ok("<<") => (Some("merge"), Cow::Borrowed("<<")),
            Ok(text) => (None, Cow::Borrowed(text)),
            Err(_) => (Some("binary"), Cow::Owned(wrapped_base64(bytes))),
        };
        let analysis = Analysis::of(&text);
        let wanted = if text.contains('\n') {
            Style::Literal
        } else if tag.is_none() && reads_as_other(&text) {
            Style::Double
        } else {
            Style::Plain
        };
        let mut style = analysis.select(wanted, false);
        // go-yaml's own scanner refuses such a block, and sops then writes `null`. Not followed: the value would be lost.
        if style == Style::Literal && text.starts_with('\t') {
            style = Style::Double;
        }
        Self { tag, text, style, analysis }
    }

    /// Length that decides whether a key fits on its line, as libyaml counts it: tag handle, tag and text.
    pub(super) fn len(&self) -> usize {
        self.tag.map_or(0, |tag| tag.len() + 2) + self.text.len()
    }
}

impl Drop for Prepared<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = &mut self.text {
            text.zeroize();
        }
    }
}

/// Whether nothing in the text can matter: the usual token, word or path. Spares them the slower look.
fn is_harmless(text: &str) -> bool {
    let is_harmless = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'.' | b'/' | b'+' | b'=' | b'-' | b',' | b':' | b'[' | b']')
    };
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric) && !text.ends_with(':') && bytes.iter().all(is_harmless)
}

/// Whether plain text would be read as something else than a string, by YAML 1.1 readers too.
fn reads_as_other(text: &str) -> bool {
    let old_bool = matches!(
        text,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF"
    );
    old_bool || is_base60(text) || scalar::resolve(text) != Scalar::Text
}

/// `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`: a YAML 1.1 number such as `1:30`.
fn is_base60(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default().as_bytes();
    let leads = first.first().is_some_and(u8::is_ascii_digit) && first.iter().all(|c| c.is_ascii_digit() || *c == b'_');
    let mut groups: Vec<&str> = parts.collect();
    let Some(last) = groups.pop() else { return false };
    let (last, fraction) = last.split_once('.').unwrap_or((last, ""));
    let sixty = |group: &str| match group.as_bytes() {
        [unit] => unit.is_ascii_digit(),
        [ten, unit] => (b'0'..=b'5').contains(ten) && unit.is_ascii_digit(),
        _ => false,
    };
    leads && sixty(last) && groups.into_iter().all(sixty) && fraction.bytes().all(|c| c.is_ascii_digit() || c == b'_')
}

/// Base64 in lines of 70 where it is longer than that, each line ended by LF.
fn wrapped_base64(bytes: &[u8]) -> String {
    use base64::Engine;
    const LINE: usize = 70;
    let whole = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(bytes));
    if whole.len() < LINE {
        return whole.to_string();
    }
    let mut lines = String::with_capacity(whole.len() + whole.len() / LINE + 1);
    for (at, c) in whole.char_indices() {
        lines.push(c);
        if (at + 1) % LINE == 0 || at + 1 == whole.len() {
            lines.push('\n');
        }
    }
    lines
}

/// What go-yaml takes for a line break.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What go-yaml writes without an escape: nothing above U+FFFF.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}') && c != '\u{FEFF}'
}
