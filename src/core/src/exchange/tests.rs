use std::rc::Rc;

use serde_json::{Value, json};

use super::*;

const PROMPT: &str = "---\nmodel: gpt-4\ntemperature: 0.7\n---\nSystem: Be {{ tone }}.";

fn config(settings: Value) -> Rc<Config> {
    let mut config = json!({ "bundle": { "prompts": { "p": PROMPT } } });
    for (key, value) in settings.as_object().unwrap() {
        config[key] = value.clone();
    }
    Rc::new(Config::parse(config.to_string().as_bytes()).unwrap())
}

fn head(path: &str) -> Head<'_> {
    Head { method: b"POST", path: path.as_bytes(), ..Head::default() }
}

fn run(config: &Rc<Config>, body: &str) -> Effect {
    let (exchange, effect) =
        Exchange::default().step(Event::Headers(config, head("/v1/chat/completions"), false));
    assert_eq!(effect, Effect::Await);
    let (exchange, effect) = exchange.step(Event::Body(body.as_bytes()));
    assert!(matches!(exchange, Exchange::Done));
    effect
}

fn upstream(body: &str) -> String {
    match run(&config(json!({})), body) {
        Effect::Forward(forward) => String::from_utf8(forward.body.apply(body.as_bytes())).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn code(config: &Rc<Config>, body: &str) -> &'static str {
    match run(config, body) {
        Effect::Reply(refusal) => refusal.reply.code.as_str(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn which_paths_are_ours() {
    let config = config(json!({}));
    for (path, ours) in [
        ("/v1/chat/completions", true),
        ("/chat/completions/?api-version=2024", true),
        ("//openai//deployments/x/chat//completions//", true),
        ("/v1/chat/completions/x", false),
        ("/v1/embeddings", false),
        ("/xchat/completions", false),
    ] {
        let (_, effect) = Exchange::default().step(Event::Headers(&config, head(path), false));
        assert_eq!(effect == Effect::Await, ours, "{path}");
    }
    let get = Head { method: b"GET", ..head("/v1/chat/completions") };
    assert_eq!(Exchange::default().step(Event::Headers(&config, get, false)).1, Effect::Continue);
}

#[test]
fn an_encoded_path_gets_the_same_rule() {
    let rule = json!([{ "match": { "path_prefix": "/team-a" }, "policy": { "allow": ["team/*"] } }]);
    let config = config(json!({ "rules": rule }));
    for path in ["/team-a/chat/completions", "/%74eam-a/chat/completions", "/team%2Da/chat/completion%73"] {
        let (exchange, _) = Exchange::default().step(Event::Headers(&config, head(path), false));
        match exchange.step(Event::Body(br#"{"prompt_id": "p"}"#)).1 {
            Effect::Reply(refusal) => assert_eq!(refusal.reply.code, Code::PromptNotAllowed, "{path}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_exists_is_replaced_where_it_stands_and_what_is_new_goes_to_the_front() {
    assert_eq!(
        upstream(r#"{ "model": "x" , "prompt_id":"p","prompt_variables": {"tone": "kind"},  "n": 1.10}"#),
        r#"{"messages":[{"role":"system","content":"Be kind."}],"temperature":0.7, "model": "gpt-4" , "n": 1.10}"#
    );
    assert_eq!(
        upstream(
            r#"{"messages": [ {"role":"user","content":"\ud800"} ], "prompt_id": "p", "prompt_variables": {"tone": "x"}, "temperature": 1E400}"#
        ),
        r#"{"model":"gpt-4","messages": [{"role":"system","content":"Be x."},{"role":"user","content":"\ud800"}], "temperature": 0.7}"#
    );
}

#[test]
fn a_model_of_the_clients_keeps_its_bytes() {
    let config = config(
        json!({ "bundle": { "prompts": { "q": "User: x" } }, "models": { "b": { "prompt_id": "q" } } }),
    );
    for (model, expected) in [
        (r#""gpt\u002d4""#, r#""gpt\u002d4""#),
        (r#""dotprompt/gpt\u002d4""#, r#""gpt-4""#),
        (r#"["odd"]"#, r#"["odd"]"#),
        (r#""b""#, r#""b""#),
    ] {
        let body = format!(r#"{{"model": {model}, "prompt_id": "q"}}"#);
        let effect = run(&config, &body);
        let Effect::Forward(forward) = effect else { panic!("{effect:?}") };
        let expected = format!(r#"{{"messages":[{{"role":"user","content":"x"}}],"model": {expected}}}"#);
        assert_eq!(String::from_utf8(forward.body.apply(body.as_bytes())).unwrap(), expected);
    }
    assert_eq!(code(&config, r#"{"model": "dotprompt/", "prompt_id": "q"}"#), "invalid_prompt_reference");
}

#[test]
fn checks_come_in_their_order() {
    let config = config(json!({ "policy": { "allow": ["p"], "client_roles": ["user"] } }));
    for (body, expected) in [
        (r#"{"prompt_id": "q", "prompt_id": 5, "x""#, "invalid_json"),
        (r#"{"prompt_id": 5, "prompt_id": "q"}"#, "duplicate_field"),
        (r#"{"prompt_id": "q", "prompt_version": "02"}"#, "invalid_prompt_reference"),
        (r#"{"prompt_id": "q"}"#, "prompt_not_allowed"),
        (
            r#"{"prompt_id": "p", "prompt_version": 7, "messages": [{"role": "system"}]}"#,
            "client_role_not_allowed",
        ),
        (r#"{"prompt_id": "p", "prompt_version": 7}"#, "prompt_version_not_found"),
        (r#"{"prompt_id": "p", "messages": 5}"#, "invalid_messages"),
        (r#"{"prompt_id": "p", "temperature": 1, "temperature": 2}"#, "duplicate_field"),
        (r#"{"prompt_id": "p"}"#, "missing_variable"),
    ] {
        assert_eq!(code(&config, body), expected, "{body}");
    }
}

#[test]
fn a_body_beyond_the_limit_is_refused_as_soon_as_it_is_known() {
    let config = config(json!({ "limits": { "body": 10 } }));
    let sized = Head { content_length: Some(b"11"), ..head("/v1/chat/completions") };
    let too_large = |effect: Effect| matches!(effect, Effect::Reply(refusal) if refusal.reply.code == Code::RequestTooLarge);
    assert!(too_large(Exchange::default().step(Event::Headers(&config, sized, false)).1));
    let awaiting = || Exchange::default().step(Event::Headers(&config, head("/chat/completions"), false)).0;
    assert_eq!(awaiting().step(Event::Buffered(10)).1, Effect::Await);
    assert!(too_large(awaiting().step(Event::Buffered(11)).1));
    assert_eq!(awaiting().step(Event::Body(b"[1,2,3,45]")).1, Effect::Continue);
    assert!(too_large(awaiting().step(Event::Body(b"[1,2,3,456]")).1));
}

#[test]
fn events_in_any_order_do_no_harm() {
    let config = config(json!({}));
    let (exchange, effect) = Exchange::default().step(Event::Body(b"{}"));
    assert_eq!(effect, Effect::Continue);
    let (exchange, effect) = exchange.step(Event::Headers(&config, head("/chat/completions"), false));
    assert_eq!(effect, Effect::Await);
    let (exchange, _) = exchange.step(Event::Body(br#"{"prompt_id": "nope"}"#));
    assert_eq!(exchange.step(Event::Body(b"{}")).1, Effect::Continue);
}

#[test]
fn a_request_keeps_the_configuration_with_which_it_began() {
    let (exchange, _) = {
        let config = config(json!({}));
        Exchange::default().step(Event::Headers(&config, head("/chat/completions"), false))
    };
    let body = br#"{"prompt_id": "p", "prompt_variables": {"tone": "x"}}"#;
    assert!(matches!(exchange.step(Event::Body(body)).1, Effect::Forward(_)));
}

#[test]
fn nothing_of_a_request_or_prompt_stands_in_a_reply() {
    let canary = "CANARY-7f3a";
    let config = config(json!({}));
    for body in [
        format!(
            r#"{{"prompt_id": "p", "prompt_variables": {{"tone": {{}}, "tone2": "{canary}"}}, "prompt_version": "{canary}"}}"#
        ),
        format!(r#"{{"prompt_id": "../{canary}"}}"#),
        format!(r#"{{"prompt_id": "p", "messages": "{canary}"}}"#),
        format!(r#"{{"prompt_id": "p", "prompt_variables": "{canary}"}}"#),
        format!(r#"{{"prompt_id": "p", "{canary}"#),
    ] {
        match run(&config, &body) {
            Effect::Reply(refusal) => assert!(!refusal.body().to_string().contains(canary), "{body}"),
            other => panic!("{other:?}"),
        }
    }
}

/// What comes of a body on another path than Chat Completions'.
fn on(path: &str, config: &Rc<Config>, body: &str) -> Effect {
    let (exchange, effect) = Exchange::default().step(Event::Headers(config, head(path), false));
    assert_eq!(effect, Effect::Await);
    exchange.step(Event::Body(body.as_bytes())).1
}

#[test]
fn a_member_of_a_member_may_not_stand_there_twice() {
    let config =
        config(json!({ "bundle": { "prompts": { "q": "---\nreasoning_effort: low\n---\nUser: x" } } }));
    let many: String = (0..1_001).map(|number| format!(r#""k{number}":1,"#)).collect();
    for (reasoning, code) in [
        (r#"{"effort":"high","effort":"high"}"#.to_owned(), Code::DuplicateField),
        (r#"{"effort":"high","eff\u006frt":"high"}"#.to_owned(), Code::DuplicateField),
        (format!(r#"{{{many}"effort":"high"}}"#), Code::InvalidJson),
    ] {
        match on("/responses", &config, &format!(r#"{{"prompt_id":"q","reasoning":{reasoning}}}"#)) {
            Effect::Reply(refusal) => assert_eq!(refusal.reply.code, code),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_prompt_object_may_not_be_ambiguous() {
    let config = config(json!({ "bundle": { "prompts": { "q": "User: x" } } }));
    for (body, code, param) in [
        (r#"{"prompt":{"id":"q"},"pr\u006fmpt":{"id":"q"}}"#, Code::DuplicateField, "prompt"),
        (r#"{"prompt":{"id":"q","i\u0064":"q"}}"#, Code::DuplicateField, "prompt.id"),
        (r#"{"prompt":{"id":"q","version":"1","version":"1"}}"#, Code::DuplicateField, "prompt.version"),
        (r#"{"prompt":{"id":"q","\u0000":1}}"#, Code::InvalidPromptReference, "prompt"),
        (r#"{"prompt":{"id":"q"},"input":[],"input":"x"}"#, Code::DuplicateField, "input"),
        (
            r#"{"prompt":{"id":"q"},"instructions":"","instructions":""}"#,
            Code::DuplicateField,
            "instructions",
        ),
        (r#"{"prompt":{"id":"q","variables":{"a":1,"a":2}}}"#, Code::DuplicateField, "prompt.variables.a"),
    ] {
        match on("/v1/responses", &config, body) {
            Effect::Reply(refusal) => {
                assert_eq!(
                    (refusal.reply.code, refusal.reply.param.as_deref()),
                    (code, Some(param)),
                    "{body}"
                );
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_body_that_does_not_parse_may_name_a_prompt_object() {
    let config = config(json!({}));
    for (path, body, answered) in [
        ("/responses", r#"{"prompt": {"id": "p"}"#, true),
        ("/responses", r#"{"prompt_id": "p""#, true),
        ("/responses", r#"{"input": "prompt""#, true),
        ("/responses", r#"{"input": "a prompt""#, false),
        ("/chat/completions", r#"{"prompt": {"id": "p"}"#, false),
        ("/messages", r#"{"prompt": {"id": "p"}"#, false),
    ] {
        let effect = on(path, &config, body);
        assert_eq!(matches!(effect, Effect::Reply(_)), answered, "{path} {body}");
    }
}

#[test]
fn no_client_chooses_its_rule_by_a_header_of_ours() {
    let by_route = json!([{ "match": { "route": "a*" }, "policy": { "allow": ["a/*"] } }]);
    let by_host = json!([{ "match": { "host": "a" }, "policy": { "allow": ["a/*"] } }]);
    let forged = Head { forged: true, route: Some(b"b"), ..head("/v1/chat/completions") };
    for (rules, refused) in [(by_route, true), (by_host, false), (json!([]), false)] {
        let config = config(json!({ "rules": rules }));
        let (_, effect) = Exchange::default().step(Event::Headers(&config, forged, false));
        assert_eq!(
            matches!(&effect, Effect::Reply(refusal) if refusal.reply.code == Code::PromptNotAllowed),
            refused
        );
    }
}
