//! A unified diff between an installed file and a new rendering, which shows no value, old or new.
//!
//! The rule that makes it safe: **the installed bytes and the values are only ever compared, never copied.** What is
//! printed comes from three sources: the new file without its values, the names of secrets, and the fixed words below.
//! Both files are masked first, and the masked texts go through an ordinary diff, which never meets a secret.
//!
//! | stands for | in the masked text |
//! |---|---|
//! | a value that stayed the same | `‹db/password›` |
//! | a value that changed | `‹db/password: old›`, `‹db/password: new›` |
//! | in an old line with the literal text of a line of the template: what stands in its place | `‹…›` |
//! | all other old text, however many lines | `‹old text, not shown›` |
//!
//! How the old file is masked:
//!
//! 1. Where it is the template's literals with anything between them, the template is unchanged and what stands
//!    between them are the old values (`align.rs`). A value of one line is not taken to have had several, or the other
//!    way round: more likely the template has changed.
//! 2. Else line by line (`lines.rs`): a line that equals one of the new rendering is shown as that line's template; one
//!    that fits the literals of a template's line is shown with `‹…›`; the rest is hidden. Hidden lines in a row
//!    become one, and take lines between them that hold no letter or digit, so that the number of lines in an old
//!    value cannot be counted. Line numbers in the hunks are those of the masked texts.
//!
//! The price: old text that the template no longer holds is not shown even where it was no secret.

mod align;
mod lines;
mod masked;

use crate::secret::SecretBuf;
use crate::template::sanitize::{Keep, sanitized};
pub use masked::Piece;
use masked::State;
use similar::TextDiff;

/// Lines of context around a change.
const CONTEXT_LINES: usize = 3;
/// Stands for old text that could hold a secret.
const HIDDEN: &str = "‹old text, not shown›";
/// Added to the old text where both masked texts are equal and the files are not.
const HIDDEN_END: &str = "‹old line ends or end of file, not shown›";

/// What a new rendering changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Diff {
    /// Nothing: the files are equal byte by byte.
    Same,
    /// The changes as a unified diff, safe for a terminal; holds no value.
    Changed(String),
}

/// Compares the file installed at `path` with a new one. `old` is None where there is none.
///
/// `pieces` are the whole new file; no two pieces of its own text follow each other.
pub fn diff(path: &str, pieces: &[Piece<'_>], old: Option<&[u8]>) -> Diff {
    let mut new = SecretBuf::with_capacity(pieces.iter().map(|piece| piece.bytes().len()).sum());
    pieces.iter().for_each(|piece| new.push(piece.bytes()));
    if old == Some(new.expose()) {
        return Diff::Same;
    }
    let (old_text, new_text) = match old {
        None => (String::new(), masked::text(pieces, |_| State::Kept)),
        Some(old) => mask(pieces, new.expose(), old),
    };
    let path = sanitized(path.as_bytes(), Keep::Nothing);
    let old_path = if old.is_some() { path.as_str() } else { "/dev/null" };
    let changes = TextDiff::from_lines(old_text.as_str(), new_text.as_str());
    let hunks = changes.unified_diff().context_radius(CONTEXT_LINES).to_string();
    Diff::Changed(format!("--- {old_path}\n+++ {path}\n{hunks}"))
}

/// The old file and the new rendering, both masked, in this order; never equal.
fn mask(pieces: &[Piece<'_>], rendered: &[u8], old: &[u8]) -> (String, String) {
    if let Some(changed) = align::align(pieces, old) {
        let as_in = |file| masked::text(pieces, |at| if changed[at] { file } else { State::Kept });
        return (as_in(State::Old), as_in(State::New));
    }
    let new_text = masked::text(pieces, |_| State::Kept);
    let mut old_text = lines::mask(pieces, rendered, old);
    if old_text == new_text {
        old_text.push_str(HIDDEN_END);
        old_text.push('\n');
    }
    (old_text, new_text)
}

#[cfg(test)]
mod tests;
