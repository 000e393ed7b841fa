//! Replacing a file so that no reader ever sees half of it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Writes a file beside `path` and renames it: who reads sees the old or the new one, and who watches
/// the folder, as Envoy does, sees one move.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let temporary =
        beside(path).ok_or_else(|| Failure::new(format!("{} is no name of a file", path.display())))?;
    write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path)).map_err(|error| {
        // What could not be renamed is of no use to anybody.
        let _ = fs::remove_file(&temporary);
        let failure = Failure::io("write", path, &error);
        let missing = error.kind() == io::ErrorKind::NotFound;
        if missing { failure.help("the folder has to exist: create it first") } else { failure }
    })
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    // Renamed before its bytes are on the disk, the file could be empty after a crash.
    file.sync_all()
}

/// `folder/.name.<process>`: hidden, and no other process' own.
fn beside(path: &Path) -> Option<PathBuf> {
    let mut name = OsString::from(".");
    name.push(path.file_name()?);
    name.push(format!(".{}", std::process::id()));
    Some(path.with_file_name(name))
}
