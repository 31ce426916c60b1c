//! Reading a key file whole, with a limit that is an error, into memory that is wiped.

use crate::secret::SecretBytes;
use crate::sys::read::{ReadError as SysReadError, read_secret};
use std::io;
use std::path::Path;

/// Largest age key file read, in bytes (16 MiB), the limit of age itself.
pub(super) const AGE_KEY_FILE_MAX_BYTES: usize = 16 << 20;
/// Largest SSH private key read, in bytes (16 KiB), the limit of age itself. A 16384-bit RSA key is 13 KiB.
pub(super) const SSH_KEY_MAX_BYTES: usize = 16 << 10;

/// Why a key file gave no bytes. The path stands in the error around it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is no such file: the key was never there, which is not the same as a key that does not fit.
    #[error("no such file")]
    Absent,
    /// The file is larger than a key of its kind can be.
    #[error("larger than {limit} bytes, so it is not a key")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The system refused.
    #[error("{0}")]
    Refused(io::ErrorKind),
}

/// The whole of the file at `path`, which may hold at most `limit` bytes.
pub(super) fn key_file(path: &Path, limit: usize) -> Result<SecretBytes, ReadError> {
    read_secret(path, limit).map_err(|error| match error {
        SysReadError::TooLarge { max, .. } => ReadError::TooLarge { limit: max },
        SysReadError::System(error) => match error.source.kind() {
            io::ErrorKind::NotFound => ReadError::Absent,
            kind => ReadError::Refused(kind),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_at_the_limit_is_read_and_one_byte_more_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        for (len, whole) in [(0, true), (5000, true), (5001, false)] {
            std::fs::write(&path, vec![b'x'; len]).unwrap();
            let read = key_file(&path, 5000).map(|bytes| bytes.len());
            assert_eq!(read, if whole { Ok(len) } else { Err(ReadError::TooLarge { limit: 5000 }) });
        }
    }

    #[test]
    fn an_absent_file_is_told_from_one_that_cannot_be_read() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(key_file(&dir.path().join("x"), 9).unwrap_err(), ReadError::Absent);
        assert!(matches!(key_file(dir.path(), 1 << 20).unwrap_err(), ReadError::Refused(_)));
    }
}
