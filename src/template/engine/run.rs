//! Runs a program: what it writes becomes a skeleton of text and values.

use super::filters::{self, Refused};
use super::mistake::Mistake;
use super::password::Hasher;
use super::program::{Part, Program, Usage};
use super::value::{self, AsItIs, Input};
use crate::secret::{SecretBuf, SecretBytes};
use crate::template::escape::{Piece, ValueType};
use crate::template::render::RENDERED_MAX_BYTES;
use crate::template::scan::Segment;
use crate::template::tokens::SecretIndex;
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Work a template may do: an instruction, or 64 bytes, costs one. A template of 1 MiB takes some 100,000.
const FUEL: u64 = 10_000_000;

/// The filter that tells which expression is written out; users cannot spell it.
pub(super) const NUMBER: &str = "__number";

/// The filter that makes text of the template's own of a separator.
pub(super) const OWN: &str = "__own";

/// A value that was written out.
#[derive(Debug)]
pub struct Emitted {
    /// Its bytes.
    pub bytes: SecretBytes,
    /// What it is.
    pub kind: ValueType,
    /// Which expression of the program wrote it.
    expression: usize,
}

/// What a template gives: text, and values apart from it.
#[derive(Debug, Default)]
pub struct Skeleton {
    /// The text; a value's number stands between two NULs.
    text: SecretBytes,
    /// The values, in the order they were written. A number may stand twice or not at all.
    pub values: Vec<Emitted>,
    /// Where each expression stands: template, offset.
    places: Vec<Written>,
}

/// An expression that is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The template it stands in.
    pub template: String,
    /// Where, in bytes.
    pub span: Range<usize>,
    /// Its text: `db_password | trim`.
    pub text: String,
}

impl Skeleton {
    /// Literals, which hold no value, and values, each by its position in [`Skeleton::values`].
    pub fn segments(&self) -> Vec<Segment<'_>> {
        let mut segments = Vec::new();
        let mut offset = 0;
        for (number, piece) in self.text.expose().split(|byte| *byte == 0).enumerate() {
            if number % 2 == 1 {
                let index = std::str::from_utf8(piece).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0);
                segments.push(Segment::Value { secret: SecretIndex(index), offset, token: piece });
            } else if !piece.is_empty() {
                segments.push(Segment::Literal(piece));
            }
            offset += piece.len() + 1;
        }
        segments
    }

    /// A value and what it is.
    pub fn value(&self, index: SecretIndex) -> Piece<'_> {
        match self.values.get(index.0) {
            Some(emitted) => Piece { bytes: emitted.bytes.expose(), kind: emitted.kind },
            None => Piece::text(b""),
        }
    }

    /// The expression that wrote a value.
    pub fn place(&self, value: SecretIndex) -> Option<&Written> {
        self.places.get(self.values.get(value.0)?.expression)
    }
}

/// What the formatter and the filters share.
struct Shared {
    values: Vec<Emitted>,
    expression: usize,
    bytes: usize,
}

type Common = Arc<Mutex<Shared>>;

fn lock(shared: &Common) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Program<'_> {
    /// Runs the program. `value` gives the secret at a position of the manifest; `hasher` serves the password filters.
    ///
    /// # Errors
    /// The first thing that cannot be done, with its place and without any value.
    pub fn run<'v>(
        &self,
        value: impl Fn(usize) -> Option<Input<'v>>,
        hasher: Arc<Hasher>,
    ) -> Result<Skeleton, Mistake> {
        let context = self.context(value)?;
        let shared = Arc::new(Mutex::new(Shared { values: Vec::new(), expression: 0, bytes: 0 }));
        let texts: Vec<_> = self.parts.iter().map(|part| part.numbered(NUMBER, OWN)).collect();
        let main = self.parts.first().map(|part| part.name).unwrap_or_default();
        let mut environment = environment(&shared, hasher);
        for (part, text) in self.parts.iter().zip(&texts) {
            let added = part.delimiters.syntax().map_err(|error| Mistake::whole(part.name, error.to_string()));
            environment.set_syntax(added?);
            environment.add_template(part.name, text).map_err(|error| self.mistake(&error))?;
        }
        let template = environment.get_template(main).map_err(|error| self.mistake(&error))?;
        let mut out = Writer(SecretBuf::with_capacity(texts.first().map_or(0, String::len)));
        let rendered = template.render_captured_to(context.clone(), &mut out);
        rendered.map(drop).map_err(|error| self.missing(&error, &context).unwrap_or_else(|| self.mistake(&error)))?;
        let values = std::mem::take(&mut lock(&shared).values);
        Ok(Skeleton { text: out.0.finish(), values, places: self.written() })
    }

    /// A mistake at an expression.
    pub fn mistake_at(&self, place: &Written, what: impl Into<String>) -> Mistake {
        let text = self.parts.iter().find(|part| part.name == place.template).map(|part| part.text);
        Mistake::at(&place.template, text.unwrap_or_default(), place.span.clone(), what)
    }

    /// Every expression that is written out, in order of the templates.
    pub fn written(&self) -> Vec<Written> {
        let of_part = |part: &Part<'_>| {
            let (name, text) = (part.name.to_owned(), part.text.to_owned());
            let spans: Vec<_> = part.expressions().collect();
            spans.into_iter().map(move |span| {
                let text = text.get(span.clone()).unwrap_or_default().to_owned();
                Written { template: name.clone(), span, text }
            })
        };
        self.parts.iter().flat_map(of_part).collect()
    }

    /// The names that the program uses, each with its value, as maps in maps.
    fn context<'v>(&self, value: impl Fn(usize) -> Option<Input<'v>>) -> Result<Value, Mistake> {
        let main = self.parts.first().map(|part| part.name).unwrap_or_default();
        let mut root = BTreeMap::new();
        let mut usages: Vec<_> = self.usages.iter().collect();
        // Shorter paths first: what lies below them is put into their maps.
        usages.sort_by_key(|usage| usage.path.len());
        for usage in usages {
            let Some(input) = value(usage.secret) else { continue };
            if !insert(&mut root, &usage.path, input.value()) {
                return Err(Mistake::whole(main, clash(usage)));
            }
        }
        Ok(Value::from_pairs(root.into_iter().map(|(name, node)| (name, node.value()))))
    }
}

fn clash(usage: &Usage) -> String {
    let name = usage.path.last().map(String::as_str).unwrap_or_default();
    format!("'{name}' is looked up in a secret that is no map: write secrets[\"…\"] with the whole name")
}

/// A name of the context.
enum Node {
    Value(Value),
    Map(BTreeMap<String, Node>),
}

impl Node {
    fn value(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::Map(map) => Value::from_pairs(map.into_iter().map(|(name, node)| (name, node.value()))),
        }
    }

    /// The node as a map; a value that is a map is taken apart.
    fn map(&mut self) -> Option<&mut BTreeMap<String, Node>> {
        if let Self::Value(value) = self {
            if value.kind() != minijinja::value::ValueKind::Map {
                return None;
            }
            let keys = value.try_iter().ok()?;
            let pairs =
                keys.filter_map(|key| Some((key.as_str()?.to_owned(), Self::Value(value.get_item(&key).ok()?))));
            *self = Self::Map(pairs.collect());
        }
        match self {
            Self::Map(map) => Some(map),
            Self::Value(_) => None,
        }
    }
}

/// Puts a value where the path leads. False where a part of the path is no map.
fn insert(map: &mut BTreeMap<String, Node>, path: &[String], value: Value) -> bool {
    match path {
        [] => false,
        [last] => {
            map.insert(last.clone(), Node::Value(value));
            true
        }
        [first, rest @ ..] => {
            let node = map.entry(first.clone()).or_insert_with(|| Node::Map(BTreeMap::new()));
            node.map().is_some_and(|map| insert(map, rest, value))
        }
    }
}

fn environment<'e>(shared: &Common, hasher: Arc<Hasher>) -> Environment<'e> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    // Not None: text that a macro made comes back marked, and is written out as it is.
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("values apart".into()));
    filters::add_all(&mut environment, hasher);
    let of_filter = Arc::clone(shared);
    environment.add_filter(NUMBER, move |value: &Value, number: usize| {
        lock(&of_filter).expression = number;
        value.clone()
    });
    environment.add_filter(OWN, |value: &Value| match value.as_str() {
        Some(text) => Value::from_safe_string(text.to_owned()),
        None => value.clone(),
    });
    let of_formatter = Arc::clone(shared);
    environment.set_formatter(move |out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value| {
        emit(out, value, &of_formatter)
    });
    environment
}

/// Keeps a value apart and writes its number. Only the text of macros is marked safe: it holds numbers already.
fn emit(out: &mut Output<'_>, value: &Value, shared: &Common) -> Result<(), Error> {
    if let (true, Some(text)) = (value.is_safe(), value.as_str()) {
        return Ok(out.write_str(text)?);
    }
    // What is not there has been refused before. This is what an `if` without `else` gives: nothing.
    if value.is_undefined() {
        return Ok(());
    }
    let (bytes, mut kind) = value::secret(value).map_err(filters::refused)?;
    if value.downcast_object_ref::<AsItIs>().is_some() {
        kind = ValueType::Filtered;
    }
    let mut shared = lock(shared);
    shared.bytes = shared.bytes.saturating_add(bytes.len());
    if shared.bytes > RENDERED_MAX_BYTES {
        return Err(filters::refused(TOO_LARGE));
    }
    let number = shared.values.len();
    let expression = shared.expression;
    shared.values.push(Emitted { bytes, kind, expression });
    Ok(write!(out, "\0{number}\0")?)
}

pub(super) const TOO_LARGE: &str = "the rendered file would be larger than 64 MiB";

/// A writer into memory that is wiped, up to the limit.
struct Writer(SecretBuf);

impl std::io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len().saturating_add(bytes.len()) > RENDERED_MAX_BYTES {
            return Err(std::io::Error::other(Refused(TOO_LARGE.into())));
        }
        self.0.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
