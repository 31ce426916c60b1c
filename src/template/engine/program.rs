//! A template that has been read, with those it includes: what it needs, and what is wrong with it.

use super::analyse::analyse;
use super::delimiters::Delimiters;
use super::expression::separators;
use super::lines::Lines;
use super::lookup::Lookup;
use super::mistake::Mistake;
use super::rewrite::{self, Edit};
use super::run::{NUMBER, OWN};
use crate::template::scan::Segment;
use crate::template::tokens::SecretIndex;
use minijinja::machinery::{Span, Token, parse, tokenize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Longest template of this engine, in bytes (4 MiB): minijinja counts lines in 16 bits.
const TEXT_MAX_BYTES: usize = 4 << 20;

/// Most lines of a template.
const LINES_MAX: usize = 60_000;

const TOO_DEEP: &str = "an expression is nested too deeply";

/// A template of the manifest.
#[derive(Debug, Clone, Copy)]
pub struct TemplateText<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its text.
    pub text: &'t [u8],
    /// What its expressions stand in.
    pub delimiters: &'t Delimiters,
}

/// The secrets that a template may name, each with its position among the manifest's.
#[derive(Debug, Default)]
pub struct Declared<'m> {
    pub(super) names: BTreeMap<&'m str, usize>,
}

impl<'m> Declared<'m> {
    /// Takes the names in the manifest's order.
    pub fn new(names: impl Iterator<Item = &'m str>) -> Self {
        let mut declared = Self::default();
        for (position, name) in names.enumerate() {
            declared.names.entry(name).or_insert(position);
        }
        declared
    }
}

/// A secret, and the path under which the template looks for it: `["secrets", "db/password"]`, `["db_password"]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Usage {
    /// Where the template looks.
    pub path: Vec<String>,
    /// Position of the secret in the manifest.
    pub secret: usize,
}

/// Something that is looked up in a secret that is a map.
#[derive(Debug)]
pub struct Inside<'p> {
    /// Position of the secret in the manifest.
    pub secret: usize,
    /// The names in it, outermost first; never empty.
    pub tail: &'p [String],
    /// Whether every run gets there: no condition or loop stands around it.
    pub certain: bool,
    lookup: &'p Lookup,
}

/// A secret that an expression writes out with the line break at its end: `{{ name }}`, `{{ name | upper }}`.
#[derive(Debug)]
pub struct Plainly<'p> {
    /// Position of the secret in the manifest.
    pub secret: usize,
    /// Name of the template it stands in.
    pub template: &'p str,
    /// Text of that template.
    pub text: &'p str,
    /// Where the expression starts in it, in bytes.
    pub offset: usize,
    /// What stands behind the expression; nothing where that is for a statement to say.
    pub rest: &'p str,
}

/// One text that takes part: the template itself or an included one.
#[derive(Debug)]
pub(super) struct Part<'t> {
    pub name: &'t str,
    pub text: &'t str,
    pub delimiters: &'t Delimiters,
    /// Where the expressions that are written out stand, in order.
    pub written: Vec<Range<usize>>,
    /// The same with their delimiters.
    pub outer: Vec<Range<usize>>,
    /// Those among them that are separators, by their position.
    separators: BTreeSet<usize>,
    /// Filters in the place of operators.
    edits: Vec<Edit>,
    /// Where a `+` stands in [`Part::marked`], for blanks and line breaks to stay.
    plus: Vec<usize>,
    /// Number of the first of them among those of the program.
    pub first: usize,
}

/// A template ready to be run.
#[derive(Debug)]
pub struct Program<'t> {
    pub(super) parts: Vec<Part<'t>>,
    pub(super) usages: BTreeSet<Usage>,
    pub(super) lookups: Vec<Lookup>,
    pub(super) optional: BTreeSet<Vec<String>>,
    /// Whether it hashes passwords, and so wants to see what was there before.
    pub hashes_passwords: bool,
}

impl<'t> Program<'t> {
    /// Reads a template and finds what it needs. `find` gives the manifest's other templates of this engine by name.
    ///
    /// # Errors
    /// Everything that is wrong with it and can be seen without the values.
    pub fn compile(
        main: TemplateText<'t>,
        others: &[TemplateText<'t>],
        declared: &Declared<'_>,
    ) -> Result<Self, Vec<Mistake>> {
        let found = analyse(main, others, declared)?;
        let mut parts = Vec::new();
        let mut first = 0;
        for template in found.templates {
            let part = Part::read(template, first).map_err(|mistake| vec![mistake])?;
            first += part.written.len();
            parts.push(part);
        }
        let (usages, hashes_passwords) = (found.usages, found.hashes_passwords);
        Ok(Self { parts, usages, lookups: found.lookups, optional: found.optional, hashes_passwords })
    }

    /// The template's own text, with its written expressions as values: what can be shown without any value. The index of
    /// each is its position in [`Program::written`].
    pub fn source(&self) -> Vec<Segment<'t>> {
        let Some(part) = self.parts.first() else { return Vec::new() };
        let text = part.text.as_bytes();
        let mut segments = Vec::new();
        let mut done = 0;
        for (number, span) in part.outer.iter().enumerate() {
            segments.push(Segment::Literal(text.get(done..span.start).unwrap_or_default()));
            let token = text.get(span.clone()).unwrap_or_default();
            segments.push(Segment::Value { secret: SecretIndex(number), offset: span.start, token });
            done = span.end;
        }
        segments.push(Segment::Literal(text.get(done..).unwrap_or_default()));
        segments.retain(|segment| !matches!(segment, Segment::Literal(b"")));
        segments
    }

    /// What it looks up by name inside secrets, and does not provide for the absence of.
    pub fn insides(&self) -> impl Iterator<Item = Inside<'_>> {
        self.lookups.iter().filter(|lookup| !self.optional.contains(&lookup.path)).filter_map(|lookup| {
            let (secret, names) = lookup.secret?;
            let tail = lookup.path.get(names..).filter(|tail| !tail.is_empty())?;
            Some(Inside { secret, tail, certain: lookup.certain, lookup })
        })
    }

    /// The secrets that are written out with the line break at their end, in order.
    pub fn plainly(&self) -> impl Iterator<Item = Plainly<'_>> {
        self.parts.iter().flat_map(move |part| {
            part.expressions().zip(&part.outer).filter_map(move |(span, outer)| {
                let is_this = |lookup: &&Lookup| {
                    let starts = lookup.template == part.name && lookup.span.start == span.start;
                    starts && part.text.get(lookup.span.end..span.end).is_some_and(keeps_line_break)
                };
                let lookup = self.lookups.iter().find(is_this)?;
                let (secret, _) = lookup.secret.filter(|(_, names)| *names == lookup.path.len())?;
                let rest = part.text.get(outer.end..).unwrap_or_default();
                let rest = if rest.starts_with(&part.delimiters.block.0) { "" } else { rest };
                Some(Plainly { secret, template: part.name, text: part.text, offset: outer.start, rest })
            })
        })
    }

    /// A mistake at such a place.
    pub fn mistake_inside(&self, inside: &Inside<'_>, what: impl Into<String>) -> Mistake {
        let name = inside.lookup.template.as_str();
        let text = self.parts.iter().find(|part| part.name == name).map(|part| part.text);
        Mistake::at(name, text.unwrap_or_default(), inside.lookup.span.clone(), what)
    }

    /// The secrets it needs; one that is named twice may come twice.
    pub fn secrets(&self) -> impl Iterator<Item = usize> {
        self.usages.iter().map(|usage| usage.secret)
    }
}

impl<'t> Part<'t> {
    fn read(template: TemplateText<'t>, first: usize) -> Result<Self, Mistake> {
        let text = utf8(template)?;
        let syntax = template.delimiters.syntax().map_err(|error| Mistake::whole(template.name, error.to_string()))?;
        let (mut written, mut outer) = (Vec::<Range<usize>>::new(), Vec::<Range<usize>>::new());
        let mut start = Span::default();
        // The whole text has been parsed before, so its tokens are in order.
        let tokens: Vec<_> = tokenize(text, false, syntax.clone()).flatten().collect();
        for (token, span) in &tokens {
            match token {
                Token::VariableStart => start = *span,
                Token::VariableEnd => {
                    written.push(start.end_offset as usize..span.start_offset as usize);
                    outer.push(start.start_offset as usize..span.end_offset as usize);
                }
                _ => {}
            }
        }
        let tree = parse(text, template.name, syntax.clone()).ok();
        let edits = tree.iter().flat_map(|tree| rewrite::edits(tree, &tokens)).collect();
        let kept = Lines::new(text, tokens.into_iter()).kept(text, template.delimiters);
        let plus = kept.into_iter().enumerate().map(|(number, at)| at + number).collect();
        let starts = tree.iter().flat_map(separators);
        let separators = starts.filter_map(|start| outer.iter().position(|outer| outer.contains(&start))).collect();
        let (name, delimiters) = (template.name, template.delimiters);
        let part = Self { name, text, delimiters, written, outer, separators, edits, plus, first };
        // The filters nest what the parser took before.
        parse(&part.numbered(NUMBER, OWN), name, syntax).map_err(|error| match error.line() {
            Some(line) => Mistake::in_line(name, text, line, TOO_DEEP),
            None => Mistake::whole(name, TOO_DEEP),
        })?;
        Ok(part)
    }

    /// Where the expressions that are written out stand, without the blanks around them.
    pub(super) fn expressions(&self) -> impl Iterator<Item = Range<usize>> {
        self.written.iter().map(|span| {
            let inside = self.text.get(span.clone()).unwrap_or_default();
            let start = span.start + (inside.len() - inside.trim_start().len());
            start..start + inside.trim().len()
        })
    }

    /// The text with every expression that is written out in `(…)|` and a filter: `own` behind separators, and behind the
    /// others `number`, which is told their number.
    pub(super) fn numbered(&self, number: &str, own: &str) -> String {
        let mut edits = self.edits.clone();
        for (position, span) in self.written.iter().enumerate() {
            let filter = match self.separators.contains(&position) {
                true => format!(")|{own} "),
                false => format!(")|{number}({}) ", self.first + position),
            };
            edits.extend([Edit::open(span.start, " (", 0), Edit::close(span.end, filter, 0)]);
        }
        edits.extend(self.marks());
        self.with(edits)
    }

    /// The text as it is parsed: blanks and line breaks that stay are marked.
    pub(super) fn marked(&self) -> String {
        self.with(self.marks().collect())
    }

    fn marks(&self) -> impl Iterator<Item = Edit> {
        self.plus.iter().enumerate().map(|(number, at)| Edit::edge(at - number, "+"))
    }

    /// The place in the text of a place in [`Part::marked`].
    pub(super) fn offset(&self, marked: usize) -> usize {
        marked - self.plus.partition_point(|at| *at < marked)
    }

    fn with(&self, mut edits: Vec<Edit>) -> String {
        Edit::sort(&mut edits);
        let mut out = String::with_capacity(self.text.len() + edits.len() * 16);
        let mut done = 0;
        for Edit { at, text, .. } in &edits {
            out.push_str(self.text.get(done..at.start).unwrap_or_default());
            out.push_str(text);
            done = at.end;
        }
        out.push_str(self.text.get(done..).unwrap_or_default());
        out
    }
}

/// Whether what follows a name is nothing, or filters that leave a line break at the end of a value where it is.
fn keeps_line_break(rest: &str) -> bool {
    const KEEPING: [&str; 8] = ["d", "default", "lower", "required", "string", "upper", "url_userinfo", "urlencode"];
    let mut filters = rest.split('|');
    let first = filters.next().unwrap_or_default();
    first.trim().is_empty()
        && filters.all(|filter| KEEPING.contains(&filter.split('(').next().unwrap_or_default().trim()))
}

/// The text of a template of this engine, which must be UTF-8 without NUL: the skeleton marks its values with NUL.
pub(super) fn utf8(template: TemplateText<'_>) -> Result<&str, Mistake> {
    let text = std::str::from_utf8(template.text).map_err(|error| {
        Mistake::whole(template.name, format!("byte {} is not UTF-8, which this engine needs", error.valid_up_to() + 1))
    })?;
    if let Some(at) = text.find('\0') {
        return Err(Mistake::at(template.name, text, at..at + 1, "a NUL byte cannot stand in a template"));
    }
    if text.len() > TEXT_MAX_BYTES || memchr::memchr_iter(b'\n', text.as_bytes()).count() > LINES_MAX {
        let what = format!("longer than this engine reads: {} MiB or {LINES_MAX} lines", TEXT_MAX_BYTES >> 20);
        return Err(Mistake::whole(template.name, what));
    }
    Ok(text)
}
