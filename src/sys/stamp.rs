//! What of a file changes when it is written again.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The state of a file: its number, size and time of the last change. None where it is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(Option<(u64, u64, i64, i64)>);

/// Looks at a file, through links.
pub fn stamp(path: &Path) -> Stamp {
    let found = std::fs::metadata(path).ok();
    Stamp(found.map(|found| (found.ino(), found.size(), found.mtime(), found.mtime_nsec())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_written_replaced_or_removed_has_another_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let absent = stamp(&path);
        std::fs::write(&path, "one").unwrap();
        let first = stamp(&path);
        assert_eq!(stamp(&path), first);
        std::fs::write(&path, "three").unwrap();
        let second = stamp(&path);
        std::fs::write(folder.path().join("b"), "three").unwrap();
        std::fs::rename(folder.path().join("b"), &path).unwrap();
        let third = stamp(&path);
        assert!(absent != first && first != second && second != third);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(stamp(&path), absent);
    }
}
