//! Taking strings apart and joining them.

use std::rc::Rc;

use super::POSITIONAL;
use crate::template::args::Args;
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::template::unicode::{is_space, lines_with_ends};
use crate::value::Value;

/// `str.split(sep=None, maxsplit=-1)`
pub(super) fn split(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    let (separator, limit) = how(evaluator, arguments)?;
    match separator {
        Some(separator) => pieces(evaluator, text, text.splitn(limit, &*separator)),
        None => pieces(evaluator, text, Words { rest: text, left: limit }),
    }
}

/// `str.rsplit(sep=None, maxsplit=-1)`
pub(super) fn rsplit(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    let (separator, limit) = how(evaluator, arguments)?;
    evaluator.budget.memory(text.len())?;
    let mut found: Vec<&str> = match &separator {
        Some(separator) => {
            evaluator.budget.slots(text.matches(&**separator).count())?;
            text.rsplitn(limit, &**separator).collect()
        }
        None => {
            evaluator.budget.slots(text.split(is_space).count())?;
            LastWords { rest: text, left: limit }.collect()
        }
    };
    found.reverse();
    pieces(evaluator, text, found.into_iter())
}

/// `str.splitlines(keepends=False)`
pub(super) fn splitlines(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    let [keep] = arguments.bind(["keepends"])?;
    let keep = keep.is_some_and(|keep| keep.is_true());
    pieces(evaluator, text, lines_with_ends(text).map(|(line, end)| if keep { end } else { line }))
}

/// `str.partition(sep, /)`
pub(super) fn partition(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    let separator = arguments.one(POSITIONAL)?;
    let separator = evaluator.str(&separator)?;
    let parts = match text.split_once(not_empty(separator)?) {
        Some((before, behind)) => [before, separator, behind],
        None => [text, "", ""],
    };
    three(evaluator, parts)
}

/// `str.rpartition(sep, /)`
pub(super) fn rpartition(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    let separator = arguments.one(POSITIONAL)?;
    let separator = evaluator.str(&separator)?;
    let parts = match text.rsplit_once(not_empty(separator)?) {
        Some((before, behind)) => [before, separator, behind],
        None => ["", "", text],
    };
    three(evaluator, parts)
}

/// `str.join(iterable, /)`
pub(super) fn join(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    let items = evaluator.collect(&arguments.one(POSITIONAL)?)?;
    let mut len = text.len().saturating_mul(items.len().saturating_sub(1));
    let mut parts = Vec::with_capacity(items.len());
    for item in &items {
        let part = evaluator.str(item)?;
        len = len.saturating_add(part.len());
        parts.push(part);
    }
    evaluator.budget.memory(len)?;
    Ok(Value::from(parts.join(text)))
}

/// Separator and most pieces of `split` and `rsplit`.
fn how(evaluator: &Evaluator<'_>, arguments: Args) -> Result<(Option<Rc<str>>, usize), Fault> {
    let [separator, most] = arguments.bind(["sep", "maxsplit"])?;
    let separator = match separator {
        None | Some(Value::None) => None,
        Some(separator) => {
            not_empty(evaluator.str(&separator)?)?;
            match separator {
                Value::Str(separator) => Some(separator),
                _ => None,
            }
        }
    };
    let most = most.map_or(Ok(-1), |most| evaluator.int(&most))?;
    // One piece more than there are splits; a negative number sets no limit.
    let limit = usize::try_from(most).map_or(usize::MAX, |most| most.saturating_add(1));
    Ok((separator, limit))
}

fn not_empty(separator: &str) -> Result<&str, Fault> {
    if separator.is_empty() { Err(Fault::invalid("the separator can't be empty")) } else { Ok(separator) }
}

/// A list of parts of `text`, which together are no longer than it.
fn pieces<'t>(
    evaluator: &Evaluator<'_>,
    text: &str,
    parts: impl Iterator<Item = &'t str>,
) -> Result<Value, Fault> {
    evaluator.budget.memory(text.len())?;
    let mut items = Vec::new();
    for part in parts {
        evaluator.budget.slots(2)?;
        items.push(Value::from(part));
    }
    Ok(Value::list(items)?)
}

fn three(evaluator: &Evaluator<'_>, parts: [&str; 3]) -> Result<Value, Fault> {
    evaluator.budget.memory(parts.iter().map(|part| part.len()).sum())?;
    evaluator.tuple(parts.into_iter().map(Value::from).collect())
}

/// The words of a text; the last of so many is all of the rest.
struct Words<'t> {
    rest: &'t str,
    left: usize,
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.rest.trim_start_matches(is_space);
        if rest.is_empty() {
            return None;
        }
        self.left = self.left.saturating_sub(1);
        let end = if self.left == 0 { None } else { rest.find(is_space) };
        let (word, rest) = end.and_then(|end| rest.split_at_checked(end)).unwrap_or((rest, ""));
        self.rest = rest;
        Some(word)
    }
}

/// The words of a text from its end.
struct LastWords<'t> {
    rest: &'t str,
    left: usize,
}

impl<'t> Iterator for LastWords<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.rest.trim_end_matches(is_space);
        if rest.is_empty() {
            return None;
        }
        self.left = self.left.saturating_sub(1);
        let word = if self.left == 0 { rest } else { rest.rsplit(is_space).next().unwrap_or(rest) };
        self.rest = rest.strip_suffix(word).unwrap_or_default();
        Some(word)
    }
}
