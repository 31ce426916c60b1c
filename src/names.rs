//! Names that are safe to use once parsed: they cannot leave a generation, and cannot be mistaken for each other.

use std::fmt;
use std::path::Path;

/// Folder inside a generation that holds rendered templates; the same as sops-nix's.
pub const RENDERED_DIR: &str = "rendered";

/// Why a name is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The empty string names nothing.
    #[error("a name must not be empty")]
    Empty,
    /// An absolute path, or a part that is empty, `.` or `..`.
    #[error("a name must stay inside its directory: no leading '/', no empty part, no '.' or '..'")]
    Escapes,
    /// A NUL or another control character.
    #[error("a name must not hold control characters")]
    Control,
    /// A part longer than the 255 bytes that file systems take.
    #[error("a part of a name must not be longer than 255 bytes")]
    TooLong,
}

/// Name of an installed file: a relative path below its directory, of one or more plain parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// Parses a name such as `db/password`.
    ///
    /// # Errors
    /// Where the name is empty, leaves its directory or could not be a file name.
    pub fn parse(name: &str) -> Result<Self, NameError> {
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.chars().any(char::is_control) {
            return Err(NameError::Control);
        }
        for part in name.split('/') {
            if matches!(part, "" | "." | "..") {
                return Err(NameError::Escapes);
            }
            if part.len() > 255 {
                return Err(NameError::TooLong);
            }
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as a relative path.
    pub fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an installed file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutputKind {
    /// One decrypted value, or a whole decrypted file.
    Secret,
    /// A rendered template.
    Template,
}

/// Identifies one installed file of a manifest: its kind and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutputName {
    /// Secret or template.
    pub kind: OutputKind,
    /// The name within its kind.
    pub name: FileName,
}

impl OutputName {
    /// Where the file lies inside a generation: `db/password`, `rendered/app.env`.
    pub fn in_generation(&self) -> String {
        match self.kind {
            OutputKind::Secret => self.name.as_str().to_owned(),
            OutputKind::Template => format!("{RENDERED_DIR}/{}", self.name),
        }
    }
}

impl fmt::Display for OutputName {
    /// `secret 'db/password'`, `template 'app.env'`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            OutputKind::Secret => "secret",
            OutputKind::Template => "template",
        };
        write!(f, "{kind} '{}'", self.name)
    }
}

/// Place of a value in a sops file: map keys and list positions, `a/b/0`. Empty means the whole file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct KeyPath(Vec<String>);

impl KeyPath {
    /// Splits at `/`; a `/` or `\` inside a key is written `\/` or `\\`. The empty text is the whole file.
    pub fn parse(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let mut parts = Vec::new();
        let mut part = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '/' => parts.push(std::mem::take(&mut part)),
                '\\' => part.push(chars.next_if(|next| matches!(next, '/' | '\\')).unwrap_or(c)),
                _ => part.push(c),
            }
        }
        parts.push(part);
        Self(parts)
    }

    /// Splits at every `/`, as sops-nix does: a `\\` is an ordinary character.
    pub fn split(text: &str) -> Self {
        if text.is_empty() { Self::default() } else { Self(text.split('/').map(str::to_owned).collect()) }
    }

    /// Whether this path leads into what `other` names.
    pub fn is_below(&self, other: &Self) -> bool {
        self.0.len() > other.0.len() && self.0.starts_with(&other.0)
    }

    /// The path with further parts behind it.
    pub fn joined(&self, parts: &[String]) -> Self {
        Self(self.0.iter().chain(parts).cloned().collect())
    }

    /// The parts, outermost first.
    pub fn parts(&self) -> &[String] {
        &self.0
    }

    /// Whether the whole file is meant.
    pub fn is_whole_file(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let escaped: Vec<_> = self.0.iter().map(|part| part.replace('\\', "\\\\").replace('/', "\\/")).collect();
        f.write_str(&escaped.join("/"))
    }
}

/// Name of a systemd unit; cannot be taken for an option and holds no line break.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitName(String);

impl UnitName {
    /// Parses a unit name such as `nginx.service`; None where it is empty, starts with `-` or holds blanks or controls.
    pub fn parse(name: &str) -> Option<Self> {
        let plain = !name.is_empty() && !name.starts_with('-') && !name.chars().any(|c| c.is_control() || c == ' ');
        plain.then(|| Self(name.to_owned()))
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_leave_its_directory() {
        for name in ["a", "a/b", "..a", "a..", "-x", "a b", "ü"] {
            assert_eq!(FileName::parse(name).unwrap().as_str(), name);
        }
        for name in ["/a", "a/", "a//b", ".", "..", "a/../b", "../a", "a/."] {
            assert_eq!(FileName::parse(name), Err(NameError::Escapes), "{name}");
        }
        assert_eq!(FileName::parse(""), Err(NameError::Empty));
        assert_eq!(FileName::parse("a\0b"), Err(NameError::Control));
        assert_eq!(FileName::parse(&"x".repeat(256)), Err(NameError::TooLong));
    }

    #[test]
    fn a_key_path_splits_at_slashes_that_are_not_escaped() {
        let parts = |text| KeyPath::parse(text).parts().to_vec();
        assert_eq!(parts("a/b/0"), ["a", "b", "0"]);
        assert_eq!(parts(r"a\/b/c\\/d"), ["a/b", r"c\", "d"]);
        assert_eq!(parts(r"a\b"), [r"a\b"]);
        assert_eq!(parts("/a/"), ["", "a", ""]);
        assert!(KeyPath::parse("").is_whole_file());
        for text in ["a/b", r"a\/b", r"c\\/d"] {
            assert_eq!(KeyPath::parse(text).to_string(), text);
        }
    }

    #[test]
    fn a_unit_name_is_never_an_option() {
        assert!(UnitName::parse("app@x.service").is_some());
        for name in ["", "--now", "a b", "a\nb"] {
            assert!(UnitName::parse(name).is_none(), "{name}");
        }
    }
}
