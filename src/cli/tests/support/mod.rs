//! Running the program, and folders to run it on.

// Each test program uses a part of it.
#![allow(dead_code)]

pub mod server;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What the program answered.
#[derive(Debug)]
pub struct Answer {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The program with arguments, in a working directory.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promptgate"));
    command
        .current_dir(folder)
        .args(arguments)
        .env_remove("CLICOLOR_FORCE")
        .env_remove("COLUMNS")
        .stdin(Stdio::null());
    command
}

/// Runs the program.
pub fn run(folder: &Path, arguments: &[&str]) -> Answer {
    answer(command(folder, arguments).output().unwrap())
}

/// Runs the program with environment variables.
pub fn run_with_env(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Answer {
    answer(command(folder, arguments).envs(variables.iter().copied()).output().unwrap())
}

/// Runs the program with text on standard input.
pub fn run_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Answer {
    let mut command = command(folder, arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    answer(child.wait_with_output().unwrap())
}

fn answer(output: Output) -> Answer {
    Answer {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// An empty folder of the test's own.
pub fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes files into a folder, and the folders that they need.
pub fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// The top of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
