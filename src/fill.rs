//! One template and the values of a run: the bytes of the file, and the parts of it for those who show them.

use crate::manifest::{Style, Trim};
use crate::names::OutputName;
use crate::output::Output;
use crate::plan::{Content, Plan, ValueIndex, used};
use crate::resolve::Resolved;
use crate::secret::SecretBytes;
use crate::template::engine::password::Hasher;
use crate::template::engine::{Input, Mistake, Program, Skeleton, Way, without_newline};
use crate::template::escape::{Piece, Reason, Refusal, TemplateFormat, check_places, finish_in_format};
use crate::template::finished::Finished;
use crate::template::{RenderError, SecretIndex, Segment, render};
use std::borrow::Cow;
use std::sync::Arc;

/// Why a template is not rendered.
#[derive(Debug)]
pub enum FillError {
    /// The result would not fit the limit.
    Render(OutputName, RenderError),
    /// Something at a place of the template.
    Place(Box<Mistake>),
}

/// Gives what the password filters need for an output: what it was before, and salt.
pub type Hashers<'h> = &'h dyn Fn(&Output) -> Arc<Hasher>;

/// A template with its values.
pub struct Filled<'f, 'm> {
    plan: &'f Plan<'m>,
    output: &'m Output,
    style: Style,
    kind: Kind<'f, 'm>,
}

enum Kind<'f, 'm> {
    Tokens { text: &'m [u8], segments: &'f [Segment<'m>], resolved: &'f Resolved },
    Expressions { program: &'f Program<'m>, skeleton: Skeleton },
}

impl<'f, 'm> Filled<'f, 'm> {
    /// Brings a template and its values together; None where a value could not be had, or the content is no template.
    ///
    /// # Errors
    /// Where an expression cannot be evaluated.
    pub fn new(
        plan: &'f Plan<'m>,
        output: &'m Output,
        content: &'f Content<'m>,
        resolved: &'f Resolved,
        hashers: Hashers<'_>,
    ) -> Option<Result<Self, FillError>> {
        let index = |secret: usize| plan.secrets[secret].filter(|index| resolved.input(*index).is_some());
        if !used(content).all(|secret| index(secret).is_some()) {
            return None;
        }
        let (style, kind) = match content {
            Content::Value(_) => return None,
            Content::Template { text, segments, style } => (*style, Kind::Tokens { text, segments, resolved }),
            Content::Program { program, style, .. } => {
                let input = |secret: usize| {
                    let input = resolved.input(index(secret)?)?;
                    Some(match input {
                        Input::Scalar(piece) => Input::Scalar(trimmed(plan, *style, secret, piece)),
                        Input::Tree(_) => input,
                    })
                };
                let hasher = if program.hashes_passwords { hashers(output) } else { Arc::new(Hasher::none()) };
                match program.run(input, hasher) {
                    Ok(skeleton) => (*style, Kind::Expressions { program, skeleton }),
                    Err(mistake) => return Some(Err(FillError::Place(Box::new(mistake)))),
                }
            }
        };
        Some(Ok(Self { plan, output, style, kind }))
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Every value that cannot be written where it stands, or that the file would be too large.
    pub fn bytes(&self) -> Result<SecretBytes, Vec<FillError>> {
        if self.style.format == TemplateFormat::Raw {
            let rendered = render(&self.segments(), |secret| self.value(secret).bytes);
            return rendered.map_err(|error| vec![FillError::Render(self.output.name.clone(), error)]);
        }
        self.finish().map(|finished| finished.bytes)
    }

    /// The file with the places of its values.
    ///
    /// # Errors
    /// As [`Filled::bytes`].
    pub fn finish(&self) -> Result<Finished, Vec<FillError>> {
        let finished = finish_in_format(self.style.format, &self.segments(), |secret| self.value(secret));
        finished.map_err(|refusals| refusals.into_iter().map(|refusal| self.refused(&refusal)).collect())
    }

    fn segments(&self) -> Cow<'_, [Segment<'_>]> {
        match &self.kind {
            Kind::Tokens { segments, .. } => Cow::Borrowed(*segments),
            Kind::Expressions { skeleton, .. } => Cow::Owned(skeleton.segments()),
        }
    }

    /// How the values are written.
    pub fn style(&self) -> Style {
        self.style
    }

    /// A value of the file.
    pub fn value(&self, secret: SecretIndex) -> Piece<'_> {
        match &self.kind {
            Kind::Expressions { skeleton, .. } => skeleton.value(secret),
            Kind::Tokens { resolved, .. } => {
                let index: Option<ValueIndex> = self.plan.secrets[secret.0];
                match index.and_then(|index| resolved.input(index)) {
                    Some(Input::Scalar(piece)) => trimmed(self.plan, self.style, secret.0, piece),
                    Some(Input::Tree(_)) | None => Piece::text(b""),
                }
            }
        }
    }

    /// The name of a value of the file: a secret's, or the text of the expression.
    pub fn name(&self, secret: SecretIndex) -> &str {
        match &self.kind {
            Kind::Tokens { .. } => secret_name(self.plan, secret.0),
            Kind::Expressions { skeleton, .. } => {
                skeleton.place(secret).map(|place| place.text.as_str()).unwrap_or_default()
            }
        }
    }

    fn refused(&self, refusal: &Refusal) -> FillError {
        let what = |name: &str| match &refusal.reason {
            Reason::Value(_) | Reason::Place(_) | Reason::Unproven(_) if !name.is_empty() => {
                format!("{}: '{name}': {}", self.style.format.name(), refusal.reason)
            }
            _ => format!("{}: {}", self.style.format.name(), refusal.reason),
        };
        let template = self.output.name.name.as_str();
        FillError::Place(Box::new(match &self.kind {
            Kind::Tokens { text, segments, .. } => {
                let name = refusal.secret.map(|secret| secret_name(self.plan, secret.0)).unwrap_or_default();
                refused_token(template, text, segments, refusal, what(name))
            }
            Kind::Expressions { program, skeleton } => {
                refused_expression(template, program, skeleton, refusal, self.style, &what)
            }
        }))
    }
}

/// A refusal at an expression, or in the text behind one. Where text stands in the template is not kept, but a way through
/// the template that is refused for the same reason tells it.
fn refused_expression(
    template: &str,
    program: &Program<'_>,
    skeleton: &Skeleton,
    refusal: &Refusal,
    style: Style,
    what: &dyn Fn(&str) -> String,
) -> Mistake {
    if let Some(place) = refusal.secret.and_then(|value| skeleton.place(value)) {
        return program.mistake_at(place, what(&place.text));
    }
    for way in program.ways().all {
        let refused = check_places(style.format, &way.segments);
        if let Some(there) = refused.iter().find(|there| there.reason == refusal.reason) {
            return refused_way(&way, there, what(""));
        }
    }
    let segments = skeleton.segments();
    let mut values = segments.iter().rev().filter_map(|segment| match segment {
        Segment::Value { secret, offset, .. } if *offset <= refusal.offset => Some((skeleton.place(*secret)?, *offset)),
        Segment::Value { .. } | Segment::Literal(_) => None,
    });
    match values.next() {
        Some((place, at)) if at == refusal.offset => program.mistake_at(place, what("")),
        Some((place, _)) => program.mistake_at(place, format!("behind this: {}", what(""))),
        None => Mistake::whole(template, what("")),
    }
}

/// A refusal at a token, or at the place nearest to what is wrong.
pub fn refused_token(
    template: &str,
    text: &[u8],
    segments: &[Segment<'_>],
    refusal: &Refusal,
    what: String,
) -> Mistake {
    Mistake::at(template, text, refusal.offset..refusal.offset + marked_len(segments, refusal), what)
}

/// The same on a way through a template with statements.
pub fn refused_way(way: &Way<'_>, refusal: &Refusal, what: String) -> Mistake {
    let (template, text, start) = way.source(refusal.offset);
    Mistake::at(template, text, start..start + marked_len(&way.segments, refusal), what)
}

/// Length of what is marked: the token that stands there, or one byte.
fn marked_len(segments: &[Segment<'_>], refusal: &Refusal) -> usize {
    let token = segments.iter().find_map(|segment| match segment {
        Segment::Value { offset, token, .. } if *offset == refusal.offset => Some(token.len()),
        Segment::Literal(_) | Segment::Value { .. } => None,
    });
    token.unwrap_or(1)
}

fn secret_name<'m>(plan: &Plan<'m>, secret: usize) -> &'m str {
    plan.manifest.secrets[secret].output.name.name.as_str()
}

/// The value without the line break that the template's style drops.
fn trimmed<'v>(plan: &Plan<'_>, style: Style, secret: usize, piece: Piece<'v>) -> Piece<'v> {
    let trims = match style.trim {
        Trim::Nothing => false,
        Trim::WholeFiles => plan.manifest.secrets[secret].is_whole_file(),
        Trim::Everything => true,
    };
    if trims { Piece { bytes: without_newline(piece.bytes), ..piece } } else { piece }
}
