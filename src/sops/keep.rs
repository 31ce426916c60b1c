//! Which of the values that a walk passes are kept.

use super::wanted::Wanted;

/// What is kept of the values a walk passes.
#[derive(Clone, Copy)]
pub(super) enum Keep<'w> {
    /// Neither the value nor anything in it.
    Nothing,
    /// The value and everything in it.
    Everything,
    /// What these paths lead to.
    Paths(&'w Wanted),
    /// The value of a merge key (`<<`): what it holds stands for keys of the map around it.
    Merged(&'w Wanted),
}

impl<'w> Keep<'w> {
    /// What is kept of the value under a key.
    pub(super) fn key(self, key: &[u8]) -> Self {
        match self {
            Keep::Paths(wanted) => match wanted.key(key) {
                Some(below) => Keep::Paths(below),
                None if key == b"<<" => Keep::Merged(wanted),
                None => Keep::Nothing,
            },
            Keep::Merged(_) => Keep::Nothing,
            Keep::Nothing | Keep::Everything => self,
        }
    }

    /// What is kept of an element of a list.
    pub(super) fn position(self, index: usize) -> Self {
        match self {
            Keep::Paths(wanted) => wanted.position(index).map_or(Keep::Nothing, Keep::Paths),
            Keep::Nothing | Keep::Everything | Keep::Merged(_) => self,
        }
    }

    /// Whether the value itself and everything in it is kept.
    pub(super) fn wants_all(self) -> bool {
        matches!(self, Keep::Everything)
    }
}
