//! Writes documents as go-yaml's emitter does for sops: block style, indent 4, comments (sops-format.md section 6.1.2).
//!
//! The emitter is a port of libyaml's, cut down to what sops can ask for. Its small state (`whitespace`, `indention`,
//! waiting comments) is kept as it is there, because the blank lines around comments follow from it.

use super::layout::{Kind, Node};
use super::write_scalar::{Prepared, Style};
use crate::secret::{SecretBuf, SecretBytes};
use crate::sops::format::WriteError;
use crate::sops::number;
use crate::sops::tree::{Document, Plain, Value};

/// Columns per level; sops's default.
pub(super) const INDENT: usize = 4;
/// Longest key, in bytes, that is written without `? `.
const SIMPLE_KEY_MAX_BYTES: usize = 128;

/// Writes decrypted documents as `sops decrypt` prints them.
///
/// # Errors
/// Where maps and lists are nested too deep.
pub fn write(documents: &[Document<'_, Plain>]) -> Result<SecretBytes, WriteError> {
    let roots = documents.iter().map(|document| Node::map(document, 0)).collect::<Result<Vec<_>, _>>()?;
    let mut emitter = Emitter::default();
    for (at, root) in roots.iter().enumerate() {
        emitter.document(root, at == 0);
    }
    Ok(emitter.out.finish())
}

/// Writes one value as `sops decrypt --extract` prints a map or a list.
///
/// A string is written as YAML too (sops prints the bytes of an extracted string as they are).
///
/// # Errors
/// Where maps and lists are nested too deep.
pub fn write_value(value: &Value<'_, Plain>) -> Result<SecretBytes, WriteError> {
    let root = Node::of(value, 0)?;
    let mut emitter = Emitter::default();
    emitter.document(&root, true);
    Ok(emitter.out.finish())
}

/// What surrounds a node; decides its indentation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    Root,
    Map,
    List,
}

/// The emitter's state; names as in libyaml.
pub(super) struct Emitter<'v> {
    pub out: SecretBuf,
    /// Characters written on this line.
    pub column: usize,
    /// The columns of the collections that are open.
    indents: Vec<usize>,
    /// Whether the last character was a space or a break.
    pub whitespace: bool,
    /// Whether nothing but indentation and indicators stands on this line.
    pub indention: bool,
    /// Column of a comment below a node just written: a blank line keeps it apart from what follows there.
    pub foot_indent: Option<usize>,
    head: &'v [&'v [u8]],
    line: &'v [&'v [u8]],
    foot: &'v [&'v [u8]],
    tail: &'v [&'v [u8]],
    /// A comment left over from before a key; it goes behind the key's value or its `:`.
    key_line: &'v [&'v [u8]],
}

impl Default for Emitter<'_> {
    fn default() -> Self {
        Self {
            out: SecretBuf::default(),
            column: 0,
            indents: Vec::new(),
            whitespace: true,
            indention: true,
            foot_indent: None,
            head: &[],
            line: &[],
            foot: &[],
            tail: &[],
            key_line: &[],
        }
    }
}

impl<'v> Emitter<'v> {
    fn document(&mut self, root: &'v Node<'v>, is_first: bool) {
        if !is_first {
            self.write_indent();
            self.indicator("---", true, false);
            self.write_indent();
        }
        self.announce(root);
        self.head_comment();
        self.node(root, Around::Root);
        self.foot_indent = Some(0);
        self.foot_comment();
        self.foot_indent = None;
        self.write_indent();
    }

    /// Takes over the comments that come with the start of a node.
    fn announce(&mut self, node: &'v Node<'v>) {
        replace(&mut self.head, &node.head);
        if matches!(node.kind, Kind::Scalar(_) | Kind::Key(_)) {
            replace(&mut self.line, &node.line);
            replace(&mut self.foot, &node.foot);
        }
    }

    /// Takes over the comments that come with the end of a collection.
    fn announce_end(&mut self, node: &'v Node<'v>, tail: &'v [&'v [u8]]) {
        replace(&mut self.tail, tail);
        replace(&mut self.line, &node.line);
        replace(&mut self.foot, &node.foot);
    }

    fn node(&mut self, node: &'v Node<'v>, around: Around) {
        match &node.kind {
            Kind::Scalar(value) => {
                self.scalar(&prepared(value), around);
                self.comments_behind();
            }
            Kind::Key(key) => self.scalar(&Prepared::string(key), around),
            Kind::Map(pairs) if pairs.is_empty() => self.empty(node, ["{", "}"], around),
            Kind::List(items) if items.is_empty() => self.empty(node, ["[", "]"], around),
            Kind::Map(pairs) => {
                self.comments_behind();
                self.map(node, pairs, around);
            }
            Kind::List(items) => {
                self.comments_behind();
                self.indents.push(self.child_indent(around, false));
                for item in items {
                    self.announce(item);
                    self.head_comment();
                    self.write_indent();
                    self.indicator("-", true, true);
                    self.node(item, Around::List);
                }
                self.announce_end(node, &[]);
                self.indents.pop();
            }
        }
    }

    fn map(&mut self, node: &'v Node<'v>, pairs: &'v [(Node<'v>, Node<'v>)], around: Around) {
        self.indents.push(self.child_indent(around, false));
        let mut tail: &'v [&'v [u8]] = &[];
        for (key, value) in pairs {
            replace(&mut self.head, &key.head);
            replace(&mut self.tail, tail);
            tail = &key.foot;
            self.head_comment();
            self.write_indent();
            replace(&mut self.key_line, std::mem::take(&mut self.line));
            self.key(key);
            self.announce(value);
            self.left_over_comment(value);
            self.node(value, Around::Map);
        }
        self.announce_end(node, tail);
        self.head_comment();
        self.indents.pop();
    }

    fn key(&mut self, key: &'v Node<'v>) {
        let Kind::Key(bytes) = key.kind else { return };
        let key = Prepared::string(bytes);
        if !key.analysis.multiline && key.len() <= SIMPLE_KEY_MAX_BYTES {
            self.simple_key(&key);
            self.indicator(":", false, false);
        } else {
            self.indicator("?", true, true);
            self.scalar(&key, Around::Map);
            self.write_indent();
            self.indicator(":", true, true);
        }
    }

    fn left_over_comment(&mut self, value: &Node<'v>) {
        if matches!(value.kind, Kind::Map(_) | Kind::List(_)) {
            std::mem::swap(&mut self.line, &mut self.key_line);
            self.line_comment();
            std::mem::swap(&mut self.line, &mut self.key_line);
        } else if self.line.is_empty() {
            self.line = std::mem::take(&mut self.key_line);
        }
    }

    /// `{}` or `[]`; comments of an empty map stand between its braces.
    fn empty(&mut self, node: &'v Node<'v>, signs: [&str; 2], around: Around) {
        self.comments_behind();
        self.indicator(signs[0], true, false);
        self.whitespace = true;
        self.announce_end(node, &[]);
        let is_map = matches!(node.kind, Kind::Map(_));
        if is_map {
            self.indents.push(self.child_indent(around, true));
            self.head_comment();
            self.indents.pop();
        } else if self.column == 0 {
            self.write_indent();
        }
        self.indicator(signs[1], false, false);
        self.comments_behind();
    }

    fn scalar(&mut self, scalar: &Prepared<'_>, around: Around) {
        let style = scalar.analysis.select(scalar.style, false);
        self.tag(scalar);
        self.indents.push(self.child_indent(around, true));
        self.text(&scalar.text, style);
        self.indents.pop();
    }

    fn simple_key(&mut self, key: &Prepared<'_>) {
        let style = key.analysis.select(key.style, true);
        self.tag(key);
        self.text(&key.text, style);
    }

    fn tag(&mut self, scalar: &Prepared<'_>) {
        if let Some(tag) = scalar.tag {
            self.indicator("!!", true, false);
            self.put_str(tag);
        }
    }

    fn text(&mut self, text: &str, style: Style) {
        match style {
            Style::Plain => self.plain(text),
            Style::Single => self.single_quoted(text),
            Style::Double => self.double_quoted(text),
            Style::Literal => self.literal(text),
        }
    }

    /// Column of what is nested in the innermost collection. At the root, scalars are indented and collections not.
    fn child_indent(&self, around: Around, is_flow: bool) -> usize {
        match (self.indents.last(), around) {
            (None, _) if is_flow => INDENT,
            (None, _) => 0,
            (Some(indent), Around::List) => indent + 2,
            (Some(indent), Around::Root | Around::Map) => INDENT * ((indent + INDENT) / INDENT),
        }
    }

    fn comments_behind(&mut self) {
        self.line_comment();
        self.foot_comment();
    }

    fn head_comment(&mut self) {
        if !self.tail.is_empty() {
            self.write_indent();
            self.comment(self.tail);
            self.tail = &[];
            self.foot_indent = Some(self.indent());
        }
        if !self.head.is_empty() {
            self.write_indent();
            self.comment(self.head);
            self.head = &[];
        }
    }

    /// Writes the waiting comment behind a value; false where there is none.
    pub(super) fn line_comment(&mut self) -> bool {
        if self.line.is_empty() {
            return false;
        }
        if !self.whitespace {
            self.put(' ');
        }
        self.comment(self.line);
        self.line = &[];
        true
    }

    fn foot_comment(&mut self) {
        if !self.foot.is_empty() {
            self.write_indent();
            self.comment(self.foot);
            self.foot = &[];
            self.foot_indent = Some(self.indent());
        }
    }

    pub(super) fn indent(&self) -> usize {
        self.indents.last().copied().unwrap_or(0)
    }
}

/// A later comment pushes out one that still waits, but an absent one does not.
fn replace<'v>(waiting: &mut &'v [&'v [u8]], with: &'v [&'v [u8]]) {
    if !with.is_empty() {
        *waiting = with;
    }
}

fn prepared<'v>(value: &'v Value<'v, Plain>) -> Prepared<'v> {
    match value {
        Value::Text(text) => Prepared::string(text.expose()),
        Value::Bool(value) => Prepared::bare(value.to_string()),
        Value::Int(value) => Prepared::bare(value.to_string()),
        Value::Float(value) => Prepared::bare(number::yaml(*value)),
        Value::Time(time) => Prepared::bare(time.to_string()),
        // Maps and lists have nodes of their own, so only null is left.
        Value::Null | Value::Map(_) | Value::List(_) => Prepared::bare("null".to_owned()),
    }
}
