//! `--watch`: the file follows the folder.
//!
//! Modification times are polled. That sees every kind of folder alike, network file systems, bind
//! mounts and the symbolic links of a Kubernetes ConfigMap included, where notifications of the kernel
//! get lost.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime};

use super::{Arguments, Target, build};
use crate::failure::Failure;
use crate::{DONE, folder, output};

/// How often the folder is looked at. A change is read once it has not gone on for as long.
const INTERVAL: Duration = Duration::from_millis(100);
/// Looking at a large folder takes a while; so many times as long is rested, to leave the processor alone.
const REST: u32 = 20;
/// A folder that never comes to rest is read nevertheless, after so many looks.
const PATIENCE: u32 = 20;
/// Within so long a file may change twice without a change of its time stamp, on some file systems.
const RESOLUTION: Duration = Duration::from_secs(2);

/// Keeps the target current until Ctrl-C or SIGTERM.
pub(super) fn run(arguments: &Arguments, target: Target<'_>) -> Result<u8, Failure> {
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more: the program ends already.
        let _ = stop.send(());
    })
    .map_err(|error| Failure::new(format!("can't wait for Ctrl-C: {error}")))?;
    let mut watcher = Watcher::new(arguments, target);
    watcher.log(&format!("watching {}; Ctrl-C ends it", arguments.folder.display()));
    watcher.read(arguments.fingerprint());
    let mut interval = INTERVAL;
    loop {
        match stopped.recv_timeout(interval) {
            Err(RecvTimeoutError::Timeout) => interval = INTERVAL.max(watcher.look() * REST),
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(DONE),
        }
    }
}

struct Watcher<'a> {
    arguments: &'a Arguments,
    target: Target<'a>,
    /// What the folder looked like when it was last read.
    read: Fingerprint,
    /// What it looked like at the last look.
    seen: Fingerprint,
    /// How many looks in a row it was different.
    restless: u32,
    /// It was read so soon after a change that another one may have the same time stamp.
    read_again: bool,
    /// What was written last.
    written: String,
    /// What was complained about last, so that it is said once.
    said: String,
    /// The file was written, and the folder has not made a bundle since.
    is_stale: bool,
    /// A prompt in the file does not compile.
    is_broken: bool,
}

/// The files, with size and time stamp.
#[derive(Clone, Default, PartialEq, Eq)]
struct Fingerprint(Vec<(PathBuf, u64, Option<SystemTime>)>);

impl<'a> Watcher<'a> {
    fn new(arguments: &'a Arguments, target: Target<'a>) -> Watcher<'a> {
        Watcher {
            arguments,
            target,
            read: Fingerprint::default(),
            seen: Fingerprint::default(),
            restless: 0,
            read_again: false,
            written: String::new(),
            said: String::new(),
            is_stale: false,
            is_broken: false,
        }
    }

    /// Looks at the folder, and reads it if it changed; returns how long the look took.
    fn look(&mut self) -> Duration {
        let start = Instant::now();
        let now = self.arguments.fingerprint();
        let took = start.elapsed();
        let is_settled = now == self.seen;
        self.restless = if is_settled { 0 } else { self.restless + 1 };
        self.seen = now.clone();
        // An editor may be in the middle of it.
        if !is_settled && self.restless < PATIENCE {
            return took;
        }
        if now != self.read || (self.read_again && !now.is_recent()) {
            self.read(now);
        }
        took
    }

    fn read(&mut self, now: Fingerprint) {
        self.restless = 0;
        self.read_again = now.is_recent();
        self.seen = now.clone();
        self.read = now;
        match self.update() {
            Ok(()) => {
                if std::mem::take(&mut self.is_stale) {
                    self.log(&format!("{} is current again", self.target.name()));
                }
            }
            Err(failure) => {
                self.is_stale = !self.written.is_empty();
                let said = format!("{failure:?}");
                if self.said != said {
                    self.log("not written; the last file stays");
                    output::failure(&failure);
                    self.said = said;
                }
            }
        }
    }

    fn update(&mut self) -> Result<(), Failure> {
        let built = build::build(self.arguments)?;
        if self.arguments.strict && !built.broken.is_empty() {
            let failure = Failure::new("a prompt does not compile, and --strict is set");
            return Err(failure.details(built.broken));
        }
        if self.written != built.text {
            let said = self.target.write(&built)?;
            self.log(&said);
            self.written = built.text;
        }
        if std::mem::replace(&mut self.is_broken, !built.broken.is_empty()) && built.broken.is_empty() {
            self.log("every prompt compiles again");
        }
        let said = format!("{:?}{:?}", built.broken, built.warnings);
        if self.said != said {
            output::details(&built.broken);
            built.warnings.iter().for_each(|warning| output::warning(warning));
            self.said = said;
        }
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
    /// Whether a file changed within the resolution of time stamps. One that changes in the future, by a
    /// clock that is wrong, does not count.
    fn is_recent(&self) -> bool {
        let now = SystemTime::now();
        let ages = self.0.iter().filter_map(|(_, _, modified)| now.duration_since((*modified)?).ok());
        ages.min().is_some_and(|age| age < RESOLUTION)
    }
}
