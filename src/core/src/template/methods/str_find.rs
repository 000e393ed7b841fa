//! Looking for parts of a string. Places are counted in characters.

use std::ops::Range;
use std::rc::Rc;

use super::POSITIONAL;
use crate::template::args::{Args, required};
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::value::Value;

/// `str.find(sub, start=0, end=len, /)`
pub(super) fn find(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    Ok(place(search(evaluator, text, arguments, |text, part| text.find(part))?))
}

/// `str.rfind(sub, start=0, end=len, /)`
pub(super) fn rfind(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    Ok(place(search(evaluator, text, arguments, |text, part| text.rfind(part))?))
}

/// `str.index(sub, start=0, end=len, /)`
pub(super) fn index(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    needed(search(evaluator, text, arguments, |text, part| text.find(part))?)
}

/// `str.rindex(sub, start=0, end=len, /)`
pub(super) fn rindex(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    needed(search(evaluator, text, arguments, |text, part| text.rfind(part))?)
}

/// `str.count(sub, start=0, end=len, /)`
pub(super) fn count(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    let (part, range) = scope(evaluator, text, arguments)?;
    let part = evaluator.str(&part)?;
    let text = range.and_then(|range| text.get(range));
    let found = match (text, part.as_bytes()) {
        (None, _) => 0,
        (Some(text), [byte]) => memchr::memchr_iter(*byte, text.as_bytes()).count(),
        (Some(text), _) => {
            evaluator.budget.memory(text.len())?;
            text.matches(part).count()
        }
    };
    Ok(Value::from(found))
}

/// `str.startswith(prefix, start=0, end=len, /)`; several prefixes as a tuple
pub(super) fn startswith(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    any(evaluator, text, arguments, |text, part| text.starts_with(part))
}

/// `str.endswith(suffix, start=0, end=len, /)`; several suffixes as a tuple
pub(super) fn endswith(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    any(evaluator, text, arguments, |text, part| text.ends_with(part))
}

/// Where in `text` something is found, in characters.
fn search(
    evaluator: &Evaluator<'_>,
    text: &str,
    arguments: Args,
    find: impl Fn(&str, &str) -> Option<usize>,
) -> Result<Option<usize>, Fault> {
    let (part, range) = scope(evaluator, text, arguments)?;
    let part = evaluator.str(&part)?;
    let Some(range) = range else { return Ok(None) };
    let found = text.get(range.clone()).and_then(|text| find(text, part));
    Ok(found.and_then(|at| text.get(..range.start.saturating_add(at))).map(|before| before.chars().count()))
}

fn any(
    evaluator: &Evaluator<'_>,
    text: &str,
    arguments: Args,
    has: impl Fn(&str, &str) -> bool,
) -> Result<Value, Fault> {
    let (parts, range) = scope(evaluator, text, arguments)?;
    let text = range.and_then(|range| text.get(range));
    let parts = match &parts {
        Value::Tuple(parts) => parts.items(),
        part => std::slice::from_ref(part),
    };
    evaluator.budget.slots(parts.len())?;
    for part in parts {
        let part = evaluator.str(part)?;
        evaluator.budget.memory(part.len())?;
        if text.is_some_and(|text| has(text, part)) {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn place(found: Option<usize>) -> Value {
    found.map_or(Value::Int(-1), Value::from)
}

fn needed(found: Option<usize>) -> Result<Value, Fault> {
    found.map(Value::from).ok_or_else(|| Fault::invalid("the part is not in the string: use `find`"))
}

/// What is looked for, and the bytes of `text` in which; none if they begin behind its end.
fn scope(
    evaluator: &Evaluator<'_>,
    text: &str,
    arguments: Args,
) -> Result<(Value, Option<Range<usize>>), Fault> {
    let [part, start, end] = arguments.bind([POSITIONAL, POSITIONAL, POSITIONAL])?;
    let part = required(part)?;
    let bound = |value: Option<Value>| match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => evaluator.int(&value).map(Some),
    };
    let (start, end) = (bound(start)?, bound(end)?);
    if (start, end) == (None, None) {
        return Ok((part, Some(0..text.len())));
    }
    let len = text.chars().count();
    let clamp = |bound: i128| {
        let bound = if bound < 0 { bound.saturating_add(len as i128).max(0) } else { bound };
        usize::try_from(bound).unwrap_or(usize::MAX)
    };
    let (start, end) = (start.map_or(0, clamp), end.map_or(len, clamp).min(len));
    if start > end {
        return Ok((part, None));
    }
    let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
    Ok((part, Some(byte(start)..byte(end))))
}
