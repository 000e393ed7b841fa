//! ## What it does
//! Notes prompts that ignore the client's messages.
//!
//! ## What differs
//! LiteLLM appends the client's messages in every case, also where its GitOps page says that they are ignored. Promptgate
//! does what `client_messages` says.
//!
//! ## Example
//! ```text
//! client_messages: ignore
//! ```

use promptgate_core::prompt::ClientMessages;

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Ok(prompt), Some(front)) = (&subject.prompt, &subject.front) else { return Vec::new() };
    if prompt.front_matter.client_messages != Some(ClientMessages::Ignore) {
        return Vec::new();
    }
    let message = "LiteLLM appends the client's messages all the same; here they are dropped";
    vec![Finding::new(front.key(&["client_messages"]), message)]
}
