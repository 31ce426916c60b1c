//! Names in expressions: which secret each means, and what is in the values behind it.

use super::analyse::{Walk, range};
use super::filters;
use super::program::Usage;
use crate::nearest::{nearest, there_are};
use minijinja::Value;
use minijinja::machinery::Span;
use minijinja::machinery::ast::Expr;
use std::ops::Range;

/// Names that are no secrets.
const SPECIAL: [&str; 2] = ["loop", "caller"];

/// A place where something is looked up by names that stand in the template.
#[derive(Debug)]
pub(super) struct Lookup {
    /// The template it stands in.
    pub template: String,
    /// Where, in bytes.
    pub span: Range<usize>,
    /// The names, up to the first that only a run tells.
    pub path: Vec<String>,
    /// The secret that is meant, and how many of the names are its own.
    pub secret: Option<(usize, usize)>,
    /// Whether every run gets there.
    pub certain: bool,
}

impl Lookup {
    /// What is not there, if something is not: says which name, and guesses the one that was meant. Names in a sops file
    /// are no secrets.
    pub fn missing(&self, context: &Value) -> Option<(String, Option<String>)> {
        let mut value = context.clone();
        for (number, name) in self.path.iter().enumerate() {
            let inner = value.get_attr(name).ok().filter(|inner| !inner.is_undefined());
            let Some(inner) = inner else {
                let keys: Vec<Value> = value.try_iter().map(Iterator::collect).unwrap_or_default();
                let near = nearest(name, keys.iter().filter_map(Value::as_str));
                let hint = near.map(|near| format!("did you mean '{near}'?"));
                return Some((format!("'{name}' is not in '{}'", self.path[..number].join(".")), hint));
            };
            value = inner;
        }
        None
    }
}

impl<'t> Walk<'_, 't> {
    /// A name with what follows it: `secrets["db/password"]`, `wireguard.peers[0].key`.
    pub fn lookup(&mut self, expr: &Expr<'t>) {
        let (base, parts) = self.parts(expr);
        let Expr::Var(var) = base else { return self.expression(base) };
        if var.id == "loop" && !self.scope.is_assigned("loop") && !self.scope.is_in_loop() {
            return self.wrong(var.span(), "there is no loop around this", None);
        }
        if self.scope.is_assigned(var.id) || SPECIAL.contains(&var.id) {
            return;
        }
        let fixed: Vec<_> = parts.iter().map_while(Option::as_deref).collect();
        let maybe = self.scope.may_be_assigned(var.id);
        if maybe && !self.is_secret(var.id, &fixed) {
            return;
        }
        let found = if var.id == "secrets" {
            let found = self.secret(expr.span(), &["secrets"], &fixed, parts.len() > fixed.len());
            found.map(|(secret, names)| (secret, names + 1))
        } else {
            let all: Vec<_> = std::iter::once(var.id).chain(fixed.iter().copied()).collect();
            self.secret(if fixed.is_empty() { var.span() } else { expr.span() }, &[], &all, false)
        };
        self.found.lookups.extend(self.stack.last().map(|template| Lookup {
            template: template.name.to_owned(),
            // The parser starts it behind a part in brackets.
            span: range(var.span()).start..range(expr.span()).end,
            path: path(var.id, &parts),
            secret: found,
            certain: self.guards == 0 && !maybe,
        }));
    }

    /// Whether a name, or the start of what is behind it, is that of a secret.
    fn is_secret(&self, first: &str, rest: &[&str]) -> bool {
        let mut name = first.to_owned();
        let longer = rest.iter().map(|part| {
            name.push('/');
            name.push_str(part);
            self.declared.names.contains_key(name.as_str())
        });
        self.declared.names.contains_key(first) || longer.into_iter().any(|found| found)
    }

    /// Notes that a template can do without what an expression looks up.
    pub fn may_be_absent(&mut self, expr: &Expr<'t>) {
        let (base, parts) = self.parts(expr);
        if let Expr::Var(var) = base {
            self.found.optional.insert(path(var.id, &parts));
        }
    }

    /// What a lookup starts with, and the names behind it, as far as they stand in the template.
    fn parts<'e>(&mut self, expr: &'e Expr<'t>) -> (&'e Expr<'t>, Vec<Option<String>>) {
        let mut parts = Vec::new();
        let mut base = expr;
        loop {
            base = match base {
                Expr::GetAttr(get) => {
                    parts.push(Some(get.name.to_owned()));
                    &get.expr
                }
                Expr::GetItem(get) => {
                    let constant = get.subscript_expr.as_const();
                    parts.push(constant.as_ref().and_then(|value| value.as_str()).map(str::to_owned));
                    self.expression(&get.subscript_expr);
                    &get.expr
                }
                _ => break,
            };
        }
        parts.reverse();
        (base, parts)
    }

    /// The word that a name is part of, as it would be read outside an expression: `db-user`, which is a subtraction there.
    fn around(&self, span: Span) -> Option<&str> {
        let text = std::str::from_utf8(self.stack.last()?.text).ok()?;
        let part = |c: char| c.is_alphanumeric() || c == '_' || OTHER_LETTERS.contains(&c);
        let Range { start, end } = range(span);
        let before = text.get(..start)?.trim_end_matches(part).len();
        let behind = text.get(end..)?;
        let after = end + (behind.len() - behind.trim_start_matches(part).len());
        text.get(before..after)
    }

    /// Finds the secret that the longest part of `fixed`, put together with `/`, is the name of. Gives its position and
    /// how long that part is.
    fn secret(&mut self, span: Span, root: &[&str], fixed: &[&str], then_dynamic: bool) -> Option<(usize, usize)> {
        let longest = (1..=fixed.len()).rev().find_map(|len| {
            let secret = self.declared.names.get(fixed[..len].join("/").as_str())?;
            Some((len, *secret))
        });
        if let Some((len, secret)) = longest {
            let path = root.iter().chain(&fixed[..len]).map(|part| (*part).to_owned()).collect();
            self.found.usages.insert(Usage { path, secret });
            return Some((secret, len));
        }
        if fixed.is_empty() {
            let what = match then_dynamic {
                true => "which secret is meant must be known before anything is decrypted",
                false => "'secrets' cannot be used as a whole: only named secrets are decrypted",
            };
            self.wrong(span, what, Some("write its name in quotes: secrets[\"name\"]".to_owned()));
            return None;
        }
        let name = fixed.join("/");
        let names = || self.declared.names.keys().copied();
        let below = format!("{name}/");
        let near = self
            .around(span)
            .and_then(|around| names().find(|other| *other == around))
            .or_else(|| nearest(&name, names()))
            .or_else(|| nearest(fixed[0], names()))
            .or_else(|| names().find(|other| other.starts_with(&below)));
        let hint = near.map(|near| format!("did you mean {}?", written(near)));
        let hint = hint.unwrap_or_else(|| there_are(names(), "secrets"));
        self.wrong(span, format!("no secret is called '{name}'"), Some(hint));
        None
    }
}

/// Letters of names that a name in an expression cannot have: there they are operators, or start something else.
const OTHER_LETTERS: [char; 3] = ['-', '.', '/'];

fn path(first: &str, parts: &[Option<String>]) -> Vec<String> {
    std::iter::once(first.to_owned()).chain(parts.iter().map_while(Clone::clone)).collect()
}

/// How a template names a secret.
fn written(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let identifier = name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit());
    let taken = filters::FUNCTIONS.contains(&name) || SPECIAL.contains(&name) || name == "secrets";
    if identifier && !taken { name.to_owned() } else { format!("secrets[{name:?}]") }
}
