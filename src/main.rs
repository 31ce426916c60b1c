//! The program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    sops_inlay::program::run(std::env::args_os())
}
