//! Whether a body can be about prompts at all, told by its bytes.
//!
//! Most of what passes a gateway names no prompt, and to read a large body as JSON takes several times as
//! long as to forward it. To search it takes a quarter of that.

use std::ops::Range;

use super::dialect::Dialect;
use super::named::ID;

/// What stands in the name of each member of ours, and in that of a model that asks for a prompt.
const STEM: &[u8] = b"prompt";

/// What comes before the [`STEM`] in such a model.
const MODEL_PREFIX: &[u8] = b"dot";

/// Begins an escape of ASCII, by which a name could be written otherwise. The next digit tells it from
/// that of a control character or of Latin-1.
const ESCAPE: &[u8] = b"\\u00";

/// The only other member that may not stand there twice.
const MODEL: &[u8] = b"\"model\"";

/// How many places are looked at together.
const BLOCK: usize = 64;

/// A block, and what has to be seen around it.
const WINDOW: usize = BLOCK + 4;

/// Whether a body may name a prompt, hold a member of ours, or be wrong about either. If not, and if neither
/// policy nor a binding gives it a prompt, then nothing is to be done about it, whether it is JSON or not.
pub(super) fn of_prompts(body: &[u8], dialect: &Dialect) -> bool {
    let mut search = Search { body, dialect, models: 0 };
    let mut at = 0;
    while let Some(window) = body.get(at..).and_then(<[u8]>::first_chunk) {
        if has_candidate(window) && search.is_found(at..at + BLOCK) {
            return true;
        }
        at += BLOCK;
    }
    search.is_found(at..body.len())
}

/// Whether anything that is searched for may begin in the first block of a window: two of its bytes are
/// where they should be. Compilers make vector instructions of it.
#[inline(always)]
fn has_candidate(window: &[u8; WINDOW]) -> bool {
    let later = window[1..].iter().zip(&window[2..]).zip(&window[4..]);
    window.iter().zip(later).fold(false, |any, (zeroth, ((first, second), fourth))| {
        let stem = (*zeroth == b'p') & (*fourth == b'p');
        let escape = (*first == b'u') & (*second == b'0');
        let model = (*zeroth == b'"') & (*first == b'm');
        any | stem | escape | model
    })
}

struct Search<'b> {
    body: &'b [u8],
    dialect: &'b Dialect,
    /// How many members may be models.
    models: usize,
}

impl Search<'_> {
    /// Whether something that begins in a range may be about prompts.
    fn is_found(&mut self, range: Range<usize>) -> bool {
        let start = range.start;
        let bytes = self.body.get(range).unwrap_or_default();
        let mut begins = bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'p' | b'\\' | b'"'));
        begins.any(|(index, byte)| {
            let at = start + index;
            let rest = self.body.get(at..).unwrap_or_default();
            match byte {
                b'p' => rest.starts_with(STEM) && self.is_ours(at, rest),
                b'"' => {
                    self.models += usize::from(rest.starts_with(MODEL));
                    self.models > 1
                }
                _ => rest.starts_with(ESCAPE) && matches!(rest.get(ESCAPE.len()), Some(b'2'..=b'7')),
            }
        })
    }

    /// Whether a [`STEM`], which begins `rest`, may be that of a name of ours.
    fn is_ours(&self, at: usize, rest: &[u8]) -> bool {
        let before = self.body.get(..at).unwrap_or_default();
        let is_whole =
            |ours: &str| rest.strip_prefix(ours.as_bytes()).is_some_and(|behind| behind.starts_with(b"\""));
        // A body that does not parse need not put the id between quotes.
        rest.starts_with(ID.as_bytes())
            || before.ends_with(MODEL_PREFIX)
            || before.ends_with(b"\"") && self.dialect.ours().any(is_whole)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::dialect;
    use super::super::rewrite::{Outcome, Rewrite};
    use super::*;
    use crate::config::Config;

    const PATHS: [&str; 3] = ["/chat/completions", "/responses", "/messages"];

    fn mentions(path: &str, body: &str) -> bool {
        of_prompts(body.as_bytes(), dialect::of(path).unwrap())
    }

    #[test]
    fn what_may_be_about_prompts() {
        for body in [
            r#"{"prompt_id": "a"}"#,
            r#"{"prompt_label": null}"#,
            r#"{"prompt\u005fid": "a"}"#,
            r#"{"\u0070rompt_id": "a"}"#,
            r#"{"model": "dotprompt/gpt-4"}"#,
            r#"{"model": "dotprompt\/gpt-4"}"#,
            r#"{"model": "d\u006Ftprompt/gpt-4"}"#,
            r#"{"model": "a", "model": "b"}"#,
            "{'prompt_id': 1}",
            "prompt_id=1",
        ] {
            assert!(mentions("/chat/completions", body), "{body}");
        }
    }

    #[test]
    fn what_is_not() {
        for body in [
            "",
            r#"{"model": "a", "messages": [{"content": "Prompt replies: \"prompt\", prompted, \u001f\u00e9"}]}"#,
            r#"{"prompt_cache_key": "a", "prompt": "a"}"#,
            "not JSON",
        ] {
            assert!(!mentions("/chat/completions", body), "{body}");
        }
        assert!(mentions("/responses", r#"{"prompt": {"id": "a"}}"#));
    }

    #[test]
    fn every_name_of_ours_has_the_stem() {
        for path in PATHS {
            assert!(dialect::of(path).unwrap().ours().all(|name| name.as_bytes().starts_with(STEM)));
        }
    }

    /// Bodies that are nearly requests, in which names stand everywhere and are written in every way.
    fn body() -> impl Strategy<Value = String> {
        let text = prop::sample::select(vec![
            "prompt_id",
            "prompt\\u005fid",
            "prompt_version",
            "prompt_variables",
            "prompt_cache_key",
            "prompt",
            "\\u0070rompt",
            "promp",
            "t_id",
            "dotprompt/gpt",
            "dotprompt\\/gpt",
            "dot",
            "gitlab/x",
            "model",
            "mod\\u0065l",
            "messages",
            "\\\"prompt\\\"",
            "\\\"model\\\"",
            "\\\\",
            "é",
            "\\u00e9",
            "\\u001f",
            "x",
            "",
        ]);
        let text = prop_oneof![
            1 => prop::sample::select(vec!["model", "messages"]).prop_map(str::to_owned),
            2 => prop::collection::vec(text, 0..3).prop_map(|parts| parts.concat()),
        ];
        let literal = text.prop_map(|text| format!("\"{text}\""));
        let other =
            prop::sample::select(vec!["null", "1", "{}", "[]", "{\"id\":\"p\"}", "{\"prompt_id\":1}", "tru"]);
        let value = prop_oneof![3 => literal.clone(), 2 => other.prop_map(str::to_owned)];
        let member = (literal, value).prop_map(|(key, value)| format!("{key}: {value}"));
        let open = prop::sample::select(vec!["{", "{ ", "[", "", "{,"]);
        (open, prop::collection::vec(member, 0..4), prop::sample::select(vec!["}", "]", "", "} prompt_id"]))
            .prop_map(|(open, members, close)| format!("{open}{}{close}", members.join(", ")))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Whoever reads the whole body finds nothing to do about it either.
        #[test]
        fn a_body_that_mentions_nothing_passes(body in body(), path in prop::sample::select(PATHS.to_vec())) {
            let dialect = dialect::of(path).unwrap();
            let config = Config::parse(br#"{"bundle": {"prompts": {"p": "User: x"}}}"#).unwrap();
            let settings = config.settings(None, "", path);
            let rewrite = Rewrite {
                config: &config, cache: None, fetched: None, waited: false, settings, dialect, required: false,
            };
            if !of_prompts(body.as_bytes(), dialect) {
                prop_assert!(matches!(rewrite.read(body.as_bytes()), Outcome::Pass), "{}", body);
            }
        }
    }
}
