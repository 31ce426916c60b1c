//! What an expression gives that is written out, as far as its form tells.

use super::filters;
use minijinja::machinery::ast::{BinOpKind, Expr, Stmt};

/// What is written.
pub(super) enum Gives {
    /// A value, which the template's format escapes.
    Value,
    /// Text that is written as it is, and known when the template runs.
    Text,
    /// Text of the template's own or none: the comma between the elements of a list.
    Separator,
}

/// Tells what an expression gives.
pub(super) fn gives(expr: &Expr<'_>) -> Gives {
    match expr {
        Expr::IfExpr(_) if is_separator(expr) => Gives::Separator,
        _ if may_give_text(expr) => Gives::Text,
        _ => Gives::Value,
    }
}

fn may_give_text(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Filter(filter) => filters::WRITING.contains(&filter.name),
        Expr::Call(_) => true,
        Expr::IfExpr(cond) => may_give_text(&cond.true_expr) || cond.false_expr.as_ref().is_some_and(may_give_text),
        // These give what one of their sides is; the others make values.
        Expr::BinOp(op) if matches!(op.op, BinOpKind::ScAnd | BinOpKind::ScOr) => {
            may_give_text(&op.left) || may_give_text(&op.right)
        }
        _ => false,
    }
}

/// Whether it is an `if` that gives commas, semicolons and white space alone: `{{ "," if not loop.last }}`. That is never
/// meant as a value, which JSON would put in quotes.
fn is_separator(expr: &Expr<'_>) -> bool {
    let separates = |c| matches!(c, ',' | ';') || char::is_whitespace(c);
    match expr {
        Expr::Const(text) => text.value.as_str().is_some_and(|text| text.chars().all(separates)),
        Expr::IfExpr(cond) => is_separator(&cond.true_expr) && cond.false_expr.as_ref().is_none_or(is_separator),
        _ => false,
    }
}

/// The statements inside one.
pub(super) fn inside<'s, 't>(statement: &'s Stmt<'t>) -> [&'s [Stmt<'t>]; 2] {
    match statement {
        Stmt::Template(template) => [&template.children, &[]],
        Stmt::ForLoop(each) => [&each.body, &each.else_body],
        Stmt::IfCond(cond) => [&cond.true_body, &cond.false_body],
        Stmt::WithBlock(with) => [&with.body, &[]],
        Stmt::Macro(declared) => [&declared.body, &[]],
        // The walk before refuses the others that have any.
        _ => [&[], &[]],
    }
}

/// Where the separators of a template start that are written out, in bytes.
pub(super) fn separators(statement: &Stmt<'_>) -> Vec<usize> {
    let mut starts = Vec::new();
    if let Stmt::EmitExpr(emit) = statement
        && matches!(gives(&emit.expr), Gives::Separator)
    {
        starts.push(emit.span().start_offset as usize);
    }
    starts.extend(inside(statement).into_iter().flatten().flat_map(separators));
    starts
}
