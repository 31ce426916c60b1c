//! Cuts a template into literals and values.

use super::tokens::{HEAD, Search, SecretIndex, TAIL, Tokens, standard_frame};
use aho_corasick::AhoCorasick;
use memchr::memmem;
use nom::bytes::{complete::take_while_m_n, tag};
use nom::combinator::verify;
use nom::sequence::terminated;
use nom::{IResult, Parser};
use std::collections::HashMap;

/// Most bytes between `<SOPS:` and `:PLACEHOLDER>` in what is taken for a token with a slip in it.
const INNER_MAX_BYTES: usize = 256;

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'t> {
    /// Text that stays as it is; never empty.
    Literal(&'t [u8]),
    /// A token: the place of a value.
    Value {
        /// Whose value.
        secret: SecretIndex,
        /// Where the token starts, in bytes from the start of the template.
        offset: usize,
        /// The token as it stands in the template.
        token: &'t [u8],
    },
}

/// Text in the shape of a token that stands for no secret. The segments hold it as literal text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown<'t> {
    /// Where it starts, in bytes from the start of the template.
    pub offset: usize,
    /// From `<` to `>`.
    pub text: &'t [u8],
}

impl<'t> Unknown<'t> {
    /// What stands between `<SOPS:` and `:PLACEHOLDER>`.
    pub fn inner(&self) -> &'t [u8] {
        self.text.get(HEAD.len()..self.text.len().saturating_sub(TAIL.len())).unwrap_or_default()
    }
}

/// A template taken apart: the segments, put together, are the template again.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scan<'t> {
    /// The template in order.
    pub segments: Vec<Segment<'t>>,
    /// Tokens without a secret, in order: a mistake in the template or in the manifest.
    pub unknown: Vec<Unknown<'t>>,
}

impl Scan<'_> {
    /// The secrets whose values the template needs; one that is used twice comes twice.
    pub fn used(&self) -> impl Iterator<Item = SecretIndex> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Value { secret, .. } => Some(*secret),
        })
    }
}

/// Finds every token of `template`: leftmost first, the longest at each place, none inside another.
pub fn scan<'t>(template: &'t [u8], tokens: &Tokens) -> Scan<'t> {
    match &tokens.search {
        Search::Standard(by_hash) => scan_standard(template, by_hash),
        Search::Any(automaton) => scan_any(template, automaton),
    }
}

/// One search for `<SOPS:`; a token cannot start inside another, for a hash holds no `<`.
fn scan_standard<'t>(template: &'t [u8], by_hash: &HashMap<[u8; 64], SecretIndex>) -> Scan<'t> {
    let mut scan = Scan::default();
    let mut done = 0;
    for offset in memmem::find_iter(template, HEAD) {
        let text = &template[offset..];
        if let Ok((rest, hash)) = standard_frame(text)
            && let Some(&secret) = by_hash.get(hash)
        {
            scan.literal(&template[done..offset]);
            let token = &text[..text.len() - rest.len()];
            scan.segments.push(Segment::Value { secret, offset, token });
            done = offset + token.len();
        } else if let Ok((_, text)) = token_shaped(text) {
            scan.unknown.push(Unknown { offset, text });
        }
    }
    scan.literal(&template[done..]);
    scan
}

/// One run of the automaton; what looks like a token in the text between its matches is unknown.
fn scan_any<'t>(template: &'t [u8], automaton: &AhoCorasick) -> Scan<'t> {
    let mut scan = Scan::default();
    let mut done = 0;
    for found in automaton.find_iter(template) {
        let (offset, token) = (found.start(), &template[found.range()]);
        scan.checked_literal(template, done..offset);
        scan.segments.push(Segment::Value { secret: SecretIndex(found.pattern().as_usize()), offset, token });
        done = found.end();
    }
    scan.checked_literal(template, done..template.len());
    scan
}

impl<'t> Scan<'t> {
    fn literal(&mut self, text: &'t [u8]) {
        if !text.is_empty() {
            self.segments.push(Segment::Literal(text));
        }
    }

    fn checked_literal(&mut self, template: &'t [u8], range: std::ops::Range<usize>) {
        let (start, literal) = (range.start, &template[range]);
        self.literal(literal);
        for at in memmem::find_iter(literal, HEAD) {
            if let Ok((_, text)) = token_shaped(&literal[at..]) {
                self.unknown.push(Unknown { offset: start + at, text });
            }
        }
    }
}

/// Parses what was surely meant as a token: `<SOPS:`, up to 256 bytes without `<`, `>` or a line break, `:PLACEHOLDER>`.
///
/// So upper-case hex, a cut hash or a bare name are reported instead of ending up in a config file, while other text
/// after `<SOPS:` is left alone.
fn token_shaped(text: &[u8]) -> IResult<&[u8], &[u8]> {
    let bare_tail = &TAIL[..TAIL.len() - 1];
    let inner = |c: u8| !matches!(c, b'<' | b'>' | b'\n' | b'\r');
    let body = verify(take_while_m_n(0, INNER_MAX_BYTES + bare_tail.len(), inner), |b: &[u8]| b.ends_with(bare_tail));
    let mut token = nom::combinator::recognize(terminated((tag(HEAD), body), tag(&b">"[..])));
    token.parse(text)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::standard_token;
    use super::*;

    /// Tokens of `a` (standard) and, where given, one more that sends the search to the automaton.
    fn tokens(other: Option<&str>) -> Tokens {
        let a = standard_token("a");
        Tokens::new([("a", a.as_str())].into_iter().chain(other.map(|token| ("other", token)))).unwrap()
    }

    fn unknown(template: &str, tokens: &Tokens) -> Vec<String> {
        let found = scan(template.as_bytes(), tokens).unknown;
        for unknown in &found {
            assert!(template.as_bytes()[unknown.offset..].starts_with(unknown.text));
        }
        found.iter().map(|unknown| String::from_utf8(unknown.inner().to_vec()).unwrap()).collect()
    }

    #[test]
    fn literals_and_values_come_in_order_with_their_offsets() {
        let a = standard_token("a");
        let template = format!("x{a}{a}\n<SOPS:y");
        let value = |offset| Segment::Value { secret: SecretIndex(0), offset, token: a.as_bytes() };
        let expected = [Segment::Literal(b"x"), value(1), value(84), Segment::Literal(b"\n<SOPS:y")];
        for tokens in [tokens(None), tokens(Some("@b@"))] {
            let scan = scan(template.as_bytes(), &tokens);
            assert_eq!(scan.segments, expected);
            assert_eq!(scan.unknown, []);
            assert_eq!(scan.used().count(), 2);
        }
    }

    #[test]
    fn a_token_with_a_slip_in_it_is_unknown() {
        let upper = "AB".repeat(32);
        let long = "x".repeat(256);
        let slips = ["", "a", "db/password", &upper, &upper.to_lowercase()[1..], " a ", "a:b", &long];
        for tokens in [tokens(None), tokens(Some("@b@"))] {
            for inner in slips {
                let template = format!("k = <SOPS:{inner}:PLACEHOLDER> # <SOPS:");
                assert_eq!(unknown(&template, &tokens), [inner], "{template}");
            }
        }
    }

    #[test]
    fn other_text_after_the_head_is_left_alone() {
        let too_long = format!("<SOPS:{}:PLACEHOLDER>", "x".repeat(257));
        let cases =
            ["<SOPS:", "<SOPS:PLACEHOLDER>", "<SOPS:a:placeholder>", "<SOPS:a\n:PLACEHOLDER>", "<sops:a:PLACEHOLDER>"];
        for tokens in [tokens(None), tokens(Some("@b@"))] {
            for template in
                cases.into_iter().chain([too_long.as_str(), "<SOPS:a>:PLACEHOLDER>", "<SOPS:<:PLACEHOLDER>"])
            {
                assert_eq!(unknown(template, &tokens), [""; 0], "{template}");
            }
        }
    }

    #[test]
    fn the_leftmost_and_then_the_longest_token_wins() {
        let tokens = Tokens::new([("s", "ab"), ("l", "abc"), ("m", "bcd"), ("one", "d")]).unwrap();
        let found = |template: &'static str| scan(template.as_bytes(), &tokens).used().map(|i| i.0).collect::<Vec<_>>();
        assert_eq!(found("abcd"), [1, 3]);
        assert_eq!(found("abd"), [0, 3]);
        assert_eq!(found("xbcd"), [2]);
        assert_eq!(found("aabab"), [0, 0]);
    }
}
