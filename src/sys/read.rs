//! Bounded reads: a file too large is an error, never a cut, and every error names the file.

use super::SysError;
use super::dir::{Dir, is};
use crate::secret::SecretBytes;
use rustix::buffer::spare_capacity;
use rustix::fs::{self, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system refused.
    #[error(transparent)]
    System(#[from] SysError),
    /// More bytes than the limit.
    #[error("{}: larger than the limit of {} MiB", path.display(), max >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit, in bytes.
        max: usize,
    },
}

impl ReadError {
    /// Whether there is no such file, which is not the same as one that may not be read.
    pub fn is_absent(&self) -> bool {
        match self {
            Self::System(error) => {
                matches!(error.source.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
            }
            Self::TooLarge { .. } => false,
        }
    }
}

/// Reads a file that anyone may see (a manifest, a template, an encrypted file), of at most `max` bytes.
///
/// # Errors
/// Where it cannot be opened or read, or is larger.
pub fn read_public(path: &Path, max: usize) -> Result<Vec<u8>, ReadError> {
    fill(open(path)?, path, max).map(|mut bytes| std::mem::take(&mut *bytes))
}

/// Reads a file that holds a secret (a key, a passphrase), of at most `max` bytes; every buffer is wiped.
///
/// # Errors
/// Where it cannot be opened or read, or is larger.
pub fn read_secret(path: &Path, max: usize) -> Result<SecretBytes, ReadError> {
    fill(open(path)?, path, max).map(|mut bytes| SecretBytes::new(std::mem::take(&mut *bytes)))
}

fn open(path: &Path) -> Result<OwnedFd, ReadError> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY;
    Ok(fs::open(path, flags, Mode::empty()).map_err(SysError::at("open", path))?)
}

fn fill(fd: OwnedFd, path: &Path, max: usize) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let too_large = || ReadError::TooLarge { path: path.to_owned(), max };
    let stat = fs::fstat(&fd).map_err(SysError::at("examine", path))?;
    let size = usize::try_from(stat.st_size).unwrap_or(0);
    if size > max {
        return Err(too_large());
    }
    let sized = size > 0 && is(&stat, FileType::RegularFile);
    // One byte more than the file has: a read that leaves it free has met the end.
    let mut bytes = Zeroizing::new(Vec::with_capacity(if sized { size + 1 } else { 16 << 10 }));
    loop {
        match rustix::io::read(&fd, spare_capacity(&mut *bytes)) {
            Ok(0) => return Ok(bytes),
            Ok(_) if bytes.len() > max => return Err(too_large()),
            Ok(_) if sized && bytes.len() == size => return Ok(bytes),
            Ok(_) if bytes.len() == bytes.capacity() => grow(&mut bytes),
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => return Err(SysError::new("read", path, errno).into()),
        }
    }
}

/// Moves to a buffer of twice the size; the old one is wiped, which `Vec` would not do.
fn grow(bytes: &mut Zeroizing<Vec<u8>>) {
    let mut larger = Zeroizing::new(Vec::with_capacity(bytes.capacity() * 2));
    larger.extend_from_slice(bytes);
    *bytes = larger;
}

/// What an installed file is like, set against what it should hold.
pub enum Old {
    /// Nothing, or a directory: there was no such file.
    Absent,
    /// Something that is no regular file.
    Other,
    /// A regular file.
    File {
        /// Owner, mode and size.
        stat: Box<Stat>,
        /// Whether it holds the expected bytes.
        same_bytes: bool,
    },
}

/// A buffer for comparing, wiped when dropped. One serves a whole run; it is made on first use, so that a first
/// activation, which has nothing to compare with, pays for none.
#[derive(Default)]
pub struct Scratch(Zeroizing<Vec<u8>>);

impl Scratch {
    const BYTES: usize = 32 << 10;

    fn buffer(&mut self) -> &mut [u8] {
        if self.0.is_empty() {
            *self.0 = vec![0; Self::BYTES];
        }
        &mut self.0
    }
}

impl Dir {
    /// Sets the file `name` against `expected`; reads it only where the sizes agree. A link there is not followed.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn compare(&self, name: impl AsRef<Path>, expected: &[u8], scratch: &mut Scratch) -> Result<Old, SysError> {
        let name = name.as_ref();
        let failed = |step| move |errno: Errno| SysError::new(step, self.path().join(name), errno);
        // Without NONBLOCK a pipe in the way would hang the run.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let fd = match fs::openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT | Errno::NOTDIR) => return Ok(Old::Absent),
            Err(Errno::LOOP | Errno::NXIO) => return Ok(Old::Other),
            Err(errno) => return Err(failed("open")(errno)),
        };
        let stat = Box::new(fs::fstat(&fd).map_err(failed("examine"))?);
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => {}
            FileType::Directory => return Ok(Old::Absent),
            _ => return Ok(Old::Other),
        }
        let mut same_bytes = usize::try_from(stat.st_size) == Ok(expected.len());
        let mut left = expected;
        let scratch = if same_bytes && !left.is_empty() { scratch.buffer() } else { &mut [] };
        while same_bytes && !left.is_empty() {
            let want = left.len().min(scratch.len());
            match rustix::io::read(&fd, &mut scratch[..want]) {
                Ok(got) => {
                    let (head, tail) = left.split_at(got);
                    same_bytes = got > 0 && scratch[..got] == *head;
                    left = tail;
                }
                Err(Errno::INTR) => {}
                Err(errno) => return Err(failed("read")(errno)),
            }
        }
        Ok(Old::File { stat, same_bytes })
    }

    /// Reads the file `name`, of at most `max` bytes, into a buffer that is wiped; None where there is no regular file.
    ///
    /// # Errors
    /// Where the system refuses or it is larger.
    pub fn read_file(&self, name: impl AsRef<Path>, max: usize) -> Result<Option<SecretBytes>, ReadError> {
        let path = self.path().join(&name);
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let fd = match fs::openat(&self.fd, name.as_ref(), flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NXIO) => return Ok(None),
            Err(errno) => return Err(SysError::new("open", path, errno).into()),
        };
        let stat = fs::fstat(&fd).map_err(SysError::at("examine", &path))?;
        if !is(&stat, FileType::RegularFile) {
            return Ok(None);
        }
        fill(fd, &path, max).map(|mut bytes| Some(SecretBytes::new(std::mem::take(&mut *bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_over_the_limit_is_an_error_and_never_cut() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        for size in [0, 1, 100, 40_000] {
            std::fs::write(&path, vec![b'x'; size]).unwrap();
            assert_eq!(read_public(&path, size).unwrap().len(), size);
            assert_eq!(read_secret(&path, size + 1).unwrap().len(), size);
            if size > 0 {
                let error = read_public(&path, size - 1).unwrap_err().to_string();
                assert!(error.contains(path.to_str().unwrap()) && error.contains("limit"), "{error}");
            }
        }
    }

    #[test]
    fn a_file_whose_size_is_not_known_is_read_to_its_end_and_within_the_limit() {
        let status = Path::new("/proc/self/status");
        let all = read_public(status, 1 << 20).unwrap();
        assert!(all.ends_with(b"\n") && all.len() > 100);
        assert!(matches!(read_public(status, 10), Err(ReadError::TooLarge { .. })));
        assert!(matches!(read_secret(Path::new("/dev/zero"), 100_000), Err(ReadError::TooLarge { .. })));
    }

    #[test]
    fn an_error_names_the_file() {
        let error = read_public(Path::new("/nonexistent/key"), 10).unwrap_err().to_string();
        assert_eq!(error, "cannot open /nonexistent/key: No such file or directory");
    }

    #[test]
    fn comparing_tells_content_from_size_and_from_what_is_no_file() {
        let temp = tempfile::tempdir().unwrap();
        let dir = Dir::open(temp.path()).unwrap();
        let long = vec![b'x'; 100_000];
        std::fs::write(temp.path().join("f"), &long).unwrap();
        std::fs::create_dir(temp.path().join("d")).unwrap();
        std::os::unix::fs::symlink("f", temp.path().join("l")).unwrap();
        let mut other = long.clone();
        *other.last_mut().unwrap() = b'y';
        let mut scratch = Scratch::default();
        let mut same = |expected: &[u8]| match dir.compare("f", expected, &mut scratch).unwrap() {
            Old::File { same_bytes, .. } => same_bytes,
            _ => panic!("a regular file"),
        };
        assert!(same(&long));
        assert!(!same(&other));
        assert!(!same(&long[1..]));
        assert!(matches!(dir.compare("d", b"", &mut scratch), Ok(Old::Absent)));
        assert!(matches!(dir.compare("f/x", b"", &mut scratch), Ok(Old::Absent)));
        assert!(matches!(dir.compare("l", &long, &mut scratch), Ok(Old::Other)));
    }
}
