//! `promptgate bundle --watch`: the file follows the folder.

#![cfg(unix)]
// What tests have in common says what it expects by panicking, as they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use support::{command, folder, write};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(10);

/// A running `bundle --watch` over `<folder>/p`, writing `<folder>/out/bundle.json`.
struct Watch {
    child: Child,
    folder: PathBuf,
}

impl Watch {
    fn start(folder: &Path, arguments: &[&str]) -> Watch {
        Watch::start_with(folder, &[&["-o", "out/bundle.json"], arguments].concat())
    }

    fn start_with(folder: &Path, arguments: &[&str]) -> Watch {
        fs::create_dir_all(folder.join("out")).unwrap();
        let log = fs::File::create(folder.join("log")).unwrap();
        let arguments = [&["bundle", "p", "--watch"], arguments].concat();
        let child = command(folder, &arguments).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        Watch { child, folder: folder.to_owned() }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }

    /// Waits until something holds.
    fn until(&mut self, what: &str, mut holds: impl FnMut(&Watch) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < PATIENCE, "{what}: {}", self.log());
            assert!(self.child.try_wait().unwrap().is_none(), "it ended: {}", self.log());
            std::thread::sleep(PAUSE);
        }
    }

    fn until_serves(&mut self, id: &str, text: &str) {
        self.until(&format!("{id}: {text}"), |watch| watch.prompt(id).as_deref() == Some(text));
    }

    fn until_says(&mut self, text: &str) {
        self.until(text, |watch| watch.log().contains(text));
    }

    /// The text of a prompt in the file; the file is whole whenever it is there.
    fn prompt(&self, id: &str) -> Option<String> {
        let text = fs::read_to_string(self.folder.join("out/bundle.json")).ok()?;
        let bundle: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("half a file: {error}: {text}"));
        bundle["prompts"][id].as_str().map(str::to_owned)
    }

    /// Sends a signal; the exit status.
    fn end(mut self, signal: &str) -> Option<i32> {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(start.elapsed() < PATIENCE, "it goes on after {signal}");
            std::thread::sleep(PAUSE);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Ended already, if the test got that far.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_file_follows_the_folder() {
    let folder = folder("watch-follows");
    write(&folder, &[("p/a.prompt", "User: 0")]);
    let mut watch = Watch::start(&folder, &[]);
    watch.until_serves("a", "User: 0");
    for edition in 1..=5 {
        write(&folder, &[("p/a.prompt", &format!("User: {edition}"))]);
        watch.until_serves("a", &format!("User: {edition}"));
    }
    write(&folder, &[("p/team/b.prompt", "User: b")]);
    watch.until_serves("team/b", "User: b");
    // As editors do it.
    write(&folder, &[("p/.swap", "User: renamed")]);
    fs::rename(folder.join("p/.swap"), folder.join("p/a.prompt")).unwrap();
    watch.until_serves("a", "User: renamed");
    fs::remove_dir_all(folder.join("p/team")).unwrap();
    watch.until("team/b goes", |watch| watch.prompt("team/b").is_none());
    // Said after the file is there, so that it may take another moment.
    let updates = |watch: &Watch| watch.log().matches("Z wrote out/bundle.json: ").count();
    watch.until("a line for each update", |watch| updates(watch) >= 9);
    assert_eq!(watch.end("-INT"), Some(0));
    let left: Vec<_> =
        fs::read_dir(folder.join("out")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["bundle.json"]);
}

#[test]
fn what_is_wrong_is_said_once_and_the_last_file_stays() {
    let folder = folder("watch-broken");
    write(&folder, &[("p/a.prompt", "User: a"), ("rest.yaml", "hold_headers: true")]);
    let mut watch = Watch::start(&folder, &["--config", "rest.yaml"]);
    let held = |text: &'static str| {
        move |watch: &Watch| {
            let file = fs::read_to_string(watch.folder.join("out/bundle.json")).unwrap_or_default();
            file.contains(text)
        }
    };
    watch.until("the first file", held("User: a"));
    // No bundle can hold two files that are one version.
    write(&folder, &[("p/a.v1.prompt", "User: b")]);
    watch.until_says("not written; the last file stays");
    watch.until_says("p/a.v1.prompt");
    assert!(held("User: a")(&watch));
    fs::remove_file(folder.join("p/a.v1.prompt")).unwrap();
    watch.until_says("out/bundle.json is current again");
    // A prompt that does not compile is written, and said.
    write(&folder, &[("p/b.prompt", "User: {{ b | uper }}")]);
    watch.until("the prompt that does not compile", held("uper"));
    watch.until_says("unknown filter `uper`");
    write(&folder, &[("p/a.prompt", "User: c")]);
    watch.until("another edition", held("User: c"));
    assert_eq!(watch.log().matches("unknown filter `uper`").count(), 1, "{}", watch.log());
    assert!(!watch.log().contains("every prompt compiles again"), "{}", watch.log());
    write(&folder, &[("p/b.prompt", "User: {{ b | upper }}")]);
    watch.until_says("every prompt compiles again");
    // The configuration is watched, too.
    write(&folder, &[("rest.yaml", "hold_headers: maybe")]);
    watch.until_says("hold_headers: expected true or false");
    write(&folder, &[("rest.yaml", "hold_headers: false")]);
    watch.until("the other configuration", held("\"hold_headers\": false"));
    // The folder may go and come back.
    fs::rename(folder.join("p"), folder.join("q")).unwrap();
    watch.until_says("p does not exist");
    fs::rename(folder.join("q"), folder.join("p")).unwrap();
    write(&folder, &[("p/a.prompt", "User: d")]);
    watch.until("the folder again", held("User: d"));
    // After each of the three.
    watch.until("three times", |watch| watch.log().matches("current again").count() >= 3);
    assert_eq!(watch.end("-TERM"), Some(0));
}

#[test]
fn a_strict_watch_waits_for_a_good_folder() {
    let folder = folder("watch-strict");
    write(&folder, &[("p/a.prompt", "User: {{ a | uper }}")]);
    let mut watch = Watch::start(&folder, &["--strict"]);
    watch.until_says("a prompt does not compile");
    assert_eq!(watch.prompt("a"), None);
    write(&folder, &[("p/a.prompt", "User: {{ a | upper }}")]);
    watch.until_serves("a", "User: {{ a | upper }}");
    // There was no file before.
    assert!(!watch.log().contains("current again"), "{}", watch.log());
    assert_eq!(watch.end("-INT"), Some(0));
}

#[test]
fn a_burst_of_changes_is_one_update() {
    let folder = folder("watch-burst");
    write(&folder, &[("p/a.prompt", "User: start")]);
    let mut watch = Watch::start(&folder, &[]);
    watch.until_serves("a", "User: start");
    for number in 0..200 {
        write(&folder, &[(&format!("p/n{number}.prompt"), "User: n")]);
    }
    watch.until_serves("n199", "User: n");
    watch.until("all of them", |watch| (0..200).all(|number| watch.prompt(&format!("n{number}")).is_some()));
    let updates = watch.log().matches("Z wrote ").count();
    assert!(updates <= 20, "{updates} updates");
    assert_eq!(watch.end("-INT"), Some(0));
}

#[test]
fn a_file_of_the_same_size_and_time_is_seen() {
    let folder = folder("watch-same-time");
    write(&folder, &[("p/a.prompt", "User: 1")]);
    let mut watch = Watch::start(&folder, &[]);
    watch.until_serves("a", "User: 1");
    let path = folder.join("p/a.prompt");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, "User: 2").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    watch.until_serves("a", "User: 2");
    let mut log = String::new();
    fs::File::open(folder.join("log")).unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(watch.end("-INT"), Some(0), "{log}");
}

#[test]
fn a_tree_is_kept_current() {
    let folder = folder("watch-tree");
    write(&folder, &[("p/a.prompt", "User: one"), ("p/team/b.prompt", "User: b")]);
    let mut watch = Watch::start_with(&folder, &["--tree", "out"]);
    watch.until_serves("team/b", "User: b");
    let file = |name: &str| fs::read_to_string(folder.join("out/prompts").join(name)).ok();
    // The bundle is the last file of the tree.
    assert_eq!(
        (file("a.json").unwrap(), file("team/b.json").unwrap()),
        ("\"User: one\"\n".into(), "\"User: b\"\n".into())
    );
    fs::remove_dir_all(folder.join("p/team")).unwrap();
    write(&folder, &[("p/a.prompt", "User: two")]);
    watch.until("team/b is gone", |watch| watch.prompt("team/b").is_none());
    watch.until_serves("a", "User: two");
    assert_eq!((file("a.json").unwrap(), file("team/b.json")), ("\"User: two\"\n".to_owned(), None));
    watch.until_says("wrote out: ");
    assert_eq!(watch.end("-INT"), Some(0));
}
