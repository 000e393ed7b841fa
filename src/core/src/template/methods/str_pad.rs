//! Padding a string to a width.

use std::rc::Rc;

use super::POSITIONAL;
use crate::template::args::{Args, required};
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::value::Value;

/// `str.center(width, fillchar=' ', /)`
pub(super) fn center(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    let (width, missing, fill) = padding(evaluator, text, arguments)?;
    let left = center_left(missing, width);
    padded(evaluator, text, left, missing - left, fill)
}

/// `str.ljust(width, fillchar=' ', /)`
pub(super) fn ljust(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    let (_, missing, fill) = padding(evaluator, text, arguments)?;
    padded(evaluator, text, 0, missing, fill)
}

/// `str.rjust(width, fillchar=' ', /)`
pub(super) fn rjust(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    let (_, missing, fill) = padding(evaluator, text, arguments)?;
    padded(evaluator, text, missing, 0, fill)
}

/// `str.zfill(width, /)`: zeros go behind a sign.
pub(super) fn zfill(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    let width = evaluator.count(&arguments.one(POSITIONAL)?)?;
    let zeros = width.saturating_sub(text.chars().count());
    evaluator.budget.memory(text.len().saturating_add(zeros))?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = text.strip_suffix(digits).unwrap_or_default();
    Ok(Value::from([sign, &"0".repeat(zeros), digits].concat()))
}

/// How many of the `missing` characters stand on the left of a centred text.
fn center_left(missing: usize, width: usize) -> usize {
    missing / 2 + (missing & width & 1)
}

/// The width, how many characters are missing to it, and what to fill with.
fn padding(evaluator: &Evaluator<'_>, text: &str, arguments: Args) -> Result<(usize, usize, char), Fault> {
    let [width, fill] = arguments.bind([POSITIONAL, POSITIONAL])?;
    let width = evaluator.count(&required(width)?)?;
    let fill = match &fill {
        None => ' ',
        Some(fill) => {
            let mut chars = evaluator.str(fill)?.chars();
            match (chars.next(), chars.next()) {
                (Some(fill), None) => fill,
                _ => return Err(Fault::arguments("the fill character is exactly one character")),
            }
        }
    };
    Ok((width, width.saturating_sub(text.chars().count()), fill))
}

fn padded(
    evaluator: &Evaluator<'_>,
    text: &str,
    left: usize,
    right: usize,
    fill: char,
) -> Result<Value, Fault> {
    let padding = left.saturating_add(right).saturating_mul(fill.len_utf8());
    evaluator.budget.memory(text.len().saturating_add(padding))?;
    let mut out = String::with_capacity(text.len().saturating_add(padding));
    out.extend(std::iter::repeat_n(fill, left));
    out.push_str(text);
    out.extend(std::iter::repeat_n(fill, right));
    Ok(Value::from(out))
}
