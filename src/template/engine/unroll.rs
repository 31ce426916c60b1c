//! What a template with statements may become, without any value: each loop run a number of times, each condition met
//! or not. With that a check can look at the template's own text.
//!
//! A way that no values lead to may well be broken, so a template is only at fault where every way is. Of many conditions
//! not every way is tried: what is found then is no more than likely.

use super::expression::{Gives, gives, inside};
use super::program::{Part, Program};
use crate::template::scan::Segment;
use crate::template::tokens::SecretIndex;
use minijinja::machinery::ast::{CallType, Expr, Macro, Spanned, Stmt};
use minijinja::machinery::parse;
use std::collections::BTreeMap;

/// Most conditions of which every way is tried; there are two to the power of this many.
const CONDITIONS_MAX: usize = 6;

/// Most conditions that are tried the other way, where there are more than that.
const FLIPS_MAX: usize = 40;

/// Where a condition stands: its text's number, and the offset in it.
type Place = (usize, u32);

/// The one condition of all separators: in a loop of one round each of them writes nothing, as behind the last element.
const SEPARATORS: Place = (usize::MAX, 0);

/// The one condition of all filters that write text or a number: whether it is text.
const FILTERED: Place = (usize::MAX, 1);

/// Most segments of one way: loops in loops and macros may multiply.
const SEGMENTS_MAX: usize = 100_000;

/// Most statements of one way: loops in loops multiply where they write nothing, too.
const STEPS_MAX: usize = 1_000_000;

/// The ways through a template.
#[derive(Debug, Default)]
pub struct Ways<'t> {
    /// None where an expression writes text that nothing is known of, or where one way is too long.
    pub all: Vec<Way<'t>>,
    /// Whether these are all there are, for each number of rounds.
    pub complete: bool,
}

/// One of the texts that a template may become.
#[derive(Debug, Default)]
pub struct Way<'t> {
    /// Its text and its values. Offsets count in this text, in which a written expression is as long as in its template.
    pub segments: Vec<Segment<'t>>,
    /// Where each segment comes from: its offset here, the template's name and text, and the offset there.
    origins: Vec<(usize, &'t str, &'t str, usize)>,
    len: usize,
}

impl<'t> Way<'t> {
    /// The template that an offset of this text comes from: name, text, and the offset in it.
    pub fn source(&self, offset: usize) -> (&'t str, &'t str, usize) {
        let before = self.origins.partition_point(|origin| origin.0 <= offset);
        match before.checked_sub(1).map(|last| self.origins[last]) {
            Some((here, name, text, there)) => (name, text, (there + (offset - here)).min(text.len())),
            None => ("", "", 0),
        }
    }
}

/// The syntax tree of a text that takes part.
struct Tree<'s, 't> {
    part: &'s Part<'t>,
    /// What was parsed.
    text: &'s str,
    root: Stmt<'s>,
}

/// The syntax trees of a program whose expressions are all left to its format.
struct Trees<'s, 't> {
    parts: Vec<Tree<'s, 't>>,
    conditions: BTreeMap<Place, usize>,
    loops: bool,
}

impl<'t> Program<'t> {
    /// The ways through the template, as far as they are known.
    pub fn ways(&self) -> Ways<'t> {
        self.all_ways().unwrap_or_default()
    }

    fn all_ways(&self) -> Option<Ways<'t>> {
        let texts: Vec<_> = self.parts.iter().map(Part::marked).collect();
        let mut trees = Trees { parts: Vec::new(), conditions: BTreeMap::new(), loops: false };
        for (number, (part, text)) in self.parts.iter().zip(&texts).enumerate() {
            let root = parse(text, part.name, part.delimiters.syntax().ok()?).ok()?;
            trees.take(number, &root);
            trees.parts.push(Tree { part, text, root });
        }
        let rounds = if trees.loops { 1..=2 } else { 1..=1 };
        let choices = choices(trees.conditions.len());
        let all = rounds.flat_map(|rounds| choices.iter().map(move |choice| (rounds, choice)));
        let all = all.map(|(rounds, choice)| Walk::new(&trees, rounds, choice).way()).collect::<Option<_>>()?;
        Some(Ways { all, complete: trees.conditions.len() <= CONDITIONS_MAX })
    }
}

/// For each way which conditions are met; those where they are come first.
fn choices(conditions: usize) -> Vec<Vec<bool>> {
    if conditions <= CONDITIONS_MAX {
        let met = |choice: usize| (0..conditions).map(|number| choice >> number & 1 == 0).collect();
        return (0..1 << conditions).map(met).collect();
    }
    let flipped = |all: bool| {
        let one = move |flip: usize| (0..conditions).map(|number| all != (number == flip)).collect();
        (0..conditions.min(FLIPS_MAX)).map(one)
    };
    let same = |all| vec![all; conditions];
    [same(true), same(false)].into_iter().chain(flipped(true)).chain(flipped(false)).collect()
}

impl Trees<'_, '_> {
    /// Notes conditions and loops.
    fn take(&mut self, part: usize, statement: &Stmt<'_>) {
        match statement {
            Stmt::ForLoop(_) => self.loops = true,
            Stmt::IfCond(cond) => self.condition((part, cond.span().start_offset)),
            Stmt::EmitExpr(emit) => match gives(&emit.expr) {
                Gives::Separator => self.condition(SEPARATORS),
                Gives::Text if example(&emit.expr).is_some_and(|[text, other]| text != other) => {
                    self.condition(FILTERED);
                }
                Gives::Text | Gives::Value => {}
            },
            _ => {}
        }
        inside(statement).into_iter().flatten().for_each(|statement| self.take(part, statement));
    }

    fn condition(&mut self, place: Place) {
        let number = self.conditions.len();
        self.conditions.entry(place).or_insert(number);
    }
}

/// What a filter that writes a value for its place may write: of a text, and of another value.
fn example(expr: &Expr<'_>) -> Option<[&'static [u8]; 2]> {
    let Expr::Filter(filter) = expr else { return None };
    Some(match filter.name {
        "json" | "tojson" | "yaml" | "toml" => [b"\"\"", b"0"],
        "env" => [b"\"x\"", b"x"],
        "sh" => [b"'x'", b"'x'"],
        "xml" | "ini" | "docker_env" => [b"x", b"x"],
        // That of `raw` may be anything.
        _ => return None,
    })
}

struct Walk<'w, 's, 't> {
    trees: &'w Trees<'s, 't>,
    rounds: usize,
    choice: &'w [bool],
    way: Way<'t>,
    steps: usize,
    macros: Vec<(usize, &'w Spanned<Macro<'s>>)>,
    /// Macros around the place.
    stack: Vec<&'s str>,
}

impl<'w, 's, 't> Walk<'w, 's, 't> {
    fn new(trees: &'w Trees<'s, 't>, rounds: usize, choice: &'w [bool]) -> Self {
        Self { trees, rounds, choice, way: Way::default(), steps: 0, macros: Vec::new(), stack: Vec::new() }
    }

    fn way(mut self) -> Option<Way<'t>> {
        self.statement(0, &self.trees.parts.first()?.root)?;
        Some(self.way)
    }

    fn all(&mut self, part: usize, statements: &'w [Stmt<'s>]) -> Option<()> {
        statements.iter().try_for_each(|statement| self.statement(part, statement))
    }

    /// Writes what a statement becomes; None where that is not known.
    fn statement(&mut self, part: usize, statement: &'w Stmt<'s>) -> Option<()> {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return None;
        }
        match statement {
            Stmt::Template(template) => self.all(part, &template.children),
            Stmt::EmitRaw(raw) => self.literal(part, raw.raw),
            Stmt::EmitExpr(emit) => self.emit(part, &emit.expr, emit.span().start_offset as usize),
            Stmt::ForLoop(each) if !each.recursive => (0..self.rounds).try_for_each(|_| self.all(part, &each.body)),
            Stmt::IfCond(cond) => self.all(
                part,
                if self.met((part, cond.span().start_offset))? { &cond.true_body } else { &cond.false_body },
            ),
            Stmt::WithBlock(with) => self.all(part, &with.body),
            Stmt::Set(_) => Some(()),
            Stmt::Macro(declared) => {
                self.macros.push((part, declared));
                Some(())
            }
            Stmt::Include(include) => {
                let name = include.name.as_const()?;
                let number = self.trees.parts.iter().position(|tree| Some(tree.part.name) == name.as_str())?;
                self.statement(number, &self.trees.parts[number].root)
            }
            _ => None,
        }
    }

    fn emit(&mut self, part: usize, expr: &'w Expr<'s>, start: usize) -> Option<()> {
        if let Expr::Call(call) = expr
            && let CallType::Function(name) = call.identify_call()
        {
            let (part, declared) = *self.macros.iter().rev().find(|(_, declared)| declared.name == name)?;
            if self.stack.contains(&declared.name) {
                return None;
            }
            self.stack.push(declared.name);
            self.all(part, &declared.body)?;
            self.stack.pop();
            return Some(());
        }
        match gives(expr) {
            Gives::Text => {
                let [text, other] = example(expr)?;
                let written = if text == other || self.met(FILTERED)? { text } else { other };
                let Tree { part, .. } = self.trees.parts[part];
                return self.add(Segment::Literal(written), written.len(), part, part.offset(start));
            }
            Gives::Separator => return self.separator(part, expr),
            Gives::Value => {}
        }
        let part = self.trees.parts[part].part;
        let start = part.offset(start);
        let span = part.outer.iter().find(|outer| outer.contains(&start))?;
        let token = part.text.get(span.clone())?.as_bytes();
        // Each is a value of its own: a loop may write different names with one expression.
        let secret = SecretIndex(self.way.segments.len());
        let segment = Segment::Value { secret, offset: self.way.len, token };
        self.add(segment, token.len(), part, span.start)
    }

    fn met(&self, place: Place) -> Option<bool> {
        let number = self.trees.conditions.get(&place)?;
        self.choice.get(*number).copied()
    }

    /// Writes what a separator gives on this way.
    fn separator(&mut self, part: usize, expr: &'w Expr<'s>) -> Option<()> {
        match expr {
            Expr::IfExpr(cond) if self.met(SEPARATORS)? => self.separator(part, &cond.true_expr),
            Expr::IfExpr(cond) => cond.false_expr.as_ref().map_or(Some(()), |expr| self.separator(part, expr)),
            Expr::Const(text) => {
                let span = text.span().start_offset as usize + 1..(text.span().end_offset as usize).checked_sub(1)?;
                // Without its quotes; escapes would make it longer than it is.
                let inner = self.trees.parts[part].text.get(span).filter(|inner| text.value.as_str() == Some(inner))?;
                self.literal(part, inner)
            }
            _ => None,
        }
    }

    fn literal(&mut self, part: usize, raw: &str) -> Option<()> {
        let Tree { part, text, .. } = self.trees.parts[part];
        // The parser cuts blanks off; what is left is a slice of its text.
        let start = part.offset((raw.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?);
        let raw = part.text.get(start..start + raw.len())?.as_bytes();
        if raw.is_empty() { Some(()) } else { self.add(Segment::Literal(raw), raw.len(), part, start) }
    }

    fn add(&mut self, segment: Segment<'t>, len: usize, part: &Part<'t>, start: usize) -> Option<()> {
        self.way.origins.push((self.way.len, part.name, part.text, start));
        self.way.segments.push(segment);
        self.way.len += len;
        (self.way.segments.len() < SEGMENTS_MAX).then_some(())
    }
}
