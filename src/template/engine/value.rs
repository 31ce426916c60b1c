//! Values on their way into minijinja and out of it.

use crate::secret::{SecretBuf, SecretBytes};
use crate::sops::number;
use crate::sops::tree::{Entry, Item, Plain, Value as Tree};
use crate::template::escape::{Piece, ValueType};
use minijinja::Value;
use minijinja::value::{Object, ObjectRepr, ValueKind};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A value as a program takes it.
#[derive(Debug, Clone, Copy)]
pub enum Input<'v> {
    /// A scalar's text, and what it is.
    Scalar(Piece<'v>),
    /// What a sops file holds at a key path.
    Tree(&'v Tree<'static, Plain>),
}

impl Input<'_> {
    /// The value as minijinja has it: in plain memory that is freed but not wiped.
    pub(super) fn value(self) -> Value {
        match self {
            Self::Scalar(piece) => typed(piece),
            Self::Tree(tree) => from_tree(tree),
        }
    }
}

/// A scalar of its own type; text that is no such number after all stays text.
fn typed(piece: Piece<'_>) -> Value {
    let parsed = match (piece.kind, std::str::from_utf8(piece.bytes)) {
        (ValueType::Int, Ok(digits)) => digits.parse::<i64>().ok().map(Value::from),
        (ValueType::Float, Ok(digits)) => digits.parse::<f64>().ok().map(Value::from),
        (ValueType::Bool, Ok(word)) => word.parse::<bool>().ok().map(Value::from),
        (_, _) => None,
    };
    parsed.unwrap_or_else(|| text(piece.bytes))
}

/// Most lists and maps around a value: minijinja compares and frees what is in them recursively.
pub(super) const VALUE_DEPTH_MAX: usize = 128;

/// Text that is written out as it is, whatever the template's format.
#[derive(Debug)]
pub(super) struct AsItIs(pub SecretBytes);

impl Object for AsItIs {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    /// As of other text.
    fn is_true(self: &Arc<Self>) -> bool {
        !self.0.expose().is_empty()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.0.expose()))
    }
}

/// Text where it is UTF-8, else bytes.
pub(super) fn text(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => Value::from(text),
        Err(_) => Value::from_bytes(bytes.to_vec()),
    }
}

fn from_tree(tree: &Tree<'_, Plain>) -> Value {
    match tree {
        Tree::Null => Value::from(()),
        Tree::Bool(value) => Value::from(*value),
        Tree::Int(value) => Value::from(*value),
        Tree::Float(value) => Value::from(*value),
        Tree::Time(value) => Value::from(value.to_string()),
        Tree::Text(bytes) => text(bytes.expose()),
        Tree::Map(entries) => {
            let pairs = entries.iter().filter_map(|entry| match entry {
                Entry::Pair(key, value) => Some((text(key), from_tree(value))),
                Entry::Comment(_) => None,
            });
            Value::from_pairs(pairs)
        }
        Tree::List(items) => {
            let values = items.iter().filter_map(|item| match item {
                Item::Value(value) => Some(from_tree(value)),
                Item::Comment(_) => None,
            });
            Value::from(values.collect::<Vec<_>>())
        }
    }
}

/// Why a value has no text.
pub(super) type NoText = &'static str;

/// The text of a scalar: a string's bytes, digits, `true` or `false`.
pub(super) fn scalar(value: &Value) -> Result<(Cow<'_, [u8]>, ValueType), NoText> {
    if let Some(text) = value.downcast_object_ref::<AsItIs>() {
        return Ok((Cow::Borrowed(text.0.expose()), ValueType::Text));
    }
    match value.kind() {
        ValueKind::Undefined => Err("the value is not there"),
        ValueKind::None => Err("the value is null"),
        ValueKind::Bool => Ok((Cow::Borrowed(if value.is_true() { b"true" } else { b"false" }), ValueType::Bool)),
        ValueKind::Number if value.is_integer() => Ok((Cow::Owned(value.to_string().into_bytes()), ValueType::Int)),
        ValueKind::Number => {
            let float = f64::try_from(value.clone()).map_err(|_| "the number is out of range")?;
            Ok((Cow::Owned(number::positional(float).into_bytes()), ValueType::Float))
        }
        ValueKind::String | ValueKind::Bytes => {
            value.as_bytes().map(|bytes| (Cow::Borrowed(bytes), ValueType::Text)).ok_or("the value is no text")
        }
        ValueKind::Map => Err("the value is a map: name a part of it, or use a loop, '| json' or '| yaml'"),
        ValueKind::Seq | ValueKind::Iterable => {
            Err("the value is a list: name a part of it, or use a loop, '| join', '| json' or '| yaml'")
        }
        _ => Err("the value is no text"),
    }
}

/// [`scalar`] in a buffer that is wiped.
pub(super) fn secret(value: &Value) -> Result<(SecretBytes, ValueType), NoText> {
    let (bytes, kind) = scalar(value)?;
    let mut out = SecretBuf::with_capacity(bytes.len());
    out.push(&bytes);
    if let Cow::Owned(mut bytes) = bytes {
        zeroize::Zeroize::zeroize(&mut bytes);
    }
    Ok((out.finish(), kind))
}
