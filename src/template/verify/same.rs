//! Holds a finished file against its template, item by item.

use super::names::Names;
use super::{Broken, Item, Role};
use crate::secret::SecretBytes;
use crate::template::escape::mask::{Mask, Part};

/// What the finished file must be at the place of an item of the template.
pub(in crate::template) enum Expected<'e> {
    /// The item's text with the values in it.
    Text(Role),
    /// A bare word: a number or a boolean.
    Bare(&'e [u8]),
}

/// One item of the template, kept.
pub(in crate::template) struct Kept {
    /// Where it stands.
    pub span: std::ops::Range<usize>,
    /// What it is.
    pub role: Role,
    /// How it is written.
    pub style: super::Style,
    /// What it means, with markers for values. Filters may have made some of it of values, hence its type.
    pub text: SecretBytes,
}

impl Kept {
    pub(in crate::template) fn of(item: &Item<'_>) -> Self {
        Self { span: item.span.clone(), role: item.role, style: item.style, text: SecretBytes::copy_of(item.text) }
    }
}

/// Takes the items of the finished file in order and compares.
pub(in crate::template) struct Comparison<'c, V, E> {
    items: std::slice::Iter<'c, Kept>,
    mask: &'c Mask,
    value: V,
    expected: E,
    /// The names of the finished file, where a name that stands twice makes one of its values unreachable.
    names: Option<Names>,
}

const DIFFERS: &str = "the finished file does not mean what the template says";

impl<'c, 'v, 'e, V, E> Comparison<'c, V, E>
where
    V: Fn(usize) -> &'v [u8],
    E: Fn(&Kept) -> Expected<'e>,
{
    /// Compares with `items`. `value` gives the value of an occurrence, `expected` what is to be found for an item.
    pub(in crate::template) fn new(items: &'c [Kept], mask: &'c Mask, value: V, expected: E) -> Self {
        Self { items: items.iter(), mask, value, expected, names: None }
    }

    /// Refuses a name that stands twice in one map because of a value. The template's own names are its own business.
    pub(in crate::template) fn with_names(mut self) -> Self {
        self.names = Some(Names::default());
        self
    }

    /// Takes the next item of the finished file.
    ///
    /// # Errors
    /// Where it differs from the template's.
    pub(in crate::template) fn take(&mut self, item: &Item<'_>) -> Result<(), Broken> {
        if item.role == Role::Place {
            return Ok(());
        }
        let kept = self.next();
        let same = kept.is_some_and(|kept| match (self.expected)(kept) {
            Expected::Bare(text) => item.role == Role::Bare && item.text == text,
            Expected::Text(role) => item.role == role && self.holds(kept.text.expose(), item.text),
        });
        if !same {
            return Err(Broken::new(item.span.start, DIFFERS));
        }
        let of_value = kept.is_some_and(|kept| self.mask.values(kept.text.expose()).next().is_some());
        match self.names.as_mut().is_none_or(|names| names.take(item, of_value)) {
            true => Ok(()),
            false => Err(Broken::new(item.span.start, "a name would stand twice in one map")),
        }
    }

    /// Ends the comparison; `len` is the length of the finished file.
    ///
    /// # Errors
    /// Where the template has more.
    pub(in crate::template) fn end(mut self, len: usize) -> Result<(), Broken> {
        if self.next().is_none() { Ok(()) } else { Err(Broken::new(len, DIFFERS)) }
    }

    fn next(&mut self) -> Option<&'c Kept> {
        self.items.by_ref().find(|kept| kept.role != Role::Place)
    }

    fn holds(&self, template: &[u8], mut found: &[u8]) -> bool {
        for part in self.mask.parts(template) {
            let text = match part {
                Part::Text(text) => text,
                Part::Value(occurrence) => (self.value)(occurrence),
            };
            match found.strip_prefix(text) {
                Some(rest) => found = rest,
                None => return false,
            }
        }
        found.is_empty()
    }
}
