//! YAML, read by granit-parser.
//!
//! Scalars that are decoded come as strings of the parser's making. Each is wiped when it has been compared; what the
//! parser leaves behind when such a string grows cannot be reached from here.

use super::text::utf8;
use super::{Broken, Item, NESTING_MAX, Reading, Role, Sink, Style};
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag};
use std::borrow::Cow;
use std::ops::Range;
use zeroize::Zeroize;

/// Reads all documents of a stream.
///
/// A block scalar on a last line without a line feed has none in its text either, as libyaml and all that follow it
/// have it. Plain scalars are [`Role::Bare`], others [`Role::Value`]; keys are known by their position. The span of a block
/// scalar starts with its text and ends with what follows it up to the next token.
pub(super) fn read(reading: Reading<'_>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let text = utf8(reading.text)?;
    let options = granit_parser::options! {
        emit_anchor_events: true,
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: NESTING_MAX,
        block_nesting_limit: NESTING_MAX,
        max_buffered_comment_events: usize::MAX,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (mut event, span) = event.map_err(|error| broken(&error, reading.marker.is_some()))?;
        let taken = take(&event, &range(span), sink);
        if let Event::Scalar(Cow::Owned(text), ..) | Event::Comment(Cow::Owned(text), _) = &mut event {
            text.zeroize();
        }
        taken?;
    }
    Ok(())
}

fn take(event: &Event<'_>, span: &Range<usize>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    match event {
        Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        Event::DocumentStart(..) => sink(mark(span, "document", b"")),
        Event::Alias(id) => sink(mark(span, "alias", id.to_string().as_bytes())),
        Event::Anchor(_, name) => sink(mark(span, "anchor", name.as_bytes())),
        Event::Comment(text, _) => {
            sink(Item { span: span.clone(), role: Role::Comment, style: Style::Comment, text: text.as_bytes() })
        }
        Event::Scalar(text, style, _, tag) => {
            give_tag(tag.as_deref(), span, sink)?;
            let (role, style) = match style {
                ScalarStyle::Plain => (Role::Bare, Style::Bare),
                ScalarStyle::SingleQuoted => (Role::Value, Style::Single),
                ScalarStyle::DoubleQuoted => (Role::Value, Style::Double),
                ScalarStyle::Literal => (Role::Value, Style::Literal),
                ScalarStyle::Folded => (Role::Value, Style::Folded),
            };
            sink(Item { span: span.clone(), role, style, text: text.as_bytes() })
        }
        Event::SequenceStart(style, _, tag) => {
            give_tag(tag.as_deref(), span, sink)?;
            sink(mark(span, "list", structure(*style)))
        }
        Event::MappingStart(style, _, tag) => {
            give_tag(tag.as_deref(), span, sink)?;
            sink(mark(span, "map", structure(*style)))
        }
        Event::SequenceEnd | Event::MappingEnd => sink(mark(span, "end", b"")),
        _ => Err(Broken::new(span.start, "YAML that is not known here")),
    }
}

fn mark<'t>(span: &Range<usize>, what: &'static str, text: &'t [u8]) -> Item<'t> {
    Item { span: span.clone(), role: Role::Mark(what), style: Style::None, text }
}

fn give_tag(tag: Option<&Tag>, span: &Range<usize>, sink: &mut Sink<'_>) -> Result<(), Broken> {
    let Some(tag) = tag else { return Ok(()) };
    sink(mark(span, "tag", format!("{} {}", tag.handle(), tag.suffix()).as_bytes()))
}

fn structure(style: StructureStyle) -> &'static [u8] {
    match style {
        StructureStyle::Block => b"block",
        StructureStyle::Flow => b"flow",
    }
}

fn range(span: Span) -> Range<usize> {
    span.byte_range().unwrap_or_default()
}

/// The parser's own words are used for templates alone, which hold no value.
fn broken(error: &ScanError, template: bool) -> Broken {
    let what = match error.kind() {
        ErrorKind::RecursionLimitExceeded => Cow::Borrowed("maps and lists are nested too deep"),
        ErrorKind::UnexpectedCharacter { .. } => Cow::Borrowed("a character that cannot stand here"),
        ErrorKind::UnknownAnchor => Cow::Borrowed("an alias without its anchor"),
        _ if template => Cow::Owned(error.info()),
        _ => Cow::Borrowed("the finished file is no YAML"),
    };
    Broken { at: error.marker().byte_offset().unwrap_or_default(), what, unclear: false }
}
