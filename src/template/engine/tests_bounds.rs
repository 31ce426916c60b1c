//! Work, memory and stack of a template are bounded, whatever it does.

use super::tests::{render, said};
use std::time::{Duration, Instant};

/// What is said about a template that must be refused, and soon.
fn refusal(template: &str) -> String {
    let start = Instant::now();
    let said = said(template);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}: {}", start.elapsed(), cut(template));
    said.first().map_or_else(|| panic!("not refused: {}", cut(template)), |mistake| mistake.what.clone())
}

fn cut(template: &str) -> String {
    template.chars().take(200).collect()
}

#[test]
fn long_chains_of_elif_are_refused() {
    let chain = |count: usize| format!("{{% if false %}}a{}{{% endif %}}", "{% elif port %}b".repeat(count));
    assert!(refusal(&chain(12_000)).contains("nested too deeply"));
    assert!(refusal(&chain(1000)).contains("nested too deeply"));
    assert_eq!(render(&chain(60)), "b");
    let many = "{% if port %}x{% elif port %}{% endif %}".repeat(2000);
    assert_eq!(render(&many), "x".repeat(2000));
}
