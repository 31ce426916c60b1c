//! Renders config files that hold secrets, and installs them: the engine behind `sops-inlay`.
//!
//! The stages, one type each: `Manifest` → `Plan` → `Resolved` → `Rendered` → `Staged` → `Changes`.

pub mod access;
pub mod adhoc;
pub mod changes;
pub mod cli;
pub mod commands;
pub mod diff;
pub mod error;
pub mod fill;
pub mod generation;
pub mod identity;
pub mod install;
pub mod legacy;
pub mod links;
pub mod manifest;
pub mod message;
pub mod names;
pub mod nearest;
pub mod output;
pub mod plan;
pub mod program;
pub mod rendered;
pub mod report;
pub mod resolve;
pub mod secret;
pub mod sops;
pub mod state;
pub mod sys;
pub mod template;
pub mod texts;

#[cfg(test)]
mod testing;
