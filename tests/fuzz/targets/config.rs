//! The plugin configuration and the bundle in it: a configuration, or one line that says where.

#![no_main]

use libfuzzer_sys::fuzz_target;
use promptgate_core::catalog::Selector;
use promptgate_core::config::{Config, ConfigError, read_text};

fuzz_target!(|text: &[u8]| {
    let config = Config::parse(text);
    // Texts that stay where they are in the JSON are the ones that a tree holds.
    assert_eq!(prompts(&config), prompts(&read_text(text).and_then(Config::from_value)));
    match config {
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

fn prompts(config: &Result<Config, ConfigError>) -> String {
    let config = match config {
        Ok(config) => config,
        Err(error) => return error.to_string(),
    };
    let mut prompts = Vec::new();
    for id in config.catalog.ids() {
        let versions = config.catalog.entry(id).map(|entry| entry.versions()).unwrap_or_default();
        for version in versions {
            let text = version.compiled(id).as_ref().map(|prompt| prompt.template.source());
            prompts.push(format!("{id} {} {:?}", version.number(), text.map_err(ToString::to_string)));
        }
    }
    prompts.sort_unstable();
    prompts.join("\n")
}

fn one_line(text: &str) -> bool {
    !text.is_empty() && !text.contains(['\n', '\r'])
}
