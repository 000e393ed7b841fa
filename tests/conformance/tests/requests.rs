//! Every recorded case: `cargo test` runs them natively, wasm-bindgen-test inside WebAssembly.

use promptgate_conformance::requests::cases;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn run(json: &str) -> Result<(), String> {
    let cases = cases(json).map_err(|error| error.to_string())?;
    let failures: Vec<_> = cases.iter().filter_map(|case| case.run().err()).collect();
    if cases.is_empty() || !failures.is_empty() {
        return Err(format!("{} of {} cases\n{}", failures.len(), cases.len(), failures.join("\n")));
    }
    Ok(())
}

#[test]
fn as_litellm_does() -> Result<(), String> {
    run(include_str!("../../fixtures/conformance/litellm.json"))
}

#[test]
fn as_litellm_does_in_detail() -> Result<(), String> {
    run(include_str!("../../fixtures/conformance/litellm-more.json"))
}

#[test]
fn where_litellm_differs() -> Result<(), String> {
    run(include_str!("../../fixtures/conformance/promptgate.json"))
}

#[test]
fn every_error_and_ruling() -> Result<(), String> {
    run(include_str!("../../fixtures/conformance/more.json"))
}

#[test]
fn on_the_responses_api() -> Result<(), String> {
    run(include_str!("../../fixtures/conformance/responses.json"))
}

#[test]
fn on_the_messages_api() -> Result<(), String> {
    run(include_str!("../../fixtures/conformance/messages.json"))
}
