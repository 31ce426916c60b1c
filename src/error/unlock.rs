//! What to say when no key of the host opens a file: who could, what the host has, and the next step.

use crate::identity::{AgeFileError, AttemptError, IdentityLine, Notice, OpenError, UnlockError};
use crate::manifest::SourceKind;
use crate::message::{Exit, Message};
use std::path::Path;

/// Recipients and identities shown of each kind; hosts and teams have few.
const SHOWN: usize = 12;

/// A damaged age file is an integrity failure; one for other recipients lacks a key.
pub(super) fn age_exit(error: &OpenError) -> Exit {
    match error.problem {
        AgeFileError::NotAge => Exit::Input,
        AgeFileError::NoMatch { .. } | AgeFileError::Passphrase => Exit::NoKey,
        AgeFileError::Damaged(_) => Exit::Integrity,
    }
}

/// Whether the message of an age file lists identities.
pub(super) fn lists_keys(error: &OpenError) -> bool {
    matches!(error.problem, AgeFileError::NoMatch { .. })
}

/// Adds recipients, identities and attempts of a sops file.
pub(super) fn message(mut message: Message, file: &Path, error: &UnlockError) -> Message {
    if error.groups.len() > 1 || error.shares.is_some() {
        message = message.detail(error.to_string());
    }
    let recipients: Vec<_> = error.groups.iter().flat_map(|group| &group.recipients).collect();
    let ids = recipients.iter().map(|recipient| short(&recipient.id));
    message = listed(message, "encrypted to", ids.collect());
    message = host(message, &error.host, &error.unusable);
    for recipient in &recipients {
        let telling = recipient.outcomes.iter().filter(|outcome| !outcome.is_plain_mismatch());
        for outcome in telling {
            message = message.detail(format!("{}: {outcome}", short(&recipient.id)));
        }
    }
    let hint = without_keys(&error.host, &error.unusable).map_or_else(|| updatekeys(file), str::to_owned);
    message.hint(hint)
}

/// The next step where this host has no key at all: then it is none that the file lacks.
fn without_keys(host: &[IdentityLine], unusable: &[Notice]) -> Option<&'static str> {
    let named = unusable.iter().any(|notice| !matches!(notice, Notice::NothingAtDefault { .. }));
    match (host, named) {
        ([], false) => {
            Some("name a private key: --identity FILE or SOPS_AGE_KEY_FILE; in a manifest ageKeyFile or ageSshKeyPaths")
        }
        ([], true) => Some("mend one of the keys named, or name another"),
        _ => None,
    }
}

fn updatekeys(file: &Path) -> String {
    format!("add the host's key to .sops.yaml, then run: sops updatekeys {}", file.display())
}

/// Adds the recipients of a file that the host cannot open.
pub(super) fn not_for_host(message: Message, file: &Path, kind: SourceKind, recipients: &[String]) -> Message {
    let (recipients, hint) = match kind {
        SourceKind::Sops(_) => (recipients.iter().map(|id| short(id)).collect(), updatekeys(file)),
        SourceKind::Age => (recipients.to_vec(), rekey(file)),
    };
    listed(message, "encrypted to", recipients).hint(hint)
}

fn rekey(file: &Path) -> String {
    format!("add the host's key to the recipients of {} and encrypt it again (agenix --rekey)", file.display())
}

/// Adds identities and attempts of an age file.
pub(super) fn age_message(message: Message, file: &Path, error: &OpenError) -> Message {
    match &error.problem {
        AgeFileError::NotAge => {
            message.hint("a file that sops encrypted has another format: yaml, json, dotenv, ini or binary")
        }
        AgeFileError::Passphrase => message,
        AgeFileError::NoMatch { failures, .. } => {
            let message = host(message, &error.host, &error.unusable);
            let message = failures.iter().fold(message, |message, failure| message.detail(failure.to_string()));
            let by_plugin = failures.iter().find(|failure| matches!(failure.problem, AttemptError::Plugin(_)));
            match (without_keys(&error.host, &error.unusable), by_plugin) {
                (Some(hint), _) => message.hint(hint),
                (None, Some(_)) => message
                    .hint("plugins are found in PATH; in NixOS and home-manager in what 'age.plugins' adds to it"),
                (None, None) => message.hint(rekey(file)),
            }
        }
        AgeFileError::Damaged(_) => message.hint("restore it from version control"),
    }
}

fn host(mut message: Message, host: &[IdentityLine], unusable: &[Notice]) -> Message {
    let lines: Vec<_> = host.iter().map(|line| format!("{}  ({})", short(&line.public), line.origin)).collect();
    if lines.is_empty() {
        message = message.detail("this host has  no key that can be used");
    }
    for (number, line) in lines.iter().take(SHOWN).enumerate() {
        let label = if number == 0 { "this host has" } else { "" };
        message = message.detail(format!("{label:<14} {line}"));
    }
    // Where some key is there, the default places that hold none are of no interest.
    let telling =
        unusable.iter().filter(|notice| lines.is_empty() || !matches!(notice, Notice::NothingAtDefault { .. }));
    telling.fold(message, |message, notice| message.detail(notice.to_string()))
}

fn listed(message: Message, label: &str, mut items: Vec<String>) -> Message {
    let more = items.len().saturating_sub(SHOWN);
    items.truncate(SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    message.detail(format!("{label:<14} {}{rest}", items.join(", ")))
}

/// A long key by its ends: `age1ql3z7…qmcac8p`; an SSH key by its type, end and comment.
fn short(id: &str) -> String {
    const HEAD: usize = 9;
    const TAIL: usize = 7;
    let ends = |text: &str| {
        let chars: Vec<char> = text.chars().collect();
        match chars.len() {
            0..=24 => text.to_owned(),
            length => chars[..HEAD].iter().chain(['…'].iter()).chain(&chars[length - TAIL..]).collect(),
        }
    };
    match id.split_once(' ') {
        Some((kind, rest)) => {
            let (key, comment) = rest.split_once(' ').map_or((rest, ""), |(key, comment)| (key, comment));
            format!("{kind} {} {comment}", ends(key)).trim_end().to_owned()
        }
        None => ends(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_shown_by_their_ends() {
        assert_eq!(short("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"), "age1ql3z7…qmcac8p");
        let ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN root@host";
        assert_eq!(short(ssh), "ssh-ed25519 AAAAC3Nza…Z6isGN root@host".replace("Z6isGN", "tZ6isGN"));
        assert_eq!(short("FBC7B9E2A4F9289AC0C1"), "FBC7B9E2A4F9289AC0C1");
    }
}
