//! Names that a template gives itself: loop variables, `set`, macro arguments. They hide secrets of the same name.

/// A stack of names, inner ones last.
#[derive(Debug, Default, Clone)]
pub(super) struct Scope<'t> {
    names: Vec<&'t str>,
    macros: Vec<&'t str>,
    /// Names that a condition around their `set` may have left to the secrets.
    maybe: Vec<&'t str>,
    loops: usize,
}

/// Where a part of a template started, to return to.
pub(super) struct Mark(usize, usize, usize, usize);

impl<'t> Scope<'t> {
    pub(super) fn assign(&mut self, name: &'t str) {
        self.names.push(name);
    }

    pub(super) fn declare_macro(&mut self, name: &'t str) {
        self.macros.push(name);
    }

    pub(super) fn is_assigned(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    pub(super) fn is_macro(&self, name: &str) -> bool {
        self.macros.contains(&name)
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.names.len(), self.macros.len(), self.maybe.len(), self.loops)
    }

    pub(super) fn back(&mut self, mark: &Mark) {
        self.names.truncate(mark.0);
        self.macros.truncate(mark.1);
        self.maybe.truncate(mark.2);
        self.loops = mark.3;
    }

    /// Leaves a branch of a condition: what it has assigned may be assigned behind it.
    pub(super) fn leave_branch(&mut self, mark: &Mark) {
        let assigned = self.names.split_off(mark.0.min(self.names.len()));
        self.maybe.extend(assigned);
    }

    pub(super) fn may_be_assigned(&self, name: &str) -> bool {
        self.maybe.contains(&name)
    }

    pub(super) fn enter_loop(&mut self) {
        self.loops += 1;
    }

    pub(super) fn is_in_loop(&self) -> bool {
        self.loops > 0
    }
}
