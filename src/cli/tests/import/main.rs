//! `promptgate import openai`: what it writes, and what it says.

// What tests have in common says what it expects by panicking, as they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod files;
mod forms;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use snapbox::{Data, assert_data_eq};

use support::{Answer, folder, repository, run};

const TRIAGE: &str = "pmpt_68a1f0c2b7e481909d3c5b7a1e2f4a6b0c8d9e7f5a3b1c2d";
const PHOTO: &str = "pmpt_690b3d5e7f818190b2c4d6e8f0a1b3c5d7e9f1a2b4c6d8e0";
const HANDBOOK: &str = "pmpt_690c1a2b3c4d8190a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4";

/// A folder with the fixtures in `saved`.
fn saved(test: &str) -> PathBuf {
    let folder = folder(&format!("import-{test}"));
    fs::create_dir(folder.join("saved")).unwrap();
    for entry in fs::read_dir(repository().join("tests/fixtures/openai-prompts")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join("saved").join(entry.file_name())).unwrap();
    }
    folder
}

fn import(folder: &Path, arguments: &[&str]) -> Answer {
    run(folder, &[&["import", "openai"], arguments].concat())
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join("prompts").join(name)).unwrap()
}

/// All `.prompt` files, and all files that a command left behind.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().display().to_string());
            }
        }
    }
    found.sort();
    found
}

/// Compares with a file of `tests/import`. `SNAPSHOTS=overwrite cargo test` writes it.
fn same(text: &str, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(name);
    assert_data_eq!(text.to_owned(), Data::read_from(&path, None).raw());
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}
