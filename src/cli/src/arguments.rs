//! The command line as types.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};

use crate::{bundle, import, lint, pull, render};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  promptgate lint prompts
  promptgate render --prompts prompts hello -v user_message=Hi
  promptgate bundle prompts -o bundle.json
  promptgate import openai saved/*.json -o prompts
  promptgate pull --config plugin.yaml --all -o prompts

Exit status: 0 if all is well, 1 if the answer is no (lint errors, a local reply, a refused bundle), \
2 if the command could not do its work.";

/// Check, render, bundle, import and pull .prompt files, with the engine of the gateway's filter.
#[derive(Parser)]
#[command(name = "promptgate", version, styles = STYLES, after_help = EXAMPLES, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Find what would fail at the gateway, and what is probably not meant
    Lint(lint::Arguments),
    /// Print the request that upstream would receive
    Render(render::Arguments),
    /// Write a folder of prompts as the bundle that the gateway reads
    Bundle(bundle::Arguments),
    /// Write prompts that live elsewhere as .prompt files
    Import(import::Arguments),
    /// Write what a registry holds as .prompt files
    Pull(pull::Arguments),
}
