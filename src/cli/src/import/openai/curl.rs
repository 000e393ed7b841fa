//! The body of a request inside of a cURL command.

/// The options that are followed by a body; none is the beginning of a later one.
const DATA: [&str; 6] = ["--data-raw", "--data-binary", "--data-ascii", "--data", "--json", "-d"];

/// The body of a cURL command; none where the text is no such command.
pub(super) fn body(text: &str) -> Option<Result<String, &'static str>> {
    let text = text.trim_start();
    let command = text.strip_prefix("$ ").unwrap_or(text);
    command.strip_prefix("curl")?.chars().next().filter(|character| character.is_whitespace())?;
    Some(data(command))
}

fn data(command: &str) -> Result<String, &'static str> {
    let words = words(command).ok_or("the cURL command ends inside of quotes: copy all of it")?;
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let Some(option) = DATA.iter().find(|option| word.starts_with(**option)) else { continue };
        let value = match word.get(option.len()..).unwrap_or_default() {
            "" => words.next().unwrap_or_default(),
            // `-d{…}` and `--data={…}`; `--data-raw` is not `--data` with a value.
            value if *option == "-d" => value.to_owned(),
            value => match value.strip_prefix('=') {
                Some(value) => value.to_owned(),
                None => continue,
            },
        };
        if value.starts_with('@') {
            return Err("the cURL command reads its body from a file: import that file");
        }
        return Ok(value);
    }
    Err("the cURL command has no body (-d, --data)")
}

/// The words of a command, as a shell reads them; none where a quote stays open.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = command.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.next() {
                Some('\n') | None => {}
                Some('\r') if rest.as_str().starts_with('\n') => {
                    rest.next();
                }
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            '\'' => {
                let (quoted, after) = rest.as_str().split_once('\'')?;
                word.get_or_insert_default().push_str(quoted);
                rest = after.chars();
            }
            '"' => double_quoted(&mut rest, word.get_or_insert_default())?,
            '$' if rest.as_str().starts_with('\'') => {
                rest.next();
                ansi_quoted(&mut rest, word.get_or_insert_default())?;
            }
            character if character.is_whitespace() => words.extend(word.take()),
            character => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    Some(words)
}

fn double_quoted(rest: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        match rest.next()? {
            '"' => return Some(()),
            '\\' => match rest.next()? {
                '\n' => {}
                escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            character => word.push(character),
        }
    }
}

/// `$'…'`, as browsers copy what holds a quote.
fn ansi_quoted(rest: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        match rest.next()? {
            '\'' => return Some(()),
            '\\' => match rest.next()? {
                'n' => word.push('\n'),
                'r' => word.push('\r'),
                't' => word.push('\t'),
                'u' => {
                    let digits: String = rest.by_ref().take(4).collect();
                    word.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)?);
                }
                escaped @ ('\'' | '"' | '\\' | '!') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            character => word.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies() {
        for (command, expected) in [
            ("curl https://x -d '{\"a\": 1}'", r#"{"a": 1}"#),
            ("curl https://x \\\n  -H \"a: b\" \\\r\n  --data '{\"a\":\n1}'", "{\"a\":\n1}"),
            ("$ curl -X POST --data-raw='{}' https://x", "{}"),
            ("curl -d'{\"it'\\''s\": 1}' https://x", r#"{"it's": 1}"#),
            (r#"curl --json "{\"a\": \"\\n\"}" https://x"#, r#"{"a": "\n"}"#),
            (r#"curl --data-binary $'{"a": "it\'s\\n \u0021"}' https://x"#, r#"{"a": "it's\n !"}"#),
            ("curl -H 'x: -d' -d {}", "{}"),
        ] {
            assert_eq!(body(command), Some(Ok(expected.to_owned())), "{command}");
        }
        for command in [
            "curl https://x",
            "curl -d @body.json https://x",
            "curl -d '{",
            "curl -d \"{",
            "curl -d $'\\uzzzz'",
        ] {
            assert!(matches!(body(command), Some(Err(_))), "{command}");
        }
        for text in ["", "curly", "You are curl -d '{}'", "curl"] {
            assert_eq!(body(text), None, "{text}");
        }
    }
}
