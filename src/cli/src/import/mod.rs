//! `promptgate import`: prompts that live elsewhere as `.prompt` files.

mod draft;
mod openai;
mod place;
mod report;

use clap::Subcommand;

use crate::failure::Failure;

/// Write prompts that live elsewhere as .prompt files
#[derive(clap::Args)]
pub struct Arguments {
    /// Where the prompts come from
    #[command(subcommand)]
    origin: Origin,
}

/// Where the prompts come from.
#[derive(Subcommand)]
enum Origin {
    /// Write prompt objects of OpenAI's dashboard (pmpt_…) as .prompt files
    Openai(openai::Arguments),
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.origin {
        Origin::Openai(arguments) => openai::run(arguments),
    }
}
