//! A mistake in a template, with its place. Templates are not secret, so their text may be shown; values never are.

use crate::template::place::{Excerpt, Place, Places};
use std::fmt;
use std::ops::Range;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The template, or the included one in which it stands.
    pub template: String,
    /// Where it starts; none where the whole template is meant.
    pub place: Option<Box<(Place, Excerpt)>>,
    /// What is wrong there.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Mistake {
    /// A mistake in the bytes `span` of `text`.
    pub fn at(template: &str, text: impl AsRef<[u8]>, span: Range<usize>, what: impl Into<String>) -> Self {
        let mut places = Places::new(text.as_ref());
        let place = places.at(span.start);
        let (line, start) = places.line();
        let from = span.start.saturating_sub(start).min(line.len());
        let mark = from..span.end.saturating_sub(start).clamp(from, line.len());
        let shown = String::from_utf8_lossy(line.get(mark.clone()).unwrap_or_default()).into_owned();
        let excerpt = Excerpt::new(line, mark, &shown);
        Self { template: template.to_owned(), place: Some(Box::new((place, excerpt))), what: what.into(), hint: None }
    }

    /// A mistake somewhere in a line, counted from 1; its text is marked.
    pub(super) fn in_line(template: &str, text: &str, line: usize, what: impl Into<String>) -> Self {
        let before = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
        let found = text.get(before..).unwrap_or_default().lines().next().unwrap_or_default();
        let start = before + (found.len() - found.trim_start().len());
        Self::at(template, text, start..before + found.trim_end().len().max(1), what)
    }

    /// A mistake of a whole template.
    pub fn whole(template: &str, what: impl Into<String>) -> Self {
        Self { template: template.to_owned(), place: None, what: what.into(), hint: None }
    }
}

impl fmt::Display for Mistake {
    /// One line: `template 'app.conf', line 4, column 12: no secret is called 'db_pasword'`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template '{}'", self.template)?;
        if let Some((place, _)) = self.place.as_deref() {
            write!(f, ", {place}")?;
        }
        write!(f, ": {}", self.what)
    }
}
