//! Rules that a file turns off, by a comment in its front matter or in its template:
//! `# promptgate: allow(unused-variable)`, `{# promptgate: allow(a, b) #}`.

const SIGN: &str = "promptgate: allow(";

/// The names of the rules that a file turns off.
pub(super) fn read(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in text.split(SIGN).skip(1) {
        let Some((list, _)) = part.split_once(')') else { continue };
        names.extend(list.split(',').map(|name| name.trim().to_owned()));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let text = "# promptgate: allow(a)\n{# promptgate: allow(b-c, d) #}{# promptgate: allow(e";
        assert_eq!(read(text), ["a", "b-c", "d"]);
        assert!(read("promptgate allow(a)").is_empty());
    }
}
