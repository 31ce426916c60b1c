//! What starts and ends the parts of a template that are not text.

use minijinja::syntax::SyntaxConfig;

/// The three pairs, for files that use `{{ }}` themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delimiters {
    /// Around statements; `{%` and `%}`.
    pub block: (String, String),
    /// Around expressions; `{{` and `}}`.
    pub variable: (String, String),
    /// Around comments; `{#` and `#}`.
    pub comment: (String, String),
}

/// Delimiters that cannot be told apart.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the delimiters cannot be told apart: none may be empty, and the three that open must differ")]
pub struct DelimiterError;

impl Default for Delimiters {
    fn default() -> Self {
        let pair = |start: &str, end: &str| (start.to_owned(), end.to_owned());
        Self { block: pair("{%", "%}"), variable: pair("{{", "}}"), comment: pair("{#", "#}") }
    }
}

impl Delimiters {
    /// Checks that each can be recognised.
    ///
    /// # Errors
    /// Where one is empty or two are the same.
    pub fn check(&self) -> Result<(), DelimiterError> {
        self.syntax().map(drop)
    }

    /// minijinja's own type. Lines of statements leave nothing behind (see `lines`), and the last line break stays.
    pub(super) fn syntax(&self) -> Result<SyntaxConfig, DelimiterError> {
        let pairs = [&self.block, &self.variable, &self.comment];
        if pairs.iter().any(|(start, end)| start.is_empty() || end.is_empty() || start == end) {
            return Err(DelimiterError);
        }
        SyntaxConfig::builder()
            .block_delimiters(self.block.0.clone(), self.block.1.clone())
            .variable_delimiters(self.variable.0.clone(), self.variable.1.clone())
            .comment_delimiters(self.comment.0.clone(), self.comment.1.clone())
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()
            .map_err(|_| DelimiterError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_that_cannot_be_told_apart_are_refused() {
        assert_eq!(Delimiters::default().check(), Ok(()));
        let pair = |start: &str, end: &str| (start.to_owned(), end.to_owned());
        let own = |variable| Delimiters { variable, ..Delimiters::default() };
        assert_eq!(own(pair("[[", "]]")).check(), Ok(()));
        for bad in [pair("", "}}"), pair("{{", ""), pair("{%", "%}"), pair("@@", "@@")] {
            assert_eq!(own(bad.clone()).check(), Err(DelimiterError), "{bad:?}");
        }
    }
}
