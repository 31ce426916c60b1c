//! Puts filters of our own where minijinja's operators do what a template must not.
//!
//! minijinja compares text with numbers without a word, joins lists as text, holds slices and sums of lists in layers
//! that nothing bounds, and charges next to nothing for comparing large values. Users cannot spell the names of these
//! filters; see `filters::operators` for what each does.

use super::expression::inside;
use super::filters::operators::{COMPARE, HELD, TERM, TEXT, WHOLE};
use minijinja::machinery::ast::{
    BinOp, BinOpKind, CallArg, CompareOpKind, Expr, Slice, Stmt, Test, UnaryOp, UnaryOpKind,
};
use minijinja::machinery::{Span, Token};
use std::borrow::Cow;
use std::ops::Range;

/// A change of a template's text: what is to stand for a part of it.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    pub at: Range<usize>,
    pub text: Cow<'static, str>,
    /// At one place what ends comes before what starts; inner ones end first, and outer ones start first.
    order: (Side, isize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Close,
    Replace,
    Open,
}

impl Edit {
    /// Text in front of an expression that is `depth` levels inside others.
    pub fn open(at: usize, text: impl Into<Cow<'static, str>>, depth: usize) -> Self {
        Self { at: at..at, text: text.into(), order: (Side::Open, signed(depth)) }
    }

    /// Text behind it.
    pub fn close(at: usize, text: impl Into<Cow<'static, str>>, depth: usize) -> Self {
        Self { at: at..at, text: text.into(), order: (Side::Close, -signed(depth)) }
    }

    /// Text at the edge of a tag, around all expressions.
    pub fn edge(at: usize, text: &'static str) -> Self {
        Self { at: at..at, text: Cow::Borrowed(text), order: (Side::Close, 1) }
    }

    fn replace(at: Range<usize>, text: impl Into<Cow<'static, str>>) -> Self {
        Self { at, text: text.into(), order: (Side::Replace, 0) }
    }

    /// Sorts changes into the order in which they are made.
    pub fn sort(edits: &mut [Self]) {
        edits.sort_by_key(|edit| (edit.at.start, edit.order));
    }
}

fn signed(depth: usize) -> isize {
    isize::try_from(depth).unwrap_or(isize::MAX)
}

/// The changes of a template; `tokens` are those of the text that `root` was parsed from.
pub(super) fn edits(root: &Stmt<'_>, tokens: &[(Token<'_>, Span)]) -> Vec<Edit> {
    let mut rewrite = Rewrite { tokens, edits: Vec::new() };
    rewrite.statement(root);
    rewrite.edits
}

struct Rewrite<'a, 't> {
    tokens: &'a [(Token<'t>, Span)],
    edits: Vec<Edit>,
}

impl Rewrite<'_, '_> {
    fn statement(&mut self, statement: &Stmt<'_>) {
        let mut expressions: Vec<&Expr<'_>> = Vec::new();
        match statement {
            Stmt::EmitExpr(emit) => expressions.push(&emit.expr),
            Stmt::ForLoop(each) => {
                expressions.push(&each.iter);
                expressions.extend(&each.filter_expr);
            }
            Stmt::IfCond(cond) => expressions.push(&cond.expr),
            Stmt::WithBlock(with) => expressions.extend(with.assignments.iter().map(|(_, value)| value)),
            Stmt::Set(set) => expressions.push(&set.expr),
            Stmt::Macro(declared) => expressions.extend(&declared.defaults),
            _ => {}
        }
        for expr in expressions {
            self.expression(expr, 1);
        }
        inside(statement).into_iter().flatten().for_each(|statement| self.statement(statement));
    }

    /// Gives the text of an expression: where it starts, which its own span does not tell, and where it ends.
    fn expression(&mut self, expr: &Expr<'_>, depth: usize) -> Range<usize> {
        let own = range(expr.span());
        let inner = depth + 1;
        match expr {
            Expr::Var(_) | Expr::Const(_) => own,
            Expr::UnaryOp(op) => self.unary(op, own.start, inner),
            Expr::BinOp(op) => self.binary(op, depth),
            Expr::Compare(compare) => {
                let first = self.expression(&compare.expr, inner);
                let rest = compare.ops.iter().map(|op| (symbol(&op.op), self.expression(&op.expr, inner)));
                let rest: Vec<_> = rest.collect();
                self.compared(first, &rest, depth)
            }
            Expr::IfExpr(cond) => {
                let start = self.expression(&cond.true_expr, inner).start;
                let test = self.expression(&cond.test_expr, inner).end;
                let end = cond.false_expr.as_ref().map_or(test, |other| self.expression(other, inner).end);
                self.balanced(start..end)
            }
            Expr::Filter(filter) => {
                let start = filter.expr.as_ref().map_or(own.start, |expr| self.expression(expr, inner).start);
                self.arguments(&filter.args, inner);
                self.balanced(start..own.end)
            }
            Expr::Test(test) => self.test(test, own, depth),
            Expr::GetAttr(get) => {
                let start = self.expression(&get.expr, inner).start;
                self.balanced(start..own.end)
            }
            Expr::GetItem(get) => {
                let start = self.expression(&get.expr, inner).start;
                self.expression(&get.subscript_expr, inner);
                self.balanced(start..own.end)
            }
            Expr::Slice(slice) => self.slice(slice, own.end, depth),
            Expr::Call(call) => {
                let start = self.expression(&call.expr, inner).start;
                self.arguments(&call.args, inner);
                self.balanced(start..own.end)
            }
            Expr::List(_) | Expr::Tuple(_) | Expr::Map(_) => {
                // The outermost of them looks at those inside, too.
                if expr.as_const().is_none() {
                    self.wrap(&own, "(", format!("|{HELD})"), depth);
                }
                self.elements(expr, inner);
                own
            }
        }
    }

    fn unary(&mut self, op: &UnaryOp<'_>, start: usize, depth: usize) -> Range<usize> {
        let child = self.expression(&op.expr, depth);
        let starts = match op.op {
            // That of `a not in b` starts with whatever stands before it.
            UnaryOpKind::Not => self.is_not(start),
            UnaryOpKind::Neg => true,
        };
        self.balanced(if starts { start.min(child.start) } else { child.start }..child.end)
    }

    fn test(&mut self, test: &Test<'_>, own: Range<usize>, depth: usize) -> Range<usize> {
        let start = self.expression(&test.expr, depth + 1).start;
        match test.args.as_slice() {
            [CallArg::Pos(only)] => {
                let whole = self.expression(only, depth + 1);
                // Without brackets those of a filter would be taken for the test's own.
                if !self.between(own.start, whole.start).iter().any(|(token, _)| bracket(token) == Some(true)) {
                    self.wrap(&whole, "(", ")", depth);
                }
            }
            many => self.arguments(many, depth + 1),
        }
        self.balanced(start..own.end)
    }

    fn slice(&mut self, slice: &Slice<'_>, end: usize, depth: usize) -> Range<usize> {
        let start = self.expression(&slice.expr, depth + 1).start;
        for part in [&slice.start, &slice.stop, &slice.step].into_iter().flatten() {
            self.expression(part, depth + 1);
        }
        let whole = self.balanced(start..end);
        self.wrap(&whole, "(", format!("|{WHOLE})"), depth);
        whole
    }

    fn elements(&mut self, expr: &Expr<'_>, depth: usize) {
        let each = |element: &Expr<'_>| match element {
            Expr::List(_) | Expr::Tuple(_) | Expr::Map(_) => self.elements(element, depth + 1),
            _ => drop(self.expression(element, depth)),
        };
        match expr {
            Expr::List(list) => list.items.iter().for_each(each),
            Expr::Tuple(tuple) => tuple.items.iter().for_each(each),
            Expr::Map(map) => map.keys.iter().chain(&map.values).for_each(each),
            _ => {}
        }
    }

    fn arguments(&mut self, arguments: &[CallArg<'_>], depth: usize) {
        for argument in arguments {
            let (CallArg::Pos(expr) | CallArg::Kwarg(_, expr) | CallArg::PosSplat(expr) | CallArg::KwargSplat(expr)) =
                argument;
            self.expression(expr, depth);
        }
    }

    fn binary(&mut self, op: &BinOp<'_>, depth: usize) -> Range<usize> {
        let (left, right) = (self.expression(&op.left, depth + 1), self.expression(&op.right, depth + 1));
        let (filter, done): (_, fn(&BinOpKind) -> bool) = match op.op {
            BinOpKind::Concat => (TEXT, |inner| matches!(inner, BinOpKind::Concat)),
            BinOpKind::Add | BinOpKind::Mul => (TERM, is_arithmetic),
            _ => match comparison(&op.op) {
                Some(symbol) => return self.compared(left, &[(symbol, right)], depth),
                None => return self.balanced(left.start..right.end),
            },
        };
        for (side, whole) in [(&op.left, &left), (&op.right, &right)] {
            // What such an operator gives needs no second look, nor does text of the template's own.
            let is_text = matches!(side, Expr::Const(text) if text.value.as_str().is_some());
            if !is_text && !matches!(side, Expr::BinOp(inner) if done(&inner.op)) {
                self.wrap(whole, "((", format!(")|{filter})"), depth);
            }
        }
        self.balanced(left.start..right.end)
    }

    /// `a < b` becomes `(a)|filter("<", b)`, and `a < b < c` `(a)|filter("<", b, "<", c)`.
    fn compared(&mut self, first: Range<usize>, rest: &[(&'static str, Range<usize>)], depth: usize) -> Range<usize> {
        self.wrap(&first, "(", ")", depth);
        let (mut before, mut end) = (first.end, first.end);
        for (number, (symbol, operand)) in rest.iter().enumerate() {
            let between = self.between(before, operand.start);
            let brackets = |token: &Token<'_>| matches!(token, Token::ParenClose | Token::ParenOpen);
            let mut operators = between.iter().filter(|(token, _)| !brackets(token)).map(|(_, span)| range(*span));
            let Some(at) = operators.next() else { continue };
            let (second, start) = (operators.next(), if number == 0 { format!("|{COMPARE}(") } else { ", ".into() });
            let behind = second.as_ref().unwrap_or(&at).end;
            let opened = between
                .iter()
                .filter(|(token, span)| matches!(token, Token::ParenOpen) && range(*span).start >= behind);
            end = self.closed(operand.end, opened.count());
            let symbol = if second.is_some() { "not in" } else { symbol };
            self.edits.push(Edit::replace(at, format!("{start}\"{symbol}\", ")));
            // The `in` of `not in`.
            self.edits.extend(second.map(|second| Edit::replace(second, "")));
            before = operand.end;
        }
        self.edits.push(Edit::close(end, ")", depth));
        self.balanced(first.start..end)
    }

    fn wrap(&mut self, whole: &Range<usize>, open: &'static str, close: impl Into<Cow<'static, str>>, depth: usize) {
        self.edits.push(Edit::open(whole.start, open, depth));
        self.edits.push(Edit::close(whole.end, close, depth));
    }

    /// The tokens from one place to another.
    fn between(&self, start: usize, end: usize) -> &[(Token<'_>, Span)] {
        let first = self.tokens.partition_point(|(_, span)| range(*span).start < start);
        let behind = self.tokens.partition_point(|(_, span)| range(*span).start < end);
        self.tokens.get(first..behind).unwrap_or_default()
    }

    fn is_not(&self, at: usize) -> bool {
        matches!(self.between(at, at + 1), [(Token::Ident("not"), _), ..])
    }

    /// The end of the last of so many brackets that close behind a place.
    fn closed(&self, from: usize, count: usize) -> usize {
        let mut closing = self.between(from, usize::MAX).iter();
        let nth = count.checked_sub(1);
        nth.and_then(|nth| closing.nth(nth)).map_or(from, |(_, span)| range(*span).end)
    }

    /// A range with the brackets whose partners are in it: what is in brackets does not count them in.
    fn balanced(&self, range_: Range<usize>) -> Range<usize> {
        let (mut opened, mut missing) = (0usize, 0usize);
        for (token, _) in self.between(range_.start, range_.end) {
            match bracket(token) {
                Some(true) => opened += 1,
                Some(false) if opened == 0 => missing += 1,
                Some(false) => opened -= 1,
                None => {}
            }
        }
        let mut start = range_.start;
        let first = self.tokens.partition_point(|(_, span)| range(*span).start < range_.start);
        // Nothing but brackets stands there: the operands themselves are in the range.
        for (_, span) in self.tokens.get(..first).unwrap_or_default().iter().rev().take(missing) {
            start = range(*span).start;
        }
        start..self.closed(range_.end, opened)
    }
}

fn range(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

/// Whether a token is a bracket that opens or closes.
fn bracket(token: &Token<'_>) -> Option<bool> {
    match token {
        Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => Some(true),
        Token::ParenClose | Token::BracketClose | Token::BraceClose => Some(false),
        _ => None,
    }
}

fn is_arithmetic(op: &BinOpKind) -> bool {
    use BinOpKind::{Add, Div, FloorDiv, Mul, Pow, Rem, Sub};
    matches!(op, Add | Sub | Mul | Div | FloorDiv | Rem | Pow)
}

fn comparison(op: &BinOpKind) -> Option<&'static str> {
    Some(match op {
        BinOpKind::Eq => "==",
        BinOpKind::Ne => "!=",
        BinOpKind::Lt => "<",
        BinOpKind::Lte => "<=",
        BinOpKind::Gt => ">",
        BinOpKind::Gte => ">=",
        BinOpKind::In => "in",
        _ => return None,
    })
}

fn symbol(op: &CompareOpKind) -> &'static str {
    match op {
        CompareOpKind::Eq => "==",
        CompareOpKind::Ne => "!=",
        CompareOpKind::Lt => "<",
        CompareOpKind::Lte => "<=",
        CompareOpKind::Gt => ">",
        CompareOpKind::Gte => ">=",
        CompareOpKind::In => "in",
        CompareOpKind::NotIn => "not in",
    }
}

#[cfg(test)]
mod tests;
