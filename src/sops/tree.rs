//! What every format is read into and written from: an ordered tree that keeps comments and repeated keys.
//!
//! `S` is the text type and tells the two states of a document apart: [`Locked`] text is borrowed from the
//! encrypted file, [`Plain`] text is decrypted and held in [`SecretBytes`]. (sops-format.md section 0.)

use super::number;
use super::time::Timestamp;
use crate::secret::SecretBytes;
use std::borrow::Cow;

/// A map key; keys are never encrypted, so they are plain bytes in both states.
pub type Key<'a> = Cow<'a, [u8]>;

/// A value in the tree.
#[derive(Debug)]
pub enum Value<'a, S> {
    /// No value; never encrypted, never hashed.
    Null,
    /// A boolean.
    Bool(bool),
    /// A 64-bit signed integer.
    Int(i64),
    /// A double.
    Float(f64),
    /// A date or a point in time.
    Time(Timestamp),
    /// Text, or any bytes.
    Text(S),
    /// Key and value pairs in source order, with the comments between them.
    Map(Vec<Entry<'a, S>>),
    /// Elements in source order, with the comments between them.
    List(Vec<Item<'a, S>>),
}

/// A line of a map: a pair or a comment. Keys may repeat.
#[derive(Debug)]
pub enum Entry<'a, S> {
    /// `key: value`
    Pair(Key<'a>, Value<'a, S>),
    /// A comment standing in the map.
    Comment(Comment<S>),
}

/// A line of a list: an element or a comment.
#[derive(Debug)]
pub enum Item<'a, S> {
    /// An element.
    Value(Value<'a, S>),
    /// A comment standing in the list.
    Comment(Comment<S>),
}

/// A comment: one line, without its `#` or `;`.
#[derive(Debug)]
pub struct Comment<S> {
    /// The text after the comment sign, its leading space included.
    pub text: S,
    /// Whether it stood behind a value on the same line. Such a comment comes right before its value in the tree.
    pub inline: bool,
}

/// One document: the pairs of its root map.
pub type Document<'a, S> = Vec<Entry<'a, S>>;

/// Text of an encrypted file: borrowed from its bytes where the format allows.
pub type Locked<'a> = Cow<'a, [u8]>;

/// Text of a decrypted document.
pub type Plain = SecretBytes;

impl<S> Value<'_, S> {
    /// The kind of value in the words of a message: `a map`, `a string`.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a number",
            Value::Time(_) => "a timestamp",
            Value::Text(_) => "a string",
            Value::Map(_) => "a map",
            Value::List(_) => "a list",
        }
    }
}

impl Value<'_, Plain> {
    /// The canonical text of a scalar: a string's bytes, digits, `true` or `false`, RFC 3339. None for null, maps and
    /// lists.
    pub fn into_text(self) -> Option<SecretBytes> {
        match self {
            Value::Text(text) => Some(text),
            Value::Bool(value) => Some(SecretBytes::copy_of(if value { b"true" } else { b"false" })),
            Value::Int(value) => Some(SecretBytes::new(value.to_string().into_bytes())),
            Value::Float(value) => Some(SecretBytes::new(number::positional(value).into_bytes())),
            Value::Time(value) => Some(SecretBytes::new(value.to_string().into_bytes())),
            Value::Null | Value::Map(_) | Value::List(_) => None,
        }
    }
}

impl<S> Value<'_, S> {
    /// The same value, its keys no longer borrowed from the file.
    pub fn into_owned(self) -> Value<'static, S> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Int(value) => Value::Int(value),
            Value::Float(value) => Value::Float(value),
            Value::Time(value) => Value::Time(value),
            Value::Text(text) => Value::Text(text),
            Value::Map(entries) => Value::Map(entries.into_iter().map(Entry::into_owned).collect()),
            Value::List(items) => Value::List(items.into_iter().map(Item::into_owned).collect()),
        }
    }
}

impl<S> Entry<'_, S> {
    fn into_owned(self) -> Entry<'static, S> {
        match self {
            Entry::Pair(key, value) => Entry::Pair(Cow::Owned(key.into_owned()), value.into_owned()),
            Entry::Comment(comment) => Entry::Comment(comment),
        }
    }
}

impl<S> Item<'_, S> {
    fn into_owned(self) -> Item<'static, S> {
        match self {
            Item::Value(value) => Item::Value(value.into_owned()),
            Item::Comment(comment) => Item::Comment(comment),
        }
    }
}
