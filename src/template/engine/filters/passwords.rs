//! Password hashes.
//!
//! Files that were encrypted whole often end in a line break, which nobody types at a login.

use super::{bytes, refused, text};
use crate::template::engine::password::{Hasher, Method};
use crate::template::engine::without_newline;
use minijinja::{Environment, Error, Value};
use std::sync::Arc;

/// What is said where a method has another name.
pub(in crate::template::engine) const METHODS: &str = "mkpasswd knows yescrypt, sha512crypt and bcrypt";

pub(super) fn add(environment: &mut Environment<'_>, hasher: Arc<Hasher>) {
    let of_users = Arc::clone(&hasher);
    environment.add_filter("mkpasswd", move |value: &Value, method: Option<&str>| {
        let method = method.map_or(Some(Method::default()), Method::parse);
        let method = method.ok_or_else(|| refused(METHODS))?;
        of_users.hash(method, without_newline(&bytes(value)?)).map_err(refused)
    });
    environment.add_filter("htpasswd", move |value: &Value, user: &Value| {
        let user = text(user)?;
        if user.is_empty() || user.contains(':') || user.chars().any(char::is_control) {
            return Err(refused("the user of htpasswd must not be empty, nor hold ':' or control characters"));
        }
        let hash = hasher.hash(Method::Htpasswd, without_newline(&bytes(value)?)).map_err(refused)?;
        Ok::<_, Error>(format!("{user}:{hash}"))
    });
}
