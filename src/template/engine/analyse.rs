//! Walks a template's syntax tree: which secrets it names, what it includes, and what is wrong with it.

use super::depth;
use super::filters;
use super::lookup::Lookup;
use super::mistake::Mistake;
use super::program::{Declared, TemplateText, Usage, utf8};
use super::scope::Scope;
use crate::nearest::nearest;
use minijinja::machinery::ast::{BinOpKind, CallArg, CallType, Expr, Spanned, Stmt};
use minijinja::machinery::{Span, ast, parse};
use std::collections::BTreeSet;
use std::ops::Range;

/// Most templates inside one another.
const INCLUDES_MAX: usize = 16;

/// Most templates included in all, each as often as it is: includes multiply.
const INCLUDED_MAX: usize = 10_000;

/// Most bytes of them.
const INCLUDED_MAX_BYTES: usize = 64 << 20;

/// What a walk found.
#[derive(Default)]
pub(super) struct Analysis<'t> {
    /// The template and those it includes, each once.
    pub templates: Vec<TemplateText<'t>>,
    pub usages: BTreeSet<Usage>,
    pub lookups: Vec<Lookup>,
    /// Paths that a test or a default provides for.
    pub optional: BTreeSet<Vec<String>>,
    pub hashes_passwords: bool,
}

pub(super) fn analyse<'t>(
    main: TemplateText<'t>,
    others: &[TemplateText<'t>],
    declared: &Declared<'_>,
) -> Result<Analysis<'t>, Vec<Mistake>> {
    let (found, mistakes, included) = (Analysis::default(), Vec::new(), (0, 0));
    let mut walk = Walk {
        others,
        declared,
        found,
        mistakes,
        stack: Vec::new(),
        scope: Scope::default(),
        guards: 0,
        included,
        too_many: false,
    };
    walk.template(main);
    if walk.mistakes.is_empty() { Ok(walk.found) } else { Err(walk.mistakes) }
}

pub(super) struct Walk<'a, 't> {
    others: &'a [TemplateText<'t>],
    pub declared: &'a Declared<'a>,
    pub found: Analysis<'t>,
    mistakes: Vec<Mistake>,
    /// The templates around the place, outermost first.
    pub stack: Vec<TemplateText<'t>>,
    pub scope: Scope<'t>,
    /// How many conditions and loops stand around the place, any of which may keep it from being reached.
    pub guards: usize,
    /// How many templates have been included so far, and their bytes.
    included: (usize, usize),
    too_many: bool,
}

pub(super) fn range(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

impl<'t> Walk<'_, 't> {
    fn template(&mut self, template: TemplateText<'t>) {
        let tree = match read(template) {
            Ok(tree) => tree,
            Err(mistake) => return self.add(mistake),
        };
        if self.found.templates.iter().all(|known| known.name != template.name) {
            self.found.templates.push(template);
        }
        self.stack.push(template);
        self.statement(&tree);
        self.stack.pop();
    }

    fn add(&mut self, mistake: Mistake) {
        // A template that is included twice has its mistakes told once.
        if !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
    }

    pub fn wrong(&mut self, span: Span, what: impl Into<String>, hint: Option<String>) {
        let Some(template) = self.stack.last() else { return };
        let text = std::str::from_utf8(template.text).unwrap_or_default();
        let mistake = Mistake::at(template.name, text, range(span), what);
        self.add(Mistake { hint, ..mistake });
    }

    fn all(&mut self, statements: &[Stmt<'t>]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    fn inside(&mut self, walk: impl FnOnce(&mut Self)) {
        let mark = self.scope.mark();
        walk(self);
        self.scope.back(&mark);
    }

    /// Walks what a run may leave out, or what may be missing as long as nobody uses it.
    fn maybe(&mut self, walk: impl FnOnce(&mut Self)) {
        self.guards += 1;
        walk(self);
        self.guards -= 1;
    }

    fn statement(&mut self, statement: &Stmt<'t>) {
        match statement {
            Stmt::Template(template) => self.all(&template.children),
            Stmt::EmitRaw(_) => {}
            Stmt::EmitExpr(emit) => self.emitted(&emit.expr),
            Stmt::ForLoop(each) => {
                self.expression(&each.iter);
                self.maybe(|walk| {
                    walk.inside(|walk| {
                        walk.target(&each.target);
                        walk.scope.enter_loop();
                        each.filter_expr.iter().for_each(|filter| walk.expression(filter));
                        walk.all(&each.body);
                    });
                    walk.inside(|walk| walk.all(&each.else_body));
                });
            }
            Stmt::IfCond(cond) => {
                self.expression(&cond.expr);
                self.maybe(|walk| {
                    for branch in [&cond.true_body, &cond.false_body] {
                        let mark = walk.scope.mark();
                        walk.all(branch);
                        walk.scope.leave_branch(&mark);
                    }
                });
            }
            Stmt::WithBlock(with) => self.inside(|walk| {
                for (target, value) in &with.assignments {
                    walk.maybe(|walk| walk.expression(value));
                    walk.target(target);
                }
                walk.all(&with.body);
            }),
            Stmt::Set(set) => {
                self.maybe(|walk| walk.expression(&set.expr));
                self.target(&set.target);
            }
            Stmt::Macro(declared) => self.declare(declared),
            Stmt::Include(include) => self.include(include),
            Stmt::SetBlock(set) => self.refused(set.span(), "a block of text kept by 'set'", "write {% set x = … %}"),
            Stmt::AutoEscape(node) => self.refused(node.span(), "'autoescape'", "give the template a 'format'"),
            Stmt::FilterBlock(node) => self.refused(node.span(), "a 'filter' block", "filter the values: {{ x | … }}"),
            Stmt::CallBlock(node) => self.refused(node.span(), "a 'call' block", "call the macro: {{ name(…) }}"),
            Stmt::Do(node) => self.refused(node.span(), "'do'", "use 'set'"),
            Stmt::Block(node) => self.refused(node.span(), "'block'", "use 'include'"),
            Stmt::Extends(node) => self.refused(node.span(), "'extends'", "use 'include'"),
            Stmt::Import(node) => self.refused(node.span(), "'import'", "use 'include'"),
            Stmt::FromImport(node) => self.refused(node.span(), "'import'", "use 'include'"),
        }
    }

    fn refused(&mut self, span: Span, what: &str, instead: &str) {
        self.wrong(span, format!("{what} is not part of this engine"), Some(instead.to_owned()));
    }

    fn declare(&mut self, declared: &Spanned<ast::Macro<'t>>) {
        self.scope.declare_macro(declared.name);
        self.scope.assign(declared.name);
        self.maybe(|walk| {
            declared.defaults.iter().for_each(|default| walk.expression(default));
            walk.inside(|walk| {
                declared.args.iter().for_each(|argument| walk.target(argument));
                walk.all(&declared.body);
            });
        });
    }

    fn target(&mut self, target: &Expr<'t>) {
        match target {
            Expr::Var(var) => self.scope.assign(var.id),
            Expr::List(list) => list.items.iter().for_each(|item| self.target(item)),
            Expr::Tuple(tuple) => tuple.items.iter().for_each(|item| self.target(item)),
            other => self.expression(other),
        }
    }

    fn include(&mut self, include: &Spanned<ast::Include<'t>>) {
        let span = include.name.span();
        let name = include.name.as_const();
        let Some(name) = name.as_ref().and_then(|name| name.as_str()) else {
            let hint = "write the template's name in quotes".to_owned();
            return self.wrong(span, "which template is included must be known beforehand", Some(hint));
        };
        if self.stack.iter().any(|template| template.name == name) {
            return self.wrong(span, format!("'{name}' would include itself without end"), None);
        }
        if self.stack.len() > INCLUDES_MAX {
            return self.wrong(span, format!("includes are nested too deep: {INCLUDES_MAX} at most"), None);
        }
        match self.others.iter().find(|template| template.name == name).copied() {
            Some(template) => {
                self.included.0 += 1;
                self.included.1 = self.included.1.saturating_add(template.text.len());
                if self.included.0 <= INCLUDED_MAX && self.included.1 <= INCLUDED_MAX_BYTES {
                    return self.inside(|walk| walk.template(template));
                }
                let what = match self.included.0 > INCLUDED_MAX {
                    true => format!("templates are included more than {INCLUDED_MAX} times"),
                    false => format!("included templates are more than {} MiB in all", INCLUDED_MAX_BYTES >> 20),
                };
                // Told once, and not at each place that is left.
                if !std::mem::replace(&mut self.too_many, true) {
                    self.wrong(span, what, None);
                }
            }
            None => {
                let near = nearest(name, self.others.iter().map(|template| template.name));
                let hint = near.map(|near| format!("did you mean '{near}'?"));
                self.wrong(span, format!("the manifest has no minijinja template '{name}' to include"), hint);
            }
        }
    }

    /// What is written out: the one place where a macro may be called, for its text cannot be filtered.
    fn emitted(&mut self, expr: &Expr<'t>) {
        match expr {
            Expr::Call(call) => match call.identify_call() {
                CallType::Function(name) if name == "loop" || self.scope.is_macro(name) => {
                    self.maybe(|walk| walk.arguments(&call.args));
                }
                _ => self.expression(expr),
            },
            _ => self.expression(expr),
        }
    }

    pub fn arguments(&mut self, arguments: &[CallArg<'t>]) {
        for argument in arguments {
            match argument {
                CallArg::Pos(expr) | CallArg::Kwarg(_, expr) | CallArg::PosSplat(expr) | CallArg::KwargSplat(expr) => {
                    self.expression(expr);
                }
            }
        }
    }

    pub fn expression(&mut self, expr: &Expr<'t>) {
        match expr {
            Expr::Const(_) => {}
            Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_) => self.lookup(expr),
            Expr::Slice(slice) => {
                self.expression(&slice.expr);
                [&slice.start, &slice.stop, &slice.step].into_iter().flatten().for_each(|part| self.expression(part));
            }
            Expr::UnaryOp(op) => self.expression(&op.expr),
            Expr::BinOp(op) => {
                self.expression(&op.left);
                match op.op {
                    BinOpKind::ScAnd | BinOpKind::ScOr => self.maybe(|walk| walk.expression(&op.right)),
                    _ => self.expression(&op.right),
                }
            }
            Expr::Compare(compare) => {
                self.expression(&compare.expr);
                compare.ops.iter().for_each(|op| self.expression(&op.expr));
            }
            Expr::IfExpr(cond) => {
                self.expression(&cond.test_expr);
                self.maybe(|walk| {
                    walk.expression(&cond.true_expr);
                    cond.false_expr.iter().for_each(|other| walk.expression(other));
                });
            }
            Expr::Filter(filter) => {
                filter.expr.iter().for_each(|expr| self.expression(expr));
                self.arguments(&filter.args);
                self.filter(filter);
                if matches!(filter.name, "default" | "d") {
                    filter.expr.iter().for_each(|expr| self.may_be_absent(expr));
                }
            }
            Expr::Test(test) => {
                self.maybe(|walk| walk.expression(&test.expr));
                self.arguments(&test.args);
                if matches!(test.name, "defined" | "undefined") {
                    self.may_be_absent(&test.expr);
                }
                self.known(test.name, filters::TESTS, "test", test.span());
            }
            Expr::Call(call) => self.call(call),
            Expr::List(list) => self.maybe(|walk| list.items.iter().for_each(|item| walk.expression(item))),
            Expr::Tuple(tuple) => self.maybe(|walk| tuple.items.iter().for_each(|item| walk.expression(item))),
            Expr::Map(map) => {
                self.maybe(|walk| map.keys.iter().chain(&map.values).for_each(|part| walk.expression(part)))
            }
        }
    }
}

fn read<'t>(template: TemplateText<'t>) -> Result<Stmt<'t>, Mistake> {
    let text = utf8(template)?;
    let syntax = template.delimiters.syntax().map_err(|error| Mistake::whole(template.name, error.to_string()))?;
    depth::check(template, text, syntax.clone())?;
    // No value is known yet, so the parser's own words can hold none.
    parse(text, template.name, syntax).map_err(|error| {
        let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        match error.line() {
            Some(line) => Mistake::in_line(template.name, text, line, what),
            None => Mistake::whole(template.name, what),
        }
    })
}
