//! docs/templates.md: every example in it is rendered, and every filter, test and function is in it.

use sops_inlay::secret::SecretBytes;
use sops_inlay::sops::tree::{Entry, Item, Value as Tree};
use sops_inlay::template::engine::password::Hasher;
use sops_inlay::template::engine::{Declared, Delimiters, Input, Program, TemplateText, filters};
use sops_inlay::template::render;
use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::sync::Arc;

#[test]
fn the_page_about_templates_is_true() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/templates.md")).unwrap();
    for name in [filters::NAMES, filters::TESTS, filters::FUNCTIONS].concat() {
        let named = page.split('`').skip(1).step_by(2).any(|code| {
            let words = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            words.into_iter().any(|word| word == name)
        });
        assert!(named, "the page does not name {name}");
    }
    let (_, rest) = page.split_once("with these secrets:\n\n```yaml\n").unwrap();
    let (secrets, _) = rest.split_once("```\n").unwrap();
    let secrets = by_key_path("", &serde_yaml::from_str(secrets).unwrap());
    let page = page.replace("gives\n  `", "gives `");
    let examples: Vec<_> = page.split(" gives `").collect();
    let examples = examples.windows(2).filter_map(|pair| {
        let template = pair[0].strip_suffix('`')?.rsplit('`').next()?;
        Some((template, pair[1].split('`').next()?))
    });
    let mut count = 0;
    for (template, expected) in examples.filter(|(template, _)| template.contains('{')) {
        assert_eq!(rendered(template, &secrets), expected, "{template}");
        count += 1;
    }
    assert!(count > 45, "{count} examples");
}

fn rendered(template: &str, secrets: &[(String, Tree<'static, SecretBytes>)]) -> String {
    let delimiters = Delimiters::default();
    let text = TemplateText { name: "t", text: template.as_bytes(), delimiters: &delimiters };
    let declared = Declared::new(secrets.iter().map(|(name, _)| name.as_str()));
    let program = Program::compile(text, &[], &declared).unwrap_or_else(|mistakes| panic!("{template}: {mistakes:?}"));
    let input = |secret: usize| secrets.get(secret).map(|(_, tree)| Input::Tree(tree));
    let skeleton =
        program.run(input, Arc::new(Hasher::none())).unwrap_or_else(|mistake| panic!("{template}: {mistake:?}"));
    let out = render(&skeleton.segments(), |value| skeleton.value(value).bytes).unwrap();
    String::from_utf8(out.expose().to_vec()).unwrap()
}

/// All values of a file under the names that `render --template` gives them: key paths, those of maps and lists too.
fn by_key_path(path: &str, value: &serde_yaml::Value) -> Vec<(String, Tree<'static, SecretBytes>)> {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") };
    let children: Vec<(String, &serde_yaml::Value)> = match value {
        serde_yaml::Value::Mapping(map) => {
            let escaped = |key: &serde_yaml::Value| key.as_str().unwrap().replace('\\', "\\\\").replace('/', "\\/");
            map.iter().map(|(key, value)| (below(&escaped(key)), value)).collect()
        }
        serde_yaml::Value::Sequence(items) => {
            items.iter().enumerate().map(|(place, value)| (below(&place.to_string()), value)).collect()
        }
        _ => Vec::new(),
    };
    let own = (!path.is_empty()).then(|| (path.to_owned(), tree(value)));
    own.into_iter().chain(children.iter().flat_map(|(path, value)| by_key_path(path, value))).collect()
}

fn tree(value: &serde_yaml::Value) -> Tree<'static, SecretBytes> {
    let text = |text: &str| SecretBytes::copy_of(text.as_bytes());
    match value {
        serde_yaml::Value::String(string) => Tree::Text(text(string)),
        serde_yaml::Value::Number(number) => Tree::Int(number.as_i64().unwrap()),
        serde_yaml::Value::Sequence(items) => Tree::List(items.iter().map(tree).map(Item::Value).collect()),
        serde_yaml::Value::Mapping(map) => {
            let pair = |(key, value): (&serde_yaml::Value, _)| {
                Entry::Pair(Cow::Owned(key.as_str().unwrap().as_bytes().to_vec()), tree(value))
            };
            Tree::Map(map.iter().map(pair).collect())
        }
        other => panic!("{other:?}"),
    }
}
