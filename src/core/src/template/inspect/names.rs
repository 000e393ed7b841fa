//! Which names a template reads, and which it defines.

use std::collections::HashSet;

use minijinja::machinery::{Span, ast};

use super::super::globals::is_builtin;
use super::{Inspection, Name, Read, Site};

/// Tests that may be asked of something undefined.
pub(super) const TESTS_OF_THE_UNDEFINED: [&str; 14] = [
    "boolean",
    "callable",
    "defined",
    "false",
    "float",
    "integer",
    "mapping",
    "none",
    "number",
    "sameas",
    "sequence",
    "string",
    "true",
    "undefined",
];

/// Finds the names of a parsed template.
pub(super) fn collect(site: &Site<'_>, template: &ast::Stmt<'_>, inspection: &mut Inspection) {
    let ast::Stmt::Template(template) = template else { return };
    let mut names = Names { site, scopes: vec![HashSet::new()], guards: Vec::new(), inspection };
    // A macro sees what the template defines at its top, also behind the macro.
    let mut late = HashSet::new();
    top_level(&template.children, &mut late);
    names.body(&template.children, &late);
}

/// The names that statements define in their own scope, those of `if` branches included.
fn top_level<'t>(statements: &'t [ast::Stmt<'_>], names: &mut HashSet<&'t str>) {
    for statement in statements {
        match statement {
            ast::Stmt::Set(set) => targets(&set.target, &mut |name, _| {
                names.insert(name);
            }),
            ast::Stmt::SetBlock(set) => targets(&set.target, &mut |name, _| {
                names.insert(name);
            }),
            ast::Stmt::Macro(declaration) => {
                names.insert(declaration.name);
            }
            ast::Stmt::IfCond(condition) => {
                top_level(&condition.true_body, names);
                top_level(&condition.false_body, names);
            }
            _ => {}
        }
    }
}

/// The names that an assignment defines; `namespace.name` defines none.
fn targets<'t>(target: &'t ast::Expr<'_>, found: &mut dyn FnMut(&'t str, Span)) {
    match target {
        ast::Expr::Var(var) => found(var.id, var.span()),
        ast::Expr::List(list) => list.items.iter().for_each(|item| targets(item, found)),
        ast::Expr::Tuple(tuple) => tuple.items.iter().for_each(|item| targets(item, found)),
        _ => {}
    }
}

struct Names<'w, 's> {
    site: &'w Site<'s>,
    scopes: Vec<HashSet<String>>,
    /// Variables that are known to be there, as far as the enclosing conditions tell.
    guards: Vec<String>,
    inspection: &'w mut Inspection,
}

impl Names<'_, '_> {
    fn define(&mut self, name: &str, span: Span) {
        let place = self.site.place(span.start_offset as usize);
        self.inspection.defined.push(Name { name: name.to_owned(), place });
        self.hide(name);
    }

    /// Makes a name the template's own from here on.
    fn hide(&mut self, name: &str) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.to_owned());
        }
    }

    fn define_targets(&mut self, target: &ast::Expr<'_>) {
        let mut found = Vec::new();
        targets(target, &mut |name, span| found.push((name, span)));
        found.into_iter().for_each(|(name, span)| self.define(name, span));
    }

    fn scoped(&mut self, work: impl FnOnce(&mut Self)) {
        self.scopes.push(HashSet::new());
        work(self);
        self.scopes.pop();
    }

    fn guarded(&mut self, guards: Vec<String>, work: impl FnOnce(&mut Self)) {
        let before = self.guards.len();
        self.guards.extend(guards);
        work(self);
        self.guards.truncate(before);
    }

    fn body(&mut self, statements: &[ast::Stmt<'_>], late: &HashSet<&str>) {
        for statement in statements {
            self.statement(statement, late);
        }
    }

    fn statement(&mut self, statement: &ast::Stmt<'_>, late: &HashSet<&str>) {
        match statement {
            ast::Stmt::EmitExpr(emit) => self.strict(&emit.expr),
            ast::Stmt::IfCond(condition) => {
                self.lenient(&condition.expr);
                let met = self.branch(guards(&condition.expr, true), &condition.true_body, late);
                let unmet = self.branch(guards(&condition.expr, false), &condition.false_body, late);
                // What one branch only defines may still be the client's.
                met.intersection(&unmet).for_each(|name| self.hide(name));
            }
            ast::Stmt::ForLoop(each) => {
                self.strict(&each.iter);
                self.scoped(|names| {
                    names.define_targets(&each.target);
                    names.hide("loop");
                    let mut known = Vec::new();
                    if let Some(condition) = &each.filter_expr {
                        names.lenient(condition);
                        known = guards(condition, true);
                    }
                    names.guarded(known, |names| names.body(&each.body, late));
                });
                self.scoped(|names| names.body(&each.else_body, late));
            }
            ast::Stmt::WithBlock(with) => self.scoped(|names| {
                for (target, value) in &with.assignments {
                    names.strict(value);
                    names.define_targets(target);
                }
                names.body(&with.body, late);
            }),
            ast::Stmt::Set(set) => {
                self.strict(&set.expr);
                if matches!(set.target, ast::Expr::GetAttr(_)) {
                    self.strict(&set.target);
                }
                self.define_targets(&set.target);
            }
            ast::Stmt::SetBlock(set) => {
                set.filter.iter().for_each(|filter| self.strict(filter));
                self.scoped(|names| names.body(&set.body, late));
                self.define_targets(&set.target);
            }
            ast::Stmt::FilterBlock(block) => {
                self.strict(&block.filter);
                self.scoped(|names| names.body(&block.body, late));
            }
            ast::Stmt::AutoEscape(block) => self.body(&block.body, late),
            ast::Stmt::Macro(declaration) => {
                self.define(declaration.name, declaration.span());
                self.macro_(declaration, late);
            }
            ast::Stmt::CallBlock(block) => {
                self.call(&block.call);
                self.macro_(&block.macro_decl, late);
            }
            ast::Stmt::Do(call) => self.call(&call.call),
            _ => {}
        }
    }

    /// A branch of an `if`; returns the names that it defines.
    fn branch(
        &mut self,
        known: Vec<String>,
        body: &[ast::Stmt<'_>],
        late: &HashSet<&str>,
    ) -> HashSet<String> {
        self.scopes.push(HashSet::new());
        self.guarded(known, |names| names.body(body, late));
        self.scopes.pop().unwrap_or_default()
    }

    fn macro_(&mut self, declaration: &ast::Macro<'_>, late: &HashSet<&str>) {
        declaration.defaults.iter().for_each(|default| self.strict(default));
        self.scoped(|names| {
            late.iter().for_each(|name| names.hide(name));
            ["caller", "varargs", "kwargs"].into_iter().for_each(|name| names.hide(name));
            declaration.args.iter().for_each(|parameter| names.define_targets(parameter));
            names.body(&declaration.body, late);
        });
    }

    /// An expression whose undefined value is an error.
    fn strict(&mut self, expr: &ast::Expr<'_>) {
        self.expr(expr, false);
    }

    /// An expression whose value may be undefined.
    fn lenient(&mut self, expr: &ast::Expr<'_>) {
        self.expr(expr, true);
    }

    fn read(&mut self, name: &str, span: Span, guarded: bool, called: bool) {
        // A built-in function can only be called; by any other use a variable of that name is meant.
        if (called && is_builtin(name)) || self.scopes.iter().any(|scope| scope.contains(name)) {
            return;
        }
        let guarded = guarded || self.guards.iter().any(|known| known == name);
        let place = self.site.place(span.start_offset as usize);
        self.inspection.reads.push(Read { name: name.to_owned(), place, guarded, called });
    }

    fn expr(&mut self, expr: &ast::Expr<'_>, lenient: bool) {
        match expr {
            ast::Expr::Var(var) => self.read(var.id, var.span(), lenient, false),
            ast::Expr::Const(_) => {}
            ast::Expr::Slice(slice) => {
                self.strict(&slice.expr);
                [&slice.start, &slice.stop, &slice.step]
                    .into_iter()
                    .flatten()
                    .for_each(|part| self.strict(part));
            }
            ast::Expr::UnaryOp(unary) => self.expr(&unary.expr, matches!(unary.op, ast::UnaryOpKind::Not)),
            ast::Expr::BinOp(binary) => self.binary(binary, lenient),
            ast::Expr::Compare(compare) => {
                self.strict(&compare.expr);
                compare.ops.iter().for_each(|operand| self.strict(&operand.expr));
            }
            ast::Expr::IfExpr(choice) => {
                self.lenient(&choice.test_expr);
                self.guarded(guards(&choice.test_expr, true), |names| names.expr(&choice.true_expr, lenient));
                if let Some(otherwise) = &choice.false_expr {
                    self.guarded(guards(&choice.test_expr, false), |names| names.expr(otherwise, lenient));
                }
            }
            ast::Expr::Filter(filter) => {
                if let Some(input) = &filter.expr {
                    self.expr(input, matches!(filter.name, "default" | "d"));
                }
                self.arguments(&filter.args);
            }
            ast::Expr::Test(test) => {
                self.expr(&test.expr, TESTS_OF_THE_UNDEFINED.contains(&test.name));
                self.arguments(&test.args);
            }
            ast::Expr::GetAttr(attribute) => self.strict(&attribute.expr),
            ast::Expr::GetItem(item) => {
                self.strict(&item.expr);
                self.strict(&item.subscript_expr);
            }
            ast::Expr::Call(call) => self.call(call),
            ast::Expr::List(list) => list.items.iter().for_each(|item| self.strict(item)),
            ast::Expr::Tuple(tuple) => tuple.items.iter().for_each(|item| self.strict(item)),
            ast::Expr::Map(map) => map.keys.iter().chain(&map.values).for_each(|item| self.strict(item)),
        }
    }

    fn binary(&mut self, binary: &ast::BinOp<'_>, lenient: bool) {
        match binary.op {
            ast::BinOpKind::ScOr => {
                self.lenient(&binary.left);
                self.guarded(guards(&binary.left, false), |names| names.expr(&binary.right, lenient));
            }
            ast::BinOpKind::ScAnd => {
                self.expr(&binary.left, lenient);
                self.guarded(guards(&binary.left, true), |names| names.expr(&binary.right, lenient));
            }
            _ => {
                self.strict(&binary.left);
                self.strict(&binary.right);
            }
        }
    }

    fn call(&mut self, call: &ast::Spanned<ast::Call<'_>>) {
        match &call.expr {
            ast::Expr::Var(var) => self.read(var.id, var.span(), false, true),
            ast::Expr::GetAttr(attribute) => {
                // The span begins somewhere in the operand; it ends with the name.
                let end = attribute.span().end_offset as usize;
                let place = self.site.place(end.saturating_sub(attribute.name.len()));
                self.inspection.methods.push(Name { name: attribute.name.to_owned(), place });
                self.strict(&attribute.expr);
            }
            other => self.strict(other),
        }
        self.arguments(&call.args);
    }

    fn arguments(&mut self, arguments: &[ast::CallArg<'_>]) {
        for argument in arguments {
            match argument {
                ast::CallArg::Pos(expr)
                | ast::CallArg::Kwarg(_, expr)
                | ast::CallArg::PosSplat(expr)
                | ast::CallArg::KwargSplat(expr) => self.strict(expr),
            }
        }
    }
}

/// The variables that are there if a condition turns out as `outcome`.
fn guards(condition: &ast::Expr<'_>, outcome: bool) -> Vec<String> {
    match condition {
        ast::Expr::Var(var) if outcome => vec![var.id.to_owned()],
        ast::Expr::UnaryOp(unary) if matches!(unary.op, ast::UnaryOpKind::Not) => {
            guards(&unary.expr, !outcome)
        }
        ast::Expr::BinOp(binary) => match (&binary.op, outcome) {
            // Both hold, or neither does; else only what both sides have in common is known.
            (ast::BinOpKind::ScAnd, true) | (ast::BinOpKind::ScOr, false) => {
                let mut known = guards(&binary.left, outcome);
                known.extend(guards(&binary.right, outcome));
                known
            }
            (ast::BinOpKind::ScAnd, false) | (ast::BinOpKind::ScOr, true) => {
                let right = guards(&binary.right, outcome);
                guards(&binary.left, outcome).into_iter().filter(|name| right.contains(name)).collect()
            }
            _ => Vec::new(),
        },
        ast::Expr::Test(test) => match &test.expr {
            ast::Expr::Var(var) if outcome != (test.name == "undefined") => {
                // "Is not a string" may still be undefined; "is not undefined" may not.
                if outcome || test.name == "undefined" { vec![var.id.to_owned()] } else { Vec::new() }
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
