//! Whether a body can be about prompts at all, told by its bytes.
//!
//! Most of what passes a gateway names no prompt. To search a large body takes a third of the time that it
//! takes to read it as JSON.

use std::ops::Range;

use wide::u8x16;

use super::dialect::Dialect;
use super::named::ID;
use crate::config::Models;

/// What the name of each member of ours begins with.
const STEM: &[u8] = b"prompt";

/// What comes before the [`STEM`] in a model that asks for a prompt.
const MODEL_PREFIX: &[u8] = b"dot";

/// Begins an escape of ASCII, by which a name could be written otherwise. The digit behind it tells whether
/// of a small letter or `_`, of which all names are made.
const ESCAPE: &[u8] = b"\\u00";

/// The only other member that may not stand there twice.
const MODEL: &[u8] = b"\"model\"";

/// How many places are looked at together.
const BLOCK: usize = 4 * WIDTH;

/// How many of them one instruction looks at.
const WIDTH: usize = 16;

/// How far the two bytes are apart by which the [`STEM`] is recognized: both are a `p`.
const GAP: usize = 4;

/// A block, and what has to be seen behind it.
const WINDOW: usize = BLOCK + GAP;

/// Whether a body may name a prompt or one of the bound `models`, hold a member of ours, or be wrong about
/// any of it. If not, and if policy requires no prompt, then nothing is to be done about it, whether it is
/// JSON or not.
///
/// Clients write what is ours before everything else, or behind it. So both ends are searched first.
pub(super) fn of_prompts(body: &[u8], dialect: &Dialect, models: &Models) -> bool {
    let mut search = Search { body, dialect, model: None };
    let blocks = body.len().checked_sub(WINDOW).map_or(0, |rest| rest / BLOCK + 1);
    // What begins with the first bytes can't be told from any block.
    let is_found = search.is_found(0..GAP.min(body.len()))
        || (0..blocks.div_ceil(2)).any(|front| {
            let back = blocks - 1 - front;
            search.is_found_in_block(front) || back != front && search.is_found_in_block(back)
        });
    is_found
        || search.is_found(blocks * BLOCK..body.len())
        || search.model.is_some_and(|at| may_be_bound(body, at + MODEL.len(), models))
}

/// Whether the value behind the key of a model, which ends at an offset, may be that of a binding.
fn may_be_bound(body: &[u8], at: usize, models: &Models) -> bool {
    let value =
        || body.get(at..)?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"");
    // What is no key, or has no text, is no model.
    let Some(text) = value() else { return false };
    let name = text.split(|byte| *byte == b'"').next().unwrap_or_default();
    match str::from_utf8(name) {
        Ok(name) if !name.contains('\\') => models.get(name).is_some(),
        _ => !models.is_empty(),
    }
}

/// Whether two bytes of a window are where they are in something that is searched for: in a [`STEM`] that
/// begins in the block, an [`ESCAPE`] that begins one byte later, or a [`MODEL`] that begins three later.
///
/// Each pair is one that seldom stands so in ordinary text, and ends at the same place, so that few bytes
/// have to be fetched.
#[inline(always)]
fn has_candidate(window: &[u8; WINDOW]) -> bool {
    let at = |offset: usize| {
        let bytes = window.get(offset..).and_then(<[u8]>::first_chunk);
        bytes.map_or(u8x16::ZERO, |bytes| u8x16::new(*bytes))
    };
    let is = |bytes: u8x16, byte| bytes.simd_eq(u8x16::splat(byte));
    let pairs = |offset: usize| {
        let (first, last_but_one, last) = (at(offset), at(offset + GAP - 1), at(offset + GAP));
        let stem = is(first, b'p') & is(last, b'p');
        let escape = is(last_but_one, b'0') & is(last, b'0');
        let model = is(last_but_one, b'"') & is(last, b'm');
        stem | escape | model
    };
    // All of the block.
    (pairs(0) | pairs(WIDTH) | pairs(2 * WIDTH) | pairs(3 * WIDTH)).any()
}

struct Search<'b> {
    body: &'b [u8],
    dialect: &'b Dialect,
    /// Where the only [`MODEL`] so far begins.
    model: Option<usize>,
}

impl Search<'_> {
    /// Whether something that begins in a block or shortly behind may be about prompts.
    #[inline(always)]
    fn is_found_in_block(&mut self, block: usize) -> bool {
        let start = block * BLOCK;
        let window = self.body.get(start..).and_then(<[u8]>::first_chunk);
        window.is_some_and(has_candidate) && self.is_found(start..start + BLOCK + GAP - 1)
    }

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
                b'"' => rest.starts_with(MODEL) && self.model.replace(at).is_some_and(|other| other != at),
                _ => rest.starts_with(ESCAPE) && matches!(rest.get(ESCAPE.len()), Some(b'5'..=b'7')),
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

    thread_local! {
        static PLAIN: Config = config("{}");
        static BOUND: Config = config(r#"{"bound": {"prompt_id": "p"}, "a/b": {"prompt_id": "p"}}"#);
    }

    const PATHS: [&str; 3] = ["/chat/completions", "/responses", "/messages"];

    fn config(models: &str) -> Config {
        let prompts = r#"{"prompts": {"p": "User: x"}}"#;
        Config::parse(format!(r#"{{"bundle": {prompts}, "models": {models}}}"#).as_bytes()).unwrap()
    }

    fn mentions(path: &str, body: &str) -> bool {
        of_prompts(body.as_bytes(), dialect::of(path).unwrap(), &Models::default())
    }

    /// What becomes of a body that is read, and what of one that may be searched first.
    fn outcomes(config: &Config, path: &str, body: &str, required: bool) -> [Outcome; 2] {
        let rewrite = Rewrite {
            config,
            cache: None,
            fetched: None,
            waited: false,
            settings: config.settings(None, "", path),
            dialect: dialect::of(path).unwrap(),
            required,
        };
        [rewrite.read(body.as_bytes()), rewrite.rewrite(body.as_bytes())]
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
        let text = r#"Prompt replies: \"prompt\", prompted, a \"model\", \u001f\u00e9\u003c1000"#;
        for body in [
            String::new(),
            format!(r#"{{"model": "a", "messages": [{{"content": "{}"}}]}}"#, text.repeat(9)),
            r#"{"prompt_cache_key": "a", "prompt": "a"}"#.to_owned(),
            "not JSON ".repeat(99),
        ] {
            assert!(!mentions("/chat/completions", &body), "{body}");
        }
        assert!(mentions("/responses", r#"{"prompt": {"id": "a"}}"#));
    }

    #[test]
    fn it_is_found_wherever_it_stands() {
        for found in [r#""prompt""#, r#"\u005f"#, "dotprompt", "prompt_id"] {
            for before in 0..3 * BLOCK {
                for behind in (0..2 * WINDOW).step_by(7) {
                    let body = format!("{}{found}{}", "x".repeat(before), "x".repeat(behind));
                    assert!(mentions("/responses", &body), "{found} between {before} and {behind}");
                }
            }
        }
    }

    #[test]
    fn two_models_are_found_wherever_they_stand() {
        let model = r#""model""#;
        for (before, between) in (0..2 * BLOCK).flat_map(|before| (0..3 * BLOCK).map(move |n| (before, n))) {
            for behind in [0, 3, WINDOW, 3 * BLOCK] {
                let [before, between, behind] = [before, between, behind].map(|n| "x".repeat(n));
                assert!(!mentions("/messages", &format!("{before}{model}{between}{behind}")));
                let body = format!("{before}{model}{between}{model}{behind}");
                assert!(mentions("/messages", &body), "{body}");
            }
        }
    }

    #[test]
    fn every_name_has_the_stem_and_is_made_of_what_is_searched_for() {
        for path in PATHS {
            for name in dialect::of(path).unwrap().ours() {
                assert!(name.as_bytes().starts_with(STEM), "{name}");
                assert!(name.bytes().all(|byte| matches!(byte, b'_' | b'a'..=b'z')), "{name}");
            }
        }
    }

    #[test]
    fn bound_models_are_found_however_they_are_written() {
        let bound = |model: &str| {
            let body = format!(r#"{{"messages": [], "model" :{model}, "user": "bound"}}"#);
            BOUND.with(|config| {
                let [read, rewritten] = outcomes(config, PATHS[0], &body, false);
                assert_eq!(std::mem::discriminant(&read), std::mem::discriminant(&rewritten), "{model}");
                let models = &config.default_settings().models;
                of_prompts(body.as_bytes(), dialect::of(PATHS[0]).unwrap(), models)
            })
        };
        for (model, expected) in [
            (r#""bound""#, true),
            ("\n\t\"bound\"", true),
            (r#""b\u006fund""#, true),
            (r#""a\/b""#, true),
            (r#""bounds""#, false),
            (r#""BOUND""#, false),
            ("null", false),
            ("{}", false),
        ] {
            assert_eq!(bound(model), expected, "{model}");
        }
    }

    #[test]
    fn where_a_prompt_is_required_all_is_read() {
        let [_, outcome] = PLAIN.with(|config| outcomes(config, PATHS[0], r#"{"model": "m"}"#, true));
        assert!(matches!(outcome, Outcome::Reply(..)));
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
            "bound",
            "b\\u006fund",
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
            1 => prop::sample::select(vec!["model", "messages", "bound"]).prop_map(str::to_owned),
            2 => prop::collection::vec(text, 0..3).prop_map(|parts| parts.concat()),
        ];
        let literal = text.prop_map(|text| format!("\"{text}\""));
        let other =
            prop::sample::select(vec!["null", "1", "{}", "[]", "{\"id\":\"p\"}", "{\"prompt_id\":1}", "tru"]);
        let value = prop_oneof![3 => literal.clone(), 2 => other.prop_map(str::to_owned)];
        let member = (literal, value).prop_map(|(key, value)| format!("{key}: {value}"));
        let open = prop::sample::select(vec!["{", "{ ", "[", "", "{,"]);
        let close = prop::sample::select(vec!["}", "]", "", "} prompt_id"]);
        let space = || (0..2 * WINDOW).prop_map(|size| " ".repeat(size));
        (space(), open, prop::collection::vec(member, 0..4), close, space()).prop_map(
            |(before, open, members, close, behind)| {
                format!("{before}{open}{}{close}{behind}", members.join(", "))
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Whoever reads the whole body finds nothing to do about it either.
        #[test]
        fn a_body_that_mentions_nothing_passes(body in body(), path in prop::sample::select(PATHS.to_vec())) {
            for bound in [false, true] {
                let judge = |config: &Config| outcomes(config, path, &body, false);
                let [read, rewritten] = if bound { BOUND.with(judge) } else { PLAIN.with(judge) };
                prop_assert_eq!(std::mem::discriminant(&read), std::mem::discriminant(&rewritten), "{}", body);
                if !bound && !mentions(path, &body) {
                    prop_assert!(matches!(read, Outcome::Pass), "{}", body);
                }
            }
        }
    }
}
