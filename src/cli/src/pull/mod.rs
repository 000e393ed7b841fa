//! `promptgate pull`: what a registry holds, as `.prompt` files.

mod fetch;
mod labels;
mod place;
mod report;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::ArgGroup;
use promptgate_core::catalog::{Label, Reference, Selector};
use serde_json::json;

use crate::failure::Failure;
use crate::registry::{Choice, Chosen};
use crate::{DONE, REFUSED, output, plugin, write};
use fetch::{Fetcher, Pulled, Stop};
use place::{Placed, Status};

/// How long an answer may take unless something else is said: a bundle is large, and nobody's request
/// waits for it.
const TIMEOUT: &str = "30s";

const EXAMPLES: &str = "\
Examples:
  promptgate pull --config plugin.yaml --all
  promptgate pull --config plugin.yaml hello support/triage.v2 -o prompts
  promptgate pull --registry promptgate --registry-url https://prompts.internal --all --force
  promptgate pull --registry litellm --registry-url http://127.0.0.1:4000 --token-env KEY hello
  promptgate pull --registry gitlab --set project=acme/prompts --token-env TOKEN hello hello.v2
  promptgate pull --registry langfuse --set public_key=pk-lf-1 --token-env KEY --label staging \
hello

Exit status: 0 if the prompts are written; 1 if the registry does not have one, or other files stand in \
their place (--force replaces them); 2 if the registry can't be asked. All files are written, or none.";

/// Write what a registry holds as .prompt files.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("source").args(["config", "registry"]).required(true)))]
#[command(group(ArgGroup::new("what").args(["ids", "all"]).required(true)))]
pub struct Arguments {
    /// Prompts: hello, or hello.v2 for a version
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Pull all prompts; only registries that hand out bundles can be asked for them
    #[arg(long, conflicts_with = "label")]
    all: bool,
    /// Pull the version that a label names, such as production
    #[arg(long, value_name = "LABEL", value_parser = label)]
    label: Option<Label>,
    /// The folder of .prompt files; it is created where it does not exist
    #[arg(short, long, value_name = "DIR", default_value = "prompts")]
    output: PathBuf,
    /// Replace files that say something else
    #[arg(long)]
    force: bool,
    /// A plugin configuration, YAML or JSON, with its registry
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    registry: Choice,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let references = arguments.references()?;
    let chosen = arguments.configuration()?;
    let Some(registry) = chosen.config.registry.clone() else {
        return Err(Failure::new("the configuration has no registry")
            .help("name one: --registry litellm, or a `registry` section in --config"));
    };
    if arguments.all && !registry.source.provider().bundle {
        let name = registry.source.provider().name;
        return Err(Failure::new(format!("{name} can't be asked for all of its prompts"))
            .help("name them: promptgate pull hello support/triage"));
    }
    let connection = arguments.registry.connect(&chosen, &registry)?;
    let mut fetcher = Fetcher { registry: Rc::clone(&registry), connection, revision: None };
    let pulled = if arguments.all { fetcher.all() } else { fetcher.each(&references) };
    let pulled = match pulled {
        Ok(pulled) => pulled,
        Err(Stop::Refused(failures)) => {
            failures.iter().for_each(output::failure);
            output::failure(&Failure::new("not written: not all of the prompts could be pulled"));
            return Ok(REFUSED);
        }
        Err(Stop::Failed(failure)) => return Err(failure),
    };
    arguments.keep(pulled, fetcher.revision.as_deref())
}

fn label(text: &str) -> Result<Label, String> {
    Label::parse(text).map_err(|error| error.to_string())
}

impl Arguments {
    fn references(&self) -> Result<Vec<Reference>, Failure> {
        let selector = self.label.clone().map_or(Selector::Default, Selector::Label);
        let reference = |id: &String| {
            Reference::new(id, selector.clone()).map_err(|error| Failure::new(format!("`{id}`: {error}")))
        };
        self.ids.iter().map(reference).collect()
    }

    fn configuration(&self) -> Result<Chosen, Failure> {
        match &self.config {
            Some(path) => self.registry.complete(path, plugin::read(path)?, Some(TIMEOUT)),
            None => self.registry.complete(Path::new("--registry"), json!({}), Some(TIMEOUT)),
        }
    }

    /// Writes the files.
    fn keep(&self, pulled: Vec<Pulled>, revision: Option<&str>) -> Result<u8, Failure> {
        let (placed, strangers) = place::place(pulled, &self.output, self.all)?;
        let different: Vec<&Placed> = placed.iter().filter(|file| file.status.is_different()).collect();
        if !different.is_empty() && !self.force {
            report::refused(&different);
            return Ok(REFUSED);
        }
        let changed = placed.iter().filter(|file| !matches!(file.status, Status::Unchanged));
        let jobs: Vec<write::Job<'_>> = changed.map(Placed::job).collect();
        write::all(&jobs)?;
        report::written(&placed, revision, &strangers, &self.output);
        Ok(DONE)
    }
}
