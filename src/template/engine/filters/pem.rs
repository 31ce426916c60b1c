//! Certificates and keys out of a bundle of PEM blocks (RFC 7468).

use super::{refused, text};
use minijinja::{Environment, Error, Value};

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("pem_cert", |value: &Value| {
        blocks(value, "there is no certificate in it", |label| label.ends_with("CERTIFICATE"))
    });
    environment.add_filter("pem_key", |value: &Value| {
        blocks(value, "there is no private key in it", |label| label.ends_with("PRIVATE KEY"))
    });
}

/// The blocks whose label is wanted, in order, a line break behind each.
fn blocks(value: &Value, none: &'static str, wanted: impl Fn(&str) -> bool) -> Result<String, Error> {
    let text = text(value)?;
    let mut out = String::new();
    let mut open: Option<(&str, String)> = None;
    for line in text.lines().map(str::trim_end) {
        let label = |start: &str| line.strip_prefix(start).and_then(|rest| rest.strip_suffix("-----"));
        if let Some(label) = label("-----BEGIN ") {
            open = Some((label, String::new()));
        }
        let Some((started, block)) = &mut open else { continue };
        block.push_str(line);
        block.push('\n');
        if let Some(ended) = label("-----END ") {
            if ended != *started {
                return Err(refused("a PEM block ends under another name than it starts"));
            }
            if wanted(started) {
                out.push_str(block);
            }
            open = None;
        }
    }
    match open {
        Some(_) => Err(refused("a PEM block has no end")),
        None if out.is_empty() => Err(refused(none)),
        None => Ok(out),
    }
}
