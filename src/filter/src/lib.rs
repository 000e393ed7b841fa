//! The Proxy-Wasm filter: callbacks of Envoy become events of the engine, and its effects become host
//! calls. It decides nothing.
#![allow(missing_docs, reason = "the exports are the SDK's, and nothing else is public")]

#[cfg(feature = "inject-panic")]
mod fault;
mod headers;
mod host;
mod http;
mod hub;
mod machine;
mod metrics;
mod plugin;
mod root;
mod share;
mod version;
mod wake;

use proxy_wasm::traits::RootContext;
use proxy_wasm::types::LogLevel;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|id| -> Box<dyn RootContext> { Box::new(root::Root::new(id)) });
}}
