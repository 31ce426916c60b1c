//! The engine `minijinja`: values by name, loops and conditions over subtrees, filters.
//!
//! ```text
//! password = {{ db_password }}
//! {% for peer in secrets["wireguard/peers"] %}
//! PublicKey = {{ peer.key | required("a peer needs a key") }}
//! {% endfor %}
//! ```
//!
//! [`Program::compile`] reads a template and those it includes, and finds every name they use, before anything is
//! decrypted: a name must stand there in full, so that nothing else is unlocked. Mistakes that can be seen without the
//! values are found here. [`Program::run`] then gives a [`Skeleton`]: the text between the values, and each value apart,
//! so that a format can write every value for the place it stands in, as it does for placeholders.
//!
//! A template reaches its values, the filters of [`filters`] and the templates of the manifest, and nothing else: no
//! files, no network, no clock, no environment, no randomness. Fuel and size are bounded.
//!
//! What minijinja holds it holds in plain strings, which are freed but not wiped: the values that a template names,
//! what filters make of them, and the text of macros. The skeleton's text and its values are wiped. minijinja's own
//! error texts may quote values, so they are never shown: `run` says in its own words what kind of error it was, and
//! `debug`, which would print variables, is not compiled in.

mod analyse;
mod calls;
mod delimiters;
mod depth;
mod expression;
mod failure;
pub mod filters;
mod lines;
mod lookup;
mod mistake;
pub mod password;
mod program;
mod rewrite;
mod run;
mod scope;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_bounds;
#[cfg(test)]
mod tests_values;
mod unroll;
mod value;

pub use delimiters::{DelimiterError, Delimiters};
pub use mistake::Mistake;
pub use program::{Declared, Inside, Plainly, Program, TemplateText, Usage};
pub use run::{Emitted, Skeleton, Written};
pub use unroll::{Way, Ways};
pub use value::Input;

/// The bytes without one line break at their end.
pub fn without_newline(bytes: &[u8]) -> &[u8] {
    let cut = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    if cut.len() < bytes.len() { cut.strip_suffix(b"\r").unwrap_or(cut) } else { cut }
}
