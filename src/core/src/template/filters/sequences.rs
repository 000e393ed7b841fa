//! Filters for what has items.

use super::super::args::{Args, required};
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::attribute::Getter;
use super::{absent, given, items as walk};
use crate::value::Value;

/// `first()`
pub(super) fn first(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let found = match &value {
        Value::Str(text) => text.chars().next().map(character),
        Value::Dict(dict) => dict.keys().next().cloned(),
        other => evaluator.items(other)?.get(0),
    };
    Ok(found.unwrap_or_else(|| nothing(evaluator, value, "the first item")))
}

/// `last()`
pub(super) fn last(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let found = match &value {
        Value::Str(text) => text.chars().next_back().map(character),
        Value::Dict(dict) => dict.keys().next_back().cloned(),
        other => {
            let items = evaluator.items(other)?;
            items.len().checked_sub(1).and_then(|index| items.get(index))
        }
    };
    Ok(found.unwrap_or_else(|| nothing(evaluator, value, "the last item")))
}

/// What an empty sequence gives: what is undefined stays undefined under its own name.
pub(super) fn nothing(evaluator: &Evaluator<'_>, value: Value, what: &str) -> Value {
    if value.is_undefined() { value } else { absent(evaluator, what) }
}

fn character(c: char) -> Value {
    Value::from(c.encode_utf8(&mut [0; 4]) as &str)
}

/// `length()`, `count()`
pub(super) fn length(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    evaluator.defined(&value)?;
    Ok(Value::from(match &value {
        Value::Str(text) => text.chars().count(),
        Value::List(list) | Value::Tuple(list) => list.len(),
        Value::Dict(dict) => dict.len(),
        Value::Range(range) => range.len,
        Value::Undefined(_) => 0,
        _ => return Err(Fault::invalid("only strings, lists and mappings have a length")),
    }))
}

/// `list()`
pub(super) fn list(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    if let Value::List(_) = value {
        return Ok(value);
    }
    Ok(Value::list(evaluator.collect(&value)?)?)
}

/// `items()`: the pairs of a mapping.
pub(super) fn items(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    match &value {
        Value::Undefined(_) => evaluator.list(Vec::new()),
        Value::Dict(dict) => {
            let mut pairs = Vec::new();
            for (key, value) in dict.iter() {
                evaluator.budget.slots(3)?;
                pairs.push(evaluator.tuple(vec![key.clone(), value.clone()])?);
            }
            evaluator.list(pairs)
        }
        _ => Err(Fault::invalid("`items` needs a mapping")),
    }
}

/// `join(d='', attribute=None)`
pub(super) fn join(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [separator, attribute] = arguments.bind(["d", "attribute"])?;
    let getter = Getter::new(evaluator, attribute.as_ref(), None)?;
    let separator = separator.unwrap_or_else(|| Value::from(""));
    let separator = evaluator.text(&separator)?;
    let mut joined = String::new();
    for (index, item) in walk(evaluator, &value)?.iter().enumerate() {
        let item = getter.get(evaluator, item)?;
        let text = evaluator.text(&item)?;
        let separator = if index > 0 { &*separator } else { "" };
        evaluator.budget.memory(separator.len().saturating_add(text.len()))?;
        joined.push_str(separator);
        joined.push_str(&text);
    }
    Ok(Value::from(joined))
}

/// `reverse()`
pub(super) fn reverse(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    if let Value::Str(text) = &value {
        return evaluator.string(text.chars().rev().collect());
    }
    let mut reversed = evaluator.collect(&value)?;
    reversed.reverse();
    Ok(Value::list(reversed)?)
}

/// `batch(linecount, fill_with=None)`: rows of so many items.
pub(super) fn batch(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [count, fill] = arguments.bind(["linecount", "fill_with"])?;
    let count = required(count)?;
    let negative = evaluator.int(&count)? < 0;
    // No row is ever negative items long, so that one row takes all.
    let count = if negative { usize::MAX } else { evaluator.count(&count)? };
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    for item in walk(evaluator, &value)?.iter() {
        if row.len() == count {
            // What a list takes beside its items.
            evaluator.budget.slots(3)?;
            rows.push(evaluator.list(std::mem::take(&mut row))?);
        }
        row.push(item);
    }
    if !row.is_empty() {
        if let Some(fill) = given(fill).filter(|_| !negative && row.len() < count) {
            evaluator.budget.slots(count)?;
            row.resize(count, fill);
        }
        rows.push(evaluator.list(row)?);
    }
    evaluator.list(rows)
}

/// `slice(slices, fill_with=None)`: so many columns.
pub(super) fn slice(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [slices, fill] = arguments.bind(["slices", "fill_with"])?;
    let slices = required(slices)?;
    let fill = given(fill);
    let mut rest = evaluator.collect(&value)?.into_iter();
    if evaluator.int(&slices)? < 0 {
        return evaluator.list(Vec::new());
    }
    let slices = evaluator.count(&slices)?;
    let (Some(each), Some(longer)) = (rest.len().checked_div(slices), rest.len().checked_rem(slices)) else {
        return Err(Fault::arguments("`slice` needs at least one slice"));
    };
    evaluator.budget.slots(slices.saturating_mul(4))?;
    let mut columns = Vec::with_capacity(slices);
    for number in 0..slices {
        let extra = number < longer;
        let mut column: Vec<Value> = rest.by_ref().take(each + usize::from(extra)).collect();
        if !extra {
            column.extend(fill.clone());
        }
        columns.push(evaluator.list(column)?);
    }
    evaluator.list(columns)
}
