//! What `render` is given: a manifest, or a template and its encrypted files.

use super::read_manifest;
use crate::adhoc;
use crate::cli::{FileKind, RenderArgs};
use crate::error::{Error, Errors};
use crate::manifest::{Engine, Manifest, SourceKind, Style, Trim};
use crate::message::Message;
use crate::template::escape::TemplateFormat;
use std::path::PathBuf;

/// The manifest that is named, or one made up for a template and its encrypted files.
///
/// # Errors
/// Where it or the files cannot be read, and where the arguments do not go together.
pub fn manifest(args: &RenderArgs) -> Result<Manifest, Errors> {
    match (&args.manifest, &args.template) {
        (_, Some(_)) if args.diff && args.output.is_none() => Err(vec![Error::Input(Message::new(
            "--diff with --template needs -o DIR, where the file to compare with lies",
        ))]),
        (_, Some(template)) => {
            let kind = |file: &PathBuf| match FileKind::of_name(file) {
                FileKind::Age => SourceKind::Age,
                FileKind::Sops(format) => SourceKind::Sops(format),
            };
            let files: Vec<_> = args.secrets.iter().map(|file| (file.clone(), kind(file))).collect();
            let engine = engine(args)?;
            let format = args.format.unwrap_or_default();
            let trim = if format == TemplateFormat::Raw { Trim::Nothing } else { Trim::WholeFiles };
            adhoc::manifest(template, &files, engine, Style { format, trim })
        }
        (Some(path), None) => {
            let runtime_dir = std::env::var("XDG_RUNTIME_DIR").ok();
            // A preview needs no runtime folder: its name is as good as the folder itself.
            let shown = (args.dry_run && !args.reveal).then(|| "$XDG_RUNTIME_DIR".to_owned());
            read_manifest(path, runtime_dir.or(shown))
        }
        (None, None) => Err(vec![Error::Input(Message::new("neither a manifest nor a template is given"))]),
    }
}

/// The engine, with the delimiters that the arguments name.
fn engine(args: &RenderArgs) -> Result<Engine, Errors> {
    let engine = args.engine.clone().unwrap_or_default();
    let wrong = |what: &str| vec![Error::Input(Message::new(format!("--delimiters: {what}")))];
    match (engine, args.delimiters.as_slice()) {
        (engine, []) => Ok(engine),
        (Engine::Placeholder, _) => Err(wrong("only the engine minijinja has any: give --engine minijinja")),
        (Engine::Minijinja(mut delimiters), given) => {
            let parts = [&mut delimiters.variable, &mut delimiters.block, &mut delimiters.comment];
            for (part, pair) in parts.into_iter().zip(given.chunks(2)) {
                let [start, end] = pair else {
                    return Err(wrong("give pairs, one around values, one around statements, …"));
                };
                *part = (start.clone(), end.clone());
            }
            delimiters.check().map_err(|error| wrong(&error.to_string()))?;
            Ok(Engine::Minijinja(delimiters))
        }
    }
}
