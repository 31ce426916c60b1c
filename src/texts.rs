//! The text of every template, read before anything is decrypted.

use crate::manifest::{Manifest, TemplateSource};
use crate::names::OutputName;
use crate::sys::read::{ReadError, read_public};
use std::borrow::Cow;

/// Largest template read, in bytes (16 MiB).
const TEMPLATE_MAX_BYTES: usize = 16 << 20;

/// The texts of a manifest's templates, in its order.
#[derive(Default)]
pub struct Texts<'m>(Vec<Cow<'m, [u8]>>);

/// A template whose text cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("{template}: {source}")]
pub struct TextError {
    /// Which template.
    pub template: OutputName,
    /// Why.
    pub source: ReadError,
}

impl<'m> Texts<'m> {
    /// Reads the templates that are files.
    ///
    /// # Errors
    /// All that cannot be read, together.
    pub fn read(manifest: &'m Manifest) -> Result<Self, Vec<TextError>> {
        let (texts, errors) = Self::read_all(manifest);
        if errors.is_empty() { Ok(texts) } else { Err(errors) }
    }

    /// Reads the templates that are files; one that cannot be read is an error and an empty text.
    pub fn read_all(manifest: &'m Manifest) -> (Self, Vec<TextError>) {
        let mut texts = Vec::with_capacity(manifest.templates.len());
        let mut errors = Vec::new();
        for template in &manifest.templates {
            match &template.source {
                TemplateSource::Content(content) => texts.push(Cow::Borrowed(content.as_bytes())),
                TemplateSource::File(file) => match read_public(file, TEMPLATE_MAX_BYTES) {
                    Ok(text) => texts.push(Cow::Owned(text)),
                    Err(source) => {
                        texts.push(Cow::Borrowed(&[]));
                        errors.push(TextError { template: template.output.name.clone(), source });
                    }
                },
            }
        }
        (Self(texts), errors)
    }

    /// The text of a template, by its position in the manifest.
    pub fn get(&self, position: usize) -> &[u8] {
        &self.0[position]
    }
}
