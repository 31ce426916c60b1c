//! What `check` points out that is no mistake: secrets nobody uses, templates without secrets, line breaks that land
//! inside a line.

use crate::manifest::{Manifest, Purpose, Shape, Trim};
use crate::message::Message;
use crate::plan::{Content, Plan, Product, used};
use crate::template::Segment;
use crate::template::engine::Plainly;
use crate::template::escape::TemplateFormat;
use crate::template::place::Places;
use std::collections::BTreeSet;

/// All notices of a plan that holds every template, in the manifest's order. sops-nix's manifests get none.
pub fn notices(manifest: &Manifest, plan: &Plan<'_>) -> Vec<Message> {
    if manifest.shape == Shape::SopsNix {
        return Vec::new();
    }
    let all: BTreeSet<_> = plan.products.iter().flat_map(|product| used(&product.content)).collect();
    let mut notices = Vec::new();
    for (position, secret) in manifest.secrets.iter().enumerate() {
        if secret.purpose == Purpose::Templates && !all.contains(&position) {
            let notice = Message::new(format!("{} is declared and never used", secret.output.name));
            notices.push(notice.hint("it has 'install = false', and no template names it"));
        }
    }
    for product in &plan.products {
        let is_template = !matches!(product.content, Content::Value(_));
        if is_template && used(&product.content).next().is_none() {
            notices.push(Message::new(format!("{} uses no secret", product.output.name)));
        }
        if let Some(style) = product.content.style()
            && style.format == TemplateFormat::Raw
            && style.trim == Trim::Nothing
        {
            notices.extend(broken_lines(manifest, product));
        }
    }
    notices
}

/// A secret where its value is written as it is, and the text behind it; None where another value stands there.
struct Written<'p> {
    secret: usize,
    template: &'p str,
    text: &'p [u8],
    offset: usize,
    rest: Option<&'p [u8]>,
}

fn written<'p>(product: &'p Product<'_>) -> Vec<Written<'p>> {
    match &product.content {
        Content::Value(_) => Vec::new(),
        Content::Template { text, segments, .. } => {
            let template = product.output.name.name.as_str();
            let values = segments.iter().enumerate().filter_map(|(at, segment)| {
                let Segment::Value { secret, offset, .. } = segment else { return None };
                let rest = match segments.get(at + 1) {
                    None => Some(&b""[..]),
                    Some(Segment::Literal(rest)) => Some(*rest),
                    Some(Segment::Value { .. }) => None,
                };
                Some(Written { secret: secret.0, template, text, offset: *offset, rest })
            });
            values.collect()
        }
        Content::Program { program, .. } => {
            let values = program.plainly().map(|Plainly { secret, template, text, offset, rest }| Written {
                secret,
                template,
                text: text.as_bytes(),
                offset,
                rest: Some(rest.as_bytes()),
            });
            values.collect()
        }
    }
}

/// Values of binary and age files, which end in a line break by habit, with more of the line behind them.
fn broken_lines(manifest: &Manifest, product: &Product<'_>) -> Vec<Message> {
    let ends_line = |rest: &[u8]| rest.is_empty() || rest.starts_with(b"\n") || rest.starts_with(b"\r\n");
    let mut notices = Vec::new();
    for Written { secret, template, text, offset, rest } in written(product) {
        let secret = &manifest.secrets[secret];
        if secret.is_whole_file() && !rest.is_some_and(ends_line) {
            let (place, name) = (Places::new(text).at(offset), &secret.output.name.name);
            let what = "is a whole file; a line break at its end would land inside this line";
            let notice = Message::new(format!("template '{template}', {place}: secret '{name}' {what}"));
            notices.push(notice.hint("give the template 'trim = true', which drops it"));
        }
    }
    notices
}
