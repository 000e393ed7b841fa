//! Golden requests of each dialect: `cargo test` runs them natively, wasm-bindgen-test inside WebAssembly.

use promptgate_conformance::golden::run;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

macro_rules! case {
    ($file:literal) => {
        ($file, include_str!(concat!("../../fixtures/requests/", $file)))
    };
}

const CASES: &[(&str, &str)] = &[
    case!("chat/full.json"),
    case!("chat/ignored-messages.json"),
    case!("chat/nothing-but-a-prompt.json"),
    case!("messages/full.json"),
    case!("messages/ignored-messages.json"),
    case!("messages/no-system-text.json"),
    case!("messages/nothing-but-a-prompt.json"),
    case!("messages/system-text.json"),
    case!("responses/chained-turn.json"),
    case!("responses/full.json"),
    case!("responses/ignored-input.json"),
    case!("responses/no-prompt.json"),
    case!("responses/nothing-but-a-prompt.json"),
    case!("responses/parts.json"),
    case!("responses/text-input-alone.json"),
    case!("responses/text-input.json"),
];

#[test]
fn upstream_receives_these_bytes() {
    let failures: Vec<String> = CASES
        .iter()
        .filter_map(|(file, json)| run(json).err().map(|error| format!("{file}: {error}")))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[cfg(not(target_family = "wasm"))]
#[test]
fn every_file_is_a_case() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/requests");
    let mut found = 0;
    for dialect in
        std::fs::read_dir(folder).unwrap().filter_map(Result::ok).filter(|entry| entry.path().is_dir())
    {
        for file in std::fs::read_dir(dialect.path()).unwrap() {
            let file = file.unwrap().path();
            let name = file.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            assert!(CASES.iter().any(|(listed, _)| *listed == name), "{name} is not listed");
            found += 1;
        }
    }
    assert_eq!(found, CASES.len());
}
