//! The four steps.

use super::mask::{Mask, Occurrence};
use super::number::{self, Bare};
use super::sheet::Sheet;
use super::slot::{Slot, Stop, Written};
use super::{Piece, Reason, Refusal, TemplateFormat, ValueType, docker_env, env, ini, json, nginx, properties};
use super::{sh, toml, xml, yaml};
use crate::secret::{SecretBuf, SecretBytes};
use crate::template::finished::{Finished, Form, Insert};
use crate::template::render::RENDERED_MAX_BYTES;
use crate::template::scan::Segment;
use crate::template::tokens::SecretIndex;
use crate::template::verify::{self, Broken, Comparison, Expected, Item, Kept, Reading, Role, Style};
use std::collections::BTreeMap;
use std::ops::Range;

/// Renders a template so that the finished file, read as `format`, means what the template means, with each value's
/// exact text where its token stood.
///
/// # Errors
/// Every value that cannot be written, every token that stands where no rule is certain, or the first place where
/// the template itself is not in its format.
pub fn render_in_format<'v>(
    format: TemplateFormat,
    segments: &[Segment<'_>],
    value: impl Fn(SecretIndex) -> Piece<'v>,
) -> Result<SecretBytes, Vec<Refusal>> {
    finish_in_format(format, segments, value).map(|finished| finished.bytes)
}

/// The same, with the places of the values in the file.
///
/// # Errors
/// As [`render_in_format`].
pub fn finish_in_format<'v>(
    format: TemplateFormat,
    segments: &[Segment<'_>],
    value: impl Fn(SecretIndex) -> Piece<'v>,
) -> Result<Finished, Vec<Refusal>> {
    if format == TemplateFormat::Raw {
        return Finished::raw(segments, |secret| value(secret).bytes).map_err(|_| too_large());
    }
    let filtered = |secret| Some(value(secret)).filter(|piece| piece.kind == ValueType::Filtered);
    let mask = Mask::new(segments, |secret| filtered(secret).map(|piece| piece.bytes)).ok_or_else(too_large)?;
    let pieces: Vec<_> = mask.occurrences.iter().map(|occurrence| value(occurrence.secret)).collect();
    Template::read(format, &mask)?.render(&pieces)
}

fn too_large() -> Vec<Refusal> {
    vec![Refusal { offset: 0, secret: None, reason: Reason::TooLarge }]
}

/// Finds templates that are broken in their format before any secret is known, by rendering them with awkward and
/// with plain values.
///
/// Returns what no value can mend; that an awkward value has no place somewhere is no fault of the template.
pub fn check_places(format: TemplateFormat, segments: &[Segment<'_>]) -> Vec<Refusal> {
    const AWKWARD: [&[u8]; 4] = [b"\"'\\$#`%&<>]]>;{}", b"a\nb", b" ", b""];
    let words = plain_words(segments);
    let mut found = Vec::new();
    for dummy in [None].into_iter().chain(AWKWARD.map(Some)) {
        let value = |secret: SecretIndex| Piece::text(dummy.or(words.get(&secret).map(Vec::as_slice)).unwrap_or(b"x"));
        let refusals = render_in_format(format, segments, value).err().unwrap_or_default();
        found.extend(refusals.into_iter().filter(|refusal| {
            let mends = matches!(refusal.reason, Reason::Unproven(_)) && dummy.is_some();
            !mends && !refusal.reason.is_about_the_value()
        }));
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// A plain word for each secret, which is no word of the template: values may be names, and a name stands once.
fn plain_words(segments: &[Segment<'_>]) -> BTreeMap<SecretIndex, Vec<u8>> {
    let Some(mask) = Mask::new(segments, |_| None) else { return BTreeMap::new() };
    let secrets = mask.occurrences.iter().map(|occurrence| occurrence.secret);
    secrets.map(|secret| (secret, [mask.prefix(), secret.0.to_string().as_bytes()].concat())).collect()
}

/// A template that has been read.
struct Template<'t> {
    format: TemplateFormat,
    mask: &'t Mask,
    items: Vec<Kept>,
}

/// Where a stretch of the finished file comes from.
struct Origin {
    /// Its start.
    out: usize,
    /// Where that stood in the masked template.
    masked: usize,
    /// It is the template's own text, byte for byte.
    own: bool,
}

/// All stretches, in order.
type Origins = Vec<Origin>;

impl<'t> Template<'t> {
    fn read(format: TemplateFormat, mask: &'t Mask) -> Result<Self, Vec<Refusal>> {
        let mut items = Vec::new();
        let reading = Reading { text: mask.text(), marker: Some(mask.prefix()) };
        let read = verify::read(format, reading, &mut |item: Item<'_>| {
            items.push(Kept::of(&item));
            Ok(())
        });
        let broken = |broken: Broken| Refusal {
            offset: mask.template_offset(broken.at),
            secret: None,
            reason: if broken.unclear { Reason::Unclear(broken.what) } else { Reason::Broken(broken.what) },
        };
        let parsed = read.and_then(|()| match format {
            // A marker is no value of JSON or TOML, where it stands alone; the finished file shows all the same.
            TemplateFormat::Xml => verify::parse(format, mask.text()),
            _ => Ok(()),
        });
        parsed.map_err(|error| vec![broken(error)])?;
        Ok(Self { format, mask, items })
    }

    fn render(&self, pieces: &[Piece<'_>]) -> Result<Finished, Vec<Refusal>> {
        let values: usize = pieces.iter().fold(0, |sum, piece| sum.saturating_add(piece.bytes.len()));
        let len = self.mask.text().len();
        if values.saturating_add(len) > RENDERED_MAX_BYTES * 2 {
            return Err(too_large());
        }
        let mut out = Sheet { text: SecretBuf::with_capacity(len + values + values / 8), inserts: Vec::new() };
        let origins = self.write(pieces, &mut out)?;
        if out.text.len() > RENDERED_MAX_BYTES {
            return Err(too_large());
        }
        self.prove(pieces, out.text.expose()).map_err(|broken| vec![self.unproven(&broken, &origins)])?;
        // What filters made goes first: it takes in values that stand with it in one item.
        let mut inserts = self.filtered(&origins, out.text.len());
        inserts.append(&mut out.inserts);
        Ok(Finished::new(out.text.finish(), inserts))
    }

    /// Where the text of filters stands in the finished file: exactly in what is the template's own text, else the
    /// whole item that it is part of.
    fn filtered(&self, origins: &Origins, end: usize) -> Vec<Insert> {
        let mut inserts = Vec::new();
        for (value, masked) in &self.mask.filtered {
            let first = origins.partition_point(|origin| origin.masked <= masked.start).saturating_sub(1);
            for (number, origin) in origins.iter().enumerate().skip(first) {
                let next = origins.get(number + 1);
                let (out_end, masked_end) = next.map_or((end, self.mask.text().len()), |next| (next.out, next.masked));
                if masked.end <= origin.masked {
                    break;
                }
                if masked.start >= masked_end {
                    continue;
                }
                let span = match origin.own {
                    true => {
                        let at = |masked: usize| origin.out + (masked - origin.masked);
                        at(masked.start.max(origin.masked))..at(masked.end.min(masked_end))
                    }
                    false => origin.out..out_end,
                };
                inserts.push(Insert { value: *value, quoted: span.clone(), span, form: Form::Filtered });
            }
        }
        inserts
    }

    fn write(&self, pieces: &[Piece<'_>], out: &mut Sheet) -> Result<Origins, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let mut origins = vec![Origin { out: 0, masked: 0, own: true }];
        let mut done = 0;
        for (kept, values) in self.places(&mut refusals) {
            let slot = Slot {
                mask: self.mask,
                item: Item { span: kept.span.clone(), role: kept.role, style: kept.style, text: kept.text.expose() },
                values: &|occurrence| pieces[occurrence],
            };
            let (span, written) =
                match self.mask.values(kept.text.expose()).eq(values.clone()) || kept.role == Role::Place {
                    true => self.write_item(slot, &mut done, out, &mut origins),
                    false => (kept.span.clone(), slot.no_place("it stands behind an escape")),
                };
            if let Err(Stop { occurrence, reason }) = written {
                refusals.push(refusal(&self.mask.occurrences[occurrence], reason));
            }
            done = span.end;
            origins.push(Origin { out: out.text.len(), masked: done, own: true });
        }
        out.push(self.mask.text().get(done..).unwrap_or_default());
        if refusals.is_empty() {
            return Ok(origins);
        }
        refusals.sort_by_key(|refusal| refusal.offset);
        Err(refusals)
    }

    /// Writes the text before an item and the item. Returns the span that this replaces.
    fn write_item(
        &self,
        slot: Slot<'_>,
        done: &mut usize,
        out: &mut Sheet,
        origins: &mut Origins,
    ) -> (Range<usize>, Written) {
        let span = match self.format {
            TemplateFormat::Yaml => yaml::span(&slot, *done),
            _ => slot.item.span.clone(),
        };
        out.push(self.mask.text().get(*done..span.start).unwrap_or_default());
        let start = out.text.len();
        origins.push(Origin { out: start, masked: span.start, own: false });
        let written = match self.format {
            TemplateFormat::Raw => slot.keep(out, |value, out| {
                out.push(value);
                Ok(())
            }),
            TemplateFormat::Json => json::write(&slot, out),
            TemplateFormat::Yaml => yaml::write(&slot, &span, out),
            TemplateFormat::Toml => toml::write(&slot, out),
            TemplateFormat::Ini => ini::write(&slot, out),
            TemplateFormat::Env => env::write(&slot, out),
            TemplateFormat::DockerEnv => docker_env::write(&slot, out),
            TemplateFormat::Xml => xml::write(&slot, out),
            TemplateFormat::Sh => sh::write(&slot, out),
            TemplateFormat::Properties => properties::write(&slot, out),
            TemplateFormat::Nginx => nginx::write(&slot, out),
        };
        out.take_quotes(start);
        (span, written)
    }

    /// The items in which values stand, in order of their places, each with its values. A value in no item is refused.
    fn places(&self, refusals: &mut Vec<Refusal>) -> Vec<(&Kept, Range<usize>)> {
        let (mut fixed, mut writable): (Vec<_>, Vec<_>) = self.items.iter().partition(|kept| kept.style == Style::None);
        fixed.sort_by_key(|kept| kept.span.start);
        writable.sort_by_key(|kept| kept.span.start);
        let mut places: Vec<(&Kept, Range<usize>)> = Vec::new();
        let mut next = writable.into_iter().peekable();
        for (number, occurrence) in self.mask.occurrences.iter().enumerate() {
            while next.next_if(|kept| kept.span.end <= occurrence.masked).is_some() {}
            match next.peek() {
                Some(kept) if kept.span.start <= occurrence.masked => match places.last_mut() {
                    Some((last, values)) if std::ptr::eq(*last, *kept) => values.end = number + 1,
                    _ => places.push((*kept, number..number + 1)),
                },
                _ => {
                    let before = fixed.partition_point(|kept| kept.span.start <= occurrence.masked);
                    let around = before.checked_sub(1).map(|last| fixed[last]);
                    refusals.push(refusal(occurrence, Reason::Place(no_place(around, occurrence))));
                }
            }
        }
        places
    }

    /// Reads the finished file again, holds it against the template, and parses it.
    fn prove(&self, pieces: &[Piece<'_>], text: &[u8]) -> Result<(), Broken> {
        let bare: Vec<_> = pieces.iter().map(|piece| number::bare(self.format, *piece)).collect();
        let expected = |kept: &Kept| match (kept.role, self.mask.whole(kept.text.expose())) {
            (Role::Bare, Some(occurrence)) => match &bare[occurrence] {
                Ok(Bare::Word(word)) => Expected::Bare(word.expose()),
                Ok(Bare::Text) | Err(_) => Expected::Text(Role::Value),
            },
            (Role::Bare, None) if self.mask.values(kept.text.expose()).next().is_some() => Expected::Text(Role::Value),
            (role, _) => Expected::Text(role),
        };
        let mut comparison = Comparison::new(&self.items, self.mask, |occurrence| pieces[occurrence].bytes, expected);
        if matches!(self.format, TemplateFormat::Json | TemplateFormat::Yaml) {
            comparison = comparison.with_names();
        }
        verify::read(self.format, Reading { text, marker: None }, &mut |item| comparison.take(&item))?;
        comparison.end(text.len())?;
        verify::parse(self.format, text)
    }

    fn unproven(&self, broken: &Broken, origins: &Origins) -> Refusal {
        let before = origins.partition_point(|origin| origin.out <= broken.at);
        let masked = before.checked_sub(1).map_or(0, |last| {
            let origin = &origins[last];
            origin.masked + if origin.own { broken.at - origin.out } else { 0 }
        });
        let next = self.mask.occurrences.partition_point(|occurrence| occurrence.masked < masked);
        let nearest = self.mask.occurrences.get(next).or(self.mask.occurrences.last());
        let offset = self.mask.template_offset(masked);
        let secret = nearest.map(|occurrence| occurrence.secret);
        Refusal { offset, secret, reason: Reason::Unproven(broken.what.clone()) }
    }
}

/// Why no value can stand here; `around` is the nearest item that starts before it.
fn no_place(around: Option<&Kept>, occurrence: &Occurrence) -> &'static str {
    let around = around.filter(|kept| occurrence.masked < kept.span.end);
    match around.map(|kept| (kept.role, kept.text.expose())) {
        Some((Role::Mark("ignored line"), line)) if line.starts_with(b"export ") => {
            "systemd ignores this line: leave out 'export'"
        }
        Some((Role::Mark("Lua"), _)) => "it stands in Lua: set a variable outside, and read it there as ngx.var",
        Some((Role::Mark("ignored line"), _)) => "systemd ignores this line: it is no NAME=value",
        _ => "it is no part of a value, a name or a comment",
    }
}

fn refusal(occurrence: &Occurrence, reason: Reason) -> Refusal {
    Refusal { offset: occurrence.offset, secret: Some(occurrence.secret), reason }
}
