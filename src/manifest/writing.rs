//! How a template is read and its values are written: the fields of schema 1 that sops-nix's manifests have not.

use super::build::Build;
use super::raw::{RawDelimiters, RawTemplate};
use super::{Engine, Shape, Style, Trim};
use crate::nearest::nearest;
use crate::template::engine::Delimiters;
use crate::template::escape::TemplateFormat;

impl Build<'_> {
    /// Takes `engine`, `delimiters`, `format` and `trim`. sops-nix's manifests have none of them, whatever they hold.
    pub(super) fn writing(&mut self, place: &str, raw: &mut RawTemplate) -> (Engine, Style) {
        if self.shape == Shape::SopsNix {
            return (Engine::default(), Style::default());
        }
        let engine = self.engine(place, raw.engine.as_deref(), raw.delimiters.take());
        let format = self.template_format(place, raw.format.as_deref());
        let trim = match (raw.trim, format) {
            (Some(true), _) => Trim::Everything,
            (Some(false), _) | (None, TemplateFormat::Raw) => Trim::Nothing,
            (None, _) => Trim::WholeFiles,
        };
        (engine, Style { format, trim })
    }

    fn engine(&mut self, place: &str, name: Option<&str>, delimiters: Option<RawDelimiters>) -> Engine {
        match name.unwrap_or("placeholder") {
            "placeholder" if delimiters.is_some() => {
                self.error(place, "'delimiters' are those of the engine 'minijinja', which 'engine' does not name");
                Engine::Placeholder
            }
            "placeholder" => Engine::Placeholder,
            "minijinja" => Engine::Minijinja(self.delimiters(place, delimiters)),
            other => {
                let near = nearest(other, ["placeholder", "minijinja"].into_iter());
                self.error_near(place, format!("'{other}' is no engine: use placeholder or minijinja"), near);
                Engine::Placeholder
            }
        }
    }

    fn delimiters(&mut self, place: &str, raw: Option<RawDelimiters>) -> Delimiters {
        let usual = Delimiters::default();
        let Some(raw) = raw else { return usual };
        let own = Delimiters {
            block: raw.block.unwrap_or(usual.block),
            variable: raw.variable.unwrap_or(usual.variable),
            comment: raw.comment.unwrap_or(usual.comment),
        };
        if let Err(error) = own.check() {
            self.error(place, error.to_string());
        }
        own
    }

    fn template_format(&mut self, place: &str, name: Option<&str>) -> TemplateFormat {
        let Some(name) = name else { return TemplateFormat::Raw };
        name.parse().unwrap_or_else(|_| {
            let names: Vec<_> = TemplateFormat::ALL.iter().map(|format| format.name()).collect();
            let near = nearest(name, names.iter().copied());
            self.error_near(place, format!("'{name}' is no format of a template: use {}", names.join(", ")), near);
            TemplateFormat::Raw
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Manifest, Surroundings};
    use super::*;

    fn manifest(head: &str, template: &str) -> Manifest {
        let json = format!(
            r#"{{{head} "secretsMountPoint": "/d", "symlinkPath": "/s", "secrets": [],
                "templates": [{{"name": "t", "content": "x", {template}}}]}}"#
        );
        Manifest::parse(json.as_bytes(), &Surroundings::default()).unwrap_or_else(|errors| panic!("{errors:?}"))
    }

    #[test]
    fn the_schema_names_every_format() {
        let schema = super::super::schema();
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        let named = schema.pointer("/$defs/RawTemplate/properties/format/enum").unwrap();
        let named: Vec<_> = named.as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
        assert_eq!(named, TemplateFormat::ALL.map(TemplateFormat::name));
    }

    #[test]
    fn the_fields_of_schema_1_mean_nothing_in_a_manifest_of_sops_nix() {
        let fields = r#""engine": "other", "format": "other", "trim": true"#;
        let template = manifest("", fields).templates.remove(0);
        assert_eq!((template.engine, template.style), (Engine::Placeholder, Style::default()));
    }

    #[test]
    fn line_breaks_are_dropped_of_whole_files_where_there_is_a_format_and_as_asked() {
        let cases = [
            (r#""format": "raw""#, TemplateFormat::Raw, Trim::Nothing),
            (r#""format": "json""#, TemplateFormat::Json, Trim::WholeFiles),
            (r#""format": "docker-env", "trim": false"#, TemplateFormat::DockerEnv, Trim::Nothing),
            (r#""trim": true"#, TemplateFormat::Raw, Trim::Everything),
        ];
        for (fields, format, trim) in cases {
            let style = manifest(r#""schema": 1,"#, fields).templates.remove(0).style;
            assert_eq!(style, Style { format, trim }, "{fields}");
        }
    }
}
