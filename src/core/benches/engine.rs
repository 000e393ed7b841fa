//! What a request costs: parse, resolve, render, and the whole exchange at 1 KB, 100 KB and 1 MB.
//!
//! What to look at: `resolve-and-render` with 10,000 prompts over the same with 10, which is held to
//! 1.05; and `exchange` over `raw_value` of the same size, which is held to 1.5 at 1 MB.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot run says so by panicking")]

use std::hint::black_box;
use std::rc::Rc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use promptgate_core::catalog::Selector;
use promptgate_core::config::Config;
use promptgate_core::exchange::{Effect, Event, Exchange, Head};
use promptgate_core::prompt::Prompt;
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
    let texts: Map<_, _> =
        (0..prompts).map(|number| (format!("team/prompt-{number}"), json!(PROMPT))).collect();
    let config = json!({ "bundle": { "prompts": texts } });
    Rc::new(Config::parse(config.to_string().as_bytes()).unwrap())
}

/// A request for a prompt, with messages of the client's up to `size` bytes.
fn request(size: usize) -> String {
    let turn =
        r#"{"role": "user", "content": "The quick brown fox jumps over the lazy dog; \"again\", it said."}"#;
    let turns = vec![turn; (size / turn.len()).max(1)].join(", ");
    format!(
        r#"{{"model": "gpt-4o", "prompt_id": "team/prompt-5", "prompt_variables": {VARIABLES}, "messages": [{turns}], "stream": true}}"#
    )
}

fn exchange(config: &Rc<Config>, body: &[u8]) -> Vec<u8> {
    let head = Head { method: b"POST", path: b"/v1/chat/completions", ..Head::default() };
    let (exchange, _) = Exchange::default().step(Event::Headers(config, head, false));
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
                    config.catalog.resolve(black_box("team/prompt-5"), &Selector::Default, None).unwrap();
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

criterion_group!(benches, parse, resolve_and_render, whole);
criterion_main!(benches);
