//! Content parts: images, files and texts with settings that a client sends as variables.

use std::rc::Rc;

use super::Evaluator;
use crate::template::error::Fault;
use crate::template::ir::Node;
use crate::template::messages::{Part, in_text};
use crate::value::{Dict, Value};

impl Evaluator<'_> {
    /// The content part that a value is, if it is one.
    pub(super) fn part(&self, value: &Value, node: &Node) -> Result<Option<Part>, Fault> {
        let Value::Dict(dict) = value else { return Ok(None) };
        let kind = dict.get("type").and_then(Value::as_str);
        let Some(kind) = kind.filter(|kind| self.parts.contains(kind)) else { return Ok(None) };
        self.printable(value)?;
        let variable = self.variable(dict, node)?;
        if variable.is_none() {
            // A mapping that the template made can share its items, and be large without end.
            self.budget.memory(value.weight())?;
        }
        let json = value.to_json();
        // Bounded by what the variables may take; each use of one is paid for.
        self.budget.memory(json.len())?;
        Ok(Some(Part { json, text: bare_text(dict, kind), variable }))
    }

    /// The client's name for a mapping: where the expression leads, else the variable that it is.
    fn variable(&self, dict: &Rc<Dict>, node: &Node) -> Result<Option<Rc<str>>, Fault> {
        if let Some(path) = self.origin(node).path() {
            return Ok(Some(Rc::from(path)));
        }
        self.budget.fuel(self.variables.len() as u64)?;
        let is_it = |value: &Value| matches!(value, Value::Dict(other) if Rc::ptr_eq(dict, other));
        let found = self.variables.iter().find(|(_, value)| is_it(value));
        Ok(found.and_then(|(name, _)| name.as_str()).map(Rc::from))
    }

    pub(super) fn emit_part(&mut self, part: Part) -> Result<(), Fault> {
        if self.captures.is_empty() { self.messages.part(part) } else { Err(in_text(part.variable)) }
    }
}

/// The text of a part that has nothing but a type and a text.
fn bare_text(dict: &Dict, kind: &str) -> Option<Rc<str>> {
    match dict.get("text") {
        Some(Value::Str(text)) if kind.ends_with("text") && dict.len() == 2 => Some(text.clone()),
        _ => None,
    }
}
