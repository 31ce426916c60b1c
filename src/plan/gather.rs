//! The wanted values of a plan by file, each once.

use super::templates::{Scanned, in_segments};
use super::{Content, PlanError, Source, ValueIndex, ValueShape, WantedValue};
use crate::manifest::{Manifest, Purpose, SourceKind};
use crate::names::{KeyPath, OutputName};
use std::collections::BTreeMap;
use std::path::Path;

/// A secret that no file is made of and no token stands for may be anything.
pub(super) fn shapes(manifest: &Manifest, templates: &[Scanned<'_>]) -> Vec<ValueShape> {
    let shape = |purpose| if purpose == Purpose::Install { ValueShape::Scalar } else { ValueShape::Any };
    let mut shapes: Vec<_> = manifest.secrets.iter().map(|secret| shape(secret.purpose)).collect();
    for template in templates {
        if let Content::Template { segments, .. } = &template.content {
            in_segments(segments).for_each(|secret| shapes[secret] = ValueShape::Scalar);
        }
    }
    shapes
}

/// Gathers the wanted values by file, each once.
#[derive(Default)]
pub(super) struct Gather<'m> {
    files: BTreeMap<&'m Path, Gathered<'m>>,
    /// Number of distinct values so far.
    pub(super) values: usize,
    /// Files named with two formats.
    pub(super) errors: Vec<PlanError>,
}

struct Gathered<'m> {
    kind: SourceKind,
    first: &'m OutputName,
    keys: BTreeMap<&'m KeyPath, (ValueIndex, ValueShape, Vec<&'m OutputName>)>,
}

impl<'m> Gather<'m> {
    /// Takes in a secret of the manifest.
    pub(super) fn add(&mut self, manifest: &'m Manifest, position: usize, shape: ValueShape) -> ValueIndex {
        let secret = &manifest.secrets[position];
        let name = &secret.output.name;
        let gathered = self.files.entry(&secret.file).or_insert_with(|| Gathered {
            kind: secret.kind,
            first: name,
            keys: BTreeMap::new(),
        });
        if gathered.kind != secret.kind {
            let file = secret.file.display().to_string();
            self.errors.push(PlanError::TwoFormats { file, first: gathered.first.clone(), second: name.clone() });
        }
        let next = ValueIndex(self.values);
        let (value, allowed, secrets) = gathered.keys.entry(&secret.key).or_insert_with(|| (next, shape, Vec::new()));
        secrets.push(name);
        if shape == ValueShape::Scalar {
            *allowed = shape;
        }
        if *value == next {
            self.values += 1;
        }
        *value
    }

    /// The files, by path.
    pub(super) fn sources(&mut self) -> Vec<Source<'m>> {
        let files = std::mem::take(&mut self.files).into_iter();
        let source = |(file, gathered): (&'m Path, Gathered<'m>)| {
            let keys = gathered.keys.into_iter();
            let wanted =
                keys.map(|(key, (value, shape, secrets))| WantedValue { key, value, shape, secrets }).collect();
            Source { file, kind: gathered.kind, wanted }
        };
        files.map(source).collect()
    }
}
