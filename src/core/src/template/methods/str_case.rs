//! Upper and lower case, as Python's `str` has it.

use std::rc::Rc;

use super::slowly;
use crate::template::args::Args;
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::template::unicode::{is_titlecase, push_titlecase};
use crate::value::Value;

/// `str.upper()`
pub(super) fn upper(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    evaluator.budget.memory(if text.is_ascii() { 0 } else { text.len() })?;
    evaluator.string(text.to_uppercase())
}

/// `str.lower()`
pub(super) fn lower(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    evaluator.budget.memory(if text.is_ascii() { 0 } else { text.len() })?;
    evaluator.string(text.to_lowercase())
}

/// `str.title()`
pub(super) fn title(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    slowly(evaluator, text)?;
    let mut out = String::with_capacity(text.len());
    let mut inside_word = false;
    lowered(text, |c, lower| {
        if inside_word {
            out.push_str(lower);
        } else {
            push_titlecase(&mut out, c);
        }
        inside_word = is_cased(c);
    });
    evaluator.string(out)
}

/// `str.capitalize()`
pub(super) fn capitalize(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    slowly(evaluator, text)?;
    let mut out = String::with_capacity(text.len());
    let mut first = true;
    lowered(text, |c, lower| {
        if std::mem::take(&mut first) {
            push_titlecase(&mut out, c);
        } else {
            out.push_str(lower);
        }
    });
    evaluator.string(out)
}

/// `str.swapcase()`
pub(super) fn swapcase(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    slowly(evaluator, text)?;
    let mut out = String::with_capacity(text.len());
    lowered(text, |c, lower| {
        if c.is_uppercase() {
            out.push_str(lower);
        } else if c.is_lowercase() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    });
    evaluator.string(out)
}

/// `str.casefold()`
pub(super) fn casefold(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    slowly(evaluator, text)?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0'..='\x7f' => out.push(c.to_ascii_lowercase()),
            'ẞ' => out.push_str("ss"),
            // They have no other case as far as folding is concerned.
            'ı' => out.push(c),
            // Cherokee folds to its older, upper case letters.
            '\u{13a0}'..='\u{13fd}' | '\u{ab70}'..='\u{abbf}' => out.extend(c.to_uppercase()),
            c => out.extend(c.to_uppercase().flat_map(char::to_lowercase)),
        }
    }
    evaluator.string(out)
}

/// Calls `visit` with every character and its lower case at that place: a sigma that ends a word has
/// another one.
fn lowered(text: &str, mut visit: impl FnMut(char, &str)) {
    if text.is_ascii() {
        let mut buffer = [0; 4];
        for c in text.chars() {
            visit(c, c.to_ascii_lowercase().encode_utf8(&mut buffer));
        }
        return;
    }
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    for c in text.chars() {
        let len = match c {
            'Σ' => 'σ'.len_utf8(),
            c => c.to_lowercase().map(char::len_utf8).sum(),
        };
        let (own, behind) = rest.split_at_checked(len).unwrap_or((rest, ""));
        visit(c, own);
        rest = behind;
    }
}

/// Whether a character has a case: upper, lower or title.
pub(super) fn is_cased(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase() || is_titlecase(c)
}
