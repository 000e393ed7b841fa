use std::cell::Cell;
use std::cmp::Ordering;

use super::node::{Bound, Node, types_of_any};
use super::types::Types;
use super::view::View;
use super::violation::Violation;
use crate::value::{Dict, Value};

/// Names longer than this are cut in paths: a client's own key can be of any length.
const MAX_NAME: usize = 64;

/// A walk over a value that keeps the violation which is nearest to the top.
pub(super) struct Checker<'v> {
    path: Vec<Step<'v>>,
    nearest: Option<Found>,
    /// Whether only the outcome is asked for. Alternatives are tried so, and such a walk ends with
    /// what it finds first: explaining each would take exponential time where alternatives nest.
    silent: bool,
    /// Whether variables may be missing at the top.
    partial: bool,
    /// What is left of the steps that the whole check may take.
    fuel: &'v Cell<u64>,
}

#[derive(Clone, Copy)]
enum Step<'v> {
    Key(&'v str),
    Index(usize),
}

struct Found {
    /// Shorter paths first, and what is missing before what is wrong.
    rank: (usize, bool),
    violation: Violation,
}

/// Checks variables within `fuel` steps; with `partial` they need not be all there.
pub(super) fn check(root: &Node, variables: &Dict, partial: bool, fuel: u64) -> Result<(), Violation> {
    let fuel = Cell::new(fuel);
    let mut checker = Checker { path: Vec::new(), nearest: None, silent: false, partial, fuel: &fuel };
    checker.node(root, View::Dict(variables));
    let found = checker.nearest;
    if fuel.get() == 0 {
        return Err(Violation {
            path: String::new(),
            expected: "values that take fewer steps to check (limits.fuel)".to_owned(),
            actual: "so many",
            missing: false,
        });
    }
    match found {
        None => Ok(()),
        Some(found) => Err(found.violation),
    }
}

fn fits(node: &Node, value: View<'_>, fuel: &Cell<u64>) -> bool {
    let mut checker = Checker { path: Vec::new(), nearest: None, silent: true, partial: false, fuel };
    checker.node(node, value);
    checker.nearest.is_none()
}

impl<'v> Checker<'v> {
    fn node(&mut self, node: &'v Node, value: View<'v>) {
        self.spend(1 + value.len() as u64 / 64);
        if self.is_done() {
            return;
        }
        if !node.types.admits(value.types()) {
            return self.wrong(value, || accepted(node));
        }
        for values in &node.values {
            self.spend(values.cost(value));
            if !values.contain(value) {
                self.wrong(value, || "one of the values that the prompt's schema lists".to_owned());
            }
        }
        for bound in &node.bounds {
            if let Some(expected) = bound.exceeded_by(value) {
                self.wrong(value, || expected);
            }
        }
        match value {
            View::Dict(dict) => self.object(node, dict),
            View::Items(items) => self.items(node, items),
            _ => {}
        }
        for part in &node.all_of {
            self.node(part, value);
        }
        self.alternatives(&node.any_of, value, false);
        self.alternatives(&node.one_of, value, true);
    }

    fn object(&mut self, node: &'v Node, dict: &'v Dict) {
        if !(self.partial && self.path.is_empty()) {
            for name in node.required.iter().filter(|name| dict.get(name).is_none()) {
                self.missing(node, name);
            }
        }
        for (name, property) in &node.properties {
            if let Some(value) = dict.get(name) {
                self.below(Step::Key(name), property, value);
            }
        }
        let Some(additional) = &node.additional else {
            return;
        };
        for (key, value) in dict.iter() {
            if self.is_done() {
                return;
            }
            match key.as_str() {
                Some(name) if !node.names.contains(name) => {
                    self.below(Step::Key(name), additional, value);
                }
                _ => {}
            }
        }
    }

    fn items(&mut self, node: &'v Node, items: &'v [Value]) {
        let Some(schema) = &node.items else {
            return;
        };
        for (index, item) in items.iter().enumerate() {
            if self.is_done() {
                return;
            }
            self.below(Step::Index(index), schema, item);
        }
    }

    fn alternatives(&mut self, nodes: &'v [Node], value: View<'v>, exactly_one: bool) {
        // Without the variables that a request will bring, nothing can be said about the top.
        if nodes.is_empty() || self.is_done() || (self.partial && self.path.is_empty()) {
            return;
        }
        let enough = if exactly_one { 2 } else { 1 };
        let fitting = nodes.iter().filter(|node| fits(node, value, self.fuel)).take(enough).count();
        if fitting == 1 {
            return;
        }
        if fitting > 1 {
            return self
                .wrong(value, || "a value that fits exactly one of the schema's alternatives".to_owned());
        }
        if self.silent {
            return self.wrong(value, String::new);
        }
        let kind = value.types();
        let mut candidates = nodes.iter().filter(|node| node.possible_types().admits(kind));
        match (candidates.next(), candidates.next()) {
            (None, _) => self.wrong(value, || types_of_any(nodes).describe()),
            // Only one can have been meant, so what it refuses is what is wrong.
            (Some(only), None) => self.node(only, value),
            _ => self.wrong(value, || "a value that fits one of the schema's alternatives".to_owned()),
        }
    }

    fn below(&mut self, step: Step<'v>, node: &'v Node, value: &'v Value) {
        self.path.push(step);
        self.node(node, View::from(value));
        self.path.pop();
    }

    fn is_done(&self) -> bool {
        self.fuel.get() == 0 || (self.silent && self.nearest.is_some())
    }

    fn spend(&self, steps: u64) {
        self.fuel.set(self.fuel.get().saturating_sub(steps));
    }

    fn missing(&mut self, parent: &Node, name: &'v str) {
        self.path.push(Step::Key(name));
        self.report("nothing", true, || {
            parent
                .properties
                .iter()
                .find(|(known, _)| **known == *name)
                .map_or_else(|| Types::ALL.describe(), |(_, node)| accepted(node))
        });
        self.path.pop();
    }

    fn wrong(&mut self, value: View<'_>, expected: impl FnOnce() -> String) {
        self.report(value.type_name(), false, expected);
    }

    fn report(&mut self, actual: &'static str, missing: bool, expected: impl FnOnce() -> String) {
        let rank = (self.path.len(), !missing);
        if self.nearest.as_ref().is_some_and(|found| found.rank <= rank) {
            return;
        }
        let (path, expected) =
            if self.silent { (String::new(), String::new()) } else { (self.path_text(), expected()) };
        self.nearest = Some(Found { rank, violation: Violation { path, expected, actual, missing } });
    }

    fn path_text(&self) -> String {
        let mut text = String::new();
        for step in &self.path {
            if !text.is_empty() {
                text.push('.');
            }
            match step {
                Step::Key(name) if name.chars().nth(MAX_NAME).is_none() => text.push_str(name),
                Step::Key(name) => {
                    text.extend(name.chars().take(MAX_NAME));
                    text.push('…');
                }
                Step::Index(index) => text.push_str(&index.to_string()),
            }
        }
        text
    }
}

fn accepted(node: &Node) -> String {
    match node.possible_types() {
        types if types.is_empty() => "no variable of this name".to_owned(),
        types => types.describe(),
    }
}

impl Bound {
    /// What is expected instead, if `value` is out of bounds. Values of other types never are.
    fn exceeded_by(self, value: View<'_>) -> Option<String> {
        let (size, what) = match value {
            View::Number(number) => {
                let (bound, side, words) = match self {
                    Bound::Minimum(bound) => (bound, Ordering::Less, "of at least"),
                    Bound::Maximum(bound) => (bound, Ordering::Greater, "of at most"),
                    Bound::Above(bound) => (bound, Ordering::Less, "above"),
                    Bound::Below(bound) => (bound, Ordering::Greater, "below"),
                    _ => return None,
                };
                let order = number.compare(bound)?;
                let strict = matches!(self, Bound::Above(_) | Bound::Below(_));
                let exceeded = order == side || (strict && order == Ordering::Equal);
                return exceeded.then(|| format!("a number {words} {bound}"));
            }
            View::Text(text) => (text.chars().count(), "a string"),
            View::Items(items) => (items.len(), "an array"),
            View::Dict(dict) => (dict.len(), "an object"),
            _ => return None,
        };
        let (bound, least, unit) = match (self, value) {
            (Bound::MinLength(bound), View::Text(_)) => (bound, true, "characters"),
            (Bound::MaxLength(bound), View::Text(_)) => (bound, false, "characters"),
            (Bound::MinItems(bound), View::Items(_)) => (bound, true, "items"),
            (Bound::MaxItems(bound), View::Items(_)) => (bound, false, "items"),
            (Bound::MinProperties(bound), View::Dict(_)) => (bound, true, "members"),
            (Bound::MaxProperties(bound), View::Dict(_)) => (bound, false, "members"),
            _ => return None,
        };
        let size = size as u64;
        let exceeded = if least { size < bound } else { size > bound };
        let words = if least { "at least" } else { "at most" };
        exceeded.then(|| format!("{what} of {words} {bound} {unit}"))
    }
}
