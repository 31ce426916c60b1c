//! What `render --dry-run` and `render --diff` show.

use crate::diff::{Diff, Piece, diff as compare};
use crate::error::{Error, Errors};
use crate::fill::Filled;
use crate::manifest::Manifest;
use crate::output::Output;
use crate::plan::{Content, Plan, used};
use crate::report::{Report, stdout_is_terminal, stdout_takes_colour, write_stdout};
use crate::secret::SecretBytes;
use crate::sys::SysError;
use crate::sys::read::read_secret;
use crate::template::escape::TemplateFormat;
use crate::template::finished::{Finished, Form, Insert, Part};
use crate::template::preview::{Colour, Shown, Target, preview};
use crate::template::render::RENDERED_MAX_BYTES;
use crate::template::{SecretIndex, Segment};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Whether a preview holds values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// Their names and lengths stand for them.
    Named,
    /// It does.
    Shown,
}

/// Where the file of a template is, or will be.
pub fn place(manifest: &Manifest, output: &Output) -> PathBuf {
    output.paths.first().cloned().unwrap_or_else(|| manifest.link.join(output.name.in_generation()))
}

/// Prints the templates with names in place of values, without a key. Expressions stand for themselves.
///
/// # Errors
/// Where standard output cannot be written.
pub fn source(plan: &Plan<'_>, report: &mut Report) -> Result<(), Errors> {
    let mut shown = Vec::new();
    for product in &plan.products {
        let (segments, names): (_, Vec<String>) = match &product.content {
            Content::Value(_) => continue,
            Content::Template { segments, .. } => {
                let secrets = plan.manifest.secrets.iter();
                (segments.clone(), secrets.map(|secret| secret.output.name.name.as_str().to_owned()).collect())
            }
            Content::Program { program, .. } => {
                (program.source(), program.written().into_iter().map(|written| written.text).collect())
            }
        };
        let name = |secret: SecretIndex| Shown::Name(names.get(secret.0).map_or("", String::as_str));
        let parts = segments.iter().map(|segment| match segment {
            Segment::Literal(text) => Shown::Own(text),
            Segment::Value { secret, .. } => name(*secret),
        });
        shown.push((product.output, preview(parts, colour(report), target())));
    }
    print_all(plan, &shown, report)
}

/// Prints the finished files, with or without their values.
///
/// # Errors
/// What cannot be written into a file, or where standard output cannot be written.
pub fn finished(
    plan: &Plan<'_>,
    filled: &[(&Output, Filled<'_, '_>)],
    values: Values,
    report: &mut Report,
) -> Result<(), Errors> {
    let mut shown = Vec::new();
    for (output, filled) in filled {
        let finished = finish(filled)?;
        let parts = finished.parts();
        let marks: Vec<String> = parts.iter().map(|part| mark(filled, part)).collect();
        let parts = parts.iter().zip(&marks).map(|(part, mark)| match (part, values) {
            (Part::Own(text), _) => Shown::Own(text),
            (Part::Value(..), Values::Named) => Shown::Name(mark),
            (Part::Value(_, value), Values::Shown) => Shown::Value(value),
        });
        shown.push((*output, preview(parts, colour(report), target())));
    }
    print_all(plan, &shown, report)
}

/// What is said of a value in its file: its name, its length, and how it is written.
fn mark(filled: &Filled<'_, '_>, part: &Part<'_>) -> String {
    let Part::Value(Insert { value, form, .. }, _) = part else { return String::new() };
    let (name, len) = (filled.name(*value), filled.value(*value).bytes.len());
    let unit = if len == 1 { "byte" } else { "bytes" };
    let how = match form {
        Form::AsItIs if filled.style().format == TemplateFormat::Raw => "",
        Form::AsItIs => ", as it is",
        Form::Escaped => ", escaped",
        Form::Bare => ", a number or boolean",
        Form::Filtered => ", as its filters wrote it",
    };
    format!("{name}: {len} {unit}{how}")
}

fn finish(filled: &Filled<'_, '_>) -> Result<Finished, Errors> {
    filled.finish().map_err(|errors| errors.into_iter().map(Error::fill).collect())
}

fn colour(report: &Report) -> Colour {
    if stdout_takes_colour() && !report.is_json() { Colour::Ansi } else { Colour::Plain }
}

fn target() -> Target {
    if stdout_is_terminal() { Target::Terminal } else { Target::Bytes }
}

fn names_used<'m>(manifest: &'m Manifest, content: &Content<'_>) -> BTreeSet<&'m str> {
    used(content).map(|secret| manifest.secrets[secret].output.name.name.as_str()).collect()
}

/// Prints previews; several under a header each.
fn print_all(plan: &Plan<'_>, shown: &[(&Output, SecretBytes)], report: &mut Report) -> Result<(), Errors> {
    let manifest = plan.manifest;
    let several = shown.len() > 1;
    let mut listed = Vec::new();
    let templates = plan.products.iter().filter(|product| !matches!(product.content, Content::Value(_)));
    for ((output, text), product) in shown.iter().zip(templates) {
        if report.is_json() {
            let preview = String::from_utf8_lossy(text.expose());
            let (name, path) = (output.name.name.as_str(), place(manifest, output));
            listed.push(json!({ "name": name, "path": path, "secrets": names_used(manifest, &product.content), "preview": preview }));
            continue;
        }
        if several {
            report.line(&format!("==> {} <==", place(manifest, output).display()));
        }
        print(text)?;
        if several && !text.expose().ends_with(b"\n") {
            report.line("");
        }
    }
    report.field("templates", Value::Array(listed));
    Ok(())
}

/// Writes to standard output.
///
/// # Errors
/// Where that fails.
pub fn print(text: &SecretBytes) -> Result<(), Errors> {
    write_stdout(text.expose()).map_err(|error| vec![Error::System(SysError::new("write", "standard output", error))])
}

/// Prints how the files at `place` would change, with names for values.
///
/// # Errors
/// Where an installed file cannot be read, a value cannot be written, or standard output cannot be written.
pub fn diff(
    place: impl Fn(&Output) -> PathBuf,
    filled: &[(&Output, Filled<'_, '_>)],
    report: &mut Report,
) -> Result<(), Errors> {
    let mut listed = Vec::new();
    for (output, filled) in filled {
        let path = place(output);
        let old = match read_secret(&path, RENDERED_MAX_BYTES) {
            Ok(old) => Some(old),
            Err(error) if error.is_absent() => None,
            Err(error) => return Err(vec![Error::Read(error)]),
        };
        let finished = finish(filled)?;
        let pieces: Vec<_> = finished
            .quoted_parts()
            .into_iter()
            .map(|part| match part {
                Part::Own(text) => Piece::Literal(text),
                Part::Value(insert, value) => Piece::Value(filled.name(insert.value), value),
            })
            .collect();
        let text = match compare(&path.display().to_string(), &pieces, old.as_ref().map(SecretBytes::expose)) {
            Diff::Same => String::new(),
            Diff::Changed(text) => text,
        };
        listed.push(
            json!({ "name": output.name.name.as_str(), "path": path, "changed": !text.is_empty(), "diff": text }),
        );
        if !report.is_json() {
            print(&SecretBytes::copy_of(text.as_bytes()))?;
        }
    }
    report.field("templates", Value::Array(listed));
    Ok(())
}
