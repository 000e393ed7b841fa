//! Names, attributes, items and slices; naming what is missing.

use std::fmt::Write as _;
use std::rc::Rc;

use super::Evaluator;
use crate::template::error::Fault;
use crate::template::ir::{Expr, Node, Symbol};
use crate::template::scope::Origin;
use crate::template::{globals, methods, objects, ops};
use crate::value::{Missing, Value};

impl Evaluator<'_> {
    fn name(&self, symbol: Symbol) -> &str {
        self.names.get(symbol.0 as usize).map_or("", |name| name)
    }

    /// The value of a name: bound by the template, sent by the client, or built in.
    pub(super) fn lookup(&self, symbol: Symbol) -> Value {
        if let Some(value) = self.scope.get(symbol) {
            return value;
        }
        let name = self.name(symbol);
        if let Some(value) = self.variables.get(name) {
            return value.clone();
        }
        globals::lookup(name).unwrap_or_else(|| match name {
            // What a template only has inside of a loop or macro is not the client's to send.
            "loop" | "caller" => Value::missing_by_author(name),
            _ => Value::missing(name),
        })
    }

    /// `value.name`: a mapping's key, an object's attribute.
    pub(super) fn attribute(&mut self, value: &Value, name: &str, node: &Node) -> Result<Value, Fault> {
        self.defined_base(value)?;
        let found = match value {
            Value::Dict(dict) => dict.get(name).cloned(),
            Value::Tuple(tuple) => tuple.attribute(name).cloned(),
            Value::Object(object) => objects::attribute(&**object, name),
            other => methods::attribute(other, name),
        };
        Ok(found.unwrap_or_else(|| self.missing(node)))
    }

    /// `value[key]`
    pub(super) fn item(&mut self, value: &Value, key: &Value, node: &Node) -> Result<Value, Fault> {
        self.defined_base(value)?;
        self.defined(key)?;
        if let (Value::Object(object), Value::Str(name)) = (value, key) {
            return Ok(objects::attribute(&**object, name).unwrap_or_else(|| self.missing(node)));
        }
        let found = ops::item(&self.budget, value, key)?;
        Ok(found.unwrap_or_else(|| self.missing(node)))
    }

    /// The undefined value that `node` evaluates to, with the name by which the client knows it.
    fn missing(&self, node: &Node) -> Value {
        match self.path(node) {
            // Python's own attributes, out of reach as in Jinja2's sandbox.
            _ if matches!(&node.expr, Expr::Attr(_, name) if name.starts_with("__")) => {
                Value::missing_by_author(self.source_path(node))
            }
            Some(path) => Value::missing(path),
            None => Value::missing_by_author(self.source_path(node)),
        }
    }

    /// An attribute of something undefined: the shorter path is what is missing.
    fn defined_base(&self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::Undefined(Some(missing)) => {
                Err(Fault::new(crate::template::ErrorKind::Undefined(missing.clone())))
            }
            Value::Undefined(None) => Err(Fault::invalid("an `if` without `else` gave nothing to look into")),
            _ => Ok(()),
        }
    }

    /// Where an expression's value comes from, as far as it is a path.
    pub(super) fn origin(&self, node: &Node) -> Origin {
        match node.expr {
            Expr::Var(_) | Expr::Attr(..) | Expr::Item(..) => {
                self.path(node).map_or(Origin::Author, |path| Origin::Path(Rc::from(path)))
            }
            _ => Origin::Author,
        }
    }

    /// The path of `node` into the client's variables; none if its value is of the author's making.
    fn path(&self, node: &Node) -> Option<String> {
        let mut steps = Vec::new();
        let mut node = node;
        let mut path = loop {
            match &node.expr {
                Expr::Var(symbol) => {
                    break match self.scope.origin(*symbol) {
                        Some(origin) => origin.path()?,
                        None => self.name(*symbol).to_owned(),
                    };
                }
                Expr::Attr(base, name) => {
                    steps.push(Step::Name(name));
                    node = base;
                }
                Expr::Item(pair) => {
                    steps.push(match &pair.1.expr {
                        Expr::Const(Value::Str(name)) => Step::Name(name),
                        Expr::Const(Value::Int(index)) => Step::Index(*index),
                        _ => return None,
                    });
                    node = &pair.0;
                }
                _ => return None,
            }
        };
        for step in steps.iter().rev() {
            let _ = match step {
                Step::Name(name) => write!(path, ".{name}"),
                Step::Index(index) => write!(path, "[{index}]"),
            };
        }
        Some(path)
    }

    /// How `node` reads in the template, for the author's eyes.
    fn source_path(&self, node: &Node) -> String {
        match &node.expr {
            Expr::Var(symbol) => self.name(*symbol).to_owned(),
            Expr::Attr(base, name) => format!("{}.{name}", self.source_path(base)),
            Expr::Item(pair) => format!("{}[…]", self.source_path(&pair.0)),
            _ => "(…)".to_owned(),
        }
    }

    /// Checks that a value is there, where one is needed.
    pub(crate) fn defined(&self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::Undefined(missing) => self.complain(missing.as_ref()),
            _ => Ok(()),
        }
    }

    /// Checks that a value is there, and all that it holds, before it is printed.
    pub(super) fn printable(&self, value: &Value) -> Result<(), Fault> {
        self.complain(value.missing_inside())
    }

    fn complain(&self, missing: Option<&Rc<Missing>>) -> Result<(), Fault> {
        match missing {
            Some(missing) if self.undefined == super::Undefined::Error => {
                Err(Fault::new(crate::template::ErrorKind::Undefined(missing.clone())))
            }
            _ => Ok(()),
        }
    }
}

enum Step<'a> {
    Name(&'a str),
    Index(i128),
}
