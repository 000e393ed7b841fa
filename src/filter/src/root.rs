//! The root context: reads the plugin configuration.

use std::rc::Rc;

use promptgate_core::config::Config;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::ContextType;

use crate::host;
use crate::http::Http;
use crate::metrics::Metrics;
use crate::plugin::Plugin;

/// Holds the configuration that new requests get.
#[derive(Default)]
pub(crate) struct Root {
    plugin: Option<Rc<Plugin>>,
    metrics: Option<Rc<Metrics>>,
}

impl Context for Root {}

impl RootContext for Root {
    /// Refusing leaves Envoy with the configuration that it has; the first one has to be accepted.
    fn on_configure(&mut self, _: usize) -> bool {
        let metrics = self.metrics.get_or_insert_with(|| Rc::new(Metrics::new())).clone();
        let Ok(text) = host::plugin_configuration() else {
            log::error!("configuration refused: the host does not hand it over");
            return false;
        };
        match Config::parse(&text) {
            Ok(config) => {
                for warning in config.warnings() {
                    log::warn!("configuration: {warning}");
                }
                let (prompts, revision) = (config.catalog.len(), config.catalog.revision());
                log::info!(
                    "configuration accepted: {prompts} prompts, revision {}",
                    revision.unwrap_or("not given")
                );
                metrics.configured(prompts, revision);
                self.plugin = Some(Rc::new(Plugin::new(config, metrics)));
                true
            }
            Err(error) => {
                log::error!("configuration refused: {error}");
                metrics.refused();
                false
            }
        }
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Http::new(self.plugin.clone())))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}
