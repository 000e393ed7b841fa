//! Labels of a version, written into its front matter: that is where `promptgate bundle` reads them.

use std::collections::BTreeSet;

use promptgate_core::prompt::FrontMatter;

use super::fetch::Labels;

const FENCE: &str = "---";
const KEY: &str = "labels:";
const BOM: char = '\u{feff}';

/// Words that YAML 1.1 or 1.2 reads as something else than text.
const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// The text with the labels that the registry tells. None if its front matter can't be changed without
/// changing what else it says.
pub(super) fn apply(id: &str, text: &str, labels: &Labels) -> Option<String> {
    let before = FrontMatter::of(id, text);
    let found = before.as_ref().map(names).unwrap_or_default();
    let wanted: BTreeSet<String> = match labels {
        Labels::All(labels) => labels.iter().cloned().collect(),
        Labels::One(label) => found.iter().chain([label]).cloned().collect(),
        Labels::Unknown => return Some(text.to_owned()),
    };
    if wanted == found {
        return Some(text.to_owned());
    }
    let changed = set(text, &wanted)?;
    let (before, after) = (before.ok()?, FrontMatter::of(id, &changed).ok()?);
    (names(&after) == wanted && rest(before) == rest(after)).then_some(changed)
}

fn names(front_matter: &FrontMatter) -> BTreeSet<String> {
    front_matter.labels.iter().cloned().collect()
}

/// All that a front matter says beside labels.
fn rest(front_matter: FrontMatter) -> String {
    format!("{:?}", FrontMatter { labels: Vec::new(), ..front_matter })
}

/// Replaces the lines of `labels`, or adds one.
fn set(text: &str, labels: &BTreeSet<String>) -> Option<String> {
    let bare = text.strip_prefix(BOM).unwrap_or(text);
    let bom = text.get(..text.len() - bare.len())?;
    let list: Vec<String> = labels.iter().map(|label| quoted(label)).collect();
    let line = if list.is_empty() { String::new() } else { format!("{KEY} [{}]", list.join(", ")) };
    let lines: Vec<&str> = bare.split_inclusive('\n').collect();
    let opening = lines.iter().position(|line| !line.trim().is_empty()).unwrap_or(lines.len());
    if lines.get(opening).is_none_or(|line| line.trim_end() != FENCE) {
        return Some(format!("{bom}{FENCE}\n{line}\n{FENCE}\n{bare}"));
    }
    let end = if lines.get(opening)?.ends_with("\r\n") { "\r\n" } else { "\n" };
    let line = if line.is_empty() { line } else { line + end };
    let (head, rest) = lines.split_at(opening + 1);
    let closing = rest.iter().position(|line| line.trim_end() == FENCE)?;
    let key = rest.iter().take(closing).position(|line| line.starts_with(KEY));
    let at = key.unwrap_or(0);
    let (above, below) = rest.split_at(at);
    let old = match key {
        Some(_) => 1 + below.iter().skip(1).take_while(|line| goes_on(line)).count(),
        None => 0,
    };
    Some([bom, &head.concat(), &above.concat(), &line, &below.get(old..)?.concat()].concat())
}

/// Whether a line belongs to the value that began above it.
fn goes_on(line: &str) -> bool {
    line.starts_with([' ', '\t', ']']) || line.trim_end() == "-" || line.starts_with("- ")
}

/// A label as YAML text: most need no quotes.
fn quoted(label: &str) -> String {
    let is_plain = label.starts_with(|first: char| first.is_ascii_alphabetic())
        && !WORDS.iter().any(|word| label.eq_ignore_ascii_case(word));
    if is_plain { label.to_owned() } else { format!("\"{label}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(labels: &[&str]) -> Labels {
        Labels::All(labels.iter().map(|label| (*label).to_owned()).collect())
    }

    #[test]
    fn labels_are_written() {
        for (text, labels, expected) in [
            ("User: a", &["b", "a"][..], "---\nlabels: [a, b]\n---\nUser: a"),
            ("User: a", &[], "User: a"),
            ("\u{feff}User: a", &["a"], "\u{feff}---\nlabels: [a]\n---\nUser: a"),
            ("---\nmodel: x # y\n---\nUser: a", &["a"], "---\nlabels: [a]\nmodel: x # y\n---\nUser: a"),
            ("---\r\nmodel: x\r\n---\r\nUser: a", &["a"], "---\r\nlabels: [a]\r\nmodel: x\r\n---\r\nUser: a"),
            ("---\n---\nUser: a", &["1", "yes", "-"], "---\nlabels: [\"-\", \"1\", \"yes\"]\n---\nUser: a"),
            ("---\nlabels: [a]\nn: 1\n---\nUser: a", &["b"], "---\nlabels: [b]\nn: 1\n---\nUser: a"),
            ("---\nlabels: [a]\nn: 1\n---\nUser: a", &[], "---\nn: 1\n---\nUser: a"),
            ("---\nlabels:\n- a\n- b\nn: 1\n---\nUser: a", &["b"], "---\nlabels: [b]\nn: 1\n---\nUser: a"),
            ("---\nn: 1\nlabels:\n  - a\n---\nUser: a", &["b"], "---\nn: 1\nlabels: [b]\n---\nUser: a"),
            ("---\nlabels: [\na\n]\nn: 1\n---\nUser: a", &["a"], "---\nlabels: [\na\n]\nn: 1\n---\nUser: a"),
        ] {
            assert_eq!(apply("p", text, &all(labels)).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_label_that_is_known_joins_the_others() {
        let text = "---\nlabels: [a]\n---\nUser: a";
        let one = |label: &str| apply("p", text, &Labels::One(label.to_owned()));
        assert_eq!(one("a").as_deref(), Some(text));
        assert_eq!(one("b").as_deref(), Some("---\nlabels: [a, b]\n---\nUser: a"));
        assert_eq!(apply("p", text, &Labels::Unknown).as_deref(), Some(text));
    }

    #[test]
    fn what_can_not_be_changed_safely_is_not() {
        for text in [
            "---\n{model: x}\n---\nUser: a",
            "---\n\"labels\": [a]\n---\nUser: a",
            "---\nlabels: [\na\n]\n---\nUser: a",
            "---\nmodel: [\n---\nUser: a",
            "---\nmodel: x",
        ] {
            assert_eq!(apply("p", text, &all(&["b"])), None, "{text}");
        }
        // Where nothing is to be said, a broken front matter is left to the author.
        assert!(apply("p", "---\nmodel: [\n---\nUser: a", &all(&[])).is_some());
    }
}
