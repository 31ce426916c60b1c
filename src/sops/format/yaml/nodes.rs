//! Nodes: what a YAML file holds before its values have types.

use super::comments::{Lines, Mark};
use std::borrow::Cow;

/// Index of a node in [`Nodes`].
pub(super) type Id = usize;

/// All nodes of a file; aliases make them a graph.
#[derive(Default)]
pub(super) struct Nodes<'a> {
    pub all: Vec<Node<'a>>,
    /// One root node per document, with the comments around it.
    pub documents: Vec<Root<'a>>,
}

/// A document: its node and the comments above and below it.
pub(super) struct Root<'a> {
    pub node: Id,
    pub head: Lines<'a>,
    pub foot: Lines<'a>,
}

/// A node with the comments above, behind and below it.
pub(super) struct Node<'a> {
    pub kind: Kind<'a>,
    pub mark: Mark,
    pub head: Lines<'a>,
    pub line: Lines<'a>,
    pub foot: Lines<'a>,
}

pub(super) enum Kind<'a> {
    Scalar(Text<'a>),
    Map(Vec<(Id, Id)>),
    List(Vec<Id>),
    Alias(Id),
}

/// A scalar before its type is known.
pub(super) struct Text<'a> {
    pub tag: Tag<'a>,
    /// Whether it has neither quotes nor a `|` or `>`.
    pub is_plain: bool,
    pub text: Cow<'a, str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    None,
    /// `!!int` is `Core("int")`.
    Core(Cow<'a, str>),
    /// Any other tag; it has no meaning.
    Custom,
}

impl<'a> std::ops::Index<Id> for Nodes<'a> {
    type Output = Node<'a>;

    fn index(&self, id: Id) -> &Node<'a> {
        &self.all[id]
    }
}
