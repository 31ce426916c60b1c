//! The tokens of a YAML file with the places go-yaml gives them, and the comments between them.

use super::comments::{Cursor, Found, Mark, Place};
use crate::sops::format::ParseError;
use granit_parser::{ErrorKind, Marker, ScalarStyle, ScanError, Scanner, Span, StrInput, TokenType};

/// A token and where it starts.
pub(super) struct Token<'a> {
    pub kind: TokenType<'a>,
    pub mark: Mark,
    /// Whether characters stand for it. A pair in a flow list has a map around it that nobody wrote.
    pub has_text: bool,
}

/// A scanned file.
pub(super) struct Tokens<'a> {
    pub tokens: Vec<Token<'a>>,
    /// In file order.
    pub comments: Vec<Found<'a>>,
}

/// Deepest nesting of maps and lists that is read, for each of block and flow style.
const NESTING_MAX: usize = 128;

/// Scans a file.
///
/// # Errors
/// Where the text is not YAML.
pub(super) fn scan(text: &str) -> Result<Tokens<'_>, ParseError> {
    let mut options = granit_parser::options! {
        block_scalar_eof_without_line_feed: true,
        bom_inside_document_as_content: true,
        flow_nesting_limit: NESTING_MAX,
        block_nesting_limit: NESTING_MAX,
    };
    options.set_emit_comments(false);
    let mut placer = Placer::new(text);
    for token in Scanner::with_options(StrInput::new(text), options) {
        let (span, kind) = token.map_err(|error| refused(&error))?.into_parts();
        placer.take(span, kind);
    }
    Ok(Tokens { tokens: placer.tokens, comments: placer.comments })
}

fn refused(error: &ScanError) -> ParseError {
    let what = match error.kind() {
        ErrorKind::UnexpectedCharacter { .. } => "a character that cannot stand here".to_owned(),
        ErrorKind::RecursionLimitExceeded => too_deep(),
        _ => error.info(),
    };
    ParseError { line: error.marker().line(), column: error.marker().col() + 1, what }
}

/// What is wrong with a file that nests too deep.
pub(super) fn too_deep() -> String {
    format!("maps and lists are nested deeper than {NESTING_MAX}")
}

/// Puts tokens at the places that go-yaml's scanner gives them.
struct Placer<'a> {
    cursor: Cursor<'a>,
    tokens: Vec<Token<'a>>,
    comments: Vec<Found<'a>>,
    /// Tokens without text of their own that wait for the next one that has text.
    waiting: Vec<(Mark, TokenType<'a>)>,
    /// Columns of the block collections that are open.
    indents: Vec<usize>,
    flow_level: usize,
    /// The last two tokens with text: their marks, and whether they are a `:` or a `,`.
    last: [(Mark, Sign); 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Value,
    FlowEntry,
    Other,
}

impl<'a> Placer<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
            tokens: Vec::new(),
            comments: Vec::new(),
            waiting: Vec::new(),
            indents: Vec::new(),
            flow_level: 0,
            last: [(Mark::default(), Sign::Other); 2],
        }
    }

    fn take(&mut self, span: Span, kind: TokenType<'a>) {
        let has_text = match kind {
            TokenType::Value | TokenType::BlockEntry | TokenType::StreamEnd => true,
            TokenType::Scalar(..) => true,
            _ => span.start.index() < span.end.index(),
        };
        if !has_text {
            self.waiting.push((mark(span.start), kind));
            return;
        }
        let scan = self.cursor.mark;
        self.gap();
        // granit puts a `-` behind the blanks that follow it and a block scalar behind its `|`; the cursor stands
        // right at them.
        let block = matches!(kind, TokenType::Scalar(ScalarStyle::Literal | ScalarStyle::Folded, _));
        let at_cursor = block || matches!(kind, TokenType::BlockEntry | TokenType::StreamEnd);
        let start = if at_cursor { self.cursor.mark } else { mark(span.start) };
        let previous = self.last[0].0;
        self.place_waiting(scan, start, &kind);
        self.follow(&kind, start, span, previous);
        self.tokens.push(Token { kind, mark: start, has_text });
    }

    fn gap(&mut self) {
        let [(last, sign), (before, _)] = self.last;
        let place = Place {
            token: if sign == Sign::FlowEntry { before } else { last },
            behind_value: sign == Sign::Value,
            indent: self.indents.last().copied().unwrap_or(0),
            in_flow: self.flow_level > 0,
        };
        self.cursor.gap(&place, &mut self.comments);
    }

    /// Ends and starts of block collections and simple keys, which stand before the token at `start`.
    fn place_waiting(&mut self, scan: Mark, start: Mark, kind: &TokenType<'a>) {
        let mut resets = matches!(
            kind,
            TokenType::StreamEnd | TokenType::DocumentStart | TokenType::DocumentEnd | TokenType::TagDirective(..)
        );
        let mut block_end = Mark { index: scan.index.saturating_sub(1), ..scan };
        for (own, kind) in std::mem::take(&mut self.waiting) {
            let at = match kind {
                TokenType::BlockEnd => {
                    let indent = self.indents.pop().unwrap_or(0);
                    if resets && indent <= start.column {
                        resets = false;
                        block_end = Mark { index: start.index.saturating_sub(1), ..start };
                    }
                    block_end = self.block_end(block_end, indent);
                    block_end
                }
                TokenType::BlockSequenceStart | TokenType::BlockMappingStart => {
                    let at = if matches!(kind, TokenType::BlockSequenceStart) { start } else { own };
                    self.indents.push(at.column);
                    at
                }
                TokenType::FlowMappingStart => {
                    self.flow_level += 1;
                    own
                }
                TokenType::FlowMappingEnd => {
                    self.flow_level = self.flow_level.saturating_sub(1);
                    own
                }
                _ => own,
            };
            self.tokens.push(Token { kind, mark: at, has_text: false });
        }
    }

    /// The end of a block goes before the comments of its parent and behind its own: those at its column.
    fn block_end(&self, from: Mark, indent: usize) -> Mark {
        let (mut at, mut stop) = (from, from.index);
        for comment in self.comments.iter().rev() {
            if comment.end < stop {
                break;
            }
            if comment.start.column == indent + 1 {
                at = comment.start;
            }
            stop = comment.scan.index;
        }
        at
    }

    /// Moves the cursor behind a token and takes the comment on its line.
    fn follow(&mut self, kind: &TokenType<'a>, start: Mark, span: Span, previous: Mark) {
        let mut end = mark(span.end);
        let sign = match kind {
            TokenType::Value => Sign::Value,
            TokenType::FlowEntry => Sign::FlowEntry,
            _ => Sign::Other,
        };
        if matches!(kind, TokenType::Value | TokenType::BlockEntry) {
            end = Mark { index: start.index + 1, column: start.column + 1, ..start };
        }
        let mut eats_blanks = false;
        match kind {
            TokenType::FlowMappingStart | TokenType::FlowSequenceStart => self.flow_level += 1,
            TokenType::FlowMappingEnd | TokenType::FlowSequenceEnd => {
                self.flow_level = self.flow_level.saturating_sub(1);
            }
            TokenType::Scalar(ScalarStyle::Literal | ScalarStyle::Folded, _) => {
                self.cursor.jump(start, false);
                self.cursor.block_header_comment(start, &mut self.comments);
                end = self.cursor.trimmed(start, end);
                eats_blanks = true;
            }
            TokenType::Scalar(ScalarStyle::Plain, _) => eats_blanks = true,
            _ => {}
        }
        self.cursor.jump(end, eats_blanks);
        let takes_comment = !matches!(
            kind,
            TokenType::BlockEntry
                | TokenType::DocumentStart
                | TokenType::DocumentEnd
                | TokenType::StreamEnd
                | TokenType::VersionDirective(..)
                | TokenType::TagDirective(..)
                | TokenType::ReservedDirective(..)
        );
        if takes_comment {
            let ends_pair = if self.flow_level == 0 { Sign::Value } else { Sign::FlowEntry };
            let token = if sign == ends_pair { previous } else { start };
            self.cursor.line_comment(token, &mut self.comments);
        }
        self.last = [(start, sign), self.last[0]];
    }
}

fn mark(marker: Marker) -> Mark {
    Mark { index: marker.byte_offset().unwrap_or(0), line: marker.line().saturating_sub(1), column: marker.col() }
}
