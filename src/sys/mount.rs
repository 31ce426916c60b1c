//! The memory file system that holds the generations: ramfs, or tmpfs that is never swapped out.

use super::SysError;
use super::dir::Dir;
use rustix::fs::{AtFlags, StatxAttributes, StatxFlags, fstatfs, statx};
use rustix::io::Errno;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use std::ffi::CStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

const RAMFS_MAGIC: u32 = 0x8584_58f6;
const TMPFS_MAGIC: u32 = 0x0102_1994;
/// Largest mount table read, in bytes, where the kernel cannot say itself what is a mount point.
const MOUNTINFO_MAX_BYTES: usize = 64 << 20;

/// File system wanted at the mount point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoryFs {
    /// Never swapped out; has no size limit.
    Ramfs,
    /// With `noswap`, and without it where the kernel does not know it (before 6.4).
    Tmpfs,
}

/// What to do where nothing may be mounted and the directory lies on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskPolicy {
    /// An error: secrets would survive on the disk.
    Refuse,
    /// Write there, with a warning.
    Allow,
}

/// Whether installed files may be run as programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecPolicy {
    /// Mounted `noexec`, as sops-nix does.
    Forbid,
    /// As agenix does.
    Allow,
}

/// The memory file system wanted at the mount point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Its type.
    pub fs: MemoryFs,
    /// What to do where it cannot be had.
    pub disk: DiskPolicy,
    /// What its files may be.
    pub exec: ExecPolicy,
}

/// What stands at the mount point now.
#[derive(Debug, PartialEq, Eq)]
pub enum Mounted {
    /// The wanted file system was there already.
    Already,
    /// It was mounted by this call, and [`undo`] may take it away.
    Now,
    /// Mounting is forbidden; what is there is used instead. The text is the warning.
    Instead(String),
}

/// Why there is no place to put secrets.
#[derive(Debug, thiserror::Error)]
pub enum MountError {
    /// The system refused.
    #[error(transparent)]
    System(#[from] SysError),
    /// Nothing may be mounted and the directory is on a disk.
    #[error("{}: cannot mount {wanted} here ({source}), and the directory lies on a disk, where secrets must not be written; \
             mount a tmpfs on it before, or set allowDisk in the manifest", path.display())]
    OnDisk {
        /// The mount point.
        path: PathBuf,
        /// `ramfs` or `tmpfs`.
        wanted: &'static str,
        /// Why the mount was refused.
        source: std::io::Error,
    },
}

/// Sees to it that the directory `dir` is the root of a memory file system; mounts one on it where it is not.
///
/// The checks are those of sops-nix: a mount point of the wanted type is left as it is.
///
/// # Errors
/// Where nothing can be mounted and what is there will not do.
pub fn ensure(dir: &Dir, wanted: Memory) -> Result<Mounted, MountError> {
    let found = magic(dir)?;
    let mounted = is_mount_point(dir)?;
    let (fstype, name, fsmagic) = match wanted.fs {
        MemoryFs::Ramfs => (c"ramfs", "ramfs", RAMFS_MAGIC),
        MemoryFs::Tmpfs => (c"tmpfs", "tmpfs", TMPFS_MAGIC),
    };
    if mounted && found == fsmagic {
        return Ok(Mounted::Already);
    }
    let refusal = match mount_on(dir.path(), wanted, fstype) {
        Ok(()) => return Ok(Mounted::Now),
        Err(errno @ (Errno::PERM | Errno::ACCESS)) => errno,
        Err(errno) => return Err(SysError::new("mount a memory file system on", dir.path(), errno).into()),
    };
    let in_memory = found == RAMFS_MAGIC || found == TMPFS_MAGIC;
    let path = dir.path().display();
    if in_memory {
        let kind = if found == RAMFS_MAGIC { "ramfs" } else { "tmpfs, which may be swapped out," };
        return Ok(Mounted::Instead(format!(
            "{path}: mounting {name} is not permitted; using the {kind} that is there"
        )));
    }
    match wanted.disk {
        DiskPolicy::Refuse => {
            Err(MountError::OnDisk { path: dir.path().to_owned(), wanted: name, source: refusal.into() })
        }
        DiskPolicy::Allow => {
            Ok(Mounted::Instead(format!("{path}: mounting {name} is not permitted; secrets are written to the disk")))
        }
    }
}

/// Takes away what [`ensure`] mounted; handles into it stay usable. For undoing; a failure leaves it.
pub fn undo(path: &Path) {
    let _ = unmount(path, UnmountFlags::DETACH | UnmountFlags::NOFOLLOW);
}

fn mount_on(path: &Path, wanted: Memory, fstype: &CStr) -> Result<(), Errno> {
    let exec = match wanted.exec {
        ExecPolicy::Forbid => MountFlags::NOEXEC,
        ExecPolicy::Allow => MountFlags::empty(),
    };
    let flags = MountFlags::NODEV | MountFlags::NOSUID | exec;
    let with = |options: &CStr| mount(c"none", path, fstype, flags, options);
    match wanted.fs {
        MemoryFs::Ramfs => with(c"mode=0751"),
        MemoryFs::Tmpfs => match with(c"mode=0751,noswap") {
            Err(Errno::INVAL) => with(c"mode=0751"),
            result => result,
        },
    }
}

fn magic(dir: &Dir) -> Result<u32, SysError> {
    let stat = fstatfs(&dir.fd).map_err(SysError::at("examine the file system of", dir.path()))?;
    // The kernel's numbers have 32 bits; the field is wider, and signed on some systems.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Ok(stat.f_type as u32)
}

/// Whether `dir` is the root of a mounted file system, bind mounts included.
fn is_mount_point(dir: &Dir) -> Result<bool, SysError> {
    match statx(&dir.fd, "", AtFlags::EMPTY_PATH, StatxFlags::INO) {
        Ok(stat) if stat.stx_attributes_mask.contains(StatxAttributes::MOUNT_ROOT) => {
            return Ok(stat.stx_attributes.contains(StatxAttributes::MOUNT_ROOT));
        }
        // Before 5.8 the kernel does not say; a sandbox may forbid the call.
        Ok(_) | Err(Errno::NOSYS | Errno::PERM) => {}
        Err(errno) => return Err(SysError::new("examine", dir.path(), errno)),
    }
    let path = std::fs::canonicalize(dir.path()).map_err(|e| SysError::new("examine", dir.path(), e))?;
    let table = super::read::read_public(Path::new("/proc/self/mountinfo"), MOUNTINFO_MAX_BYTES)
        .map_err(|e| SysError::new("look in the mount table for", &path, std::io::Error::other(e)))?;
    Ok(table_has(&table, &path))
}

/// Whether the fifth field of some line is `path`; the kernel writes blanks in it as `\040`. See proc_pid_mountinfo(5).
fn table_has(table: &[u8], path: &Path) -> bool {
    let mut escaped = Vec::new();
    for &byte in path.as_os_str().as_bytes() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\\' => escaped.extend_from_slice(format!("\\{byte:03o}").as_bytes()),
            _ => escaped.push(byte),
        }
    }
    table.split(|byte| *byte == b'\n').any(|line| line.split(|byte| *byte == b' ').nth(4) == Some(&escaped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mount_table_is_searched_by_its_fifth_field() {
        let table = b"36 35 98:0 / /run/a\\040b rw - ramfs none rw\n37 35 0:1 /run/x /mnt rw - ramfs none rw\n";
        for (path, found) in [("/run/a b", true), ("/run/a", false), ("/mnt", true), ("/run/x", false), ("/", false)] {
            assert_eq!(table_has(table, Path::new(path)), found, "{path}");
        }
    }

    #[test]
    fn the_kernel_and_the_mount_table_agree_on_mount_points() {
        let table = std::fs::read("/proc/self/mountinfo").unwrap();
        for path in ["/proc", "/proc/self", "/", "/dev"] {
            let path = std::fs::canonicalize(path).unwrap();
            assert_eq!(is_mount_point(&Dir::open(&path).unwrap()).unwrap(), table_has(&table, &path), "{path:?}");
        }
    }
}
