//! Writing to the terminal. Colours are stripped where nobody sees them.

use std::io::{self, IsTerminal, Write};

use annotate_snippets::{Level, Renderer};

use crate::failure::{Detail, Failure};

/// Writes text to standard output.
pub fn text(text: &str) -> Result<(), Failure> {
    finish(anstream::stdout().write_all(text.as_bytes()))
}

/// Writes bytes to standard output as they are; to a terminal with a line end behind them.
pub fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let end: &[u8] = if stdout.is_terminal() { b"\n" } else { b"" };
    finish(stdout.write_all(bytes).and_then(|()| stdout.write_all(end)).and_then(|()| stdout.flush()))
}

/// A reader that has seen enough, such as `head`, is no failure.
fn finish(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("can't write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to standard error. Where that fails there is nobody left to tell.
pub fn status(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Shows on a terminal what is being worked on, in place of what was shown before.
pub fn progress(done: usize, of: usize, what: &str) {
    if of > 1 && io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\x1b[K[{}/{of}] {what}", done + 1);
    }
}

/// Removes what [`progress`] showed.
pub fn no_progress() {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}

/// Writes a warning to standard error.
pub fn warning(message: &str) {
    titled(Level::WARNING, message, None);
}

/// Writes a note to standard error.
pub fn note(message: &str) {
    titled(Level::NOTE, message, None);
}

/// Writes what to do to standard error.
pub fn help(message: &str) {
    titled(Level::HELP, message, None);
}

/// Writes what points into files to standard error.
pub fn details(details: &[Detail]) {
    for detail in details {
        status(&detail.diagnostic.render(&detail.text));
        status("");
    }
}

/// Writes why a command could not do its work.
pub fn failure(failure: &Failure) {
    details(&failure.details);
    titled(Level::ERROR, &failure.message, failure.help.as_deref());
}

fn titled(level: Level<'_>, message: &str, help: Option<&str>) {
    let title = annotate_snippets::Group::with_title(level.primary_title(message));
    let help = help.map(|help| annotate_snippets::Group::with_title(Level::HELP.primary_title(help)));
    for group in std::iter::once(title).chain(help) {
        status(&Renderer::styled().render(&[group]));
    }
}
