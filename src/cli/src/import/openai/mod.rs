//! `promptgate import openai`: prompt objects of OpenAI's dashboard.

mod curl;
mod dashboard;
mod messages;
mod recognise;
mod settings;
mod source;
mod text;
mod variables;

use std::path::PathBuf;

use clap::ValueEnum;

use super::place::{Placed, Status, Wish, WishedLabel, parse_version, place};
use super::report;
use crate::failure::Failure;
use crate::{DONE, REFUSED, output, write};

const EXAMPLES: &str = "\
Examples:
  promptgate import openai saved/pmpt_123.v2.json
  promptgate import openai saved/*.json -o prompts
  promptgate import openai responses.jsonl --id support/triage --label production=3
  promptgate import openai triage.txt --version 2
  pbpaste | promptgate import openai - --id support/triage

A FILE holds one or more Response objects (JSON, a JSON array, or JSON lines), the body of a request or the \
cURL command around it, the JSON of the dashboard, or the text of a message as it was copied. In a Response \
whose variables were sent as their own names in braces ({\"customer_name\": \"{{customer_name}}\"}) the \
prompt stands exactly as it was written.

Exit status: 0 if the prompts are written; 1 if other files stand in their place (--force replaces them); 2 \
if there is no prompt to write. All files are written, or none.";

/// What the command is told.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What was saved or copied; - for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The folder of .prompt files; it is created where it does not exist
    #[arg(short, long, value_name = "DIR", default_value = "prompts")]
    output: PathBuf,
    /// The prompt's id; without it, the file's name, else the id of OpenAI (pmpt_…)
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The version, where neither content nor file name say it; without it, the next free one
    #[arg(long, value_name = "N", value_parser = parse_version)]
    version: Option<u64>,
    /// A label for the version, such as production; with several versions: production=3
    #[arg(long, value_name = "LABEL[=N]", value_parser = WishedLabel::parse)]
    label: Option<WishedLabel>,
    /// Replace files that say something else
    #[arg(long)]
    force: bool,
    /// The form of the report: human on standard error, or json on standard output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// The form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let mut drafts = Vec::new();
    for path in &arguments.files {
        drafts.extend(source::read(path)?);
    }
    let wish = Wish {
        folder: &arguments.output,
        id: arguments.id.as_deref(),
        version: arguments.version,
        label: arguments.label.as_ref(),
    };
    let placed = place(drafts, &wish)?;
    let different: Vec<&Placed> = placed.iter().filter(|file| file.status == Status::Different).collect();
    if !different.is_empty() && !arguments.force {
        let paths: Vec<String> = different.iter().map(|file| file.path.display().to_string()).collect();
        let failure = Failure::new(format!("not written: {} says something else", paths.join(", ")));
        output::failure(&failure.help("--force replaces it; another --id or --version leaves it alone"));
        return Ok(REFUSED);
    }
    write_all(&placed)?;
    match arguments.format {
        Format::Human => report::human(&placed, &arguments.output.display().to_string()),
        Format::Json => report::json(&placed)?,
    }
    Ok(DONE)
}

fn write_all(placed: &[Placed]) -> Result<(), Failure> {
    let changed = placed.iter().filter(|file| file.status != Status::Unchanged);
    let jobs: Vec<write::Job<'_>> = changed
        .map(|file| {
            let before = (file.status == Status::Different).then(|| std::fs::read(&file.path)).transpose();
            let before = before.map_err(|error| Failure::io("read", &file.path, error))?;
            Ok(write::Job { path: file.path.clone(), text: &file.text, before })
        })
        .collect::<Result<_, Failure>>()?;
    write::all(&jobs)
}
