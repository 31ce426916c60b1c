//! The tokens of one manifest, ready to be searched for.

use aho_corasick::{AhoCorasick, MatchKind};
use nom::bytes::{tag, take};
use nom::sequence::delimited;
use nom::{IResult, Parser};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What a standard token starts with.
pub(super) const HEAD: &[u8] = b"<SOPS:";
/// What a standard token ends with.
pub(super) const TAIL: &[u8] = b":PLACEHOLDER>";
/// Hex digits in a standard token.
pub(super) const HASH_LEN: usize = 64;

/// A secret, by its position in the list that [`Tokens::new`] was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretIndex(pub usize);

/// Why a manifest's tokens cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// An empty token would stand between any two bytes.
    #[error("the placeholder of secret '{name}' is empty")]
    Empty {
        /// The secret's name.
        name: String,
    },
    /// Nobody could tell which value is meant.
    #[error("secrets '{first}' and '{second}' have the same placeholder")]
    Shared {
        /// The secret that comes first in the manifest.
        first: String,
        /// The one after it.
        second: String,
    },
    /// The searcher's limit: 2 GiB of tokens or so.
    #[error("the placeholders of this manifest are too many or too long to search for")]
    TooMany,
}

/// The token that sops-nix's module gives a secret: the SHA-256 of its name between `<SOPS:` and `:PLACEHOLDER>`.
pub fn standard_token(name: &str) -> String {
    format!("<SOPS:{}:PLACEHOLDER>", name_hash(name))
}

/// SHA-256 of a secret's name in lower-case hex, as it stands in a standard token.
pub(super) fn name_hash(name: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let hash = Sha256::digest(name.as_bytes());
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    hash.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// Parses the frame of a standard token and returns the 64 bytes inside, whatever they are.
pub(super) fn standard_frame(text: &[u8]) -> IResult<&[u8], &[u8]> {
    delimited(tag(HEAD), take(HASH_LEN), tag(TAIL)).parse(text)
}

/// The hash of a token in the standard shape: 64 lower-case hex digits and nothing around the frame.
pub(super) fn standard_hash(token: &[u8]) -> Option<[u8; HASH_LEN]> {
    let (rest, hash) = standard_frame(token).ok()?;
    let hex = hash.iter().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    (rest.is_empty() && hex).then(|| hash.try_into().ok())?
}

/// How tokens are looked for.
pub(super) enum Search {
    /// All have the standard shape: find its head, look the hash up.
    Standard(HashMap<[u8; HASH_LEN], SecretIndex>),
    /// Some have another shape: one automaton for all, whose pattern numbers are the secrets' positions.
    ///
    /// It reads the template once; behind a match it may look ahead, by no more than the longest token.
    Any(Box<AhoCorasick>),
}

/// Every token of a manifest and the secret it stands for.
pub struct Tokens {
    pub(super) search: Search,
}

impl Tokens {
    /// Takes each secret's name and token; the position in this list becomes its [`SecretIndex`].
    ///
    /// # Errors
    /// All empty tokens and all tokens shared by two secrets, together.
    pub fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<TokenError>> {
        let secrets: Vec<_> = secrets.into_iter().collect();
        let mut errors = Vec::new();
        let mut first_with = HashMap::new();
        for &(name, token) in &secrets {
            if token.is_empty() {
                errors.push(TokenError::Empty { name: name.to_owned() });
            } else if let Some(first) = first_with.get(token) {
                errors.push(TokenError::Shared { first: String::clone(first), second: name.to_owned() });
            } else {
                first_with.insert(token, name.to_owned());
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self { search: Search::new(&secrets)? })
    }
}

impl Default for Tokens {
    /// No tokens: every standard token in a template is unknown.
    fn default() -> Self {
        Self { search: Search::Standard(HashMap::new()) }
    }
}

impl Search {
    fn new(secrets: &[(&str, &str)]) -> Result<Self, Vec<TokenError>> {
        let hashes = secrets.iter().enumerate();
        let standard: Option<_> =
            hashes.map(|(i, (_, token))| Some((standard_hash(token.as_bytes())?, SecretIndex(i)))).collect();
        match standard {
            Some(by_hash) => Ok(Self::Standard(by_hash)),
            None => Self::any(secrets),
        }
    }

    fn any(secrets: &[(&str, &str)]) -> Result<Self, Vec<TokenError>> {
        let tokens = secrets.iter().map(|(_, token)| token);
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(tokens);
        automaton.map(|found| Self::Any(Box::new(found))).map_err(|_| vec![TokenError::TooMany])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_token_is_the_one_of_the_nix_module() {
        // builtins.hashString "sha256" "test"
        let token = "<SOPS:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08:PLACEHOLDER>";
        assert_eq!(standard_token("test"), token);
        assert!(standard_hash(token.as_bytes()).is_some());
        assert!(standard_hash(format!("{token} ").as_bytes()).is_none());
        assert!(standard_hash(token.to_uppercase().as_bytes()).is_none());
    }

    #[test]
    fn standard_tokens_are_looked_up_and_others_go_to_the_automaton() {
        let (a, b) = (standard_token("a"), standard_token("b"));
        let all_standard = Tokens::new([("a", a.as_str()), ("b", b.as_str())]).unwrap();
        assert!(matches!(all_standard.search, Search::Standard(map) if map.len() == 2));
        let one_other = Tokens::new([("a", a.as_str()), ("b", "@b@")]).unwrap();
        assert!(matches!(one_other.search, Search::Any(_)));
    }

    #[test]
    fn every_bad_token_is_reported_at_once() {
        let errors = Tokens::new([("a", "x"), ("b", ""), ("c", "x"), ("d", "x")]).err().unwrap();
        let shared = |second: &str| TokenError::Shared { first: "a".into(), second: second.into() };
        assert_eq!(errors, [TokenError::Empty { name: "b".into() }, shared("c"), shared("d")]);
    }
}
