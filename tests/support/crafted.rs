//! sops files made byte by byte, with a data key that is known: what no sops would write, and what old ones wrote.
//!
//! Nonces are fixed, so that the golden vectors of the format's description come out. Never encrypt like this.

use super::{key, recipient};
use aes_gcm::aead::generic_array::GenericArray;
use aes_gcm::aead::generic_array::typenum::{U12, U16, U32};
use aes_gcm::aes::Aes256;
use aes_gcm::{AeadInPlace, AesGcm, KeyInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha512};
use std::io::Write;

/// When crafted files say they were last changed.
pub const LAST_MODIFIED: &str = "2026-01-02T03:04:05Z";

/// The data key 00 01 … 1f.
pub fn data_key() -> Vec<u8> {
    (0..32).collect()
}

/// A token with the nonce 20 21 … 3f.
pub fn token(text: impl AsRef<[u8]>, aad: &str, kind: &str) -> String {
    let nonce: Vec<u8> = (32..64).collect();
    token_with(&nonce, text.as_ref(), aad, kind)
}

/// A token of type `str`.
pub fn text(text: &str, aad: &str) -> String {
    token(text, aad, "str")
}

/// A token with a nonce of 12, 16 or 32 bytes.
pub fn token_with(nonce: &[u8], text: &[u8], aad: &str, kind: &str) -> String {
    let (data, tag) = seal(nonce, text, aad);
    let [data, iv, tag] = [&data, nonce, &tag].map(|part| STANDARD.encode(part));
    format!("ENC[AES256_GCM,data:{data},iv:{iv},tag:{tag},type:{kind}]")
}

/// Ciphertext and tag.
pub fn seal(nonce: &[u8], text: &[u8], aad: &str) -> (Vec<u8>, Vec<u8>) {
    let mut data = text.to_vec();
    let key = data_key();
    let key = GenericArray::from_slice(&key);
    let (n, aad) = (nonce, aad.as_bytes());
    let tag = match nonce.len() {
        12 => AesGcm::<Aes256, U12>::new(key).encrypt_in_place_detached(GenericArray::from_slice(n), aad, &mut data),
        16 => AesGcm::<Aes256, U16>::new(key).encrypt_in_place_detached(GenericArray::from_slice(n), aad, &mut data),
        _ => AesGcm::<Aes256, U32>::new(key).encrypt_in_place_detached(GenericArray::from_slice(n), aad, &mut data),
    };
    (data, tag.unwrap().to_vec())
}

/// The MAC over all values, as hex.
pub fn mac_hex(hashed: &[u8]) -> String {
    format!("{:X}", Sha512::digest(hashed))
}

/// What stands before the values under `mac_only_encrypted`.
pub fn seed() -> Vec<u8> {
    Sha256::digest(b"sops").to_vec()
}

/// Wraps a data key or share for a recipient, armored.
pub fn wrapped(key: &[u8], recipient: &str) -> String {
    let recipient: age::x25519::Recipient = recipient.parse().unwrap();
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).unwrap();
    let mut out = Vec::new();
    let armor = age::armor::ArmoredWriter::wrap_output(&mut out, age::armor::Format::AsciiArmor).unwrap();
    let mut writer = encryptor.wrap_output(armor).unwrap();
    writer.write_all(key).unwrap();
    writer.finish().and_then(|armor| armor.finish()).unwrap();
    String::from_utf8(out).unwrap()
}

/// The `sops` metadata of a crafted file; fields are public so that a test can spoil them.
pub struct Stanza {
    /// Recipients with what is wrapped for each; one flat list.
    pub age: Vec<(String, String)>,
    /// The same in groups.
    pub groups: Vec<Vec<(String, String)>>,
    pub last_modified: String,
    pub mac: Option<String>,
    /// Further fields, as they stand in the file.
    pub more: Vec<(&'static str, &'static str)>,
    pub version: &'static str,
}

impl Stanza {
    /// The metadata of a file whose values hash as `hashed`, for the test key.
    pub fn new(hashed: impl AsRef<[u8]>) -> Self {
        let recipient = recipient(&key("age-test.txt"));
        Self {
            age: vec![(recipient.clone(), wrapped(&data_key(), &recipient))],
            groups: Vec::new(),
            last_modified: LAST_MODIFIED.to_owned(),
            mac: Some(token(mac_hex(hashed.as_ref()), LAST_MODIFIED, "str")),
            more: Vec::new(),
            version: "3.13.2",
        }
    }

    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.more.push((name, value));
        self
    }

    pub fn modified(mut self, time: &str) -> Self {
        time.clone_into(&mut self.last_modified);
        self
    }

    /// As the last entry of a YAML document.
    pub fn yaml(&self) -> String {
        let entries = |keys: &[(String, String)], indent: &str| {
            let one = |(recipient, enc): &(String, String)| {
                let enc = enc.trim_end().replace('\n', &format!("\n{indent}    "));
                format!("{indent}- recipient: {recipient}\n{indent}  enc: |\n{indent}    {enc}\n")
            };
            keys.iter().map(one).collect::<String>()
        };
        let mut text = "sops:\n".to_owned();
        if !self.age.is_empty() {
            text += &format!("    age:\n{}", entries(&self.age, "        "));
        }
        if !self.groups.is_empty() {
            text += "    key_groups:\n";
            for group in &self.groups {
                text += &format!("        - age:\n{}", entries(group, "            "));
            }
        }
        text += &format!("    lastmodified: \"{}\"\n", self.last_modified);
        for (name, value) in self.pairs() {
            text += &format!("    {name}: {value}\n");
        }
        text
    }

    /// As the last member of a JSON object.
    pub fn json(&self) -> String {
        let age: Vec<_> =
            self.age.iter().map(|(recipient, enc)| serde_json::json!({ "recipient": recipient, "enc": enc })).collect();
        let mut sops = serde_json::json!({ "age": age, "lastmodified": self.last_modified });
        for (name, value) in self.pairs() {
            sops[name] = serde_json::from_str(&value).unwrap_or(serde_json::Value::String(value));
        }
        format!("\"sops\": {sops}")
    }

    /// As name and text of leaves: what dotenv and INI hold.
    pub fn flat(&self) -> Vec<(String, String)> {
        let mut leaves = Vec::new();
        let mut push = |place: String, keys: &[(String, String)]| {
            for (i, (recipient, enc)) in keys.iter().enumerate() {
                leaves.push((format!("{place}age__list_{i}__map_recipient"), recipient.clone()));
                leaves.push((format!("{place}age__list_{i}__map_enc"), enc.replace('\n', "\\n")));
            }
        };
        push(String::new(), &self.age);
        for (i, group) in self.groups.iter().enumerate() {
            push(format!("key_groups__list_{i}__map_"), group);
        }
        leaves.push(("lastmodified".to_owned(), self.last_modified.clone()));
        leaves.extend(self.pairs().map(|(name, value)| (name.to_owned(), value)));
        leaves
    }

    /// As lines of a dotenv file.
    pub fn dotenv(&self) -> String {
        self.flat().iter().map(|(name, value)| format!("sops_{name}={value}\n")).collect()
    }

    /// As the last section of an INI file.
    pub fn ini(&self) -> String {
        "[sops]\n".to_owned()
            + &self.flat().iter().map(|(name, value)| format!("{name} = {value}\n")).collect::<String>()
    }

    fn pairs(&self) -> impl Iterator<Item = (&'static str, String)> {
        let mac = self.mac.iter().map(|mac| ("mac", mac.clone()));
        let version = (!self.version.is_empty()).then(|| ("version", self.version.to_owned()));
        mac.chain(self.more.iter().map(|(name, value)| (*name, (*value).to_owned()))).chain(version)
    }
}
