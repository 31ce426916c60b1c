//! Which shell a script is for, as its first line says.

use super::text::line_end;

/// The shell of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shell {
    /// None is named, or one that is none of these: any POSIX shell may read the file.
    Any,
    Bash,
    Ksh,
    Zsh,
}

impl Shell {
    /// The shell that the first line of `text` names.
    pub(super) fn of(text: &[u8]) -> Self {
        let Some(line) = text[..line_end(text, 0)].strip_prefix(b"#!") else { return Self::Any };
        let mut words = line.split(|byte| matches!(byte, b' ' | b'\t' | b'\r')).filter(|word| !word.is_empty());
        let mut name = words.next().map_or(&b""[..], base_name);
        if name == b"env" {
            // `env -S bash -e`, `env -Sbash`, `env A=1 bash`: the first word that is no option and no variable.
            let of_env =
                |word: &&[u8]| !matches!(*word, b"-S" | b"-i" | b"-" | b"-iS" | b"-vS") && !word.contains(&b'=');
            name = words.find(of_env).map_or(&b""[..], |word| base_name(word.strip_prefix(b"-S").unwrap_or(word)));
        }
        match name {
            b"bash" | b"rbash" => Self::Bash,
            b"ksh" | b"ksh93" | b"mksh" | b"lksh" => Self::Ksh,
            b"zsh" => Self::Zsh,
            _ => Self::Any,
        }
    }

    /// It knows `$'…'` and `((…))`.
    pub(super) fn knows_more(self) -> bool {
        self != Self::Any
    }
}

fn base_name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_names_the_shell() {
        let cases = [
            ("#!/bin/bash\n", Shell::Bash),
            ("#! /bin/bash -e\n", Shell::Bash),
            ("#!/usr/bin/env bash\r\n", Shell::Bash),
            ("#!/usr/bin/env -S bash -euo pipefail\n", Shell::Bash),
            ("#!/usr/bin/env -Sbash -e\n", Shell::Bash),
            ("#!/usr/bin/env -S LANG=C zsh -f\n", Shell::Zsh),
            ("#!/nix/store/x/bin/mksh", Shell::Ksh),
            ("#!/bin/ksh93 -x", Shell::Ksh),
            ("#!/bin/sh\n", Shell::Any),
            ("#!/bin/sh -c bash\n", Shell::Any),
            ("#!/bin/dash /bin/bash\n", Shell::Any),
            ("# /bin/bash\n", Shell::Any),
            ("\n#!/bin/bash\n", Shell::Any),
            ("", Shell::Any),
        ];
        for (text, shell) in cases {
            assert_eq!(Shell::of(text.as_bytes()), shell, "{text}");
        }
    }
}
