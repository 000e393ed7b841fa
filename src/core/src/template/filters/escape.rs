//! HTML and XML.

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::{present, truth, unicode};
use crate::value::Value;

/// `escape()`, `e()`, `forceescape()`
pub(super) fn escape(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let text = evaluator.text(&value)?;
    let mut escaped = String::new();
    push_escaped(evaluator, &mut escaped, &text)?;
    Ok(Value::from(escaped))
}

/// Appends `text` with what HTML reads as markup replaced by entities.
pub(super) fn push_escaped(evaluator: &Evaluator<'_>, out: &mut String, text: &str) -> Result<(), Fault> {
    let entities: usize = text.chars().filter_map(entity).map(str::len).sum();
    evaluator.budget.memory(text.len().saturating_add(entities))?;
    for c in text.chars() {
        match entity(c) {
            Some(entity) => out.push_str(entity),
            None => out.push(c),
        }
    }
    Ok(())
}

fn entity(c: char) -> Option<&'static str> {
    Some(match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&#34;",
        '\'' => "&#39;",
        _ => return None,
    })
}

/// `xmlattr(autospace=True)`: a mapping as attributes of an element.
pub(super) fn xmlattr(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [autospace] = arguments.bind(["autospace"])?;
    present(&value)?;
    let dict = value.as_dict().ok_or_else(|| Fault::invalid("`xmlattr` needs a mapping"))?;
    let autospace = truth(autospace, true);
    let mut out = String::new();
    for (key, value) in dict.iter() {
        if matches!(value, Value::None | Value::Undefined(_)) {
            continue;
        }
        let key = evaluator.str(key)?;
        if key.contains(|c: char| c.is_ascii() && (unicode::is_space(c) && c < '\x1c' || " /=>".contains(c)))
        {
            return Err(Fault::invalid("an attribute's name has no spaces and none of `/`, `>`, `=`"));
        }
        evaluator.budget.memory(4)?;
        if autospace || !out.is_empty() {
            out.push(' ');
        }
        push_escaped(evaluator, &mut out, key)?;
        out.push_str("=\"");
        push_escaped(evaluator, &mut out, &evaluator.text(value)?)?;
        out.push('"');
    }
    Ok(Value::from(out))
}
