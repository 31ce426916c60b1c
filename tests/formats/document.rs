//! A random template under construction, together with what it must say when it is rendered.
//!
//! What is expected is put together from the pieces as they are chosen, by nothing that the renderer uses.

use crate::random::{Random, secret};
use sops_inlay::template::escape::{Piece, ValueType};
use sops_inlay::template::{SecretIndex, Segment};

/// What stands at a place of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Leaf {
    Text(Vec<u8>),
    Int(i128),
    Float(f64),
    Bool(bool),
}

impl Leaf {
    pub fn text(text: impl AsRef<[u8]>) -> Self {
        Self::Text(text.as_ref().to_vec())
    }

    /// Not-a-number is one value here.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(one), Self::Float(two)) => one == two || (one.is_nan() && two.is_nan()),
            (one, two) => one == two,
        }
    }
}

/// Names on the way to a leaf, and the leaf.
pub type Leaves = Vec<(Vec<Vec<u8>>, Leaf)>;

enum Bit {
    Literal(String),
    Value(usize),
}

/// The template and its meaning.
pub struct Document {
    pub random: Random,
    bits: Vec<Bit>,
    pub secrets: Vec<(Vec<u8>, ValueType)>,
    pub leaves: Leaves,
    /// Names of the contexts it used, for the report.
    pub contexts: Vec<&'static str>,
    /// The template must be refused, or the values that were put in it must.
    pub wrong: bool,
    /// It may be refused whatever the secrets are.
    pub doubtful: bool,
}

impl Document {
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let secrets = (0..1 + random.below(3)).map(|_| secret(&mut random)).collect();
        Self {
            random,
            bits: Vec::new(),
            secrets,
            leaves: Vec::new(),
            contexts: Vec::new(),
            wrong: false,
            doubtful: false,
        }
    }

    pub fn literal(&mut self, text: &str) {
        match self.bits.last_mut() {
            Some(Bit::Literal(last)) => last.push_str(text),
            _ => self.bits.push(Bit::Literal(text.to_owned())),
        }
    }

    /// Puts a random secret; returns its number.
    pub fn value(&mut self) -> usize {
        let secret = self.random.below(self.secrets.len());
        self.bits.push(Bit::Value(secret));
        secret
    }

    /// Puts a secret alone; returns its text.
    pub fn whole(&mut self) -> Vec<u8> {
        let secret = self.value();
        self.secrets[secret].0.clone()
    }

    /// Puts a bare secret, which stays a number or boolean if it is one.
    pub fn typed(&mut self) -> Leaf {
        let number = self.value();
        let (bytes, kind) = &self.secrets[number];
        let text = String::from_utf8_lossy(bytes).into_owned();
        match kind {
            ValueType::Text | ValueType::Filtered => Leaf::text(bytes),
            ValueType::Int => text.parse().map_or(Leaf::text(bytes), Leaf::Int),
            ValueType::Float => text.parse().map_or(Leaf::text(bytes), Leaf::Float),
            ValueType::Bool => Leaf::Bool(text.eq_ignore_ascii_case("true")),
        }
    }

    /// Puts secrets and words side by side, at least one secret; returns what they say. `escape` writes the
    /// template's own text.
    pub fn mixed(&mut self, letters: &[&str], escape: impl Fn(&str) -> String) -> Vec<u8> {
        let mut said = Vec::new();
        let values = 1 + self.random.below(2);
        for number in 0..=values {
            if !self.random.one_in(3) {
                let mut text = self.random.word();
                if !letters.is_empty() && self.random.one_in(2) {
                    text.push_str(self.random.pick(letters));
                    text.push_str(&self.random.word());
                }
                self.literal(&escape(&text));
                said.extend_from_slice(text.as_bytes());
            }
            if number < values {
                said.extend(self.whole());
            }
        }
        said
    }

    pub fn leaf(&mut self, path: &[&str], leaf: Leaf) {
        self.leaves.push((path.iter().map(|name| name.as_bytes().to_vec()).collect(), leaf));
    }

    pub fn context(&mut self, name: &'static str) {
        self.contexts.push(name);
    }

    pub fn template(&self) -> Vec<u8> {
        self.segments()
            .iter()
            .flat_map(|segment| match segment {
                Segment::Literal(text) => text.to_vec(),
                Segment::Value { token, .. } => token.to_vec(),
            })
            .collect()
    }

    pub fn segments(&self) -> Vec<Segment<'_>> {
        const TOKENS: [&[u8]; 3] = [b"@0@", b"@1@", b"@2@"];
        let mut offset = 0;
        let mut segments = Vec::new();
        for bit in &self.bits {
            match bit {
                Bit::Literal(text) if text.is_empty() => {}
                Bit::Literal(text) => {
                    segments.push(Segment::Literal(text.as_bytes()));
                    offset += text.len();
                }
                Bit::Value(secret) => {
                    segments.push(Segment::Value { secret: SecretIndex(*secret), offset, token: TOKENS[*secret] });
                    offset += 3;
                }
            }
        }
        segments
    }

    pub fn piece(&self, secret: SecretIndex) -> Piece<'_> {
        let (bytes, kind) = &self.secrets[secret.0];
        Piece { bytes, kind: *kind }
    }

    /// The leaves in an order that does not depend on the file's.
    pub fn expected(&self) -> Leaves {
        let mut leaves = self.leaves.clone();
        leaves.sort_by(|one, two| one.0.cmp(&two.0));
        leaves
    }
}
