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

/// Everything in a file that is a hash by its form, in order, each once.
pub(super) fn hashes(file: &[u8]) -> Vec<String> {
    let mut found = Found::default();
    found.take(file);
    found.take(&percent_decoded(file));
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    for word in file.split(|byte| !is_base64(byte)).filter(|word| word.len() >= WORD_MIN) {
        found.take(&hex_decoded(word));
        let standard = word.iter().map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        });
        found.take(&LENIENT.decode(standard.collect::<Vec<_>>()).unwrap_or_default());
    }
    found.hashes
}

#[derive(Default)]
struct Found {
    hashes: Vec<String>,
    known: BTreeSet<String>,
}

impl Found {
    /// Looks through a text: once without the backslashes that escape `$` in some formats, and once with `$$` as `$`.
    fn take(&mut self, text: &[u8]) {
        let ascii = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { ' ' };
        let text: String = text.iter().filter(|byte| **byte != b'\\').map(ascii).collect();
        self.look(&text);
        if text.contains("$$") {
            self.look(&text.replace("$$", "$"));
        }
    }

    fn look(&mut self, text: &str) {
        for (at, _) in text.match_indices('$') {
            let hash = METHODS.iter().find_map(|method| method.at_start(&text[at..]));
            if let Some(hash) = hash.filter(|hash| self.known.insert((*hash).to_owned())) {
                self.hashes.push(hash.to_owned());
            }
        }
    }
}

fn hex_digit(byte: Option<&u8>) -> Option<u8> {
    let digit = char::from(*byte?).to_digit(16)?;
    u8::try_from(digit).ok()
}

fn hex_decoded(word: &[u8]) -> Vec<u8> {
    let byte = |pair: &[u8]| Some(hex_digit(pair.first())? << 4 | hex_digit(pair.get(1))?);
    word.chunks(2).map(byte).collect::<Option<_>>().unwrap_or_default()
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let (high, low) = (hex_digit(text.get(at + 1)), hex_digit(text.get(at + 2)));
        let decoded = high.zip(low).filter(|_| *byte == b'%').map(|(high, low)| high << 4 | low);
        out.push(decoded.unwrap_or(*byte));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    out
}
