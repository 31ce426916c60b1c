//! TOML, read by toml_parser; the `toml` crate then looks for names that are defined twice.

use super::text::{push_char, utf8};
use super::{Broken, Item, NESTING_MAX, Reading, Role, Sink, Style};
use crate::secret::SecretBuf;
use std::ops::Range;
use toml_parser::decoder::{Encoding, ScalarKind, StringBuilder};
use toml_parser::parser::{Event, EventKind, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{ParseError, Source, Span};

/// Reads a document. A bare value that is a marker counts as a value.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let text = utf8(reading.text)?;
    let source = Source::new(text);
    let mut decoded = Decoded::default();
    for event in events(source)? {
        let span = range(event.span());
        let mark = |what| Item { span: span.clone(), role: Role::Mark(what), style: Style::None, text: b"" };
        match event.kind() {
            EventKind::Whitespace | EventKind::Newline => {}
            EventKind::Comment => {
                let text = &reading.text[span.clone()];
                sink(Item { span, role: Role::Comment, style: Style::Comment, text })?;
            }
            EventKind::SimpleKey => {
                let mut error = None;
                decoded.clear();
                let raw = source.get(event).ok_or(Broken::new(span.start, "this is no name"))?;
                raw.decode_key(&mut decoded, &mut error);
                fail(error, &span)?;
                let style = style(event.encoding());
                sink(Item { span, role: Role::Key, style, text: decoded.0.expose() })?;
            }
            EventKind::Scalar => scalar(&reading, source, event, &mut decoded, sink)?,
            EventKind::Error => return Err(Broken::new(span.start, "TOML allows nothing like this here")),
            kind => sink(mark(kind.description()))?,
        }
    }
    Ok(())
}

fn events(source: Source<'_>) -> Result<Vec<Event>, Broken> {
    let tokens = source.lex().into_vec();
    let mut events = Vec::with_capacity(tokens.len());
    let mut error = None;
    let mut receiver = ValidateWhitespace::new(&mut events, source);
    let depth = u32::try_from(NESTING_MAX).unwrap_or(u32::MAX);
    parse_document(&tokens, &mut RecursionGuard::new(&mut receiver, depth.min(80)), &mut error);
    fail(error, &(0..0))?;
    Ok(events)
}

fn scalar<'t>(
    reading: &Reading<'t>,
    source: Source<'t>,
    event: Event,
    decoded: &mut Decoded,
    sink: &mut Sink<'_>,
) -> Result<(), Broken> {
    let span = range(event.span());
    let text = &reading.text[span.clone()];
    if event.encoding().is_none() && reading.marked(text) {
        if reading.marker.is_some_and(|marker| text.len() == 2 * marker.len()) {
            return sink(Item { span, role: Role::Bare, style: Style::Bare, text });
        }
        let what = "not a TOML value: put text in quotes, or leave a placeholder alone";
        return Err(Broken::new(span.start, what));
    }
    let mut error = None;
    decoded.clear();
    let raw = source.get(event).ok_or(Broken::new(span.start, "this is no value"))?;
    let kind = raw.decode_scalar(decoded, &mut error);
    fail(error, &span)?;
    match kind {
        ScalarKind::String => {
            let style = style(event.encoding());
            sink(Item { span, role: Role::Value, style, text: decoded.0.expose() })
        }
        _ => sink(Item { span, role: Role::Bare, style: Style::None, text }),
    }
}

fn style(encoding: Option<Encoding>) -> Style {
    match encoding {
        None => Style::Bare,
        Some(Encoding::BasicString) => Style::Double,
        Some(Encoding::LiteralString) => Style::Single,
        Some(Encoding::MlBasicString) => Style::MultiDouble,
        Some(Encoding::MlLiteralString) => Style::MultiSingle,
    }
}

fn range(span: Span) -> Range<usize> {
    span.start()..span.end()
}

/// The parser's descriptions are fixed words.
fn fail(error: Option<ParseError>, span: &Range<usize>) -> Result<(), Broken> {
    let Some(error) = error else { return Ok(()) };
    let at = error.unexpected().or(error.context()).map_or(span.start, |span| span.start());
    Err(Broken { at, what: error.description().to_owned().into(), unclear: false })
}

/// Decoded text in a buffer that is wiped.
#[derive(Default)]
struct Decoded(SecretBuf);

impl Decoded {
    fn clear(&mut self) {
        self.0.clear();
    }
}

impl<'s> StringBuilder<'s> for Decoded {
    fn clear(&mut self) {
        self.0.clear();
    }

    fn push_str(&mut self, append: &'s str) -> bool {
        self.0.push(append.as_bytes());
        true
    }

    fn push_char(&mut self, append: char) -> bool {
        push_char(&mut self.0, append);
        true
    }
}

/// Parses with the `toml` crate, which knows which names may be defined twice.
///
/// It sees the file without the contents of its text values: it would keep copies of those that have escapes.
pub(super) fn parse(text: &[u8]) -> Result<(), Broken> {
    const WRONG: &str = "the finished file is no TOML: a name is defined twice, or a table is used as a value";
    let source = Source::new(utf8(text)?);
    let mut skeleton = SecretBuf::with_capacity(text.len());
    let mut places = vec![(0, 0)];
    let mut done = 0;
    for event in events(source)? {
        if event.kind() == EventKind::Scalar && event.encoding().is_some() {
            let span = range(event.span());
            skeleton.push(&text[done..span.start]);
            skeleton.push(b"''");
            done = span.end;
            places.push((skeleton.len(), done));
        }
    }
    skeleton.push(&text[done..]);
    toml::de::DeTable::parse(utf8(skeleton.expose())?).map(drop).map_err(|error| {
        let found = error.span().map_or(0, |span| span.start);
        let last = places.partition_point(|(start, _)| *start <= found).saturating_sub(1);
        Broken::new(places[last].1 + found - places[last].0, WRONG)
    })
}
