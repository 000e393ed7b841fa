//! Removing and replacing parts of a string.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::POSITIONAL;
use crate::template::args::{Args, required};
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::template::unicode::is_space;
use crate::value::Value;

/// `str.strip(chars=None, /)`
pub(super) fn strip(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    stripped(evaluator, text, arguments, true, true)
}

/// `str.lstrip(chars=None, /)`
pub(super) fn lstrip(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    stripped(evaluator, text, arguments, true, false)
}

/// `str.rstrip(chars=None, /)`
pub(super) fn rstrip(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    stripped(evaluator, text, arguments, false, true)
}

fn stripped(
    evaluator: &Evaluator<'_>,
    text: &str,
    arguments: Args,
    left: bool,
    right: bool,
) -> Result<Value, Fault> {
    let [chars] = arguments.bind([POSITIONAL])?;
    let chars = match &chars {
        None | Some(Value::None) => None,
        Some(chars) => {
            let chars = evaluator.str(chars)?;
            evaluator.budget.slots(chars.len())?;
            Some(chars.chars().collect::<BTreeSet<char>>())
        }
    };
    let unwanted = |c: char| chars.as_ref().map_or_else(|| is_space(c), |chars| chars.contains(&c));
    let text = if left { text.trim_start_matches(unwanted) } else { text };
    let text = if right { text.trim_end_matches(unwanted) } else { text };
    evaluator.string(text.to_owned())
}

/// `str.removeprefix(prefix, /)`
pub(super) fn removeprefix(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    let prefix = arguments.one(POSITIONAL)?;
    let prefix = evaluator.str(&prefix)?;
    evaluator.string(text.strip_prefix(prefix).unwrap_or(text).to_owned())
}

/// `str.removesuffix(suffix, /)`
pub(super) fn removesuffix(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    let suffix = arguments.one(POSITIONAL)?;
    let suffix = evaluator.str(&suffix)?;
    evaluator.string(text.strip_suffix(suffix).unwrap_or(text).to_owned())
}

/// `str.replace(old, new, count=-1)`
pub(super) fn replace(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    let [old, new, count] = arguments.bind([POSITIONAL, POSITIONAL, "count"])?;
    let (old, new) = (required(old)?, required(new)?);
    let count = count.map_or(Ok(-1), |count| evaluator.int(&count))?;
    let (old, new) = (evaluator.str(&old)?, evaluator.str(&new)?);
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    // An empty `old` occurs before every character and at the end.
    let found = text.matches(old).take(most).count();
    evaluator.budget.memory(text.len().saturating_add(found.saturating_mul(new.len())))?;
    Ok(Value::from(text.replacen(old, new, found)))
}

/// `str.expandtabs(tabsize=8)`
pub(super) fn expandtabs(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    let [size] = arguments.bind(["tabsize"])?;
    let size = size.map_or(Ok(8), |size| evaluator.count(&size))?;
    let tabs = memchr::memchr_iter(b'\t', text.as_bytes()).count();
    evaluator.budget.memory(tabs.saturating_mul(size))?;
    let mut out = String::with_capacity(text.len());
    let mut column = 0usize;
    for c in text.chars() {
        match c {
            '\t' => {
                let blanks = size - column.checked_rem(size).unwrap_or(size);
                out.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
            c => {
                column = if matches!(c, '\n' | '\r') { 0 } else { column + 1 };
                out.push(c);
            }
        }
    }
    evaluator.string(out)
}
