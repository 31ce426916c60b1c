//! One pass over a locked document: decides which leaves are encrypted, decrypts them, feeds the MAC, and keeps what
//! is wanted (sops-format.md sections 1.2, 2.1 and 3).

use super::cipher::{Cipher, Leaf, LeafError, mac_bytes};
use super::keep::Keep;
use super::rules::{LeafKind, Rule, Scope};
use super::tree::{Comment, Document, Entry, Item, Locked, Plain, Value};
use super::wanted::Wanted;
use crate::secret::{SecretBuf, SecretBytes};
use sha2::{Digest, Sha512};
use std::borrow::Cow;

/// SHA-256 of `sops`: what the hash absorbs first under `mac_only_encrypted`.
const ENCRYPTED_ONLY_SEED: [u8; 32] = [
    0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b, 0x0b, 0x97, 0x5b,
    0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69,
];

/// What a walk hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashing {
    /// Every leaf.
    All,
    /// The leaves that the rules encrypt.
    EncryptedOnly,
    /// None: only wanted leaves are decrypted at all.
    Nothing,
}

/// A leaf that did not decrypt: its path with list positions, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct BadLeaf {
    /// Keys and positions joined by `/`; of a comment, those of the map or list it stands in.
    pub path: String,
    /// What is wrong with it.
    pub error: LeafError,
}

/// One step of the current path, for messages.
enum Step<'k> {
    Key(&'k [u8]),
    Position(usize),
}

/// A value that was wanted.
struct Taken<'k> {
    /// How many merge keys (`<<`) led to it; a key that stands in the map itself wins over a merged one.
    merges: usize,
    value: Value<'k, Plain>,
}

/// The result of a walk.
pub struct Walked<'k> {
    /// The hash in upper-case hex, as the MAC holds it.
    pub hash: String,
    /// The values kept, by position among the wanted paths.
    pub taken: Vec<Option<Value<'k, Plain>>>,
}

/// A walk in progress.
pub struct Walk<'k> {
    cipher: &'k Cipher,
    scope: Scope<'k>,
    hashing: Hashing,
    hash: Sha512,
    /// The keys of the current path, each followed by `:`; what a token is bound to.
    aad: Vec<u8>,
    steps: Vec<Step<'k>>,
    scratch: SecretBuf,
    merges: usize,
    /// By position among the wanted paths.
    taken: Vec<Option<Taken<'k>>>,
    bad: Vec<BadLeaf>,
}

impl<'k> Walk<'k> {
    /// A walk over the documents of one file.
    pub fn new(cipher: &'k Cipher, rule: &'k Rule, hashing: Hashing) -> Self {
        let mut hash = Sha512::new();
        if hashing == Hashing::EncryptedOnly {
            hash.update(ENCRYPTED_ONLY_SEED);
        }
        Self {
            cipher,
            scope: Scope::new(rule),
            hashing,
            hash,
            aad: Vec::new(),
            steps: Vec::new(),
            scratch: SecretBuf::default(),
            merges: 0,
            taken: Vec::new(),
            bad: Vec::new(),
        }
    }

    /// Decrypts a whole document.
    pub fn document(&mut self, root: &'k [Entry<'k, Locked<'k>>]) -> Document<'k, Plain> {
        self.map(root, Keep::Everything)
    }

    /// Walks a document and keeps the wanted values.
    pub fn wanted(&mut self, root: &'k [Entry<'k, Locked<'k>>], wanted: &Wanted) {
        self.map(root, Keep::Paths(wanted));
    }

    /// Walks a document for its hash alone.
    pub fn pass(&mut self, root: &'k [Entry<'k, Locked<'k>>]) {
        self.map(root, Keep::Nothing);
    }

    /// Ends the walk.
    ///
    /// # Errors
    /// All leaves that did not decrypt.
    pub fn finish(self) -> Result<Walked<'k>, Vec<BadLeaf>> {
        if !self.bad.is_empty() {
            return Err(self.bad);
        }
        let taken = self.taken.into_iter().map(|taken| taken.map(|taken| taken.value)).collect();
        Ok(Walked { hash: format!("{:X}", self.hash.finalize()), taken })
    }

    fn map(&mut self, entries: &'k [Entry<'k, Locked<'k>>], keep: Keep<'_>) -> Vec<Entry<'k, Plain>> {
        let mut kept = Vec::with_capacity(if keep.wants_all() { entries.len() } else { 0 });
        self.scope.open();
        for entry in entries {
            match entry {
                Entry::Comment(comment) => kept.extend(self.comment(comment, keep).map(Entry::Comment)),
                Entry::Pair(key, value) => {
                    let aad_before = self.enter(key);
                    let plain = match self.value(value, keep.key(key)) {
                        Some(Item::Value(plain)) => Some(plain),
                        Some(Item::Comment(comment)) => Some(Value::Text(comment.text)),
                        None => None,
                    };
                    self.leave(aad_before);
                    kept.extend(plain.map(|plain| Entry::Pair(Cow::Borrowed(&**key), plain)));
                }
            }
        }
        self.scope.close();
        kept
    }

    fn list(&mut self, items: &'k [Item<'k, Locked<'k>>], keep: Keep<'_>) -> Vec<Item<'k, Plain>> {
        let mut kept = Vec::with_capacity(if keep.wants_all() { items.len() } else { 0 });
        let mut position = 0;
        self.scope.open();
        for item in items {
            match item {
                Item::Comment(comment) => kept.extend(self.comment(comment, keep).map(Item::Comment)),
                Item::Value(value) => {
                    self.steps.push(Step::Position(position));
                    kept.extend(self.value(value, keep.position(position)));
                    self.steps.pop();
                    self.scope.passed();
                    position += 1;
                }
            }
        }
        self.scope.close();
        kept
    }

    fn enter(&mut self, key: &'k [u8]) -> usize {
        let before = self.aad.len();
        self.aad.extend_from_slice(key);
        self.aad.push(b':');
        self.scope.enter_key(key);
        self.steps.push(Step::Key(key));
        before
    }

    fn leave(&mut self, aad_before: usize) {
        self.steps.pop();
        self.scope.leave_key();
        self.scope.passed();
        self.aad.truncate(aad_before);
    }

    /// Walks a value; gives it back if it is kept and its keeper is the caller.
    fn value(&mut self, value: &'k Value<'k, Locked<'k>>, keep: Keep<'_>) -> Option<Item<'k, Plain>> {
        let wanted = match keep {
            Keep::Paths(wanted) => wanted.here(),
            _ => None,
        };
        let below = if wanted.is_some() { Keep::Everything } else { keep };
        if matches!(below, Keep::Nothing) && self.hashing == Hashing::Nothing {
            return None;
        }
        let all = below.wants_all();
        let plain = match value {
            Value::Map(entries) => {
                let entries = self.map_or_merged(entries, below);
                all.then_some(Item::Value(Value::Map(entries)))
            }
            Value::List(items) => {
                let items = self.list(items, below);
                all.then_some(Item::Value(Value::List(items)))
            }
            Value::Null => all.then_some(Item::Value(Value::Null)),
            _ => self.leaf(value, below),
        };
        match (wanted, plain) {
            (Some(position), Some(Item::Value(value))) => {
                self.take(position, value);
                None
            }
            (_, plain) => plain,
        }
    }

    fn map_or_merged(&mut self, entries: &'k [Entry<'k, Locked<'k>>], keep: Keep<'_>) -> Vec<Entry<'k, Plain>> {
        let Keep::Merged(wanted) = keep else { return self.map(entries, keep) };
        self.merges += 1;
        let kept = self.map(entries, Keep::Paths(wanted));
        self.merges -= 1;
        kept
    }

    fn take(&mut self, position: usize, value: Value<'k, Plain>) {
        if self.taken.len() <= position {
            self.taken.resize_with(position + 1, || None);
        }
        let merges = self.merges;
        match &mut self.taken[position] {
            // Of repeated keys the last counts, of merged maps the first.
            Some(other) if merges > other.merges || (merges == other.merges && merges > 0) => {}
            slot => *slot = Some(Taken { merges, value }),
        }
    }

    fn leaf(&mut self, value: &'k Value<'k, Locked<'k>>, keep: Keep<'_>) -> Option<Item<'k, Plain>> {
        if !keep.wants_all() && self.hashing == Hashing::Nothing {
            return None;
        }
        let encrypted = self.scope.encrypts(LeafKind::Value);
        if !encrypted {
            if self.hashing == Hashing::All {
                self.hash_locked(value);
            }
            return keep.wants_all().then(|| Item::Value(clear(value)));
        }
        let leaf = match value {
            Value::Text(text) => self.cipher.leaf(text, &self.aad),
            _ => Err(LeafError::Clear),
        };
        match leaf {
            Ok(Leaf::Value(plain)) => {
                self.hash_plain(&plain);
                keep.wants_all().then_some(Item::Value(plain))
            }
            // An encrypted comment of a list; like every comment it is not hashed.
            Ok(Leaf::Comment(text)) => keep.wants_all().then_some(Item::Comment(Comment { text, inline: false })),
            Err(error) => {
                self.bad.push(BadLeaf { path: self.path(), error });
                None
            }
        }
    }

    /// Comments are lenient: one that does not decrypt was clear in the first place.
    fn comment(&mut self, comment: &'k Comment<Locked<'k>>, keep: Keep<'_>) -> Option<Comment<Plain>> {
        self.scope.comment(&comment.text);
        if !keep.wants_all() {
            return None;
        }
        let clear = || Comment { text: SecretBytes::copy_of(&comment.text), inline: comment.inline };
        if !self.scope.encrypts(LeafKind::Comment) {
            return Some(clear());
        }
        let aad: &[u8] = if self.aad.is_empty() { b":" } else { &self.aad };
        match self.cipher.leaf(&comment.text, aad) {
            // sops loses the mark of an inline comment here, and prints it on a line of its own.
            Ok(Leaf::Comment(text)) => Some(Comment { text, inline: false }),
            Ok(Leaf::Value(Value::Text(text))) => Some(Comment { text, inline: comment.inline }),
            _ => Some(clear()),
        }
    }

    fn hash_locked(&mut self, value: &Value<'_, Locked<'_>>) {
        match value {
            Value::Text(text) => self.hash.update(text),
            _ => self.hash_scalar(value, |text| text),
        }
    }

    fn hash_plain(&mut self, value: &Value<'_, Plain>) {
        if self.hashing == Hashing::Nothing {
            return;
        }
        match value {
            Value::Text(text) => self.hash.update(text.expose()),
            _ => self.hash_scalar(value, SecretBytes::expose),
        }
    }

    fn hash_scalar<S>(&mut self, value: &Value<'_, S>, text: impl Fn(&S) -> &[u8]) {
        self.scratch.clear();
        mac_bytes(value, text, &mut self.scratch);
        self.hash.update(self.scratch.expose());
    }

    fn path(&self) -> String {
        let steps = self.steps.iter().map(|step| match step {
            Step::Key(key) => String::from_utf8_lossy(key).into_owned(),
            Step::Position(index) => index.to_string(),
        });
        steps.collect::<Vec<_>>().join("/")
    }
}

/// A scalar that the file holds in clear.
fn clear<'k>(value: &Value<'k, Locked<'k>>) -> Value<'k, Plain> {
    match value {
        Value::Text(text) => Value::Text(SecretBytes::copy_of(text)),
        Value::Bool(value) => Value::Bool(*value),
        Value::Int(value) => Value::Int(*value),
        Value::Float(value) => Value::Float(*value),
        Value::Time(value) => Value::Time(*value),
        // The walk goes into maps and lists itself and never hands one here.
        Value::Null | Value::Map(_) | Value::List(_) => Value::Null,
    }
}
