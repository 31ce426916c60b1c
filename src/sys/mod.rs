//! The only part that makes system calls. Everything goes by directory handle where one exists.

pub mod accounts;
pub mod child;
mod databases;
pub mod dir;
pub mod find;
pub mod mount;
pub mod parents;
pub mod process;
pub mod random;
pub mod read;
pub mod remove;
pub mod stamp;
pub mod units;
pub mod user_units;

use rustix::io::Errno;
use std::io;
use std::path::{Path, PathBuf};

/// The system refused one step: which, and at which path.
#[derive(Debug, thiserror::Error)]
#[error("cannot {step} {}: {}", path.display(), words(source))]
pub struct SysError {
    /// What was tried, as words: `create`, `set the owner of`.
    pub step: &'static str,
    /// What it was tried on.
    pub path: PathBuf,
    /// Why the system refused.
    pub source: io::Error,
}

/// The system's words for an error, without its number.
fn words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error ").next().unwrap_or_default().to_owned()
}

impl SysError {
    /// An error of `step` on `path`.
    pub fn new(step: &'static str, path: impl Into<PathBuf>, source: impl Into<io::Error>) -> Self {
        Self { step, path: path.into(), source: source.into() }
    }

    /// For `map_err`: names the step and the path, which is only copied when there is an error.
    pub(crate) fn at<'p>(step: &'static str, path: &'p Path) -> impl FnOnce(Errno) -> Self + 'p {
        move |errno| Self::new(step, path, errno)
    }
}
