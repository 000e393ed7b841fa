//! Filters that take text and give text, or count its words.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::args::{Args, required};
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::super::format::percent;
use super::{given, unicode};
use crate::value::{Dict, Key, Value};

/// `trim(chars=None)`
pub(super) fn trim(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [chars] = arguments.bind(["chars"])?;
    let text = evaluator.text(&value)?;
    let trimmed = match given(chars) {
        None => text.trim_matches(unicode::is_space),
        Some(chars) => {
            let chars = evaluator.str(&chars)?;
            evaluator.budget.slots(chars.len())?;
            let chars: BTreeSet<char> = chars.chars().collect();
            text.trim_matches(|c| chars.contains(&c))
        }
    };
    evaluator.string(trimmed.to_owned())
}

/// `replace(old, new, count=None)`
pub(super) fn replace(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [old, new, count] = arguments.bind(["old", "new", "count"])?;
    let (old, new) = (required(old)?, required(new)?);
    let count = match given(count) {
        // Negative means all of them.
        Some(count) => usize::try_from(evaluator.int(&count)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let (text, old, new) = (evaluator.text(&value)?, evaluator.text(&old)?, evaluator.text(&new)?);
    evaluator.budget.memory(text.len())?;
    let found = text.matches(&*old).take(count).count();
    evaluator.budget.memory(text.len().saturating_add(found.saturating_mul(new.len())))?;
    Ok(Value::from(text.replacen(&*old, &new, count)))
}

/// `wordcount()`
pub(super) fn wordcount(
    evaluator: &mut Evaluator<'_>,
    value: Value,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    let text = evaluator.text(&value)?;
    if !text.is_ascii() {
        // Telling letters from marks takes a search for each character.
        evaluator.budget.memory(text.len().saturating_mul(2))?;
    }
    let words = text.split(|c| !unicode::is_word(c)).filter(|word| !word.is_empty());
    Ok(Value::from(words.count()))
}

/// `format(*args, **kwargs)`: the `%` operator.
pub(super) fn format(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let values = match (arguments.positional, arguments.named) {
        (positional, named) if named.is_empty() => evaluator.tuple(positional)?,
        (positional, named) if positional.is_empty() => {
            let mut dict = Dict::new();
            for (name, value) in named {
                dict.insert(Key::from(name), value)?;
            }
            evaluator.dict(dict)?
        }
        _ => return Err(Fault::arguments("`format` takes arguments by position or by name, not both")),
    };
    let text = evaluator.text(&value)?;
    let format = Value::Str(Rc::from(&*text));
    percent(evaluator, &format, &values)
}
