//! Which blanks and line breaks around statements are text of the file.
//!
//! A line that holds statements and comments alone leaves nothing behind; every other line stays as it is, with its
//! indentation and its line break. minijinja knows the first half of that: a line that ends in `{% endif %}` would lose its
//! line break to it whatever else is in the line, and so be joined with the next. A `+` in the tag keeps what is around it.

use super::delimiters::Delimiters;
use minijinja::machinery::{Span, Token};
use std::collections::BTreeSet;
use std::ops::Range;

/// What a tokenizer found, as far as lines need it.
pub(super) struct Lines {
    /// Text that is written, in order.
    written: Vec<Range<usize>>,
    /// The same where it is not blank, and expressions that are written out.
    content: Vec<Range<usize>>,
    /// Where the expressions end.
    expressions: BTreeSet<usize>,
}

impl Lines {
    pub fn new<'t>(text: &str, tokens: impl Iterator<Item = (Token<'t>, Span)>) -> Self {
        let mut lines = Self { written: Vec::new(), content: Vec::new(), expressions: BTreeSet::new() };
        let mut start = 0;
        for (token, span) in tokens {
            let span = span.start_offset as usize..span.end_offset as usize;
            match token {
                Token::TemplateData(_) => lines.text(text, span),
                Token::VariableStart => start = span.start,
                Token::VariableEnd => {
                    lines.content.push(start..span.end);
                    lines.expressions.insert(span.end);
                }
                _ => {}
            }
        }
        lines
    }

    fn text(&mut self, text: &str, span: Range<usize>) {
        let mut start = span.start;
        for line in text.get(span.clone()).unwrap_or_default().split_inclusive('\n') {
            if !line.trim().is_empty() {
                self.content.push(start..start + line.len());
            }
            start += line.len();
        }
        self.written.push(span);
    }

    /// Where a `+` has to be put into `text`, in order.
    pub fn kept(&self, text: &str, delimiters: &Delimiters) -> Vec<usize> {
        let mut kept = Vec::new();
        let (mut start, mut next) = (0, 0);
        for whole in text.split_inclusive('\n') {
            let end = next + whole.trim_end_matches(['\n', '\r']).len();
            next += whole.len();
            let line = text.get(start..end).unwrap_or_default();
            // What ends in an expression loses nothing.
            let close = closing(line, delimiters).filter(|_| !self.expressions.contains(&end));
            // Inside a tag, or removed by a `-`: the line goes on.
            if close.is_none() && next < text.len() && !self.is_written(end) {
                continue;
            }
            if first_overlap(&self.content, start..end).is_some() {
                kept.extend(opening(line, delimiters).filter(|_| !self.is_written(start)).map(|at| start + at));
                // Without a line break nothing is lost.
                kept.extend(close.filter(|_| end < next && !self.is_written(end)).map(|at| start + at));
            }
            start = next;
        }
        kept
    }

    fn is_written(&self, at: usize) -> bool {
        first_overlap(&self.written, at..at + 1).is_some()
    }
}

/// Behind the delimiter that a line starts with behind blanks; none where that is an expression's.
fn opening(line: &str, delimiters: &Delimiters) -> Option<usize> {
    let tag = line.trim_start();
    let all = [&delimiters.variable.0, &delimiters.block.0, &delimiters.comment.0];
    // One may be the start of another, as `<%` is of `<%=`.
    let open = all.into_iter().filter(|open| tag.starts_with(open.as_str())).max_by_key(|open| open.len());
    let inside = tag.get(open.filter(|open| **open != delimiters.variable.0)?.len()..)?;
    (tag.len() < line.len() && !inside.starts_with(['-', '+'])).then(|| line.len() - inside.len())
}

/// Before the delimiter that a line ends with.
fn closing(line: &str, delimiters: &Delimiters) -> Option<usize> {
    let all = [&delimiters.block.1, &delimiters.comment.1];
    let close = all.into_iter().filter(|close| line.ends_with(close.as_str())).max_by_key(|close| close.len());
    let inside = line.strip_suffix(close?.as_str())?;
    (!inside.ends_with(['-', '+'])).then_some(inside.len())
}

/// The first of the ranges, which are in order, that overlaps with another.
fn first_overlap(ranges: &[Range<usize>], other: Range<usize>) -> Option<&Range<usize>> {
    let first = ranges.partition_point(|range| range.end <= other.start);
    ranges.get(first).filter(|range| range.start < other.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::machinery::tokenize;
    use minijinja::syntax::SyntaxConfig;
    use minijinja::{Environment, context};

    fn render(text: &str, syntax: SyntaxConfig) -> String {
        let mut environment = Environment::new();
        environment.set_syntax(syntax);
        environment.render_str(text, context! { x => true }).unwrap()
    }

    fn ours(text: &str, delimiters: &Delimiters) -> String {
        let syntax = delimiters.syntax().unwrap();
        let lines = Lines::new(text, tokenize(text, false, syntax.clone()).flatten());
        let mut marked = text.to_owned();
        lines.kept(text, delimiters).iter().rev().for_each(|at| marked.insert(*at, '+'));
        render(&marked, syntax)
    }

    /// The rule by hand: blanks before the tags of a line that has nothing else, and its line break, are cut out.
    fn reference(text: &str) -> String {
        let lines = text.split_inclusive('\n').map(|line| {
            let mut rest = line.trim_end_matches('\n').to_owned();
            let tags = ["{% if x %}", "{% endif %}", "{# c #}"];
            let ends_in_tag = tags.iter().any(|tag| rest.ends_with(tag));
            tags.iter().for_each(|tag| rest = rest.replace(tag, ""));
            match rest.trim().is_empty() && tags.iter().any(|tag| line.contains(tag)) {
                true if ends_in_tag => line.trim_start().trim_end_matches('\n'),
                true => line.trim_start(),
                false => line,
            }
        });
        let mut plain = SyntaxConfig::builder();
        render(&lines.collect::<String>(), plain.keep_trailing_newline(true).build().unwrap())
    }

    #[test]
    fn random_lines_are_as_the_rule_by_hand_has_them() {
        const SCRAPS: [&str; 9] = ["a", "b ", "  ", "\n", "\n", "{{ 1 }}", "{# c #}", "{% if x %}", "{% endif %}"];
        let mut state = 7u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        for _ in 0..2000 {
            let (mut text, mut open) = (String::new(), 0);
            for _ in 0..random(16) {
                let scrap = SCRAPS[random(SCRAPS.len())];
                match scrap {
                    "{% endif %}" if open == 0 => continue,
                    "{% endif %}" => open -= 1,
                    "{% if x %}" => open += 1,
                    _ => {}
                }
                text.push_str(scrap);
            }
            text.push_str(&"{% endif %}".repeat(open));
            assert_eq!(ours(&text, &Delimiters::default()), reference(&text), "{text:?}");
        }
    }
}
