//! Every recorded case: `cargo test` runs them natively, wasm-bindgen-test inside WebAssembly.

use promptgate_conformance::cases;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn run(json: &str) {
    let cases = cases(json).unwrap();
    assert!(!cases.is_empty());
    let failures: Vec<_> = cases.iter().filter_map(|case| case.run().err()).collect();
    assert!(failures.is_empty(), "{} of {} cases\n{}", failures.len(), cases.len(), failures.join("\n"));
}

#[test]
fn as_litellm_does() {
    run(include_str!("../../fixtures/conformance/litellm.json"));
}

#[test]
fn where_litellm_differs() {
    run(include_str!("../../fixtures/conformance/promptgate.json"));
}

#[test]
fn every_error_and_ruling() {
    run(include_str!("../../fixtures/conformance/more.json"));
}
