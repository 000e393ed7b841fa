//! The plugin configuration and the bundle in it: a configuration, or one line that says where.

#![no_main]

use libfuzzer_sys::fuzz_target;
use promptgate_core::catalog::Selector;
use promptgate_core::config::Config;

fuzz_target!(|text: &[u8]| {
    match Config::parse(text) {
        Ok(config) => {
            assert!(config.warnings().iter().all(|warning| one_line(warning)));
            // Whatever was accepted can be asked for.
            let settings = config.settings(Some("route"), "host.example:443", "/v1/chat/completions");
            let default_label = settings.default_label.as_ref().map(|label| label.as_str());
            for id in config.catalog.ids() {
                for label in [None, default_label] {
                    assert!(config.catalog.resolve(id, &Selector::Default, label).is_ok());
                }
            }
        }
        Err(error) => assert!(one_line(&error.to_string()), "{error:?}"),
    }
});

fn one_line(text: &str) -> bool {
    !text.is_empty() && !text.contains(['\n', '\r'])
}
