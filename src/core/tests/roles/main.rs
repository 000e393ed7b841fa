//! Only the author opens messages: whatever non-blank text the variables of a template hold, it
//! renders to the same sequence of roles.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by panicking")]

mod dialects;
mod templates;

use promptgate_core::template::{Options, Role, Template};
use promptgate_core::value::{Dict, Key, Value};
use proptest::prelude::*;
use templates::{VARIABLES, piece, value};

fn roles(template: &Template, values: &[String]) -> Vec<Role> {
    let mut variables = Dict::new();
    for (name, value) in VARIABLES.iter().zip(values) {
        variables.insert(Key::from(*name), Value::from(value.as_str())).unwrap();
    }
    let messages = template.render(&variables, &Options::default()).unwrap_or_default();
    messages.into_iter().map(|message| message.role).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn values_add_remove_and_change_no_role(
        pieces in prop::collection::vec(piece(), 1..8),
        values in prop::collection::vec(value(), 3),
    ) {
        let source = pieces.concat();
        let template = Template::compile(&source, 1).map_err(|error| TestCaseError::fail(format!("{error} in {source:?}")))?;
        let plain = vec!["x".to_owned(); 3];
        prop_assert_eq!(roles(&template, &plain), roles(&template, &values), "{:?} with {:?}", source, values);
    }
}
