//! The command line of `sops-inlay`.

use crate::manifest::Engine;
use crate::sops::format::{self, Format};
use crate::template::engine::Delimiters;
use crate::template::escape::{TemplateFormat, UnknownFormat};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

const AFTER_HELP: &str = "\
Terms:
  manifest     JSON that names secrets, templates and where they go; sops-nix's own, or schema 1
  placeholder  token in a template that stands for a secret: <SOPS:sha256(name):PLACEHOLDER>
  key path     place of a value in a sops file: a/b/0
  identity     private key that opens files: an age key, an SSH host key

Exit codes:
  0 done   1 input is wrong   2 usage   3 no key opens a file   4 integrity   5 the system refused
  Where several apply, the highest.

Example:
  sops-inlay render --dry-run manifest.json app.env";

/// clap would name every argument of both forms.
const RENDER_USAGE: &str = "\
sops-inlay render [OPTIONS] MANIFEST [NAME]...
       sops-inlay render [OPTIONS] --template FILE --secrets FILE...";

/// Renders config files that hold secrets, and installs them.
#[derive(Debug, Parser)]
#[command(name = "sops-inlay", version, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Cli {
    /// Print errors alone.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Print one machine-readable report on stdout.
    #[arg(long, global = true, conflicts_with = "quiet")]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Install a manifest's secrets and templates: a new generation, the switch, the units.
    Install(InstallArgs),
    /// Render templates, to their paths or as a preview.
    #[command(override_usage = RENDER_USAGE)]
    Render(Box<RenderArgs>),
    /// Find everything that can be found without a key: names, modes, key paths, placeholders.
    Check(CheckArgs),
    /// List the placeholders in files.
    Scan(ScanArgs),
    /// Decrypt a sops or age file to stdout, as `sops decrypt` prints it.
    Decrypt(DecryptArgs),
    /// Print the JSON Schema of the manifest.
    Schema,
    /// Print a completion script.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page, or that of one command.
    Man {
        /// The command.
        command: Option<String>,
    },
}

/// Arguments of `install`.
#[derive(Debug, Args)]
pub struct InstallArgs {
    /// The manifest.
    pub manifest: PathBuf,
    /// Look up no user and no group: everything belongs to root, or to the caller in user mode.
    #[arg(long)]
    pub ignore_passwd: bool,
    /// Leave to root what belongs to a user or group that does not exist yet; --only-owners gives it away later.
    #[arg(long, conflicts_with = "ignore_passwd")]
    pub without_owners: bool,
    /// Decrypt nothing; give the files of the current generation their owners and modes.
    #[arg(long, conflicts_with_all = ["ignore_passwd", "without_owners"])]
    pub only_owners: bool,
}

/// Arguments of `render`.
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// The manifest.
    #[arg(required_unless_present = "template", conflicts_with = "template")]
    pub manifest: Option<PathBuf>,
    /// Templates of the manifest; all where none is named.
    #[arg(conflicts_with = "template")]
    pub names: Vec<String>,
    /// Render this file without a manifest; secrets go by their key paths in the --secrets files.
    #[arg(long, value_name = "FILE", requires = "secrets")]
    pub template: Option<PathBuf>,
    /// Encrypted file whose values the template may use.
    #[arg(long, value_name = "FILE", requires = "template", num_args = 1..)]
    pub secrets: Vec<PathBuf>,
    /// With --template: its language, placeholder or minijinja.
    #[arg(long, value_name = "ENGINE", requires = "template", value_parser = parse_engine)]
    pub engine: Option<Engine>,
    /// With --template: the format for which values are escaped: json, yaml, toml, ini, env, docker-env, xml, sh, ….
    #[arg(long, value_name = "FORMAT", requires = "template", value_parser = parse_template_format)]
    pub format: Option<TemplateFormat>,
    /// File of an age identity or SSH key.
    #[arg(long, short, value_name = "FILE")]
    pub identity: Vec<PathBuf>,
    /// With --template and minijinja: what stands around values, in place of {{ and }}; then, if wanted, what stands around
    /// statements and comments.
    #[arg(long, value_names = ["START", "END"], requires = "template", num_args = 2..=6)]
    pub delimiters: Vec<String>,
    /// Write nothing: print the files with names in place of values. Needs no key; with --identity each value's length
    /// stands beside its name.
    #[arg(long)]
    pub dry_run: bool,
    /// With --dry-run: print the values.
    #[arg(long, requires = "dry_run", conflicts_with = "diff")]
    pub reveal: bool,
    /// Write nothing: print how the files would differ from the installed ones, or from those under -o, without any value.
    #[arg(long)]
    pub diff: bool,
    /// Render again whenever the manifest, a template or an encrypted file changes, until stopped.
    #[arg(long, conflicts_with = "json")]
    pub watch: bool,
    /// Write under this folder instead of the templates' own paths.
    #[arg(long, short, value_name = "DIR", conflicts_with = "dry_run")]
    pub output: Option<PathBuf>,
}

fn parse_engine(text: &str) -> Result<Engine, String> {
    match text {
        "placeholder" => Ok(Engine::Placeholder),
        "minijinja" => Ok(Engine::Minijinja(Delimiters::default())),
        _ => Err("use placeholder or minijinja".to_owned()),
    }
}

fn parse_template_format(text: &str) -> Result<TemplateFormat, String> {
    text.parse().map_err(|error: UnknownFormat| error.to_string())
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The manifest.
    pub manifest: PathBuf,
    /// Open no encrypted file.
    #[arg(long, conflicts_with = "recipients")]
    pub no_sops_files: bool,
    /// Public key of the host, once for each that it has; each encrypted file must be encrypted to one of them.
    #[arg(long, value_name = "KEY")]
    pub recipients: Vec<String>,
}

/// Arguments of `scan`.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// Files, or folders to search.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Name the secrets; tokens of none of them are errors.
    #[arg(long, short, value_name = "MANIFEST")]
    pub manifest: Option<PathBuf>,
}

/// Arguments of `decrypt`.
#[derive(Debug, Args)]
pub struct DecryptArgs {
    /// The encrypted file.
    pub file: PathBuf,
    /// Print the value at this key path: a/b/0.
    #[arg(long, short, value_name = "PATH")]
    pub key: Option<String>,
    /// Format of the file; by default told from its name.
    #[arg(long, short, value_name = "FORMAT", value_parser = parse_kind)]
    pub format: Option<FileKind>,
    /// File of an age identity or SSH key.
    #[arg(long, short, value_name = "FILE")]
    pub identity: Vec<PathBuf>,
}

/// A format named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A sops file.
    Sops(Format),
    /// An age file.
    Age,
}

impl FileKind {
    /// The kind that sops takes a file name for; `.age` is an age file.
    pub fn of_name(path: &std::path::Path) -> Self {
        match path.extension() {
            Some(extension) if extension == "age" => Self::Age,
            _ => Self::Sops(format::of_name(path)),
        }
    }
}

fn parse_kind(text: &str) -> Result<FileKind, String> {
    Ok(match text {
        "yaml" => FileKind::Sops(Format::Yaml),
        "json" => FileKind::Sops(Format::Json),
        "dotenv" => FileKind::Sops(Format::Dotenv),
        "ini" => FileKind::Sops(Format::Ini),
        "binary" => FileKind::Sops(Format::Binary),
        "age" => FileKind::Age,
        _ => return Err("use yaml, json, dotenv, ini, binary or age".to_owned()),
    })
}
