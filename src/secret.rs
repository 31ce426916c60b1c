//! The one type that holds plaintext and key bytes.
//!
//! A secret can be read through [`SecretBytes::expose`] alone, so `grep 'expose()'` lists every reader.
//! It has no `Clone`, `Display`, `PartialEq`, `Deref` or `Serialize`, and its memory is wiped when it is dropped.

use std::fmt;
use zeroize::Zeroizing;

/// Bytes that must not be shown: a decrypted value, a rendered file, a private key.
#[derive(Default)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes ownership of `bytes`; the buffer is wiped on drop.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Copies `bytes` into a buffer of exactly their length.
    pub fn copy_of(bytes: &[u8]) -> Self {
        Self::new(bytes.to_vec())
    }

    /// The bytes themselves. The only way to read a secret.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(..)")
    }
}

/// A buffer for building a secret piece by piece.
///
/// `Vec` leaves a copy of its old contents behind when it grows; this one grows by hand and wipes the old buffer.
#[derive(Default)]
pub struct SecretBuf(Zeroizing<Vec<u8>>);

impl SecretBuf {
    /// An empty buffer with room for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(capacity)))
    }

    /// Appends `bytes`, moving to a larger buffer (and wiping the old one) when there is no room.
    pub fn push(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut grown = Zeroizing::new(Vec::with_capacity(needed.max(self.0.capacity() * 2).max(64)));
            grown.extend_from_slice(&self.0);
            self.0 = grown;
        }
        self.0.extend_from_slice(bytes);
    }

    /// Appends one byte.
    pub fn push_byte(&mut self, byte: u8) {
        self.push(&[byte]);
    }

    /// Wipes the contents and keeps the buffer for reuse.
    pub fn clear(&mut self) {
        use zeroize::Zeroize;
        self.0.as_mut_slice().zeroize();
        self.0.clear();
    }

    /// What has been written so far. The same door as [`SecretBytes::expose`].
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as a mutable slice, for decryption in place.
    pub fn expose_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// Cuts the contents to `len` bytes, wiping the rest.
    pub fn truncate(&mut self, len: usize) {
        use zeroize::Zeroize;
        if len < self.0.len() {
            self.0[len..].zeroize();
            self.0.truncate(len);
        }
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The finished secret.
    pub fn finish(self) -> SecretBytes {
        SecretBytes(self.0)
    }
}

impl fmt::Debug for SecretBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBuf(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_value() {
        let mut buf = SecretBuf::default();
        buf.push(b"canary");
        assert_eq!(format!("{buf:?}"), "SecretBuf(..)");
        assert_eq!(format!("{:?}", buf.finish()), "SecretBytes(..)");
    }

    #[test]
    fn a_buffer_grows_and_shrinks_without_losing_bytes() {
        let mut buf = SecretBuf::with_capacity(2);
        for part in ["ab", "cde", "", "f"] {
            buf.push(part.as_bytes());
        }
        assert_eq!(buf.expose(), b"abcdef");
        buf.truncate(3);
        assert_eq!(buf.expose(), b"abc");
        buf.clear();
        assert!(buf.is_empty());
    }
}
