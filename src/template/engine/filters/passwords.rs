//! Password hashes.

use super::{bytes, refused, text};
use crate::template::engine::password::{Hasher, Method};
use minijinja::{Environment, Error, Value};
use std::sync::Arc;

pub(super) fn add(environment: &mut Environment<'_>, hasher: Arc<Hasher>) {
    let of_users = Arc::clone(&hasher);
    environment.add_filter("mkpasswd", move |value: &Value, method: Option<&str>| {
        let method = method.map_or(Some(Method::default()), Method::parse);
        let method = method.ok_or_else(|| refused("mkpasswd knows yescrypt, sha512crypt and bcrypt"))?;
        of_users.hash(method, &bytes(value)?).map_err(refused)
    });
    environment.add_filter("htpasswd", move |value: &Value, user: &Value| {
        let user = text(user)?;
        if user.is_empty() || user.contains(':') || user.chars().any(char::is_control) {
            return Err(refused("the user of htpasswd must not be empty, nor hold ':' or control characters"));
        }
        let hash = hasher.hash(Method::Htpasswd, &bytes(value)?).map_err(refused)?;
        Ok::<_, Error>(format!("{user}:{hash}"))
    });
}
