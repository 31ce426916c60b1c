//! The fields that secrets and templates share: what is installed, for whom, and that no two are in each other's way.

use super::build::Build;
use super::paths::placed;
use super::{Purpose, Secret, Shape, SourceKind};
use crate::access::{Account, Mode};
use crate::names::{FileName, OutputKind, OutputName, UnitName};
use crate::output::{Output, Placement, Units};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The fields that secrets and templates share.
pub(super) struct File {
    pub(super) path: Option<String>,
    pub(super) paths: Option<Vec<String>>,
    pub(super) mode: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) uid: Option<i64>,
    pub(super) group: Option<String>,
    pub(super) gid: Option<i64>,
    pub(super) restart_units: Option<Vec<String>>,
    pub(super) reload_units: Option<Vec<String>>,
    pub(super) restart_user_units: Option<Vec<String>>,
    pub(super) reload_user_units: Option<Vec<String>>,
    pub(super) symlink: Option<bool>,
}

/// Takes those fields out of a raw secret or template.
macro_rules! file_fields {
    ($raw:ident) => {
        $crate::manifest::outputs::File {
            path: $raw.path,
            paths: $raw.paths,
            mode: $raw.mode,
            owner: $raw.owner,
            uid: $raw.uid,
            group: $raw.group,
            gid: $raw.gid,
            restart_units: $raw.restart_units,
            reload_units: $raw.reload_units,
            restart_user_units: $raw.restart_user_units,
            reload_user_units: $raw.reload_user_units,
            symlink: $raw.symlink,
        }
    };
}
pub(super) use file_fields;

impl Build<'_> {
    /// What is installed for a secret or template.
    pub(super) fn output(
        &mut self,
        place: &str,
        kind: OutputKind,
        name: Option<String>,
        file: File,
        source: Option<SourceKind>,
        link: &Path,
    ) -> Option<Output> {
        let name = match FileName::parse(&name.unwrap_or_default()) {
            Ok(name) => Some(OutputName { kind, name }),
            Err(error) => {
                self.error(place, format!("'name' is not usable: {error}"));
                None
            }
        };
        let mode = self.mode(place, file.mode.as_deref(), source);
        let owner = self.account(place, ["owner", "uid"], file.owner, file.uid);
        let group = self.account(place, ["group", "gid"], file.group, file.gid);
        let units = Units {
            restart: self.units(place, "restartUnits", file.restart_units),
            reload: self.units(place, "reloadUnits", file.reload_units),
        };
        let user_units = Units {
            restart: self.units(place, "restartUserUnits", file.restart_user_units),
            reload: self.units(place, "reloadUserUnits", file.reload_user_units),
        };
        let paths = file.path.into_iter().chain(file.paths.unwrap_or_default());
        let paths: Vec<_> = paths.filter(|path| !path.is_empty()).map(|path| self.expand(place, &path)).collect();
        let name = name?;
        let own = link.join(name.in_generation());
        let paths = paths.iter().map(|path| placed(path, self.shape, self.surroundings));
        let paths: Vec<_> = paths.filter(|path| *path != own).collect();
        if paths.iter().any(|path| link.starts_with(path)) {
            self.error(place, "its path is the folder of all secrets, or one above it");
        }
        let placement = if file.symlink == Some(false) { Placement::Copy } else { Placement::Symlink };
        if placement == Placement::Copy && paths.is_empty() {
            self.error(place, "a copy needs a 'path' of its own: 'symlink' is false, and 'path' is that of the link");
        }
        Some(Output { name, paths, placement, mode, owner, group, units, user_units })
    }

    fn mode(&mut self, place: &str, mode: Option<&str>, source: Option<SourceKind>) -> Mode {
        let Some(text) = mode else { return Mode::OWNER_READS };
        let (parsed, form) = match source {
            Some(SourceKind::Age) => (Mode::parse_chmod(text), "octal such as 0400, or symbolic such as u=r,g=r"),
            _ => (Mode::parse_octal(text), "octal such as 0400"),
        };
        parsed.unwrap_or_else(|| {
            self.error(place, format!("mode '{text}' is not valid: write it in {form}"));
            Mode::OWNER_READS
        })
    }

    fn account(&mut self, place: &str, fields: [&str; 2], name: Option<String>, id: Option<i64>) -> Account {
        match (name, id) {
            (Some(name), None | Some(0)) => Account::Name(name),
            (Some(name), Some(_)) if self.shape == Shape::SopsNix => Account::Name(name),
            (Some(_), Some(_)) => {
                self.error(place, format!("'{}' excludes '{}': give only one of the two", fields[0], fields[1]));
                Account::ROOT
            }
            (None, id) => u32::try_from(id.unwrap_or(0)).map(Account::Id).unwrap_or_else(|_| {
                self.error(place, format!("'{}' is out of range: 0 to 4294967295", fields[1]));
                Account::ROOT
            }),
        }
    }

    fn units(&mut self, place: &str, field: &str, names: Option<Vec<String>>) -> BTreeSet<UnitName> {
        let mut units = BTreeSet::new();
        for name in names.unwrap_or_default() {
            match UnitName::parse(&name) {
                Some(unit) => drop(units.insert(unit)),
                None => self.error(place, format!("'{field}' holds '{}', which is no unit name", name.escape_debug())),
            }
        }
        units
    }

    /// Secrets that only templates use are no outputs, but have names all the same.
    pub(super) fn distinct_names(&mut self, secrets: &[Secret]) {
        let mut names = BTreeMap::new();
        for secret in secrets {
            let first = names.insert(&secret.output.name, secret.purpose);
            if first.is_some_and(|first| first != Purpose::Install || secret.purpose != Purpose::Install) {
                self.error(&secret.output.name.to_string(), "stands twice: names must differ");
            }
        }
    }

    /// Two outputs may share neither a name nor a path, nor may one be the folder of another.
    pub(super) fn distinct<'o>(&mut self, outputs: impl Iterator<Item = &'o Output>) {
        let mut names = BTreeMap::new();
        let mut paths = BTreeMap::new();
        let mut clashes = Vec::new();
        for output in outputs {
            if names.insert(output.name.in_generation(), &output.name).is_some() {
                clashes.push((output.name.to_string(), "stands twice: names must differ".to_owned()));
                continue;
            }
            for path in &output.paths {
                if let Some(other) = paths.insert(path.clone(), &output.name) {
                    clashes.push((output.name.to_string(), format!("shares its path {} with {other}", path.display())));
                }
            }
        }
        for (inner, name) in &names {
            let above = Path::new(inner).ancestors().skip(1).filter_map(Path::to_str);
            for outer in above.filter_map(|above| names.get(above)) {
                clashes.push((name.to_string(), format!("cannot lie inside {outer}, which is a file")));
            }
        }
        clashes.into_iter().for_each(|(place, what)| self.error(&place, what));
    }
}
