//! What an installation changes: compared in memory, before anything is switched.

use crate::names::OutputKind;
use crate::output::{Output, Units};
use std::collections::BTreeSet;

/// How one output stands to the running generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Same bytes, owner and mode.
    Same,
    /// Not there before.
    Added,
    /// There with other bytes, or another owner or mode.
    Modified,
}

/// Names that changed, of one kind of output.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Delta {
    /// New names.
    pub added: BTreeSet<String>,
    /// Names whose bytes, owner or mode differ.
    pub modified: BTreeSet<String>,
    /// Names in the running generation that are no longer declared.
    pub removed: BTreeSet<String>,
}

/// Whether there was something to compare with.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// The link did not lead to a generation, as at boot: everything is new, and no unit needs to hear of it.
    #[default]
    First,
    /// A generation was running.
    Switch,
}

/// What differs between the running generation and the new one.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Changes {
    /// First activation, or a switch.
    pub activation: Activation,
    /// Secrets that changed.
    pub secrets: Delta,
    /// Templates that changed.
    pub templates: Delta,
    /// Further paths inside the generation that changed; they are links, and concern no unit.
    pub links: BTreeSet<String>,
    /// Units to tell.
    pub units: Units,
    /// Units of users to tell.
    pub user_units: Units,
}

impl Changes {
    /// No changes yet.
    pub fn new(activation: Activation) -> Self {
        Self { activation, ..Self::default() }
    }

    /// Takes in one output.
    pub fn record(&mut self, output: &Output, verdict: Verdict) {
        let delta = self.delta(output.name.kind);
        let names = match verdict {
            Verdict::Same => return,
            Verdict::Added => &mut delta.added,
            Verdict::Modified => &mut delta.modified,
        };
        names.insert(output.name.name.as_str().to_owned());
        if self.activation == Activation::Switch {
            self.units.extend(&output.units);
            self.user_units.extend(&output.user_units);
        }
    }

    /// Takes in a file of the running generation that no output has any more.
    pub fn record_removed(&mut self, kind: OutputKind, name: String) {
        self.delta(kind).removed.insert(name);
    }

    /// Whether the running generation already is what is wanted.
    pub fn is_empty(&self) -> bool {
        let none = |delta: &Delta| delta.added.is_empty() && delta.modified.is_empty() && delta.removed.is_empty();
        self.activation == Activation::Switch && none(&self.secrets) && none(&self.templates) && self.links.is_empty()
    }

    /// The lines that sops-nix prints to stdout under `logging.secretChanges`; `tense` says in which words.
    ///
    /// None at the first activation.
    pub fn lines(&self, tense: Tense) -> Vec<String> {
        if self.activation == Activation::First {
            return Vec::new();
        }
        let mut lines = Vec::new();
        for (noun, delta) in [("secret", &self.secrets), ("rendered secret", &self.templates)] {
            for (done, planned, names) in [
                ("adding", "would add", &delta.added),
                ("modifying", "would modify", &delta.modified),
                ("removing", "would remove", &delta.removed),
            ] {
                let verb = match tense {
                    Tense::Done => done,
                    Tense::Planned => planned,
                };
                let plural = if names.len() == 1 { "" } else { "s" };
                if !names.is_empty() {
                    let names: Vec<_> = names.iter().map(String::as_str).collect();
                    lines.push(format!("{verb} {noun}{plural}: {}", names.join(", ")));
                }
            }
        }
        lines
    }

    fn delta(&mut self, kind: OutputKind) -> &mut Delta {
        match kind {
            OutputKind::Secret => &mut self.secrets,
            OutputKind::Template => &mut self.templates,
        }
    }
}

/// How changes are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// `adding secret: a`
    Done,
    /// `would add secret: a`, under `dry-activate`.
    Planned,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::UnitName;
    use crate::testing::output;

    #[test]
    fn lines_are_those_of_sops_nix() {
        let mut changes = Changes::new(Activation::Switch);
        changes.record(&output(OutputKind::Secret, "a"), Verdict::Added);
        changes.record(&output(OutputKind::Secret, "same"), Verdict::Same);
        changes.record(&output(OutputKind::Template, "t2"), Verdict::Modified);
        changes.record(&output(OutputKind::Template, "t1"), Verdict::Modified);
        changes.record_removed(OutputKind::Secret, "x".to_owned());
        let done = ["adding secret: a", "removing secret: x", "modifying rendered secrets: t1, t2"];
        assert_eq!(changes.lines(Tense::Done), done);
        let planned = ["would add secret: a", "would remove secret: x", "would modify rendered secrets: t1, t2"];
        assert_eq!(changes.lines(Tense::Planned), planned);
    }

    #[test]
    fn units_are_asked_for_changes_only_and_never_at_the_first_activation() {
        let mut changed = output(OutputKind::Secret, "a");
        let unit = |name| std::iter::once(UnitName::parse(name).unwrap()).collect();
        changed.units = Units { restart: unit("a.service"), reload: unit("r.service") };
        changed.user_units = Units { restart: unit("u.service"), ..Units::default() };
        for (activation, verdict, count) in [
            (Activation::Switch, Verdict::Modified, 1),
            (Activation::Switch, Verdict::Added, 1),
            (Activation::Switch, Verdict::Same, 0),
            (Activation::First, Verdict::Added, 0),
        ] {
            let mut changes = Changes::new(activation);
            changes.record(&changed, verdict);
            let Changes { units, user_units, .. } = &changes;
            let counts = [units.restart.len(), units.reload.len(), user_units.restart.len(), user_units.reload.len()];
            assert_eq!(counts, [count, count, count, 0], "{activation:?} {verdict:?}");
        }
    }

    #[test]
    fn nothing_changed_only_where_there_was_something_to_compare_with() {
        assert!(Changes::new(Activation::Switch).is_empty());
        assert!(!Changes::new(Activation::First).is_empty());
        let mut changes = Changes::new(Activation::Switch);
        changes.record_removed(OutputKind::Template, "x".to_owned());
        assert!(!changes.is_empty());
    }
}
