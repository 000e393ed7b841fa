//! Finding role markers in the template's own text, once, when it is compiled.

use std::rc::Rc;

use super::ir::{Marker, Text};
use super::messages::Role;

/// A piece of template text with its markers.
///
/// A marker is the first text of a line after spaces or tabs. Whether the piece's first line is the
/// beginning of an output line is only known while rendering; for all others it is known here.
pub(super) fn text(text: &str) -> Text {
    let mut markers = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t']);
        if let Some(role) = Role::ALL.into_iter().find(|role| content.starts_with(role.marker())) {
            let start = line_start + (line.len() - content.len());
            markers.push(Marker {
                start,
                end: start + role.marker().len(),
                role,
                first_line: line_start == 0,
            });
        }
        line_start += line.len();
    }
    let blank = |line: &str| line.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
    let leaves_blank = match text.rsplit_once('\n') {
        Some((_, last)) => Some(blank(last)),
        None if blank(text) => None,
        None => Some(false),
    };
    Text { text: Rc::from(text), markers, leaves_blank }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(usize, Role, bool)> {
        text(source).markers.iter().map(|marker| (marker.start, marker.role, marker.first_line)).collect()
    }

    #[test]
    fn markers_begin_lines() {
        assert_eq!(found("System: a\n \tUser: b"), [(0, Role::System, true), (12, Role::User, false)]);
        assert_eq!(found("say User: x\nuser: y\nUser : z\nUsers: w"), []);
    }

    #[test]
    fn what_the_text_leaves_behind() {
        for (source, expected) in
            [("", None), (" \t", None), ("a", Some(false)), ("a\n ", Some(true)), ("\nb", Some(false))]
        {
            assert_eq!(text(source).leaves_blank, expected, "{source:?}");
        }
    }
}
