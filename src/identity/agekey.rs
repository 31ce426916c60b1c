//! Age key files, line by line (sops-format.md section 5.3). One bad line spoils the whole source, as in sops.

use super::hybrid::HybridIdentity;
use super::plugin::PluginIdentity;

/// Why a source of age identities gives none. Lines are named by number, never quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgeKeyError {
    /// The line starts like no identity.
    #[error("line {line} is not an age identity (AGE-SECRET-KEY-1…, AGE-SECRET-KEY-PQ-1… or AGE-PLUGIN-…)")]
    Unknown {
        /// Line number, from 1.
        line: usize,
    },
    /// The line is the public half.
    #[error("line {line} is a public key, and the private one is needed")]
    Public {
        /// Line number, from 1.
        line: usize,
    },
    /// The line starts like an identity but its checksum or length is wrong.
    #[error("the age identity in line {line} is damaged")]
    Damaged {
        /// Line number, from 1.
        line: usize,
    },
    /// The file is an age file itself.
    #[error("the key file is itself encrypted, and nobody can be asked for its passphrase; decrypt it with age first")]
    Encrypted,
    /// There are only comments and empty lines.
    #[error("there is no key in it")]
    Empty,
}

/// How many identities a line may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One, from the first column: key files and the output of commands.
    OnePerLine,
    /// Several, separated by blanks: the variable `SOPS_AGE_KEY`.
    Words,
}

/// One identity of a key file.
pub(super) enum AgeKey {
    /// `AGE-SECRET-KEY-1…`
    X25519(age::x25519::Identity),
    /// `AGE-SECRET-KEY-PQ-1…`
    Hybrid(HybridIdentity),
    /// `AGE-PLUGIN-NAME-1…`
    Plugin(PluginIdentity),
}

/// The identities in `text`; empty lines and those that start with `#` are skipped.
pub(super) fn parse(text: &[u8], layout: Layout) -> Result<Vec<AgeKey>, AgeKeyError> {
    if text.starts_with(b"age-encryption") || text.starts_with(b"-----BEGIN AGE") {
        return Err(AgeKeyError::Encrypted);
    }
    let mut keys = Vec::new();
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let number = index + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        match layout {
            Layout::OnePerLine => keys.push(identity(line, number)?),
            Layout::Words => {
                let words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
                for word in words {
                    keys.push(identity(word, number)?);
                }
            }
        }
    }
    if keys.is_empty() { Err(AgeKeyError::Empty) } else { Ok(keys) }
}

fn identity(word: &[u8], line: usize) -> Result<AgeKey, AgeKeyError> {
    let text = std::str::from_utf8(word).map_err(|_| AgeKeyError::Unknown { line })?;
    let key = if text.starts_with("AGE-PLUGIN-") {
        PluginIdentity::parse(text).map(AgeKey::Plugin)
    } else if text.starts_with("AGE-SECRET-KEY-PQ-1") {
        HybridIdentity::parse(text).map(AgeKey::Hybrid)
    } else if text.starts_with("AGE-SECRET-KEY-1") {
        text.parse().ok().map(AgeKey::X25519)
    } else if text.starts_with("age1") || text.starts_with("ssh-") || text.starts_with("ecdsa-") {
        return Err(AgeKeyError::Public { line });
    } else {
        return Err(AgeKeyError::Unknown { line });
    };
    key.ok_or(AgeKeyError::Damaged { line })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::test_keys::{HYBRID, X25519};

    fn count(text: &str, layout: Layout) -> Result<usize, AgeKeyError> {
        parse(text.as_bytes(), layout).map(|keys| keys.len())
    }

    #[test]
    fn comments_and_empty_lines_are_skipped_and_every_kind_is_read() {
        let text = format!("# created\n\n{X25519}\r\n#\u{e9}\n{HYBRID}\nAGE-PLUGIN-FAKE-1LLLLLLLL\n");
        let broken = text.replace("LLLLLLLL", "QQQQQQQQ");
        assert_eq!(count(&broken, Layout::OnePerLine), Err(AgeKeyError::Damaged { line: 6 }));
        assert_eq!(count(&format!("{X25519}\n{HYBRID}"), Layout::OnePerLine), Ok(2));
        assert_eq!(count(&format!(" {X25519}\t{X25519}\n#\n{HYBRID}"), Layout::Words), Ok(3));
    }

    #[test]
    fn one_bad_line_spoils_its_source_and_is_named_by_number() {
        let damaged = X25519.replace("AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1Q");
        for (text, error) in [
            (format!("{X25519}\n {X25519}"), AgeKeyError::Unknown { line: 2 }),
            (format!("{X25519}\n{damaged}"), AgeKeyError::Damaged { line: 2 }),
            (X25519.to_lowercase(), AgeKeyError::Unknown { line: 1 }),
            (HYBRID.replace("-PQ-1", "-PQ-1Q"), AgeKeyError::Damaged { line: 1 }),
            ("age-encryption.org/v1\n".into(), AgeKeyError::Encrypted),
            ("-----BEGIN AGE ENCRYPTED FILE-----\n".into(), AgeKeyError::Encrypted),
            ("# only this\n".into(), AgeKeyError::Empty),
            (String::new(), AgeKeyError::Empty),
        ] {
            assert_eq!(count(&text, Layout::OnePerLine), Err(error), "{error:?}");
            assert!(!error.to_string().contains(&X25519[16..]));
        }
    }
}
