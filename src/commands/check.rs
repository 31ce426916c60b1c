//! `check MANIFEST`: everything that can be known without a key. Reports all of it, writes nothing.

use super::notices::notices;
use super::{fail, read_manifest};
use crate::error::{Error, Errors, mistake_message};
use crate::fill::{FillError, refused_token, refused_way};
use crate::identity::HostKeys;
use crate::manifest::Style;
use crate::message::{Exit, Message};
use crate::plan::{Content, Extent, Plan, Product};
use crate::report::Report;
use crate::resolve::{Absent, absent_names, inspect};
use crate::template::engine::{Mistake, Way, Ways};
use crate::template::escape::{Refusal, TemplateFormat, check_places};
use crate::texts::Texts;
use serde_json::json;
use std::path::Path;

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth<'r> {
    /// Manifest and templates alone.
    Manifest,
    /// The encrypted files too: formats and key paths.
    Files,
    /// Also that each file is encrypted to one of these public keys.
    Recipients(&'r [String]),
}

/// Checks a manifest.
pub fn run(path: &Path, depth: Depth<'_>, report: &mut Report) -> Exit {
    let errors = match errors(path, depth, report) {
        Ok(errors) | Err(errors) => errors,
    };
    let exit = fail(report, &errors);
    if exit == Exit::Done {
        report.note(&format!("{}: no mistake found", path.display()));
    }
    exit
}

fn errors(path: &Path, depth: Depth<'_>, report: &mut Report) -> Result<Errors, Errors> {
    // What `%r` stands for is known on the host alone; any folder will do for a check.
    let runtime_dir = std::env::var("XDG_RUNTIME_DIR").unwrap_or_else(|_| "/run/user/0".to_owned());
    let manifest = read_manifest(path, Some(runtime_dir))?;
    let (texts, unread) = Texts::read_all(&manifest);
    let mut errors: Errors = unread.into_iter().map(Error::Text).collect();
    let plan = Plan::build(&manifest, &texts, Extent::Everything).or_else(|mistakes| {
        errors.extend(mistakes.into_iter().map(Error::Plan));
        // Without the templates the encrypted files can still be looked at.
        Plan::build(&manifest, &texts, Extent::Secrets)
    });
    let Ok(plan) = plan else { return Ok(errors) };
    if errors.is_empty() {
        errors.extend(format_errors(&plan, report));
        notices(&manifest, &plan).iter().for_each(|notice| report.warning(notice));
    }
    if depth != Depth::Manifest {
        for Absent { mistake, certain } in absent_names(&plan) {
            match certain {
                true => errors.push(Error::Template(Box::new(mistake))),
                false => report.warning(&mistake_message(&mistake)),
            }
        }
    }
    match depth {
        Depth::Manifest => {}
        Depth::Files => errors.extend(inspect(&plan, None).into_iter().map(resolve_error)),
        Depth::Recipients(keys) => {
            let hosts = HostKeys::parse(keys).map_err(|message| vec![Error::Input(message)])?;
            errors.extend(inspect(&plan, Some(&hosts)).into_iter().map(resolve_error));
        }
    }
    report.field("secrets", json!(manifest.secrets.len()));
    report.field("templates", json!(manifest.templates.len()));
    if manifest.secrets.is_empty() && manifest.templates.is_empty() {
        report.warning(&Message::new(format!("{}: the manifest declares nothing to install", path.display())));
    }
    Ok(errors)
}

/// What is wrong with the templates whatever the values are; what is on some way through them becomes a warning.
pub(super) fn format_errors(plan: &Plan<'_>, report: &mut Report) -> Errors {
    let mut errors = Errors::new();
    for product in &plan.products {
        let Broken { mistakes, certain } = check_format(product);
        match certain {
            true => errors.extend(mistakes.into_iter().map(|mistake| Error::fill(FillError::Place(Box::new(mistake))))),
            false => mistakes.iter().for_each(|mistake| report.warning(&mistake_message(mistake))),
        }
    }
    errors
}

/// What is wrong with a template's own text.
struct Broken {
    mistakes: Vec<Mistake>,
    /// Whether it is, whatever the values.
    certain: bool,
}

/// Places at which no value could be written, and templates that are not in their format whatever the values.
fn check_format(product: &Product<'_>) -> Broken {
    let what = |style: &Style, refusal: &Refusal| format!("{}: {}", style.format.name(), refusal.reason);
    match &product.content {
        Content::Value(_) => Broken { mistakes: Vec::new(), certain: true },
        Content::Template { text, segments, style } => {
            let template = product.output.name.name.as_str();
            let told = |refusal: Refusal| refused_token(template, text, segments, &refusal, what(style, &refusal));
            Broken { mistakes: check_places(style.format, segments).into_iter().map(told).collect(), certain: true }
        }
        Content::Program { program, style, .. } => {
            let Ways { all, complete: certain } = program.ways();
            let (way, refusals) = broken_way(all, style.format).unwrap_or_default();
            let told = |refusal: Refusal| refused_way(&way, &refusal, what(style, &refusal));
            Broken { mistakes: refusals.into_iter().map(told).collect(), certain }
        }
    }
}

/// The first way through a template and what is wrong on it, where something is wrong on every way.
fn broken_way(ways: Vec<Way<'_>>, format: TemplateFormat) -> Option<(Way<'_>, Vec<Refusal>)> {
    let mut first = None;
    for way in ways {
        let refusals = check_places(format, &way.segments);
        if refusals.is_empty() {
            return None;
        }
        first.get_or_insert((way, refusals));
    }
    first
}

fn resolve_error(error: crate::resolve::ResolveError) -> Error {
    Error::Resolve(Box::new(error))
}
