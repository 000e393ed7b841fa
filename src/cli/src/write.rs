//! Writing files so that no reader ever sees half of one, and several of them all or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A file to be written.
pub struct Job<'a> {
    /// Where it will stand; folders that it needs are created.
    pub path: PathBuf,
    /// Its text.
    pub text: &'a str,
    /// What stands there so far.
    pub before: Option<Vec<u8>>,
}

/// Writes a file beside `path` and renames it: who reads sees the old or the new one, and who watches
/// the folder, as Envoy does, sees one move.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let temporary =
        beside(path).ok_or_else(|| Failure::new(format!("{} is no name of a file", path.display())))?;
    write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path)).map_err(|error| {
        // What could not be renamed is of no use to anybody.
        remove(&temporary);
        let failure = Failure::io("write", path, &error);
        let missing = error.kind() == io::ErrorKind::NotFound;
        if missing { failure.help("the folder has to exist: create it first") } else { failure }
    })
}

/// Writes each file beside its place first, and moves them when all are written. Where that fails,
/// everything is as it was but for new folders.
pub fn all(jobs: &[Job<'_>]) -> Result<(), Failure> {
    let mut prepared = Vec::new();
    for job in jobs {
        match prepare(job) {
            Ok(temporary) => prepared.push(temporary),
            Err(error) => {
                prepared.iter().for_each(|path| remove(path));
                return Err(Failure::io("write", &job.path, error));
            }
        }
    }
    for (index, (job, temporary)) in jobs.iter().zip(&prepared).enumerate() {
        if let Err(error) = fs::rename(temporary, &job.path) {
            jobs.iter().take(index).for_each(restore);
            prepared.iter().skip(index).for_each(|path| remove(path));
            return Err(Failure::io("write", &job.path, error));
        }
    }
    Ok(())
}

fn prepare(job: &Job<'_>) -> io::Result<PathBuf> {
    if let Some(folder) = job.path.parent() {
        fs::create_dir_all(folder)?;
    }
    let temporary = beside(&job.path).ok_or(io::ErrorKind::InvalidFilename)?;
    write(&temporary, job.text.as_bytes()).inspect_err(|_| remove(&temporary))?;
    Ok(temporary)
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

fn restore(job: &Job<'_>) {
    // There is nothing left to do if this fails, and the first failure is the one to tell.
    let _ = match &job.before {
        Some(bytes) => fs::write(&job.path, bytes),
        None => fs::remove_file(&job.path),
    };
}

fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}
