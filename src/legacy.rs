//! The command line of sops-nix's `sops-install-secrets`, read as Go's `flag` package reads it.

use std::ffi::OsString;
use std::path::PathBuf;

/// The name under which the program takes these arguments.
pub const PROGRAM: &str = "sops-install-secrets";

/// What the Go program prints for `-h`.
pub const USAGE: &str = "\
Usage: sops-install-secrets [OPTION] manifest.json
  -check-mode string
    \tValidate configuration without installing it (possible values: \"manifest\",\"sopsfile\",\"off\") (default \"off\")
  -ignore-passwd
    \tDon't look up anything in /etc/passwd. Causes everything to be owned by root:root or the user executing the tool in user mode";

/// What to do with the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckMode {
    /// Look at the manifest and the templates alone.
    Manifest,
    /// Open the sops files too.
    SopsFile,
    /// Install.
    Off,
}

/// The arguments.
#[derive(Debug, PartialEq, Eq)]
pub enum Arguments {
    /// `-h` or `-help`.
    Help,
    /// A run.
    Run {
        /// The manifest.
        manifest: PathBuf,
        /// What to do with it.
        check_mode: CheckMode,
        /// Look up no user and no group.
        ignore_passwd: bool,
    },
}

/// Reads the arguments behind the program's name: `-name=value`, `-name value`, one or two dashes, `--` ends the flags.
///
/// # Errors
/// What is wrong, in the Go program's words where it has some.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, String> {
    let mut check_mode = CheckMode::Off;
    let mut ignore_passwd = false;
    let mut rest = arguments.into_iter().peekable();
    while let Some(flag) = rest.next_if(is_flag) {
        if flag == "--" {
            break;
        }
        let text = flag.to_string_lossy().into_owned();
        let bare = text.strip_prefix("--").or_else(|| text.strip_prefix('-')).unwrap_or(&text);
        let (name, value) = bare.split_once('=').map_or((bare, None), |(name, value)| (name, Some(value.to_owned())));
        match name {
            "h" | "help" => return Ok(Arguments::Help),
            "check-mode" => {
                let given = value.or_else(|| rest.next().map(|value| value.to_string_lossy().into_owned()));
                check_mode = mode(given.ok_or("flag needs an argument: -check-mode")?)?;
            }
            "ignore-passwd" => ignore_passwd = truth(value.as_deref().unwrap_or("true"))?,
            _ => return Err(format!("flag provided but not defined: -{name}")),
        }
    }
    match (rest.next(), rest.next()) {
        (Some(manifest), None) => Ok(Arguments::Run { manifest: manifest.into(), check_mode, ignore_passwd }),
        _ => Err("exactly one manifest is needed".to_owned()),
    }
}

/// A lone `-` is an argument, as in Go.
fn is_flag(argument: &OsString) -> bool {
    argument.len() > 1 && argument.to_string_lossy().starts_with('-')
}

fn mode(text: String) -> Result<CheckMode, String> {
    match text.as_str() {
        "manifest" => Ok(CheckMode::Manifest),
        "sopsfile" => Ok(CheckMode::SopsFile),
        "off" => Ok(CheckMode::Off),
        _ => Err(format!("invalid value provided for -check-mode flag: {text} (use manifest, sopsfile or off)")),
    }
}

fn truth(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("invalid boolean value \"{text}\" for -ignore-passwd")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(arguments: &[&str]) -> Result<Arguments, String> {
        parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn flags_are_read_as_go_reads_them() {
        let expected = |check_mode, ignore_passwd| {
            Ok(Arguments::Run { manifest: PathBuf::from("m.json"), check_mode, ignore_passwd })
        };
        assert_eq!(run(&["m.json"]), expected(CheckMode::Off, false));
        assert_eq!(run(&["-check-mode=sopsfile", "m.json"]), expected(CheckMode::SopsFile, false));
        assert_eq!(run(&["--check-mode", "manifest", "-ignore-passwd", "m.json"]), expected(CheckMode::Manifest, true));
        assert_eq!(run(&["-ignore-passwd=false", "--", "m.json"]), expected(CheckMode::Off, false));
        assert_eq!(run(&["-h"]), Ok(Arguments::Help));
    }

    #[test]
    fn wrong_arguments_are_errors() {
        for arguments in
            [&[][..], &["a", "b"], &["-x", "m"], &["-check-mode=x", "m"], &["-check-mode"], &["m", "-ignore-passwd"]]
        {
            assert!(run(arguments).is_err(), "{arguments:?}");
        }
    }
}
