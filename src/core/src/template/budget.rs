//! What one render may use. Each budget is charged before the work that it pays for.

use std::cell::Cell;

use super::error::{Fault, Limit};

/// The budgets of one render, in the units of the plugin configuration's `limits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of message text.
    pub rendered: u64,
    /// Bytes of every string, list, mapping and capture that is created, and of what filters and
    /// comparisons walk.
    pub memory: u64,
    /// Evaluation steps: expressions, statements and loop iterations.
    pub fuel: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { rendered: 4 << 20, memory: 8 << 20, fuel: 250_000 }
    }
}

/// What is left of the budgets.
#[derive(Debug)]
pub(crate) struct Budget {
    rendered: Cell<u64>,
    memory: Cell<u64>,
    fuel: Cell<u64>,
}

/// What a list item or a mapping entry costs beside the bytes that it refers to.
pub(crate) const SLOT: usize = size_of::<crate::value::Value>();

impl Budget {
    pub(crate) fn new(limits: Limits) -> Budget {
        Budget {
            rendered: Cell::new(limits.rendered),
            memory: Cell::new(limits.memory),
            fuel: Cell::new(limits.fuel),
        }
    }

    /// Pays for `steps` evaluation steps.
    pub(crate) fn fuel(&self, steps: u64) -> Result<(), Fault> {
        spend(&self.fuel, steps, Limit::Fuel)
    }

    /// Pays for creating or walking `bytes`.
    pub(crate) fn memory(&self, bytes: usize) -> Result<(), Fault> {
        spend(&self.memory, bytes as u64, Limit::Memory)
    }

    /// Pays for a list or mapping of `items` entries.
    pub(crate) fn slots(&self, items: usize) -> Result<(), Fault> {
        self.memory(items.saturating_mul(SLOT))
    }

    /// Pays for `bytes` of message text.
    pub(crate) fn rendered(&self, bytes: usize) -> Result<(), Fault> {
        spend(&self.rendered, bytes as u64, Limit::Rendered)
    }
}

fn spend(account: &Cell<u64>, amount: u64, limit: Limit) -> Result<(), Fault> {
    match account.get().checked_sub(amount) {
        Some(left) => {
            account.set(left);
            Ok(())
        }
        None => {
            account.set(0);
            Err(limit.into())
        }
    }
}
