//! The rewrite of a request's body, beside a bare scan by serde_json and a copy of the same bytes.
//!
//! What to look at: `splice` over `raw_value`. The rewrite of a body is held to 1.5 times the scan,
//! with and without a look at the roles of its messages.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot run says so by panicking")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use promptgate_core::json::{Edit, Object, Piece, Speaker, array_items, write_string};
use serde_json::value::RawValue;

const SIZES: [(&str, usize); 3] = [("1KB", 1 << 10), ("100KB", 100 << 10), ("1MB", 1 << 20)];

const TEXT: &str = "The quick brown fox jumps over the lazy dog, and then it \\\"sleeps\\\".\\nA new line, a \
                    few more words and a dash \u{2013} nothing that a chat would not hold. ";

/// A few long strings: documents in the prompt.
fn documents(size: usize) -> String {
    let message =
        |role: &str| format!(r#"{{"role":"{role}","content":"{}"}}"#, TEXT.repeat(size / 4 / TEXT.len()));
    body(["system", "user", "assistant", "user"].map(message).join(","))
}

/// Many short messages, with tool calls: an agent's conversation.
fn conversation(size: usize) -> String {
    let turn = r#"{"role":"user","content":"What is the weather in Paris?"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\",\"days\":3}"}}]},{"role":"tool","tool_call_id":"call_1","content":"18.5"}"#;
    body(vec![turn; (size / turn.len()).max(1)].join(","))
}

fn body(messages: String) -> String {
    format!(
        r#"{{"model":"gpt-4","prompt_id":"hello","prompt_variables":{{"name":"Ada"}},"messages":[{messages}],"temperature":0.7,"stream":true}}"#
    )
}

/// What an exchange does to a body: reads our fields, drops them, puts the prompt's messages before
/// the client's, sets the model and a parameter.
fn splice(body: &[u8], roles: bool) -> Vec<u8> {
    const OURS: [&str; 7] = [
        "prompt_id",
        "prompt_version",
        "prompt_label",
        "prompt_environment",
        "prompt_variables",
        "messages",
        "model",
    ];
    let object = if roles {
        let mut known = true;
        let object = Object::scan_messages(body, &OURS, "messages", |speaker| {
            known &= matches!(speaker, Speaker::Role("system" | "user" | "assistant" | "tool"));
        });
        assert!(known);
        object.unwrap()
    } else {
        Object::scan(body, &OURS).unwrap()
    };
    assert!(!OURS.iter().any(|key| object.is_duplicate(key)));
    let mut edit = Edit::new(&object);
    for key in OURS {
        let Some(member) = object.get(key) else { continue };
        match key {
            "messages" => {
                let mut front = br#"[{"role":"system","content":"#.to_vec();
                write_string(&mut front, "You are a friendly assistant.\nAnswer \"briefly\".");
                front.extend_from_slice(b"},");
                let items = array_items(member.raw()).unwrap();
                let back = Piece::New(b"]".to_vec());
                edit.replace(member, vec![Piece::New(front), Piece::Keep(items), back]);
            }
            "model" => edit.replace(member, vec![Piece::New(br#""gpt-4o""#.to_vec())]),
            _ => edit.remove(member),
        }
    }
    edit.insert("max_tokens", vec![Piece::New(b"250".to_vec())]);
    edit.apply()
}

fn bench(criterion: &mut Criterion) {
    for (shape, generate) in [("documents", documents as fn(usize) -> String), ("conversation", conversation)]
    {
        let mut group = criterion.benchmark_group(format!("splice/{shape}"));
        for (name, size) in SIZES {
            let body = generate(size).into_bytes();
            group.throughput(Throughput::Bytes(body.len() as u64));
            group.bench_with_input(BenchmarkId::new("splice", name), &body, |bencher, body| {
                bencher.iter(|| splice(black_box(body), false));
            });
            group.bench_with_input(BenchmarkId::new("splice_roles", name), &body, |bencher, body| {
                bencher.iter(|| splice(black_box(body), true));
            });
            group.bench_with_input(BenchmarkId::new("scan", name), &body, |bencher, body| {
                bencher.iter(|| Object::scan(black_box(body), &[]).unwrap().len());
            });
            group.bench_with_input(BenchmarkId::new("raw_value", name), &body, |bencher, body| {
                bencher.iter(|| {
                    serde_json::from_slice::<BTreeMap<&str, &RawValue>>(black_box(body)).unwrap().len()
                });
            });
            group.bench_with_input(BenchmarkId::new("memcpy", name), &body, |bencher, body| {
                bencher.iter(|| black_box(body).to_vec());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
