//! One stage of the engine, so many times: what callgrind counts.
//!
//! `bench-stages STAGE CONFIGURATION REQUEST TIMES`. The configuration is the plugin's, as JSON; the
//! request is the body of one that names a prompt of it. Instructions of one pass are the difference
//! between two numbers of times, so that starting and reading files are not among them.

use std::hint::black_box;
use std::rc::Rc;

use promptgate_core::catalog::Selector;
use promptgate_core::config::Config;
use promptgate_core::exchange::{Effect, Event, Exchange, Head};
use promptgate_core::json::{Edit, Object, Piece, array_items};
use promptgate_core::prompt::Prompt;
use promptgate_core::template::Options;
use promptgate_core::value::Value;
use serde_json::value::RawValue;

type Error = Box<dyn std::error::Error>;

const OURS: [&str; 7] = [
    "prompt_id",
    "prompt_version",
    "prompt_label",
    "prompt_environment",
    "prompt_variables",
    "messages",
    "model",
];

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [stage, configuration, request, times] = arguments.as_slice() else {
        return Err("usage: bench-stages STAGE CONFIGURATION REQUEST TIMES".into());
    };
    let configuration = std::fs::read(configuration)?;
    let body = std::fs::read(request)?;
    let times: usize = times.parse()?;
    let config = Rc::new(Config::parse(&configuration)?);
    let fields: serde_json::Value = serde_json::from_slice(&body)?;
    let id = fields.get("prompt_id").and_then(|id| id.as_str()).ok_or("the request names no prompt")?;
    let variables = fields.get("prompt_variables").ok_or("the request has no variables")?.to_string();

    match stage.as_str() {
        "scan" => repeat(times, || Ok(serde_json::from_slice::<&RawValue>(black_box(&body)).map(drop)?)),
        "locate" => repeat(times, || Object::scan(black_box(&body), &OURS).map(drop).map_err(|_| refused())),
        "resolve" => repeat(times, || {
            config.catalog.resolve(black_box(id), &Selector::Default, None).map(drop).map_err(|_| refused())
        }),
        "variables" => {
            repeat(times, || Value::from_json(black_box(&variables)).map(drop).map_err(|_| refused()))
        }
        "compile" => {
            let text = fields_text(&configuration, id)?;
            repeat(times, || Prompt::parse(id, black_box(&text)).map(drop).map_err(|_| refused()))
        }
        "render" => {
            let resolved = config.catalog.resolve(id, &Selector::Default, None).map_err(|_| refused())?;
            let prompt = resolved.prompt.as_ref().map_err(|_| refused())?;
            let variables = Value::from_json(&variables).map_err(|_| refused())?;
            let variables = variables.as_dict().ok_or("the variables are no object")?;
            repeat(times, || {
                prompt
                    .template
                    .render(black_box(variables), &Options::default())
                    .map(drop)
                    .map_err(|_| refused())
            })
        }
        "splice" => repeat(times, || splice(black_box(&body))),
        "exchange" => repeat(times, || exchange(&config, black_box(&body))),
        "configure" => repeat(times, || Ok(Config::parse(black_box(&configuration)).map(drop)?)),
        other => Err(format!("no such stage: {other}").into()),
    }
}

fn refused() -> Error {
    "the engine refuses what it should take".into()
}

fn repeat(times: usize, mut work: impl FnMut() -> Result<(), Error>) -> Result<(), Error> {
    for _ in 0..times {
        work()?;
    }
    Ok(())
}

/// The text of a prompt in the short form of a bundle.
fn fields_text(configuration: &[u8], id: &str) -> Result<String, Error> {
    let configuration: serde_json::Value = serde_json::from_slice(configuration)?;
    let text = configuration.get("bundle").and_then(|bundle| bundle.get("prompts")?.get(id)?.as_str());
    Ok(text.ok_or("the bundle does not hold the prompt")?.to_owned())
}

/// What an exchange does to a body once it knows the messages: drops our fields, puts something before
/// the client's messages, and copies the rest.
fn splice(body: &[u8]) -> Result<(), Error> {
    let object = Object::scan(body, &OURS).map_err(|_| refused())?;
    let mut edit = Edit::new(&object);
    for key in OURS {
        let Some(member) = object.get(key) else { continue };
        if key == "messages" {
            let items = array_items(member.raw()).ok_or("messages are no list")?;
            let front = Piece::New(br#"[{"role":"system","content":"Answer briefly."},"#.to_vec());
            edit.replace(member, vec![front, Piece::Keep(items), Piece::New(b"]".to_vec())]);
        } else {
            edit.remove(member);
        }
    }
    black_box(edit.splice(16 << 10));
    Ok(())
}

/// A whole request, from its headers to its new body.
fn exchange(config: &Rc<Config>, body: &[u8]) -> Result<(), Error> {
    let head = Head { method: b"POST", path: b"/v1/chat/completions", ..Head::default() };
    let (exchange, _) = Exchange::Start(None).step(Event::Headers(config, head, false));
    match exchange.step(Event::Body(body)).1 {
        Effect::Forward(forward) => {
            black_box(forward.body);
            Ok(())
        }
        _ => Err(refused()),
    }
}
