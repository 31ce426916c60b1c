//! `decrypt FILE`: plaintext to stdout, byte for byte what sops prints.

use super::fail;
use crate::cli::{DecryptArgs, FileKind};
use crate::error::{Error, Errors};
use crate::identity::{Environment, Identities};
use crate::message::{Exit, Message};
use crate::names::KeyPath;
use crate::nearest::nearest_three;
use crate::report::{Report, write_stdout};
use crate::resolve::{ResolveError, SOURCE_FILE_MAX_BYTES};
use crate::secret::SecretBytes;
use crate::sops::format::{self, Format};
use crate::sops::source::{Integrity, ReadError, SourceFile, Unlocked};
use crate::sops::tree::Value;
use crate::sops::wanted::Found;
use crate::sys::SysError;
use crate::sys::read::read_public;

/// Key paths looked at for one that was meant in place of a missing one.
const NEAR_PATHS_MAX: usize = 20_000;

/// Decrypts a file, or one value of it.
pub fn run(args: &DecryptArgs, report: &mut Report) -> Exit {
    let written = plaintext(args).and_then(|text| {
        write_stdout(text.expose())
            .map_err(|error| vec![Error::System(SysError::new("write", "standard output", error))])
    });
    match written {
        Ok(()) => {
            report.silence();
            Exit::Done
        }
        Err(errors) => fail(report, &errors),
    }
}

fn plaintext(args: &DecryptArgs) -> Result<SecretBytes, Errors> {
    let bytes = read_public(&args.file, SOURCE_FILE_MAX_BYTES).map_err(|error| vec![Error::Read(error)])?;
    let kind = args.format.unwrap_or_else(|| FileKind::of_name(&args.file));
    let environment = Environment::from_process();
    let identities = Identities::from_sops_environment(&environment, &args.identity)
        .map_err(|error| vec![Error::Identity(error)])?;
    match kind {
        FileKind::Age if args.key.is_some() => Err(vec![Error::Input(Message::new(format!(
            "{}: an age file has no keys: leave out --key",
            args.file.display()
        )))]),
        FileKind::Age => identities.open_age(&bytes).map_err(|error| {
            let (file, source) = (args.file.clone(), Box::new(error));
            vec![Error::Resolve(Box::new(ResolveError::Age { file, source }))]
        }),
        FileKind::Sops(format) => of_sops(args, format, &bytes, &identities).map_err(|error| vec![error]),
    }
}

fn of_sops(args: &DecryptArgs, format: Format, bytes: &[u8], identities: &Identities) -> Result<SecretBytes, Error> {
    let file = || args.file.clone();
    let resolve = |error| Error::Resolve(Box::new(error));
    let parsed = SourceFile::parse(format, bytes)
        .map_err(|source| resolve(ResolveError::Load { file: file(), format, secrets: Vec::new(), source }))?;
    let key = args.key.as_deref().map(KeyPath::parse).filter(|key| !key.is_whole_file());
    if let Some(key) = &key {
        match parsed.locate(std::slice::from_ref(key)).pop().unwrap_or(Found::Missing) {
            Found::Value(_) => {}
            found => return Err(resolve(no_value(args, &parsed, key, found))),
        }
    }
    let metadata = parsed.metadata();
    let data_key = identities
        .unlock(&metadata.groups, metadata.shamir_threshold)
        .map_err(|error| resolve(ResolveError::Unlock { file: file(), source: Box::new(error) }))?;
    let open = |source| resolve(ResolveError::Open { file: file(), source });
    let unlocked = parsed.unlock(data_key).map_err(|error| open(error.into()))?;
    match key {
        None => unlocked.whole(Integrity::File).map_err(open),
        Some(key) => one_value(&unlocked, &key).map_err(open),
    }
}

/// The value at a key path as `sops decrypt --extract` prints it; the path has been found to lead to one.
fn one_value(unlocked: &Unlocked<'_>, key: &KeyPath) -> Result<SecretBytes, ReadError> {
    let value = unlocked.values(std::slice::from_ref(key), Integrity::File)?.pop().flatten();
    Ok(format::write_value(unlocked.format(), value.unwrap_or(Value::Null))?)
}

fn no_value(args: &DecryptArgs, file: &SourceFile<'_>, key: &KeyPath, found: Found) -> ResolveError {
    let paths = if found == Found::Missing { file.leaf_paths(NEAR_PATHS_MAX) } else { Vec::new() };
    let near = nearest_three(&key.to_string(), paths.iter().map(String::as_str));
    let near = near.into_iter().map(str::to_owned).collect();
    ResolveError::Key { file: args.file.clone(), key: key.clone(), secrets: Vec::new(), found, near }
}
