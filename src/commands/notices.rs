//! What `check` points out that is no mistake: secrets nobody uses, templates without secrets, line breaks that land
//! inside a line.

use crate::manifest::{Manifest, Purpose, Shape, Trim};
use crate::message::Message;
use crate::plan::{Content, Plan, used};
use crate::template::Segment;
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
        if let Content::Template { text, segments, style } = &product.content
            && style.format == TemplateFormat::Raw
            && style.trim == Trim::Nothing
        {
            notices.extend(broken_lines(manifest, product.output.name.name.as_str(), text, segments));
        }
    }
    notices
}

/// Values of binary and age files, which end in a line break by habit, with more of the line behind them.
fn broken_lines(manifest: &Manifest, template: &str, text: &[u8], segments: &[Segment<'_>]) -> Vec<Message> {
    let mut places = Places::new(text);
    let mut notices = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        let Segment::Value { secret, offset, .. } = segment else { continue };
        let ends_line = match segments.get(at + 1) {
            None => true,
            Some(Segment::Literal(rest)) => rest.starts_with(b"\n") || rest.starts_with(b"\r\n"),
            Some(Segment::Value { .. }) => false,
        };
        let secret = &manifest.secrets[secret.0];
        if secret.is_whole_file() && !ends_line {
            let (place, name) = (places.at(*offset), &secret.output.name.name);
            let what = "is a whole file; a line break at its end would land inside this line";
            let notice = Message::new(format!("template '{template}', {place}: secret '{name}' {what}"));
            notices.push(notice.hint("give the template 'trim = true', which drops it"));
        }
    }
    notices
}
