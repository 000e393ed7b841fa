use serde_json::json;

use super::state::RETRY;
use super::*;
use crate::catalog::Selector;
use crate::config::Config;

const LITELLM: &str = r#"{"provider": "litellm", "cluster": "c", "authority": "a", "timeout": "2s",
    "refresh": "30s", "stale": "1h", "not_found": "5s", "cache": {"entries": 3, "bytes": "1MiB"}}"#;
const BITBUCKET: &str = r#"{"provider": "bitbucket", "cluster": "c", "workspace": "w", "repository": "r",
    "access_token": "t", "cache": {"entries": 3}}"#;
const PROMPTGATE: &str = r#"{"provider": "promptgate", "cluster": "c", "authority": "a", "refresh": "30s",
    "stale": "1h", "long_poll": "0s"}"#;

const NOT_FOUND: &[u8] = br#"{"detail": "Prompt p not found"}"#;

fn cache(registry: &str) -> Cache {
    let config = Config::parse(format!(r#"{{"registry": {registry}}}"#).as_bytes()).unwrap();
    let cache = Cache::new(config.registry.unwrap());
    cache.set_time(seconds(1_000));
    cache
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn reference(id: &str, version: serde_json::Value) -> Reference {
    let selector = if version.is_null() { Selector::Default } else { Selector::version(&version).unwrap() };
    Reference::new(id, selector).unwrap()
}

fn latest(id: &str) -> Reference {
    reference(id, json!(null))
}

/// What a LiteLLM proxy says of the prompt that is asked for under `key`.
fn info(key: &Key, text: &str) -> Vec<u8> {
    json!({
        "prompt_spec": {"prompt_id": key.0.split([':', '@']).next(), "version": 2, "litellm_params": {"dotprompt_content": text}},
        "raw_prompt_template": {"content": text, "metadata": {}},
    })
    .to_string()
    .into_bytes()
}

fn reply(cache: &Cache, key: &Key, status: u16, body: &[u8]) -> Answered {
    cache.answer(key, Some(&Response { status, headers: &[("etag", b"\"1\"")], body }))
}

/// Sends the one request that is ready.
fn one(cache: &Cache) -> Fetch {
    let mut fetches = cache.fetches();
    assert_eq!(fetches.len(), 1);
    fetches.remove(0)
}

fn text(found: &Found, reference: &Reference) -> String {
    let Found::Prompt(kept, _) = found else { panic!("{}", name(found)) };
    let prompt = kept.resolve(reference, None).unwrap().prompt.as_ref().unwrap();
    prompt.template.source().to_owned()
}

fn name(found: &Found) -> String {
    match found {
        Found::Prompt(_, origin) => origin.as_str().to_owned(),
        Found::Missing(missing) => format!("{missing:?}"),
        Found::Unavailable(error) => error.outcome().to_owned(),
        Found::Pending(_) => "pending".to_owned(),
    }
}

fn find(cache: &Cache, id: &str) -> String {
    name(&cache.find(&latest(id)))
}

#[test]
fn a_prompt_is_asked_for_once_however_many_wait() {
    let cache = cache(LITELLM);
    for _ in 0..1_000 {
        assert_eq!(find(&cache, "p"), "pending");
    }
    let fetch = one(&cache);
    assert_eq!((fetch.request.path.as_str(), fetch.timeout), ("/prompts/p/info", seconds(2)));
    assert_eq!(find(&cache, "p"), "pending");
    assert!(cache.fetches().is_empty());
    let answered = reply(&cache, &fetch.key, 200, &info(&fetch.key, "User: hi"));
    assert_eq!(answered.outcome, Some("fetched"));
    let found = answered.found.unwrap();
    assert_eq!((name(&found).as_str(), text(&found, &latest("p")).as_str()), ("fetch", "User: hi"));
    assert_eq!(find(&cache, "p"), "cache");
    assert_eq!(cache.size().entries, 1);
}

fn warm(cache: &Cache, reference: &Reference, body: &str) {
    assert_eq!(name(&cache.find(reference)), "pending");
    let key = one(cache).key;
    assert_eq!(reply(cache, &key, 200, &info(&key, body)).outcome, Some("fetched"));
}

#[test]
fn an_old_prompt_answers_at_once_and_is_asked_for_behind() {
    let cache = cache(LITELLM);
    warm(&cache, &latest("p"), "User: one");
    cache.set_time(seconds(1_029));
    assert_eq!(find(&cache, "p"), "cache");
    cache.set_time(seconds(1_030));
    assert_eq!(find(&cache, "p"), "stale");
    assert_eq!(find(&cache, "p"), "stale");
    let fetch = one(&cache);
    assert!(fetch.request.headers.contains(&("if-none-match", "\"1\"".to_owned())));
    assert_eq!(reply(&cache, &fetch.key, 304, b"").outcome, Some("not_modified"));
    assert_eq!(find(&cache, "p"), "cache");
    cache.set_time(seconds(1_061));
    assert_eq!(find(&cache, "p"), "stale");
    let key = one(&cache).key;
    reply(&cache, &key, 200, &info(&key, "User: two"));
    assert_eq!(text(&cache.find(&latest("p")), &latest("p")), "User: two");
}

#[test]
fn the_last_good_prompt_serves_while_the_registry_fails() {
    let cache = cache(LITELLM);
    warm(&cache, &latest("p"), "User: one");
    cache.set_time(seconds(2_000));
    for (status, body, outcome) in [
        (500, &b"oops"[..], "unavailable"),
        (401, b"{}", "unauthorized"),
        (302, b"", "redirect"),
        (200, b"<html>", "malformed"),
        (200, b"{", "malformed"),
    ] {
        assert_eq!(find(&cache, "p"), "stale");
        let key = one(&cache).key;
        let answered = reply(&cache, &key, status, body);
        assert_eq!(answered.outcome, Some(outcome));
        assert_eq!(name(&answered.found.unwrap()), "stale");
        // Not at once again.
        assert_eq!(find(&cache, "p"), "stale");
        assert!(cache.fetches().is_empty());
        let now = cache.state.borrow().now;
        cache.set_time(now + RETRY);
    }
    // An hour and the refresh later it is of no use any more.
    cache.set_time(seconds(1_000 + 3_600 + 30));
    assert_eq!(find(&cache, "p"), "pending");
    let key = one(&cache).key;
    assert_eq!(name(&cache.answer(&key, None).found.unwrap()), "unavailable");
    assert_eq!(find(&cache, "p"), "unavailable");
    assert!(cache.fetches().is_empty());
}

#[test]
fn a_prompt_that_does_not_parse_replaces_none_that_does() {
    let cache = cache(LITELLM);
    warm(&cache, &latest("p"), "User: one");
    cache.set_time(seconds(1_100));
    assert_eq!(find(&cache, "p"), "stale");
    let key = one(&cache).key;
    let answered = reply(&cache, &key, 200, &info(&key, "User: {{ x"));
    assert_eq!(text(&answered.found.unwrap(), &latest("p")), "User: one");
    // Where there is none, its author is told what is wrong.
    assert_eq!(find(&cache, "q"), "pending");
    let key = one(&cache).key;
    let Some(Found::Prompt(kept, _)) = reply(&cache, &key, 200, &info(&key, "User: {{ x")).found else {
        panic!()
    };
    assert!(kept.resolve(&latest("q"), None).unwrap().prompt.is_err());
}

#[test]
fn a_definitive_no_evicts_and_is_remembered_for_a_while() {
    let cache = cache(LITELLM);
    warm(&cache, &latest("p"), "User: one");
    cache.set_time(seconds(1_100));
    assert_eq!(find(&cache, "p"), "stale");
    let key = one(&cache).key;
    assert_eq!(name(&reply(&cache, &key, 404, NOT_FOUND).found.unwrap()), "Prompt");
    assert_eq!(cache.size().entries, 0);
    assert_eq!(find(&cache, "p"), "Prompt");
    assert!(cache.fetches().is_empty());
    cache.set_time(seconds(1_106));
    assert_eq!(find(&cache, "p"), "pending");
}

#[test]
fn versions_and_labels_are_kept_by_themselves() {
    let cache = cache(LITELLM);
    for version in [json!(1), json!(2), json!("latest"), json!(null)] {
        assert_eq!(name(&cache.find(&reference("p", version))), "pending");
    }
    let paths: Vec<String> = cache.fetches().into_iter().map(|fetch| fetch.request.path).collect();
    assert_eq!(paths.len(), 4);
    assert!(paths.contains(&"/prompts/p.v1/info".to_owned()));
}

#[test]
fn a_silence_that_the_registry_asks_for_is_kept() {
    let cache = cache(LITELLM);
    warm(&cache, &latest("p"), "User: one");
    assert_eq!(find(&cache, "q"), "pending");
    let key = one(&cache).key;
    let headers: &[(&str, &[u8])] = &[("retry-after", b"20")];
    let answered = cache.answer(&key, Some(&Response { status: 429, headers, body: b"" }));
    assert_eq!(answered.outcome, Some("rate_limited"));
    assert!(matches!(answered.change, Some(Change::Failing(_))));
    cache.set_time(seconds(1_015));
    assert_eq!(find(&cache, "r"), "rate_limited");
    assert!(cache.fetches().is_empty());
    cache.set_time(seconds(1_020));
    assert_eq!(find(&cache, "r"), "pending");
    let key = one(&cache).key;
    assert_eq!(reply(&cache, &key, 200, &info(&key, "User: r")).change, Some(Change::Answering));
}

#[test]
fn a_registry_that_does_not_say_how_long_is_left_alone_for_a_second() {
    let cache = cache(LITELLM);
    assert_eq!(find(&cache, "q"), "pending");
    let key = one(&cache).key;
    cache.answer(&key, Some(&Response { status: 429, headers: &[], body: b"" }));
    cache.set_time(Duration::from_millis(1_000_999));
    assert_eq!(find(&cache, "r"), "rate_limited");
    assert!(cache.fetches().is_empty());
    cache.set_time(seconds(1_001));
    assert_eq!(find(&cache, "r"), "pending");
    assert_eq!(cache.fetches().len(), 1);
}

#[test]
fn the_least_recently_used_goes_first() {
    let cache = cache(LITELLM);
    for id in ["a", "b", "c"] {
        warm(&cache, &latest(id), "User: x");
    }
    assert_eq!(find(&cache, "a"), "cache");
    warm(&cache, &latest("d"), "User: x");
    assert_eq!(cache.size().entries, 3);
    assert_eq!(find(&cache, "b"), "pending");
    assert_eq!(find(&cache, "a"), "cache");
    warm_text(&cache, "e", &"x".repeat(250 << 10));
    assert!(cache.size().bytes <= 1 << 20);
}

#[test]
fn a_prompt_beyond_the_bytes_drives_out_no_other() {
    let cache = cache(&LITELLM.replace("1MiB", "10KiB"));
    warm(&cache, &latest("a"), "User: x");
    assert_eq!(find(&cache, "b"), "pending");
    let key = one(&cache).key;
    let found = reply(&cache, &key, 200, &info(&key, &format!("User: {}", "x".repeat(20_000)))).found;
    assert_eq!(name(&found.unwrap()), "fetch");
    assert_eq!((find(&cache, "a"), cache.size().entries), ("cache".to_owned(), 1));
}

fn warm_text(cache: &Cache, id: &str, text: &str) {
    assert_eq!(find(cache, id), "pending");
    let fetch =
        cache.fetches().into_iter().find(|fetch| fetch.request.path.contains(&format!("/{id}/"))).unwrap();
    reply(cache, &fetch.key, 200, &info(&fetch.key, text));
}

#[test]
fn ids_that_nobody_has_grow_nothing() {
    let cache = cache(LITELLM);
    for number in 0..20_000 {
        let id = format!("none-{number}");
        match find(&cache, &id).as_str() {
            "pending" => {
                let key = one(&cache).key;
                reply(&cache, &key, 404, NOT_FOUND);
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(cache.size(), Size::default());
    for number in 0..2_000 {
        cache.find(&latest(&format!("slow-{number}")));
    }
    assert_eq!(find(&cache, "one-more"), "busy");
    assert_eq!(cache.size().in_flight, 1_000);
}

#[test]
fn what_nobody_answers_ends() {
    let cache = cache(LITELLM);
    assert_eq!(find(&cache, "p"), "pending");
    one(&cache);
    cache.set_time(seconds(1_003));
    assert!(cache.lost().is_empty());
    cache.set_time(seconds(1_004));
    let lost = cache.lost();
    assert_eq!(lost.len(), 1);
    assert_eq!(name(&cache.answer(&lost[0], None).found.unwrap()), "unavailable");
    assert!(cache.lost().is_empty());
    // An answer that comes after all concerns nobody.
    assert!(reply(&cache, &lost[0], 200, &info(&lost[0], "User: x")).outcome.is_none());
}

#[test]
fn every_place_is_asked_before_a_prompt_is_missing() {
    let cache = cache(BITBUCKET);
    assert_eq!(name(&cache.find(&reference("p", json!(1)))), "pending");
    let mut asked = Vec::new();
    for _ in 0..10 {
        let Some(fetch) = cache.fetches().pop() else { break };
        let answered = reply(&cache, &fetch.key, 404, b"");
        asked.push((fetch.request.path, answered.found.as_ref().map(name)));
    }
    assert!(asked.len() > 1, "version 1 may be in `p.prompt` or in `p.v1.prompt`: {asked:?}");
    let (last, others) = asked.split_last().unwrap();
    assert_eq!(last.1.as_deref(), Some("Version"));
    assert!(others.iter().all(|(_, found)| found.is_none()));
}

fn bundle(prompts: serde_json::Value) -> Vec<u8> {
    json!({"prompts": prompts}).to_string().into_bytes()
}

fn bundle_reply(cache: &Cache, status: u16, body: &[u8]) -> (Shared, Answered) {
    cache.answer_bundle(Some(&Response { status, headers: &[("etag", b"\"7\"")], body }))
}

#[test]
fn the_first_bundle_is_waited_for() {
    let cache = cache(PROMPTGATE);
    assert_eq!(find(&cache, "p"), "pending");
    assert!(cache.fetches().is_empty());
    let fetch = cache.fetch_bundle().unwrap();
    assert_eq!(fetch.request.path, "/bundle.json");
    assert!(cache.fetch_bundle().is_none());
    let (shared, answered) = bundle_reply(&cache, 200, &bundle(json!({"p": "User: one"})));
    assert_eq!((shared.changed, answered.outcome), (true, Some("fetched")));
    assert_eq!(find(&cache, "p"), "cache");
    // What is newer than the bundle is asked for by itself.
    assert_eq!(find(&cache, "q"), "pending");
    let fetch = one(&cache);
    assert_eq!(fetch.request.path, "/prompts/q.json");
    let entry = json!({"versions": {"1": "User: q", "3": "User: q3"}, "labels": {"live": 1}}).to_string();
    reply(&cache, &fetch.key, 200, entry.as_bytes());
    assert_eq!(text(&cache.find(&latest("q")), &latest("q")), "User: q3");
    assert_eq!(text(&cache.find(&reference("q", json!(1))), &reference("q", json!(1))), "User: q");
}

#[test]
fn a_bundle_that_is_broken_changes_nothing() {
    let cache = cache(PROMPTGATE);
    cache.fetch_bundle().unwrap();
    bundle_reply(&cache, 200, &bundle(json!({"p": "User: one"})));
    for (at, status, body, outcome) in [
        (1_030, 200, bundle(json!({"p": 5})), "malformed"),
        (1_060, 200, b"{\"revision\": \"sha256:00\"".to_vec(), "malformed"),
        (1_090, 503, Vec::new(), "unavailable"),
        (1_091, 304, Vec::new(), "not_modified"),
    ] {
        cache.set_time(seconds(at));
        let fetch = cache.fetch_bundle().unwrap();
        assert!(fetch.request.headers.contains(&("if-none-match", "\"7\"".to_owned())));
        assert_eq!(bundle_reply(&cache, status, &body).1.outcome, Some(outcome));
        assert_eq!(text(&cache.find(&latest("p")), &latest("p")), "User: one");
    }
    cache.set_time(seconds(1_092));
    assert!(cache.wants_bundle().is_none());
    cache.set_time(seconds(1_500));
    assert_eq!(find(&cache, "p"), "stale");
}

#[test]
fn without_any_bundle_prompts_are_asked_for_by_themselves() {
    let cache = cache(PROMPTGATE);
    cache.fetch_bundle().unwrap();
    let (shared, answered) = bundle_reply(&cache, 404, b"");
    assert!(shared.failed && answered.outcome == Some("misdirected"));
    assert_eq!(find(&cache, "p"), "pending");
    assert_eq!(one(&cache).request.path, "/prompts/p.json");
}

#[test]
fn what_the_bundle_holds_is_missing_no_more_than_its_version() {
    let cache = cache(PROMPTGATE);
    cache.fetch_bundle().unwrap();
    bundle_reply(&cache, 200, &bundle(json!({"p": "User: one"})));
    let second = reference("p", json!(2));
    assert_eq!(name(&cache.find(&second)), "pending");
    let key = one(&cache).key;
    let Some(Found::Missing(missing)) = reply(&cache, &key, 404, b"").found else { panic!("found") };
    // Whoever waited for it under the same key lacks something of its own.
    assert_eq!(cache.missing(&second, missing), NotFound::Version);
    let label = Reference::new("p", Selector::label("production").unwrap()).unwrap();
    assert_eq!(cache.missing(&label, missing), NotFound::Label);
    assert_eq!(cache.missing(&latest("q"), missing), NotFound::Prompt);
    assert_eq!(find(&cache, "p"), "cache");
}

#[test]
fn kept_prompts_serve_while_nobody_answers_for_all() {
    let cache = cache(PROMPTGATE);
    cache.fetch_bundle().unwrap();
    bundle_reply(&cache, 404, b"");
    assert_eq!(find(&cache, "p"), "pending");
    let key = one(&cache).key;
    reply(&cache, &key, 200, b"\"User: one\"");
    cache.set_time(seconds(1_031));
    cache.fetch_bundle().unwrap();
    bundle_reply(&cache, 503, b"");
    assert_eq!(find(&cache, "p"), "stale");
    assert_eq!(find(&cache, "q"), "unavailable");
    // A first bundle that is broken says nothing of single prompts either.
    cache.set_time(seconds(1_032));
    cache.fetch_bundle().unwrap();
    bundle_reply(&cache, 200, b"{");
    assert_eq!(find(&cache, "q"), "malformed");
}

#[test]
fn a_fetch_whose_sender_is_gone_is_sent_again() {
    let cache = cache(PROMPTGATE);
    cache.fetch_bundle().unwrap();
    assert!(cache.wants_bundle().is_none());
    cache.repeat(&Cache::bundle_key());
    assert!(cache.fetch_bundle().is_some());
    let cache = self::cache(LITELLM);
    assert_eq!(find(&cache, "p"), "pending");
    let key = one(&cache).key;
    cache.repeat(&key);
    assert_eq!(one(&cache).key, key);
    assert_eq!(reply(&cache, &key, 200, &info(&key, "User: hi")).outcome, Some("fetched"));
}

#[test]
fn what_a_prompt_takes_compiled_counts() {
    let cache = cache(&LITELLM.replace("\"entries\": 3", "\"entries\": 100"));
    let dense = format!("User: {}", "{{x}}".repeat(2_000));
    for number in 0..40 {
        let id = format!("dense-{number}");
        assert_eq!(find(&cache, &id), "pending");
        let key = one(&cache).key;
        reply(&cache, &key, 200, &info(&key, &dense));
        assert!(cache.size().bytes <= 1 << 20);
    }
    assert!(cache.size().entries < 10, "{:?}", cache.size());
}

#[test]
fn without_an_answer_for_all_prompts_none_is_asked_for() {
    let cache = cache(PROMPTGATE);
    for status in [503, 504] {
        cache.fetch_bundle().unwrap();
        bundle_reply(&cache, status, b"");
        assert_eq!(find(&cache, "p"), "unavailable");
        assert!(cache.fetches().is_empty());
        let now = cache.state.borrow().now;
        cache.set_time(now + RETRY);
        assert!(cache.wants_bundle().is_some());
    }
}

#[test]
fn workers_adopt_what_another_was_answered() {
    let (leader, other) = (cache(PROMPTGATE), cache(PROMPTGATE));
    leader.fetch_bundle().unwrap();
    assert_eq!(find(&other, "p"), "pending");
    let body = bundle(json!({"p": "User: one"}));
    let (shared, _) = bundle_reply(&leader, 200, &body);
    other.adopt(shared, Some(&body)).unwrap();
    assert_eq!(find(&other, "p"), "cache");
    assert!(other.wants_bundle().is_none());
    assert!(other.adopt(leader.state.borrow().sync.failure(), Some(b"{")).is_err());
    assert_eq!(find(&other, "p"), "cache");
}
