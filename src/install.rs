//! The installation, as the data flows: everything is prepared first, then one rename makes it visible.

use crate::changes::Changes;
use crate::error::{Error, Errors};
use crate::generation::{Running, Store, Target, set_owners};
use crate::identity::{Environment, Identities, KeyImport, KeySources, Notice};
use crate::links::{self, Links};
use crate::manifest::{Manifest, OnFailure};
use crate::names::OutputName;
use crate::output::Output;
use crate::plan::{Extent, Plan};
use crate::rendered::{File, Rendered};
use crate::resolve::Resolved;
use crate::sys::accounts::{AccountPolicy, Accounts};
use crate::sys::random;
use crate::sys::units::{self, Mechanism, Run};
use crate::sys::user_units;
use crate::template::engine::password::Hasher;
use crate::template::render::RENDERED_MAX_BYTES;
use crate::texts::Texts;
use std::path::PathBuf;
use std::sync::Arc;

/// How a manifest is installed.
#[derive(Debug)]
pub struct Options<'a> {
    /// Where keys may be, besides those of the manifest.
    pub environment: &'a Environment,
    /// Where the files go.
    pub target: Target,
    /// How owners are found.
    pub accounts: AccountPolicy,
    /// How units are asked to restart.
    pub mechanism: Mechanism,
    /// Where the runtime folders of users are, whose units are asked, too; none in user mode, where the user's own units are
    /// all there is.
    pub users: Option<PathBuf>,
    /// Install, or report what would change.
    pub run: Run,
}

/// What an installation did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What differs from the generation before.
    pub changes: Changes,
    /// SSH keys that were used as other keys, for `logging.keyImport`.
    pub imports: Vec<KeyImport>,
    /// Sources of keys that gave none.
    pub notices: Vec<Notice>,
    /// What the user should hear of.
    pub warnings: Vec<String>,
    /// Lines about units.
    pub unit_lines: Vec<String>,
    /// What could not be done; not empty only where the rest was installed all the same.
    pub failures: Errors,
    /// Outputs that keep their previous version, or are absent where they have none.
    pub kept: Vec<OutputName>,
}

/// Installs a manifest; `outcome` is filled in as far as it goes.
///
/// # Errors
/// Everything that kept it from being installed. Before the switch nothing has changed; after it the files are in
/// place, and the error says what is left.
pub fn install(manifest: &Manifest, options: &Options<'_>, outcome: &mut Outcome) -> Result<(), Errors> {
    let texts = Texts::read(manifest).map_err(|errors| errors.into_iter().map(Error::Text).collect::<Errors>())?;
    let plan = Plan::build(manifest, &texts, Extent::Everything)
        .map_err(|errors| errors.into_iter().map(Error::Plan).collect::<Errors>())?;
    let resolved = resolve(manifest, &plan, options, outcome)?;
    let previous = |output: &Output| Arc::new(hasher(options, output));
    let rendered = Rendered::fill(&plan, resolved, &previous);
    let (files, accounts) = admit(manifest, options, rendered, outcome)?;
    match options.run {
        Run::Dry => preview(options, &files, &accounts, outcome),
        Run::Real => put_in_place(manifest, options, &files, &accounts, outcome),
    }
}

/// For the password filters: the file of the running generation, so that hashes stay as they are, and salt.
fn hasher(options: &Options<'_>, output: &Output) -> Hasher {
    let running = Running::find(&options.target).ok();
    let previous = running.and_then(|running| running.previous(&output.name, RENDERED_MAX_BYTES).ok().flatten());
    Hasher::new(previous.as_ref(), Box::new(random::fill))
}

/// Gives the files of the running generation, and their copies and links outside, the owners and modes that the manifest
/// says. Decrypts nothing: for manifests that were installed before their users existed. Gives the outputs that are
/// not there, and the accounts that do not exist: neither keeps another file from its owner.
///
/// # Errors
/// Where no generation is installed, or the system refuses.
pub fn only_owners(manifest: &Manifest, options: &Options<'_>) -> Result<(Vec<OutputName>, Errors), Errors> {
    let outputs: Vec<Output> = manifest.outputs().cloned().collect();
    let policy = match options.accounts {
        AccountPolicy::Resolve => AccountPolicy::Later,
        other => other,
    };
    let accounts = Accounts::resolve(&outputs, policy).map_err(Error::accounts)?;
    let owned = set_owners(&options.target, &outputs, &accounts).map_err(|error| vec![Error::Install(error)])?;
    links::set_owners(&options.target, &outputs, &accounts).map_err(Error::links)?;
    Ok((owned.absent, accounts.missing.into_iter().map(Error::Account).collect()))
}

/// Fetches the values; a file's failure becomes one of the outcome's.
fn resolve(
    manifest: &Manifest,
    plan: &Plan<'_>,
    options: &Options<'_>,
    outcome: &mut Outcome,
) -> Result<Resolved, Errors> {
    if plan.sources.is_empty() {
        return Ok(Resolved::empty());
    }
    let (identities, notices) = match Identities::load(&manifest.keys, options.environment) {
        // The other keys may open the rest.
        Err(error) if manifest.on_failure != OnFailure::Abort => {
            outcome.failures.push(Error::Identity(error));
            let others = KeySources { age_key_file: None, ..manifest.keys.clone() };
            Identities::load(&others, options.environment)
        }
        loaded => loaded,
    }
    .map_err(|error| vec![Error::Identity(error)])?;
    outcome.notices = notices;
    if manifest.log_key_import {
        outcome.imports = identities.imports();
    }
    let mut resolved = Resolved::fetch(plan, &identities, manifest.integrity);
    outcome.failures.extend(resolved.failures.drain(..).map(|error| Error::Resolve(Box::new(error))));
    Ok(resolved)
}

/// Decides what can be installed: all, or under `partial` what has values and owners, with the previous version of the
/// rest.
fn admit<'m>(
    manifest: &Manifest,
    options: &Options<'_>,
    rendered: Rendered<'m>,
    outcome: &mut Outcome,
) -> Result<(Vec<File<'m>>, Accounts), Errors> {
    let Rendered { mut files, mut missing, failures } = rendered;
    outcome.failures.extend(failures.into_iter().map(Error::fill));
    let mut accounts = Accounts::resolve(files.iter().map(|file| file.output), options.accounts);
    if let Err(absent) = &accounts {
        let without = |output: &Output| absent.0.iter().any(|account| account.output == Some(output.name.to_string()));
        missing.extend(files.extract_if(.., |file| without(file.output)).map(|file| file.output));
        outcome.failures.extend(absent.0.iter().cloned().map(Error::Account));
    }
    if outcome.failures.is_empty() {
        return accounts.map(|accounts| (files, accounts)).map_err(Error::accounts);
    }
    let running = Running::find(&options.target).map_err(|error| vec![Error::Install(error)])?;
    if !goes_on(manifest.on_failure, &running) {
        return Err(std::mem::take(&mut outcome.failures));
    }
    for output in missing {
        outcome.kept.push(output.name.clone());
        let previous = running.previous(&output.name, RENDERED_MAX_BYTES);
        files.extend(previous.map_err(|error| vec![Error::Read(error)])?.map(|bytes| File { output, bytes }));
    }
    if accounts.is_err() {
        // Of what is kept an owner may be unknown still; such a file goes to root until it is known.
        accounts = Accounts::resolve(files.iter().map(|file| file.output), AccountPolicy::Later);
    } else {
        accounts = Accounts::resolve(files.iter().map(|file| file.output), options.accounts);
    }
    Ok((files, accounts.map_err(Error::accounts)?))
}

fn goes_on(policy: OnFailure, running: &Running) -> bool {
    match policy {
        OnFailure::Abort => false,
        OnFailure::Partial => true,
        OnFailure::Auto => running.number().is_none(),
    }
}

/// `NIXOS_ACTION=dry-activate`: the same changes and units, and nothing written.
fn preview(
    options: &Options<'_>,
    files: &[File<'_>],
    accounts: &Accounts,
    outcome: &mut Outcome,
) -> Result<(), Errors> {
    let running = Running::find(&options.target).map_err(|error| vec![Error::Install(error)])?;
    outcome.changes = running.compare(&options.target, files, accounts).map_err(|error| vec![Error::System(error)])?;
    request_units(options, outcome)
}

fn put_in_place(
    manifest: &Manifest,
    options: &Options<'_>,
    files: &[File<'_>],
    accounts: &Accounts,
    outcome: &mut Outcome,
) -> Result<(), Errors> {
    let install = |error| vec![Error::Install(error)];
    let store = Store::open(&options.target, accounts).map_err(install)?;
    outcome.warnings.extend(store.warnings().iter().cloned());
    // The running generation is compared before the switch, and every path outside looked at before anything changes.
    let changes = store.running().compare(&options.target, files, accounts).map_err(|e| vec![Error::System(e)])?;
    let (links, refused) = Links::examine(&options.target, files, accounts);
    outcome.failures.extend(refused.into_iter().map(Error::Link));
    let goes_on = goes_on(manifest.on_failure, store.running());
    if !outcome.failures.is_empty() && !goes_on {
        return Err(std::mem::take(&mut outcome.failures));
    }
    let staged = store.stage(files, accounts, &changes).map_err(install)?;
    let (prepared, refused) = links.prepare().map_err(Error::links)?;
    outcome.failures.extend(refused.into_iter().map(Error::Link));
    if !outcome.failures.is_empty() && !goes_on {
        return Err(std::mem::take(&mut outcome.failures));
    }
    let store = staged.switch().map_err(install)?;
    outcome.changes = changes;
    let placed = prepared.place().map_err(Error::links).map(|placement| outcome.warnings.extend(placement.warnings));
    // What readers see is complete now; the rest is done as far as it goes, and its errors told together.
    let pruned = store.prune().map_err(install);
    let requested = request_units(options, outcome);
    let errors: Errors = [placed, pruned, requested].into_iter().filter_map(Result::err).flatten().collect();
    outcome.failures.extend(errors);
    Ok(())
}

fn request_units(options: &Options<'_>, outcome: &mut Outcome) -> Result<(), Errors> {
    let Changes { units, user_units, .. } = &outcome.changes;
    let mut units = units.clone();
    match &options.users {
        None => units.extend(user_units),
        Some(folder) => {
            let (lines, warnings) = user_units::tell(folder, options.run, user_units);
            outcome.unit_lines.extend(lines);
            outcome.warnings.extend(warnings);
        }
    }
    let lines = units::request(&options.mechanism, options.run, &units).map_err(|e| vec![Error::Units(e)])?;
    outcome.unit_lines.splice(..0, lines);
    Ok(())
}
