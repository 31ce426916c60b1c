//! Opening one age file, binary or armored: a sops file's `enc` or an agenix secret.

use super::key::Identity;
use super::plugin::PluginError;
use crate::secret::{SecretBuf, SecretBytes};
use age::DecryptError;
use age::armor::ArmoredReader;
use age_core::format::{FileKey, Stanza};
use std::cell::RefCell;
use std::io::{BufReader, Read};
use zeroize::Zeroizing;

/// How an age file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgeFileError {
    /// It is not an age file, or a later version of the format.
    #[error("this is not an age file")]
    NotAge,
    /// It can be opened with a passphrase only.
    #[error("it is encrypted with a passphrase, and nobody can be asked for it; encrypt it to a key instead")]
    Passphrase,
    /// Its header or its contents were changed or cut off.
    #[error("the age file is damaged: {0}")]
    Damaged(&'static str),
    /// No identity fits; `stanzas` names the kinds of recipients it has.
    #[error("none of the identities fits its recipients ({})", stanzas.join(", "))]
    NoMatch {
        /// The stanza types in file order, repetitions left out: `X25519`, `ssh-ed25519`.
        stanzas: Vec<String>,
        /// Identities that seemed to fit and failed.
        failures: Vec<Failure>,
    },
}

/// An identity that was tried and failed for another reason than being the wrong one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {problem}")]
pub struct Failure {
    /// Where the identity came from.
    pub origin: String,
    /// What went wrong.
    pub problem: AttemptError,
}

/// Why an identity that seemed to fit did not open an age file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttemptError {
    /// The stanza for it does not have the shape it must have.
    #[error("its stanza in the file is malformed")]
    Stanza,
    /// The stanza is marked as being for this key, yet the key does not open it.
    #[error("the stanza marked for this key is damaged")]
    Key,
    /// The plugin failed.
    #[error(transparent)]
    Plugin(#[from] PluginError),
}

/// What the header of an age file says of a recipient.
#[derive(Debug, Clone)]
pub(super) struct Recipient {
    /// The type of its stanza: `X25519`, `ssh-ed25519`.
    pub kind: String,
    /// The first argument, for SSH keys the key's tag.
    pub tag: Option<String>,
}

/// The recipients of a file, as far as it tells, without the grease that age adds to exercise readers; needs no key.
///
/// # Errors
/// Where it is no age file, its header is damaged, or it is encrypted with a passphrase.
pub(super) fn recipients(file: &[u8]) -> Result<Vec<Recipient>, AgeFileError> {
    let looker = Looker::default();
    match decryptor(file)?.decrypt(std::iter::once(&looker as &dyn age::Identity)) {
        Err(DecryptError::NoMatchingKeys) => Ok(looker.0.take()),
        _ => Err(AgeFileError::Damaged("header")),
    }
}

/// An identity that fits nothing, and keeps what it is shown.
#[derive(Default)]
struct Looker(RefCell<Vec<Recipient>>);

impl age::Identity for Looker {
    fn unwrap_stanza(&self, _: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        None
    }

    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, DecryptError>> {
        let recipient = |stanza: &Stanza| Recipient { kind: stanza.tag.clone(), tag: stanza.args.first().cloned() };
        self.0.replace(stanzas.iter().filter(|stanza| !is_grease(stanza)).map(recipient).collect());
        None
    }
}

fn decryptor(file: &[u8]) -> Result<age::Decryptor<ArmoredReader<BufReader<&[u8]>>>, AgeFileError> {
    let decryptor = age::Decryptor::new_buffered(ArmoredReader::new(file)).map_err(|error| match error {
        DecryptError::Io(_) | DecryptError::UnknownFormat | DecryptError::InvalidHeader => AgeFileError::NotAge,
        _ => AgeFileError::Damaged("header"),
    })?;
    if decryptor.is_scrypt() { Err(AgeFileError::Passphrase) } else { Ok(decryptor) }
}

fn is_grease(stanza: &Stanza) -> bool {
    stanza.tag.ends_with("-grease")
}

/// Decrypts `file` with the first of `identities` that fits.
///
/// The plaintext is shorter than the file, so its buffer never has to grow.
pub(super) fn open(file: &[u8], identities: &[&Identity]) -> Result<SecretBytes, AgeFileError> {
    let ring = Ring { identities, seen: RefCell::default() };
    let mut contents =
        decryptor(file)?.decrypt(std::iter::once(&ring as &dyn age::Identity)).map_err(|error| match error {
            DecryptError::NoMatchingKeys => {
                let (stanzas, failures) = ring.seen.take();
                AgeFileError::NoMatch { stanzas, failures }
            }
            DecryptError::InvalidMac => AgeFileError::Damaged("the header's MAC does not match"),
            _ => AgeFileError::Damaged("header"),
        })?;
    let mut plain = SecretBuf::with_capacity(file.len());
    let mut chunk = Zeroizing::new([0; 4096]);
    loop {
        match contents.read(chunk.as_mut_slice()) {
            Ok(0) => return Ok(plain.finish()),
            Ok(read) => plain.push(chunk.get(..read).unwrap_or_default()),
            Err(_) => return Err(AgeFileError::Damaged("the contents were changed or cut off")),
        }
    }
}

/// All identities as one, so that the header is parsed once and every failure is remembered.
struct Ring<'a> {
    identities: &'a [&'a Identity],
    /// The stanza types of the file, and what failed.
    seen: RefCell<(Vec<String>, Vec<Failure>)>,
}

impl age::Identity for Ring<'_> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        self.unwrap_stanzas(std::slice::from_ref(stanza))
    }

    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, DecryptError>> {
        let mut failures = Vec::new();
        for identity in self.identities {
            match identity.unwrap(stanzas) {
                Some(Ok(key)) => return Some(Ok(key)),
                Some(Err(problem)) => failures.push(Failure { origin: identity.origin().to_string(), problem }),
                None => {}
            }
        }
        self.seen.replace((kinds(stanzas), failures));
        None
    }
}

/// The types of `stanzas`, each once, without the grease that age adds to exercise readers.
fn kinds(stanzas: &[Stanza]) -> Vec<String> {
    let mut kinds = Vec::new();
    for stanza in stanzas.iter().filter(|stanza| !is_grease(stanza) && stanza.tag.len() <= 40) {
        if !kinds.contains(&stanza.tag) {
            kinds.push(stanza.tag.clone());
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::key::{Key, Origin};
    use crate::identity::ssh::SshKey;
    use crate::identity::test_keys as keys;
    use base64::Engine;

    fn identity(text: &str) -> Identity {
        let key = if text.starts_with("AGE-SECRET-KEY-PQ") {
            Key::Hybrid(Box::new(crate::identity::hybrid::HybridIdentity::parse(text).unwrap()))
        } else if text.starts_with("AGE") {
            Key::X25519(text.parse().unwrap())
        } else {
            Key::Ssh(Box::new(SshKey::parse(text.as_bytes()).unwrap()))
        };
        Identity::new(key, Origin::Variable("TEST"))
    }

    /// The binary form of an armored file.
    fn binary(armored: &str) -> Vec<u8> {
        let lines: String = armored.lines().filter(|line| !line.starts_with("-----")).collect();
        base64::prelude::BASE64_STANDARD.decode(lines).unwrap()
    }

    #[test]
    fn every_kind_of_key_opens_its_own_file_and_no_other() {
        let all = [
            (keys::X25519, keys::X25519_AGE),
            (keys::HYBRID, keys::HYBRID_AGE),
            (keys::ED25519, keys::ED25519_AGE),
            (keys::ED25519_PKCS8, keys::ED25519_AGE),
            (keys::ED25519, keys::ED25519_CONVERTED_AGE),
            (keys::RSA, keys::RSA_AGE),
            (keys::RSA_PKCS1, keys::RSA_AGE),
            (keys::RSA_PKCS8, keys::RSA_AGE),
        ];
        for (key, own) in all {
            let identity = identity(key);
            for (_, file) in all {
                for form in [file.as_bytes(), &binary(file)] {
                    match open(form, &[&identity]) {
                        Ok(plain) => {
                            assert!(all.contains(&(key, file)) || key == keys::ED25519_PKCS8);
                            assert_eq!(plain.expose(), keys::data_key());
                        }
                        Err(AgeFileError::NoMatch { failures, .. }) => assert!(file != own && failures.is_empty()),
                        Err(other) => panic!("{other}"),
                    }
                }
            }
        }
    }

    #[test]
    fn a_refusal_says_what_the_file_is() {
        let wrong = identity(keys::X25519);
        let stanzas = vec!["ssh-ed25519".to_owned()];
        let mut cut = binary(keys::X25519_AGE);
        cut.pop();
        let mut changed = binary(keys::X25519_AGE);
        *changed.iter_mut().rev().nth(70).unwrap() ^= 1; // in the header's MAC, before nonce and contents
        let table: [(&[u8], AgeFileError); 6] = [
            (keys::ED25519_AGE.as_bytes(), AgeFileError::NoMatch { stanzas, failures: vec![] }),
            (keys::SCRYPT_AGE.as_bytes(), AgeFileError::Passphrase),
            (b"no age file", AgeFileError::NotAge),
            (b"", AgeFileError::NotAge),
            (&cut, AgeFileError::Damaged("the contents were changed or cut off")),
            (&changed, AgeFileError::Damaged("the header's MAC does not match")),
        ];
        for (file, error) in table {
            assert_eq!(open(file, &[&wrong]).unwrap_err(), error);
        }
    }

    #[test]
    fn a_stanza_marked_for_our_key_that_does_not_open_is_reported() {
        let mut text = binary(keys::ED25519_AGE);
        let body = memchr::memchr_iter(b'\n', &text).nth(1).unwrap() + 1;
        text[body] = if text[body] == b'A' { b'B' } else { b'A' };
        let error = open(&text, &[&identity(keys::ED25519)]).unwrap_err();
        let AgeFileError::NoMatch { failures, .. } = error else { panic!("{error}") };
        assert_eq!(failures, [Failure { origin: "$TEST".into(), problem: AttemptError::Key }]);
    }
}
