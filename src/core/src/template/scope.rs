//! Where names are bound while a template runs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::ir::Symbol;
use crate::value::Value;

/// One level of bindings: the template's, a loop iteration's, a `with` block's, a macro call's.
#[derive(Default)]
pub(crate) struct Scope {
    parent: Option<Rc<Scope>>,
    bindings: RefCell<Bindings>,
}

/// Bindings in the order in which they were made; a few are found by looking at each.
#[derive(Default)]
struct Bindings {
    list: Vec<Binding>,
    /// Where each stands, once there are more than [`FEW`].
    index: HashMap<Symbol, usize>,
}

/// Looking at so many bindings is as fast as hashing a symbol.
const FEW: usize = 16;

impl Bindings {
    fn position(&self, symbol: Symbol) -> Option<usize> {
        if self.list.len() <= FEW {
            self.list.iter().position(|binding| binding.symbol == symbol)
        } else {
            self.index.get(&symbol).copied()
        }
    }

    fn push(&mut self, binding: Binding) {
        self.list.push(binding);
        if self.list.len() > FEW {
            let known = self.index.len();
            let new = self.list.iter().enumerate().skip(known).map(|(at, binding)| (binding.symbol, at));
            self.index.extend(new);
        }
    }

    fn clear(&mut self) {
        self.list.clear();
        self.index.clear();
    }
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
        let binding = Binding { symbol, value, origin };
        let position = bindings.position(symbol);
        match position.and_then(|position| bindings.list.get_mut(position)) {
            Some(known) => *known = binding,
            None => bindings.push(binding),
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
            let bindings = scope.bindings.borrow();
            if let Some(binding) = bindings.position(symbol).and_then(|position| bindings.list.get(position))
            {
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
