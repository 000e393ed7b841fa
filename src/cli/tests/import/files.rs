//! Which files are written, and under which names: all of them or none.

use std::fs;

use serde_json::json;

use super::support::{command, folder, run, run_with_input, write};
use super::{PHOTO, TRIAGE, files, import, read, saved};

/// The configuration would be refused with the alias that the report proposes.
#[test]
fn an_alias_that_is_taken_is_noted() {
    let folder = saved("alias");
    let arguments = ["saved/triage.v1.json", "saved/triage.v2.json", "--id"];
    assert_eq!(import(&folder, &[&arguments[..], &[TRIAGE]].concat()).status, 0);
    let answer = import(&folder, &[&arguments[..], &["acme/complaint"]].concat());
    assert_eq!(answer.status, 0, "{answer:?}");
    let note = format!("note: saved/triage.v1.json: the folder has a prompt {TRIAGE}, too: remove its files");
    assert_eq!((answer.stderr.matches(&note).count(), answer.stderr.matches("has a prompt").count()), (1, 1));
    write(&folder, &[("plugin.yaml", &format!("aliases: {{ {TRIAGE}: acme/complaint }}"))]);
    let bundle = ["bundle", "prompts", "--config", "plugin.yaml", "-o", "plugin.json"];
    assert_eq!(run(&folder, &bundle).status, 2);
    for version in [1, 2] {
        fs::remove_file(folder.join(format!("prompts/{TRIAGE}.v{version}.prompt"))).unwrap();
    }
    assert_eq!(run(&folder, &bundle).status, 0);
    let again = import(&folder, &[&arguments[..], &["acme/complaint"]].concat());
    assert!(again.stderr.contains(TRIAGE) && !again.stderr.contains("has a prompt"), "{again:?}");
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = saved("again");
    let arguments = ["saved/triage.v1.json", "saved/handbook.json", "saved/message.txt"];
    assert_eq!(import(&folder, &arguments).status, 0);
    let before = files(&folder.join("prompts"));
    let again = import(&folder, &arguments);
    assert_eq!(again.status, 0, "{again:?}");
    assert_eq!(again.stderr.matches("unchanged: prompts/").count(), 3, "{again:?}");
    assert_eq!(files(&folder.join("prompts")), before);
    // What has no version of its own becomes the next one when it says something else.
    write(&folder, &[("saved/message.txt", "Something else.")]);
    let next = import(&folder, &["saved/message.txt"]);
    assert!(next.stderr.contains("wrote prompts/message.v2.prompt"), "{next:?}");
}

#[test]
fn another_file_is_replaced_by_force_only() {
    let folder = saved("force");
    write(
        &folder,
        &[("prompts/triage.prompt", "User: mine"), ("prompts/triage.v2.prompt", "User: mine, too")],
    );
    let arguments = ["saved/triage.v1.json", "saved/triage.v2.json", "saved/message.txt"];
    let refused = import(&folder, &arguments);
    assert_eq!((refused.status, refused.stdout.as_str()), (1, ""), "{refused:?}");
    assert!(
        refused.stderr.starts_with(
            "error: not written: prompts/triage.prompt, prompts/triage.v2.prompt says something else"
        ),
        "{refused:?}"
    );
    assert_eq!(files(&folder.join("prompts")), ["triage.prompt", "triage.v2.prompt"]);
    assert_eq!(read(&folder, "triage.prompt"), "User: mine");
    let forced = import(&folder, &[&arguments[..], &["--force"]].concat());
    assert_eq!(forced.status, 0, "{forced:?}");
    // `triage.prompt` is version 1 already.
    assert_eq!(files(&folder.join("prompts")), ["message.v1.prompt", "triage.prompt", "triage.v2.prompt"]);
    assert!(forced.stderr.starts_with("replaced prompts/triage.prompt: "), "{forced:?}");
    assert!(read(&folder, "triage.prompt").contains("max_output_tokens: 800"));
}

#[test]
fn all_files_are_written_or_none() {
    let folder = saved("none");
    write(&folder, &[("saved/bad.txt", "Hello {{customer-name}}, SECRET-TEXT")]);
    let answer = import(&folder, &["saved/triage.v1.json", "saved/bad.txt"]);
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(answer.stderr.contains("saved/bad.txt: `customer-name` is no name"), "{answer:?}");
    assert!(!answer.stderr.contains("SECRET-TEXT"), "{answer:?}");
    assert!(!folder.join("prompts").exists());
    // A file where a folder is needed: what was prepared is taken back.
    write(&folder, &[("prompts/x.txt", ""), ("prompts/a", "a file")]);
    let input = format!(
        "{}\n{}\n",
        json!({"prompt": {"id": "pmpt_1"}, "input": "one", "object": "prompt"}),
        json!({"prompt": {"id": "pmpt_1"}, "input": "two", "object": "prompt"})
    );
    let answer = run_with_input(&folder, &["import", "openai", "-", "--id", "a/b"], input.as_bytes());
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(answer.stderr.contains("can't write prompts/a/b.v1.prompt"), "{answer:?}");
    assert_eq!(files(&folder.join("prompts")), ["a", "x.txt"]);
}

#[test]
fn ids_versions_and_labels() {
    let text = "Hello";
    for (file, arguments, expected) in [
        ("triage.v3.txt", &[][..], "triage.v3.prompt"),
        ("triage.v3", &[], "triage.v3.prompt"),
        ("triage", &[], "triage.v1.prompt"),
        ("a.b.txt", &[], "a.b.v1.prompt"),
        ("triage.v3.txt", &["--id", "support/triage"], "support/triage.v3.prompt"),
        ("triage.txt", &["--version", "7"], "triage.v7.prompt"),
        ("triage.v3.txt", &["--version", "v3"], "triage.v3.prompt"),
        ("triage.txt", &["--label", "production"], "triage.v1.prompt"),
    ] {
        let folder = folder("import-names");
        write(&folder, &[(file, text)]);
        let answer = import(&folder, &[&[file], arguments].concat());
        assert_eq!(answer.status, 0, "{file} {arguments:?}: {answer:?}");
        assert_eq!(files(&folder.join("prompts")), [expected], "{file} {arguments:?}");
        let labelled = read(&folder, expected).starts_with("---\nlabels: [production]\n---\n");
        assert_eq!(labelled, arguments.contains(&"--label"));
    }
    for (files_of, arguments, expected) in [
        (&["my prompt.txt"][..], &[][..], "`my prompt` is no id"),
        (&["a.txt"], &["--id", "a.v2"], "`a.v2` ends in a version"),
        (&["a.txt"], &["--id", "../a"], "`../a` is no id"),
        (&["a.v3.txt"], &["--version", "4"], "a.v3.txt is version 3, --version says 4"),
        (&["a.txt"], &["--version", "0"], "a version is a number from 1"),
        (&["a.txt"], &["--label", "a/b"], "a label consists of"),
        (&["a.txt"], &["--label", "production=2"], "there is no version 2"),
        (&["a.v1.txt", "a.v2.txt"], &["--label", "production"], "--label production=3"),
        (&["a.v1.txt", "b/a.v1.txt"], &[], "a.v1.txt and b/a.v1.txt are both version 1 of a, and differ"),
        (&["a.prompt"], &[], "a.prompt is a prompt file already"),
        (&["gone.txt"], &[], "can't read gone.txt"),
    ] {
        let folder = folder("import-names-refused");
        for file in files_of.iter().filter(|file| **file != "gone.txt") {
            write(&folder, &[(*file, &format!("Hello from {file}"))]);
        }
        let answer = import(&folder, &[files_of, arguments].concat());
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{arguments:?}: {answer:?}");
        assert!(answer.stderr.contains(expected), "{arguments:?}: {answer:?}");
        assert!(!folder.join("prompts").exists());
    }
}

#[test]
fn one_prompt_has_one_id() {
    let folder = saved("one-id");
    let answer = import(&folder, &["saved/triage.v1.json", "saved/past-call.json", "--id", "x"]);
    assert!(answer.stderr.contains(&format!("{TRIAGE} and {PHOTO} would both become x")), "{answer:?}");
    fs::rename(folder.join("saved/triage.v2.json"), folder.join("saved/triage-new.json")).unwrap();
    let answer = import(&folder, &["saved/triage.v1.json", "saved/triage-new.json"]);
    assert!(answer.stderr.contains(&format!("{TRIAGE} would become triage and triage-new")), "{answer:?}");
    // What the content says counts, and what the name says is noted.
    fs::rename(folder.join("saved/triage-new.json"), folder.join("saved/triage.v9.json")).unwrap();
    let answer = import(&folder, &["saved/triage.v9.json"]);
    assert!(answer.stderr.contains("the file's name says version 9, its content 2"), "{answer:?}");
    assert_eq!(files(&folder.join("prompts")), ["triage.v2.prompt"]);
}

#[test]
fn the_folder_still_makes_a_bundle() {
    let folder = saved("bundle");
    write(&folder, &[("prompts/triage.v7.prompt", "---\nlabels: [production]\n---\nUser: x")]);
    let answer = import(&folder, &["saved/triage.v1.json", "--label", "production"]);
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(answer.stderr.contains("the label `production` stands in `triage.v1` too"), "{answer:?}");
    assert_eq!(files(&folder.join("prompts")), ["triage.v7.prompt"]);
    // What is wrong with other files is theirs.
    write(&folder, &[("prompts/not an id.prompt", "User: x")]);
    assert_eq!(import(&folder, &["saved/triage.v1.json"]).status, 0);
}

#[test]
fn nothing_is_left_behind_where_nothing_can_be_written() {
    let folder = saved("readonly");
    write(&folder, &[("out", "a file")]);
    let answer =
        command(&folder, &["import", "openai", "saved/triage.v1.json", "-o", "out"]).output().unwrap();
    assert_eq!(answer.status.code(), Some(2));
    assert_eq!(fs::read_to_string(folder.join("out")).unwrap(), "a file");
}
