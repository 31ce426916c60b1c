//! The placeholder engine: templates are plain bytes in which tokens stand for secret values.
//!
//! A token is what the manifest maps to a secret. The usual one, made by sops-nix's module, is
//!
//! ```text
//! <SOPS:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08:PLACEHOLDER>
//!       64 lower-case hex digits: SHA-256 of the secret's name
//! ```
//!
//! but any string that is not empty will do. [`scan()`] cuts a template into literals and values in one pass,
//! leftmost token first, the longest of those that start at one place. [`render()`] puts the values in, in one pass,
//! and never looks at them: a value that holds a token stays as it is. (sops-nix replaces one token after the other
//! in random order, over text that already holds values.) All other bytes, UTF-8 or not, pass unchanged.

pub mod diagnose;
pub mod engine;
pub mod escape;
pub mod finished;
pub mod place;
pub mod preview;
pub mod render;
pub mod sanitize;
pub mod scan;
pub mod tokens;
mod variants;
pub(crate) mod verify;

pub use render::{RenderError, render};
pub use scan::{Scan, Segment, Unknown, scan};
pub use tokens::{SecretIndex, TokenError, Tokens, standard_token};

#[cfg(test)]
mod reference;
