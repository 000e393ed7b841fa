//! Filters that lay text out in columns and lines.

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::{given, present, truth, unicode};
use crate::value::Value;

/// `center(width=80)`
pub(super) fn center(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [width] = arguments.bind(["width"])?;
    let width = width.map_or(Ok(80), |width| evaluator.count(&width))?;
    let text = evaluator.text(&value)?;
    let missing = width.saturating_sub(text.chars().count());
    evaluator.budget.memory(missing.saturating_add(text.len()))?;
    // CPython puts the odd space to the left of an odd width.
    let left = missing / 2 + (missing & width & 1);
    Ok(Value::from([&" ".repeat(left), &*text, &" ".repeat(missing.saturating_sub(left))].concat()))
}

/// `indent(width=4, first=False, blank=False)`
pub(super) fn indent(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [width, first, blank] = arguments.bind(["width", "first", "blank"])?;
    let (first, blank) = (truth(first, false), truth(blank, false));
    let indentation = match &width {
        None => " ".repeat(4),
        Some(Value::Str(text)) => text.to_string(),
        Some(width) => " ".repeat(evaluator.count(width)?),
    };
    present(&value)?;
    let text = evaluator.str(&value)?;
    // Python appends a line end too, so that a last, empty line is one.
    evaluator.budget.memory(text.len())?;
    let text = [text, "\n"].concat();
    let mut indented = String::new();
    for (number, line) in unicode::lines(&text).enumerate() {
        let indents = if number == 0 { first } else { blank || !line.is_empty() };
        let indentation = if indents { indentation.as_str() } else { "" };
        evaluator.budget.memory(line.len().saturating_add(indentation.len()).saturating_add(1))?;
        if number > 0 {
            indented.push('\n');
        }
        indented.push_str(indentation);
        indented.push_str(line);
    }
    Ok(Value::from(indented))
}

/// `truncate(length=255, killwords=False, end='...', leeway=5)`
pub(super) fn truncate(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [length, killwords, end, leeway] = arguments.bind(["length", "killwords", "end", "leeway"])?;
    let length = length.map_or(Ok(255), |length| evaluator.int(&length))?;
    let leeway = given(leeway).map_or(Ok(5), |leeway| evaluator.int(&leeway))?;
    let end = end.unwrap_or_else(|| Value::from("..."));
    let end = evaluator.str(&end)?;
    let kept = usize::try_from(length)
        .ok()
        .and_then(|length| length.checked_sub(end.chars().count()))
        .ok_or_else(|| Fault::arguments("`truncate` needs a length that has room for its end"))?;
    let leeway = usize::try_from(leeway)
        .map_err(|_| Fault::arguments("the leeway of `truncate` can't be negative"))?;
    evaluator.defined(&value)?;
    let fits = |len: usize| i128::try_from(len).is_ok_and(|len| len <= length.saturating_add(leeway as i128));
    let text = match &value {
        Value::Str(text) => text,
        // Whatever is short enough stays as it is.
        Value::List(list) | Value::Tuple(list) if fits(list.len()) => return Ok(value),
        Value::Dict(dict) if fits(dict.len()) => return Ok(value),
        Value::Range(range) if fits(range.len) => return Ok(value),
        Value::Undefined(_) => return Ok(value),
        _ => return Err(Fault::invalid("`truncate` needs a string")),
    };
    if fits(text.chars().count()) {
        return Ok(value);
    }
    let cut = text.char_indices().nth(kept).map_or(text.len(), |(offset, _)| offset);
    let mut shortened = text.get(..cut).unwrap_or(text);
    if !truth(killwords, false) {
        shortened = shortened.rsplit_once(' ').map_or(shortened, |(before, _)| before);
    }
    evaluator.budget.memory(shortened.len().saturating_add(end.len()))?;
    Ok(Value::from([shortened, end].concat()))
}
