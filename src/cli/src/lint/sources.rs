//! What the command line names: folders and single files.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use promptgate_core::catalog::EXTENSION;

use crate::failure::Failure;
use crate::folder::{self, File};

/// The files of one folder. Ids and versions are compared within it.
struct Source {
    folder: PathBuf,
    files: Vec<File>,
}

/// Reads what is named, by folder; no file twice.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Vec<File>>, Failure> {
    let mut sources: Vec<Source> = Vec::new();
    let mut known = HashSet::new();
    for path in paths {
        let source = if path.is_file() { single(path)? } else { whole(path)? };
        let Source { folder, mut files } = source;
        files.retain(|file| known.insert(fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone())));
        match sources.iter_mut().find(|source| source.folder == folder) {
            Some(source) => source.files.extend(files),
            None => sources.push(Source { folder, files }),
        }
    }
    Ok(sources.into_iter().map(|source| source.files).collect())
}

fn whole(folder: &Path) -> Result<Source, Failure> {
    let files = folder::read(folder)?;
    if files.is_empty() {
        return Err(Failure::new(format!("{} holds no .prompt files", folder.display()))
            .help("name the folder that holds the .prompt files"));
    }
    Ok(Source { folder: folder.to_owned(), files })
}

fn single(path: &Path) -> Result<Source, Failure> {
    if path.extension().is_none_or(|extension| extension != EXTENSION) {
        return Err(Failure::new(format!("{} is not a .prompt file", path.display()))
            .help("name .prompt files, or folders of them"));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(Source { folder: folder.to_owned(), files: vec![folder::read_file(folder, path.to_owned())?] })
}
