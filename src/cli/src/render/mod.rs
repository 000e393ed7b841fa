//! `promptgate render`: the body that upstream would receive.

mod advice;
mod fault;
mod named;
mod request;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use promptgate_core::config::Config;
use promptgate_core::exchange::{Effect, Event, Exchange, Head, Refusal};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::folder::File;
use crate::{DONE, REFUSED, folder, output, plugin};

const EXAMPLES: &str = "\
Examples:
  promptgate render --prompts prompts hello -v user_message=Hi
  promptgate render --prompts prompts recipe -v dish=cookies -v servings:=4
  promptgate render --prompts prompts jack-sparrow --version 2 -m 'Who are u'
  promptgate render --prompts prompts summary --path /v1/responses -v text='Ada met Bo.' -m Shorter
  promptgate render --prompts prompts summary --path /v1/messages -v text='Ada met Bo.' -m Shorter
  promptgate render --prompts prompts --config plugin.yaml --model my-dotprompt-model -v user_message=Hi
  promptgate render --config plugin.yaml --path /v1/responses --request request.json
  echo '{\"prompt_id\": \"hello\"}' | promptgate render --prompts prompts --request -

Exit status: 0 with the body that upstream receives, byte for byte; 1 with the reply that the client \
gets instead, as {\"status\": 404, \"body\": {\"error\": …}}; 2 if nothing could be rendered.";

/// Print exactly the body that upstream would receive, or the reply that the client would get instead.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    request: request::Ask,
    /// The request's path; its end says which API the request is for
    #[arg(long, value_name = "PATH", default_value = "/v1/chat/completions", help_heading = "Request")]
    path: String,
    /// The request's host, for rules that match on it
    #[arg(long, value_name = "HOST", default_value = "localhost", help_heading = "Request")]
    host: String,
    /// The name of Envoy's route, for rules that match on it
    #[arg(long, value_name = "NAME", help_heading = "Request")]
    route: Option<String>,
}

/// Where the prompts come from.
#[derive(clap::Args)]
#[group(required = true, multiple = true)]
struct Source {
    /// A folder of .prompt files
    #[arg(long, value_name = "DIR")]
    prompts: Option<PathBuf>,
    /// A plugin configuration, YAML or JSON: with its bundle, or with --prompts without one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let (config, files) = arguments.source.read()?;
    let body = arguments.request.body(&arguments.path)?;
    match arguments.exchange(&config, &body) {
        Effect::Forward(forward) => {
            output::bytes(&forward.body)?;
            Ok(DONE)
        }
        Effect::Reply(refusal) => {
            output::text(&format!("{}\n", answer(&refusal)))?;
            let settings = config.settings(arguments.route.as_deref(), &arguments.host, &arguments.path);
            if let Some(detail) = fault::find(&config, settings, &arguments.path, &body, &refusal, &files) {
                output::details(&[detail]);
            }
            if let Some(help) =
                advice::on(&config, &arguments.request, &arguments.path, &body, &refusal.reply)
            {
                output::help(&help);
            }
            Ok(REFUSED)
        }
        Effect::Continue | Effect::Await | Effect::Fetch(_) => {
            output::note(&arguments.why_it_passes(&config, &body));
            output::bytes(&body)?;
            Ok(DONE)
        }
    }
}

fn answer(refusal: &Refusal) -> Value {
    json!({"status": refusal.reply.status(), "body": refusal.body()})
}

impl Source {
    /// The configuration, and the files that its prompts come from.
    fn read(&self) -> Result<(Rc<Config>, Vec<File>), Failure> {
        let files = self.prompts.as_deref().map(folder::read).transpose()?.unwrap_or_default();
        let bundle = |folder: &Path| Ok(plugin::bundle(folder::prompts(folder, &files)?));
        let (path, configuration) = match (&self.prompts, &self.config) {
            (Some(folder), None) => (folder, json!({"bundle": bundle(folder)?})),
            (Some(folder), Some(file)) => (file, plugin::merge(file, plugin::read(file)?, bundle(folder)?)?),
            (None, Some(file)) => (file, plugin::read(file)?),
            (None, None) => return Err(Failure::new("--prompts or --config is needed")),
        };
        let config = plugin::check(path, configuration)?;
        config.warnings().iter().for_each(|warning| output::warning(warning));
        Ok((config, files))
    }
}

impl Arguments {
    /// Drives the exchange as the filter does.
    fn exchange(&self, config: &Rc<Config>, body: &[u8]) -> Effect {
        let length = body.len().to_string();
        let head = Head { content_length: Some(length.as_bytes()), ..self.head() };
        let (exchange, effect) = Exchange::default().step(Event::Headers(config, head, body.is_empty()));
        match effect {
            Effect::Await => exchange.step(Event::Body(body)).1,
            effect => effect,
        }
    }

    fn head(&self) -> Head<'_> {
        Head {
            method: b"POST",
            path: self.path.as_bytes(),
            authority: self.host.as_bytes(),
            content_encoding: b"",
            content_length: None,
            route: self.route.as_deref().map(str::as_bytes),
        }
    }

    fn why_it_passes(&self, config: &Rc<Config>, body: &[u8]) -> String {
        // Whatever the body is: that one follows is enough to ask.
        let (_, effect) = Exchange::default().step(Event::Headers(config, self.head(), false));
        let why = match (effect, named::has_prompt_object(body), named::is_responses(&self.path)) {
            (Effect::Continue, ..) => format!("Promptgate does not look at POST {}", self.path),
            (_, true, true) => {
                "no prompt here has this id, and policy.unknown_prompt_object forwards it".to_owned()
            }
            (_, true, false) => format!(
                "`prompt` names a prompt where paths end in /responses, and {} does not (--path)",
                self.path
            ),
            (_, false, _) => "this request asks for no prompt".to_owned(),
        };
        format!("{why}; the gateway passes it through as it is")
    }
}
