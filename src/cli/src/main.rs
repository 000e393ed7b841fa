//! `promptgate`: check, render, bundle, import and pull `.prompt` files.
//!
//! It uses the engine of the gateway's filter, so what it prints is what the gateway sends.

mod arguments;
mod assignment;
mod bundle;
mod diagnostic;
mod failure;
mod folder;
mod import;
mod lint;
mod output;
mod plugin;
mod pull;
mod registry;
mod render;
mod words;
mod write;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// The command did what it was asked for.
const DONE: u8 = 0;
/// The command worked, and its answer is no: a local reply, lint errors, a bundle refused.
const REFUSED: u8 = 1;
/// The command could not do its work; clap's own status for wrong usage, too.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Render(arguments) => render::run(&arguments),
        Command::Bundle(arguments) => bundle::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Pull(arguments) => pull::run(&arguments),
    };
    ExitCode::from(result.unwrap_or_else(|failure| {
        output::failure(&failure);
        FAILED
    }))
}
