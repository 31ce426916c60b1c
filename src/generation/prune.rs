//! Removal of generations that are no longer kept.

use super::running::number;
use super::{Error, Store};

impl Store<'_> {
    /// Removes the generations older than the target keeps, and those numbered above the running one: no link ever leads
    /// to them again before they are overwritten. Names that are not numbers are left alone; 0 keeps all.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn prune(&self) -> Result<(), Error> {
        let keep = self.target.keep_generations;
        let Some(current) = self.running.number.filter(|_| keep > 0) else { return Ok(()) };
        for (name, _) in self.root.open_child(".")?.entries()? {
            let Some(found) = name.to_str().and_then(number) else { continue };
            let recent = found < current && current - found < keep;
            if found != current && !recent {
                self.root.remove_all(&name)?;
            }
        }
        Ok(())
    }
}
