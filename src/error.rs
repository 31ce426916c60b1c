//! Every way a command can fail, with what to say and which exit code. Wraps the modules' own errors.

use crate::fill::FillError;
use crate::generation;
use crate::identity::{IdentityError, Notice};
use crate::links::{LinkError, LinkErrors};
use crate::manifest::ManifestError;
use crate::message::{Exit, Message};
use crate::names::OutputName;
use crate::plan::PlanError;
use crate::resolve::ResolveError;
use crate::sops::format::{self, Format};
use crate::sops::metadata::MetadataError;
use crate::sops::source::{LoadError, ReadError as OpenError};
use crate::sops::wanted::Found;
use crate::sys::SysError;
use crate::sys::accounts::{MissingAccount, MissingAccounts};
use crate::sys::read::ReadError;
use crate::sys::units::UnitError;
use crate::template::RenderError;
use crate::template::diagnose::UnknownToken;
use crate::template::engine::Mistake;
use crate::texts::TextError;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

mod unlock;

/// Why a command failed.
#[derive(Debug)]
pub enum Error {
    /// A file named on the command line cannot be read.
    Read(ReadError),
    /// The manifest is wrong.
    Manifest(PathBuf, ManifestError),
    /// A template's text cannot be had.
    Text(TextError),
    /// Manifest and templates make no plan.
    Plan(PlanError),
    /// A file of keys that must be there is not.
    Identity(IdentityError),
    /// Values of a file cannot be had.
    Resolve(Box<ResolveError>),
    /// A template cannot be rendered.
    Render(OutputName, RenderError),
    /// Something is wrong at a place of a template.
    Template(Box<Mistake>),
    /// A user or group does not exist.
    Account(MissingAccount),
    /// Installing failed.
    Install(generation::Error),
    /// A path outside the generation cannot be served.
    Link(LinkError),
    /// Units could not be asked to restart; the files are in place.
    Units(UnitError),
    /// The system refused.
    System(SysError),
    /// Anything else that is wrong with the input.
    Input(Message),
}

/// One or more errors of a stage; never empty.
pub type Errors = Vec<Error>;

impl Error {
    /// Why a template is not rendered.
    pub fn fill(error: FillError) -> Self {
        match error {
            FillError::Render(name, error) => Self::Render(name, error),
            FillError::Place(mistake) => Self::Template(mistake),
        }
    }

    /// All accounts that do not exist.
    pub fn accounts(missing: MissingAccounts) -> Errors {
        missing.0.into_iter().map(Self::Account).collect()
    }

    /// All errors of one step outside the generation.
    pub fn links(errors: LinkErrors) -> Errors {
        errors.0.into_iter().map(Self::Link).collect()
    }

    /// The exit code it calls for.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Read(error) => read_exit(error),
            Self::Text(error) => read_exit(&error.source),
            Self::Manifest(..) | Self::Plan(..) | Self::Render(..) | Self::Template(_) | Self::Input(_) => Exit::Input,
            Self::Identity(_) => Exit::NoKey,
            Self::Resolve(error) => match &**error {
                ResolveError::Read { source, .. } => read_exit(source),
                ResolveError::Load { .. } | ResolveError::Key { .. } | ResolveError::NotForHost { .. } => Exit::Input,
                ResolveError::Unlock { .. } => Exit::NoKey,
                ResolveError::Age { source, .. } => unlock::age_exit(source),
                ResolveError::Open { source: OpenError::Write(_), .. } => Exit::Input,
                ResolveError::Open { .. } => Exit::Integrity,
            },
            Self::Account(_) | Self::Install(_) | Self::Link(_) | Self::Units(_) | Self::System(_) => Exit::System,
        }
    }

    /// Whether its message lists the host's keys and what became of those that could not be used.
    pub fn lists_keys(&self) -> bool {
        let Self::Resolve(error) = self else { return false };
        match &**error {
            ResolveError::Unlock { .. } => true,
            ResolveError::Age { source, .. } => unlock::lists_keys(source),
            _ => false,
        }
    }

    /// What to tell the user.
    pub fn message(&self) -> Message {
        match self {
            Self::Read(error) => Message::new(error.to_string()),
            Self::Manifest(file, error) => {
                let message = Message::new(format!("{}: {error}", file.display()));
                error.hint.iter().fold(message, |message, hint| message.hint(hint))
            }
            Self::Text(error) => Message::new(error.to_string()),
            Self::Plan(error) => plan_message(error),
            Self::Identity(error) => Message::new(error.to_string()),
            Self::Resolve(error) => resolve_message(error),
            Self::Render(name, error) => Message::new(format!("{name}: {error}")),
            Self::Template(mistake) => mistake_message(mistake),
            Self::Account(missing) => Message::new(missing.to_string())
                .hint("create it before secrets are installed, or give 'uid' and 'gid' by number"),
            Self::Install(error) => Message::new(error.to_string()),
            Self::Link(error) => Message::new(error.to_string()),
            Self::Units(error) => Message::new(format!("the files are installed, but {error}")),
            Self::System(error) => Message::new(error.to_string()),
            Self::Input(message) => message.clone(),
        }
    }
}

/// The exit code of several errors: the highest.
pub fn exit_of(errors: &[Error]) -> Exit {
    errors.iter().map(Error::exit).max().unwrap_or(Exit::Done)
}

/// A missing or overlong file is wrong input; one that may not be read is the system's refusal.
fn read_exit(error: &ReadError) -> Exit {
    match error {
        ReadError::TooLarge { .. } => Exit::Input,
        ReadError::System(error) => match error.source.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory => Exit::Input,
            _ => Exit::System,
        },
    }
}

fn plan_message(error: &PlanError) -> Message {
    match error {
        PlanError::Token(error) => Message::new(error.to_string()),
        PlanError::Unknown(token) => unknown_token(token),
        PlanError::Mistake(mistake) => mistake_message(mistake),
        PlanError::TwoFormats { file, first, second } => {
            Message::new(format!("{file}: {first} and {second} name it with different formats"))
                .hint("a file has one format")
        }
        PlanError::NoTemplate { name, hint } => {
            Message::new(format!("the manifest has no template '{name}'")).hint(hint)
        }
    }
}

/// The message that the token prints: its first line, and the excerpt under it.
fn unknown_token(token: &UnknownToken) -> Message {
    let text = token.to_string();
    let mut lines = text.lines();
    let message = Message::new(lines.next().unwrap_or_default());
    lines.fold(message, |message, line| message.detail(line.strip_prefix("       ").unwrap_or(line)))
}

/// A mistake in a template, with the line it stands in.
pub fn mistake_message(mistake: &Mistake) -> Message {
    let message = Message::new(mistake.to_string());
    let message = match mistake.place.as_deref() {
        Some((_, excerpt)) => message.detail(&excerpt.line).detail(&excerpt.carets),
        None => message,
    };
    mistake.hint.iter().fold(message, |message, hint| message.hint(hint))
}

fn resolve_message(error: &ResolveError) -> Message {
    let message = Message::new(error.to_string());
    let wanted_by = |message: Message, secrets: &[OutputName]| match secrets {
        // The file was named on the command line.
        [] => message,
        _ => message.detail(wanted_by(secrets)),
    };
    match error {
        ResolveError::Read { secrets, .. } => wanted_by(message, secrets),
        ResolveError::Load { file, secrets, format, source } => {
            load_message(wanted_by(message, secrets), file, *format, source)
        }
        ResolveError::Key { secrets, near, found, .. } => {
            let message = wanted_by(message, secrets);
            let names: Vec<_> = near.iter().map(|near| format!("'{near}'")).collect();
            let mut hint =
                if names.is_empty() { String::new() } else { format!("did you mean {}?", names.join(" or ")) };
            if matches!(found, Found::Value("a map" | "a list")) {
                let gap = if hint.is_empty() { "" } else { " " };
                hint.push_str(&format!("{gap}with 'install = false' a minijinja template can use it as a whole"));
            }
            if hint.is_empty() { message } else { message.hint(hint) }
        }
        ResolveError::NotForHost { file, kind, recipients } => unlock::not_for_host(message, file, *kind, recipients),
        ResolveError::Unlock { file, source } => unlock::message(message, file, source),
        ResolveError::Age { file, source } => unlock::age_message(message, file, source),
        ResolveError::Open { file, source } => open_message(message, file, source),
    }
}

/// Where a file's name tells another format than the one it was read as, that is the likely mistake.
fn load_message(message: Message, file: &Path, read_as: Format, error: &LoadError) -> Message {
    let message = message.detail(format!("read as       {}", format::name(read_as)));
    let named = format::of_name(file);
    if named != read_as && named != Format::Binary {
        return message.hint(format!("its name says {}: give that as its format", format::name(named)));
    }
    match error {
        LoadError::Parse(_) if read_as == Format::Binary => {
            message.hint("by its name it is a binary file; one of another format is called .yaml, .json, .env or .ini")
        }
        LoadError::Parse(_) => message,
        LoadError::Metadata(MetadataError::Missing) => message
            .hint(format!("encrypt it: sops encrypt -i {}; change what was committed in the clear", file.display())),
        LoadError::Metadata(_) => message.hint("restore it from version control; edit it with sops only"),
    }
}

fn wanted_by(secrets: &[OutputName]) -> String {
    const SHOWN: usize = 5;
    let names: Vec<_> = secrets.iter().take(SHOWN).map(|secret| secret.name.to_string()).collect();
    let more = secrets.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("wanted by     {}{rest}", names.join(", "))
}

fn open_message(message: Message, file: &Path, error: &OpenError) -> Message {
    const SHOWN: usize = 10;
    match error {
        OpenError::Leaves(leaves) => {
            let message = leaves.iter().take(SHOWN).fold(message, |message, leaf| {
                let place = if leaf.path.is_empty() { "the root" } else { &leaf.path };
                message.detail(format!("key '{place}': {}", leaf.error))
            });
            message.hint(format!("restore {} from version control, or edit it with sops only", file.display()))
        }
        OpenError::NoMac | OpenError::MacTag | OpenError::MacMismatch => {
            message.hint("restore it from version control; edit it with sops only, which renews the MAC")
        }
        OpenError::KeyLength(_) | OpenError::Write(_) => message,
    }
}

/// Sources of keys that gave none, as warnings.
pub fn notice_message(notice: &Notice) -> Message {
    Message::new(notice.to_string())
}
