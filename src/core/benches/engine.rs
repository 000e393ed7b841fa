//! What a request costs: parse, resolve, render, and the whole exchange at 1 KB, 100 KB and 1 MB.
//!
//! What to look at: `resolve-and-render` with 10,000 prompts over the same with 10, which is held to
//! 1.05; `exchange` over `raw_value` of the same size, which is held to 1.5 at 1 MB; and `warm` of a
//! registry over that of the pushed bundle, which is held to 1.05.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot run says so by panicking")]

use std::hint::black_box;
use std::rc::Rc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use promptgate_core::cache::Cache;
use promptgate_core::catalog::{Reference, Selector};
use promptgate_core::config::Config;
use promptgate_core::exchange::{Effect, Event, Exchange, Head};
use promptgate_core::json::Splice;
use promptgate_core::prompt::Prompt;
use promptgate_core::registry::Response;
use promptgate_core::template::Options;
use promptgate_core::value::Value;
use serde_json::value::RawValue;
use serde_json::{Map, json};

const PROMPT: &str = "---\nmodel: gpt-4\ntemperature: 0.7\nmax_tokens: 500\n---\n\
    System: You are a helpful assistant{% if tone %} who writes in a {{ tone }} tone{% endif %}.\n\
    {% for fact in facts %}- {{ fact.name | upper }}: {{ fact.value }}\n{% endfor %}\n\
    User: {{ user_message }}";

const VARIABLES: &str = r#"{"user_message": "What is the capital of France?", "tone": "friendly", "facts": [{"name": "country", "value": "France"}, {"name": "population", "value": 68000000}]}"#;

fn config(prompts: usize) -> Rc<Config> {
    let texts: Map<_, _> = (0..prompts).map(|number| (format!("prompt-{number}"), json!(PROMPT))).collect();
    let config = json!({ "bundle": { "prompts": texts } });
    Rc::new(Config::parse(config.to_string().as_bytes()).unwrap())
}

/// A request for a prompt, with messages of the client's up to `size` bytes.
fn request(size: usize) -> String {
    let turn =
        r#"{"role": "user", "content": "The quick brown fox jumps over the lazy dog; \"again\", it said."}"#;
    let turns = vec![turn; (size / turn.len()).max(1)].join(", ");
    format!(
        r#"{{"model": "gpt-4o", "prompt_id": "prompt-5", "prompt_variables": {VARIABLES}, "messages": [{turns}], "stream": true}}"#
    )
}

fn exchange(config: &Rc<Config>, body: &[u8]) -> Splice {
    exchange_with(config, None, body)
}

fn exchange_with(config: &Rc<Config>, cache: Option<Rc<Cache>>, body: &[u8]) -> Splice {
    let head = Head { method: b"POST", path: b"/v1/chat/completions", ..Head::default() };
    let (exchange, _) = Exchange::Start(cache).step(Event::Headers(config, head, false));
    match exchange.step(Event::Body(body)).1 {
        Effect::Forward(forward) => forward.body,
        other => panic!("{other:?}"),
    }
}

fn parse(c: &mut Criterion) {
    c.bench_function("parse", |b| b.iter(|| Prompt::parse("p", black_box(PROMPT)).unwrap()));
}

fn resolve_and_render(c: &mut Criterion) {
    let mut group = c.benchmark_group("resolve-and-render");
    let variables = Value::from_json(VARIABLES).unwrap();
    for prompts in [10, 10_000] {
        let config = config(prompts);
        group.bench_function(BenchmarkId::from_parameter(prompts), |b| {
            b.iter(|| {
                let resolved =
                    config.catalog.resolve(black_box("prompt-5"), &Selector::Default, None).unwrap();
                let prompt = resolved.prompt.as_ref().unwrap();
                prompt.template.render(variables.as_dict().unwrap(), &Options::default()).unwrap()
            });
        });
    }
}

fn whole(c: &mut Criterion) {
    let config = config(10);
    for (name, size) in [("1KB", 1 << 10), ("100KB", 100 << 10), ("1MB", 1 << 20)] {
        let mut group = c.benchmark_group(name);
        let body = request(size);
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function("raw_value", |b| {
            b.iter(|| serde_json::from_slice::<&RawValue>(black_box(body.as_bytes())).unwrap());
        });
        group.bench_function("exchange", |b| b.iter(|| exchange(&config, black_box(body.as_bytes()))));
    }
}

/// What a registry keeps, after the prompt was fetched: by itself, or with all others.
fn warm_cache(registry: serde_json::Value, answer: &serde_json::Value) -> (Rc<Config>, Rc<Cache>) {
    let config = Config::parse(json!({ "registry": registry }).to_string().as_bytes()).unwrap();
    let cache = Cache::new(config.registry.clone().unwrap());
    let body = answer.to_string();
    let response = Response { status: 200, headers: &[], body: body.as_bytes() };
    if cache.fetch_bundle().is_some() {
        cache.answer_bundle(Some(&response));
    } else {
        cache.find(&Reference::new("prompt-5", Selector::Default).unwrap());
        cache.answer(&cache.fetches().pop().unwrap().key, Some(&response));
    }
    (Rc::new(config), Rc::new(cache))
}

fn warm(c: &mut Criterion) {
    let mut group = c.benchmark_group("warm");
    let body = request(1 << 10);
    let config = config(10);
    group.bench_function("pushed-bundle", |b| b.iter(|| exchange(&config, black_box(body.as_bytes()))));
    let prompt = json!({"prompt_spec": {"prompt_id": "prompt-5", "version": 1,
        "litellm_params": {"dotprompt_content": PROMPT}}, "raw_prompt_template": null});
    let litellm = json!({"provider": "litellm", "cluster": "c", "authority": "a", "api_key": "k"});
    let bundle = json!({"prompts": {"prompt-5": PROMPT}});
    let promptgate = json!({"provider": "promptgate", "cluster": "c", "authority": "a"});
    for (name, registry, answer) in
        [("fetched-prompt", litellm, prompt), ("fetched-bundle", promptgate, bundle)]
    {
        let (config, cache) = warm_cache(registry, &answer);
        let body = black_box(body.as_bytes());
        group.bench_function(name, |b| b.iter(|| exchange_with(&config, Some(cache.clone()), body)));
    }
}

criterion_group!(benches, parse, resolve_and_render, whole, warm);
criterion_main!(benches);
