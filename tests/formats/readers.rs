//! What a finished file says, as readers see it that have nothing to do with the renderer.
//!
//! JSON, YAML (libyaml's), TOML and XML are read by parsers made by others; for the line formats see `line_readers`.

pub use crate::line_readers::{docker_env, env, env_by, ini, nginx, properties};

use crate::document::{Leaf, Leaves};
use serde_yaml::Value as Yaml;

pub type Path = Vec<Vec<u8>>;

pub fn below(path: &Path, name: impl AsRef<[u8]>) -> Path {
    let mut path = path.clone();
    path.push(name.as_ref().to_vec());
    path
}

pub fn sorted(mut leaves: Leaves) -> Leaves {
    leaves.sort_by(|one, two| one.0.cmp(&two.0));
    leaves
}

pub fn json(text: &[u8]) -> Option<Leaves> {
    fn walk(value: &serde_json::Value, path: Path, leaves: &mut Leaves) {
        use serde_json::Value;
        match value {
            Value::Null => {}
            Value::Bool(value) => leaves.push((path, Leaf::Bool(*value))),
            Value::Number(number) => {
                let int = number.as_i64().map(|int| Leaf::Int(int.into()));
                leaves.push((path, int.unwrap_or(Leaf::Float(number.as_f64().unwrap()))));
            }
            Value::String(text) => leaves.push((path, Leaf::text(text))),
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(i, value)| walk(value, below(&path, i.to_string()), leaves));
            }
            Value::Object(map) => map.iter().for_each(|(name, value)| walk(value, below(&path, name), leaves)),
        }
    }
    let mut leaves = Vec::new();
    walk(&serde_json::from_slice(text).ok()?, Vec::new(), &mut leaves);
    Some(sorted(leaves))
}

pub fn yaml(text: &[u8]) -> Option<Leaves> {
    fn walk(value: &Yaml, path: Path, leaves: &mut Leaves) {
        match value {
            Yaml::Null => {}
            Yaml::Bool(value) => leaves.push((path, Leaf::Bool(*value))),
            Yaml::Number(number) => {
                let int = number.as_i64().map(|int| Leaf::Int(int.into()));
                leaves.push((path, int.unwrap_or(Leaf::Float(number.as_f64().unwrap()))));
            }
            Yaml::String(text) => leaves.push((path, Leaf::text(text))),
            Yaml::Sequence(list) => {
                list.iter().enumerate().for_each(|(i, value)| walk(value, below(&path, i.to_string()), leaves));
            }
            Yaml::Mapping(map) => {
                map.iter().for_each(|(name, value)| walk(value, below(&path, name.as_str().unwrap_or("?")), leaves));
            }
            Yaml::Tagged(tagged) => walk(&tagged.value, path, leaves),
        }
    }
    let mut leaves = Vec::new();
    walk(&serde_yaml::from_slice(text).ok()?, Vec::new(), &mut leaves);
    Some(sorted(leaves))
}

pub fn toml(text: &[u8]) -> Option<Leaves> {
    use toml::de::{DeTable, DeValue};
    fn walk(value: &DeValue<'_>, path: Path, leaves: &mut Leaves) {
        match value {
            DeValue::String(text) => leaves.push((path, Leaf::text(text.as_bytes()))),
            DeValue::Integer(int) => leaves.push((path, Leaf::Int(int.as_str().parse().unwrap()))),
            DeValue::Float(float) => leaves.push((path, Leaf::Float(float.as_str().parse().unwrap()))),
            DeValue::Boolean(value) => leaves.push((path, Leaf::Bool(*value))),
            DeValue::Datetime(_) => {}
            DeValue::Array(list) => list.iter().enumerate().for_each(|(i, value)| {
                walk(value.get_ref(), below(&path, i.to_string()), leaves);
            }),
            DeValue::Table(map) => map.iter().for_each(|(name, value)| {
                walk(value.get_ref(), below(&path, name.get_ref().as_bytes()), leaves);
            }),
        }
    }
    let document = DeTable::parse(std::str::from_utf8(text).ok()?).ok()?;
    let mut leaves = Vec::new();
    walk(&DeValue::Table(document.get_ref().clone()), Vec::new(), &mut leaves);
    Some(sorted(leaves))
}

/// A document as a reader takes it that goes by what the document declares. roxmltree does not.
fn declared(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let head = text.split_once("?>").filter(|_| text.starts_with("<?xml")).map_or("", |(head, _)| head);
    if head.contains("us-ascii") && !text.is_ascii() {
        return None;
    }
    if head.contains("ISO-8859-1") {
        return Some(text.bytes().map(char::from).collect());
    }
    if !head.contains("1.1") {
        return Some(text.to_owned());
    }
    let text = text.replace("\r\u{85}", "\n").replace(['\u{85}', '\u{2028}'], "\n");
    (!text.contains(|c| matches!(c, '\u{7f}'..='\u{9f}'))).then_some(text)
}

pub fn xml(text: &[u8]) -> Option<Leaves> {
    let text = declared(text)?;
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    let document = roxmltree::Document::parse_with_options(&text, options).ok()?;
    // Words with one blank between them, for a reader of the document's own declarations.
    let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let mut leaves = Vec::new();
    for element in document.root_element().children().filter(roxmltree::Node::is_element) {
        let path = vec![element.tag_name().name().as_bytes().to_vec()];
        for attribute in element.attributes() {
            let listed = text.contains(&format!("<!ATTLIST {} {} ", element.tag_name().name(), attribute.name()));
            let value = if listed { words(attribute.value()) } else { attribute.value().to_owned() };
            leaves.push((below(&path, attribute.name()), Leaf::text(value)));
        }
        let text: String = element.children().filter_map(|node| node.text()).collect();
        leaves.push((path, Leaf::text(text)));
    }
    Some(sorted(leaves))
}
