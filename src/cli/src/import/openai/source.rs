//! From a file to drafts: what kind of text it holds.

use std::fs;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::super::draft::Draft;
use super::super::place::split;
use super::{curl, recognise, text};
use crate::failure::Failure;

/// Reads what a file holds: at least one draft.
pub(super) fn read(path: &Path) -> Result<Vec<Draft>, Failure> {
    let is_stdin = path == Path::new("-");
    let source = if is_stdin { "standard input".to_owned() } else { path.display().to_string() };
    let bytes = if is_stdin { standard_input()? } else { file(path)? };
    let Ok(content) = std::str::from_utf8(&bytes) else {
        return Err(Failure::new(format!("{source} is not UTF-8")).help("save it as UTF-8"));
    };
    let content = content.strip_prefix('\u{feff}').unwrap_or(content);
    let mut drafts = drafts(&source, content)?;
    if !is_stdin {
        name(&mut drafts, path);
    }
    Ok(drafts)
}

fn standard_input() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| Failure::new(format!("can't read standard input: {error}")))?;
    Ok(bytes)
}

fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.extension().is_some_and(|extension| extension == promptgate_core::catalog::EXTENSION) {
        return Err(Failure::new(format!("{} is a prompt file already", path.display())));
    }
    fs::read(path).map_err(|error| Failure::io("read", path, error))
}

fn drafts(source: &str, content: &str) -> Result<Vec<Draft>, Failure> {
    if content.trim().is_empty() {
        return Err(Failure::new(format!("{source} is empty")));
    }
    if let Some(body) = curl::body(content) {
        let body = body.map_err(|message| Failure::new(format!("{source}: {message}")))?;
        return recognise::drafts(source, vec![whole(source, &body)?]);
    }
    if is_json(content) {
        return recognise::drafts(source, json(source, content)?);
    }
    if text::is_code(content) {
        return Err(Failure::new(format!("{source} is program code"))
            .help("choose cURL where the Playground shows the code, and copy that"));
    }
    Ok(vec![text::draft(source, content)])
}

/// Whether text means to be JSON. A message may begin with a brace or a bracket, too.
fn is_json(content: &str) -> bool {
    let mut characters = content.chars().filter(|character| !character.is_whitespace());
    matches!(
        (characters.next(), characters.next()),
        (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | ']'))
    )
}

/// One JSON value; or one on each line, if the first line is one.
fn json(source: &str, content: &str) -> Result<Vec<Value>, Failure> {
    let mut lines = content.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let first = lines.next().and_then(|(_, line)| serde_json::from_str(line).ok());
    let Some(first) = first else {
        return Ok(vec![whole(source, content)?]);
    };
    let mut values = vec![first];
    for (index, line) in lines {
        values.push(serde_json::from_str(line).map_err(|_| {
            Failure::new(format!(
                "{source} begins with JSON on a line of its own, but line {} is none",
                index + 1
            ))
            .help("write one JSON object on each line")
        })?);
    }
    Ok(values)
}

fn whole(source: &str, content: &str) -> Result<Value, Failure> {
    serde_json::from_str(content).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let what = if error.is_eof() { "it ends too early" } else { "it is not valid" };
        Failure::new(format!("{source} looks like JSON, but {what} ({place})"))
            .help("copy all of it, from the first brace to the last")
    })
}

/// What the file is called says what its prompt is called, where it holds but one.
fn name(drafts: &mut [Draft], path: &Path) {
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = match file_name.rsplit_once('.') {
        // `triage.v2` without another extension.
        Some((name, extension)) if !name.is_empty() && !is_version(extension) => name,
        _ => &*file_name,
    };
    let mut origins: Vec<&str> = drafts.iter().filter_map(|draft| draft.origin.as_deref()).collect();
    origins.dedup();
    if origins.len() > 1 {
        return;
    }
    // What is no id is named all the same, for the complaint.
    let (id, version) = split(stem).unwrap_or_else(|| (stem.to_owned(), None));
    let only = drafts.len() == 1;
    for draft in drafts {
        draft.name = Some(id.clone());
        draft.named_version = version.filter(|_| only);
    }
}

fn is_version(extension: &str) -> bool {
    extension.strip_prefix('v').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}
