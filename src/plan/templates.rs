//! The templates of a plan, read: tokens found, expressions compiled, and the secrets that they name.

use super::{Content, Extent, PlanError};
use crate::manifest::{Engine, Manifest};
use crate::nearest::{nearest, there_are};
use crate::template::diagnose::{Known, diagnose};
use crate::template::engine::{Declared, Mistake, Program, TemplateText};
use crate::template::{Segment, TokenError, Tokens, scan, standard_token};
use crate::texts::Texts;
use std::collections::BTreeSet;

/// A template that has been read.
pub(super) struct Scanned<'m> {
    /// Its position in the manifest.
    pub(super) position: usize,
    /// What it is made of.
    pub(super) content: Content<'m>,
}

/// The secrets that a template uses; one that is used twice may come twice.
pub fn used<'c>(content: &'c Content<'_>) -> impl Iterator<Item = usize> + 'c {
    let (segments, program) = match content {
        Content::Value(_) => (None, None),
        Content::Template { segments, .. } => (Some(segments), None),
        Content::Program { program, .. } => (None, Some(program)),
    };
    let in_segments = segments.into_iter().flat_map(|segments| in_segments(segments));
    in_segments.chain(program.into_iter().flat_map(|program| program.secrets()))
}

/// The secrets whose tokens stand in a text.
pub(super) fn in_segments<'s>(segments: &'s [Segment<'_>]) -> impl Iterator<Item = usize> + 's {
    segments.iter().filter_map(|segment| match segment {
        Segment::Literal(_) => None,
        Segment::Value { secret, .. } => Some(secret.0),
    })
}

/// The positions of the templates asked for.
pub(super) fn chosen_templates(manifest: &Manifest, extent: Extent<'_>) -> Result<Vec<usize>, Vec<PlanError>> {
    let names = match extent {
        Extent::Templates(names) if !names.is_empty() => names,
        Extent::Templates(_) | Extent::Everything => return Ok((0..manifest.templates.len()).collect()),
        Extent::Secrets => return Ok(Vec::new()),
    };
    let all = || manifest.templates.iter().map(|template| template.output.name.name.as_str());
    let mut chosen = BTreeSet::new();
    let mut errors = Vec::new();
    for name in names {
        match all().position(|other| other == name) {
            Some(position) => drop(chosen.insert(position)),
            None => {
                let near = nearest(name, all()).map(|near| format!("did you mean '{near}'?"));
                let hint = near.unwrap_or_else(|| there_are(all(), "templates"));
                errors.push(PlanError::NoTemplate { name: name.clone(), hint });
            }
        }
    }
    if errors.is_empty() { Ok(chosen.into_iter().collect()) } else { Err(errors) }
}

/// Reads the chosen templates.
pub(super) fn scan_templates<'m>(
    manifest: &'m Manifest,
    texts: &'m Texts<'m>,
    chosen: &[usize],
) -> Result<Vec<Scanned<'m>>, Vec<PlanError>> {
    let mut tokens_of = None;
    let mut unknown = Vec::new();
    let mut errors = Vec::new();
    let mut scanned = Vec::with_capacity(chosen.len());
    for &position in chosen {
        let template = &manifest.templates[position];
        let (text, style) = (texts.get(position), template.style);
        let content = match &template.engine {
            Engine::Placeholder => {
                let tokens = match &tokens_of {
                    Some(tokens) => tokens,
                    None => tokens_of.insert(tokens(manifest).map_err(token_errors)?),
                };
                let scan = scan(text, tokens);
                if !scan.unknown.is_empty() {
                    unknown.push((position, scan.unknown));
                }
                Content::Template { text, segments: scan.segments, style }
            }
            Engine::Minijinja(_) => match compile(manifest, texts, position) {
                Ok(program) => Content::Program { program, style },
                Err(mistakes) => {
                    errors.extend(mistakes.into_iter().map(|mistake| PlanError::Mistake(Box::new(mistake))));
                    continue;
                }
            },
        };
        scanned.push(Scanned { position, content });
    }
    let templates = unknown.iter().map(|(position, unknown)| {
        let name = manifest.templates[*position].output.name.name.as_str();
        (name, texts.get(*position), unknown.as_slice())
    });
    if !unknown.is_empty() {
        let told = diagnose(templates, &known(manifest)).into_iter();
        errors.splice(0..0, told.map(|token| PlanError::Unknown(Box::new(token))));
    }
    if errors.is_empty() { Ok(scanned) } else { Err(errors) }
}

fn token_errors(errors: Vec<TokenError>) -> Vec<PlanError> {
    errors.into_iter().map(PlanError::Token).collect()
}

/// Reads a template with expressions; it may include the manifest's others of its kind.
fn compile<'m>(manifest: &'m Manifest, texts: &'m Texts<'m>, position: usize) -> Result<Program<'m>, Vec<Mistake>> {
    let templates = manifest.templates.iter().enumerate();
    let (mut main, mut others) = (None, Vec::new());
    for (at, template) in templates {
        if let Engine::Minijinja(delimiters) = &template.engine {
            let name = template.output.name.name.as_str();
            let text = TemplateText { name, text: texts.get(at), delimiters };
            if at == position {
                main = Some(text);
            }
            others.push(text);
        }
    }
    let declared = Declared::new(manifest.secrets.iter().map(|secret| secret.output.name.name.as_str()));
    match main {
        Some(main) => Program::compile(main, &others, &declared),
        None => Err(Vec::new()),
    }
}

/// The tokens of the manifest's secrets; a [`crate::template::SecretIndex`] is a position among them.
pub fn tokens(manifest: &Manifest) -> Result<Tokens, Vec<TokenError>> {
    let names = manifest.secrets.iter().map(|secret| secret.output.name.name.as_str());
    let pairs: Vec<_> = names
        .map(|name| {
            let own = manifest.placeholders.get(name).cloned();
            (name, own.unwrap_or_else(|| standard_token(name)))
        })
        .collect();
    Tokens::new(pairs.iter().map(|(name, token)| (*name, token.as_str())))
}

/// The names that an unknown token may have been meant for.
pub fn known(manifest: &Manifest) -> Known<'_> {
    let declared: BTreeSet<_> = manifest.secrets.iter().map(|secret| secret.output.name.name.as_str()).collect();
    let others = manifest.placeholders.iter().filter(|(name, _)| !declared.contains(name.as_str()));
    let elsewhere = others.map(|(name, token)| (name.as_str(), token.as_str())).collect();
    Known { declared: declared.into_iter().collect(), elsewhere }
}
