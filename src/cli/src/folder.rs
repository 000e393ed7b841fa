//! Reading a folder of `.prompt` files.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use promptgate_core::catalog::{Catalog, EXTENSION, FileError, FileErrorKind, from_files};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Severity};
use crate::failure::{Detail, Failure};

/// How deep folders may nest: more than an id of 256 bytes has segments.
const MAX_DEPTH: usize = 130;

/// A `.prompt` file.
pub struct File {
    /// Its path, beginning with the folder as the user named it.
    pub path: PathBuf,
    /// Its name within the folder without the extension: `support/triage`, `hello.v2`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    /// The text; none if it is not UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

/// The paths of all `.prompt` files below a folder, in order. What begins with a dot is passed over:
/// version control, editors and Kubernetes keep their own things there.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    walk(folder, &mut Vec::new(), &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, above: &mut Vec<PathBuf>, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let real = fs::canonicalize(folder).map_err(|error| Failure::io("read", folder, error))?;
    if above.contains(&real) || above.len() >= MAX_DEPTH {
        return Err(Failure::new(format!("{} leads back into itself", folder.display()))
            .help("remove the symbolic link"));
    }
    above.push(real);
    let entries = fs::read_dir(folder).map_err(|error| Failure::io("read", folder, error))?;
    for entry in entries {
        let path = entry.map_err(|error| Failure::io("read", folder, error))?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            walk(&path, above, found)?;
        } else if path.extension().is_some_and(|extension| extension == EXTENSION) {
            found.push(path);
        }
    }
    above.pop();
    Ok(())
}

/// Reads all `.prompt` files below a folder, in the order of their paths.
pub fn read(folder: &Path) -> Result<Vec<File>, Failure> {
    if !folder.is_dir() {
        let what = if folder.exists() { "is not a folder" } else { "does not exist" };
        return Err(Failure::new(format!("{} {what}", folder.display()))
            .help("name the folder that holds the .prompt files"));
    }
    list(folder)?.into_iter().map(|path| read_file(folder, path)).collect()
}

/// Reads a file of a folder.
pub fn read_file(folder: &Path, path: PathBuf) -> Result<File, Failure> {
    let bytes = fs::read(&path).map_err(|error| Failure::io("read", &path, error))?;
    Ok(File { name: name(folder, &path), path, bytes })
}

/// The name of a file within a folder, without the extension.
pub fn name(folder: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(folder).unwrap_or(path).with_extension("");
    let segments: Vec<_> = inside.iter().map(|segment| segment.to_string_lossy()).collect();
    segments.join("/")
}

/// The `prompts` of a bundle. Fails for what no bundle can say: names that are no ids, two files that
/// are the same version, a label on two versions, text that is not UTF-8.
pub fn prompts(folder: &Path, files: &[File]) -> Result<Value, Failure> {
    let mut details: Vec<Detail> = files
        .iter()
        .filter(|file| file.text().is_none())
        .map(|file| Detail { diagnostic: not_utf8(file), text: String::new() })
        .collect();
    let texts = files.iter().filter_map(|file| Some((file.name.as_str(), file.text()?)));
    match from_files(texts) {
        Ok(prompts) if details.is_empty() => Ok(prompts),
        result => {
            let errors = result.err().unwrap_or_default();
            let misplaced = errors.iter().map(|error| misplaced(files, error));
            details.extend(misplaced.map(|diagnostic| Detail { diagnostic, text: String::new() }));
            let message = format!("{} can't become a bundle", folder.display());
            Err(Failure::new(message).details(details))
        }
    }
}

/// Whether a folder with these files will still make a bundle when new ones, given by name and text,
/// stand beside or in place of them. What else is wrong with the folder is not judged.
pub fn check_new(files: &[File], new: &[(String, &str)]) -> Result<(), Failure> {
    let names: HashSet<&str> = new.iter().map(|(name, _)| name.as_str()).collect();
    let all = files
        .iter()
        .filter(|file| !names.contains(file.name.as_str()))
        .filter_map(|file| Some((file.name.as_str(), file.text()?)))
        .chain(new.iter().map(|(name, text)| (name.as_str(), *text)));
    let concerns_new = |error: &FileError| {
        let other = match &error.kind {
            FileErrorKind::SameVersion { other } | FileErrorKind::SameLabel { other, .. } => other,
            FileErrorKind::Id(_) | FileErrorKind::Version => "",
        };
        names.contains(error.name.as_str()) || names.contains(other)
    };
    match from_files(all).err().unwrap_or_default().iter().find(|error| concerns_new(error)) {
        Some(error) => Err(Failure::new(format!("{}.{EXTENSION}: {}", error.name, error.kind))
            .help(how_to_place(&error.kind))),
        None => Ok(()),
    }
}

/// What is wrong with a file that is not text.
pub fn not_utf8(file: &File) -> Diagnostic {
    let valid = std::str::from_utf8(&file.bytes).err().map_or(0, |error| error.valid_up_to());
    let before = String::from_utf8_lossy(file.bytes.get(..valid).unwrap_or_default());
    let lines: Vec<&str> = crate::diagnostic::lines(&before).collect();
    let column = lines.last().map_or(0, |line| line.chars().count());
    Diagnostic {
        rule: "",
        severity: Severity::Error,
        file: file.path.display().to_string(),
        line: u32::try_from(lines.len()).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1),
        message: "the file is not UTF-8".to_owned(),
        help: Some("save it as UTF-8".to_owned()),
        whole_file: false,
    }
}

/// What is wrong with a file's name or labels.
fn misplaced(files: &[File], error: &FileError) -> Diagnostic {
    let file = files.iter().find(|file| file.name == error.name);
    Diagnostic {
        rule: "",
        severity: Severity::Error,
        file: file.map_or_else(|| error.name.clone(), |file| file.path.display().to_string()),
        line: 1,
        column: 1,
        message: with_path(files, error.kind.clone()).to_string(),
        help: Some(how_to_place(&error.kind).to_owned()),
        whole_file: true,
    }
}

/// The same, with the path of the other file in place of its name.
pub fn with_path(files: &[File], mut kind: FileErrorKind) -> FileErrorKind {
    if let FileErrorKind::SameVersion { other } | FileErrorKind::SameLabel { other, .. } = &mut kind
        && let Some(file) = files.iter().find(|file| file.name == *other)
    {
        *other = file.path.display().to_string();
    }
    kind
}

/// What to do about a file that no bundle can hold.
pub fn how_to_place(kind: &FileErrorKind) -> &'static str {
    match kind {
        FileErrorKind::Id(_) => "use letters, digits, `.`, `_` and `-`; folders become segments of the id",
        FileErrorKind::Version => "call the file name.v1.prompt, name.v2.prompt, …",
        FileErrorKind::SameVersion { .. } => "name.prompt is version 1; call the next one name.v2.prompt",
        FileErrorKind::SameLabel { .. } => "remove the label from one of them",
    }
}

/// The prompts that do not compile, each with its place in its file.
pub fn broken(catalog: &Catalog, files: &[File]) -> Vec<Detail> {
    catalog
        .check()
        .into_iter()
        .map(|problem| {
            let (file, text) = locate(files, problem.id, problem.version);
            let diagnostic = Diagnostic {
                rule: "",
                severity: Severity::Warning,
                file,
                line: problem.error.line(),
                column: problem.error.column(),
                message: problem.error.to_string(),
                help: Some("this prompt answers 422; the others are not affected".to_owned()),
                whole_file: false,
            };
            Detail { diagnostic, text }
        })
        .collect()
}

/// The path and the text of a version's file; a name for it and no text, if it comes from elsewhere.
pub fn locate(files: &[File], id: &str, version: u32) -> (String, String) {
    let name = format!("{id}.v{version}");
    let file = files.iter().find(|file| file.name == name || (version == 1 && file.name == id));
    match file {
        Some(file) => (file.path.display().to_string(), file.text().unwrap_or_default().to_owned()),
        None => (name, String::new()),
    }
}
