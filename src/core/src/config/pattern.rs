//! Patterns with `*`.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::BuildHasherDefault;

use memchr::memmem;
use serde_json::Value;

use super::error::ConfigError;
use super::read::{Path, list, string};

/// The longest pattern, in bytes.
const MAX_PATTERN: usize = 1024;

/// A text in which `*` stands for any characters, `/` included, or for none.
#[derive(Clone, PartialEq, Eq)]
pub struct Pattern {
    /// What stands before the first `*`; all of it if there is none.
    prefix: Box<str>,
    /// What stands after the last `*`, if there is one.
    suffix: Option<Box<str>>,
    /// What stands between two `*`; no piece is empty.
    middle: Box<[Box<str>]>,
}

/// Several patterns. Those without a `*` are looked up, however many there are.
#[derive(Clone, Debug, Default)]
pub struct PatternSet {
    exact: HashSet<Box<str>, BuildHasherDefault<DefaultHasher>>,
    patterns: Vec<Pattern>,
}

impl Pattern {
    /// Reads a pattern; every text is one.
    pub fn new(text: &str) -> Self {
        let Some((prefix, rest)) = text.split_once('*') else {
            return Pattern { prefix: text.into(), suffix: None, middle: Box::default() };
        };
        let (middle, suffix) = rest.rsplit_once('*').unwrap_or(("", rest));
        Pattern {
            prefix: prefix.into(),
            suffix: Some(suffix.into()),
            middle: middle.split('*').filter(|piece| !piece.is_empty()).map(Box::from).collect(),
        }
    }

    /// Whether the whole text matches, in time linear in its length: each piece is taken where it
    /// first occurs, which leaves the most for those that follow.
    pub fn matches(&self, text: &str) -> bool {
        let Some(suffix) = &self.suffix else {
            return text == &*self.prefix;
        };
        let Some(rest) = text.strip_prefix(&*self.prefix) else {
            return false;
        };
        let Some(rest) = rest.strip_suffix(&**suffix) else {
            return false;
        };
        let mut rest = rest.as_bytes();
        for piece in &self.middle {
            let Some(at) = memmem::find(rest, piece.as_bytes()) else {
                return false;
            };
            rest = rest.get(at + piece.len()..).unwrap_or_default();
        }
        true
    }

    fn is_exact(&self) -> bool {
        self.suffix.is_none()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.prefix.to_string();
        if let Some(suffix) = &self.suffix {
            for piece in &self.middle {
                text.push('*');
                text.push_str(piece);
            }
            text.push('*');
            text.push_str(suffix);
        }
        write!(f, "{text:?}")
    }
}

impl PatternSet {
    /// The set that matches everything.
    pub fn any() -> Self {
        ["*"].into_iter().collect()
    }

    /// Whether one of the patterns matches.
    pub fn matches(&self, text: &str) -> bool {
        self.exact.contains(text) || self.patterns.iter().any(|pattern| pattern.matches(text))
    }
}

impl<'a> FromIterator<&'a str> for PatternSet {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut set = PatternSet::default();
        for text in texts {
            let pattern = Pattern::new(text);
            if pattern.is_exact() {
                set.exact.insert(text.into());
            } else {
                set.patterns.push(pattern);
            }
        }
        set
    }
}

/// Reads one pattern's text.
pub(super) fn pattern_text(value: Value, path: &Path) -> Result<String, ConfigError> {
    let text = string(value, path, "a pattern such as \"team-a/*\"")?;
    if text.is_empty() {
        return Err(path.error("a pattern may not be empty, \"*\" matches everything"));
    }
    if text.len() > MAX_PATTERN {
        return Err(path.error(format_args!("a pattern may not be longer than {MAX_PATTERN} bytes")));
    }
    Ok(text)
}

/// Reads a list of patterns.
pub(super) fn patterns(value: Value, path: &Path) -> Result<PatternSet, ConfigError> {
    let items = list(value, path, "a list of patterns")?;
    let mut texts = Vec::with_capacity(items.len());
    for (at, item) in items.into_iter().enumerate() {
        texts.push(pattern_text(item, &path.index(at))?);
    }
    Ok(texts.iter().map(String::as_str).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stars_cross_slashes() {
        for (pattern, text, expected) in [
            ("hello", "hello", true),
            ("hello", "hello2", false),
            ("hello", "", false),
            ("*", "", true),
            ("*", "a/b/c", true),
            ("**", "", true),
            ("team-a/*", "team-a/x/y", true),
            ("team-a/*", "team-a/", true),
            ("team-a/*", "team-a", false),
            ("team-a/*", "team-ab/x", false),
            ("*/triage", "support/eu/triage", true),
            ("*/triage", "triage", false),
            ("a*b*c", "abc", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "acb", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("ab*ba", "aba", false),
            ("*ab*ab*", "ab", false),
            ("*ab*ab*", "abab", true),
            ("gpt-4*", "gpt-4o", true),
            ("gpt-4*", "GPT-4o", false),
            ("é*", "éa", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), expected, "{pattern} {text}");
            let set: PatternSet = ["never", pattern].into_iter().collect();
            assert_eq!(set.matches(text), expected, "{pattern} {text}");
        }
        assert!(!PatternSet::default().matches("hello"));
        assert!(PatternSet::any().matches("hello"));
    }

    #[test]
    fn a_hostile_pattern_is_cheap() {
        // Backtracking would take 2^60 steps.
        let pattern = "*a".repeat(60) + "b";
        let text = "a".repeat(100_000);
        assert!(!Pattern::new(&pattern).matches(&text));
    }

    /// The definition, without any care for time.
    fn naive(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|at| naive(rest, &text[at..])),
            Some((first, rest)) => text.first() == Some(first) && naive(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(pattern in "[ab/é*]{0,8}", text in "[ab/é]{0,10}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(
                Pattern::new(&pattern).matches(&text),
                naive(&chars(&pattern), &chars(&text))
            );
        }

        #[test]
        fn a_text_matches_itself_with_stars_put_in(
            text in "[ -)+-~]{0,30}",
            stars in prop::collection::vec(0usize..30, 0..5),
        ) {
            let mut pattern: Vec<char> = text.chars().collect();
            for at in stars {
                pattern.insert(at.min(pattern.len()), '*');
            }
            let pattern: String = pattern.into_iter().collect();
            prop_assert!(Pattern::new(&pattern).matches(&text));
        }
    }
}
