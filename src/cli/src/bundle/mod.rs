//! `promptgate bundle`: a folder of prompts as one file.

mod build;
mod ecds;
mod target;
mod tree;
mod watch;

use std::path::PathBuf;

use clap::{ArgGroup, ValueEnum};

use crate::failure::Failure;
use crate::{DONE, output};
use target::Target;

const EXAMPLES: &str = "\
Examples:
  promptgate bundle prompts -o bundle.json
  promptgate bundle prompts --config plugin.yaml -o plugin.json
  promptgate bundle prompts --format ecds --config plugin.yaml -o watched/promptgate.json
  promptgate bundle prompts --format ecds --config plugin.yaml -o watched/promptgate.json --watch
  promptgate bundle prompts --tree site --watch

Exit status: 0 if the bundle is written; 1 if --strict found a prompt that does not compile; 2 if there \
is no bundle to write. --watch ends with 0 on Ctrl-C.";

/// Write a folder of prompts as the bundle that the gateway reads: deterministic, with its digest.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("target").args(["output", "tree"])))]
pub struct Arguments {
    /// The folder of .prompt files
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Where to write, by renaming a file written beside it; without it, to standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write a folder that any web server hands out as a registry: bundle.json, and prompts/ID.json for
    /// each prompt; files of prompts that are gone are removed
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["config", "format"])]
    tree: Option<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The rest of the plugin configuration, YAML or JSON; the bundle is put into it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Keep it current: write it again whenever a prompt or the configuration changes
    #[arg(long, requires = "target")]
    watch: bool,
    /// Refuse to write a bundle with a prompt that does not compile
    #[arg(long)]
    strict: bool,
    /// Where Envoy finds the filter, seen from Envoy's working directory
    #[arg(
        long,
        value_name = "FILE",
        default_value = "dist/promptgate.wasm",
        help_heading = "With --format ecds"
    )]
    wasm: PathBuf,
    /// The name of the HTTP filter in Envoy's configuration
    #[arg(long, value_name = "NAME", default_value = "promptgate", help_heading = "With --format ecds")]
    filter_name: String,
    /// The name of the WebAssembly machine; filters with the same one share it
    #[arg(long, value_name = "NAME", default_value = "promptgate", help_heading = "With --format ecds")]
    vm_id: String,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The bundle; with --config, the whole plugin configuration
    Json,
    /// The file that Envoy watches: an ECDS response with the filter and its configuration
    Ecds,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let target = Target::of(arguments);
    if let Target::Tree(root) = target {
        tree::check(root, &arguments.folder)?;
    }
    if arguments.watch { watch::run(arguments, target) } else { once(arguments, target) }
}

fn once(arguments: &Arguments, target: Target<'_>) -> Result<u8, Failure> {
    let built = build::build(arguments)?;
    output::details(&built.broken);
    if arguments.strict && !built.broken.is_empty() {
        output::failure(&Failure::new("not written: a prompt does not compile, and --strict is set"));
        return Ok(crate::REFUSED);
    }
    let said = target.write(&built)?;
    built.warnings.iter().for_each(|warning| output::warning(warning));
    output::status(&said);
    Ok(DONE)
}
