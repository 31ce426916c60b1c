//! Finds the hashes that a file holds, as far as filters and formats write them: with `$$` for `$` as Compose wants it,
//! percent-encoded, in base64 or hexadecimal.

use super::Method;
use base64::Engine;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use std::collections::BTreeSet;

/// Shortest encoded word that may hold a hash.
const WORD_MIN: usize = 60;

const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent));

const METHODS: [Method; 4] = [Method::Yescrypt, Method::Sha512crypt, Method::Bcrypt, Method::Htpasswd];

/// Everything in a file that is a hash by its form, in order, each once. The order matters: where a password is hashed
/// more than once, each place gets its own hash again.
pub(super) fn hashes(file: &[u8]) -> Vec<String> {
    let mut found = Found::default();
    found.take(&Text::new(file.iter().copied().enumerate()));
    found.take(&percent_decoded(file));
    let mut start = 0;
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    for word in file.split(|byte| !is_base64(byte)) {
        if word.len() >= WORD_MIN {
            let here = |bytes: Vec<u8>| Text::new(bytes.into_iter().map(|byte| (start, byte)));
            found.take(&here(hex_decoded(word)));
            found.take(&here(base64_decoded(word)));
        }
        start += word.len() + 1;
    }
    // Equal places stay in the order they were found in.
    found.hashes.sort_by_key(|(at, _)| *at);
    let mut known = BTreeSet::new();
    found.hashes.into_iter().map(|(_, hash)| hash).filter(|hash| known.insert(hash.clone())).collect()
}

/// A text that was made of a file, and where in the file each byte of it comes from.
#[derive(Default)]
struct Text {
    bytes: String,
    places: Vec<usize>,
}

impl Text {
    /// Without the backslashes that escape `$` in some formats.
    fn new(bytes: impl Iterator<Item = (usize, u8)>) -> Self {
        let mut text = Self::default();
        for (at, byte) in bytes.filter(|(_, byte)| *byte != b'\\') {
            text.push(at, if byte.is_ascii() { char::from(byte) } else { ' ' });
        }
        text
    }

    fn push(&mut self, at: usize, ascii: char) {
        self.bytes.push(ascii);
        self.places.push(at);
    }

    /// With `$` for each `$$`.
    fn halved(&self) -> Self {
        let mut text = Self::default();
        let mut last = ' ';
        for (at, c) in self.places.iter().zip(self.bytes.chars()) {
            match (last, c) {
                ('$', '$') => last = ' ',
                _ => {
                    text.push(*at, c);
                    last = c;
                }
            }
        }
        text
    }
}

#[derive(Default)]
struct Found {
    hashes: Vec<(usize, String)>,
}

impl Found {
    fn take(&mut self, text: &Text) {
        self.look(text);
        if text.bytes.contains("$$") {
            self.look(&text.halved());
        }
    }

    fn look(&mut self, text: &Text) {
        for (at, _) in text.bytes.match_indices('$') {
            let hash = METHODS.iter().find_map(|method| method.at_start(text.bytes.get(at..)?));
            let place = text.places.get(at).copied().unwrap_or_default();
            self.hashes.extend(hash.map(|hash| (place, hash.to_owned())));
        }
    }
}

fn base64_decoded(word: &[u8]) -> Vec<u8> {
    let standard = word.iter().map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    });
    LENIENT.decode(standard.collect::<Vec<_>>()).unwrap_or_default()
}

fn hex_digit(byte: Option<&u8>) -> Option<u8> {
    let digit = char::from(*byte?).to_digit(16)?;
    u8::try_from(digit).ok()
}

fn hex_decoded(word: &[u8]) -> Vec<u8> {
    let byte = |pair: &[u8]| Some(hex_digit(pair.first())? << 4 | hex_digit(pair.get(1))?);
    word.chunks(2).map(byte).collect::<Option<_>>().unwrap_or_default()
}

fn percent_decoded(file: &[u8]) -> Text {
    let mut decoded = Vec::new();
    let mut at = 0;
    while let Some(byte) = file.get(at) {
        let (high, low) = (hex_digit(file.get(at + 1)), hex_digit(file.get(at + 2)));
        let pair = high.zip(low).filter(|_| *byte == b'%').map(|(high, low)| high << 4 | low);
        decoded.push((at, pair.unwrap_or(*byte)));
        at += if pair.is_some() { 3 } else { 1 };
    }
    Text::new(decoded.into_iter())
}
