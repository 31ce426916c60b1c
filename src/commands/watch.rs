//! `render --watch`: renders again whenever a file it reads has changed.

use crate::cli::RenderArgs;
use crate::manifest::{Manifest, TemplateSource};
use crate::sys::stamp::{Stamp, stamp};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Time between two looks at the files. Polling sees what editors do on every file system.
const PERIOD: Duration = Duration::from_millis(300);

/// The files of a rendering, as they were when it started.
pub struct Watched(BTreeMap<PathBuf, Stamp>);

impl Watched {
    /// The files named by the arguments and, where the manifest can be read, those it names.
    pub fn new(args: &RenderArgs, manifest: Option<&Manifest>) -> Self {
        let mut paths: Vec<PathBuf> =
            args.manifest.iter().chain(&args.template).chain(&args.secrets).cloned().collect();
        if let Some(manifest) = manifest {
            paths.extend(manifest.secrets.iter().map(|secret| secret.file.clone()));
            paths.extend(manifest.templates.iter().filter_map(|template| match &template.source {
                TemplateSource::File(path) => Some(path.clone()),
                TemplateSource::Content(_) => None,
            }));
        }
        Self(paths.into_iter().map(|path| (path.clone(), stamp(&path))).collect())
    }

    /// Whether a file has changed since.
    pub fn changed(&self) -> bool {
        self.0.iter().any(|(path, before)| stamp(path) != *before)
    }

    /// Waits until a file changes.
    pub fn wait(&self) {
        while !self.changed() {
            std::thread::sleep(PERIOD);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser;

    #[test]
    fn a_change_of_any_file_that_is_read_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name).display().to_string();
        for name in ["t", "s.yaml"] {
            std::fs::write(file(name), "1").unwrap();
        }
        let cli = Cli::parse_from(["x", "render", "--watch", "--template", &file("t"), "--secrets", &file("s.yaml")]);
        let Command::Render(args) = cli.command else { panic!("not render") };
        for name in ["t", "s.yaml"] {
            let watched = Watched::new(&args, None);
            assert!(!watched.changed());
            std::fs::write(file(name), "22").unwrap();
            assert!(watched.changed(), "{name}");
            std::fs::remove_file(file(name)).unwrap();
            assert!(watched.changed(), "{name}");
        }
    }
}
