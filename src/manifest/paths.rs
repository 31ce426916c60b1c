//! Paths of a manifest: `%r` in user mode, and what relative ones start from.

use super::{Shape, Surroundings};
use std::path::PathBuf;

/// Replaces `%r` by the runtime folder and `%%` by `%`, as sops-nix does; other `%` stay.
///
/// None where `%r` is used and there is no runtime folder.
pub(super) fn expand(path: &str, runtime_dir: Option<&str>) -> Option<String> {
    let parts: Option<Vec<_>> = path
        .split("%%")
        .map(|part| match runtime_dir {
            Some(dir) => Some(part.replace("%r", dir)),
            None => (!part.contains("%r")).then(|| part.to_owned()),
        })
        .collect();
    Some(parts?.join("%"))
}

/// A path of the manifest. Those of schema 1 start from its folder, those of sops-nix from the working directory.
pub(super) fn resolve(path: &str, shape: Shape, surroundings: &Surroundings) -> PathBuf {
    match shape {
        Shape::SopsNix => PathBuf::from(path),
        Shape::Schema1 => surroundings.folder.join(path),
    }
}

/// As [`resolve`], for a path where something is placed: a link written there must mean the same from everywhere.
pub(super) fn placed(path: &str, shape: Shape, surroundings: &Surroundings) -> PathBuf {
    let path = resolve(path, shape, surroundings);
    // Fails for the empty path, which is an error elsewhere, and where there is no working directory.
    std::path::absolute(&path).unwrap_or(path)
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_are_sops_nixs() {
        for (path, expanded) in
            [("%r/a", "/run/user/1/a"), ("%%r/%r", "%r//run/user/1"), ("%x%", "%x%"), ("%%%%", "%%")]
        {
            assert_eq!(expand(path, Some("/run/user/1")).as_deref(), Some(expanded));
        }
        assert_eq!(expand("%r/a", None), None);
        assert_eq!(expand("%%r", None).as_deref(), Some("%r"));
    }
}
