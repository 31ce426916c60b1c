//! Rendering in a format: each value is written so that it cannot break the file.
//!
//! [`render_in_format`] works in four steps, each linear in the size of the file:
//!
//! 1. The template is read with a harmless word at the place of each value (`mask`, `verify`). That tells
//!    where each value stands: in which quotes, in a comment, as a whole bare value.
//! 2. The format's writer escapes each value for its place, or writes the whole quoted text anew where the quotes it
//!    stands in cannot hold it.
//! 3. The finished file is read again and compared with the template: everything must mean the same, with the
//!    value's exact text at the place of its word.
//! 4. JSON, TOML and XML are also parsed by a parser made by others.
//!
//! What cannot be written, what stands where no rule is certain, and what fails a later step is refused. No step
//! guesses.

mod docker_env;
mod env;
mod ini;
mod json;
pub(in crate::template) mod mask;
mod nginx;
mod number;
mod properties;
mod refusal;
mod render;
mod sh;
mod sheet;
mod slot;
mod toml;
mod unit;
mod xml;
mod yaml;
mod yaml_block;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_readers;
#[cfg(test)]
mod tests_sh;

pub use refusal::{Reason, Refusal};
pub use render::{check_places, finish_in_format, render_in_format};

use std::str::FromStr;

/// The format of a template, under `templates[].format` in a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TemplateFormat {
    /// Any text: values are put in as they are.
    #[default]
    Raw,
    /// JSON, RFC 8259.
    Json,
    /// YAML 1.2, read alike by readers of YAML 1.1.
    Yaml,
    /// TOML 1.0.
    Toml,
    /// What the many readers of INI files have in common.
    Ini,
    /// A file for systemd's `EnvironmentFile=`.
    Env,
    /// A file for `--env-file` of Docker and Podman.
    DockerEnv,
    /// XML 1.0.
    Xml,
    /// A script, or a file to be sourced, for a POSIX shell.
    Sh,
    /// Java's properties.
    Properties,
    /// nginx's configuration.
    Nginx,
}

impl TemplateFormat {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::Raw,
        Self::Json,
        Self::Yaml,
        Self::Toml,
        Self::Ini,
        Self::Env,
        Self::DockerEnv,
        Self::Xml,
        Self::Sh,
        Self::Properties,
        Self::Nginx,
    ];

    /// The name in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Toml => "toml",
            Self::Ini => "ini",
            Self::Env => "env",
            Self::DockerEnv => "docker-env",
            Self::Xml => "xml",
            Self::Sh => "sh",
            Self::Properties => "properties",
            Self::Nginx => "nginx",
        }
    }
}

/// No format has this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such format: one of raw, json, yaml, toml, ini, env, docker-env, xml, sh, properties, nginx is meant")]
pub struct UnknownFormat;

impl FromStr for TemplateFormat {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or(UnknownFormat)
    }
}

/// What a value is in its sops file. Files without types, as dotenv, hold text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValueType {
    /// A string, or bytes.
    #[default]
    Text,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Float,
    /// True or false.
    Bool,
    /// What a filter has made of a value for its place: it stays as it is.
    Filtered,
}

/// A value to be rendered.
#[derive(Clone, Copy)]
pub struct Piece<'v> {
    /// Its text.
    pub bytes: &'v [u8],
    /// What it is in its source.
    pub kind: ValueType,
}

impl<'v> Piece<'v> {
    /// A value that is text.
    pub fn text(bytes: &'v [u8]) -> Self {
        Self { bytes, kind: ValueType::Text }
    }
}

impl std::fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Piece(.., {:?})", self.kind)
    }
}
