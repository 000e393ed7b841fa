//! ## What it does
//! Finds schemas that do not compile, of the variables or of the output, and defaults that their schema refuses.
//!
//! ## Why is this bad?
//! Every request for the prompt is answered with 422. An assertion that is not supported is an error as well: a schema that
//! silently checks less than it says is worse than none.
//!
//! ## Example
//! ```text
//! ---
//! input:
//!   schema:
//!     count: integr
//! ---
//! User: {{ count }}
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! input:
//!   schema:
//!     count: integer
//! ---
//! User: {{ count }}
//! ```

use promptgate_core::prompt::ErrorKind;

use super::prompt_error;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    prompt_error(
        subject,
        |kind| matches!(kind, ErrorKind::InvalidSchema | ErrorKind::InvalidDefault),
        "types are string, integer, number, boolean, array, object, any and null",
    )
}
