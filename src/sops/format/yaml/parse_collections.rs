//! Lists and maps in block and flow style; see [`super::parse`].

use super::comments::{Lines, Mark};
use super::nodes::{Id, Kind};
use super::parse::{Allowed, Comments, Parser};
use crate::sops::format::ParseError;
use granit_parser::TokenType as T;

impl<'a> Parser<'a> {
    pub(super) fn list(
        &mut self,
        mark: Mark,
        comments: Comments<'a>,
        has_ends: bool,
        depth: usize,
    ) -> Result<Id, ParseError> {
        if has_ends {
            self.skip();
        }
        let mut items = Vec::new();
        loop {
            match self.peek() {
                T::BlockEntry => {}
                T::BlockEnd if has_ends => {
                    self.skip();
                    break;
                }
                _ if !has_ends => break,
                _ => return self.refuse("expected '-' here"),
            }
            let above = self.head.len();
            self.skip();
            self.split_stem(above);
            let item = match self.peek() {
                T::BlockEntry | T::BlockEnd => self.empty_scalar(),
                T::Key | T::Value if !has_ends => self.empty_scalar(),
                _ => self.node(Allowed::Block, depth + 1)?,
            };
            items.push(item);
        }
        let (head, _, _) = comments;
        Ok(self.add(Kind::List(items), mark, (head, Lines::new(), Lines::new())))
    }

    fn split_stem(&mut self, above: usize) {
        if above > 0 && matches!(self.peek(), T::BlockSequenceStart | T::BlockMappingStart) {
            let rest = self.head.split_off(above);
            self.stem = std::mem::replace(&mut self.head, rest);
        }
    }

    pub(super) fn map(&mut self, mark: Mark, depth: usize) -> Result<Id, ParseError> {
        let head = std::mem::take(&mut self.stem);
        self.skip();
        let mut pairs: Vec<(Id, Id)> = Vec::new();
        loop {
            match self.peek() {
                T::Key => self.skip(),
                T::BlockEnd => break,
                _ => return self.refuse("expected a key here"),
            }
            let key = match self.peek() {
                T::Key | T::Value | T::BlockEnd => self.empty_scalar(),
                _ => self.node(Allowed::BlockOrIndentless, depth + 1)?,
            };
            if let Some(&(before, _)) = pairs.last() {
                self.move_foot(key, before);
            }
            let value = self.map_value(depth)?;
            self.settle_foot(key, value);
            pairs.push((key, value));
        }
        let (_, line, mut foot) = self.take_comments();
        self.skip();
        if let Some(&(last, _)) = pairs.last()
            && !foot.is_empty()
        {
            self.nodes.all[last].foot = std::mem::take(&mut foot);
        }
        Ok(self.add(Kind::Map(pairs), mark, (head, line, foot)))
    }

    fn map_value(&mut self, depth: usize) -> Result<Id, ParseError> {
        if !matches!(self.peek(), T::Value) {
            return Ok(self.empty_scalar());
        }
        self.skip();
        match self.peek() {
            T::Key | T::Value | T::BlockEnd => Ok(self.empty_scalar()),
            _ => self.node(Allowed::BlockOrIndentless, depth + 1),
        }
    }

    /// A comment below a key goes below the pair before it.
    fn move_foot(&mut self, from: Id, to: Id) {
        let foot = std::mem::take(&mut self.nodes.all[from].foot);
        if !foot.is_empty() {
            self.nodes.all[to].foot = foot;
        }
    }

    /// A comment below a value goes below its key, unless there is one.
    fn settle_foot(&mut self, key: Id, value: Id) {
        if self.nodes.all[key].foot.is_empty() {
            self.move_foot(value, key);
        }
    }

    pub(super) fn flow_list(&mut self, mark: Mark, depth: usize) -> Result<Id, ParseError> {
        let (head, _, _) = self.take_comments();
        self.skip();
        let mut items = Vec::new();
        loop {
            if !matches!(self.peek(), T::FlowSequenceEnd) && !items.is_empty() {
                self.flow_entry()?;
            }
            if matches!(self.peek(), T::FlowSequenceEnd) {
                break;
            }
            let item = self.node(Allowed::Flow, depth + 1)?;
            items.push(item);
        }
        let (_, line, foot) = self.take_comments();
        self.skip();
        Ok(self.add(Kind::List(items), mark, (head, line, foot)))
    }

    fn flow_entry(&mut self) -> Result<(), ParseError> {
        match self.peek() {
            T::FlowEntry => self.skip(),
            _ => return self.refuse("expected ',' or a closing bracket here"),
        }
        Ok(())
    }

    pub(super) fn flow_map(&mut self, mark: Mark, depth: usize) -> Result<Id, ParseError> {
        // A map that stands for one pair of a list leaves the comments to what is around it.
        let is_written = self.tokens.get(self.at).is_some_and(|token| token.has_text);
        let (head, _, _) = if is_written { self.take_comments() } else { Comments::default() };
        self.skip();
        let mut pairs = Vec::new();
        loop {
            if !matches!(self.peek(), T::FlowMappingEnd) && !pairs.is_empty() {
                self.flow_entry()?;
            }
            let (key, value) = match self.peek() {
                T::FlowMappingEnd => break,
                T::Key => {
                    self.skip();
                    let key = match self.peek() {
                        T::Value | T::FlowEntry | T::FlowMappingEnd => self.empty_scalar(),
                        _ => self.node(Allowed::Flow, depth + 1)?,
                    };
                    (key, self.flow_value(depth)?)
                }
                T::Value => (self.empty_scalar(), self.flow_value(depth)?),
                _ => (self.node(Allowed::Flow, depth + 1)?, self.flow_value(depth)?),
            };
            self.settle_foot(key, value);
            pairs.push((key, value));
        }
        let (_, line, foot) = if is_written { self.take_comments() } else { Comments::default() };
        self.skip();
        Ok(self.add(Kind::Map(pairs), mark, (head, line, foot)))
    }

    fn flow_value(&mut self, depth: usize) -> Result<Id, ParseError> {
        if !matches!(self.peek(), T::Value) {
            return Ok(self.empty_scalar());
        }
        self.skip();
        match self.peek() {
            T::FlowEntry | T::FlowMappingEnd => Ok(self.empty_scalar()),
            _ => self.node(Allowed::Flow, depth + 1),
        }
    }
}
