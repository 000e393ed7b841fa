//! The exchange: events in any order, any body; a request that names a prompt gets it or an error.
//!
//! Input: a byte that chooses a configuration, a byte that chooses the events, the body.

#![no_main]

use std::rc::Rc;

use libfuzzer_sys::fuzz_target;
use promptgate_core::config::Config;
use promptgate_core::exchange::{Effect, Event, Exchange, Head};
use promptgate_core::json::ScanError;

#[path = "../../../src/core/tests/splice/oracle.rs"]
#[allow(dead_code, reason = "other targets need the rest")]
mod oracle;

const BUNDLE: &str = r#""bundle":{"prompts":{
    "hello":"---\nmodel: gpt-4\ntemperature: 0.7\n---\nSystem: Be kind.\n\nUser: {{ user_message }}",
    "plain":"User: hi",
    "typed":{"labels":{"production":1},"versions":{
        "1":"---\nmodel: \"{{ m }}\"\ninput:\n  schema:\n    m: string\n    n?: integer\n---\n{% for i in range(n or 1) %}User: {{ i }}\n{% endfor %}",
        "2":"---\nclient_messages: ignore\nmax_tokens: 5\n---\nDeveloper: x"}},
    "broken":"{{ "}},
    "models":{"bound":{"prompt_id":"hello","model":"gpt-4o"}},
    "aliases":{"pmpt_1":"plain"},
    "limits":{"body":65536,"fuel":20000,"memory":1048576}"#;

const OPTIONS: [&str; 6] = [
    "",
    r#","parameters":"client","missing_variables":"empty""#,
    r#","policy":{"client_roles":["user"],"models":["gpt-*"]}"#,
    r#","policy":{"allow":["plain","ty*"]},"default_label":"production""#,
    r#","policy":{"require_prompt":true}"#,
    r#","hold_headers":true,"compressed_bodies":"forward""#,
];

/// The fields that a rewrite may write or remove.
const WRITTEN: [&[u8]; 9] = [
    b"prompt_id",
    b"prompt_version",
    b"prompt_label",
    b"prompt_environment",
    b"prompt_variables",
    b"messages",
    b"model",
    b"temperature",
    b"max_tokens",
];

thread_local! {
    static CONFIGS: Vec<Rc<Config>> = OPTIONS
        .iter()
        .map(|options| Rc::new(Config::parse(format!("{{{BUNDLE}{options}}}").as_bytes()).expect("a configuration")))
        .collect();
}

fuzz_target!(|data: &[u8]| {
    let [choice, events, body @ ..] = data else { return };
    let config = CONFIGS.with(|configs| configs[usize::from(*choice) % configs.len()].clone());
    any_order(&config, *events, body);
    let (exchange, effect) = Exchange::default().step(Event::Headers(&config, head(b"POST"), false));
    assert_eq!(effect, Effect::Await);
    let (exchange, effect) = exchange.step(Event::Body(body));
    check(body, &effect, config.default_settings().policy.require_prompt);
    let (_, after) = exchange.step(Event::Body(body));
    assert_eq!(after, Effect::Continue, "an exchange that is done does nothing more");
});

fn head(method: &[u8]) -> Head<'_> {
    Head { method, path: b"/v1/chat/completions?x=1", authority: b"host", ..Head::default() }
}

/// Two bits an event.
fn any_order(config: &Rc<Config>, events: u8, body: &[u8]) {
    let mut exchange = Exchange::default();
    for shift in [0, 2, 4, 6] {
        let event = match (events >> shift) & 3 {
            0 => Event::Headers(config, head(b"POST"), false),
            1 => Event::Headers(config, head(if body.len() % 2 == 0 { b"GET" } else { b"POST" }), true),
            2 => Event::Buffered(body.len()),
            _ => Event::Body(body),
        };
        exchange = exchange.step(event).0;
    }
}

fn check(body: &[u8], effect: &Effect, required: bool) {
    let before = oracle::members(body);
    match effect {
        Effect::Await => panic!("the body was complete"),
        Effect::Reply(refusal) => {
            assert!((400..500).contains(&refusal.reply.status()));
            assert!(refusal.body().to_string().is_ascii() || !body.is_ascii());
        }
        Effect::Continue => {
            assert!(!required, "forwarded without the prompt that is required");
            match before {
                Ok(members) => assert!(!names_a_prompt(&members)),
                Err(ScanError::NotAnObject | ScanError::NotJson { .. }) => {
                    assert!(!body.windows(9).any(|window| window == b"prompt_id"));
                }
            }
        }
        Effect::Forward(forward) => {
            let before = before.expect("only an object is rewritten");
            assert_eq!(forward.applied.is_some(), names_a_prompt(&before));
            let after = oracle::members(&forward.body).expect("a valid body");
            assert_eq!(untouched(&before), untouched(&after), "a field of the client's changed");
            assert!(
                !after
                    .iter()
                    .any(|(key, _)| key.starts_with(b"prompt_") && WRITTEN.contains(&key.as_slice()))
            );
        }
    }
}

fn names_a_prompt(members: &[oracle::Member]) -> bool {
    let raw = |name: &[u8]| members.iter().find(|(key, _)| key == name).map(|(_, raw)| raw.as_str());
    let bound =
        raw(b"model").and_then(|raw| serde_json::from_str::<String>(raw).ok()).as_deref() == Some("bound");
    bound || raw(b"prompt_id").is_some_and(|raw| raw != "null")
}

fn untouched(members: &[oracle::Member]) -> Vec<&oracle::Member> {
    members.iter().filter(|(key, _)| !WRITTEN.contains(&key.as_slice())).collect()
}
