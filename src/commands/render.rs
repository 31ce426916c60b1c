//! `render`: templates alone, to their paths, under a folder, or as a preview.

use super::check::format_errors;
use super::fail;
use super::given;
use super::show::{self, Values, place, print};
use super::watch::Watched;
use crate::cli::RenderArgs;
use crate::error::{Error, Errors};
use crate::fill::{Filled, Hashers};
use crate::identity::{Environment, Identities};
use crate::manifest::Manifest;
use crate::message::{Exit, Message};
use crate::output::Output;
use crate::plan::{Content, Extent, Plan, used};
use crate::rendered::{File, Rendered};
use crate::report::Report;
use crate::resolve::Resolved;
use crate::sys::SysError;
use crate::sys::accounts::{AccountPolicy, Accounts, Ownership};
use crate::sys::dir::Dir;
use crate::sys::find;
use crate::sys::parents::{self, ParentPolicy};
use crate::sys::random;
use crate::sys::read::read_secret;
use crate::template::engine::password::Hasher;
use crate::template::render::RENDERED_MAX_BYTES;
use crate::texts::Texts;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Renders templates as the arguments say.
pub fn run(args: &RenderArgs, report: &mut Report) -> Exit {
    loop {
        // The files are looked at before they are read, so that no change is missed.
        let watched = args.watch.then(|| Watched::new(args, given::manifest(args).ok().as_ref()));
        let exit = match attempt(args, report) {
            Ok(()) => Exit::Done,
            Err(errors) => fail(report, &errors),
        };
        match watched {
            None => return exit,
            Some(watched) => watched.wait(),
        }
        report.note("a file has changed: rendering again");
    }
}

fn attempt(args: &RenderArgs, report: &mut Report) -> Result<(), Errors> {
    let manifest = given::manifest(args)?;
    let texts = Texts::read(&manifest).map_err(|errors| errors.into_iter().map(Error::Text).collect::<Errors>())?;
    let plan = Plan::build(&manifest, &texts, Extent::Templates(&args.names))
        .map_err(|errors| errors.into_iter().map(Error::Plan).collect::<Errors>())?;
    if plan.products.is_empty() {
        report.warning(&Message::new("the manifest has no templates"));
    }
    without_secrets(args, &plan, report);
    if args.dry_run && !args.reveal && !args.diff && args.identity.is_empty() {
        show::source(&plan, report)?;
        // What is wrong whatever the values are is known without a key.
        let errors = format_errors(&plan, report);
        return if errors.is_empty() { Ok(()) } else { Err(errors) };
    }
    let mut resolved = fetch(args, &manifest, &plan, report)?;
    if !resolved.failures.is_empty() {
        return Err(resolved.failures.drain(..).map(|error| Error::Resolve(Box::new(error))).collect());
    }
    let hashers = |output: &Output| Arc::new(hasher(args, &manifest, output));
    if args.diff || args.dry_run {
        let filled = fill(&plan, &resolved, &hashers)?;
        let values = if args.reveal { Values::Shown } else { Values::Named };
        return if args.diff {
            let place = |output: &Output| under(args, output).unwrap_or_else(|| place(&manifest, output));
            show::diff(place, &filled, report)
        } else {
            show::finished(&plan, &filled, values, report)
        };
    }
    let rendered = Rendered::fill(&plan, resolved, &hashers);
    if !rendered.failures.is_empty() {
        return Err(rendered.failures.into_iter().map(Error::fill).collect());
    }
    write(args, &manifest, &rendered.files, report)
}

/// Where an output goes that `-o` sends elsewhere.
fn under(args: &RenderArgs, output: &Output) -> Option<PathBuf> {
    args.output.as_ref().map(|folder| folder.join(output.name.name.as_path()))
}

/// A template that names no secret is a slip, more often than not.
fn without_secrets(args: &RenderArgs, plan: &Plan<'_>, report: &mut Report) {
    for product in &plan.products {
        let (Content::Template { text, .. }, None) = (&product.content, used(&product.content).next()) else {
            continue;
        };
        let message = Message::new(format!("{} uses no secret", product.output.name));
        let expressions = memchr::memmem::find(text, b"{{").is_some() || memchr::memmem::find(text, b"{%").is_some();
        report.warning(&match (expressions, args.template.is_some()) {
            (true, true) => message.hint("for {{ … }} give --engine minijinja"),
            (true, false) => message.hint("for {{ … }} give it the engine minijinja"),
            (false, _) => message,
        });
    }
}

/// For the password filters: the file as it is now, so that hashes stay as they are, and salt.
fn hasher(args: &RenderArgs, manifest: &Manifest, output: &Output) -> Hasher {
    let path = under(args, output).unwrap_or_else(|| place(manifest, output));
    let previous = read_secret(&path, RENDERED_MAX_BYTES).ok();
    Hasher::new(previous.as_ref(), Box::new(random::fill))
}

/// The templates with their values.
fn fill<'f, 'm>(
    plan: &'f Plan<'m>,
    resolved: &'f Resolved,
    hashers: Hashers<'_>,
) -> Result<Vec<(&'m Output, Filled<'f, 'm>)>, Errors> {
    let mut all = Vec::new();
    let mut errors = Errors::new();
    for product in &plan.products {
        match Filled::new(plan, product.output, &product.content, resolved, hashers) {
            Some(Ok(filled)) => all.push((product.output, filled)),
            Some(Err(error)) => errors.push(Error::fill(error)),
            None => {}
        }
    }
    if errors.is_empty() { Ok(all) } else { Err(errors) }
}

/// Decrypts with the keys of `--identity`, else those of the manifest as far as they are there, and those of sops.
fn fetch(args: &RenderArgs, manifest: &Manifest, plan: &Plan<'_>, report: &mut Report) -> Result<Resolved, Errors> {
    if plan.sources.is_empty() {
        return Ok(Resolved::empty());
    }
    let environment = Environment::from_process();
    let failed = |error| vec![Error::Identity(error)];
    let identities = if args.identity.is_empty() && args.template.is_none() {
        let mut keys = manifest.keys.clone();
        // The manifest names the host's key file; on a laptop the user's own keys take its place.
        keys.age_key_file = keys.age_key_file.filter(|file| find::exists(file));
        let (identities, notices) = Identities::load(&keys, &environment).map_err(failed)?;
        notices.iter().for_each(|notice| report.warning(&Message::new(notice.to_string())));
        identities
    } else {
        Identities::from_sops_environment(&environment, &args.identity).map_err(failed)?
    };
    Ok(Resolved::fetch(plan, &identities, manifest.integrity))
}

/// Writes each file beside its place and renames it into it.
fn write(args: &RenderArgs, manifest: &Manifest, files: &[File<'_>], report: &mut Report) -> Result<(), Errors> {
    let policy = match (&args.output, manifest.user_mode) {
        (None, false) => AccountPolicy::Resolve,
        _ => AccountPolicy::Caller,
    };
    let parents = match policy {
        AccountPolicy::Caller => ParentPolicy::Caller,
        _ => ParentPolicy::NearestParent,
    };
    let accounts = Accounts::resolve(files.iter().map(|file| file.output), policy).map_err(Error::accounts)?;
    for (index, file) in files.iter().enumerate() {
        let path = match under(args, file.output) {
            Some(path) => path,
            None if args.template.is_some() => {
                print(&file.bytes)?;
                continue;
            }
            None => place(manifest, file.output),
        };
        write_file(&path, file, accounts.owner(index), parents).map_err(|error| vec![Error::System(error)])?;
        report.note(&format!("{}: written", path.display()));
    }
    Ok(())
}

fn write_file(path: &Path, file: &File<'_>, owner: Ownership, policy: ParentPolicy) -> Result<(), SysError> {
    let no_name = || SysError::new("write", path, std::io::Error::from(std::io::ErrorKind::IsADirectory));
    let name = path.file_name().ok_or_else(no_name)?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut made = Vec::new();
    let written = parents::open_or_make(folder, 0o755, policy, &mut made).and_then(|folder: Dir| {
        let temporary = crate::generation::temporary(name);
        folder.unlink(&temporary)?;
        folder.create(&temporary, file.bytes.expose(), owner, file.output.mode)?;
        folder.rename(&temporary, name).inspect_err(|_| drop(folder.unlink(&temporary)))
    });
    written.inspect_err(|_| parents::undo(&mut made))
}
