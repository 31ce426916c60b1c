//! A manifest made up for `render --template FILE --secrets FILE…`: every value of the files is a secret named by its
//! key path, and a file without key paths is one named after itself.

use crate::access::{Account, Mode};
use crate::error::{Error, Errors};
use crate::identity::KeySources;
use crate::manifest::{
    Engine, Manifest, OnFailure, Purpose, Secret, Shape, SourceKind, Style, Template, TemplateSource,
};
use crate::names::{FileName, KeyPath, OutputKind, OutputName};
use crate::output::{Output, Placement, Units};
use crate::resolve::{ResolveError, SOURCE_FILE_MAX_BYTES};
use crate::sops::format::Format;
use crate::sops::source::{Integrity, SourceFile};
use crate::sys::read::read_public;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Secrets taken of one file at the most.
const SECRETS_MAX: usize = 100_000;

/// An encrypted file and how it is read.
pub type SecretsFile = (PathBuf, SourceKind);

/// Makes the manifest; of two values of one name the one of the first file counts.
///
/// # Errors
/// Where a file cannot be read or is not of its format.
pub fn manifest(template: &Path, files: &[SecretsFile], engine: Engine, style: Style) -> Result<Manifest, Errors> {
    let mut secrets = Vec::new();
    let mut taken = BTreeSet::new();
    for (file, kind) in files {
        for (name, key) in names(file, *kind, &engine)? {
            let Ok(name) = FileName::parse(&name) else { continue };
            if taken.insert(name.clone()) {
                let output = output(OutputName { kind: OutputKind::Secret, name });
                secrets.push(Secret { file: file.clone(), kind: *kind, key, purpose: Purpose::Templates, output });
            }
        }
    }
    let name = template.file_name().and_then(|name| name.to_str()).unwrap_or("template");
    let name = FileName::parse(name).or_else(|_| FileName::parse("template"));
    let templates = name.into_iter().map(|name| Template {
        source: TemplateSource::File(template.to_owned()),
        engine: engine.clone(),
        style,
        output: output(OutputName { kind: OutputKind::Template, name }),
    });
    Ok(Manifest {
        shape: Shape::Schema1,
        secrets,
        templates: templates.collect(),
        placeholders: BTreeMap::new(),
        mount_point: PathBuf::new(),
        link: PathBuf::new(),
        keep_generations: 1,
        keys: KeySources::default(),
        use_tmpfs: false,
        user_mode: true,
        log_key_import: false,
        log_secret_changes: false,
        integrity: Integrity::File,
        on_failure: OnFailure::Abort,
        allow_disk: false,
        allow_exec: false,
    })
}

/// Names of the secrets of a file, with their key paths.
fn names(file: &Path, kind: SourceKind, engine: &Engine) -> Result<Vec<(String, KeyPath)>, Errors> {
    match kind {
        SourceKind::Age | SourceKind::Sops(Format::Binary) => {
            let whole = [file.file_name(), file.file_stem()].into_iter().flatten().filter_map(|name| name.to_str());
            Ok(whole.map(|name| (name.to_owned(), KeyPath::default())).collect())
        }
        SourceKind::Sops(format) => {
            let bytes = read_public(file, SOURCE_FILE_MAX_BYTES).map_err(|error| vec![Error::Read(error)])?;
            let parsed = SourceFile::parse(format, &bytes).map_err(|source| {
                let error = ResolveError::Load { file: file.to_owned(), format, secrets: Vec::new(), source };
                vec![Error::Resolve(Box::new(error))]
            })?;
            let mut paths = parsed.leaf_paths(SECRETS_MAX);
            if let Engine::Minijinja(_) = engine {
                paths.extend(parents(&paths));
            }
            Ok(named(paths))
        }
    }
}

/// Each key path with the name people expect: the keys as they are in the file. Where that would be the name of a value
/// below other keys, a slash inside a key stays marked.
fn named(paths: Vec<String>) -> Vec<(String, KeyPath)> {
    let keys = paths.into_iter().map(|path| (KeyPath::parse(&path), path));
    let (plain, marked): (Vec<_>, Vec<_>) = keys.partition(|(_, path)| !path.contains('\\'));
    let mut named: Vec<_> = plain.into_iter().map(|(key, path)| (path, key)).collect();
    let taken: BTreeSet<_> = named.iter().map(|(name, _)| name.clone()).collect();
    named.extend(marked.into_iter().map(|(key, path)| {
        let name = key.parts().join("/");
        (if taken.contains(&name) { path } else { name }, key)
    }));
    named
}

/// The maps and lists around the values, which templates with expressions may use too.
fn parents(paths: &[String]) -> BTreeSet<String> {
    let mut parents = BTreeSet::new();
    for path in paths {
        let key = KeyPath::parse(path);
        for len in 1..key.parts().len() {
            let parts = key.parts()[..len].iter().map(|part| part.replace('\\', "\\\\").replace('/', "\\/"));
            parents.insert(parts.collect::<Vec<_>>().join("/"));
        }
    }
    parents
}

fn output(name: OutputName) -> Output {
    Output {
        name,
        paths: Vec::new(),
        placement: Placement::Symlink,
        mode: Mode::OWNER_READS,
        owner: Account::ROOT,
        group: Account::ROOT,
        units: Units::default(),
        user_units: Units::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_a_slash_has_its_own_name_unless_that_is_another_values() {
        let names = |paths: &[&str]| {
            let named = named(paths.iter().map(|path| (*path).to_owned()).collect());
            named.into_iter().map(|(name, key)| format!("{name}={key}")).collect::<Vec<_>>()
        };
        assert_eq!(
            names(&["a/b", r"mail\/password", r"c\\d"]),
            ["a/b=a/b", r"mail/password=mail\/password", r"c\d=c\\d"]
        );
        assert_eq!(names(&[r"a\/b", "a/b"]), ["a/b=a/b", r"a\/b=a\/b"]);
    }
}
