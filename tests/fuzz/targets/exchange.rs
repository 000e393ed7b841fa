//! The exchange: events in any order, any body; a request that names a prompt gets it or an error.
//!
//! Input: a byte that chooses a configuration and a dialect, a byte that chooses the events, the body.

#![no_main]

use std::rc::Rc;

use libfuzzer_sys::fuzz_target;
use promptgate_core::config::{Config, Policy, Settings, UnknownPromptObject};
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
    "aliases":{"pmpt_1":"plain"},
    "limits":{"body":65536,"fuel":20000,"memory":1048576}"#;

const PATHS: [&str; 3] = ["/v1/chat/completions?x=1", "/v1/responses", "/v1/messages"];

const OPTIONS: [&str; 8] = [
    "",
    r#","models":{"bound":{"prompt_id":"hello","model":"gpt-4o"}}"#,
    r#","parameters":"client","missing_variables":"empty""#,
    r#","policy":{"client_roles":["user"],"models":["gpt-*"]}"#,
    r#","policy":{"allow":["plain","ty*"]},"default_label":"production""#,
    r#","policy":{"require_prompt":true}"#,
    r#","hold_headers":true,"compressed_bodies":"forward""#,
    r#","policy":{"unknown_prompt_object":"forward"}"#,
];

/// The fields that a rewrite may write or remove.
const WRITTEN: [&[u8]; 14] = [
    b"prompt_id",
    b"prompt_version",
    b"prompt_label",
    b"prompt_environment",
    b"prompt_variables",
    b"messages",
    b"model",
    b"temperature",
    b"max_tokens",
    b"prompt",
    b"input",
    b"instructions",
    b"max_output_tokens",
    b"system",
];

thread_local! {
    static CONFIGS: Vec<Rc<Config>> = OPTIONS
        .iter()
        .map(|options| Rc::new(Config::parse(format!("{{{BUNDLE}{options}}}").as_bytes()).expect("a configuration")))
        .collect();
}

fuzz_target!(|data: &[u8]| {
    let [choice, events, body @ ..] = data else { return };
    let choice = usize::from(*choice);
    let config = CONFIGS.with(|configs| configs[choice % configs.len()].clone());
    let path = PATHS[choice / OPTIONS.len() % PATHS.len()];
    any_order(&config, path, *events, body);
    let (exchange, effect) = Exchange::default().step(Event::Headers(&config, head(b"POST", path), false));
    assert_eq!(effect, Effect::Await);
    let (exchange, effect) = exchange.step(Event::Body(body));
    check(body, path, &effect, config.default_settings());
    let (_, after) = exchange.step(Event::Body(body));
    assert_eq!(after, Effect::Continue, "an exchange that is done does nothing more");
});

fn head<'a>(method: &'a [u8], path: &'a str) -> Head<'a> {
    Head { method, path: path.as_bytes(), authority: b"host", ..Head::default() }
}

/// Two bits an event.
fn any_order(config: &Rc<Config>, path: &str, events: u8, body: &[u8]) {
    let mut exchange = Exchange::default();
    for shift in [0, 2, 4, 6] {
        let event = match (events >> shift) & 3 {
            0 => Event::Headers(config, head(b"POST", path), false),
            1 => Event::Headers(config, head(if body.len() % 2 == 0 { b"GET" } else { b"POST" }, path), true),
            2 => Event::Buffered(body.len()),
            _ => Event::Body(body),
        };
        exchange = exchange.step(event).0;
    }
}

fn check(body: &[u8], path: &str, effect: &Effect, settings: &Settings) {
    let before = oracle::members(body);
    let policy = &settings.policy;
    let named = |members: &[oracle::Member]| names_a_prompt(members, path, settings);
    let ours = |key: &[u8]| key.starts_with(b"prompt_") && WRITTEN.contains(&key);
    match effect {
        Effect::Await => panic!("the body was complete"),
        Effect::Fetch(_) => panic!("there is no registry"),
        Effect::Reply(refusal) => {
            assert!((400..500).contains(&refusal.reply.status()));
            assert!(refusal.body().to_string().is_ascii() || !body.is_ascii());
        }
        Effect::Continue => {
            assert!(!policy.require_prompt, "forwarded without the prompt that is required");
            match before {
                Ok(members) => {
                    assert!(!named(&members) || is_for_another(&members, path, policy));
                    assert!(!members.iter().any(|(key, _)| ours(key)), "a field of ours went on");
                    assert!(members.iter().filter(|(key, _)| key == b"model").count() < 2);
                    assert!(!model(&members).is_some_and(|model| model.starts_with("dotprompt/")));
                }
                Err(ScanError::NotAnObject | ScanError::NotJson) => {
                    assert!(!body.windows(9).any(|window| window == b"prompt_id"));
                }
            }
        }
        Effect::Forward(forward) => {
            let before = before.expect("only an object is rewritten");
            assert!(forward.applied.is_some() == named(&before) || is_for_another(&before, path, policy));
            let after = oracle::members(&forward.body.apply(body)).expect("a valid body");
            assert_eq!(untouched(&before), untouched(&after), "a field of the client's changed");
            assert!(!after.iter().any(|(key, _)| ours(key)));
            if forward.applied.is_some() && path == PATHS[1] {
                assert!(!after.iter().any(|(key, _)| key == b"prompt"));
            }
        }
    }
}

fn raw<'m>(members: &'m [oracle::Member], name: &[u8]) -> Option<&'m str> {
    members.iter().find(|(key, _)| key == name).map(|(_, raw)| raw.as_str()).filter(|raw| *raw != "null")
}

fn model(members: &[oracle::Member]) -> Option<String> {
    raw(members, b"model").and_then(|raw| serde_json::from_str(raw).ok())
}

fn names_a_prompt(members: &[oracle::Member], path: &str, settings: &Settings) -> bool {
    let bound = model(members).is_some_and(|model| settings.models.get(&model).is_some());
    let object = path == PATHS[1] && raw(members, b"prompt").is_some();
    bound || raw(members, b"prompt_id").is_some() || object
}

/// Whether the policy leaves a prompt that is unknown here to upstream.
fn is_for_another(members: &[oracle::Member], path: &str, policy: &Policy) -> bool {
    policy.unknown_prompt_object == UnknownPromptObject::Forward
        && path == PATHS[1]
        && raw(members, b"prompt").is_some()
}

fn untouched(members: &[oracle::Member]) -> Vec<&oracle::Member> {
    members.iter().filter(|(key, _)| !WRITTEN.contains(&key.as_slice())).collect()
}
