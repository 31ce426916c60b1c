//! Digests, in lower-case hexadecimal.

use super::bytes;
use super::encode::hex;
use super::out::charge;
use hmac::{Hmac, Mac};
use minijinja::{Environment, Error, State, Value};
use sha2::{Digest, Sha256, Sha512};

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("sha256", |value: &Value| Ok::<_, Error>(hex(&Sha256::digest(bytes(value)?))));
    environment.add_filter("sha512", |value: &Value| Ok::<_, Error>(hex(&Sha512::digest(bytes(value)?))));
    environment.add_filter("hmac_sha256", hmac_sha256);
}

/// HMAC of the value under a key (RFC 2104).
fn hmac_sha256(state: &State<'_, '_>, value: &Value, key: &Value) -> Result<String, Error> {
    let key = bytes(key)?;
    charge(state, key.len())?;
    let mac = <Hmac<Sha256> as Mac>::new_from_slice(&key);
    let mut mac = mac.map_err(|_| super::refused("the key cannot be used"))?;
    mac.update(&bytes(value)?);
    Ok(hex(&mac.finalize().into_bytes()))
}
