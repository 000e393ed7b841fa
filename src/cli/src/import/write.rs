//! Writing several files: all of them, or none.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A file to be written.
pub(super) struct Job<'a> {
    pub(super) path: PathBuf,
    pub(super) text: &'a str,
    /// What stands there so far.
    pub(super) before: Option<Vec<u8>>,
}

/// Writes each file beside its place first, and moves them when all are written. Where that fails,
/// everything is as it was but for new folders.
pub(super) fn all(jobs: &[Job<'_>]) -> Result<(), Failure> {
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
    let temporary = beside(&job.path);
    let written = fs::File::create(&temporary).and_then(|mut file| {
        file.write_all(job.text.as_bytes())?;
        // Renamed before its bytes are on the disk, the file could be empty after a crash.
        file.sync_all()
    });
    written.inspect_err(|_| remove(&temporary))?;
    Ok(temporary)
}

/// `folder/.name.<process>`: hidden, and no other process' own.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    path.with_file_name(name)
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
