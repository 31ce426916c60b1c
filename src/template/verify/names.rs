//! The names of each map of a file: whether one stands twice because of a value.

use super::{Item, Role};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// What is open.
enum Open {
    List,
    Map {
        /// The names so far, and whether there is a value in them. Of a name, two hashes are kept, for it may be secret.
        names: HashMap<[u64; 2], bool>,
        /// A name comes next. In JSON names tell for themselves.
        name_next: bool,
    },
}

/// Takes the items of a JSON or YAML file in order.
#[derive(Default)]
pub(super) struct Names {
    open: Vec<Open>,
    hashers: [RandomState; 2],
}

impl Names {
    /// Takes the next item; `of_value` tells whether a value is part of it. False where it is a name that its map has
    /// already, and a value is part of one of the two.
    pub(super) fn take(&mut self, item: &Item<'_>, of_value: bool) -> bool {
        match item.role {
            Role::Mark("{" | "map") => {
                self.step();
                self.open.push(Open::Map { names: HashMap::new(), name_next: true });
            }
            Role::Mark("[" | "list") => {
                self.step();
                self.open.push(Open::List);
            }
            Role::Mark("}" | "]" | "end") => drop(self.open.pop()),
            Role::Mark("alias") => self.step(),
            Role::Key | Role::Value | Role::Bare => return self.text(item, of_value),
            _ => {}
        }
        true
    }

    /// Goes on from a name to its value, or the other way. A map or a list may be a name as well.
    fn step(&mut self) {
        if let Some(Open::Map { name_next, .. }) = self.open.last_mut() {
            *name_next = !*name_next;
        }
    }

    fn text(&mut self, item: &Item<'_>, of_value: bool) -> bool {
        let hashes = self.hashers.each_ref().map(|hasher| hasher.hash_one(item.text));
        let Some(Open::Map { names, name_next }) = self.open.last_mut() else { return true };
        let is_name = *name_next;
        *name_next = !is_name;
        let before = if is_name { names.insert(hashes, of_value) } else { None };
        !before.is_some_and(|value_before| value_before || of_value)
    }
}
