//! Numbers of users and groups: from `/etc/passwd` and `/etc/group`, then from whatever else NSS knows.
//!
//! The files come first, as Go's `os/user` and nearly every `nsswitch.conf` have it. They are there before nscd runs, and
//! an account found in them costs one read, where NSS loads its modules and asks each of them.

use super::read::read_public;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use users::{Groups, Users, UsersCache};

/// Largest file of accounts read, in bytes (16 MiB); a larger one is left to NSS.
const FILE_MAX_BYTES: usize = 16 << 20;

/// The accounts of the system, each file read once and only when it is needed.
pub(super) struct Databases {
    passwd: LocalFile,
    group: LocalFile,
    nss: UsersCache,
}

impl Databases {
    /// Those of this system.
    pub(super) fn new() -> Self {
        let file = |path: &str| LocalFile { path: PathBuf::from(path), bytes: OnceCell::new() };
        Self { passwd: file("/etc/passwd"), group: file("/etc/group"), nss: UsersCache::new() }
    }

    /// The user's number.
    pub(super) fn uid(&self, name: &str) -> Option<u32> {
        self.passwd.number(name).or_else(|| self.nss.get_user_by_name(name).map(|user| user.uid()))
    }

    /// The group's number.
    pub(super) fn gid(&self, name: &str) -> Option<u32> {
        self.group.number(name).or_else(|| self.nss.get_group_by_name(name).map(|group| group.gid()))
    }

    /// The number of the first of these groups that there is; those in the file come before those that NSS alone knows.
    pub(super) fn first_gid(&self, names: &[&str]) -> Option<u32> {
        let local = names.iter().find_map(|name| self.group.number(name));
        local.or_else(|| names.iter().find_map(|name| self.gid(name)))
    }
}

struct LocalFile {
    path: PathBuf,
    bytes: OnceCell<Vec<u8>>,
}

impl LocalFile {
    fn number(&self, name: &str) -> Option<u32> {
        // Without the file, NSS is asked.
        let read = |path: &Path| read_public(path, FILE_MAX_BYTES).unwrap_or_default();
        number(self.bytes.get_or_init(|| read(&self.path)), name)
    }
}

/// The third field of the first line whose first is `name`: `NAME:PASSWORD:NUMBER:…`. See passwd(5) and group(5).
fn number(file: &[u8], name: &str) -> Option<u32> {
    let mut lines = file.split(|byte| *byte == b'\n').map(|line| line.split(|byte| *byte == b':'));
    let mut rest = lines.find_map(|mut fields| (fields.next() == Some(name.as_bytes())).then_some(fields))?;
    let field = rest.nth(1)?;
    std::str::from_utf8(field).ok().filter(|text| text.bytes().all(|c| c.is_ascii_digit()))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_the_name_counts_and_damage_is_left_to_nss() {
        let file = b"# c\nroot:x:0:0:root:/:/bin/sh\nkeys:x:96:a,b\nkeys:x:97:\n+nis:x:1:\nbad:x:12a:\nplus:x:+1:\nshort:x\nlast:x:5";
        for (name, expected) in [
            ("root", Some(0)),
            ("keys", Some(96)),
            ("last", Some(5)),
            ("key", None),
            ("nis", None),
            ("bad", None),
            ("plus", None),
            ("short", None),
            ("no", None),
            ("root:x:0:0", None),
        ] {
            assert_eq!(number(file, name), expected, "{name}");
        }
        assert_eq!(number(b"", "root"), None);
    }

    #[test]
    fn the_files_and_nss_agree_on_this_system() {
        let databases = Databases::new();
        let nss = UsersCache::new();
        for name in ["root", "nobody", "daemon", "no-such-account"] {
            assert_eq!(databases.uid(name), nss.get_user_by_name(name).map(|user| user.uid()), "{name}");
            assert_eq!(databases.gid(name), nss.get_group_by_name(name).map(|group| group.gid()), "{name}");
        }
        assert_eq!(databases.first_gid(&["no-such-group", "root"]), Some(0));
        assert_eq!(databases.first_gid(&["no-such-group"]), None);
    }
}
