//! `--watch`: the file follows the folder.
//!
//! Modification times are polled. That sees every kind of folder alike, network file systems, bind
//! mounts and the symbolic links of a Kubernetes ConfigMap included, where notifications of the kernel
//! get lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, SystemTime};

use super::{Arguments, build, write};
use crate::failure::Failure;
use crate::{DONE, folder, output};

/// How often the folder is looked at.
const INTERVAL: Duration = Duration::from_millis(200);
/// A file that changed so recently may have changed again within the resolution of its time stamp.
const RECENT: Duration = Duration::from_secs(2);

/// Keeps `path` current until Ctrl-C or SIGTERM.
pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<u8, Failure> {
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more: the program ends already.
        let _ = stop.send(());
    })
    .map_err(|error| Failure::new(format!("can't wait for Ctrl-C: {error}")))?;
    let mut watcher = Watcher { arguments, path, seen: None, said: String::new(), written: None };
    watcher.log(&format!("watching {}; Ctrl-C ends it", arguments.folder.display()));
    loop {
        watcher.look();
        match stopped.recv_timeout(INTERVAL) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(DONE),
        }
    }
}

struct Watcher<'a> {
    arguments: &'a Arguments,
    path: &'a Path,
    /// What the folder looked like when it was last read.
    seen: Option<Fingerprint>,
    /// What was last complained about, so that it is said once.
    said: String,
    written: Option<String>,
}

/// The files, with size and time stamp.
#[derive(PartialEq, Eq)]
struct Fingerprint(Vec<(PathBuf, u64, Option<SystemTime>)>);

impl Watcher<'_> {
    fn look(&mut self) {
        let now = self.arguments.fingerprint();
        // A time stamp of the future would be recent for ever; such a file is told by size and time only.
        let settled = now.age() > Some(RECENT);
        if settled && self.seen.as_ref() == Some(&now) {
            return;
        }
        self.seen = Some(now);
        if let Err(failure) = self.update() {
            let said = format!("{failure:?}");
            if self.said != said {
                self.log("not written, the last file stays:");
                output::failure(&failure);
                self.said = said;
            }
        }
    }

    fn update(&mut self) -> Result<(), Failure> {
        let built = build::build(self.arguments)?;
        if self.arguments.strict && !built.broken.is_empty() {
            let failure = Failure::new("a prompt does not compile, and --strict is set");
            return Err(failure.details(built.broken));
        }
        self.said.clear();
        if self.written.as_ref() == Some(&built.text) && self.path.exists() {
            return Ok(());
        }
        write::replace(self.path, built.text.as_bytes())?;
        self.log(&format!("wrote {}: {}", self.path.display(), built.summary));
        output::details(&built.broken);
        built.warnings.iter().for_each(|warning| output::warning(warning));
        self.written = Some(built.text);
        Ok(())
    }

    fn log(&self, message: &str) {
        output::status(&format!("{} {message}", humantime::format_rfc3339_seconds(SystemTime::now())));
    }
}

impl Arguments {
    fn fingerprint(&self) -> Fingerprint {
        // What can't be listed is for the build to complain about.
        let files = folder::list(&self.folder).unwrap_or_default();
        let stamp = |path: PathBuf| {
            let metadata = fs::metadata(&path).ok();
            let modified = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
            (path, metadata.map_or(0, |metadata| metadata.len()), modified)
        };
        Fingerprint(files.into_iter().chain(self.config.clone()).map(stamp).collect())
    }
}

impl Fingerprint {
    /// How long ago the latest change was; none if that is not known.
    fn age(&self) -> Option<Duration> {
        let latest = self.0.iter().filter_map(|(_, _, modified)| *modified).max()?;
        SystemTime::now().duration_since(latest).ok()
    }
}
