//! The engine against the records of the real Jinja2, natively and inside WebAssembly.

use promptgate_conformance::templates::check;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DIFFERENCES: &str = include_str!("../../fixtures/jinja/differences.json");

/// A test for each recorded subject.
macro_rules! subjects {
    ($($subject:ident),* $(,)?) => {
        $(
            #[test]
            fn $subject() -> Result<(), String> {
                let cases = include_str!(concat!("../../fixtures/jinja/", stringify!($subject), ".json"));
                check(stringify!($subject), cases, DIFFERENCES)
            }
        )*

        #[cfg(not(target_family = "wasm"))]
        const SUBJECTS: &[&str] = &[$(stringify!($subject)),*];
    };
}

subjects! {
    blocks,
    filters_json,
    filters_lists,
    filters_numbers,
    filters_text,
    formatting,
    globals,
    literals,
    lookups,
    loops,
    macros,
    methods_other,
    methods_text,
    operators,
    printing,
    prompts,
    random,
    structures,
    tests,
    undefined,
    whitespace,
}

/// No recorded file is forgotten above.
#[cfg(not(target_family = "wasm"))]
#[test]
fn every_subject_is_run() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/jinja");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<_> =
        files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "differences");
    names.sort();
    assert_eq!(names, SUBJECTS);
}
