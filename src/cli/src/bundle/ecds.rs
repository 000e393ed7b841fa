//! The file that Envoy watches: extension configuration discovery (ECDS).

use std::path::Path;

use promptgate_core::catalog::digest;
use serde_json::{Value, json};

/// The filter that the file is for.
pub(super) struct Filter<'a> {
    /// The HTTP filter's name in Envoy's configuration.
    pub(super) name: &'a str,
    /// Which machine it runs in.
    pub(super) vm_id: &'a str,
    /// The filter's code, as Envoy finds it.
    pub(super) wasm: &'a Path,
}

/// A DiscoveryResponse with the filter and its plugin configuration.
pub(super) fn response(filter: &Filter<'_>, configuration: &Value) -> Value {
    json!({
        "version_info": digest(configuration),
        "resources": [{
            "@type": "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig",
            "name": filter.name,
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
                "config": plugin(filter, configuration),
            },
        }],
    })
}

fn plugin(filter: &Filter<'_>, configuration: &Value) -> Value {
    json!({
        "name": filter.name,
        "root_id": "promptgate",
        // A trap in the filter costs the requests of that worker at that moment; then it is reloaded.
        "failure_policy": "FAIL_RELOAD",
        "reload_config": {"backoff": {"base_interval": "0.1s"}},
        // Without it a filter that holds the headers would hang; without `hold_headers` it does nothing.
        "allow_on_headers_stop_iteration": true,
        "vm_config": {
            "vm_id": filter.vm_id,
            "runtime": "envoy.wasm.runtime.v8",
            "code": {"local": {"filename": filter.wasm.to_string_lossy()}},
        },
        "configuration": {
            "@type": "type.googleapis.com/google.protobuf.StringValue",
            "value": configuration.to_string(),
        },
    })
}
