//! Directory handles: files, links and folders are made, read and renamed relative to one, so that nothing can be
//! swapped under a path between two steps.

use super::SysError;
use super::accounts::Ownership;
use crate::access;
use rustix::fs::{self, AtFlags, FlockOperation, Gid, Mode, OFlags, RawDir, RenameFlags, Uid};
pub use rustix::fs::{FileType, Stat};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

const DIRECTORY: OFlags = OFlags::DIRECTORY.union(OFlags::RDONLY).union(OFlags::CLOEXEC);

/// An open directory. Its path is kept for messages only, except where a doc comment says otherwise.
#[derive(Debug)]
pub struct Dir {
    pub(super) fd: OwnedFd,
    path: PathBuf,
}

/// Identity of a directory or file while the system runs: device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inode(u64, u64);

/// What the system says of an open file.
///
/// # Errors
/// Where the system refuses.
pub fn stat(file: &File) -> std::io::Result<Stat> {
    Ok(fs::fstat(file)?)
}

impl Dir {
    /// Opens the directory at `path`, following symbolic links.
    ///
    /// # Errors
    /// Where it cannot be opened or is not a directory.
    pub fn open(path: &Path) -> Result<Self, SysError> {
        let fd = fs::open(path, DIRECTORY, Mode::empty()).map_err(SysError::at("open", path))?;
        Ok(Self { fd, path: path.to_owned() })
    }

    /// As [`Self::open`]; None where nothing is there, or something that is not a directory.
    ///
    /// # Errors
    /// Where the system refuses for another reason.
    pub fn open_if_there(path: &Path) -> Result<Option<Self>, SysError> {
        match fs::open(path, DIRECTORY, Mode::empty()) {
            Ok(fd) => Ok(Some(Self { fd, path: path.to_owned() })),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
            Err(errno) => Err(SysError::new("open", path, errno)),
        }
    }

    /// Opens the directory `name` of this one; a symbolic link in its place is refused.
    ///
    /// # Errors
    /// Where it cannot be opened or is not a directory.
    pub fn open_child(&self, name: impl AsRef<Path>) -> Result<Self, SysError> {
        let path = self.path.join(&name);
        let fd = fs::openat(&self.fd, name.as_ref(), DIRECTORY | OFlags::NOFOLLOW, Mode::empty())
            .map_err(SysError::at("open", &path))?;
        Ok(Self { fd, path })
    }

    /// Where the directory was when it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the directory `name` with exactly `mode` and `owner`, whatever the umask, and opens it.
    ///
    /// # Errors
    /// Where it exists or the system refuses.
    pub fn make(&self, name: impl AsRef<Path>, mode: u16, owner: Ownership) -> Result<Self, SysError> {
        let path = self.path.join(&name);
        let bits = Mode::from_raw_mode(mode.into());
        fs::mkdirat(&self.fd, name.as_ref(), bits).map_err(SysError::at("create", &path))?;
        let made = self.open_child(name)?;
        if let Ownership::Set { uid, gid } = owner {
            made.set_owner(uid, gid)?;
        }
        fs::fchmod(&made.fd, bits).map_err(SysError::at("set the mode of", &path))?;
        Ok(made)
    }

    /// Sets owner and group of the directory itself.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn set_owner(&self, uid: u32, gid: u32) -> Result<(), SysError> {
        fs::fchown(&self.fd, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))
            .map_err(SysError::at("set the owner of", &self.path))
    }

    /// Creates the file `name`, which must not exist: born 0600, written, then owner, and mode last, because a change of
    /// owner clears set-id bits and the umask must have no say. Gives the open file.
    ///
    /// # Errors
    /// Where the system refuses a step; the file is then left behind as it is.
    pub fn create(
        &self,
        name: impl AsRef<Path>,
        bytes: &[u8],
        owner: Ownership,
        mode: access::Mode,
    ) -> Result<File, SysError> {
        const FRESH: OFlags =
            OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::EXCL).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
        let name = name.as_ref();
        let failed = |step| move |errno: Errno| SysError::new(step, self.path.join(name), errno);
        let fd = fs::openat(&self.fd, name, FRESH, Mode::RUSR | Mode::WUSR).map_err(failed("create"))?;
        let mut file = File::from(fd);
        file.write_all(bytes).map_err(|e| SysError::new("write", self.path.join(name), e))?;
        if let Ownership::Set { uid, gid } = owner {
            fs::fchown(&file, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))
                .map_err(failed("set the owner of"))?;
        }
        fs::fchmod(&file, Mode::from_raw_mode(mode.bits().into())).map_err(failed("set the mode of"))?;
        Ok(file)
    }

    /// What is at `name`, itself and not what a link there points to; None where nothing is.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn stat(&self, name: impl AsRef<Path>) -> Result<Option<Stat>, SysError> {
        match fs::statat(&self.fd, name.as_ref(), AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(errno) => Err(SysError::new("examine", self.path.join(name), errno)),
        }
    }

    /// Identity of this directory.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn inode(&self) -> Result<Inode, SysError> {
        let stat = fs::fstat(&self.fd).map_err(SysError::at("examine", &self.path))?;
        Ok(Inode(stat.st_dev, stat.st_ino))
    }

    /// Identity of what is at `name`; None where nothing is.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn inode_of(&self, name: impl AsRef<Path>) -> Result<Option<Inode>, SysError> {
        Ok(self.stat(name)?.map(|stat| Inode(stat.st_dev, stat.st_ino)))
    }

    /// Locks the directory for this process until the handle is dropped; waits up to a minute for another's lock to go.
    ///
    /// False where it is still held then.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn lock(&self) -> Result<bool, SysError> {
        const STEP: Duration = Duration::from_millis(50);
        for _ in 0..1200 {
            match fs::flock(&self.fd, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(true),
                Err(Errno::WOULDBLOCK) => std::thread::sleep(STEP),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(SysError::new("lock", &self.path, errno)),
            }
        }
        Ok(false)
    }

    /// Gives the regular file `name` this owner and mode where it has others. None where it is not there.
    ///
    /// # Errors
    /// Where the system refuses, or what is there is no regular file of one name.
    pub fn set_access(
        &self,
        name: impl AsRef<Path>,
        owner: Ownership,
        mode: access::Mode,
    ) -> Result<Option<bool>, SysError> {
        let name = name.as_ref();
        let failed = |step| move |errno: Errno| SysError::new(step, self.path.join(name), errno);
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let fd = match fs::openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(errno) => return Err(failed("open")(errno)),
        };
        let stat = fs::fstat(&fd).map_err(failed("examine"))?;
        // A second name may lead to a file that is not ours to give away.
        if !is(&stat, FileType::RegularFile) || stat.st_nlink != 1 {
            return Err(failed("set the owner of")(Errno::INVAL));
        }
        let mut changed = false;
        if let Ownership::Set { uid, gid } = owner
            && (stat.st_uid, stat.st_gid) != (uid, gid)
        {
            changed = true;
            fs::fchown(&fd, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid))).map_err(failed("set the owner of"))?;
        }
        if changed || stat.st_mode & 0o7777 != u32::from(mode.bits()) {
            changed = true;
            fs::fchmod(&fd, Mode::from_raw_mode(mode.bits().into())).map_err(failed("set the mode of"))?;
        }
        Ok(Some(changed))
    }

    /// Owner and group of this directory.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn owner(&self) -> Result<Ownership, SysError> {
        let stat = fs::fstat(&self.fd).map_err(SysError::at("examine", &self.path))?;
        Ok(Ownership::Set { uid: stat.st_uid, gid: stat.st_gid })
    }

    /// Text of the symbolic link `name`; None where there is no link.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn read_link(&self, name: impl AsRef<Path>) -> Result<Option<PathBuf>, SysError> {
        match fs::readlinkat(&self.fd, name.as_ref(), Vec::new()) {
            Ok(text) => Ok(Some(PathBuf::from(OsStr::from_bytes(text.as_bytes())))),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::INVAL) => Ok(None),
            Err(errno) => Err(SysError::new("read the link", self.path.join(name), errno)),
        }
    }

    /// Makes the symbolic link `name`, which must not exist, and gives it to `owner`.
    ///
    /// The owner is set through a handle on the link: its folder may belong to a user who could swap names meanwhile.
    ///
    /// # Errors
    /// Where the system refuses, or the link is no longer the one just made.
    pub fn symlink(&self, name: impl AsRef<Path>, text: &Path, owner: Ownership) -> Result<(), SysError> {
        let name = name.as_ref();
        fs::symlinkat(text, &self.fd, name)
            .map_err(|errno| SysError::new("create the link", self.path.join(name), errno))?;
        self.set_link_owner(name, owner)
    }

    /// Gives the symbolic link `name` to `owner`.
    ///
    /// # Errors
    /// Where the system refuses, or it is no link of one name.
    pub fn set_link_owner(&self, name: impl AsRef<Path>, owner: Ownership) -> Result<(), SysError> {
        let name = name.as_ref();
        let failed = |step| move |errno: Errno| SysError::new(step, self.path.join(name), errno);
        let Ownership::Set { uid, gid } = owner else { return Ok(()) };
        let handle = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let link = fs::openat(&self.fd, name, handle, Mode::empty()).map_err(failed("open the link"))?;
        let stat = fs::fstat(&link).map_err(failed("examine"))?;
        if !is(&stat, FileType::Symlink) || stat.st_nlink != 1 {
            return Err(failed("set the owner of")(Errno::AGAIN));
        }
        fs::chownat(&link, "", Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)), AtFlags::EMPTY_PATH)
            .map_err(failed("set the owner of"))
    }

    /// Renames `from` to `to`, replacing a file or link there in one step.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<(), SysError> {
        fs::renameat(&self.fd, from.as_ref(), &self.fd, to.as_ref())
            .map_err(|errno| SysError::new("replace", self.path.join(to), errno))
    }

    /// Swaps two names in one step; false where the file system cannot.
    ///
    /// # Errors
    /// Where the system refuses for another reason.
    pub fn exchange(&self, one: impl AsRef<Path>, other: impl AsRef<Path>) -> Result<bool, SysError> {
        match fs::renameat_with(&self.fd, one.as_ref(), &self.fd, other.as_ref(), RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(Errno::INVAL | Errno::NOSYS) => Ok(false),
            Err(errno) => Err(SysError::new("replace", self.path.join(other), errno)),
        }
    }

    /// Removes the file or link `name`; false where nothing is there.
    ///
    /// # Errors
    /// Where the system refuses, as it does for a directory.
    pub fn unlink(&self, name: impl AsRef<Path>) -> Result<bool, SysError> {
        match fs::unlinkat(&self.fd, name.as_ref(), AtFlags::empty()) {
            Ok(()) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(errno) => Err(SysError::new("remove", self.path.join(name), errno)),
        }
    }

    /// Removes the empty directory `name`.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn unlink_dir(&self, name: impl AsRef<Path>) -> Result<(), SysError> {
        fs::unlinkat(&self.fd, name.as_ref(), AtFlags::REMOVEDIR)
            .map_err(|errno| SysError::new("remove", self.path.join(name), errno))
    }

    /// Names and kinds of what is in the directory, in byte order of the names. To be read once: it moves the handle.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn entries(&self) -> Result<Vec<(OsString, FileType)>, SysError> {
        let mut buffer = Vec::with_capacity(16 << 10);
        let mut listing = RawDir::new(&self.fd, buffer.spare_capacity_mut());
        let mut found = Vec::new();
        while let Some(entry) = listing.next() {
            let entry = entry.map_err(SysError::at("list", &self.path))?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name != "." && name != ".." {
                found.push((name.to_owned(), entry.file_type()));
            }
        }
        // Some file systems do not say the kind in a listing.
        for (name, kind) in found.iter_mut().filter(|(_, kind)| *kind == FileType::Unknown) {
            *kind = self.stat(&*name)?.map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode));
        }
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Ok(found)
    }
}

/// Whether `stat` is of this kind.
pub(crate) fn is(stat: &Stat, kind: FileType) -> bool {
    FileType::from_raw_mode(stat.st_mode) == kind
}
