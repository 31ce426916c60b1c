//! A rendered template as `render --dry-run` shows it.

use super::sanitize::{Keep, push_sanitized};
use crate::secret::{SecretBuf, SecretBytes};

/// A stretch of a preview.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    /// Text of the template.
    Own(&'a [u8]),
    /// What is said of a value, written `‹db/password›`. Needs no key.
    Name(&'a str),
    /// A value (`--reveal`).
    Value(&'a [u8]),
}

/// Whether what stands in place of tokens is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Cyan, by ANSI escapes.
    Ansi,
    /// As the rest.
    Plain,
}

/// Where the preview goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A terminal: control characters and bytes that are not UTF-8 are escaped, tabs and line feeds stay.
    Terminal,
    /// A file or a pipe: bytes pass unchanged.
    Bytes,
}

/// The stretches, one after the other. They may hold values, hence the type.
pub fn preview<'a>(parts: impl IntoIterator<Item = Shown<'a>>, colour: Colour, target: Target) -> SecretBytes {
    let mut out = SecretBuf::default();
    let (on, off): (&[u8], &[u8]) = match colour {
        Colour::Ansi => (b"\x1b[36m", b"\x1b[39m"),
        Colour::Plain => (b"", b""),
    };
    for part in parts {
        match part {
            Shown::Own(text) => push(&mut out, text, target),
            Shown::Name(name) => {
                out.push(on);
                out.push("‹".as_bytes());
                push(&mut out, name.as_bytes(), target);
                out.push("›".as_bytes());
                out.push(off);
            }
            Shown::Value(value) => {
                out.push(on);
                push(&mut out, value, target);
                out.push(off);
            }
        }
    }
    out.finish()
}

fn push(out: &mut SecretBuf, text: &[u8], target: Target) {
    match target {
        Target::Terminal => push_sanitized(out, text, Keep::Layout),
        Target::Bytes => out.push(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(shown: Shown<'_>, colour: Colour, target: Target) -> Vec<u8> {
        preview([Shown::Own(b"k\t=\x1b\xff"), shown, Shown::Own(b"\n")], colour, target).expose().to_vec()
    }

    #[test]
    fn names_stand_in_guillemets_where_values_will_be() {
        let name = Shown::Name("db/password");
        assert_eq!(text(name, Colour::Plain, Target::Bytes), b"k\t=\x1b\xff\xe2\x80\xb9db/password\xe2\x80\xba\n");
        let coloured = "k\t=\\u{1b}\\xff\x1b[36m‹db/password›\x1b[39m\n";
        assert_eq!(text(name, Colour::Ansi, Target::Terminal), coloured.as_bytes());
    }

    #[test]
    fn revealed_values_cannot_drive_the_terminal_and_reach_a_file_unchanged() {
        let value = Shown::Value(b"v\x1b]0;\xfe");
        assert_eq!(text(value, Colour::Plain, Target::Bytes), b"k\t=\x1b\xffv\x1b]0;\xfe\n");
        assert_eq!(text(value, Colour::Plain, Target::Terminal), b"k\t=\\u{1b}\\xffv\\u{1b}]0;\\xfe\n");
    }
}
