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
    evaluator.budget.memory(text.len().saturating_mul(4))?;
    let text = without_tags(&without_comments(&text));
    let mut words = String::with_capacity(text.len());
    for word in text.split(unicode::is_space).filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    Ok(Value::from(entities::unescape(&words)))
}

/// Comments end at the first `-->`, which may share its hyphens with the beginning. What stands before
/// and behind a comment can begin another one.
fn without_comments(text: &str) -> String {
    const OPEN: &str = "<!--";
    const CLOSE: &str = "-->";
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        kept.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if !kept.ends_with(OPEN) {
            continue;
        }
        let shared = [">", "->"].iter().find_map(|close| rest.strip_prefix(close));
        let Some(after) = shared.or_else(|| rest.split_once(CLOSE).map(|(_, after)| after)) else { break };
        kept.truncate(kept.len() - OPEN.len());
        rest = after;
    }
    kept.push_str(rest);
    kept
}

fn without_tags(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        let Some((_, after)) = tag.split_once('>') else { break };
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
    fn comments_are_found_as_markupsafe_finds_them() {
        for (text, expected) in [
            ("a<!-->b", "ab"),
            ("a<!--->b", "ab"),
            ("a<!<!-- x -->-- y -->b", "ab"),
            ("a<!-- b", "a<!-- b"),
            ("a<!-- --><!-- -->b", "ab"),
        ] {
            assert_eq!(without_comments(text), expected, "{text}");
        }
    }
}
