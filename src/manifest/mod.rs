//! The manifest: what to decrypt, what to render, and where to put it. Parsed at the edge into types that hold nothing
//! bad.

mod build;
mod outputs;
mod paths;
pub mod raw;
mod writing;

pub use raw::OnFailure;

use crate::identity::KeySources;
use crate::names::KeyPath;
use crate::output::Output;
use crate::sops::format::Format;
use crate::sops::source::Integrity;
use crate::template::engine::Delimiters;
use crate::template::escape::TemplateFormat;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// Whose contract a manifest follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// sops-nix's own: unknown fields are ignored, `key` selects in YAML and JSON only.
    SopsNix,
    /// `"schema": 1`: unknown fields are errors, `key` selects in every structured format.
    Schema1,
}

/// A manifest whose every name, path, mode and reference has been read.
#[derive(Debug)]
pub struct Manifest {
    /// Whose contract it follows.
    pub shape: Shape,
    /// Values to install, in the manifest's order; names differ.
    pub secrets: Vec<Secret>,
    /// Files to render, in the manifest's order; names differ.
    pub templates: Vec<Template>,
    /// The token of each secret, and of secrets that other manifests of the host install.
    pub placeholders: BTreeMap<String, String>,
    /// Folder of the generations.
    pub mount_point: PathBuf,
    /// The link to the current generation.
    pub link: PathBuf,
    /// Generations kept, 0 for all.
    pub keep_generations: u32,
    /// Where the host's keys are.
    pub keys: KeySources,
    /// tmpfs in place of ramfs.
    pub use_tmpfs: bool,
    /// No mount, no owners.
    pub user_mode: bool,
    /// Log a line for each key used.
    pub log_key_import: bool,
    /// Log what was added, modified or removed.
    pub log_secret_changes: bool,
    /// What is verified before values are used.
    pub integrity: Integrity,
    /// What a failure leaves behind.
    pub on_failure: OnFailure,
    /// Whether a disk may hold the secrets where nothing can be mounted.
    pub allow_disk: bool,
    /// Whether installed files may be run as programs.
    pub allow_exec: bool,
}

/// How an encrypted file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// A sops file of this format.
    Sops(Format),
    /// An age file, as agenix has them: the whole plaintext is the secret.
    Age,
}

/// One value to install.
#[derive(Debug)]
pub struct Secret {
    /// The encrypted file.
    pub file: PathBuf,
    /// How it is read.
    pub kind: SourceKind,
    /// Which value of it; empty for the whole file.
    pub key: KeyPath,
    /// What it is for.
    pub purpose: Purpose,
    /// What is installed.
    pub output: Output,
}

/// What a secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A file of its own, and templates.
    Install,
    /// Templates alone.
    Templates,
    /// Templates of this manifest that may name it; another manifest installs it.
    Offered,
}

/// One file to render.
#[derive(Debug)]
pub struct Template {
    /// Where the text comes from.
    pub source: TemplateSource,
    /// How its text is read.
    pub engine: Engine,
    /// How its values are written.
    pub style: Style,
    /// What is installed.
    pub output: Output,
}

/// The language of a template.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Engine {
    /// Tokens stand for secrets.
    #[default]
    Placeholder,
    /// Expressions name them.
    Minijinja(Delimiters),
}

/// How values are written into a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// For which format.
    pub format: TemplateFormat,
    /// With which line breaks at their end.
    pub trim: Trim,
}

/// Whose line break at the end is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trim {
    /// Nobody's: not one byte is lost.
    #[default]
    Nothing,
    /// That of values that are a whole binary or age file, which end in one by habit.
    WholeFiles,
    /// That of every value.
    Everything,
}

impl Secret {
    /// Whether the secret is a whole file that people write with an editor, and so ends in a line break by habit.
    pub fn is_whole_file(&self) -> bool {
        matches!(self.kind, SourceKind::Age | SourceKind::Sops(Format::Binary))
    }
}

impl Manifest {
    /// Everything that is installed, secrets first, in order.
    pub fn outputs(&self) -> impl Iterator<Item = &Output> {
        let installed = self.secrets.iter().filter(|secret| secret.purpose == Purpose::Install);
        installed.map(|secret| &secret.output).chain(self.templates.iter().map(|template| &template.output))
    }
}

/// Where a template's text comes from.
#[derive(Debug, PartialEq, Eq)]
pub enum TemplateSource {
    /// The manifest itself.
    Content(String),
    /// A file.
    File(PathBuf),
}

/// What a manifest is read against.
#[derive(Debug, Default, Clone)]
pub struct Surroundings {
    /// The manifest's folder: relative paths of schema 1 start there.
    pub folder: PathBuf,
    /// The user's runtime folder (`$XDG_RUNTIME_DIR`): what `%r` stands for in user mode.
    pub runtime_dir: Option<String>,
}

/// One mistake in a manifest.
#[derive(Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// Where: `secrets[2] 'db/password'`, `templates[0] 'app.env'`, a field, or a line of the JSON.
    pub place: String,
    /// What is wrong there.
    pub what: String,
    /// What to do about it, where that is not plain.
    pub hint: Option<String>,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() { f.write_str(&self.what) } else { write!(f, "{}: {}", self.place, self.what) }
    }
}

impl Manifest {
    /// Reads a manifest of either shape.
    ///
    /// # Errors
    /// All mistakes that can be seen in it, together.
    pub fn parse(json: &[u8], surroundings: &Surroundings) -> Result<Self, Vec<ManifestError>> {
        build::manifest(json, surroundings)
    }
}

/// The JSON Schema of schema 1, pretty-printed with a final line break.
pub fn schema() -> String {
    let schema = schemars::schema_for!(raw::RawManifest);
    // Serialising a JSON value cannot fail: its keys are strings and it holds no foreign types.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
