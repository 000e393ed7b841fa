//! Running a compiled template.

mod assign;
mod call;
mod expr;
mod lookup;
mod looping;
mod part;
mod support;

use std::rc::Rc;

use super::budget::{Budget, Limits};
use super::error::{Fault, Limit};
use super::ir::{Body, Statement, Stmt, Symbol};
use super::messages::Messages;
use super::objects::{MacroValue, Namespace};
use super::scope::{Origin, Scope};
use crate::value::{Dict, Value};

/// What becomes of undefined variables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Undefined {
    /// Using one is an error that names it; asking whether it is there, is not.
    #[default]
    Error,
    /// They print as nothing and iterate over nothing, as in Jinja2 unless told otherwise.
    Empty,
}

/// What a render is given beside the template.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What becomes of undefined variables.
    pub undefined: Undefined,
    /// What the render may use.
    pub limits: Limits,
    /// The `type`s by which a request's API tells content parts. A client's variable of such a type
    /// is not printed: it becomes the whole of its message.
    pub parts: &'static [&'static str],
}

/// Names that the engine binds itself, where the template reads them.
struct Special {
    loop_: Option<Symbol>,
    caller: Option<Symbol>,
}

/// How deep evaluation may recurse. Each level takes some hundred bytes of a stack that is about
/// 1 MB in Envoy's V8.
const MAX_RECURSION: u32 = 300;

/// One render of one template.
pub(crate) struct Evaluator<'t> {
    pub(crate) budget: Budget,
    undefined: Undefined,
    parts: &'static [&'static str],
    names: &'t [Rc<str>],
    special: Special,
    variables: &'t Dict,
    scope: Rc<Scope>,
    /// The template's own scope, for macros that outlive the one in which they stand.
    root: Rc<Scope>,
    messages: Messages,
    /// Open captures, innermost last. While there is one, output goes there and markers are text.
    captures: Vec<String>,
    /// What the filters of `set` and `filter` blocks are applied to, innermost last.
    captured: Vec<Value>,
    depth: u32,
    /// Namespaces can refer to themselves; they are emptied in the end, so that none leaks.
    namespaces: Vec<Rc<Namespace>>,
}

impl<'t> Evaluator<'t> {
    pub(crate) fn new(names: &'t [Rc<str>], variables: &'t Dict, options: &Options) -> Evaluator<'t> {
        let root = Rc::<Scope>::default();
        let symbol = |name: &str| {
            let index = names.iter().position(|known| &**known == name)?;
            Some(Symbol(u32::try_from(index).ok()?))
        };
        let special = Special { loop_: symbol("loop"), caller: symbol("caller") };
        Evaluator {
            budget: Budget::new(options.limits),
            undefined: options.undefined,
            parts: options.parts,
            names,
            special,
            variables,
            scope: root.clone(),
            root,
            messages: Messages::new(),
            captures: Vec::new(),
            captured: Vec::new(),
            depth: 0,
            namespaces: Vec::new(),
        }
    }

    /// Runs the whole template.
    pub(crate) fn render(mut self, body: &Body) -> Result<Messages, Fault> {
        self.run(body)?;
        Ok(std::mem::replace(&mut self.messages, Messages::new()))
    }

    /// Runs the whole template and takes its output as text: role markers are nothing special.
    pub(crate) fn render_text(mut self, body: &Body) -> Result<String, Fault> {
        self.captures.push(String::new());
        self.run(body)?;
        Ok(self.captures.pop().unwrap_or_default())
    }

    /// Runs `work` one level deeper.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth >= MAX_RECURSION {
            return Err(Limit::Recursion.into());
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    /// Runs `work` with a scope of its own.
    fn scoped<T>(
        &mut self,
        scope: Rc<Scope>,
        work: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let outer = std::mem::replace(&mut self.scope, scope);
        let result = work(self);
        self.scope = outer;
        result
    }

    /// Runs `work` and returns what it wrote.
    fn capture(&mut self, work: impl FnOnce(&mut Self) -> Result<(), Fault>) -> Result<Value, Fault> {
        self.captures.push(String::new());
        let result = work(self);
        let text = self.captures.pop().unwrap_or_default();
        result?;
        self.budget.memory(text.len())?;
        Ok(Value::from(text))
    }

    fn run(&mut self, body: &Body) -> Result<(), Fault> {
        self.deeper(|this| {
            for statement in body {
                this.budget.fuel(1)?;
                this.statement(statement).map_err(|fault| fault.at(statement.offset))?;
            }
            Ok(())
        })
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Fault> {
        match &statement.kind {
            Stmt::Text(text) => match self.captures.last_mut() {
                Some(capture) => {
                    self.budget.memory(text.text.len())?;
                    capture.push_str(&text.text);
                    Ok(())
                }
                None => self.messages.text(text, &self.budget),
            },
            Stmt::Emit(node) => {
                let value = self.eval(node)?;
                match self.part(&value, node)? {
                    Some(part) => self.emit_part(part),
                    None => self.emit(&value),
                }
            }
            Stmt::If(branches, otherwise) => {
                for (condition, body) in branches {
                    if self.eval(condition)?.is_true() {
                        return self.run(body);
                    }
                }
                self.run(otherwise)
            }
            Stmt::For(each) => self.for_loop(each),
            Stmt::With(assignments, body) => {
                // Values see the outer scope, not the assignments beside them.
                let scope = Scope::inside(self.scope.clone());
                for (target, node) in assignments {
                    let value = self.eval(node)?;
                    let origin = self.origin(node);
                    self.assign(&scope, target, value, origin)?;
                }
                self.scoped(scope, |this| this.run(body))
            }
            Stmt::Set(target, node) => {
                let value = self.eval(node)?;
                let origin = self.origin(node);
                let scope = self.scope.clone();
                self.assign(&scope, target, value, origin)
            }
            Stmt::SetBlock(target, filters, body) => {
                let text = self.capture_block(body)?;
                let value = self.filtered(text, filters.as_ref())?;
                let scope = self.scope.clone();
                self.assign(&scope, target, value, Origin::Author)
            }
            Stmt::FilterBlock(filters, body) => {
                let text = self.capture_block(body)?;
                let value = self.filtered(text, Some(filters))?;
                self.emit(&value)
            }
            Stmt::Macro(name, declaration) => {
                let value = MacroValue::new(declaration.clone(), &self.scope);
                self.scope.set(*name, Value::Object(Rc::new(value)), Origin::Author);
                Ok(())
            }
            Stmt::Call(call, caller) => {
                let caller = Value::Object(Rc::new(MacroValue::new(caller.clone(), &self.scope)));
                let value = self.call_with_caller(call, caller)?;
                self.emit(&value)
            }
            Stmt::Do(node) => self.eval(node).map(|_| ()),
            Stmt::Autoescape(enabled, body) => {
                if self.eval(enabled)?.is_true() {
                    return Err(Fault::new(super::error::ErrorKind::Unsupported(
                        "a prompt is not HTML: `autoescape` can't be switched on",
                    )));
                }
                self.run(body)
            }
        }
    }

    /// Captures a block, which has a scope of its own.
    fn capture_block(&mut self, body: &Body) -> Result<Value, Fault> {
        let scope = Scope::inside(self.scope.clone());
        self.capture(|this| this.scoped(scope, |this| this.run(body)))
    }

    fn filtered(&mut self, text: Value, filters: Option<&super::ir::Node>) -> Result<Value, Fault> {
        let Some(filters) = filters else { return Ok(text) };
        self.captured.push(text);
        let result = self.eval(filters);
        self.captured.pop();
        result
    }

    /// Writes a value, which can't open a message.
    fn emit(&mut self, value: &Value) -> Result<(), Fault> {
        self.printable(value)?;
        let printed;
        let text: &str = match value {
            Value::Str(text) => text,
            other => {
                self.budget.memory(other.weight())?;
                printed = other.print();
                &printed
            }
        };
        match self.captures.last_mut() {
            Some(capture) => {
                self.budget.memory(text.len())?;
                capture.push_str(text);
                Ok(())
            }
            None => self.messages.value(text, &self.budget),
        }
    }
}

impl Drop for Evaluator<'_> {
    fn drop(&mut self) {
        for namespace in &self.namespaces {
            namespace.clear();
        }
    }
}
