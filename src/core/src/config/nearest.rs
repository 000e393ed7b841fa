//! The known word that a mistyped one most likely means.

/// Longer words are not compared: the work grows with the square of their length.
const MAX_COMPARED: usize = 64;

/// The nearest of `known`, if it is near enough to be a likely slip: at most one edit in two
/// characters. The first of those that are equally near.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(MAX_COMPARED + 1).collect();
    if word.is_empty() || word.len() > MAX_COMPARED {
        return None;
    }
    let mut best = word.len().min(word.len().div_ceil(2) + 1);
    let mut found = None;
    let mut candidate = Vec::new();
    for known in known {
        candidate.clear();
        candidate.extend(known.chars().take(MAX_COMPARED + 1));
        if candidate.len() > MAX_COMPARED || candidate.len().abs_diff(word.len()) >= best {
            continue;
        }
        let distance = distance(&word, &candidate);
        if distance < best {
            best = distance;
            found = Some(known);
        }
    }
    found
}

/// The number of insertions, deletions, substitutions and swaps of neighbours that turn one word
/// into the other (optimal string alignment). Case counts for nothing.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (row, &char_a) in a.iter().enumerate() {
        let char_a = char_a.to_ascii_lowercase();
        let mut current = Vec::with_capacity(b.len() + 1);
        current.push(row + 1);
        let mut previous_b = None;
        for (column, &char_b) in b.iter().enumerate() {
            let char_b = char_b.to_ascii_lowercase();
            let cell = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let substituted = cell(&last, column) + usize::from(char_a != char_b);
            let deleted = cell(&last, column + 1) + 1;
            let inserted = cell(&current, column) + 1;
            let mut least = substituted.min(deleted).min(inserted);
            if column > 0 && previous_a == Some(char_b) && previous_b == Some(char_a) {
                least = least.min(cell(&before_last, column - 1) + 1);
            }
            current.push(least);
            previous_b = Some(char_b);
        }
        before_last = std::mem::replace(&mut last, current);
        previous_a = Some(char_a);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("allow", "allow", 0),
            ("alow", "allow", 1),
            ("lalow", "allow", 1),
            ("Allow", "allow", 0),
            ("models", "model", 1),
            ("kitten", "sitting", 3),
            ("", "abc", 3),
            ("abc", "", 3),
        ] {
            let a: Vec<char> = a.chars().collect();
            let b: Vec<char> = b.chars().collect();
            assert_eq!(distance(&a, &b), expected, "{a:?} {b:?}");
        }
    }

    #[test]
    fn only_likely_slips() {
        let known = || ["allow", "models", "pass_paths", "require_prompt", "client_roles"].into_iter();
        assert_eq!(nearest("alow", known()), Some("allow"));
        assert_eq!(nearest("model", known()), Some("models"));
        assert_eq!(nearest("requirePrompt", known()), Some("require_prompt"));
        assert_eq!(nearest("clientRoles", known()), Some("client_roles"));
        assert_eq!(nearest("temperature", known()), None);
        assert_eq!(nearest("", known()), None);
        assert_eq!(nearest(&"a".repeat(100_000), known()), None);
        assert_eq!(nearest("a", [""].into_iter()), None);
    }
}
