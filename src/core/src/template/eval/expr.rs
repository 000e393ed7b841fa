//! Evaluating expressions.

use super::Evaluator;
use crate::template::args::Args;
use crate::template::error::Fault;
use crate::template::ir::{Arguments, BinaryOp, CompareOp, Expr, Node};
use crate::template::ops;
use crate::value::{Dict, Key, Value};

impl Evaluator<'_> {
    /// The value of an expression.
    ///
    /// Chains such as `a ~ b ~ c` or `x|f|g` nest to the left, as deep as they are long. They are
    /// walked down to their first operand in a loop, so that only brackets take stack.
    pub(super) fn eval(&mut self, node: &Node) -> Result<Value, Fault> {
        if first_operand(&node.expr).is_none() {
            self.budget.fuel(1)?;
            return self.first(node).map_err(|fault| fault.at(node.offset));
        }
        self.deeper(|this| {
            let mut chain = Vec::with_capacity(4);
            let mut innermost = node;
            while let Some(operand) = first_operand(&innermost.expr) {
                chain.push(innermost);
                innermost = operand;
            }
            this.budget.fuel(1 + chain.len() as u64)?;
            let mut value = this.first(innermost).map_err(|fault| fault.at(innermost.offset))?;
            for link in chain.into_iter().rev() {
                value = this.link(link, value).map_err(|fault| fault.at(link.offset))?;
            }
            Ok(value)
        })
    }

    /// An expression that does not begin with an operand of its own.
    fn first(&mut self, node: &Node) -> Result<Value, Fault> {
        match &node.expr {
            Expr::Const(value) => Ok(value.clone()),
            Expr::Var(symbol) => Ok(self.lookup(*symbol)),
            Expr::Captured => Ok(self.captured.last().cloned().unwrap_or_default()),
            Expr::If(if_expr) => self.deeper(|this| {
                if this.eval(&if_expr.condition)?.is_true() {
                    this.eval(&if_expr.then)
                } else {
                    match &if_expr.otherwise {
                        Some(otherwise) => this.eval(otherwise),
                        None => Ok(Value::Undefined(None)),
                    }
                }
            }),
            Expr::List(nodes) => self.deeper(|this| {
                let items = this.eval_all(nodes)?;
                this.list(items)
            }),
            Expr::Tuple(nodes) => self.deeper(|this| {
                let items = this.eval_all(nodes)?;
                this.tuple(items)
            }),
            Expr::Dict(entries) => self.deeper(|this| {
                let mut dict = Dict::new();
                for (key, value) in entries {
                    let key = this.eval(key)?;
                    this.defined(&key)?;
                    let value = this.eval(value)?;
                    ops::hashes(&this.budget, &key)?;
                    dict.insert(Key::new(key)?, value)?;
                }
                this.dict(dict)
            }),
            // All others have a first operand and are links.
            _ => Ok(Value::None),
        }
    }

    /// The rest of an expression whose first operand is `value`.
    fn link(&mut self, node: &Node, value: Value) -> Result<Value, Fault> {
        match &node.expr {
            Expr::Attr(_, name) => self.attribute(&value, name, node),
            Expr::Item(pair) => {
                let key = self.eval(&pair.1)?;
                self.item(&value, &key, node)
            }
            Expr::Slice(slice) => {
                let mut bound = |node: &Option<Node>| {
                    let bound = node.as_ref().map(|node| self.eval(node)).transpose()?;
                    bound.iter().try_for_each(|value| self.defined(value)).map(|()| bound)
                };
                let (start, stop, step) = (bound(&slice.start)?, bound(&slice.stop)?, bound(&slice.step)?);
                self.defined(&value)?;
                ops::slice(&self.budget, &value, start.as_ref(), stop.as_ref(), step.as_ref())
            }
            Expr::Not(_) => Ok(Value::Bool(!value.is_true())),
            Expr::Negate(_) => {
                self.defined(&value)?;
                ops::negate(&value)
            }
            Expr::And(pair) => {
                if value.is_true() {
                    self.eval(&pair.1)
                } else {
                    Ok(value)
                }
            }
            Expr::Or(pair) => {
                if value.is_true() {
                    Ok(value)
                } else {
                    self.eval(&pair.1)
                }
            }
            Expr::Binary(op, pair) => {
                let right = self.eval(&pair.1)?;
                self.binary(*op, &value, &right)
            }
            Expr::Compare(_, rest) => {
                let mut left = value;
                for (op, node) in rest {
                    let right = self.eval(node)?;
                    if !self.compare(*op, &left, &right)? {
                        return Ok(Value::Bool(false));
                    }
                    left = right;
                }
                Ok(Value::Bool(true))
            }
            Expr::Filter(filter, _, arguments) => {
                let arguments = self.arguments(arguments)?;
                self.walk(&value)?;
                self.walk_arguments(&arguments)?;
                filter(self, value, arguments)
            }
            Expr::Test(test, _, arguments) => {
                let arguments = self.arguments(arguments)?;
                test(self, &value, arguments).map(Value::Bool)
            }
            Expr::Call(_, arguments) => {
                let arguments = self.arguments(arguments)?;
                self.call(&value, arguments)
            }
            Expr::MethodCall(_, name, arguments) => {
                let arguments = self.arguments(arguments)?;
                self.call_method(&value, name, arguments, node)
            }
            _ => Ok(value),
        }
    }

    pub(super) fn eval_all(&mut self, nodes: &[Node]) -> Result<Vec<Value>, Fault> {
        nodes.iter().map(|node| self.eval(node)).collect()
    }

    pub(super) fn arguments(&mut self, arguments: &Arguments) -> Result<Args, Fault> {
        let positional = self.eval_all(&arguments.positional)?;
        let mut named = Vec::with_capacity(arguments.named.len());
        for (name, node) in &arguments.named {
            named.push((name.clone(), self.eval(node)?));
        }
        Ok(Args { positional, named })
    }

    fn binary(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Result<Value, Fault> {
        if op == BinaryOp::Concat {
            let (left, right) = (self.text(left)?, self.text(right)?);
            self.budget.memory(left.len().saturating_add(right.len()))?;
            return Ok(Value::from([left, right].concat()));
        }
        if op == BinaryOp::Rem && matches!(left, Value::Str(_)) {
            return crate::template::format::percent(self, left, right);
        }
        for operand in [left, right] {
            if let Value::Undefined(Some(missing)) = operand {
                return Err(Fault::new(crate::template::ErrorKind::Undefined(missing.clone())));
            }
        }
        ops::arithmetic(&self.budget, op, left, right)
    }

    /// A comparison; undefined operands are an error unless they count as empty.
    pub(crate) fn compare(&mut self, op: CompareOp, left: &Value, right: &Value) -> Result<bool, Fault> {
        self.defined(left)?;
        self.defined(right)?;
        ops::compare(&self.budget, op, left, right)
    }
}

/// The operand with which an expression begins, if it begins with one.
fn first_operand(expr: &Expr) -> Option<&Node> {
    match expr {
        Expr::Attr(operand, _)
        | Expr::Not(operand)
        | Expr::Negate(operand)
        | Expr::Compare(operand, _)
        | Expr::Filter(_, operand, _)
        | Expr::Test(_, operand, _)
        | Expr::Call(operand, _)
        | Expr::MethodCall(operand, _, _) => Some(operand),
        Expr::Item(pair) | Expr::And(pair) | Expr::Or(pair) | Expr::Binary(_, pair) => Some(&pair.0),
        Expr::Slice(slice) => Some(&slice.of),
        _ => None,
    }
}
