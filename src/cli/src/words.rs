//! "Did you mean …?"

/// The known word that `word` most likely stands for: at most a third of its characters wrong, and never all.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.replace(['_', '-'], "").to_lowercase();
    let word = plain(word);
    let length = word.chars().count();
    let allowed = (length / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed && *distance < length)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean `…`?", or what else to do.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, or: &str) -> String {
    match nearest(word, known) {
        Some(known) => format!("did you mean `{known}`?"),
        None => or.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        let known = ["temperature", "top_p", "max_tokens", "n"];
        for (word, expected) in [
            ("temprature", Some("temperature")),
            ("topP", Some("top_p")),
            ("maxTokens", Some("max_tokens")),
            ("zzz", None),
            ("N", Some("n")),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }
}
