use proptest::prelude::*;

use super::*;

#[test]
fn the_body_knows_its_line() {
    for (text, source) in [
        ("User: {{ a }}", "User: {{ a }}"),
        ("---\nmodel: m\n---\nUser: hi", "User: hi"),
        ("\u{feff}---\r\nmodel: m\r\n---\r\nUser: hi\r\nthere", "User: hi\nthere"),
        ("---\n---\n\nabove\n---\nbelow", "\nabove\n---\nbelow"),
    ] {
        assert_eq!(Prompt::parse("p", text).unwrap().template.source(), source, "{text:?}");
    }
    for (text, line) in [("{{ a", 1), ("---\nmodel: m\n---\n{{ a", 4), ("\r\n---\r\n---\r\nx\r\n{{ a", 5)] {
        let error = Prompt::parse("p", text).unwrap_err();
        assert_eq!((error.kind(), error.line()), (ErrorKind::Template, line), "{text:?}: {error}");
    }
}

#[test]
fn the_source_is_bounded() {
    let text = |length: usize| "x\n".repeat(length / 2);
    assert!(Prompt::parse("p", &text(1_000)).is_ok());
    let error = Prompt::parse("p", &text(MAX_SOURCE + 2)).unwrap_err();
    assert_eq!((error.kind(), error.line(), error.column()), (ErrorKind::TooLarge, 1, 1));
}

#[test]
fn hostile_front_matters_are_refused_in_time() {
    let room = MAX_SOURCE - 16;
    for yaml in [
        "[".repeat(room),
        "{a: ".repeat(room / 4),
        "- ".repeat(room / 2),
        (0..room / 20).map(|number| format!("%TAG !{number:07}! x\n")).collect(),
        format!("a: &a \"{}\"\nb: [{}]", "x".repeat(room / 2), "*a,".repeat(room / 8)),
    ] {
        let error = Prompt::parse("p", &format!("---\n{yaml}\n---\n")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Yaml(yaml::ErrorKind::TooComplex));
    }
}

proptest! {
    #[test]
    fn any_text_parses_or_is_an_error_inside_the_file(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "---\n", "\n", "\r\n", "model: ", "input:", "  schema:", "    a: string", "config:", "  a: 1", "x",
                "{{", "}}", "é", ": ", "- ", "[", "]", "&a ", "*a", "!t ", "\"", "'", "|\n", "\u{2028}", "\0", "<<: ",
                "#", "%", "? ", "User: ", "output: {format: json}", "\t",
            ]),
            0..32,
        ),
    ) {
        let text = pieces.concat();
        if let Err(error) = Prompt::parse("p", &text) {
            let lines = text.replace("\r\n", "\n").replace('\r', "\n").split('\n').count();
            prop_assert!(error.line() >= 1 && error.line() as usize <= lines, "{text:?}: {error:?}");
            prop_assert!(error.column() >= 1);
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
