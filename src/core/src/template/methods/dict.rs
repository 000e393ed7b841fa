//! Methods of mappings. What Python gives as views are lists here.

use std::rc::Rc;

use super::{POSITIONAL, immutable};
use crate::template::args::{Args, required};
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::template::ops;
use crate::value::{Dict, Key, Value};

/// `receiver.name(arguments)`
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    dict: &Rc<Dict>,
    name: &str,
    arguments: Args,
) -> Result<Option<Value>, Fault> {
    match name {
        "get" => get(evaluator, dict, arguments),
        "items" => {
            arguments.none()?;
            items(evaluator, dict)
        }
        "keys" => {
            arguments.none()?;
            evaluator.budget.slots(dict.len())?;
            Ok(Value::list(dict.keys().cloned().collect())?)
        }
        "values" => {
            arguments.none()?;
            evaluator.budget.slots(dict.len())?;
            Ok(Value::list(dict.values().cloned().collect())?)
        }
        "copy" => {
            arguments.none()?;
            Ok(Value::Dict(dict.clone()))
        }
        "fromkeys" => from_keys(evaluator, arguments),
        "clear" | "pop" | "popitem" | "setdefault" | "update" => Err(immutable()),
        _ => return Ok(None),
    }
    .map(Some)
}

/// `dict.get(key, default=None, /)`
fn get(evaluator: &Evaluator<'_>, dict: &Dict, arguments: Args) -> Result<Value, Fault> {
    let [key, default] = arguments.bind([POSITIONAL, POSITIONAL])?;
    let key = required(key)?;
    evaluator.defined(&key)?;
    ops::hashes(&evaluator.budget, &key)?;
    let found = match &key {
        Value::Str(text) => dict.get(text).cloned(),
        _ => {
            Key::new(key.clone())?;
            dict.get_value(&key).cloned()
        }
    };
    Ok(found.or(default).unwrap_or_default())
}

/// `dict.items()`, as a list of tuples
fn items(evaluator: &Evaluator<'_>, dict: &Dict) -> Result<Value, Fault> {
    evaluator.budget.slots(dict.len().saturating_mul(5))?;
    let mut items = Vec::with_capacity(dict.len());
    for (key, value) in dict.iter() {
        items.push(Value::tuple(vec![key.clone(), value.clone()])?);
    }
    Ok(Value::list(items)?)
}

/// `dict.fromkeys(iterable, value=None, /)`
fn from_keys(evaluator: &Evaluator<'_>, arguments: Args) -> Result<Value, Fault> {
    let [keys, value] = arguments.bind([POSITIONAL, POSITIONAL])?;
    let keys = evaluator.items(&required(keys)?)?;
    let value = value.unwrap_or_default();
    evaluator.budget.slots(keys.len().saturating_mul(3))?;
    let mut dict = Dict::new();
    for key in keys.iter() {
        evaluator.defined(&key)?;
        dict.insert(Key::new(key)?, value.clone())?;
    }
    Ok(Value::Dict(Rc::new(dict)))
}
