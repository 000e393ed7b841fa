//! Upper and lower case.

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::unicode;
use crate::value::Value;

/// `upper()`
pub(super) fn upper(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let text = evaluator.text(&value)?.to_uppercase();
    evaluator.string(text)
}

/// `lower()`
pub(super) fn lower(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let text = evaluator.text(&value)?.to_lowercase();
    evaluator.string(text)
}

/// `capitalize()`
pub(super) fn capitalize(
    evaluator: &mut Evaluator<'_>,
    value: Value,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    let text = evaluator.text(&value)?;
    let mut capitalized = String::with_capacity(text.len());
    if let Some(first) = text.chars().next() {
        unicode::push_titlecase(&mut capitalized, first);
        // In lower case as a whole, because a sigma looks different at the end of a word.
        capitalized.extend(text.to_lowercase().chars().skip(first.to_lowercase().count()));
    }
    evaluator.string(capitalized)
}

/// `title()`: Jinja2's own, which leaves the letter behind an apostrophe alone.
pub(super) fn title(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let text = evaluator.text(&value)?;
    // Case beyond ASCII is slow to find out, and so is where words begin.
    evaluator.budget.memory(text.len().saturating_mul(if text.is_ascii() { 1 } else { 3 }))?;
    let mut titled = String::with_capacity(text.len());
    for part in text.split_inclusive(separates_words) {
        let word = part.trim_end_matches(separates_words);
        let mut rest = word.chars();
        titled.extend(rest.next().into_iter().flat_map(char::to_uppercase));
        titled.push_str(&rest.as_str().to_lowercase());
        titled.extend(part.chars().next_back().filter(|c| separates_words(*c)));
    }
    evaluator.string(titled)
}

fn separates_words(c: char) -> bool {
    unicode::is_space(c) || matches!(c, '-' | '(' | '{' | '[' | '<')
}
