//! Age plugins: the client side of the identity-v1 protocol (C2SP age-plugin).
//!
//! The age crate's own client inherits every variable, waits for ever and echoes file keys under `AGEDEBUG`; this
//! one runs at boot, so it passes no secret variable on, gives up after a while and answers no question.

use crate::secret::{SecretBuf, SecretBytes};
use crate::sys::child::{ChildError, ChildStdin, Deadline, Launcher, OUTPUT_MAX_BYTES, Running, Stdio};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza, read};
use age_core::primitives::bech32_decode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use zeroize::Zeroize;

/// Why a plugin did not open a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PluginError {
    /// It could not be run.
    #[error("age-plugin-{name}: {problem}")]
    Child {
        /// The plugin's name.
        name: String,
        /// What went wrong.
        problem: ChildError,
    },
    /// It wanted a PIN, a passphrase or a confirmation.
    #[error("age-plugin-{name} asks a question, and nobody can be asked here; use a key that needs no answer")]
    Asked {
        /// The plugin's name.
        name: String,
    },
    /// It reported an error of its own.
    #[error("age-plugin-{name} says: {message}")]
    Reported {
        /// The plugin's name.
        name: String,
        /// Its message, shortened and without control characters.
        message: String,
    },
    /// It broke the protocol.
    #[error("age-plugin-{name} stopped without an answer")]
    Protocol {
        /// The plugin's name.
        name: String,
    },
}

/// An identity that only its plugin understands: `AGE-PLUGIN-NAME-1…`.
pub(super) struct PluginIdentity {
    name: String,
    text: SecretBytes,
}

/// A plugin's identity and what is needed to run it.
pub(super) struct LaunchedPlugin {
    identity: PluginIdentity,
    launcher: Launcher,
}

impl PluginIdentity {
    /// Reads `AGE-PLUGIN-NAME-1…`; None if the checksum or the name is wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let prefix = bech32_decode(text, |_| (), |_| Ok(()), |prefix, _| Ok(prefix.to_string())).ok()?;
        let name = prefix.strip_prefix("AGE-PLUGIN-")?.strip_suffix('-')?.to_lowercase();
        let valid = |b: u8| b.is_ascii_alphanumeric() || b"+-._".contains(&b);
        let named = !name.is_empty() && name.bytes().all(valid);
        named.then(|| Self { name, text: SecretBytes::copy_of(text.as_bytes()) })
    }

    /// Ready to run with `launcher`.
    pub fn with(self, launcher: Launcher) -> LaunchedPlugin {
        LaunchedPlugin { identity: self, launcher }
    }
}

impl LaunchedPlugin {
    /// The plugin's name: `yubikey`.
    pub fn name(&self) -> &str {
        &self.identity.name
    }

    /// Asks the plugin for the file key behind `stanzas`; None if none of them is for this identity.
    pub fn unwrap(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, PluginError>> {
        self.converse(stanzas).transpose()
    }

    fn converse(&self, stanzas: &[Stanza]) -> Result<Option<FileKey>, PluginError> {
        let failed = |problem| PluginError::Child { name: self.name().to_owned(), problem };
        let program = format!("age-plugin-{}", self.name());
        let program = self.launcher.find(OsStr::new(&program)).map_err(failed)?;
        let mut command = self.launcher.command(&program);
        command.arg("--age-plugin=identity-v1").env_remove("AGEDEBUG").stderr(Stdio::null());
        let deadline = self.launcher.deadline(&command);
        let mut running = Running::start(&mut command).map_err(failed)?;
        let (Some(stdin), Some(stdout)) = (running.0.stdin.take(), running.0.stdout.take()) else {
            return Err(PluginError::Protocol { name: self.name().to_owned() });
        };
        let to = write_in_background(stdin);
        let from = read_in_background(stdout);
        to.send(self.request(stanzas)).ok();
        self.answers(&to, &from, &deadline)
    }

    /// The first half of the conversation: the identity, every stanza, and that this was all.
    fn request(&self, stanzas: &[Stanza]) -> SecretBytes {
        let mut request = SecretBuf::with_capacity(1024);
        let identity = String::from_utf8_lossy(self.identity.text.expose());
        write_stanza(&mut request, ["add-identity", identity.as_ref()], &[]);
        for stanza in stanzas {
            let args = stanza.args.iter().map(String::as_str);
            write_stanza(&mut request, ["recipient-stanza", "0", &stanza.tag].into_iter().chain(args), &stanza.body);
        }
        write_stanza(&mut request, ["done"], &[]);
        request.finish()
    }

    /// The second half: the plugin speaks and every stanza of it wants a reply.
    fn answers(
        &self,
        to: &Sender<SecretBytes>,
        from: &Receiver<Stanza>,
        deadline: &Deadline,
    ) -> Result<Option<FileKey>, PluginError> {
        let name = || self.name().to_owned();
        let (mut file_key, mut problem) = (None, None);
        loop {
            let mut said = deadline.receive(from).map_err(|error| match error {
                ChildError::Output(_) => PluginError::Protocol { name: name() },
                error => PluginError::Child { name: name(), problem: error },
            })?;
            let reply = match said.tag.as_str() {
                "done" => break,
                "msg" => "ok",
                "file-key" if file_key.is_none() && said.args == ["0"] && said.body.len() == FILE_KEY_BYTES => {
                    file_key = Some(FileKey::init_with_mut(|key| key.copy_from_slice(&said.body)));
                    "ok"
                }
                "error" => {
                    problem.get_or_insert(PluginError::Reported { name: name(), message: self.printable(&said.body) });
                    "ok"
                }
                "confirm" | "request-public" | "request-secret" => {
                    problem = Some(PluginError::Asked { name: name() });
                    "fail"
                }
                _ => "unsupported",
            };
            said.body.zeroize();
            let mut text = SecretBuf::default();
            write_stanza(&mut text, [reply], &[]);
            to.send(text.finish()).ok();
        }
        match (file_key, problem) {
            (None, Some(problem)) => Err(problem),
            (file_key, _) => Ok(file_key),
        }
    }

    /// A plugin's message made fit for a terminal, or nothing of it if it quotes the identity.
    fn printable(&self, message: &[u8]) -> String {
        let text: String = String::from_utf8_lossy(message).chars().filter(|c| !c.is_control()).take(200).collect();
        let quotes_key = text.to_uppercase().contains("AGE-PLUGIN-") || text.to_uppercase().contains("AGE-SECRET-KEY-");
        if quotes_key { "(a message that quotes a key)".to_owned() } else { text }
    }
}

/// Appends one stanza: `-> tag args…`, then the body in base64 at 64 columns, its last line short or empty.
fn write_stanza<'a>(out: &mut SecretBuf, words: impl IntoIterator<Item = &'a str>, body: &[u8]) {
    out.push(b"->");
    for word in words {
        out.push_byte(b' ');
        out.push(word.as_bytes());
    }
    out.push_byte(b'\n');
    let encoded = BASE64_STANDARD_NO_PAD.encode(body);
    for line in encoded.as_bytes().chunks(64) {
        out.push(line);
        out.push_byte(b'\n');
    }
    if encoded.len().is_multiple_of(64) {
        out.push_byte(b'\n');
    }
}

fn write_in_background(mut stdin: ChildStdin) -> Sender<SecretBytes> {
    let (sender, receiver) = channel::<SecretBytes>();
    std::thread::spawn(move || {
        for message in receiver {
            if stdin.write_all(message.expose()).and_then(|()| stdin.flush()).is_err() {
                break; // the plugin is gone; the reader notices
            }
        }
    });
    sender
}

/// Stanzas as they come; the channel closes at the end of the output, and at text that is no stanza.
fn read_in_background(stdout: impl Read + Send + 'static) -> Receiver<Stanza> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stdout.take(OUTPUT_MAX_BYTES as u64));
        let mut text = zeroize::Zeroizing::new(Vec::with_capacity(4096));
        while lines.read_until(b'\n', &mut text).is_ok_and(|read| read > 0) {
            match read::age_stanza(&text) {
                Ok((_, stanza)) => {
                    if sender.send(Stanza::from(stanza)).is_err() {
                        break;
                    }
                    text.zeroize();
                }
                Err(nom::Err::Incomplete(_)) => {}
                Err(_) => break,
            }
        }
    });
    receiver
}
