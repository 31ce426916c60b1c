//! Which leaves of a file are encrypted: the six rules and the comments in force (sops-format.md section 3).

use super::go_regex;
use regex::bytes::Regex;

/// The one rule of a file.
#[derive(Debug)]
pub enum Rule {
    /// Encrypted unless a key on the path ends so.
    UnencryptedSuffix(String),
    /// Encrypted if a key on the path ends so.
    EncryptedSuffix(String),
    /// Encrypted unless a key on the path matches.
    UnencryptedRegex(Pattern),
    /// Encrypted if a key on the path matches.
    EncryptedRegex(Pattern),
    /// Encrypted unless a comment in force matches.
    UnencryptedCommentRegex(Pattern),
    /// Encrypted if a comment in force matches.
    EncryptedCommentRegex(Pattern),
}

/// A compiled pattern; one that Go cannot compile matches nothing.
#[derive(Debug)]
pub struct Pattern(Option<Regex>);

impl Pattern {
    /// Compiles a pattern in Go's notation.
    pub fn new(text: &str) -> Self {
        Self(go_regex::compile(text))
    }

    fn matches(&self, text: &[u8]) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

/// What a leaf is, to the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafKind {
    /// A value.
    Value,
    /// A comment, already entered with [`Scope::comment`].
    Comment,
}

/// The state of a walk: keys above the current leaf and comments in force, reduced to what the rule asks of them.
pub struct Scope<'r> {
    rule: &'r Rule,
    /// For each key on the path: whether it, or one above it, is named by the rule.
    keys: Vec<bool>,
    /// For each open map or list: whether each of its comments in force matches the rule.
    comments: Vec<Vec<bool>>,
}

impl<'r> Scope<'r> {
    /// The scope at a document's root.
    pub fn new(rule: &'r Rule) -> Self {
        Self { rule, keys: Vec::new(), comments: Vec::new() }
    }

    /// Enters a map or list.
    pub fn open(&mut self) {
        self.comments.push(Vec::new());
    }

    /// Leaves a map or list.
    pub fn close(&mut self) {
        self.comments.pop();
    }

    /// Steps to a key; [`Self::leave_key`] steps back.
    pub fn enter_key(&mut self, key: &[u8]) {
        let named = self.keys.last() == Some(&true)
            || match self.rule {
                Rule::UnencryptedSuffix(end) | Rule::EncryptedSuffix(end) => key.ends_with(end.as_bytes()),
                Rule::UnencryptedRegex(pattern) | Rule::EncryptedRegex(pattern) => pattern.matches(key),
                Rule::UnencryptedCommentRegex(_) | Rule::EncryptedCommentRegex(_) => false,
            };
        self.keys.push(named);
    }

    /// Steps back out of a key.
    pub fn leave_key(&mut self) {
        self.keys.pop();
    }

    /// A comment, as the file has it, comes into force for what follows.
    pub fn comment(&mut self, text: &[u8]) {
        let matches = match self.rule {
            Rule::UnencryptedCommentRegex(pattern) | Rule::EncryptedCommentRegex(pattern) => pattern.matches(text),
            _ => return,
        };
        if let Some(last) = self.comments.last_mut() {
            last.push(matches);
        }
    }

    /// A pair or element has passed: the comments before it are no longer in force.
    pub fn passed(&mut self) {
        if let Some(last) = self.comments.last_mut() {
            last.clear();
        }
    }

    /// Whether the leaf at this place is encrypted.
    pub fn encrypts(&self, leaf: LeafKind) -> bool {
        let named = || self.keys.last() == Some(&true);
        match self.rule {
            Rule::UnencryptedSuffix(_) | Rule::UnencryptedRegex(_) => !named(),
            Rule::EncryptedSuffix(_) | Rule::EncryptedRegex(_) => named(),
            Rule::UnencryptedCommentRegex(_) => !self.comments.iter().flatten().any(|matches| *matches),
            Rule::EncryptedCommentRegex(_) => self.marked(leaf),
        }
    }

    /// A marker comment stays readable: a comment's own text does not count for itself.
    fn marked(&self, leaf: LeafKind) -> bool {
        let Some((last, above)) = self.comments.split_last() else { return false };
        let own = match leaf {
            LeafKind::Comment => last.len().saturating_sub(1),
            LeafKind::Value => last.len(),
        };
        above.iter().flatten().chain(&last[..own]).any(|matches| *matches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(rule: &Rule, path: &[&str]) -> bool {
        let mut scope = Scope::new(rule);
        path.iter().for_each(|key| scope.enter_key(key.as_bytes()));
        scope.encrypts(LeafKind::Value)
    }

    #[test]
    fn any_key_on_the_path_decides() {
        let suffix = Rule::UnencryptedSuffix("_unencrypted".into());
        assert!(at(&suffix, &["a", "b"]));
        assert!(!at(&suffix, &["a_unencrypted", "b"]));
        let regex = Rule::EncryptedRegex(Pattern::new("^(data|pw)$"));
        assert!(at(&regex, &["x", "data", "y"]));
        assert!(!at(&regex, &["x", "mydata"]));
        assert!(!at(&regex, &[]), "a root comment has no key");
    }

    #[test]
    fn an_invalid_pattern_matches_nothing() {
        assert!(!at(&Rule::EncryptedRegex(Pattern::new("(")), &["("]));
        assert!(at(&Rule::UnencryptedRegex(Pattern::new("(")), &["("]));
    }

    #[test]
    fn comments_reach_the_next_sibling_and_what_is_in_it() {
        let rule = Rule::EncryptedCommentRegex(Pattern::new("enc"));
        let mut scope = Scope::new(&rule);
        scope.open();
        scope.comment(b" enc");
        assert!(!scope.encrypts(LeafKind::Comment), "the marker stays readable");
        scope.comment(b" note");
        assert!(scope.encrypts(LeafKind::Comment));
        scope.enter_key(b"a");
        scope.open();
        scope.enter_key(b"b");
        assert!(scope.encrypts(LeafKind::Value));
        scope.leave_key();
        scope.passed();
        scope.enter_key(b"c");
        assert!(scope.encrypts(LeafKind::Value), "the outer comment is still in force");
        scope.leave_key();
        scope.close();
        scope.leave_key();
        scope.passed();
        scope.enter_key(b"d");
        assert!(!scope.encrypts(LeafKind::Value));
    }
}
