//! Assignment to names, to a namespace's attributes and to several at once.

use std::rc::Rc;

use super::Evaluator;
use crate::template::error::Fault;
use crate::template::ir::Target;
use crate::template::objects::Namespace;
use crate::template::scope::{Origin, Scope};
use crate::value::{Key, Value};

impl Evaluator<'_> {
    /// Assigns in `scope`.
    pub(super) fn assign(
        &mut self,
        scope: &Rc<Scope>,
        target: &Target,
        value: Value,
        origin: Origin,
    ) -> Result<(), Fault> {
        match target {
            Target::Name(symbol) => {
                scope.set(*symbol, value, origin);
                Ok(())
            }
            Target::Attr(symbol, name) => {
                let object = self.lookup(*symbol);
                let namespace = object.downcast::<Namespace>().ok_or_else(|| {
                    Fault::invalid("only a namespace's attributes can be set: `{% set ns = namespace() %}`")
                })?;
                self.budget.slots(1)?;
                namespace.set(Key::from(name.clone()), value)?;
                Ok(())
            }
            Target::Unpack(targets) => {
                let items = self.items(&value)?;
                if items.len() != targets.len() {
                    return Err(Fault::invalid("the number of values differs from the number of names"));
                }
                for (index, (target, item)) in targets.iter().zip(items.iter()).enumerate() {
                    let origin = match origin.path() {
                        Some(path) => Origin::Item(Rc::from(path), index),
                        None => Origin::Author,
                    };
                    self.assign(scope, target, item, origin)?;
                }
                Ok(())
            }
        }
    }
}
