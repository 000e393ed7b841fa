//! Calling macros, built-in functions and methods.

use std::rc::Rc;

use super::Evaluator;
use crate::template::args::Args;
use crate::template::error::{ErrorKind, Fault};
use crate::template::ir::{Expr, Node};
use crate::template::objects::{self, LoopValue, MacroValue, Namespace};
use crate::template::scope::{Origin, Scope};
use crate::template::{globals, methods};
use crate::value::Value;

impl Evaluator<'_> {
    /// `value(arguments)`
    pub(crate) fn call(&mut self, value: &Value, arguments: Args) -> Result<Value, Fault> {
        self.defined(value)?;
        if let Some(macro_) = value.downcast::<MacroValue>() {
            return self.call_macro(macro_, arguments, None);
        }
        if let Some(outer) = value.downcast::<LoopValue>() {
            let iterable = arguments.one("iterable")?;
            return self.deeper(|this| this.recurse(outer, &iterable));
        }
        if let Value::Object(object) = value
            && let Some(result) = objects::call(self, &**object, arguments)
        {
            return result;
        }
        Err(Fault::invalid("this value can't be called"))
    }

    /// `value.name(arguments)`: a method, else whatever callable the attribute holds.
    pub(super) fn call_method(
        &mut self,
        value: &Value,
        name: &str,
        arguments: Args,
        node: &Node,
    ) -> Result<Value, Fault> {
        if let Value::Undefined(_) = value {
            self.attribute(value, name, node)?;
        }
        if let Value::Object(object) = value {
            if let Some(attribute) = objects::attribute(&**object, name) {
                return self.call(&attribute, arguments);
            }
            return match objects::call_method(self, &**object, name, arguments) {
                Some(result) => result,
                None => Err(Fault::new(ErrorKind::UnknownMethod(name.to_owned()))),
            };
        }
        self.walk(value)?;
        self.walk_arguments(&arguments)?;
        match methods::call(self, value, name, arguments)? {
            Some(result) => Ok(result),
            None => match value.as_dict().and_then(|dict| dict.get(name)) {
                Some(_) => Err(Fault::invalid("this value can't be called")),
                None => Err(Fault::new(ErrorKind::UnknownMethod(name.to_owned()))),
            },
        }
    }

    /// A call block: the call gets `caller`.
    pub(super) fn call_with_caller(&mut self, call: &Node, caller: Value) -> Result<Value, Fault> {
        let (callee, arguments) = match &call.expr {
            Expr::Call(callee, arguments) => (self.eval(callee)?, arguments),
            Expr::MethodCall(object, name, arguments) => {
                let object = self.eval(object)?;
                (self.attribute(&object, name, call)?, arguments)
            }
            _ => return Err(Fault::invalid("this value can't be called")),
        };
        self.defined(&callee)?;
        let arguments = self.arguments(arguments)?;
        match callee.downcast::<MacroValue>() {
            Some(macro_) => self.call_macro(macro_, arguments, Some(caller)),
            None => Err(Fault::invalid("a `call` block needs a macro")),
        }
        .map_err(|fault| fault.at(call.offset))
    }

    /// Runs a macro and returns what it wrote.
    fn call_macro(
        &mut self,
        value: &MacroValue,
        arguments: Args,
        caller: Option<Value>,
    ) -> Result<Value, Fault> {
        let declaration = value.declaration.clone();
        if arguments.positional.len() > declaration.parameters.len() {
            return Err(Fault::arguments("the macro takes fewer arguments"));
        }
        if caller.is_some() && !declaration.uses_caller {
            return Err(Fault::arguments("the macro does not use `caller`"));
        }
        let around = value.scope.upgrade().unwrap_or_else(|| self.root.clone());
        let scope = Scope::inside(around);
        let mut positional = arguments.positional.into_iter();
        let mut named = arguments.named;
        self.deeper(|this| {
            let inner = scope.clone();
            this.scoped(inner, |this| {
                for parameter in &declaration.parameters {
                    let name = this.names.get(parameter.name.0 as usize).cloned().unwrap_or_default();
                    let by_name =
                        named.iter().position(|(given, _)| *given == name).map(|at| named.swap_remove(at).1);
                    let value = match (positional.next(), by_name, &parameter.default) {
                        (Some(_), Some(_), _) => return Err(Fault::arguments("an argument is given twice")),
                        (Some(value), None, _) | (None, Some(value), _) => value,
                        (None, None, Some(default)) => this.eval(default)?,
                        (None, None, None) => Value::missing_by_author(&*name),
                    };
                    scope.set(parameter.name, value, Origin::Author);
                }
                if !named.is_empty() {
                    return Err(Fault::arguments("the macro has no parameter of that name"));
                }
                if let (Some(caller), Some(symbol)) = (caller, this.special.caller) {
                    scope.set(symbol, caller, Origin::Author);
                }
                this.capture(|this| this.run(&declaration.body))
            })
        })
    }

    /// `namespace(…)`: remembered, so that it can be emptied when the render ends.
    pub(crate) fn namespace(&mut self, namespace: Namespace) -> Value {
        let namespace = Rc::new(namespace);
        self.namespaces.push(namespace.clone());
        Value::Object(namespace)
    }

    /// A built-in function.
    pub(crate) fn call_builtin(
        &mut self,
        builtin: globals::Builtin,
        arguments: Args,
    ) -> Result<Value, Fault> {
        globals::call(self, builtin, arguments)
    }
}
