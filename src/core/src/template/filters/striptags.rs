//! Text out of HTML.

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::{entities, unicode};
use crate::value::Value;

/// `striptags()`: without comments and tags, with single spaces, entities replaced.
pub(super) fn striptags(
    evaluator: &mut Evaluator<'_>,
    value: Value,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    let text = evaluator.text(&value)?;
    evaluator.budget.memory(text.len().saturating_mul(3))?;
    // Looking a reference up takes longer than copying it.
    evaluator.budget.slots(text.matches('&').count())?;
    let text = without_tags(&text);
    let mut words = String::with_capacity(text.len());
    for word in text.split(unicode::is_space).filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    Ok(Value::from(entities::unescape(&words)))
}

/// In one pass; what is not closed stays, and so does everything behind it.
fn without_tags(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        let closed = match tag.strip_prefix("!--") {
            Some(comment) => comment.split_once("-->"),
            None => tag.split_once('>'),
        };
        let Some((_, after)) = closed else { break };
        kept.push_str(before);
        rest = after;
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_comments_end_where_markupsafe_ends_them() {
        for (text, expected) in [
            ("a<b>c</b>", "ac"),
            ("a<!-- <b> -->c", "ac"),
            ("a<!-->b--> c", "a c"),
            ("a<!<!-- x -->b", "ab"),
            ("a<b>c<!-- d > <e>", "ac<!-- d > <e>"),
            ("a <b", "a <b"),
        ] {
            assert_eq!(without_tags(text), expected, "{text}");
        }
    }
}
