//! Password hashes that stay the same from run to run.
//!
//! A hash of a random salt would change with every run and restart units for nothing; a salt made from the password
//! would let a guess be tested without the cost of the hash. So the hash that the output of the run before holds is
//! kept where it still verifies, and a new one, with salt from the kernel, made where none does.

mod methods;

pub use methods::Method;

use crate::secret::SecretBytes;
use std::sync::{Mutex, PoisonError};

/// Most hashes of the previous output that a password is tried against; each try costs as much as a hash.
const TRIES_MAX: usize = 64;

/// Longest password, in bytes.
const PASSWORD_MAX_BYTES: usize = 512;

/// Fills a buffer with random bytes; false where the system gives none.
pub type Salts = Box<dyn Fn(&mut [u8]) -> bool + Send + Sync>;

/// What the password filters need and templates have not: the previous output, and salt.
pub struct Hasher {
    /// Hashes of the previous output, each to be used again at most once, so that equal passwords get unequal hashes.
    previous: Mutex<Vec<String>>,
    salts: Salts,
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher(..)")
    }
}

impl Hasher {
    /// For an output: what it was in the run before, and where salt comes from.
    pub fn new(previous: Option<&SecretBytes>, salts: Salts) -> Self {
        let hashes = previous.map(|previous| hashes(previous.expose())).unwrap_or_default();
        Self { previous: Mutex::new(hashes), salts }
    }

    /// For templates that hash no password.
    pub fn none() -> Self {
        Self::new(None, Box::new(|_| false))
    }

    /// A hash of the password: one of the previous output where it verifies, else a new one.
    ///
    /// # Errors
    /// Where the password cannot be hashed, in words without it.
    pub fn hash(&self, method: Method, password: &[u8]) -> Result<String, &'static str> {
        if password.is_empty() {
            return Err("the password is empty");
        }
        if password.contains(&0) || password.len() > PASSWORD_MAX_BYTES {
            return Err("a password holds no NUL and at most 512 bytes");
        }
        let mut previous = self.previous.lock().unwrap_or_else(PoisonError::into_inner);
        let of_method = previous.iter().enumerate().filter(|(_, hash)| hash.starts_with(method.prefix()));
        let kept = of_method.take(TRIES_MAX).find(|(_, hash)| method.verifies(password, hash)).map(|(at, _)| at);
        if let Some(at) = kept {
            return Ok(previous.remove(at));
        }
        let mut salt = [0; 16];
        if !(self.salts)(&mut salt) {
            return Err("the system gives no random bytes for a salt");
        }
        method.hash(password, &salt)
    }
}

/// Everything in a file that looks like a hash, in order; backslashes, which escape `$` in some formats, left out.
fn hashes(file: &[u8]) -> Vec<String> {
    let text: String = file
        .iter()
        .filter(|byte| **byte != b'\\')
        .map(|byte| if byte.is_ascii() { char::from(*byte) } else { ' ' })
        .collect();
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '$' | '=');
    let words = text.split(|c: char| !part(c));
    // A word may start before its hash, as in `KEY=$6$…`.
    words.filter_map(|word| Some(word[word.find('$')?..].to_owned())).collect()
}

#[cfg(test)]
mod tests;
