//! Password hashes that stay the same from run to run.
//!
//! A hash of a random salt would change with every run and restart units for nothing; a salt made from the password
//! would let a guess be tested without the cost of the hash. So the hash that the output of the run before holds is
//! kept where it still verifies, and a new one, with salt from the kernel, made where none does.

mod find;
mod methods;

pub use methods::Method;

use crate::secret::SecretBytes;
use std::sync::{Mutex, PoisonError};

/// Most hashes of the previous output that a password is tried against; each try costs as much as a hash.
const TRIES_MAX: usize = 64;

/// Most passwords that an output hashes: a start of the machine waits for all of them.
const HASHES_MAX: usize = 100;

/// Most tries in all; a password that has none left gets a new hash.
const TRIES_TOTAL_MAX: usize = 400;

/// Longest password, in bytes.
const PASSWORD_MAX_BYTES: usize = 512;

/// Fills a buffer with random bytes; false where the system gives none.
pub type Salts = Box<dyn Fn(&mut [u8]) -> bool + Send + Sync>;

/// What is known of the run before, and how much this one has done.
struct Previous {
    hashes: Vec<String>,
    tries: usize,
    passwords: usize,
}

/// What the password filters need and templates have not: the previous output, and salt.
pub struct Hasher {
    /// Hashes of the previous output, each to be used again at most once, so that equal passwords get unequal hashes.
    state: Mutex<Previous>,
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
        let hashes = previous.map(|previous| find::hashes(previous.expose())).unwrap_or_default();
        Self { state: Mutex::new(Previous { hashes, tries: 0, passwords: 0 }), salts }
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
        if let Some(kept) = self.kept(method, password)? {
            return Ok(kept);
        }
        let mut salt = [0; 16];
        if !(self.salts)(&mut salt) {
            return Err("the system gives no random bytes for a salt");
        }
        method.hash(password, &salt)
    }

    /// The hash of the previous output that verifies, if one does.
    fn kept(&self, method: Method, password: &[u8]) -> Result<Option<String>, &'static str> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Previous { hashes, tries, passwords } = &mut *state;
        *passwords += 1;
        if *passwords > HASHES_MAX {
            return Err("a template hashes at most 100 passwords");
        }
        let most = TRIES_MAX.min(TRIES_TOTAL_MAX - *tries);
        let mut of_method = hashes.iter().enumerate().filter(|(_, hash)| hash.starts_with(method.prefix())).take(most);
        let verifies = |(_, hash): &(usize, &String)| {
            *tries += 1;
            method.verifies(password, hash)
        };
        let at = of_method.find(verifies).map(|(at, _)| at);
        Ok(at.map(|at| hashes.remove(at)))
    }
}

#[cfg(test)]
mod tests;
