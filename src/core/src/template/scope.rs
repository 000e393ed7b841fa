//! Where names are bound while a template runs.

use std::cell::RefCell;
use std::rc::Rc;

use super::ir::Symbol;
use crate::value::Value;

/// One level of bindings: the template's, a loop iteration's, a `with` block's, a macro call's.
#[derive(Default)]
pub(crate) struct Scope {
    parent: Option<Rc<Scope>>,
    bindings: RefCell<Vec<Binding>>,
}

struct Binding {
    symbol: Symbol,
    value: Value,
    origin: Origin,
}

/// Where in the client's variables a value came from, so that what is missing below it can be named.
#[derive(Clone, Default)]
pub(crate) enum Origin {
    /// Made by the template.
    #[default]
    Author,
    /// A path into the client's variables.
    Path(Rc<str>),
    /// An item of the list at a path.
    Item(Rc<str>, usize),
}

impl Origin {
    /// The path, written out.
    pub(crate) fn path(&self) -> Option<String> {
        match self {
            Origin::Author => None,
            Origin::Path(path) => Some(path.to_string()),
            Origin::Item(path, index) => Some(format!("{path}[{index}]")),
        }
    }
}

impl Scope {
    /// A scope whose lookups go on in `parent`.
    pub(crate) fn inside(parent: Rc<Scope>) -> Rc<Scope> {
        Rc::new(Scope { parent: Some(parent), bindings: RefCell::default() })
    }

    /// Binds a name in this scope.
    pub(crate) fn set(&self, symbol: Symbol, value: Value, origin: Origin) {
        let mut bindings = self.bindings.borrow_mut();
        match bindings.iter_mut().find(|binding| binding.symbol == symbol) {
            Some(binding) => {
                binding.value = value;
                binding.origin = origin;
            }
            None => bindings.push(Binding { symbol, value, origin }),
        }
    }

    /// The value of a name, from here outwards.
    pub(crate) fn get(&self, symbol: Symbol) -> Option<Value> {
        self.find(symbol, |binding| binding.value.clone())
    }

    /// Where the value of a name came from.
    pub(crate) fn origin(&self, symbol: Symbol) -> Option<Origin> {
        self.find(symbol, |binding| binding.origin.clone())
    }

    fn find<T>(&self, symbol: Symbol, read: impl Fn(&Binding) -> T) -> Option<T> {
        let mut scope = self;
        loop {
            if let Some(binding) = scope.bindings.borrow().iter().find(|binding| binding.symbol == symbol) {
                return Some(read(binding));
            }
            scope = scope.parent.as_deref()?;
        }
    }

    /// Forgets all bindings, so that a loop can use the scope for its next iteration. Does nothing if
    /// somebody else, such as a macro, still refers to it.
    pub(crate) fn reuse(this: &mut Rc<Scope>) -> bool {
        match Rc::get_mut(this) {
            Some(scope) => {
                scope.bindings.get_mut().clear();
                true
            }
            None => false,
        }
    }
}
