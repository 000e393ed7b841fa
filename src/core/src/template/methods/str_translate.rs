//! Mapping the characters of a string.

use std::rc::Rc;

use super::POSITIONAL;
use crate::template::args::{Args, required};
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::value::{Dict, Key, Value};

/// `str.maketrans(x, y=None, z=None, /)`
pub(super) fn maketrans(evaluator: &mut Evaluator<'_>, _: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    let [from, to, remove] = arguments.bind([POSITIONAL, POSITIONAL, POSITIONAL])?;
    let from = required(from)?;
    let mut table = Dict::new();
    match (&from, to) {
        (Value::Dict(from), None) => {
            evaluator.budget.slots(from.len().saturating_mul(3))?;
            for (key, value) in from.iter() {
                table.insert(Key::new(ordinal(key)?)?, value.clone())?;
            }
        }
        (_, None) => return Err(Fault::arguments("one argument of `maketrans` is a mapping")),
        (from, Some(to)) => {
            let (from, to) = (evaluator.str(from)?, evaluator.str(&to)?);
            evaluator.budget.slots(from.len().saturating_mul(3))?;
            if from.chars().count() != to.chars().count() {
                return Err(Fault::arguments("the arguments of `maketrans` are equally long"));
            }
            for (from, to) in from.chars().zip(to.chars()) {
                table.insert(Key::new(code(from))?, code(to))?;
            }
            if let Some(remove) = &remove {
                let remove = evaluator.str(remove)?;
                evaluator.budget.slots(remove.len().saturating_mul(3))?;
                for c in remove.chars() {
                    table.insert(Key::new(code(c))?, Value::None)?;
                }
            }
        }
    }
    Ok(Value::Dict(Rc::new(table)))
}

/// `str.translate(table, /)`
pub(super) fn translate(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    let table = arguments.one(POSITIONAL)?;
    evaluator.defined(&table)?;
    evaluator.budget.memory(1024)?;
    let table = table.as_dict().ok_or_else(|| Fault::arguments("`translate` takes a mapping"))?;
    let ascii: Vec<_> = ('\0'..='\x7f').map(|c| table.get_value(&code(c))).collect();
    if !text.is_ascii() {
        // A look into the table costs far more than copying a character.
        evaluator.budget.memory(text.len().saturating_mul(16))?;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match ascii.get(c as usize).copied().unwrap_or_else(|| table.get_value(&code(c))) {
            None => out.push(c),
            Some(Value::None) => {}
            Some(Value::Str(text)) => {
                evaluator.budget.memory(text.len())?;
                out.push_str(text);
            }
            Some(other) => {
                let code = evaluator.int(other)?;
                let c = u32::try_from(code).ok().and_then(char::from_u32);
                out.push(c.ok_or_else(|| Fault::invalid("this number is no character"))?);
            }
        }
    }
    evaluator.string(out)
}

fn code(c: char) -> Value {
    Value::Int(i128::from(u32::from(c)))
}

/// A key of a table: a number, or a string of one character.
fn ordinal(key: &Value) -> Result<Value, Fault> {
    let mut chars = match key {
        Value::Str(text) => text.chars(),
        Value::Int(_) | Value::Bool(_) => return Ok(key.clone()),
        _ => return Err(Fault::arguments("the keys of a translation are characters")),
    };
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(code(c)),
        _ => Err(Fault::arguments("the keys of a translation are characters")),
    }
}
