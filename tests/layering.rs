//! The architecture, held by a test: which module may import which, who may touch the system, and who may print.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// One row for each module of `src/`, lowest floor first: what it may import. Each imports only rows above its own,
/// so that there can be no cycle.
const MAY_USE: &[(&str, &[&str])] = &[
    // floor 0: words and values
    ("secret", &[]),
    ("names", &[]),
    ("access", &[]),
    ("nearest", &[]),
    ("message", &[]),
    ("output", &["access", "names"]),
    // floor 1: one format or one system each
    ("sops", &["secret", "names"]),
    ("template", &["secret", "nearest", "sops"]),
    ("diff", &["secret", "template"]),
    ("sys", &["secret", "names", "access", "output"]),
    // floor 2: keys, and what is asked for
    ("identity", &["secret", "message", "sops", "sys"]),
    ("manifest", &["names", "access", "nearest", "output", "sops", "template", "identity"]),
    ("texts", &["names", "sys", "manifest"]),
    // floor 3: what to do, and the values for it
    ("plan", &["names", "nearest", "output", "template", "manifest", "texts"]),
    ("resolve", &["secret", "names", "nearest", "sops", "template", "sys", "identity", "manifest", "plan"]),
    ("changes", &["names", "output"]),
    ("fill", &["secret", "names", "output", "template", "manifest", "plan", "resolve"]),
    ("rendered", &["secret", "output", "plan", "resolve", "fill"]),
    // floor 4: the host's files
    ("generation", &["secret", "names", "access", "output", "sys", "changes", "rendered"]),
    ("state", &["access", "sys", "generation"]),
    ("links", &["output", "sys", "rendered", "generation", "state"]),
    // floor 5: what a command needs
    (
        "error",
        &[
            "names",
            "message",
            "sops",
            "template",
            "sys",
            "identity",
            "manifest",
            "texts",
            "plan",
            "resolve",
            "fill",
            "generation",
            "links",
        ],
    ),
    (
        "install",
        &[
            "names",
            "output",
            "template",
            "sys",
            "identity",
            "manifest",
            "texts",
            "plan",
            "resolve",
            "changes",
            "rendered",
            "generation",
            "links",
            "error",
        ],
    ),
    ("adhoc", &["names", "access", "output", "sops", "sys", "identity", "manifest", "resolve", "error"]),
    ("report", &["message", "template"]),
    // floor 6: the program
    ("cli", &["sops", "template", "manifest"]),
    ("legacy", &[]),
    (
        "commands",
        &[
            "secret",
            "names",
            "nearest",
            "message",
            "output",
            "sops",
            "template",
            "diff",
            "sys",
            "identity",
            "manifest",
            "texts",
            "plan",
            "resolve",
            "changes",
            "fill",
            "rendered",
            "generation",
            "state",
            "error",
            "install",
            "adhoc",
            "report",
            "cli",
        ],
    ),
    ("program", &["message", "sys", "manifest", "report", "cli", "legacy", "commands"]),
    ("lib", &[]),
    ("main", &[]),
];

/// The same inside `sops/`.
const SOPS_MAY_USE: &[(&str, &[&str])] = &[
    ("number", &[]),
    ("time", &[]),
    ("token", &[]),
    ("go_regex", &[]),
    ("shamir", &[]),
    ("tree", &["time", "number"]),
    ("rules", &["go_regex"]),
    ("format", &["number", "time", "tree", "flat"]),
    ("flat", &["number", "tree", "format"]),
    ("fields", &["metadata", "tree"]),
    ("metadata", &["time", "tree", "rules", "format", "flat", "fields"]),
    ("cipher", &["number", "time", "token", "tree", "metadata"]),
    ("wanted", &["tree"]),
    ("keep", &["wanted"]),
    ("walk", &["tree", "rules", "cipher", "wanted", "keep"]),
    ("source", &["tree", "format", "metadata", "cipher", "wanted", "walk"]),
    ("mod", &[]),
];

/// Pairs of one idea in two files of `sops/`: errors of the one, helpers of the other.
const SOPS_PAIRS: &[[&str; 2]] = &[["flat", "format"], ["fields", "metadata"]];

/// A source file without its comments and unit tests, by its path below `src/`.
fn sources() -> Vec<(String, String)> {
    let src = support::root().join("src");
    let rust = support::files_below(&src).into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "rs"));
    let named = rust.map(|path| (path.strip_prefix(&src).unwrap().to_str().unwrap().to_owned(), path));
    let found: Vec<_> =
        named.filter(|(name, _)| !is_test(name)).map(|(name, path)| (name, production(&path))).collect();
    assert!(found.len() > 90, "sources went missing");
    found
}

/// Files that only tests are compiled from.
fn is_test(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.starts_with("test")
}

fn production(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn module(name: &str) -> &str {
    let first = name.split('/').next().unwrap_or(name);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The modules that follow `prefix` in the text, also in a list: `crate::{a, b::c}`.
fn used(text: &str, prefix: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices(prefix) {
        let before = text[..at].chars().next_back();
        let after = &text[at + prefix.len()..];
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        match after.strip_prefix('{') {
            Some(list) => found.extend(first_words(list)),
            None => found.extend([word(after)]),
        }
    }
    found.into_iter().filter(|name| name.starts_with(char::is_lowercase)).collect()
}

/// The first word of each member of a list, which ends at its own brace.
fn first_words(list: &str) -> Vec<String> {
    let (mut depth, mut words, mut word) = (0, vec![], String::new());
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => words.push(std::mem::take(&mut word)),
            _ if depth == 0 => word.push(c),
            _ => {}
        }
    }
    words.push(word);
    words.into_iter().map(|word| word.split("::").next().unwrap_or_default().trim().to_owned()).collect()
}

/// What a table does not allow, and rows that import one below themselves.
fn breaches(table: &[(&str, &[&str])], uses: &BTreeMap<String, BTreeSet<(String, String)>>) -> Vec<String> {
    let mut found = Vec::new();
    for (module, used) in uses {
        let Some((_, allowed)) = table.iter().find(|(name, _)| name == module) else {
            found.push(format!("{module} has no row in the table"));
            continue;
        };
        let breach =
            |(name, file): &&(String, String)| name != module && !allowed.contains(&name.as_str()) && !file.is_empty();
        found.extend(used.iter().filter(breach).map(|(name, file)| format!("{file} imports {name}")));
        let idle = allowed.iter().filter(|name| used.iter().all(|(other, _)| other != *name));
        found.extend(idle.map(|name| format!("{module} may import {name}, and does not: take it off the table")));
    }
    let idle = table.iter().filter(|(module, _)| !uses.contains_key(*module));
    found.extend(idle.map(|(module, _)| format!("{module} stands in the table, and is gone")));
    found
}

fn upward(table: &[(&str, &[&str])], pairs: &[[&str; 2]]) -> Vec<String> {
    let mut found = Vec::new();
    for (row, (module, allowed)) in table.iter().enumerate() {
        for name in *allowed {
            let above = table.iter().position(|(other, _)| other == name).is_some_and(|other| other < row);
            let pair = pairs.iter().any(|pair| pair.contains(module) && pair.contains(name));
            if !above && !pair {
                found.push(format!("{module} may import {name}, which stands below it"));
            }
        }
    }
    found
}

#[test]
fn modules_import_what_the_table_allows_and_never_upwards() {
    let mut uses: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for (name, text) in sources() {
        let entry = uses.entry(module(&name).to_owned()).or_default();
        let names = used(&text, "crate::").into_iter().filter(|used| used != module(&name));
        entry.extend(names.map(|used| (used, name.clone())));
    }
    let found = [breaches(MAY_USE, &uses), upward(MAY_USE, &[])].concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_parts_of_sops_keep_their_order_too() {
    let mut uses: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for (name, text) in sources() {
        let Some(inner) = name.strip_prefix("sops/") else { continue };
        let entry = uses.entry(module(inner).to_owned()).or_default();
        let depth = inner.matches('/').count() + usize::from(inner.ends_with("/mod.rs") && inner != "mod.rs");
        let depth = if inner.ends_with("/mod.rs") { depth - 1 } else { depth };
        let prefix = "super::".repeat(depth + 1);
        let names = used(&text, &prefix).into_iter().chain(used(&text, "crate::sops::"));
        let names = names.filter(|used| used != module(inner) && used != "super");
        entry.extend(names.map(|used| (used, name.clone())));
    }
    let found = [breaches(SOPS_MAY_USE, &uses), upward(SOPS_MAY_USE, SOPS_PAIRS)].concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What only `sys/` may name: the ways to files, processes, accounts and the kernel.
const SYSTEM: &[&str] = &[
    "std::fs",
    "std::process",
    "std::net",
    "std::os::unix::fs",
    "std::os::unix::net",
    "rustix::",
    "users::",
    "libc::",
];

/// Methods of `Path` that ask the file system.
const PATH_METHODS: &[&str] =
    &[".exists()", ".is_file()", ".is_dir()", ".is_symlink()", ".canonicalize()", ".read_dir()", ".symlink_metadata()"];

#[test]
fn only_sys_touches_the_system() {
    let mut found = Vec::new();
    for (name, text) in sources().iter().filter(|(name, _)| module(name) != "sys") {
        let text = text.replace("std::process::ExitCode", "").replace("sys::", "");
        let parts = SYSTEM.iter().chain(PATH_METHODS).filter(|part| text.contains(*part));
        found.extend(parts.map(|part| format!("{name}: {part}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn only_report_prints_and_nothing_aborts() {
    let mut found = Vec::new();
    for (name, text) in sources() {
        // The output of systemctl goes where messages go.
        let text = text.replace(".stdout(std::io::stderr())", "");
        let printing = ["print!", "println!", "eprint!", "eprintln!", "dbg!", "io::stdout", "io::stderr"];
        let own = if name == "report.rs" { &[][..] } else { &printing };
        let never = ["todo!", "unimplemented!", "process::exit", "unsafe {", "extern \"C\""];
        let parts = own.iter().chain(&never).filter(|part| text.contains(*part));
        found.extend(parts.map(|part| format!("{name}: {part}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
