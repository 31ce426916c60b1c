//! What a run will do, decided before anything is decrypted: which files to open, which values of them are wanted, and
//! which values each output is made of. Pure.

mod gather;
mod templates;

pub use templates::{known, tokens, used};

use crate::manifest::{Manifest, Purpose, SourceKind, Style};
use crate::names::{KeyPath, OutputName};
use crate::output::Output;
use crate::template::diagnose::UnknownToken;
use crate::template::engine::{Mistake, Program};
use crate::template::{Segment, TokenError};
use crate::texts::Texts;
use gather::{Gather, shapes};
use std::collections::BTreeSet;
use std::path::Path;
use templates::{Scanned, chosen_templates, scan_templates};

/// What of a manifest is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Extent<'n> {
    /// Every secret and every template: an installation.
    Everything,
    /// Every secret and no template.
    Secrets,
    /// These templates, or all where none is named, and the secrets they use.
    Templates(&'n [String]),
}

/// A value, by its position in [`Plan::values`] order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueIndex(pub usize);

/// The plan of one run.
#[derive(Debug)]
pub struct Plan<'m> {
    /// What it is made of.
    pub manifest: &'m Manifest,
    /// Encrypted files to open, by path.
    pub sources: Vec<Source<'m>>,
    /// Number of distinct values wanted of them.
    pub values: usize,
    /// Which value each secret of the manifest is; None where it is not wanted.
    pub secrets: Vec<Option<ValueIndex>>,
    /// What is made of the values, secrets first, in the manifest's order.
    pub products: Vec<Product<'m>>,
}

/// One encrypted file and what is wanted of it.
#[derive(Debug)]
pub struct Source<'m> {
    /// The file.
    pub file: &'m Path,
    /// How it is read.
    pub kind: SourceKind,
    /// The wanted key paths, each with its value and the secrets that name it.
    pub wanted: Vec<WantedValue<'m>>,
}

/// One wanted value of a file.
#[derive(Debug)]
pub struct WantedValue<'m> {
    /// Its key path; empty for the whole file.
    pub key: &'m KeyPath,
    /// Where it goes.
    pub value: ValueIndex,
    /// What it may be.
    pub shape: ValueShape,
    /// Names of the secrets that are this value.
    pub secrets: Vec<&'m OutputName>,
}

/// What a wanted value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueShape {
    /// A single value, for a file or a placeholder.
    Scalar,
    /// Also a map, a list or null: only expressions use it.
    Any,
}

/// One output and how its bytes come about.
#[derive(Debug)]
pub struct Product<'m> {
    /// What is installed.
    pub output: &'m Output,
    /// Its contents.
    pub content: Content<'m>,
}

/// What the bytes of an output are.
#[derive(Debug)]
pub enum Content<'m> {
    /// A value as it is.
    Value(ValueIndex),
    /// A template, with a value for each token.
    Template {
        /// The text with its tokens.
        text: &'m [u8],
        /// The text taken apart.
        segments: Vec<Segment<'m>>,
        /// How the values are written.
        style: Style,
    },
    /// A template with expressions.
    Program {
        /// The text, read.
        program: Program<'m>,
        /// How the values are written.
        style: Style,
    },
}

impl Content<'_> {
    /// How the values of a template are written.
    pub fn style(&self) -> Option<Style> {
        match self {
            Self::Value(_) => None,
            Self::Template { style, .. } | Self::Program { style, .. } => Some(*style),
        }
    }
}

/// Why a manifest and its templates make no plan.
#[derive(Debug, PartialEq, Eq)]
pub enum PlanError {
    /// The manifest's tokens cannot be used.
    Token(TokenError),
    /// A template holds a token that stands for no secret.
    Unknown(Box<UnknownToken>),
    /// A template with expressions is wrong.
    Mistake(Box<Mistake>),
    /// A file is named with two formats.
    TwoFormats {
        /// The file.
        file: String,
        /// A secret of the one format.
        first: OutputName,
        /// A secret of the other.
        second: OutputName,
    },
    /// A template was asked for that the manifest does not have.
    NoTemplate {
        /// The name asked for.
        name: String,
        /// The nearest there is, or which there are.
        hint: String,
    },
}

impl<'m> Plan<'m> {
    /// Scans the templates and gathers what they and the secrets need.
    ///
    /// # Errors
    /// All mistakes together: unusable tokens, tokens without a secret, files named with two formats, unknown names.
    pub fn build(manifest: &'m Manifest, texts: &'m Texts<'m>, extent: Extent<'_>) -> Result<Self, Vec<PlanError>> {
        let chosen = chosen_templates(manifest, extent)?;
        let templates = scan_templates(manifest, texts, &chosen)?;
        let wanted: BTreeSet<usize> = match extent {
            Extent::Secrets => (0..manifest.secrets.len()).collect(),
            Extent::Everything => installed(manifest).chain(templates.iter().flat_map(|t| used(&t.content))).collect(),
            Extent::Templates(_) => templates.iter().flat_map(|template| used(&template.content)).collect(),
        };
        let shapes = shapes(manifest, &templates);
        let mut gather = Gather::default();
        let add = |i: usize| wanted.contains(&i).then(|| gather.add(manifest, i, shapes[i]));
        let secrets = (0..manifest.secrets.len()).map(add).collect();
        if !gather.errors.is_empty() {
            return Err(gather.errors);
        }
        let mut plan =
            Self { manifest, sources: gather.sources(), values: gather.values, secrets, products: Vec::new() };
        plan.products = plan.products(manifest, extent, templates);
        Ok(plan)
    }

    fn products(&self, manifest: &'m Manifest, extent: Extent<'_>, templates: Vec<Scanned<'m>>) -> Vec<Product<'m>> {
        let secrets = match extent {
            Extent::Everything | Extent::Secrets => manifest.secrets.as_slice(),
            Extent::Templates(_) => &[],
        };
        let installed = secrets.iter().zip(&self.secrets).filter(|(secret, _)| secret.purpose == Purpose::Install);
        let values = installed.filter_map(|(secret, value)| {
            value.map(|value| Product { output: &secret.output, content: Content::Value(value) })
        });
        let rendered = templates.into_iter().map(|template| Product {
            output: &manifest.templates[template.position].output,
            content: template.content,
        });
        values.chain(rendered).collect()
    }
}

fn installed(manifest: &Manifest) -> impl Iterator<Item = usize> + '_ {
    let secrets = manifest.secrets.iter().enumerate();
    secrets.filter(|(_, secret)| secret.purpose == Purpose::Install).map(|(position, _)| position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Surroundings;

    #[test]
    fn a_secret_that_is_not_installed_is_decrypted_for_templates_alone() {
        let token = crate::template::standard_token("used");
        let json = format!(
            r#"{{"schema": 1, "secretsMountPoint": "/m", "symlinkPath": "/l",
                "secrets": [{{"name": "file", "sopsFile": "a.yaml", "key": "x", "paths": ["/p", "/q"]}},
                            {{"name": "used", "sopsFile": "b.yaml", "key": "x", "install": false}},
                            {{"name": "unused", "sopsFile": "c.yaml", "key": "x", "install": false}}],
                "templates": [{{"name": "t", "content": "{token}"}}]}}"#
        );
        let manifest = Manifest::parse(json.as_bytes(), &Surroundings::default()).unwrap();
        assert_eq!(manifest.secrets[0].output.paths, [Path::new("/p"), Path::new("/q")]);
        let texts = Texts::read(&manifest).unwrap();
        let plan = Plan::build(&manifest, &texts, Extent::Everything).unwrap();
        let opened: Vec<_> = plan.sources.iter().map(|source| source.file).collect();
        assert_eq!(opened, [Path::new("a.yaml"), Path::new("b.yaml")]);
        let written: Vec<_> = plan.products.iter().map(|product| product.output.name.to_string()).collect();
        assert_eq!(written, ["secret 'file'", "template 't'"]);
    }
}
