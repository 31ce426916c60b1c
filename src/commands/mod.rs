//! The commands: each reads its input, runs the engine, and tells the outcome through the one printer.

pub mod check;
pub mod decrypt;
mod given;
pub mod install;
mod notices;
pub mod render;
pub mod scan;
mod show;
mod watch;

use crate::error::{Error, Errors, exit_of};
use crate::manifest::{Manifest, Surroundings};
use crate::message::Exit;
use crate::report::Report;
use crate::sys::read::read_public;
use std::path::Path;

/// Largest manifest read, in bytes (64 MiB).
const MANIFEST_MAX_BYTES: usize = 64 << 20;

/// Reads the manifest at `path`; its folder is where its relative paths start.
///
/// # Errors
/// Where it cannot be read, and all mistakes in it.
pub fn read_manifest(path: &Path, runtime_dir: Option<String>) -> Result<Manifest, Errors> {
    let json = read_public(path, MANIFEST_MAX_BYTES).map_err(|error| vec![Error::Read(error)])?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let errors = |errors: Vec<_>| errors.into_iter().map(|error| Error::Manifest(path.to_owned(), error)).collect();
    Manifest::parse(&json, &Surroundings { folder, runtime_dir }).map_err(errors)
}

/// Reports errors and gives their exit code.
pub fn fail(report: &mut Report, errors: &[Error]) -> Exit {
    errors.iter().for_each(|error| report.error(&error.message()));
    exit_of(errors)
}
