//! From MiniJinja's syntax tree to ours: names become symbols, filters and tests become functions,
//! role markers are found, and what is not supported is refused.

use std::collections::HashMap;
use std::rc::Rc;

use minijinja::machinery::ast;
use minijinja::value::ValueKind;

use super::error::ErrorKind;
use super::ir::*;
use super::literal;
use super::{filters, tests};
use super::{markers, ops};
use crate::value::Value;

/// A node that can't be lowered: what is wrong, and the byte offset where.
pub(super) type LowerError = (ErrorKind, usize);
type Result<T> = std::result::Result<T, LowerError>;

/// A lowered template.
pub(super) struct Lowered {
    pub(super) body: Body,
    /// What its symbols stand for.
    pub(super) names: Vec<Rc<str>>,
    /// How many statements and expressions there are.
    pub(super) nodes: usize,
}

/// Lowers a parsed template.
pub(super) fn lower(source: &str, template: &ast::Stmt<'_>) -> Result<Lowered> {
    let mut lowering = Lowering { source, names: Vec::new(), symbols: HashMap::new(), nodes: 0 };
    let body = match template {
        ast::Stmt::Template(template) => lowering.body(&template.children)?,
        _ => Vec::new(),
    };
    Ok(Lowered { body, names: lowering.names, nodes: lowering.nodes })
}

struct Lowering<'a> {
    source: &'a str,
    names: Vec<Rc<str>>,
    symbols: HashMap<String, Symbol>,
    nodes: usize,
}

fn offset(span: minijinja::machinery::Span) -> u32 {
    span.start_offset
}

fn unsupported<T>(what: &'static str, span: minijinja::machinery::Span) -> Result<T> {
    Err((ErrorKind::Unsupported(what), span.start_offset as usize))
}

impl Lowering<'_> {
    fn symbol(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.symbols.get(name) {
            return *symbol;
        }
        let symbol = Symbol(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(Rc::from(name));
        self.symbols.insert(name.to_owned(), symbol);
        symbol
    }

    fn body(&mut self, statements: &[ast::Stmt<'_>]) -> Result<Body> {
        let mut body = Vec::with_capacity(statements.len());
        for statement in statements {
            body.push(self.statement(statement)?);
        }
        Ok(body)
    }

    fn statement(&mut self, statement: &ast::Stmt<'_>) -> Result<Statement> {
        self.nodes += 1;
        Ok(match statement {
            ast::Stmt::EmitRaw(raw) => {
                // The text is a slice of the source; its place is exact where the token's span may
                // still cover white space that `-%}` removed.
                let at = (raw.raw.as_ptr() as usize).saturating_sub(self.source.as_ptr() as usize);
                Statement { offset: u32::try_from(at).unwrap_or(0), kind: Stmt::Text(markers::text(raw.raw)) }
            }
            ast::Stmt::EmitExpr(emit) => {
                Statement { offset: offset(emit.span()), kind: Stmt::Emit(self.node(&emit.expr)?) }
            }
            ast::Stmt::IfCond(condition) => {
                Statement { offset: offset(condition.span()), kind: self.if_chain(condition)? }
            }
            ast::Stmt::ForLoop(each) => Statement {
                offset: offset(each.span()),
                kind: Stmt::For(Rc::new(For {
                    target: self.target(&each.target)?,
                    iter: self.node(&each.iter)?,
                    condition: each.filter_expr.as_ref().map(|expr| self.node(expr)).transpose()?,
                    recursive: each.recursive,
                    body: self.body(&each.body)?,
                    otherwise: self.body(&each.else_body)?,
                })),
            },
            ast::Stmt::WithBlock(with) => {
                let mut assignments = Vec::with_capacity(with.assignments.len());
                for (target, expr) in &with.assignments {
                    assignments.push((self.target(target)?, self.node(expr)?));
                }
                Statement {
                    offset: offset(with.span()),
                    kind: Stmt::With(assignments, self.body(&with.body)?),
                }
            }
            ast::Stmt::Set(set) => Statement {
                offset: offset(set.span()),
                kind: Stmt::Set(self.target(&set.target)?, self.node(&set.expr)?),
            },
            ast::Stmt::SetBlock(set) => Statement {
                offset: offset(set.span()),
                kind: Stmt::SetBlock(
                    self.target(&set.target)?,
                    set.filter.as_ref().map(|filter| self.node(filter)).transpose()?,
                    self.body(&set.body)?,
                ),
            },
            ast::Stmt::FilterBlock(block) => Statement {
                offset: offset(block.span()),
                kind: Stmt::FilterBlock(self.node(&block.filter)?, self.body(&block.body)?),
            },
            ast::Stmt::AutoEscape(block) => Statement {
                offset: offset(block.span()),
                kind: Stmt::Autoescape(self.node(&block.enabled)?, self.body(&block.body)?),
            },
            ast::Stmt::Macro(declaration) => {
                let name = self.symbol(declaration.name);
                let declared = Rc::new(self.macro_(declaration)?);
                Statement { offset: offset(declaration.span()), kind: Stmt::Macro(name, declared) }
            }
            ast::Stmt::CallBlock(block) => Statement {
                offset: offset(block.span()),
                kind: Stmt::Call(Box::new(self.call(&block.call)?), Rc::new(self.macro_(&block.macro_decl)?)),
            },
            ast::Stmt::Do(call) => {
                Statement { offset: offset(call.span()), kind: Stmt::Do(self.call(&call.call)?) }
            }
            ast::Stmt::Block(block) => {
                return unsupported("`block` is not supported: a prompt is one file", block.span());
            }
            ast::Stmt::Extends(extends) => {
                return unsupported("`extends` is not supported: a prompt is one file", extends.span());
            }
            ast::Stmt::Include(include) => {
                return unsupported("`include` is not supported: a prompt is one file", include.span());
            }
            ast::Stmt::Import(import) => {
                return unsupported("`import` is not supported: a prompt is one file", import.span());
            }
            ast::Stmt::FromImport(import) => {
                return unsupported("`import` is not supported: a prompt is one file", import.span());
            }
            ast::Stmt::Template(template) => {
                return unsupported("a template inside a template", template.span());
            }
        })
    }

    /// An `elif` is an `if` alone in the `else` body; a loop keeps long chains off the stack.
    fn if_chain(&mut self, first: &ast::IfCond<'_>) -> Result<Stmt> {
        let mut branches = Vec::new();
        let mut current = first;
        loop {
            branches.push((self.node(&current.expr)?, self.body(&current.true_body)?));
            match current.false_body.as_slice() {
                [ast::Stmt::IfCond(next)] => current = next,
                otherwise => return Ok(Stmt::If(branches, self.body(otherwise)?)),
            }
        }
    }

    fn target(&mut self, target: &ast::Expr<'_>) -> Result<Target> {
        match target {
            ast::Expr::Var(var) => Ok(Target::Name(self.symbol(var.id))),
            ast::Expr::GetAttr(attr) => match &attr.expr {
                ast::Expr::Var(var) => Ok(Target::Attr(self.symbol(var.id), Rc::from(attr.name))),
                _ => unsupported("only `name` or `namespace.name` can be assigned to", attr.span()),
            },
            ast::Expr::List(list) if list.items.is_empty() => Err((
                ErrorKind::Syntax("expected a name to assign to".to_owned()),
                list.span().start_offset as usize,
            )),
            ast::Expr::List(list) => {
                list.items.iter().map(|item| self.target(item)).collect::<Result<_>>().map(Target::Unpack)
            }
            other => unsupported("only `name` or `namespace.name` can be assigned to", other.span()),
        }
    }

    fn macro_(&mut self, declaration: &ast::Macro<'_>) -> Result<Macro> {
        let first_default = declaration.args.len().saturating_sub(declaration.defaults.len());
        let mut parameters = Vec::with_capacity(declaration.args.len());
        for (position, argument) in declaration.args.iter().enumerate() {
            let ast::Expr::Var(var) = argument else {
                return unsupported("a macro's parameters are names", argument.span());
            };
            let default = match position.checked_sub(first_default) {
                Some(index) => declaration.defaults.get(index).map(|expr| self.node(expr)).transpose()?,
                None => None,
            };
            let name = self.symbol(var.id);
            if parameters.iter().any(|other: &Parameter| other.name == name) {
                return unsupported("a macro has two parameters of the same name", argument.span());
            }
            parameters.push(Parameter { name, default });
        }
        let caller = self.symbol("caller");
        let body = self.body(&declaration.body)?;
        let uses_caller = super::inspect::mentions(&body, caller);
        Ok(Macro { name: Rc::from(declaration.name), parameters, body, uses_caller })
    }

    fn call(&mut self, call: &ast::Spanned<ast::Call<'_>>) -> Result<Node> {
        let arguments = self.arguments(&call.args)?;
        let expr = match &call.expr {
            ast::Expr::GetAttr(attr) => {
                if matches!(&attr.expr, ast::Expr::Var(var) if var.id == "self") {
                    return unsupported("`self` is not supported: a prompt has no blocks", call.span());
                }
                Expr::MethodCall(Box::new(self.node(&attr.expr)?), Rc::from(attr.name), arguments)
            }
            callee => Expr::Call(Box::new(self.node(callee)?), arguments),
        };
        Ok(Node { offset: offset(call.span()), expr })
    }

    fn arguments(&mut self, arguments: &[ast::CallArg<'_>]) -> Result<Arguments> {
        let mut lowered = Arguments::default();
        for argument in arguments {
            match argument {
                ast::CallArg::Pos(expr) => lowered.positional.push(self.node(expr)?),
                ast::CallArg::Kwarg(name, expr) => {
                    if lowered.named.iter().any(|(other, _)| **other == **name) {
                        return unsupported("an argument is given twice", expr.span());
                    }
                    let node = self.node(expr)?;
                    lowered.named.push((Rc::from(*name), node));
                }
                ast::CallArg::PosSplat(expr) | ast::CallArg::KwargSplat(expr) => {
                    return unsupported("`*` and `**` arguments are not supported", expr.span());
                }
            }
        }
        Ok(lowered)
    }

    fn pair(&mut self, left: &ast::Expr<'_>, right: &ast::Expr<'_>) -> Result<Box<(Node, Node)>> {
        Ok(Box::new((self.node(left)?, self.node(right)?)))
    }

    fn nodes(&mut self, exprs: &[ast::Expr<'_>]) -> Result<Vec<Node>> {
        exprs.iter().map(|expr| self.node(expr)).collect()
    }

    fn node(&mut self, expr: &ast::Expr<'_>) -> Result<Node> {
        self.nodes += 1;
        let span = expr.span();
        let lowered = match expr {
            ast::Expr::Var(var) => Expr::Var(self.symbol(var.id)),
            ast::Expr::Const(constant) => Expr::Const(self.constant(&constant.value, span)?),
            ast::Expr::Slice(slice) => Expr::Slice(Box::new(Slice {
                of: self.node(&slice.expr)?,
                start: slice.start.as_ref().map(|expr| self.node(expr)).transpose()?,
                stop: slice.stop.as_ref().map(|expr| self.node(expr)).transpose()?,
                step: slice.step.as_ref().map(|expr| self.node(expr)).transpose()?,
            })),
            ast::Expr::UnaryOp(unary) => {
                let operand = Box::new(self.node(&unary.expr)?);
                match unary.op {
                    ast::UnaryOpKind::Not => Expr::Not(operand),
                    ast::UnaryOpKind::Neg => Expr::Negate(operand),
                }
            }
            ast::Expr::BinOp(binary) => self.binary(binary)?,
            ast::Expr::Compare(compare) => {
                let first = Box::new(self.node(&compare.expr)?);
                let mut rest = Vec::with_capacity(compare.ops.len());
                for operand in &compare.ops {
                    rest.push((compare_op(operand.op), self.node(&operand.expr)?));
                }
                Expr::Compare(first, rest)
            }
            ast::Expr::IfExpr(if_expr) => Expr::If(Box::new(IfExpr {
                condition: self.node(&if_expr.test_expr)?,
                then: self.node(&if_expr.true_expr)?,
                otherwise: if_expr.false_expr.as_ref().map(|expr| self.node(expr)).transpose()?,
            })),
            ast::Expr::Filter(filter) => {
                let Some(function) = filters::lookup(filter.name) else {
                    return Err((
                        ErrorKind::UnknownFilter(filter.name.to_owned()),
                        span.start_offset as usize,
                    ));
                };
                let input = match &filter.expr {
                    Some(expr) => self.node(expr)?,
                    None => Node { offset: offset(span), expr: Expr::Captured },
                };
                Expr::Filter(function, Box::new(input), self.arguments(&filter.args)?)
            }
            ast::Expr::Test(test) => {
                let Some(function) = tests::lookup(test.name) else {
                    return Err((ErrorKind::UnknownTest(test.name.to_owned()), span.start_offset as usize));
                };
                Expr::Test(function, Box::new(self.node(&test.expr)?), self.arguments(&test.args)?)
            }
            ast::Expr::GetAttr(attr) => Expr::Attr(Box::new(self.node(&attr.expr)?), Rc::from(attr.name)),
            ast::Expr::GetItem(item) => Expr::Item(self.pair(&item.expr, &item.subscript_expr)?),
            ast::Expr::Call(call) => return self.call(call),
            ast::Expr::List(list) => Expr::List(self.nodes(&list.items)?),
            ast::Expr::Tuple(tuple) => Expr::Tuple(self.nodes(&tuple.items)?),
            ast::Expr::Map(map) => {
                let mut entries = Vec::with_capacity(map.keys.len());
                for (key, value) in map.keys.iter().zip(&map.values) {
                    entries.push((self.node(key)?, self.node(value)?));
                }
                Expr::Dict(entries)
            }
        };
        Ok(Node { offset: offset(span), expr: lowered })
    }

    fn constant(&self, value: &minijinja::Value, span: minijinja::machinery::Span) -> Result<Value> {
        let range = span.start_offset as usize..span.end_offset as usize;
        match self.source.get(range).filter(|_| value.kind() == ValueKind::String).and_then(literal::string) {
            Some(Ok(text)) => Ok(Value::from(text)),
            Some(Err(error)) => Err((ErrorKind::Syntax(error.to_owned()), span.start_offset as usize)),
            None => constant(value).ok_or((ErrorKind::Invalid(ops::TOO_LARGE), span.start_offset as usize)),
        }
    }

    fn binary(&mut self, binary: &ast::BinOp<'_>) -> Result<Expr> {
        let operands = self.pair(&binary.left, &binary.right)?;
        let arithmetic = match binary.op {
            ast::BinOpKind::ScAnd => return Ok(Expr::And(operands)),
            ast::BinOpKind::ScOr => return Ok(Expr::Or(operands)),
            ast::BinOpKind::Eq => return Ok(compare(CompareOp::Eq, *operands)),
            ast::BinOpKind::Ne => return Ok(compare(CompareOp::Ne, *operands)),
            ast::BinOpKind::Lt => return Ok(compare(CompareOp::Lt, *operands)),
            ast::BinOpKind::Lte => return Ok(compare(CompareOp::Le, *operands)),
            ast::BinOpKind::Gt => return Ok(compare(CompareOp::Gt, *operands)),
            ast::BinOpKind::Gte => return Ok(compare(CompareOp::Ge, *operands)),
            ast::BinOpKind::In => return Ok(compare(CompareOp::In, *operands)),
            ast::BinOpKind::Add => BinaryOp::Add,
            ast::BinOpKind::Sub => BinaryOp::Sub,
            ast::BinOpKind::Mul => BinaryOp::Mul,
            ast::BinOpKind::Div => BinaryOp::Div,
            ast::BinOpKind::FloorDiv => BinaryOp::FloorDiv,
            ast::BinOpKind::Rem => BinaryOp::Rem,
            ast::BinOpKind::Pow => BinaryOp::Pow,
            ast::BinOpKind::Concat => BinaryOp::Concat,
        };
        Ok(Expr::Binary(arithmetic, operands))
    }
}

fn compare(op: CompareOp, (left, right): (Node, Node)) -> Expr {
    Expr::Compare(Box::new(left), vec![(op, right)])
}

fn compare_op(op: ast::CompareOpKind) -> CompareOp {
    match op {
        ast::CompareOpKind::Eq => CompareOp::Eq,
        ast::CompareOpKind::Ne => CompareOp::Ne,
        ast::CompareOpKind::Lt => CompareOp::Lt,
        ast::CompareOpKind::Lte => CompareOp::Le,
        ast::CompareOpKind::Gt => CompareOp::Gt,
        ast::CompareOpKind::Gte => CompareOp::Ge,
        ast::CompareOpKind::In => CompareOp::In,
        ast::CompareOpKind::NotIn => CompareOp::NotIn,
    }
}

/// A literal of the source, as MiniJinja read it.
fn constant(value: &minijinja::Value) -> Option<Value> {
    Some(match value.kind() {
        ValueKind::Bool => Value::Bool(value.is_true()),
        ValueKind::Number if value.is_integer() => Value::Int(i128::try_from(value.clone()).ok()?),
        ValueKind::Number => Value::Float(f64::try_from(value.clone()).unwrap_or(f64::NAN)),
        ValueKind::String => Value::from(value.as_str().unwrap_or_default()),
        _ => Value::None,
    })
}
