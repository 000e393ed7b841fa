//! Cases with answers, and what the engine makes of them: natively, and inside WebAssembly.

pub mod golden;
pub mod requests;
pub mod templates;
