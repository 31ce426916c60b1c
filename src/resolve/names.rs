//! Names that expressions look up in maps of sops files, held against the files: keys stand there in the clear.

use super::{NEAR_PATHS_MAX, with_file};
use crate::manifest::SourceKind;
use crate::names::KeyPath;
use crate::nearest::nearest;
use crate::plan::{Content, Plan, Source, WantedValue};
use crate::sops::source::SourceFile;
use crate::sops::wanted::Found;
use crate::template::engine::{Inside, Mistake, Program};
use std::collections::BTreeSet;

/// A place where a template names something that is not in its sops file.
#[derive(Debug, PartialEq, Eq)]
pub struct Absent {
    /// The place.
    pub mistake: Mistake,
    /// Whether every run gets there; a condition or a loop may keep others from it.
    pub certain: bool,
}

/// Every such place.
pub fn absent_names(plan: &Plan<'_>) -> Vec<Absent> {
    let programs: Vec<_> = plan.products.iter().filter_map(|product| program(&product.content)).collect();
    let mut absent = Vec::new();
    for source in &plan.sources {
        let SourceKind::Sops(format) = source.kind else { continue };
        let asked: Vec<_> = programs.iter().flat_map(|program| asked(plan, source, program)).collect();
        if asked.is_empty() {
            continue;
        }
        // A file that cannot be read is told elsewhere.
        absent.extend(with_file(source, format, |file| in_file(source, &file, &asked)).unwrap_or_default());
    }
    // A template that is included twice is looked at twice; where it is certain to be reached counts.
    absent.sort_by_key(|absent: &Absent| !absent.certain);
    let mut told: Vec<Absent> = Vec::new();
    for one in absent {
        if told.iter().all(|known| known.mistake != one.mistake) {
            told.push(one);
        }
    }
    told
}

fn program<'p, 'm>(content: &'p Content<'m>) -> Option<&'p Program<'m>> {
    match content {
        Content::Program { program, .. } => Some(program),
        Content::Value(_) | Content::Template { .. } => None,
    }
}

/// A lookup, with the value of the file that it looks into.
struct Asked<'a, 'm> {
    wanted: &'a WantedValue<'m>,
    inside: Inside<'a>,
    program: &'a Program<'m>,
}

fn asked<'a, 'm>(
    plan: &'a Plan<'m>,
    source: &'a Source<'m>,
    program: &'a Program<'m>,
) -> impl Iterator<Item = Asked<'a, 'm>> {
    program.insides().filter_map(|inside| {
        let value = plan.secrets[inside.secret]?;
        let wanted = source.wanted.iter().find(|wanted| wanted.value == value && !wanted.key.is_whole_file())?;
        Some(Asked { wanted, inside, program })
    })
}

fn in_file(source: &Source<'_>, file: &SourceFile<'_>, asked: &[Asked<'_, '_>]) -> Vec<Absent> {
    let asked = asked.iter().map(|asked| (asked, asked.wanted.key.joined(asked.inside.tail)));
    let asked: Vec<(&Asked<'_, '_>, KeyPath)> = asked.collect();
    // The file is asked for each key path once.
    let keys: BTreeSet<_> = asked.iter().map(|(_, key)| key.clone()).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    let found = keys.iter().zip(file.locate(&keys));
    let absent = found.filter(|(_, found)| matches!(found, Found::Missing | Found::ThroughScalar));
    let absent: BTreeSet<_> = absent.map(|(key, _)| key).collect();
    let mut paths = None;
    let mistake = |(asked, key): &(&Asked<'_, '_>, KeyPath)| {
        let paths = paths.get_or_insert_with(|| file.leaf_paths(NEAR_PATHS_MAX));
        let root = format!("{}/", asked.wanted.key);
        let near = nearest(&key.to_string(), paths.iter().map(String::as_str));
        let near = near.and_then(|near| near.strip_prefix(&root)).map(|near| near.replace('/', "."));
        let what =
            format!("'{}' is not in '{}' of {}", asked.inside.tail.join("."), asked.wanted.key, source.file.display());
        let hint = near.map(|near| format!("did you mean '{near}'?"));
        let mistake = Mistake { hint, ..asked.program.mistake_inside(&asked.inside, what) };
        Absent { mistake, certain: asked.inside.certain }
    };
    asked.iter().filter(|(_, key)| absent.contains(key)).map(mistake).collect()
}
