//! `scan PATH…`: the placeholders in files, by place.

use super::{fail, read_manifest};
use crate::error::{Error, Errors};
use crate::manifest::Manifest;
use crate::message::Exit;
use crate::plan::{PlanError, known, tokens};
use crate::report::Report;
use crate::sys::find::files_below;
use crate::sys::read::read_public;
use crate::template::diagnose::{Known, diagnose};
use crate::template::place::Places;
use crate::template::sanitize::{Keep, sanitized};
use crate::template::{Segment, Tokens, scan};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Largest file scanned, in bytes (256 MiB).
const FILE_MAX_BYTES: usize = 256 << 20;

/// Lists the tokens in files; with a manifest each with its secret's name, and unknown ones are errors.
pub fn run(paths: &[PathBuf], manifest: Option<&Path>, report: &mut Report) -> Exit {
    match attempt(paths, manifest, report) {
        Ok(errors) | Err(errors) => fail(report, &errors),
    }
}

/// What a token is looked up in: nothing without a manifest.
struct Lookup<'m> {
    manifest: Option<&'m Manifest>,
    tokens: Tokens,
    known: Known<'m>,
}

fn attempt(paths: &[PathBuf], manifest: Option<&Path>, report: &mut Report) -> Result<Errors, Errors> {
    let manifest = manifest.map(|path| read_manifest(path, Some("/run/user/0".to_owned()))).transpose()?;
    let lookup = match &manifest {
        Some(manifest) => {
            let tokens = tokens(manifest);
            let errors =
                |errors: Vec<_>| errors.into_iter().map(|e| Error::Plan(PlanError::Token(e))).collect::<Errors>();
            Lookup { manifest: Some(manifest), tokens: tokens.map_err(errors)?, known: known(manifest) }
        }
        None => Lookup { manifest: None, tokens: Tokens::default(), known: Known::default() },
    };
    let mut errors = Errors::new();
    let mut found = Vec::new();
    for path in paths {
        let (files, failed) = files_below(path);
        errors.extend(failed.into_iter().map(|error| Error::Read(error.into())));
        for file in files {
            match read_public(&file, FILE_MAX_BYTES) {
                Ok(text) => scan_file(&file, &text, &lookup, report, &mut found, &mut errors),
                Err(error) => errors.push(Error::Read(error)),
            }
        }
    }
    report.field("placeholders", Value::Array(found));
    Ok(errors)
}

fn scan_file(
    file: &Path,
    text: &[u8],
    lookup: &Lookup<'_>,
    report: &Report,
    found: &mut Vec<Value>,
    errors: &mut Errors,
) {
    let name = file.display().to_string();
    let scanned = scan(text, &lookup.tokens);
    let named = scanned.segments.iter().filter_map(|segment| match segment {
        Segment::Literal(_) => None,
        Segment::Value { secret, offset, token } => Some((*offset, *token, Some(secret.0))),
    });
    let unknown = scanned.unknown.iter().map(|unknown| (unknown.offset, unknown.text, None));
    let mut all: Vec<_> = named.chain(unknown).collect();
    all.sort_unstable_by_key(|(offset, ..)| *offset);
    let mut places = Places::new(text);
    for (offset, token, secret) in all {
        let place = places.at(offset);
        let token = sanitized(token, Keep::Nothing);
        let secret = secret.zip(lookup.manifest).map(|(i, manifest)| manifest.secrets[i].output.name.name.to_string());
        let suffix = secret.as_ref().map(|secret| format!("  {secret}")).unwrap_or_default();
        report.line(&format!("{name}:{}:{}: {token}{suffix}", place.line, place.column));
        found.push(
            json!({ "file": name, "line": place.line, "column": place.column, "token": token, "secret": secret }),
        );
    }
    if lookup.manifest.is_some() {
        let unknown = diagnose([(name.as_str(), text, scanned.unknown.as_slice())], &lookup.known);
        errors.extend(unknown.into_iter().map(|token| Error::Plan(PlanError::Unknown(Box::new(token)))));
    }
}
