//! Reads a file of each format: where everything stands, and what it means.
//!
//! The same reader is used twice. Over the template with a harmless word at the place of each value it tells in which
//! place (inside double quotes, bare, in a comment …) every value stands. Over the finished file it proves that the
//! file means what the template means, with each value's exact text at the place of its word: the two are compared item
//! by item. JSON, TOML and XML files are then also parsed by a parser made by others; YAML is read by one in any case.
//!
//! Decoded text lives in buffers that are wiped. Where a parser keeps copies of its own, that is noted with it.

pub mod docker_env;
pub mod env;
pub mod ini;
pub mod json;
mod lua;
mod names;
pub mod nginx;
mod nginx_statement;
pub mod properties;
mod same;
pub mod sh;
mod sh_dollar;
mod sh_here;
mod sh_line;
mod sh_name;
mod sh_shell;
mod sh_word;
#[cfg(test)]
mod tests_env_table;
mod text;
pub mod toml;
pub mod xml;
pub(in crate::template) mod xml_declared;
mod xml_doctype;
mod xml_text;
pub mod yaml;

pub(super) use same::{Comparison, Expected, Kept};

use super::escape::TemplateFormat;
use std::borrow::Cow;
use std::ops::Range;

/// Deepest nesting that is read, in every format that nests.
pub(super) const NESTING_MAX: usize = 128;

/// Why a text is not in its format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Where, in bytes from the start of the text that was read.
    pub at: usize,
    /// What is wrong there; never text of the file.
    pub what: Cow<'static, str>,
    /// The text may well be right: it is not certain how it is to be read.
    pub unclear: bool,
}

impl Broken {
    pub(super) fn new(at: usize, what: &'static str) -> Self {
        Self { at, what: Cow::Borrowed(what), unclear: false }
    }

    pub(super) fn unclear(at: usize, what: &'static str) -> Self {
        Self { at, what: Cow::Borrowed(what), unclear: true }
    }
}

/// What an item is for the reader of the file. Items of other roles never mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A bracket, an operator, a name: structure. The text tells which.
    Mark(&'static str),
    /// A name that a value may be part of.
    Key,
    /// Text, however it is quoted.
    Value,
    /// Text that means more than itself where it begins with a certain sign: some arguments of nginx.
    Pattern,
    /// A regular expression.
    Regex,
    /// A bare word of a format in which that may be a number or a boolean: JSON, YAML, TOML.
    Bare,
    /// A comment.
    Comment,
    /// Only a place where a value can be written; the meaning comes as an item of its own.
    Place,
}

/// How an item is written, as far as it decides how a value is written into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// No value can stand in it.
    None,
    /// Without quotes.
    Bare,
    /// The same inside `$(…)` or `<(…)` of a shell.
    BareInner,
    /// `'…'`.
    Single,
    /// The same inside `$(…)` or `<(…)` of a shell.
    SingleInner,
    /// What a shell computes as arithmetic.
    Computed,
    /// `"…"`.
    Double,
    /// TOML `'''…'''`.
    MultiSingle,
    /// TOML `"""…"""`.
    MultiDouble,
    /// YAML `|`, or a here-document whose delimiter is quoted.
    Literal,
    /// YAML `>`.
    Folded,
    /// A here-document in which the shell expands.
    Expanding,
    /// `$'…'` in a script that names a shell that knows it.
    Dollar,
    /// `$'…'` in a script for any shell: some take it for a `$` and single quotes.
    DollarAny,
    /// XML character data.
    Text,
    /// XML `<![CDATA[…]]>`.
    Cdata,
    /// XML processing instruction.
    Instruction,
    /// XML attribute that a document type may declare to be made of words.
    Words,
    /// A comment.
    Comment,
}

/// Something a file holds.
#[derive(Debug, Clone)]
pub struct Item<'t> {
    /// Its bytes in the file.
    pub span: Range<usize>,
    /// What it is.
    pub role: Role,
    /// How it is written.
    pub style: Style,
    /// What it means: quotes and escapes undone.
    pub text: &'t [u8],
}

/// Takes the items of a file, in order.
pub type Sink<'s> = dyn FnMut(Item<'_>) -> Result<(), Broken> + 's;

/// A text to be read.
#[derive(Clone, Copy)]
pub struct Reading<'t> {
    /// The text.
    pub text: &'t [u8],
    /// What every marker starts with, where the text is a template: such a bare word is taken for a value.
    pub marker: Option<&'t [u8]>,
}

impl Reading<'_> {
    /// Whether `text` holds a marker.
    pub(super) fn marked(&self, text: &[u8]) -> bool {
        self.marker.is_some_and(|marker| memchr::memmem::find(text, marker).is_some())
    }
}

/// Reads `reading` as `format` and hands every item to `sink`.
///
/// # Errors
/// The first place that is not in the format, or what `sink` returns.
pub(super) fn read(format: TemplateFormat, reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    match format {
        TemplateFormat::Raw => Ok(()),
        TemplateFormat::Json => json::read(reading, sink),
        TemplateFormat::Yaml => yaml::read(reading, sink),
        TemplateFormat::Toml => toml::read(reading, sink),
        TemplateFormat::Ini => ini::read(reading, sink),
        TemplateFormat::Env => env::read(reading, sink),
        TemplateFormat::DockerEnv => docker_env::read(reading, sink),
        TemplateFormat::Xml => xml::read(reading, sink),
        TemplateFormat::Sh => sh::read(reading, sink),
        TemplateFormat::Properties => properties::read(reading, sink),
        TemplateFormat::Nginx => nginx::read(reading, sink),
    }
}

/// Parses a finished file with a parser made by others, where the format has one besides the reader.
///
/// # Errors
/// The place where it fails, without its text.
pub(super) fn parse(format: TemplateFormat, text: &[u8]) -> Result<(), Broken> {
    match format {
        TemplateFormat::Json => json::parse(text),
        TemplateFormat::Toml => toml::parse(text),
        TemplateFormat::Xml => xml::parse(text),
        TemplateFormat::Raw
        | TemplateFormat::Yaml
        | TemplateFormat::Ini
        | TemplateFormat::Env
        | TemplateFormat::DockerEnv
        | TemplateFormat::Sh
        | TemplateFormat::Properties
        | TemplateFormat::Nginx => Ok(()),
    }
}
