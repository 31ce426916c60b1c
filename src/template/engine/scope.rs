//! Names that a template gives itself: loop variables, `set`, macro arguments. They hide secrets of the same name.

/// A stack of names, inner ones last.
#[derive(Debug, Default, Clone)]
pub(super) struct Scope<'t> {
    names: Vec<&'t str>,
    macros: Vec<&'t str>,
}

/// Where a part of a template started, to return to.
pub(super) struct Mark(usize, usize);

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
        Mark(self.names.len(), self.macros.len())
    }

    pub(super) fn back(&mut self, mark: &Mark) {
        self.names.truncate(mark.0);
        self.macros.truncate(mark.1);
    }
}
