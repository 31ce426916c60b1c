//! The filters, tests and functions that templates may use.
//!
//! Filters that write a value for a format (`json`, `sh`, …) give text that is written out as it is. What any other
//! filter gives is a value like any other: the template's format escapes it.

mod compare;
mod digest;
mod encode;
mod formats;
pub(super) mod lists;
pub(super) mod operators;
mod out;
mod parse;
pub(super) mod passwords;
mod pem;
#[cfg(test)]
mod tests;
mod text;

use super::password::Hasher;
use super::value::{self, AsItIs, NoText};
use crate::secret::SecretBytes;
use minijinja::{Environment, Error, ErrorKind, State, Value, filters, functions, tests as checks};
use std::borrow::Cow;
use std::sync::Arc;

/// Every filter.
pub const NAMES: &[&str] = &[
    "b64decode",
    "b64encode",
    "b64url",
    "basic_auth",
    "capitalize",
    "count",
    "d",
    "default",
    "dictsort",
    "docker_env",
    "env",
    "first",
    "from_json",
    "from_yaml",
    "hex",
    "hmac_sha256",
    "htpasswd",
    "indent",
    "ini",
    "int",
    "items",
    "join",
    "json",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "mkpasswd",
    "pem_cert",
    "pem_key",
    "raw",
    "regex_escape",
    "reject",
    "rejectattr",
    "replace",
    "required",
    "reverse",
    "round",
    "select",
    "selectattr",
    "sh",
    "sha256",
    "sha512",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "tojson",
    "toml",
    "trim",
    "trim_newline",
    "unique",
    "upper",
    "url_userinfo",
    "urlencode",
    "xml",
    "yaml",
];

/// The filters that write a value for its place, so that no format escapes it again.
pub(super) const WRITING: &[&str] = &["docker_env", "env", "ini", "json", "raw", "sh", "tojson", "toml", "xml", "yaml"];

/// Filters that take so many arguments, no more and no less.
pub(super) const ARGUMENTS: &[(usize, &[&str])] = &[
    (
        0,
        &[
            "b64decode",
            "b64encode",
            "b64url",
            "capitalize",
            "count",
            "docker_env",
            "env",
            "first",
            "from_json",
            "from_yaml",
            "hex",
            "ini",
            "items",
            "json",
            "last",
            "length",
            "lines",
            "list",
            "lower",
            "pem_cert",
            "pem_key",
            "raw",
            "regex_escape",
            "reverse",
            "sh",
            "sha256",
            "sha512",
            "string",
            "title",
            "tojson",
            "toml",
            "trim_newline",
            "upper",
            "url_userinfo",
            "urlencode",
            "xml",
            "yaml",
        ],
    ),
    (1, &["basic_auth", "hmac_sha256", "htpasswd"]),
    (2, &["replace"]),
];

/// Every test: what may stand behind `is`.
pub const TESTS: &[&str] = &[
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "even",
    "false",
    "float",
    "ge",
    "gt",
    "in",
    "integer",
    "iterable",
    "le",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "sequence",
    "startingwith",
    "string",
    "true",
    "undefined",
];

/// Signs that `select` and its kin take for tests.
pub(super) const SIGNS: &[&str] = &["!=", "<", "<=", "==", ">", ">="];

/// Every function.
///
/// Not `namespace`: with a variable that outlives a loop a value could be nested without end, and its end would overflow
/// the stack.
pub const FUNCTIONS: &[&str] = &["dict", "range"];

/// Why a filter gives nothing, in words that hold no value.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Refused(pub Cow<'static, str>);

/// The error of a filter.
pub(super) fn refused(why: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, "refused").with_source(Refused(why.into()))
}

/// The bytes of a filter's input: those of a scalar, as far as it is no text that a macro made.
fn bytes<'v>(value: &'v Value) -> Result<Cow<'v, [u8]>, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let (bytes, _) = value::scalar(value).map_err(|why: NoText| refused(why))?;
    out::fits(bytes.len())?;
    if value.is_safe() && bytes.contains(&0) {
        return Err(refused("the text of a macro can only be written out as it is"));
    }
    Ok(bytes)
}

/// [`bytes`] where they are text.
fn text<'v>(value: &'v Value) -> Result<Cow<'v, str>, Error> {
    const WHY: &str = "the value is not UTF-8, which this filter needs";
    match bytes(value)? {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| refused(WHY)),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| refused(WHY)),
    }
}

/// Text that is written out as it is. minijinja does not know how much of it there is, so it is charged for here.
fn as_it_is(state: &State<'_, '_>, text: String) -> Result<Value, Error> {
    out::charge(state, text.len())?;
    Ok(Value::from_object(AsItIs(SecretBytes::new(text.into_bytes()))))
}

/// Adds all of them.
pub(super) fn add_all(environment: &mut Environment<'_>, hasher: Arc<Hasher>) {
    text::add(environment);
    lists::add(environment);
    encode::add(environment);
    digest::add(environment);
    formats::add(environment);
    parse::add(environment);
    pem::add(environment);
    passwords::add(environment, hasher);
    operators::add(environment);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("list", filters::list);
    environment.add_filter("int", filters::int);
    environment.add_filter("round", filters::round);
    environment.add_filter("select", filters::select);
    environment.add_filter("selectattr", filters::selectattr);
    environment.add_filter("reject", filters::reject);
    environment.add_filter("rejectattr", filters::rejectattr);
    environment.add_function("range", functions::range);
    environment.add_function("dict", lists::dict);
    add_tests(environment);
}

fn add_tests(environment: &mut Environment<'_>) {
    for (names, sign) in [
        (&["eq", "equalto", "=="][..], "=="),
        (&["ne", "!="], "!="),
        (&["lt", "<"], "<"),
        (&["le", "<="], "<="),
        (&["gt", ">"], ">"),
        (&["ge", ">="], ">="),
    ] {
        for name in names {
            let test = move |state: &State<'_, '_>, a: &Value, b: &Value| compare::holds(state, a, sign, b);
            environment.add_test(*name, test);
        }
    }
    environment.add_test("boolean", checks::is_boolean);
    environment.add_test("defined", checks::is_defined);
    environment.add_test("divisibleby", checks::is_divisibleby);
    environment.add_test("endingwith", checks::is_endingwith);
    environment.add_test("even", checks::is_even);
    environment.add_test("false", checks::is_false);
    environment.add_test("float", checks::is_float);
    environment.add_test("in", |state: &State<'_, '_>, a: &Value, b: &Value| compare::contains(state, b, a));
    environment.add_test("integer", checks::is_integer);
    environment.add_test("iterable", checks::is_iterable);
    environment.add_test("mapping", checks::is_mapping);
    environment.add_test("none", checks::is_none);
    environment.add_test("number", checks::is_number);
    environment.add_test("odd", checks::is_odd);
    environment.add_test("sequence", checks::is_sequence);
    environment.add_test("startingwith", checks::is_startingwith);
    environment.add_test("string", |value: &Value| compare::is_text(value));
    environment.add_test("true", checks::is_true);
    environment.add_test("undefined", checks::is_undefined);
}
