//! Tells why a run failed.

use super::filters::Refused;
use super::mistake::Mistake;
use super::program::{Part, Program};
use super::run::TOO_LARGE;
use minijinja::{Error, ErrorKind, Value};

impl Program<'_> {
    /// Where a name is not there that the template looks up: tells which.
    pub(super) fn missing(&self, error: &Error, context: &Value) -> Option<Mistake> {
        let may_be = matches!(deepest(error).kind(), ErrorKind::UndefinedError | ErrorKind::InvalidOperation);
        let (name, line) = place(error).filter(|_| may_be && refused(error).is_none())?;
        let part = self.parts.iter().find(|part| part.name == name)?;
        let needed = self.lookups.iter().filter(|lookup| !self.optional.contains(&lookup.path));
        let in_line = needed.filter(|lookup| lookup.template == part.name);
        let mut in_line = in_line.filter(|lookup| line_of(part, lookup.span.start) == line);
        let (span, (what, hint)) = in_line.find_map(|lookup| Some((lookup.span.clone(), lookup.missing(context)?)))?;
        let hint = hint.or_else(|| Some("give it a default, or ask '… is defined'".to_owned()));
        Some(Mistake { hint, ..Mistake::at(part.name, part.text, span, what) })
    }

    /// Tells an error in our own words: minijinja's may quote a value.
    pub fn mistake(&self, error: &Error) -> Mistake {
        let deepest = deepest(error);
        let what = refused(error)
            .map_or_else(|| in_our_words(deepest.kind()).to_owned(), |refused| refused.0.clone().into_owned());
        let (name, line) = place(error).unzip();
        let part = self.parts.iter().find(|part| Some(part.name) == name).or(self.parts.first());
        let Some(part) = part else { return Mistake::whole("", what) };
        let Some(line) = line else { return Mistake::whole(part.name, what) };
        let mut there = part.written.iter().filter(|span| line_of(part, span.start) == line);
        match (there.next(), there.next()) {
            (Some(span), None) if !statement_in_line(part.text, line, &part.delimiters.block.0) => {
                let inside = part.text.get(span.clone()).unwrap_or_default();
                let start = span.start + (inside.len() - inside.trim_start().len());
                Mistake::at(part.name, part.text, start..start + inside.trim().len(), what)
            }
            _ => Mistake::in_line(part.name, part.text, line, what),
        }
    }
}

/// What an error comes from, step by step.
fn sources(error: &Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(std::error::Error::source(error), |inner| inner.source())
}

/// The error of minijinja's that all comes from.
fn deepest(error: &Error) -> &Error {
    sources(error).filter_map(|inner| inner.downcast_ref::<Error>()).last().unwrap_or(error)
}

/// The innermost place that is known: the template's name and the line. Filters do not know their place.
fn place(error: &Error) -> Option<(&str, usize)> {
    let inner = sources(error).filter_map(|inner| inner.downcast_ref::<Error>());
    std::iter::once(error).chain(inner).filter_map(|error| error.name().zip(error.line())).last()
}

/// What one of our own filters says.
fn refused(error: &Error) -> Option<&Refused> {
    sources(error).find_map(|inner| inner.downcast_ref::<Refused>())
}

/// The line of a byte of a template, counted from 1.
fn line_of(part: &Part<'_>, at: usize) -> usize {
    part.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

fn statement_in_line(text: &str, line: usize, opening: &str) -> bool {
    text.lines().nth(line.saturating_sub(1)).is_some_and(|line| line.contains(opening))
}

fn in_our_words(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UndefinedError => "a value or a part of it is not there: give it a default, or ask '… is defined'",
        ErrorKind::OutOfFuel => "the template does too much work: it was stopped",
        ErrorKind::MissingArgument => "an argument is missing",
        ErrorKind::TooManyArguments => "there are too many arguments, or one has an unknown name",
        ErrorKind::UnknownFilter => "an unknown filter is used",
        ErrorKind::UnknownTest => "an unknown test is used",
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => "something is called that is no function",
        ErrorKind::CannotUnpack => "the values do not fit the names they are given",
        ErrorKind::InvalidOperation => "this cannot be done with values of these kinds",
        ErrorKind::WriteFailure => TOO_LARGE,
        ErrorKind::SyntaxError | ErrorKind::BadEscape => "this is not the engine's syntax",
        _ => "this cannot be rendered",
    }
}
