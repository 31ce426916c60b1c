//! Turns the raw manifest into [`Manifest`], collecting every mistake.

use super::outputs::file_fields;
use super::paths::{expand, placed, resolve};
use super::raw::{RawManifest, RawSecret, RawTemplate, parse};
use super::{Manifest, ManifestError, Purpose, Secret, Shape, SourceKind, Surroundings, Template, TemplateSource};
use crate::identity::KeySources;
use crate::names::{KeyPath, OutputKind};
use crate::nearest::nearest;
use crate::sops::format::Format;
use std::path::{Path, PathBuf};

pub(super) fn manifest(json: &[u8], surroundings: &Surroundings) -> Result<Manifest, Vec<ManifestError>> {
    let (raw, unknown) = parse(json)?;
    let shape = match raw.schema {
        None => Shape::SopsNix,
        Some(1) => Shape::Schema1,
        Some(other) => {
            let what = format!("{other} is not known to this version, which reads schema 1");
            return Err(vec![ManifestError { place: "schema".to_owned(), what, hint: None }]);
        }
    };
    let mut build = Build { shape, surroundings, user_mode: raw.user_mode == Some(true), errors: Vec::new() };
    if shape == Shape::Schema1 {
        unknown.iter().for_each(|path| build.unknown_field(path));
    }
    let manifest = build.all(raw);
    if build.errors.is_empty() { Ok(manifest) } else { Err(build.errors) }
}

pub(super) struct Build<'s> {
    pub(super) shape: Shape,
    pub(super) surroundings: &'s Surroundings,
    user_mode: bool,
    errors: Vec<ManifestError>,
}

impl Build<'_> {
    pub(super) fn error(&mut self, place: &str, what: impl Into<String>) {
        self.errors.push(ManifestError { place: place.to_owned(), what: what.into(), hint: None });
    }

    /// An error with the name that may have been meant.
    pub(super) fn error_near(&mut self, place: &str, what: String, near: Option<&str>) {
        let hint = near.map(|near| format!("did you mean '{near}'?"));
        self.errors.push(ManifestError { place: place.to_owned(), what, hint });
    }

    fn unknown_field(&mut self, path: &str) {
        let (place, name) = path.rsplit_once('.').unwrap_or(("", path));
        let known = known_fields(place);
        let hint = nearest(name, known.iter().map(String::as_str)).map(|near| format!("did you mean '{near}'?"));
        let what = format!("unknown field '{name}'");
        self.errors.push(ManifestError { place: as_place(place), what, hint });
    }

    fn all(&mut self, raw: RawManifest) -> Manifest {
        let mount_point = self.required_path("secretsMountPoint", raw.secrets_mount_point);
        let link = self.required_path("symlinkPath", raw.symlink_path);
        let secrets = raw.secrets.unwrap_or_default();
        let secrets: Vec<_> =
            secrets.into_iter().enumerate().filter_map(|(i, secret)| self.secret(i, secret, &link)).collect();
        let templates = raw.templates.unwrap_or_default();
        let templates: Vec<_> =
            templates.into_iter().enumerate().filter_map(|(i, template)| self.template(i, template, &link)).collect();
        let installed = secrets.iter().filter(|secret| secret.purpose == Purpose::Install);
        self.distinct(installed.map(|secret| &secret.output).chain(templates.iter().map(|t| &t.output)));
        self.distinct_names(&secrets);
        let keys = KeySources {
            ssh_key_paths: self.paths(raw.ssh_key_paths),
            gnupg_home: self.optional_path(raw.gnupg_home),
            age_key_file: self.optional_path(raw.age_key_file),
            age_ssh_key_paths: self.paths(raw.age_ssh_key_paths),
            identity_paths: self.paths(raw.age_identity_paths),
        };
        self.exclusive_keys(&keys);
        let logging = raw.logging.unwrap_or_default();
        Manifest {
            shape: self.shape,
            placeholders: raw.placeholder_by_secret_name.unwrap_or_default(),
            secrets,
            templates,
            mount_point,
            link,
            // Go reads an absent number as 0, which keeps all generations.
            keep_generations: raw.keep_generations.unwrap_or(if self.shape == Shape::SopsNix { 0 } else { 1 }),
            keys,
            use_tmpfs: raw.use_tmpfs == Some(true),
            user_mode: self.user_mode,
            log_key_import: logging.key_import == Some(true),
            log_secret_changes: logging.secret_changes == Some(true),
            integrity: raw.integrity.unwrap_or_default(),
            on_failure: raw.on_failure.unwrap_or_default(),
            allow_disk: raw.allow_disk == Some(true),
            allow_exec: raw.allow_exec == Some(true),
        }
    }

    fn required_path(&mut self, field: &str, path: Option<String>) -> PathBuf {
        let path = path.unwrap_or_default();
        let expanded = self.expand(field, &path);
        if path.is_empty() {
            self.error("", format!("'{field}' is missing"));
        }
        placed(&expanded, self.shape, self.surroundings)
    }

    /// A path with `%r` replaced, in user mode.
    pub(super) fn expand(&mut self, place: &str, path: &str) -> String {
        if !self.user_mode {
            return path.to_owned();
        }
        expand(path, self.surroundings.runtime_dir.as_deref()).unwrap_or_else(|| {
            self.error(place, "'%r' stands for $XDG_RUNTIME_DIR, which is not set");
            path.to_owned()
        })
    }

    fn optional_path(&self, path: Option<String>) -> Option<PathBuf> {
        path.filter(|path| !path.is_empty()).map(|path| resolve(&path, self.shape, self.surroundings))
    }

    fn paths(&self, paths: Option<Vec<String>>) -> Vec<PathBuf> {
        paths.unwrap_or_default().into_iter().map(|path| resolve(&path, self.shape, self.surroundings)).collect()
    }

    fn exclusive_keys(&mut self, keys: &KeySources) {
        if keys.gnupg_home.is_none() {
            return;
        }
        for (field, given) in
            [("sshKeyPaths", !keys.ssh_key_paths.is_empty()), ("ageKeyFile", keys.age_key_file.is_some())]
        {
            if given {
                self.error("gnupgHome", format!("excludes '{field}': give only one of the two"));
            }
        }
    }

    fn secret(&mut self, index: usize, raw: RawSecret, link: &Path) -> Option<Secret> {
        let place = format!("secrets[{index}] '{}'", raw.name.as_deref().unwrap_or_default());
        let kind = self.kind(&place, raw.format.as_deref().unwrap_or_default());
        let file = raw.sops_file.filter(|file| !file.is_empty());
        if file.is_none() {
            self.error(&place, "'sopsFile' is missing");
        }
        let common = file_fields!(raw);
        let output = self.output(&place, OutputKind::Secret, raw.name, common, kind, link);
        let (kind, output) = (kind?, output?);
        let key = self.key(&place, kind, raw.key.as_deref().unwrap_or_default());
        let purpose = match (self.shape, raw.install, raw.installed_elsewhere) {
            (Shape::Schema1, _, Some(true)) => Purpose::Offered,
            (Shape::Schema1, Some(false), _) => Purpose::Templates,
            _ => Purpose::Install,
        };
        Some(Secret { file: resolve(&file?, self.shape, self.surroundings), kind, key, purpose, output })
    }

    fn kind(&mut self, place: &str, format: &str) -> Option<SourceKind> {
        Some(match format {
            "" | "yaml" => SourceKind::Sops(Format::Yaml),
            "json" => SourceKind::Sops(Format::Json),
            "dotenv" => SourceKind::Sops(Format::Dotenv),
            "ini" => SourceKind::Sops(Format::Ini),
            "binary" => SourceKind::Sops(Format::Binary),
            "age" if self.shape == Shape::Schema1 => SourceKind::Age,
            other => {
                let age = if self.shape == Shape::Schema1 { ", binary or age" } else { " or binary" };
                self.error(place, format!("'{other}' is no format: use yaml, json, dotenv, ini{age}"));
                return None;
            }
        })
    }

    /// The key path. sops-nix's program installs dotenv, INI and binary files whole, whatever its manifest's key says.
    fn key(&mut self, place: &str, kind: SourceKind, key: &str) -> KeyPath {
        match (self.shape, kind) {
            (Shape::SopsNix, SourceKind::Sops(Format::Yaml | Format::Json)) => KeyPath::split(key),
            (Shape::SopsNix, _) => KeyPath::default(),
            (Shape::Schema1, SourceKind::Sops(Format::Binary) | SourceKind::Age) if !key.is_empty() => {
                self.error(place, "'key' cannot select in a binary or age file, which has one value: leave it out");
                KeyPath::default()
            }
            (Shape::Schema1, _) => KeyPath::parse(key),
        }
    }

    fn template(&mut self, index: usize, mut raw: RawTemplate, link: &Path) -> Option<Template> {
        let place = format!("templates[{index}] '{}'", raw.name.as_deref().unwrap_or_default());
        let (engine, style) = self.writing(&place, &mut raw);
        let content = raw.content.filter(|content| !content.is_empty());
        let file = raw.file.filter(|file| !file.is_empty());
        let source = match (content, file) {
            (Some(content), _) => Some(TemplateSource::Content(content)),
            (None, Some(file)) => Some(TemplateSource::File(resolve(&file, self.shape, self.surroundings))),
            (None, None) => {
                self.error(&place, "neither 'content' nor 'file' is given");
                None
            }
        };
        let common = file_fields!(raw);
        let output = self.output(&place, OutputKind::Template, raw.name, common, None, link);
        Some(Template { source: source?, engine, style, output: output? })
    }
}

/// `secrets.?.2` of the JSON reader as `secrets[2]`.
fn as_place(path: &str) -> String {
    let steps = path.split('.').filter(|step| *step != "?");
    steps.fold(String::new(), |place, step| match step.parse::<usize>() {
        Ok(index) => format!("{place}[{index}]"),
        Err(_) if place.is_empty() => step.to_owned(),
        Err(_) => format!("{place}.{step}"),
    })
}

/// The names of the fields at a place such as `secrets.2`, from the JSON Schema.
fn known_fields(place: &str) -> Vec<String> {
    let schema = schemars::schema_for!(super::raw::RawManifest).to_value();
    let at = match place.split('.').next() {
        Some("secrets") => "/$defs/RawSecret/properties",
        Some("templates") if place.ends_with(".delimiters") => "/$defs/RawDelimiters/properties",
        Some("templates") => "/$defs/RawTemplate/properties",
        Some("logging") => "/$defs/RawLogging/properties",
        _ => "/properties",
    };
    schema
        .pointer(at)
        .and_then(|fields| fields.as_object())
        .map(|fields| fields.keys().cloned().collect())
        .unwrap_or_default()
}
