//! The engine of Promptgate: bytes in, decisions out.
//!
//! Text becomes a [`prompt::Prompt`], prompts become a [`catalog::Catalog`], a request and a
//! catalog become messages, and messages become an edit of the request's body. The [`exchange`]
//! state machine drives those steps for one HTTP request; whoever hosts it (the Proxy-Wasm filter,
//! the command line, a test) only translates its own events and effects.
//!
//! Nothing here reads a clock, does I/O or knows about Envoy.

#![forbid(unsafe_code)]

pub mod cache;
pub mod catalog;
pub mod config;
pub mod exchange;
pub mod json;
pub mod prompt;
pub mod registry;
pub mod reply;
pub mod schema;
pub mod template;
pub mod value;
