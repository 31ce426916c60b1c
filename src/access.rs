//! Who may read an installed file: mode, owner and group as a manifest gives them.

use std::fmt;

/// Permission bits of a file: the twelve lowest, `0o0000` to `0o7777`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mode(u16);

impl Mode {
    /// The mode of a secret that says none: its owner may read it.
    pub const OWNER_READS: Self = Self(0o400);
    /// The mode of a file that only its owner may read and write.
    pub const PRIVATE: Self = Self(0o600);

    /// Parses a mode written in octal, with or without leading zeros, as sops-nix's module writes it. See chmod(1).
    ///
    /// None if a digit is not octal or a bit above `0o7777` is set.
    pub fn parse_octal(text: &str) -> Option<Self> {
        if text.is_empty() || !text.bytes().all(|c| matches!(c, b'0'..=b'7')) {
            return None;
        }
        u16::from_str_radix(text, 8).ok().filter(|bits| *bits <= 0o7777).map(Self)
    }

    /// Parses octal or chmod's symbolic form (`u=r,g=r`, `u+rw,o=`), applied to a file that its owner may read, with umask
    /// 022: so agenix calls chmod(1).
    pub fn parse_chmod(text: &str) -> Option<Self> {
        Self::parse_octal(text).or_else(|| symbolic(text))
    }

    /// The bits.
    pub fn bits(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

/// A user or a group: by name, or by number even where no account has that number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// Looked up through NSS when files are installed.
    Name(String),
    /// Taken as it is.
    Id(u32),
}

impl Account {
    /// User or group 0.
    pub const ROOT: Self = Self::Id(0);
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Id(id) => write!(f, "{id}"),
        }
    }
}

/// The umask of an activation script.
const UMASK: u16 = 0o022;

fn symbolic(text: &str) -> Option<Mode> {
    let mut bits = Mode::OWNER_READS.0;
    for clause in text.split(',') {
        bits = apply(bits, clause)?;
    }
    Some(Mode(bits))
}

/// One clause such as `ug+rw` or `o=`; several operators may follow one another.
fn apply(mut bits: u16, clause: &str) -> Option<u16> {
    let at = clause.find(['+', '-', '='])?;
    let (who, mut rest) = clause.split_at(at);
    let who = who.bytes().try_fold(0, |mask, c| Some(mask | class(c)?))?;
    // Without letters everyone is meant, but for what the umask takes away.
    let (who, masked) = if who == 0 { (0o7777, UMASK) } else { (who, 0) };
    while let Some(operator) = rest.chars().next() {
        let end = rest[1..].find(['+', '-', '=']).map_or(rest.len(), |i| i + 1);
        let letters = rest[1..end].bytes();
        let wanted = letters.into_iter().try_fold(0, |mask, c| Some(mask | permission(c, bits)?))? & who & !masked;
        bits = match operator {
            '+' => bits | wanted,
            '-' => bits & !wanted,
            _ => (bits & !who) | wanted,
        };
        rest = &rest[end..];
    }
    Some(bits)
}

/// The bits a class letter stands for, its set-id bit included.
fn class(letter: u8) -> Option<u16> {
    Some(match letter {
        b'u' => 0o4700,
        b'g' => 0o2070,
        b'o' => 0o1007,
        b'a' => 0o7777,
        _ => return None,
    })
}

/// The bits a permission letter stands for in every class; `X` gives execution only where some class has it already.
fn permission(letter: u8, bits: u16) -> Option<u16> {
    let everywhere = |one: u16| one << 6 | one << 3 | one;
    Some(match letter {
        b'r' => 0o444,
        b'w' => 0o222,
        b'x' => 0o111,
        b'X' if bits & 0o111 == 0 => 0,
        b'X' => 0o111,
        b's' => 0o6000,
        b't' => 0o1000,
        b'u' => everywhere(bits >> 6 & 7),
        b'g' => everywhere(bits >> 3 & 7),
        b'o' => everywhere(bits & 7),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octal_modes_are_twelve_bits() {
        for (text, bits) in [("0400", Some(0o400)), ("440", Some(0o440)), ("7777", Some(0o7777)), ("0", Some(0))] {
            assert_eq!(Mode::parse_octal(text).map(Mode::bits), bits, "{text}");
        }
        for text in ["", "8", "0o400", "10000", "-1", "+400", "u=r", " 400", "4_0"] {
            assert_eq!(Mode::parse_octal(text), None, "{text}");
        }
    }

    /// Printed by `umask 022; chmod 0400 FILE; chmod -- MODE FILE; stat -c %a FILE`.
    #[test]
    fn symbolic_modes_are_those_of_chmod() {
        for (text, bits) in [
            ("u=r", 0o400),
            ("u=rw,g=r,o=", 0o640),
            ("a+r", 0o444),
            ("=r", 0o444),
            ("ug=rwx,o-rwx", 0o770),
            ("u=rw,g=u", 0o660),
            ("u=rwxs", 0o4700),
            ("a=rX", 0o444),
            ("u=x,a+X", 0o111),
            ("u+r+w", 0o600),
            ("+t", 0o1400),
            ("g+r", 0o440),
            ("g=r", 0o440),
            ("u+w", 0o600),
            ("go=r", 0o444),
            ("go-rwx", 0o400),
            ("+w", 0o600),
            ("=rw", 0o644),
            ("+rw", 0o644),
            ("=rwx", 0o755),
            ("-r", 0),
            ("-w", 0o400),
            ("u-r,g+r", 0o040),
        ] {
            assert_eq!(Mode::parse_chmod(text).map(Mode::bits), Some(bits), "{text}");
        }
        for text in ["", "u", "z=r", "u=q", "u=r,,g=r", "r"] {
            assert_eq!(Mode::parse_chmod(text), None, "{text}");
        }
    }
}
