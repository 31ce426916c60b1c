//! The five file formats: bytes to ordered trees and decrypted trees to bytes.
//!
//! Each reader follows the Go library that sops uses for its format, and each writer prints what `sops decrypt` prints.

use super::tree::{Document, Locked, Plain, Value};
use crate::secret::SecretBytes;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The file formats that sops encrypts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// YAML, one or more documents.
    Yaml,
    /// One JSON object.
    Json,
    /// `KEY=value` lines, without quoting.
    Dotenv,
    /// Sections of `key = value` lines.
    Ini,
    /// Any bytes, in a JSON envelope.
    Binary,
}

/// Why a file cannot be read as its format. Says where and which rule, never the text that stands there.
#[derive(Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Line, from 1; 0 where no single line is to blame.
    pub line: usize,
    /// Column in bytes, from 1; 0 where only the line is known.
    pub column: usize,
    /// What is wrong: `a map key stands twice`.
    pub what: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => f.write_str(&self.what),
            (line, 0) => write!(f, "line {line}: {}", self.what),
            (line, column) => write!(f, "line {line}, column {column}: {}", self.what),
        }
    }
}

impl std::error::Error for ParseError {}

impl ParseError {
    /// The error at byte `offset` of `input`.
    fn at(input: &[u8], offset: usize, what: &str) -> Self {
        let before = input.get(..offset).unwrap_or(input);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |lf| lf + 1);
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        Self { line, column: before.len() - line_start + 1, what: what.to_owned() }
    }
}

/// Why a decrypted document cannot be written in a format: `a map cannot stand in a dotenv file (key 'a/b')`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WriteError(pub String);

pub mod dotenv;
pub mod ini;
pub mod json;
mod scalar;
pub mod yaml;

/// The format that sops takes a file for by its name.
pub fn of_name(path: &std::path::Path) -> Format {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("yaml" | "yml") => Format::Yaml,
        Some("json") => Format::Json,
        Some("env") => Format::Dotenv,
        Some("ini") => Format::Ini,
        _ if path.file_name().is_some_and(|name| name == ".env") => Format::Dotenv,
        _ => Format::Binary,
    }
}

/// The format's name in manifests and messages.
pub fn name(format: Format) -> &'static str {
    match format {
        Format::Yaml => "yaml",
        Format::Json => "json",
        Format::Dotenv => "dotenv",
        Format::Ini => "ini",
        Format::Binary => "binary",
    }
}

/// Reads an encrypted file into its documents; only YAML has more than one.
///
/// # Errors
/// Where the bytes are not of that format.
pub fn read(format: Format, bytes: &[u8]) -> Result<Vec<Document<'_, Locked<'_>>>, ParseError> {
    match format {
        Format::Yaml => yaml::read(bytes),
        Format::Json | Format::Binary => json::read(bytes),
        Format::Dotenv => dotenv::read(bytes),
        Format::Ini => ini::read(bytes),
    }
}

/// Writes decrypted documents as `sops decrypt` prints them.
///
/// # Errors
/// Where the documents hold something the format has no form for.
pub fn write(format: Format, documents: &[Document<'_, Plain>]) -> Result<SecretBytes, WriteError> {
    match format {
        Format::Yaml => yaml::write(documents),
        Format::Json => json::write(documents),
        Format::Dotenv => dotenv::write(documents),
        Format::Ini => ini::write(documents),
        Format::Binary => json::write_binary(documents),
    }
}

/// Writes one value as `sops decrypt --extract` prints it: strings bare, all else in the file's notation.
///
/// # Errors
/// Where the format has no form for the value alone: anything but a string in a dotenv or binary file, a map in INI.
pub fn write_value(format: Format, value: Value<'_, Plain>) -> Result<SecretBytes, WriteError> {
    match (format, value) {
        (_, Value::Text(text)) => Ok(text),
        (Format::Yaml, value) => yaml::write_value(&value),
        (Format::Ini, Value::Map(_)) => Err(WriteError("a whole section cannot be written alone".to_owned())),
        (Format::Json | Format::Ini, value) => json::write_value(&value),
        (Format::Dotenv | Format::Binary, value) => {
            Err(WriteError(format!("{} cannot be written alone in this format", value.kind())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sops::tree::{Comment, Entry, Item, Value};

    /// A document that is all in clear, as if decrypted.
    pub(super) fn plain<'a>(documents: Vec<Document<'a, Locked<'a>>>) -> Vec<Document<'a, Plain>> {
        documents.into_iter().map(|document| document.into_iter().map(entry).collect()).collect()
    }

    /// A value that is text.
    pub(super) fn secret(text: &str) -> Value<'static, Plain> {
        Value::Text(SecretBytes::copy_of(text.as_bytes()))
    }

    fn entry<'a>(entry: Entry<'a, Locked<'a>>) -> Entry<'a, Plain> {
        match entry {
            Entry::Pair(key, value) => Entry::Pair(key, plain_value(value)),
            Entry::Comment(text) => Entry::Comment(comment(text)),
        }
    }

    fn comment(comment: Comment<Locked<'_>>) -> Comment<Plain> {
        Comment { text: SecretBytes::copy_of(&comment.text), inline: comment.inline }
    }

    fn plain_value<'a>(value: Value<'a, Locked<'a>>) -> Value<'a, Plain> {
        match value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Int(value) => Value::Int(value),
            Value::Float(value) => Value::Float(value),
            Value::Time(value) => Value::Time(value),
            Value::Text(text) => Value::Text(SecretBytes::copy_of(&text)),
            Value::Map(entries) => Value::Map(entries.into_iter().map(entry).collect()),
            Value::List(items) => Value::List(
                items
                    .into_iter()
                    .map(|item| match item {
                        Item::Value(value) => Item::Value(plain_value(value)),
                        Item::Comment(text) => Item::Comment(comment(text)),
                    })
                    .collect(),
            ),
        }
    }

    #[test]
    fn errors_point_at_line_and_column() {
        for (offset, place) in [(0, "line 1, column 1: x"), (2, "line 1, column 3: x"), (3, "line 2, column 1: x")] {
            assert_eq!(ParseError::at(b"ab\ncd", offset, "x").to_string(), place);
        }
        assert_eq!(ParseError::at(b"ab\ncd", 99, "x").to_string(), "line 2, column 3: x");
    }
}
