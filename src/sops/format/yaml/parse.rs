//! Tokens to nodes: go-yaml's parser, with the comments each node gets from it.
//!
//! A port of parserc.go and of the node building in decode.go. Comments collect in the parser while it looks at tokens
//! and go to the next event that takes them, so the order of `peek`, `skip` and `take_comments` matters.

use super::comments::{Found, Lines, Mark, Side};
use super::nodes::{Id, Kind, Node, Nodes, Root, Tag, Text};
use super::tokens::{Token, Tokens, too_deep};
use crate::sops::format::ParseError;
use granit_parser::{ScalarStyle, TokenType};
use std::borrow::Cow;
use std::collections::HashMap;

/// Builds the nodes of a file.
///
/// # Errors
/// Where the tokens do not form YAML documents.
pub(super) fn parse(tokens: Tokens<'_>) -> Result<Nodes<'_>, ParseError> {
    let mut parser = Parser {
        tokens: tokens.tokens,
        at: 0,
        comments: tokens.comments.into_iter().peekable(),
        head: Lines::new(),
        line: Lines::new(),
        foot: Lines::new(),
        stem: Lines::new(),
        anchors: HashMap::new(),
        prefixes: Vec::new(),
        nodes: Nodes::default(),
    };
    parser.stream()?;
    Ok(parser.nodes)
}

pub(super) struct Parser<'a> {
    pub tokens: Vec<Token<'a>>,
    pub at: usize,
    comments: std::iter::Peekable<std::vec::IntoIter<Found<'a>>>,
    pub head: Lines<'a>,
    line: Lines<'a>,
    foot: Lines<'a>,
    /// A comment above a list item that holds a collection; it belongs to that collection.
    pub stem: Lines<'a>,
    anchors: HashMap<Cow<'a, str>, Id>,
    /// `%TAG` handles of this document and what they stand for.
    prefixes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub nodes: Nodes<'a>,
}

/// Head, line and foot comments of an event.
pub(super) type Comments<'a> = (Lines<'a>, Lines<'a>, Lines<'a>);

/// What may stand where a node is expected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    Flow,
    Block,
    /// A list whose dashes stand at the column of its key, too.
    BlockOrIndentless,
}

use TokenType as T;

impl<'a> Parser<'a> {
    /// The next token; comments that stand before it are collected.
    ///
    /// The last token is the end of the stream, which is never skipped, so `at` stays inside `tokens`.
    pub(super) fn peek(&mut self) -> &T<'a> {
        let last = self.tokens.len() - 1;
        let token = &self.tokens[self.at.min(last)];
        let is_end = matches!(token.kind, T::BlockEnd);
        while let Some(comment) = self
            .comments
            .next_if(|comment| token.mark.index >= comment.token.index && !(is_end && comment.side == Side::Head))
        {
            match comment.side {
                Side::Head => self.head.extend(comment.lines),
                Side::Line => self.line.extend(comment.lines),
                Side::Foot => self.foot.extend(comment.lines),
            }
        }
        &token.kind
    }

    pub(super) fn skip(&mut self) {
        self.at += 1;
    }

    fn mark(&self) -> Mark {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(Mark::default(), |token| token.mark)
    }

    pub(super) fn refuse<R>(&self, what: &str) -> Result<R, ParseError> {
        let Mark { line, column, .. } = self.mark();
        Err(ParseError { line: line + 1, column: column + 1, what: what.to_owned() })
    }

    pub(super) fn take_comments(&mut self) -> Comments<'a> {
        self.stem.clear();
        (std::mem::take(&mut self.head), std::mem::take(&mut self.line), std::mem::take(&mut self.foot))
    }

    pub(super) fn add(&mut self, kind: Kind<'a>, mark: Mark, (head, line, foot): Comments<'a>) -> Id {
        self.nodes.all.push(Node { kind, mark, head, line, foot });
        self.nodes.all.len() - 1
    }

    pub(super) fn empty_scalar(&mut self) -> Id {
        let text = Text { tag: Tag::None, is_plain: true, text: Cow::Borrowed("") };
        let mark = self.mark();
        self.add(Kind::Scalar(text), mark, Comments::default())
    }

    fn stream(&mut self) -> Result<(), ParseError> {
        if self.tokens.is_empty() {
            return self.refuse("the file is empty");
        }
        if matches!(self.peek(), T::StreamStart) {
            self.skip();
        }
        let mut is_first = true;
        loop {
            while !is_first && matches!(self.peek(), T::DocumentEnd) {
                self.skip();
            }
            let explicit = matches!(
                self.peek(),
                T::VersionDirective(..) | T::TagDirective(..) | T::ReservedDirective(..) | T::DocumentStart
            );
            if matches!(self.peek(), T::StreamEnd) {
                return Ok(());
            }
            self.prefixes.clear();
            let mut head = Lines::new();
            let node = if is_first && !explicit {
                head = self.document_head();
                self.node(Allowed::Block, 0)?
            } else {
                self.explicit_document()?
            };
            self.peek();
            if matches!(self.peek(), T::DocumentEnd) {
                self.skip();
            }
            let (above, _, mut foot) = self.take_comments();
            if foot.is_empty() {
                foot = above;
            }
            self.nodes.documents.push(Root { node, head, foot });
            is_first = false;
        }
    }

    /// The part of the first comment block before its last blank line stands above the whole document.
    fn document_head(&mut self) -> Lines<'a> {
        match self.head.iter().rposition(|line| line.is_empty()) {
            Some(blank) => {
                let rest = self.head.split_off(blank + 1);
                let mut head = std::mem::replace(&mut self.head, rest);
                head.pop();
                head
            }
            None => Lines::new(),
        }
    }

    fn explicit_document(&mut self) -> Result<Id, ParseError> {
        loop {
            self.peek();
            match &self.tokens[self.at].kind {
                T::TagDirective(handle, prefix) => self.prefixes.push((handle.clone(), prefix.clone())),
                T::VersionDirective(..) | T::ReservedDirective(..) => {}
                T::DocumentStart => break,
                _ => return self.refuse("expected '---' here"),
            }
            self.skip();
        }
        self.skip();
        match self.peek() {
            T::VersionDirective(..)
            | T::TagDirective(..)
            | T::ReservedDirective(..)
            | T::DocumentStart
            | T::DocumentEnd
            | T::StreamEnd => Ok(self.empty_scalar()),
            _ => self.node(Allowed::Block, 0),
        }
    }

    pub(super) fn node(&mut self, allowed: Allowed, depth: usize) -> Result<Id, ParseError> {
        if depth > DEPTH_MAX {
            return self.refuse(&too_deep());
        }
        let mark = self.mark();
        if matches!(self.peek(), T::Alias(_)) {
            return self.alias(mark);
        }
        let (anchor, tag) = self.properties()?;
        let has_properties = anchor.is_some() || tag != Tag::None;
        // The anchor names the node before its children are read; an alias inside it finds it and is refused later.
        let mut named = None;
        if let Some(anchor) = anchor {
            let id = self.add(Kind::List(Vec::new()), mark, Comments::default());
            self.anchors.insert(anchor, id);
            named = Some(id);
        }
        let id = match self.peek() {
            T::BlockEntry if allowed == Allowed::BlockOrIndentless => {
                self.list(mark, Comments::default(), false, depth)?
            }
            T::Scalar(..) => self.scalar(tag, mark),
            T::FlowSequenceStart => self.flow_list(mark, depth)?,
            T::FlowMappingStart => self.flow_map(mark, depth)?,
            T::BlockSequenceStart if allowed != Allowed::Flow => {
                let stem = std::mem::take(&mut self.stem);
                self.list(mark, (stem, Lines::new(), Lines::new()), true, depth)?
            }
            T::BlockMappingStart if allowed != Allowed::Flow => self.map(mark, depth)?,
            _ if has_properties => {
                let text = Text { tag, is_plain: true, text: Cow::Borrowed("") };
                self.add(Kind::Scalar(text), mark, Comments::default())
            }
            _ => return self.refuse("expected a value here"),
        };
        if let Some(named) = named {
            self.nodes.all.swap(named, id);
            self.nodes.all[id].kind = Kind::Alias(named);
            return Ok(named);
        }
        Ok(id)
    }

    fn alias(&mut self, mark: Mark) -> Result<Id, ParseError> {
        let T::Alias(name) = &self.tokens[self.at].kind else { return self.refuse("expected an alias here") };
        let Some(&target) = self.anchors.get(name) else { return self.refuse("an alias without an anchor before it") };
        let comments = self.take_comments();
        self.skip();
        Ok(self.add(Kind::Alias(target), mark, comments))
    }

    fn properties(&mut self) -> Result<(Option<Cow<'a, str>>, Tag<'a>), ParseError> {
        let (mut anchor, mut tag) = (None, Tag::None);
        loop {
            self.peek();
            match &self.tokens[self.at].kind {
                T::Anchor(name) if anchor.is_none() => anchor = Some(name.clone()),
                T::Tag(handle, suffix) if tag == Tag::None => match self.resolve_tag(handle, suffix) {
                    Some(found) => tag = found,
                    None => return self.refuse("a tag whose handle is not declared"),
                },
                _ => return Ok((anchor, tag)),
            }
            self.skip();
        }
    }

    fn resolve_tag(&self, handle: &Cow<'a, str>, suffix: &Cow<'a, str>) -> Option<Tag<'a>> {
        const CORE: &str = "tag:yaml.org,2002:";
        if handle.is_empty() && suffix == "!" {
            return Some(Tag::None);
        }
        let prefix = match self.prefixes.iter().find(|(known, _)| known == handle) {
            Some((_, prefix)) => prefix.as_ref(),
            None if handle == "!!" => CORE,
            None if handle.len() > 1 => return None,
            None => handle.as_ref(),
        };
        if prefix == CORE {
            return Some(Tag::Core(suffix.clone()));
        }
        let whole = format!("{prefix}{suffix}");
        Some(whole.strip_prefix(CORE).map_or(Tag::Custom, |name| Tag::Core(name.to_owned().into())))
    }

    fn scalar(&mut self, tag: Tag<'a>, mark: Mark) -> Id {
        let comments = self.take_comments();
        let taken = self.tokens.get_mut(self.at).map(|token| std::mem::replace(&mut token.kind, T::StreamStart));
        self.skip();
        let (is_plain, text) = match taken {
            Some(T::Scalar(ScalarStyle::SingleQuoted, text)) => (false, folded_at_separators(text)),
            Some(T::Scalar(style, text)) => (style == ScalarStyle::Plain, text),
            _ => (true, Cow::Borrowed("")),
        };
        self.add(Kind::Scalar(Text { tag, is_plain, text }), mark, comments)
    }
}

/// Deepest nesting of block and flow collections together.
const DEPTH_MAX: usize = 160;

/// go-yaml takes U+2028 and U+2029 for line breaks, so it writes them with indentation behind and folds that away when
/// reading. (In the other styles it escapes them, or writes what no reader but itself understands.)
fn folded_at_separators(text: Cow<'_, str>) -> Cow<'_, str> {
    const SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];
    if !text.contains(SEPARATORS) {
        return text;
    }
    let mut folded = String::with_capacity(text.len());
    for (at, part) in text.split_inclusive(SEPARATORS).enumerate() {
        folded.push_str(if at == 0 { part } else { part.trim_start_matches([' ', '\t']) });
    }
    folded.into()
}
