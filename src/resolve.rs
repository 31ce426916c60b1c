//! Opens every planned file once, unlocks it once, and keeps the wanted values.

mod error;
mod names;

pub use error::ResolveError;
pub use names::{Absent, absent_names};

use crate::identity::{HostKeys, Identities, OpenError as AgeOpenError, check_age};
use crate::manifest::SourceKind;
use crate::names::OutputName;
use crate::nearest::nearest_three;
use crate::plan::{Plan, Source, ValueIndex, ValueShape, WantedValue};
use crate::secret::SecretBytes;
use crate::sops::format::Format;
use crate::sops::source::{Integrity, SourceFile};
use crate::sops::tree::{Plain, Value};
use crate::sops::wanted::Found;
use crate::sys::read::read_public;
use crate::template::engine::Input;
use crate::template::escape::{Piece, ValueType};

/// Largest encrypted file read, in bytes (64 MiB). Guards memory; real files are a few KiB.
pub const SOURCE_FILE_MAX_BYTES: usize = 64 << 20;

/// Key paths looked at for one that was meant in place of a missing one.
const NEAR_PATHS_MAX: usize = 20_000;

/// Files from which on they are opened on all cores; below, starting threads costs more than it saves.
const PARALLEL_FROM: usize = 8;

/// The values of a plan; None for those that could not be had.
#[derive(Debug)]
pub struct Resolved {
    values: Vec<Option<Fetched>>,
    /// Why, for every value that could not be had.
    pub failures: Vec<ResolveError>,
}

/// A value that could be had.
#[derive(Debug)]
enum Fetched {
    /// The text of a single value, and what it is in its file.
    Scalar(SecretBytes, ValueType),
    /// Null, or a value with parts.
    Tree(Value<'static, Plain>),
}

impl Fetched {
    fn new(value: Value<'static, Plain>) -> Self {
        let kind = match &value {
            Value::Null | Value::Map(_) | Value::List(_) => return Self::Tree(value),
            Value::Text(_) | Value::Time(_) => ValueType::Text,
            Value::Int(_) => ValueType::Int,
            Value::Float(_) => ValueType::Float,
            Value::Bool(_) => ValueType::Bool,
        };
        // Every other value has a text.
        Self::Scalar(value.into_text().unwrap_or_default(), kind)
    }
}

impl Resolved {
    /// The values of a plan that wants none.
    pub fn empty() -> Self {
        Self { values: Vec::new(), failures: Vec::new() }
    }

    /// Fetches every value of the plan. Failures do not stop it: they are collected, file by file, in order.
    pub fn fetch(plan: &Plan<'_>, identities: &Identities, integrity: Integrity) -> Self {
        let mut resolved = Self { values: Vec::new(), failures: Vec::new() };
        resolved.values.resize_with(plan.values, || None);
        for (values, failures) in each_source(&plan.sources, |source| fetch_source(source, identities, integrity)) {
            for (index, value) in values {
                resolved.values[index.0] = Some(value);
            }
            resolved.failures.extend(failures);
        }
        resolved
    }

    /// A single value, if it could be had.
    pub fn value(&self, index: ValueIndex) -> Option<&SecretBytes> {
        match self.values[index.0].as_ref()? {
            Fetched::Scalar(text, _) => Some(text),
            Fetched::Tree(_) => None,
        }
    }

    /// A value for an expression, if it could be had.
    pub fn input(&self, index: ValueIndex) -> Option<Input<'_>> {
        Some(match self.values[index.0].as_ref()? {
            Fetched::Scalar(text, kind) => Input::Scalar(Piece { bytes: text.expose(), kind: *kind }),
            Fetched::Tree(tree) => Input::Tree(tree),
        })
    }

    /// Moves a single value out.
    pub fn take(&mut self, index: ValueIndex) -> Option<SecretBytes> {
        match self.values[index.0].take()? {
            Fetched::Scalar(text, _) => Some(text),
            Fetched::Tree(_) => None,
        }
    }
}

/// Looks at every encrypted file without a key: format, metadata, key paths, and whether it is encrypted to one of
/// `host`'s keys. All that is wrong, in order.
pub fn inspect(plan: &Plan<'_>, host: Option<&HostKeys>) -> Vec<ResolveError> {
    let inspected = each_source(&plan.sources, |source| match source.kind {
        SourceKind::Age => inspect_age(source, host).err().into_iter().collect(),
        SourceKind::Sops(format) => with_file(source, format, |file| {
            let (_, mut faults) = look_up(source, &file);
            let metadata = file.metadata();
            if host.is_some_and(|host| !host.can_open(metadata)) {
                faults.push(not_for_host(source, metadata.recipients()));
            }
            faults
        })
        .unwrap_or_else(|error| vec![error]),
    });
    inspected.into_iter().flatten().collect()
}

fn inspect_age(source: &Source<'_>, host: Option<&HostKeys>) -> Result<(), ResolveError> {
    let bytes = read(source)?;
    let others = host.map_or_else(|| check_age(&bytes).map(|()| None), |host| host.others_alone(&bytes));
    let no_age = |problem| ResolveError::Age {
        file: source.file.to_owned(),
        source: Box::new(AgeOpenError { problem, host: Vec::new(), unusable: Vec::new() }),
    };
    others.map_err(no_age)?.map_or(Ok(()), |recipients| Err(not_for_host(source, recipients)))
}

fn not_for_host(source: &Source<'_>, recipients: Vec<String>) -> ResolveError {
    ResolveError::NotForHost { file: source.file.to_owned(), kind: source.kind, recipients }
}

type OfSource = (Vec<(ValueIndex, Fetched)>, Vec<ResolveError>);

/// Runs `work` for every file, on all cores where there are many; results come in the files' order.
fn each_source<'m, T: Send>(sources: &[Source<'m>], work: impl Fn(&Source<'m>) -> T + Sync) -> Vec<T> {
    // Asking for the cores reads the control groups, which takes longer than opening a file.
    let cores = match sources.len() {
        PARALLEL_FROM.. => std::thread::available_parallelism().map_or(1, |cores| cores.get()),
        _ => 1,
    };
    if cores == 1 {
        return sources.iter().map(work).collect();
    }
    let share = sources.len().div_ceil(cores);
    std::thread::scope(|scope| {
        let work = &work;
        let workers: Vec<_> = sources
            .chunks(share)
            .map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<_>>()))
            .collect();
        let results =
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        results.flatten().collect()
    })
}

fn fetch_source(source: &Source<'_>, identities: &Identities, integrity: Integrity) -> OfSource {
    let fetched = match source.kind {
        SourceKind::Age => fetch_age(source, identities).map(|values| (values, Vec::new())),
        SourceKind::Sops(format) => with_file(source, format, |file| {
            // One wrong key path does not keep the other values of the file from being had.
            let (good, mut faults) = look_up(source, &file);
            let values = fetch_sops(source, file, &good, identities, integrity);
            (values.map_err(|error| faults.push(error)).unwrap_or_default(), faults)
        }),
    };
    fetched.unwrap_or_else(|error| (Vec::new(), vec![error]))
}

fn read(source: &Source<'_>) -> Result<Vec<u8>, ResolveError> {
    read_public(source.file, SOURCE_FILE_MAX_BYTES)
        .map_err(|error| ResolveError::Read { secrets: all_secrets(source), source: error })
}

fn all_secrets(source: &Source<'_>) -> Vec<OutputName> {
    source.wanted.iter().flat_map(|wanted| wanted.secrets.iter().copied().cloned()).collect()
}

fn fetch_age(source: &Source<'_>, identities: &Identities) -> Result<Vec<(ValueIndex, Fetched)>, ResolveError> {
    let bytes = read(source)?;
    let file = source.file.to_owned();
    let mut opened =
        Some(identities.open_age(&bytes).map_err(|error| ResolveError::Age { file, source: Box::new(error) })?);
    // An age file has one value, so it is wanted under one key path: the empty one.
    Ok(source.wanted.iter().filter_map(|wanted| Some((wanted.value, text(opened.take()?)))).collect())
}

/// Reads and parses a sops file, and hands it on.
fn with_file<T>(
    source: &Source<'_>,
    format: Format,
    then: impl FnOnce(SourceFile<'_>) -> T,
) -> Result<T, ResolveError> {
    let bytes = read(source)?;
    let file = SourceFile::parse(format, &bytes).map_err(|error| {
        let (file, secrets) = (source.file.to_owned(), all_secrets(source));
        ResolveError::Load { file, format, secrets, source: error }
    })?;
    Ok(then(file))
}

/// The wanted values that have a key path, as far as something stands there that can be installed; and what is wrong with
/// the others.
fn look_up<'s, 'm>(source: &'s Source<'m>, file: &SourceFile<'_>) -> (Vec<&'s WantedValue<'m>>, Vec<ResolveError>) {
    let keyed: Vec<_> = source.wanted.iter().filter(|wanted| !wanted.key.is_whole_file()).collect();
    let keys: Vec<_> = keyed.iter().map(|wanted| wanted.key.clone()).collect();
    let found = keyed.into_iter().zip(file.locate(&keys));
    let (good, bad): (Vec<_>, Vec<_>) = found.partition(|(wanted, found)| usable(wanted.shape, *found));
    let paths = if bad.is_empty() { Vec::new() } else { file.leaf_paths(NEAR_PATHS_MAX) };
    let fault = |(wanted, found): (&WantedValue<'_>, Found)| ResolveError::Key {
        file: source.file.to_owned(),
        key: wanted.key.clone(),
        secrets: wanted.secrets.iter().copied().cloned().collect(),
        found,
        near: near(&wanted.key.to_string(), found, &paths),
    };
    (good.into_iter().map(|(wanted, _)| wanted).collect(), bad.into_iter().map(fault).collect())
}

/// For a missing key the nearest ones; for a map or list what stands in it.
fn near(key: &str, found: Found, paths: &[String]) -> Vec<String> {
    let below = format!("{key}/");
    let near: Vec<_> = match found {
        Found::Missing => nearest_three(key, paths.iter().map(String::as_str)),
        Found::Value(_) => paths.iter().filter(|path| path.starts_with(&below)).take(3).map(String::as_str).collect(),
        Found::ThroughScalar => Vec::new(),
    };
    near.into_iter().map(str::to_owned).collect()
}

fn usable(shape: ValueShape, found: Found) -> bool {
    match (shape, found) {
        (_, Found::Missing | Found::ThroughScalar) => false,
        (ValueShape::Any, Found::Value(_)) => true,
        (ValueShape::Scalar, Found::Value(kind)) => !matches!(kind, "null" | "a map" | "a list"),
    }
}

fn text(bytes: SecretBytes) -> Fetched {
    Fetched::Scalar(bytes, ValueType::Text)
}

/// The values of a file: the whole, if it is wanted, and those of `keyed`.
fn fetch_sops(
    source: &Source<'_>,
    file: SourceFile<'_>,
    keyed: &[&WantedValue<'_>],
    identities: &Identities,
    integrity: Integrity,
) -> Result<Vec<(ValueIndex, Fetched)>, ResolveError> {
    let whole = source.wanted.iter().find(|wanted| wanted.key.is_whole_file());
    if whole.is_none() && keyed.is_empty() {
        return Ok(Vec::new());
    }
    let path = || source.file.to_owned();
    let metadata = file.metadata();
    let data_key = identities
        .unlock(&metadata.groups, metadata.shamir_threshold)
        .map_err(|error| ResolveError::Unlock { file: path(), source: Box::new(error) })?;
    let open_error = |error| ResolveError::Open { file: path(), source: error };
    let unlocked = file.unlock(data_key).map_err(|error| open_error(error.into()))?;
    let mut values = Vec::with_capacity(source.wanted.len());
    let mut integrity = integrity;
    if let Some(whole) = whole {
        values.push((whole.value, text(unlocked.whole(integrity).map_err(open_error)?)));
        // The whole file is verified: its values need not be hashed again.
        integrity = Integrity::Values;
    }
    if keyed.is_empty() {
        return Ok(values);
    }
    let keys: Vec<_> = keyed.iter().map(|wanted| wanted.key.clone()).collect();
    let found = unlocked.values(&keys, integrity).map_err(open_error)?;
    for (wanted, value) in keyed.iter().zip(found) {
        // `look_up` has seen what may stand at every key path, and decryption turns scalars into scalars.
        values.extend(value.map(|value| (wanted.value, Fetched::new(value))));
    }
    Ok(values)
}
