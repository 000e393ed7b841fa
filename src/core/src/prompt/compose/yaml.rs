//! JSON as YAML that people like to read, and that every reader of YAML 1.2 reads alike.
//!
//! Mappings and lists are in block style, a short list of scalars on one line. Text stands without
//! quotes only where no version of YAML could take it for anything else; else it is a JSON string,
//! which is YAML too, or a literal block where it has several lines.

use std::fmt::Write;

use serde_json::{Map, Value as Json};

/// The longest list, in characters, that stands on one line.
const MAX_LINE: usize = 80;

/// Words that some version of YAML takes for something else than text.
const WORDS: [&str; 12] =
    ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan", "undefined"];

/// Writes the members of a mapping that is not empty, each on lines of its own.
pub(super) fn write(out: &mut String, members: &Map<String, Json>) {
    mapping(out, members, 0);
}

/// Every line but the first is indented by `indent`; the caller has done so for the first.
fn mapping(out: &mut String, members: &Map<String, Json>, indent: usize) {
    for (index, (key, value)) in members.iter().enumerate() {
        if index > 0 {
            margin(out, indent);
        }
        scalar_text(out, key);
        out.push(':');
        member(out, value, indent);
    }
}

/// A value behind its key, up to the end of the line.
fn member(out: &mut String, value: &Json, indent: usize) {
    match value {
        Json::Object(members) if !members.is_empty() => {
            out.push('\n');
            margin(out, indent + 2);
            mapping(out, members, indent + 2);
        }
        Json::Array(items) if one_line(items).is_none() => {
            out.push('\n');
            margin(out, indent + 2);
            list(out, items, indent + 2);
        }
        _ => {
            out.push(' ');
            value_line(out, value, indent);
        }
    }
}

/// The items of a list, each on lines of its own; `indent` is the column of the dashes.
fn list(out: &mut String, items: &[Json], indent: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            margin(out, indent);
        }
        out.push_str("- ");
        match item {
            Json::Object(members) if !members.is_empty() => mapping(out, members, indent + 2),
            Json::Array(items) if one_line(items).is_none() => list(out, items, indent + 2),
            _ => value_line(out, item, indent),
        }
    }
}

/// What fits on one line, or a literal block.
fn value_line(out: &mut String, value: &Json, indent: usize) {
    match value {
        Json::String(text) if is_block(text) => return block(out, text, indent + 2),
        Json::String(text) => scalar_text(out, text),
        Json::Array(items) => out.push_str(&one_line(items).unwrap_or_default()),
        Json::Object(_) => out.push_str("{}"),
        Json::Null | Json::Bool(_) | Json::Number(_) => {
            // Writing to a string does not fail.
            let _ = write!(out, "{value}");
        }
    }
    out.push('\n');
}

fn margin(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// A list of scalars that is short enough for one line.
fn one_line(items: &[Json]) -> Option<String> {
    let mut line = String::from("[");
    for (index, item) in items.iter().enumerate() {
        line.push_str(if index == 0 { "" } else { ", " });
        match item {
            Json::String(text) => scalar_text(&mut line, text),
            Json::Object(_) | Json::Array(_) => return None,
            _ => line.push_str(&item.to_string()),
        }
        if line.len() > MAX_LINE {
            return None;
        }
    }
    line.push(']');
    Some(line)
}

/// Text on one line, plain where that is safe, also inside of a list.
fn scalar_text(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        quote(out, text);
    }
}

/// Whether text can stand without quotes: it begins with a letter, and holds nothing that means
/// anything anywhere in YAML.
fn is_plain(text: &str) -> bool {
    let is_safe = |character: char| character.is_ascii_alphanumeric() || "_-./() ".contains(character);
    text.starts_with(|character: char| character.is_ascii_alphabetic())
        && text.chars().all(is_safe)
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether text reads best as a literal block: it has several lines, and nothing that one would lose.
fn is_block(text: &str) -> bool {
    let lines = text.strip_suffix('\n').unwrap_or(text);
    let is_printable = |character: char| character == '\n' || !needs_escape(character);
    lines.contains('\n')
        && !lines.ends_with('\n')
        && text.chars().all(is_printable)
        && lines.split('\n').all(|line| !line.ends_with([' ', '\t']))
        // The indentation of a block is that of its first line.
        && !lines.starts_with([' ', '\n', '\t'])
}

fn block(out: &mut String, text: &str, indent: usize) {
    let lines = text.strip_suffix('\n');
    out.push_str(if lines.is_some() { "|\n" } else { "|-\n" });
    for line in lines.unwrap_or(text).split('\n') {
        if !line.is_empty() {
            margin(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// A JSON string in which everything is escaped that YAML does not allow, or folds.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            character if needs_escape(character) => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            character => out.push(character),
        }
    }
    out.push('"');
}

/// Control characters, and what some reader takes for a line end or a byte order mark. None of them is
/// beyond 16 bits.
fn needs_escape(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
