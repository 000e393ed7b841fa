//! What `--help` says: `tests/help/<command>.txt`. `SNAPSHOTS=overwrite cargo test` writes the files.

// What tests have in common says what it expects by panicking, as they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::path::Path;

use snapbox::{Data, assert_data_eq};

use support::{folder, run};

#[test]
fn help() {
    let texts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help");
    let folder = folder("help");
    for (name, arguments) in [
        ("promptgate", &["--help"][..]),
        ("promptgate", &["help"]),
        ("lint", &["lint", "--help"]),
        ("lint", &["help", "lint"]),
        ("render", &["render", "--help"]),
        ("bundle", &["bundle", "--help"]),
        ("import", &["import", "--help"]),
        ("import-openai", &["import", "openai", "--help"]),
        ("import-openai", &["help", "import", "openai"]),
        ("pull", &["pull", "--help"]),
        ("rules", &["lint", "--rules"]),
    ] {
        let answer = run(&folder, arguments);
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""), "{name}");
        assert_data_eq!(answer.stdout, Data::read_from(&texts.join(format!("{name}.txt")), None).raw());
    }
}

#[test]
fn version() {
    let answer = run(&folder("version"), &["--version"]);
    assert_eq!((answer.status, answer.stdout), (0, format!("promptgate {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn wrong_usage() {
    for arguments in [
        &[][..],
        &["nope"],
        &["lint", "--nope"],
        &["render", "--nope"],
        &["bundle"],
        &["import"],
        &["import", "openai"],
        &["pull", "--registry", "litellm"],
        &["pull", "hello"],
        &["pull", "--registry", "promptgate", "--all", "hello"],
    ] {
        let answer = run(&folder("usage"), arguments);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{arguments:?}: {answer:?}");
        assert!(!answer.stderr.is_empty());
    }
}

/// The first example of each command's help is one that runs, from the top of the repository.
#[test]
fn examples() {
    let folder = folder("examples");
    let [output, imported, site] = ["bundle.json", "prompts", "site"].map(|name| folder.join(name));
    let [output, imported, site] = [&output, &imported, &site].map(|path| path.to_str().unwrap());
    for (arguments, status) in [
        (&["lint"][..], 0),
        (&["lint", "prompts", "--litellm"], 0),
        (&["lint", "prompts/hello.prompt", "prompts/recipe.prompt"], 0),
        (&["lint", "--explain", "unused-variable"], 0),
        (&["render", "--prompts", "prompts", "hello", "-v", "user_message=Hi"], 0),
        (&["render", "--prompts", "prompts", "recipe", "-v", "dish=cookies", "-v", "servings:=4"], 0),
        (&["render", "--prompts", "prompts", "jack-sparrow", "--version", "2", "-m", "Who are u"], 0),
        (&["bundle", "prompts", "-o", output], 0),
        (
            &[
                "bundle",
                "prompts",
                "--format",
                "ecds",
                "--config",
                "envoy/hot-reload/promptgate.yaml",
                "-o",
                output,
            ],
            0,
        ),
        (&["bundle", "prompts", "--tree", site], 0),
        (&["import", "openai", "tests/fixtures/openai-prompts/responses.jsonl", "-o", imported], 0),
    ] {
        let answer = run(&support::repository(), arguments);
        assert_eq!(answer.status, status, "{arguments:?}: {answer:?}");
    }
}
