//! What is called by name: filters, tests and functions, as far as they can be told to be wrong without the values.

use super::analyse::Walk;
use super::filters;
use super::filters::lists::MAP_NEEDS;
use super::filters::passwords::METHODS;
use super::password::Method;
use crate::nearest::nearest;
use minijinja::Value;
use minijinja::machinery::Span;
use minijinja::machinery::ast::{self, CallArg, CallType, Spanned};

impl<'t> Walk<'_, 't> {
    pub fn filter(&mut self, filter: &Spanned<ast::Filter<'t>>) {
        self.found.hashes_passwords |= matches!(filter.name, "mkpasswd" | "htpasswd");
        self.known(filter.name, filters::NAMES, "filter", filter.span());
        self.told_wrongly(filter);
        // Its message is shown where the value is missing, so it must not be made of values.
        let is_fixed = |argument: &CallArg<'t>| matches!(argument, CallArg::Pos(expr) | CallArg::Kwarg(_, expr) if expr.as_const().is_some());
        if filter.name == "required" && !filter.args.iter().all(is_fixed) {
            self.wrong(filter.span(), "the message of 'required' must be text that stands in the template", None);
        }
    }

    /// What a run would refuse whatever the values are.
    fn told_wrongly(&mut self, filter: &Spanned<ast::Filter<'t>>) {
        let positional = filter.args.iter().map_while(|argument| match argument {
            CallArg::Pos(expr) => Some(expr.as_const()),
            _ => None,
        });
        let positional: Vec<_> = positional.collect();
        let is_splat = |argument: &CallArg<'t>| matches!(argument, CallArg::PosSplat(_) | CallArg::KwargSplat(_));
        let fixed = filters::ARGUMENTS.iter().find(|(_, names)| names.contains(&filter.name));
        if let Some((count, _)) = fixed.filter(|(count, _)| *count != filter.args.len())
            && !filter.args.iter().any(is_splat)
        {
            let arguments = match count {
                0 => "no argument".to_owned(),
                1 => "1 argument".to_owned(),
                more => format!("{more} arguments"),
            };
            self.wrong(filter.span(), format!("'{}' takes {arguments}", filter.name), None);
        }
        let named = |at: usize| positional.get(at).and_then(Option::as_ref).and_then(Value::as_str);
        match filter.name {
            "map" if !positional.is_empty() => self.wrong(filter.span(), MAP_NEEDS, None),
            "mkpasswd" if named(0).is_some_and(|method| Method::parse(method).is_none()) => {
                self.wrong(filter.span(), METHODS, None);
            }
            "select" | "reject" => named(0).into_iter().for_each(|test| self.is_test(test, filter.span())),
            "selectattr" | "rejectattr" => named(1).into_iter().for_each(|test| self.is_test(test, filter.span())),
            _ => {}
        }
    }

    fn is_test(&mut self, name: &str, span: Span) {
        if !filters::SIGNS.contains(&name) {
            self.known(name, filters::TESTS, "test", span);
        }
    }

    pub fn known(&mut self, name: &str, names: &[&str], what: &str, span: Span) {
        if !names.contains(&name) {
            let hint = nearest(name, names.iter().copied()).map(|near| format!("did you mean '{near}'?"));
            self.wrong(span, format!("there is no {what} '{name}'"), hint);
        }
    }

    pub fn call(&mut self, call: &Spanned<ast::Call<'t>>) {
        self.arguments(&call.args);
        match call.identify_call() {
            CallType::Function(name) if filters::FUNCTIONS.contains(&name) => {}
            CallType::Function(name) if self.scope.is_macro(name) => {
                let hint = format!("write {{{{ {name}(…) }}}} where the text is to stand");
                self.wrong(call.span(), "the text of a macro can only be written out as it is", Some(hint));
            }
            CallType::Function(name) => {
                let hint = nearest(name, filters::FUNCTIONS.iter().copied())
                    .map(|near| format!("did you mean '{near}'?"))
                    .or_else(|| {
                        filters::NAMES.contains(&name).then(|| format!("it is a filter: {{{{ x | {name} }}}}"))
                    });
                self.wrong(call.span(), format!("there is no function '{name}'"), hint);
            }
            CallType::Method(..) | CallType::Block(_) | CallType::Object(_) => {
                self.wrong(call.span(), "values have no methods", Some("use a filter: {{ x | … }}".to_owned()));
            }
        }
    }
}
