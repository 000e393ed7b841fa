//! What a string consists of.

use std::rc::Rc;

use super::slowly;
use super::str_case::is_cased;
use crate::template::args::Args;
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::template::unicode;
use crate::value::{Value, is_printable};

/// `str.isalnum()`
pub(super) fn isalnum(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, unicode::is_alphanumeric)
}

/// `str.isalpha()`
pub(super) fn isalpha(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, unicode::is_alphabetic)
}

/// `str.isascii()`, also true of an empty string
pub(super) fn isascii(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    Ok(Value::Bool(text.is_ascii()))
}

/// `str.isdecimal()`
pub(super) fn isdecimal(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, |c| unicode::decimal(c).is_some())
}

/// `str.isdigit()`
pub(super) fn isdigit(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, unicode::is_digit)
}

/// `str.isnumeric()`
pub(super) fn isnumeric(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, unicode::is_numeric)
}

/// `str.isspace()`
pub(super) fn isspace(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, unicode::is_space)
}

/// `str.isprintable()`, also true of an empty string
pub(super) fn isprintable(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    slowly(evaluator, text)?;
    let printable = |c: char| (' '..='~').contains(&c) || is_printable(c);
    Ok(Value::Bool(text.chars().all(printable)))
}

/// `str.isidentifier()`
pub(super) fn isidentifier(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    slowly(evaluator, text)?;
    let mut chars = text.chars();
    let begins = chars.next().is_some_and(unicode::begins_identifier);
    Ok(Value::Bool(begins && chars.all(unicode::continues_identifier)))
}

/// `str.islower()`
pub(super) fn islower(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    Ok(Value::Bool(unicode::is_lower(text)))
}

/// `str.isupper()`
pub(super) fn isupper(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    Ok(Value::Bool(unicode::is_upper(text)))
}

/// `str.istitle()`
pub(super) fn istitle(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let (mut inside_word, mut any) = (false, false);
    for c in text.chars() {
        let begins = c.is_uppercase() || unicode::is_titlecase(c);
        if (begins && inside_word) || (c.is_lowercase() && !inside_word) {
            return Ok(Value::Bool(false));
        }
        inside_word = is_cased(c);
        any |= inside_word;
    }
    Ok(Value::Bool(any))
}

/// Whether there are characters and `accept` takes them all.
fn all(text: &str, arguments: Args, accept: impl Fn(char) -> bool) -> Result<Value, Fault> {
    arguments.none()?;
    Ok(Value::Bool(!text.is_empty() && text.chars().all(accept)))
}
