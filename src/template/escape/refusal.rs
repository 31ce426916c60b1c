//! Why a template is not rendered.

use crate::template::render::RENDERED_MAX_BYTES;
use crate::template::tokens::SecretIndex;
use std::borrow::Cow;
use std::fmt;

/// A place of a template that is not rendered, and why. Nothing in it comes from a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where, in bytes from the start of the template: the token, or the place nearest to what is wrong.
    pub offset: usize,
    /// Whose value cannot be written; none where the template itself is wrong.
    pub secret: Option<SecretIndex>,
    /// Why.
    pub reason: Reason,
}

/// Why a place is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The template's own text is not in the format.
    Broken(Cow<'static, str>),
    /// The template's own text may be right, but it is not certain how its readers take it.
    Unclear(Cow<'static, str>),
    /// A value at this place cannot be written with certainty, whatever it is.
    Place(&'static str),
    /// This value cannot be written at this place.
    Value(&'static str),
    /// The finished file failed the final check.
    Unproven(Cow<'static, str>),
    /// The finished file would be larger than the limit.
    TooLarge,
}

impl Reason {
    /// Whether another value at the same place could be rendered.
    pub fn is_about_the_value(&self) -> bool {
        match self {
            Self::Value(_) | Self::TooLarge => true,
            Self::Broken(_) | Self::Unclear(_) | Self::Place(_) | Self::Unproven(_) => false,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(what) => write!(f, "not in the template's format: {what}"),
            Self::Unclear(what) => write!(f, "it is not certain how this is read: {what}"),
            Self::Place(why) => write!(f, "no value can be written here: {why}"),
            Self::Value(why) => write!(f, "the value cannot be written here: {why}"),
            Self::Unproven(what) => write!(f, "the value cannot be written here: {what}"),
            Self::TooLarge => write!(f, "the rendered file would be larger than {} MiB", RENDERED_MAX_BYTES >> 20),
        }
    }
}
