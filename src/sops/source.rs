//! A sops file, from its bytes to the wanted values: parsed, then unlocked, then read.

use super::cipher::{Cipher, KeyLength, Leaf, LeafError};
use super::format::json::{self, Numbers};
use super::format::{self, Format, ParseError, WriteError};
use super::metadata::{DataKey, Metadata, MetadataError};
use super::tree::{Document, Locked, Plain, Value};
use super::walk::{BadLeaf, Hashing, Walk, Walked};
use super::wanted::{Found, Wanted, leaf_paths};
use crate::names::KeyPath;
use crate::secret::SecretBytes;
use serde::{Deserialize, Serialize};

/// What is verified before a value is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Integrity {
    /// The MAC over every value of the file, as sops does.
    #[default]
    File,
    /// The tag of each wanted value alone. Swapped list items, older values under the same data key and edited clear
    /// values go unnoticed.
    Values,
}

/// A sops file that is parsed and still locked.
#[derive(Debug)]
pub struct SourceFile<'a> {
    format: Format,
    bytes: &'a [u8],
    documents: Vec<Document<'a, Locked<'a>>>,
    metadata: Metadata,
}

/// A sops file with its data key.
pub struct Unlocked<'a> {
    file: SourceFile<'a>,
    cipher: Cipher,
}

/// Why a file is not a sops file that can be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The bytes are not of the format.
    #[error("{0}")]
    Parse(#[from] ParseError),
    /// The metadata is missing or broken.
    #[error("{0}")]
    Metadata(#[from] MetadataError),
}

/// Why an unlocked file gives no values.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The data key has the wrong length.
    #[error("{0}")]
    KeyLength(#[from] KeyLength),
    /// Leaves that do not decrypt.
    #[error("{} of its values cannot be decrypted", .0.len())]
    Leaves(Vec<BadLeaf>),
    /// The MAC is absent.
    #[error("it has no MAC, so changes to it would go unnoticed")]
    NoMac,
    /// The MAC does not decrypt: `mac` or `lastmodified` was changed.
    #[error("its MAC does not authenticate: 'mac' or 'lastmodified' was changed")]
    MacTag,
    /// The values are not those the MAC was made over.
    #[error("its MAC does not match: values were added, removed, swapped or changed")]
    MacMismatch,
    /// The whole document cannot be printed in its format.
    #[error("it cannot be written out: {0}")]
    Write(#[from] WriteError),
}

impl<'a> SourceFile<'a> {
    /// Parses a file.
    ///
    /// # Errors
    /// Where it is not of the format, or has no usable sops metadata.
    pub fn parse(format: Format, bytes: &'a [u8]) -> Result<Self, LoadError> {
        let mut documents = format::read(format, bytes)?;
        let metadata = Metadata::take(format, &mut documents)?;
        Ok(Self { format, bytes, documents, metadata })
    }

    /// What the file says of itself.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Where each key path leads; needs no key. Only the first document has key paths.
    pub fn locate(&self, paths: &[KeyPath]) -> Vec<Found> {
        match self.documents.first() {
            Some(document) => Wanted::new(paths).locate(document, paths.len()),
            None => vec![Found::Missing; paths.len()],
        }
    }

    /// Key paths of the file's scalars, and of empty maps and lists, at most `limit`.
    pub fn leaf_paths(&self, limit: usize) -> Vec<String> {
        self.documents.first().map(|document| leaf_paths(document, limit)).unwrap_or_default()
    }

    /// Adds the data key.
    ///
    /// # Errors
    /// Where the key has the wrong length.
    pub fn unlock(self, key: DataKey) -> Result<Unlocked<'a>, KeyLength> {
        Ok(Unlocked { cipher: Cipher::new(key)?, file: self })
    }
}

impl Unlocked<'_> {
    /// The file's format.
    pub fn format(&self) -> Format {
        self.file.format
    }

    /// Decrypts the values at key paths, in their order; None where nothing stands there. Paths must differ and not be
    /// empty.
    ///
    /// # Errors
    /// Where a leaf does not decrypt, or the MAC does not match.
    pub fn values(
        &self,
        paths: &[KeyPath],
        integrity: Integrity,
    ) -> Result<Vec<Option<Value<'static, Plain>>>, ReadError> {
        let wanted = Wanted::new(paths);
        let mut values = self.verified(integrity, |walk, documents| {
            if let Some((first, others)) = documents.split_first() {
                walk.wanted(first, &wanted);
                others.iter().for_each(|document| walk.pass(document));
            }
            Ok(())
        })?;
        values.1.resize_with(paths.len(), || None);
        self.nested(paths, &mut values.1)?;
        Ok(values.1)
    }

    /// Decrypts all documents and writes them as `sops decrypt` does.
    ///
    /// # Errors
    /// Where a leaf does not decrypt, the MAC does not match, or the format cannot hold the result.
    pub fn whole(&self, integrity: Integrity) -> Result<SecretBytes, ReadError> {
        let written = self.verified(integrity, |walk, documents| {
            let plain: Vec<_> = documents.iter().map(|document| walk.document(document)).collect();
            // A leaf that did not decrypt is missing from `plain`; `verified` reports it instead of this text.
            format::write(self.file.format, &plain)
        })?;
        Ok(written.0)
    }

    /// A value inside another wanted one was not kept apart in the first pass; it is decrypted once more.
    fn nested(&self, paths: &[KeyPath], values: &mut [Option<Value<'static, Plain>>]) -> Result<(), ReadError> {
        let inside = |path: &KeyPath| paths.iter().any(|other| path.is_below(other));
        let missing: Vec<_> = (0..paths.len()).filter(|i| values[*i].is_none() && inside(&paths[*i])).collect();
        for position in missing {
            let alone = std::slice::from_ref(&paths[position]);
            values[position] = self.values(alone, Integrity::Values)?.pop().flatten();
        }
        Ok(())
    }

    /// Runs a walk and verifies the MAC of what it passed.
    ///
    /// Releases up to 3.13.1 read every JSON number as a float, and their MACs cover those: where the MAC does not
    /// match, JSON is read that way once more.
    fn verified<T>(&self, integrity: Integrity, run: impl Run<T>) -> Result<Verified<T>, ReadError> {
        let first = self.pass(&self.file.documents, integrity, &run);
        if !matches!(first, Err(ReadError::MacMismatch)) || self.file.format != Format::Json {
            return first;
        }
        let Ok(mut documents) = json::read_with(self.file.bytes, Numbers::Float) else { return first };
        match Metadata::take(Format::Json, &mut documents) {
            Ok(_) => self.pass(&documents, integrity, &run).or(first),
            Err(_) => first,
        }
    }

    fn pass<T>(
        &self,
        documents: &[Document<'_, Locked<'_>>],
        integrity: Integrity,
        run: &impl Run<T>,
    ) -> Result<Verified<T>, ReadError> {
        let metadata = &self.file.metadata;
        let hashing = match integrity {
            Integrity::Values => Hashing::Nothing,
            Integrity::File if metadata.mac_only_encrypted => Hashing::EncryptedOnly,
            Integrity::File => Hashing::All,
        };
        let mut walk = Walk::new(&self.cipher, &metadata.rule, hashing);
        let result = run(&mut walk, documents);
        let Walked { hash, taken } = walk.finish().map_err(ReadError::Leaves)?;
        if hashing != Hashing::Nothing && self.mac()?.expose() != hash.as_bytes() {
            return Err(ReadError::MacMismatch);
        }
        let owned = taken.into_iter().map(|value| value.map(Value::into_owned)).collect();
        Ok((result?, owned))
    }

    fn mac(&self) -> Result<SecretBytes, ReadError> {
        let metadata = &self.file.metadata;
        let token = metadata.mac.as_deref().ok_or(ReadError::NoMac)?;
        let aad = metadata.last_modified.whole_seconds().to_string();
        match self.cipher.leaf(token.as_bytes(), aad.as_bytes()) {
            Ok(Leaf::Value(Value::Text(mac))) => Ok(mac),
            Ok(_) | Err(LeafError::Clear | LeafError::Malformed | LeafError::Tag | LeafError::Type) => {
                Err(ReadError::MacTag)
            }
        }
    }
}

/// What a walk gave, and the wanted values it kept.
type Verified<T> = (T, Vec<Option<Value<'static, Plain>>>);

/// One pass over the documents.
trait Run<T>: for<'k> Fn(&mut Walk<'k>, &'k [Document<'k, Locked<'k>>]) -> Result<T, WriteError> {}

impl<T, F> Run<T> for F where F: for<'k> Fn(&mut Walk<'k>, &'k [Document<'k, Locked<'k>>]) -> Result<T, WriteError> {}
