//! What a string consists of.

use std::rc::Rc;

use super::characters::{DIGITS, NUMERALS, SPACING_MARKS, ZEROS};
use super::str_case::{is_cased, is_titlecase};
use crate::template::args::Args;
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::template::messages::is_space;
use crate::value::{Value, is_printable};

/// `str.isalnum()`
pub(super) fn isalnum(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, |c| is_alpha(c) || is_numeric(c))
}

/// `str.isalpha()`
pub(super) fn isalpha(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, is_alpha)
}

/// `str.isascii()`, also true of an empty string
pub(super) fn isascii(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    Ok(Value::Bool(text.is_ascii()))
}

/// `str.isdecimal()`
pub(super) fn isdecimal(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, |c| decimal(c).is_some())
}

/// `str.isdigit()`
pub(super) fn isdigit(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, |c| decimal(c).is_some() || within(DIGITS, c))
}

/// `str.isnumeric()`
pub(super) fn isnumeric(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, is_numeric)
}

/// `str.isspace()`
pub(super) fn isspace(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    all(text, arguments, is_space)
}

/// `str.isprintable()`, also true of an empty string
pub(super) fn isprintable(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    Ok(Value::Bool(text.chars().all(is_printable)))
}

/// `str.isidentifier()`
pub(super) fn isidentifier(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let mut chars = text.chars();
    let begins = chars.next().is_some_and(|c| c == '_' || is_alpha(c) || is_letter_number(c));
    Ok(Value::Bool(begins && chars.all(continues_identifier)))
}

/// `str.islower()`
pub(super) fn islower(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let other = |c: char| c.is_uppercase() || is_titlecase(c);
    Ok(Value::Bool(text.chars().any(char::is_lowercase) && !text.chars().any(other)))
}

/// `str.isupper()`
pub(super) fn isupper(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let other = |c: char| c.is_lowercase() || is_titlecase(c);
    Ok(Value::Bool(text.chars().any(char::is_uppercase) && !text.chars().any(other)))
}

/// `str.istitle()`
pub(super) fn istitle(_: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let (mut inside_word, mut any) = (false, false);
    for c in text.chars() {
        let begins = c.is_uppercase() || is_titlecase(c);
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

/// The value of a decimal digit of any script.
pub(crate) fn decimal(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let behind = ZEROS.partition_point(|zero| *zero <= c);
    let zero = ZEROS.get(behind.checked_sub(1)?)?;
    u32::from(c).checked_sub(u32::from(*zero)).filter(|digit| *digit < 10)
}

/// A letter, that is Unicode's general category L.
fn is_alpha(c: char) -> bool {
    // Unicode calls more alphabetic: numerals, circled letters and the marks that spell vowels.
    c.is_alphabetic()
        && (c.is_ascii() || !(c.is_numeric() || is_circled(c) || extends(c) || within(SPACING_MARKS, c)))
}

fn is_numeric(c: char) -> bool {
    c.is_numeric() || within(NUMERALS, c)
}

/// Unicode's general category Nl.
fn is_letter_number(c: char) -> bool {
    c.is_alphabetic() && c.is_numeric()
}

fn is_circled(c: char) -> bool {
    matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}'
        | '\u{1f170}'..='\u{1f189}')
}

/// Whether a character is a mark without a width of its own: those are escaped when they stand alone.
fn extends(c: char) -> bool {
    c.is_alphabetic() && c.escape_debug().len() > 1
}

fn continues_identifier(c: char) -> bool {
    c == '_'
        || (c.is_alphabetic() && !is_circled(c))
        || decimal(c).is_some()
        || within(SPACING_MARKS, c)
        || matches!(c, '\u{b7}' | '\u{387}' | '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}' | '\u{2054}')
}

fn within(ranges: &[(char, char)], c: char) -> bool {
    let behind = ranges.partition_point(|(first, _)| *first <= c);
    behind.checked_sub(1).and_then(|at| ranges.get(at)).is_some_and(|(_, last)| c <= *last)
}
