//! Chooses the command: by the name the program was called under, then by its arguments.

use crate::cli::{Cli, Command, InstallArgs};
use crate::commands::check::Depth;
use crate::commands::install::Owners;
use crate::commands::{check, decrypt, install, render, scan};
use crate::legacy::{self, Arguments, CheckMode};
use crate::message::{Exit, Message};
use crate::report::{Report, Style, write_stdout};
use crate::{manifest, sys};
use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// Runs the program.
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    sys::process::harden();
    let arguments: Vec<_> = arguments.collect();
    let called_as = arguments.first().map(|path| Path::new(path).file_name().unwrap_or_default().to_owned());
    let exit = match called_as {
        Some(name) if name == legacy::PROGRAM => as_sops_install_secrets(arguments.into_iter().skip(1)),
        _ => as_sops_inlay(arguments),
    };
    ExitCode::from(exit as u8)
}

fn as_sops_install_secrets(arguments: impl Iterator<Item = OsString>) -> Exit {
    let mut report = Report::new(Style::Text);
    match legacy::parse(arguments) {
        Ok(Arguments::Help) => {
            legacy::USAGE.lines().for_each(|line| report.usage(line));
            Exit::Done
        }
        Ok(Arguments::Run { manifest, check_mode: CheckMode::Manifest, .. }) => {
            check::run(&manifest, Depth::Manifest, &mut report.quiet_notes())
        }
        Ok(Arguments::Run { manifest, check_mode: CheckMode::SopsFile, .. }) => {
            check::run(&manifest, Depth::Files, &mut report.quiet_notes())
        }
        Ok(Arguments::Run { manifest, check_mode: CheckMode::Off, ignore_passwd }) => {
            let owners = if ignore_passwd { Owners::NotLookedUp } else { Owners::AsDeclared };
            install::run(&manifest, owners, legacy::PROGRAM, &mut report)
        }
        Err(what) => {
            report.error(
                &Message::new(what)
                    .hint("usage: sops-install-secrets [-check-mode=MODE] [-ignore-passwd] manifest.json"),
            );
            Exit::Usage
        }
    }
}

fn as_sops_inlay(arguments: Vec<OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are errors to clap, of exit code 0.
            let _ = error.print();
            return if error.exit_code() == 0 { Exit::Done } else { Exit::Usage };
        }
    };
    let style = match (cli.json, cli.quiet) {
        (true, _) => Style::Json,
        (false, true) => Style::Quiet,
        (false, false) => Style::Text,
    };
    let mut report = Report::new(style);
    let exit = command(&cli.command, &mut report);
    report.finish(exit)
}

fn command(command: &Command, report: &mut Report) -> Exit {
    match command {
        Command::Install(args) => {
            let owners = match args {
                InstallArgs { only_owners: true, .. } => Owners::OfCurrentGeneration,
                InstallArgs { without_owners: true, .. } => Owners::SetLater,
                InstallArgs { ignore_passwd: true, .. } => Owners::NotLookedUp,
                InstallArgs { .. } => Owners::AsDeclared,
            };
            install::run(&args.manifest, owners, "sops-inlay", report)
        }
        Command::Render(args) => render::run(args, report),
        Command::Check(args) => {
            let depth = match (args.no_sops_files, args.recipients.as_slice()) {
                (true, _) => Depth::Manifest,
                (false, []) => Depth::Files,
                (false, keys) => Depth::Recipients(keys),
            };
            check::run(&args.manifest, depth, report)
        }
        Command::Scan(args) => scan::run(&args.paths, args.manifest.as_deref(), report),
        Command::Decrypt(args) => decrypt::run(args, report),
        Command::Schema => print(manifest::schema().as_bytes(), report),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "sops-inlay", &mut script);
            print(&script, report)
        }
        Command::Man { command } => man(command.as_deref(), report),
    }
}

/// The page of the program, or that of one command, as `sops-inlay-render(1)`.
fn man(command: Option<&str>, report: &mut Report) -> Exit {
    let mut all = Cli::command();
    all.build();
    let page = match command {
        None => all,
        Some(name) => match all.find_subcommand(name) {
            Some(page) => page.clone(),
            None => {
                report.error(&Message::new(format!("there is no command '{name}'")).hint("see sops-inlay --help"));
                return Exit::Usage;
            }
        },
    };
    let mut text = Vec::new();
    // Writing into a vector cannot fail.
    let _ = clap_mangen::Man::new(page).render(&mut text);
    print(&text, report)
}

fn print(text: &[u8], report: &mut Report) -> Exit {
    match write_stdout(text) {
        Ok(()) => {
            report.silence();
            Exit::Done
        }
        Err(error) => {
            report.error(&Message::new(format!("cannot write standard output: {error}")));
            Exit::System
        }
    }
}
