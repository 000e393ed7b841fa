//! The arguments of a call.

use std::rc::Rc;

use super::error::Fault;
use crate::value::Value;

/// Evaluated arguments.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) positional: Vec<Value>,
    pub(crate) named: Vec<(Rc<str>, Value)>,
}

impl Args {
    /// Positional arguments only.
    pub(crate) fn positional(values: Vec<Value>) -> Args {
        Args { positional: values, named: Vec::new() }
    }

    /// Binds the arguments to parameter names, as Python does: by position, then by name.
    pub(crate) fn bind<const N: usize>(self, names: [&str; N]) -> Result<[Option<Value>; N], Fault> {
        if self.positional.len() > N {
            return Err(Fault::arguments("too many arguments"));
        }
        let mut bound = [const { None }; N];
        for (slot, value) in bound.iter_mut().zip(self.positional) {
            *slot = Some(value);
        }
        for (name, value) in self.named {
            let slot = names
                .iter()
                .position(|known| *known == &*name)
                .and_then(|index| bound.get_mut(index))
                .ok_or_else(|| Fault::arguments("unknown keyword argument"))?;
            if slot.replace(value).is_some() {
                return Err(Fault::arguments("an argument is given twice"));
            }
        }
        Ok(bound)
    }

    /// No arguments are accepted.
    pub(crate) fn none(self) -> Result<(), Fault> {
        self.bind::<0>([]).map(|_| ())
    }

    /// Exactly one argument, called `name`.
    pub(crate) fn one(self, name: &str) -> Result<Value, Fault> {
        let [value] = self.bind([name])?;
        required(value)
    }
}

/// An argument that has no default.
pub(crate) fn required(value: Option<Value>) -> Result<Value, Fault> {
    value.ok_or_else(|| Fault::arguments("an argument is missing"))
}
