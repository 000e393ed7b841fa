//! Values with behaviour of their own: macros, `loop`, namespaces, cyclers, joiners, functions.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::args::Args;
use super::error::Fault;
use super::eval::Evaluator;
use super::globals::Builtin;
use super::ir::{CompareOp, For, Macro};
use super::items::Items;
use super::scope::Scope;
use crate::value::{Dict, Key, Object, TooDeep, Value};

macro_rules! object {
    ($type:ty, $name:literal) => {
        impl Object for $type {
            fn type_name(&self) -> &'static str {
                $name
            }

            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
        }
    };
}

object!(LoopValue, "loop");
object!(Namespace, "namespace");
object!(Cycler, "cycler");
object!(Joiner, "joiner");
object!(Builtin, "function");

/// A macro, or the body of a `call` block.
pub(crate) struct MacroValue {
    pub(crate) declaration: Rc<Macro>,
    /// Where it was declared. The scope owns the macro, not the other way round.
    pub(crate) scope: Weak<Scope>,
}

impl Object for MacroValue {
    fn type_name(&self) -> &'static str {
        "macro"
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn print(&self) -> String {
        format!("<Macro '{}'>", self.declaration.name)
    }
}

impl MacroValue {
    pub(crate) fn new(declaration: Rc<Macro>, scope: &Rc<Scope>) -> MacroValue {
        MacroValue { declaration, scope: Rc::downgrade(scope) }
    }
}

/// The `loop` variable.
pub(crate) struct LoopValue {
    pub(crate) items: Items,
    index: Cell<usize>,
    /// From 1; grows with each `loop()`.
    pub(crate) depth: usize,
    /// What `loop()` runs.
    pub(crate) recursive: Option<Rc<For>>,
    /// The scope in which the loop stands.
    pub(crate) around: Weak<Scope>,
    last_changed: RefCell<Option<Vec<Value>>>,
}

impl LoopValue {
    pub(crate) fn new(
        items: Items,
        depth: usize,
        recursive: Option<Rc<For>>,
        around: Weak<Scope>,
    ) -> LoopValue {
        LoopValue { items, index: Cell::new(0), depth, recursive, around, last_changed: RefCell::default() }
    }

    pub(crate) fn advance(&self, index: usize) {
        self.index.set(index);
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        let (index, length) = (self.index.get(), self.items.len());
        Some(match name {
            "index" => Value::from(index + 1),
            "index0" => Value::from(index),
            "revindex" => Value::from(length.saturating_sub(index)),
            "revindex0" => Value::from(length.saturating_sub(index + 1)),
            "first" => Value::Bool(index == 0),
            "last" => Value::Bool(index + 1 == length),
            "length" => Value::from(length),
            "depth" => Value::from(self.depth),
            "depth0" => Value::from(self.depth.saturating_sub(1)),
            "previtem" => match index.checked_sub(1).and_then(|index| self.items.get(index)) {
                Some(item) => item,
                None => Value::missing_by_author("loop.previtem"),
            },
            "nextitem" => match self.items.get(index + 1) {
                Some(item) => item,
                None => Value::missing_by_author("loop.nextitem"),
            },
            _ => return None,
        })
    }

    /// `loop.changed(…)`: whether the arguments differ from those of the call before.
    fn changed(&self, evaluator: &mut Evaluator<'_>, values: Vec<Value>) -> Result<Value, Fault> {
        for value in &values {
            evaluator.budget.memory(value.weight())?;
        }
        // An object kept here could refer back to this loop and would never be freed.
        if values.iter().any(holds_object) {
            return Err(Fault::invalid("`loop.changed` compares plain values"));
        }
        let last = self.last_changed.borrow_mut().take();
        let same = match &last {
            Some(last) if last.len() == values.len() => {
                let mut same = true;
                for (last, value) in last.iter().zip(&values) {
                    same = same && evaluator.compare(CompareOp::Eq, last, value)?;
                }
                same
            }
            _ => false,
        };
        *self.last_changed.borrow_mut() = Some(values);
        Ok(Value::Bool(!same))
    }
}

fn holds_object(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::List(list) | Value::Tuple(list) => list.items().iter().any(holds_object),
        Value::Dict(dict) => dict.values().any(holds_object),
        _ => false,
    }
}

/// `namespace()`: attributes that can be set from inner scopes.
#[derive(Default)]
pub(crate) struct Namespace(RefCell<Dict>);

impl Namespace {
    pub(crate) fn new(attributes: Dict) -> Namespace {
        Namespace(RefCell::new(attributes))
    }

    pub(crate) fn set(&self, name: Key, value: Value) -> Result<(), TooDeep> {
        self.0.borrow_mut().insert(name, value)
    }

    /// Drops all attributes, so that a namespace that holds itself is freed.
    pub(crate) fn clear(&self) {
        let attributes = self.0.take();
        drop(attributes);
    }
}

/// `cycler(…)`
pub(crate) struct Cycler {
    pub(crate) items: Vec<Value>,
    pub(crate) next: Cell<usize>,
}

impl Cycler {
    fn current(&self) -> Value {
        self.items.get(self.next.get()).cloned().unwrap_or_default()
    }
}

/// `joiner(…)`: nothing the first time, the separator afterwards.
pub(crate) struct Joiner {
    pub(crate) separator: Value,
    pub(crate) used: Cell<bool>,
}

fn as_a<T: Object>(object: &dyn Object) -> Option<&T> {
    object.as_any().downcast_ref()
}

/// `object.name`
pub(crate) fn attribute(object: &dyn Object, name: &str) -> Option<Value> {
    if let Some(loop_value) = as_a::<LoopValue>(object) {
        return loop_value.attribute(name);
    }
    if let Some(namespace) = as_a::<Namespace>(object) {
        return namespace.0.borrow().get(name).cloned();
    }
    if let Some(macro_) = as_a::<MacroValue>(object) {
        return (name == "name").then(|| Value::Str(macro_.declaration.name.clone()));
    }
    if let Some(cycler) = as_a::<Cycler>(object) {
        return match name {
            "current" => Some(cycler.current()),
            "pos" => Some(Value::from(cycler.next.get())),
            _ => None,
        };
    }
    None
}

/// `object(arguments)`, for objects that are neither macros nor loops; none if it can't be called.
pub(crate) fn call(
    evaluator: &mut Evaluator<'_>,
    object: &dyn Object,
    arguments: Args,
) -> Option<Result<Value, Fault>> {
    if let Some(joiner) = as_a::<Joiner>(object) {
        return Some(
            arguments
                .none()
                .map(|()| if joiner.used.replace(true) { joiner.separator.clone() } else { Value::from("") }),
        );
    }
    as_a::<Builtin>(object).map(|builtin| evaluator.call_builtin(*builtin, arguments))
}

/// `object.name(arguments)`, for names that are no attributes; none if there is no such method.
pub(crate) fn call_method(
    evaluator: &mut Evaluator<'_>,
    object: &dyn Object,
    name: &str,
    arguments: Args,
) -> Option<Result<Value, Fault>> {
    if let Some(loop_value) = as_a::<LoopValue>(object) {
        return match name {
            "cycle" => Some(cycle(loop_value.index.get(), arguments)),
            "changed" => Some(loop_value.changed(evaluator, arguments.positional)),
            _ => None,
        };
    }
    let cycler = as_a::<Cycler>(object)?;
    match name {
        "next" => Some(arguments.none().map(|()| {
            let current = cycler.current();
            cycler.next.set((cycler.next.get() + 1) % cycler.items.len().max(1));
            current
        })),
        "reset" => Some(arguments.none().map(|()| {
            cycler.next.set(0);
            Value::None
        })),
        _ => None,
    }
}

fn cycle(index: usize, arguments: Args) -> Result<Value, Fault> {
    let count = arguments.positional.len();
    if count == 0 || !arguments.named.is_empty() {
        return Err(Fault::arguments("`loop.cycle` takes the values to go through"));
    }
    Ok(arguments.positional.into_iter().nth(index % count).unwrap_or_default())
}
