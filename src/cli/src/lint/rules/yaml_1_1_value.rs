//! ## What it does
//! Finds plain values in the front matter that YAML 1.1 reads as something else than text: `yes`, `off`, `012`, `1_000`,
//! `1:30`, dates.
//!
//! ## Why is this bad?
//! The front matter is YAML 1.2, in which they are text. Other tools that read the same file, LiteLLM among them, see a
//! boolean, a number or a date.
//!
//! ## Example
//! ```text
//! ---
//! logprobs: yes
//! ---
//! User: hi
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! logprobs: true
//! ---
//! User: hi
//! ```

use serde_json::Value;

use crate::lint::rule::Finding;
use crate::lint::subject::{Front, Subject};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(front) = &subject.front else { return Vec::new() };
    let mut findings = Vec::new();
    walk(front, &front.tree, &mut Vec::new(), &mut findings);
    findings
}

/// Its depth is that of the YAML, which the parser bounds.
fn walk(front: &Front, value: &Value, path: &mut Vec<String>, findings: &mut Vec<Finding>) {
    match value {
        Value::String(text) => {
            if let Some((meaning, instead)) = other_meaning(text) {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let place = front.value(&path);
                let is_plain = !matches!(front.character(place), Some('"' | '\'' | '|' | '>'));
                if is_plain {
                    findings.push(
                        Finding::new(place, format!("`{text}` is text here, but {meaning} in YAML 1.1"))
                            .help(format!("write \"{text}\" for the text{instead}")),
                    );
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                walk(front, item, path, findings);
                path.pop();
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                path.push(key.clone());
                walk(front, member, path, findings);
                path.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What YAML 1.1 takes a plain scalar for, and how to write that.
fn other_meaning(text: &str) -> Option<(&'static str, &'static str)> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Some(("true", ", or `true`")),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Some(("false", ", or `false`")),
        _ => {}
    }
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = number.split(':').collect();
    if parts.len() > 1
        && parts.iter().all(|part| is_digits(part))
        && parts.iter().skip(1).all(|part| part.len() <= 2)
    {
        return Some(("a number to the base of 60", ", or the number in digits"));
    }
    if !number.starts_with(|character: char| character.is_ascii_digit()) {
        return None;
    }
    if is_date(number) {
        return Some(("a date", ""));
    }
    if !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        return None;
    }
    if number.len() > 1 && number.starts_with('0') {
        return Some(("an octal number", ", or the number in decimal digits"));
    }
    number.contains('_').then_some(("a number", ", or the number without `_`"))
}

/// `2026-11-30`, perhaps with a time behind it.
fn is_date(text: &str) -> bool {
    let date = text.split(['T', 't', ' ']).next().unwrap_or(text);
    let parts: Vec<&str> = date.split('-').collect();
    let is_part =
        |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.as_slice(), [year, _, _] if year.len() == 4) && parts.iter().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings() {
        for text in [
            "yes",
            "Off",
            "n",
            "012",
            "-017",
            "1_000",
            "1:30",
            "12:30:45",
            "2026-11-30",
            "2026-11-30T10:00:00Z",
        ] {
            assert!(other_meaning(text).is_some(), "{text}");
        }
        for text in [
            "yess", "", "0", "12", "1.5", "a:b", "1:", "gpt-4", "2026-11", "10-20-30", "v1", "_1", "-",
            "1:300",
        ] {
            assert!(other_meaning(text).is_none(), "{text}");
        }
    }
}
