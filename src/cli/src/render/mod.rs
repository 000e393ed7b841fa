//! `promptgate render`: the body that upstream would receive.

mod advice;
mod drive;
mod fault;
mod named;
mod request;

use std::path::{Path, PathBuf};

use clap::ArgGroup;
use promptgate_core::cache::Cache;
use promptgate_core::exchange::{Applied, Effect, Event, Exchange, Head, Refusal};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::folder::File;
use crate::registry::{Choice, Chosen};
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

  promptgate render --config plugin.yaml hello --verbose
  promptgate render --config plugin.yaml --registry-url http://127.0.0.1:4000 --token-env KEY hello
  promptgate render --registry litellm --registry-url http://127.0.0.1:4000 --token-env KEY hello
  promptgate render --registry github --set owner=acme --set repository=prompts hello --version 2
  promptgate render --registry langfuse --set public_key=pk-lf-1 --token-env KEY hello

A prompt that is not in the bundle is fetched from the registry, as the gateway would: from https:// and \
the registry's authority, or from --registry-url. Credentials come from the environment: api_key: \
os.environ/KEY in the configuration, or --token-env.

Exit status: 0 with the body that upstream receives, byte for byte; 1 with the reply that the client \
gets instead, as {\"status\": 404, \"body\": {\"error\": …}}; 2 if nothing could be rendered.";

/// Print exactly the body that upstream would receive, or the reply that the client would get instead.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("source").args(["prompts", "config", "registry"]).required(true).multiple(true)))]
pub struct Arguments {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    registry: Choice,
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
#[group(skip)]
struct Source {
    /// A folder of .prompt files
    #[arg(long, value_name = "DIR")]
    prompts: Option<PathBuf>,
    /// A plugin configuration, YAML or JSON: with its bundle and its registry, or without them
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let (chosen, files) = arguments.source.read(&arguments.registry)?;
    let body = arguments.request.body(&arguments.path)?;
    let length = body.len().to_string();
    let head = Head { content_length: Some(length.as_bytes()), ..arguments.head() };
    let driven = drive::drive(&chosen, &arguments.registry, head, &body)?;
    driven.troubles.iter().for_each(|trouble| output::failure(&Failure::new(trouble)));
    match &driven.effect {
        Effect::Forward(forward) => {
            if let Some(applied) = forward.applied.as_ref().filter(|_| arguments.registry.verbose) {
                output::status(&origin(applied));
            }
            output::bytes(&forward.body.apply(&body))?;
            Ok(DONE)
        }
        Effect::Reply(refusal) => {
            output::text(&format!("{}\n", answer(refusal)))?;
            arguments.explain(&chosen, driven.cache.as_deref(), &files, &body, refusal);
            Ok(REFUSED)
        }
        Effect::Continue | Effect::Await | Effect::Fetch(_) => {
            output::note(&arguments.why_it_passes(&chosen, &body));
            output::bytes(&body)?;
            Ok(DONE)
        }
    }
}

fn answer(refusal: &Refusal) -> Value {
    json!({"status": refusal.reply.status(), "body": refusal.body()})
}

/// Which version was used, and where it came from.
fn origin(applied: &Applied) -> String {
    let label = applied.label.as_ref().map(|label| format!(", label {label}")).unwrap_or_default();
    format!("prompt {}, version {}{label}: {}", applied.id, applied.version, applied.origin.as_str())
}

impl Source {
    /// The configuration, and the files that its prompts come from.
    fn read(&self, registry: &Choice) -> Result<(Chosen, Vec<File>), Failure> {
        let files = self.prompts.as_deref().map(folder::read).transpose()?.unwrap_or_default();
        let bundle = |folder: &Path| Ok(plugin::bundle(folder::prompts(folder, &files)?));
        let (path, configuration) = match (&self.prompts, &self.config) {
            (Some(folder), None) => (folder.as_path(), json!({"bundle": bundle(folder)?})),
            (Some(folder), Some(file)) => {
                (file.as_path(), plugin::merge(file, plugin::read(file)?, bundle(folder)?)?)
            }
            (None, Some(file)) => (file.as_path(), plugin::read(file)?),
            (None, None) => (Path::new("--registry"), json!({})),
        };
        Ok((registry.complete(path, configuration, None)?, files))
    }
}

impl Arguments {
    /// Says more about a reply than the client would be told.
    fn explain(
        &self,
        chosen: &Chosen,
        cache: Option<&Cache>,
        files: &[File],
        body: &[u8],
        refusal: &Refusal,
    ) {
        let config = &chosen.config;
        let settings = config.settings(self.route.as_deref(), &self.host, &self.path);
        let case = fault::Case { config, settings, cache, path: &self.path, body, files };
        if let Some(detail) = fault::find(&case, refusal) {
            output::details(&[detail]);
        }
        if let Some(help) = advice::on(config, &self.request, &self.path, body, &refusal.reply) {
            output::help(&help);
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
            forged: false,
        }
    }

    fn why_it_passes(&self, chosen: &Chosen, body: &[u8]) -> String {
        // Whatever the body is: that one follows is enough to ask.
        let (_, effect) = Exchange::default().step(Event::Headers(&chosen.config, self.head(), false));
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
