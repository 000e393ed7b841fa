//! Walking a compiled template without running it.

use super::super::ir::{Arguments, Body, Expr, Node, Stmt, Symbol};

/// Whether `symbol` is read anywhere in `body`.
pub(in crate::template) fn mentions(body: &Body, symbol: Symbol) -> bool {
    let mut found = false;
    walk_body(body, &mut |node| found |= matches!(node.expr, Expr::Var(read) if read == symbol));
    found
}

/// Calls `visit` with every expression in `body`, outer ones first.
fn walk_body(body: &Body, visit: &mut dyn FnMut(&Node)) {
    for statement in body {
        match &statement.kind {
            Stmt::Text(_) => {}
            Stmt::Emit(node) | Stmt::Do(node) | Stmt::Set(_, node) => walk(node, visit),
            Stmt::If(branches, otherwise) => {
                for (condition, body) in branches {
                    walk(condition, visit);
                    walk_body(body, visit);
                }
                walk_body(otherwise, visit);
            }
            Stmt::For(each) => {
                walk(&each.iter, visit);
                if let Some(condition) = &each.condition {
                    walk(condition, visit);
                }
                walk_body(&each.body, visit);
                walk_body(&each.otherwise, visit);
            }
            Stmt::With(assignments, body) => {
                assignments.iter().for_each(|(_, node)| walk(node, visit));
                walk_body(body, visit);
            }
            Stmt::SetBlock(_, filters, body) => {
                if let Some(filters) = filters {
                    walk(filters, visit);
                }
                walk_body(body, visit);
            }
            Stmt::FilterBlock(node, body) | Stmt::Autoescape(node, body) => {
                walk(node, visit);
                walk_body(body, visit);
            }
            Stmt::Macro(_, declaration) => {
                declaration
                    .parameters
                    .iter()
                    .filter_map(|parameter| parameter.default.as_ref())
                    .for_each(|node| walk(node, visit));
                walk_body(&declaration.body, visit);
            }
            Stmt::Call(node, caller) => {
                walk(node, visit);
                walk_body(&caller.body, visit);
            }
        }
    }
}

/// Calls `visit` with `node` and every expression inside it.
fn walk(node: &Node, visit: &mut dyn FnMut(&Node)) {
    visit(node);
    match &node.expr {
        Expr::Const(_) | Expr::Var(_) | Expr::Captured => {}
        Expr::Attr(operand, _) | Expr::Not(operand) | Expr::Negate(operand) => walk(operand, visit),
        Expr::Item(pair) | Expr::And(pair) | Expr::Or(pair) | Expr::Binary(_, pair) => {
            walk(&pair.0, visit);
            walk(&pair.1, visit);
        }
        Expr::Slice(slice) => {
            walk(&slice.of, visit);
            [&slice.start, &slice.stop, &slice.step].into_iter().flatten().for_each(|node| walk(node, visit));
        }
        Expr::Compare(first, rest) => {
            walk(first, visit);
            rest.iter().for_each(|(_, node)| walk(node, visit));
        }
        Expr::If(if_expr) => {
            walk(&if_expr.condition, visit);
            walk(&if_expr.then, visit);
            if_expr.otherwise.iter().for_each(|node| walk(node, visit));
        }
        Expr::Filter(_, operand, arguments)
        | Expr::Test(_, operand, arguments)
        | Expr::Call(operand, arguments)
        | Expr::MethodCall(operand, _, arguments) => {
            walk(operand, visit);
            walk_arguments(arguments, visit);
        }
        Expr::List(nodes) | Expr::Tuple(nodes) => nodes.iter().for_each(|node| walk(node, visit)),
        Expr::Dict(entries) => {
            for (key, value) in entries {
                walk(key, visit);
                walk(value, visit);
            }
        }
    }
}

fn walk_arguments(arguments: &Arguments, visit: &mut dyn FnMut(&Node)) {
    arguments.positional.iter().for_each(|node| walk(node, visit));
    arguments.named.iter().for_each(|(_, node)| walk(node, visit));
}
