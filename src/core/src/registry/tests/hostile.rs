//! Answers that are meant to harm, or that broke on their way.

use proptest::prelude::*;

use super::*;

/// Part of every answer here. No error and no debug output may hold it.
const SECRET: &str = "sk-secret";

fn check(source: &Source, asked: &str, response: &Response<'_>) {
    let shown = match source.read(&reference(asked), response) {
        Ok(answer) => {
            if let Content::Version { text, .. } = &answer.content {
                assert!(text.len() <= crate::prompt::MAX_SOURCE);
            }
            format!("{answer:?}")
        }
        Err(error) => format!("{error} {error:?} {}", error.outcome()),
    };
    assert!(!shown.contains(SECRET), "{shown}");
    if source.provider().bundle
        && let Err(error) = source.read_bundle(response)
    {
        assert!(!error.to_string().contains(SECRET));
    }
}

#[test]
fn sizes_that_are_claimed() {
    for source in sources() {
        let limit = MAX_ANSWER;
        let too_large = FetchError::TooLarge { limit };
        for (claim, expected) in [
            ("41943040", Some(&too_large)),
            ("18446744073709551615", Some(&too_large)),
            ("9", Some(&FetchError::Malformed("as many bytes as its content-length says"))),
            ("7", Some(&FetchError::Malformed("as many bytes as its content-length says"))),
            ("8", None),
            ("eight", None),
            ("-8", None),
        ] {
            let headers: &[(&str, &[u8])] = &[("content-length", claim.as_bytes())];
            let found = source.read(&reference("hello"), &response(200, headers, "User: hi")).err();
            match expected {
                Some(expected) => assert_eq!(found.as_ref(), Some(expected), "{source:?} {claim}"),
                // JSON was expected, or all is well.
                None => assert!(found.is_none_or(|found| !matches!(found, FetchError::TooLarge { .. }))),
            }
        }
        let body = "x".repeat(MAX_ANSWER + 1);
        assert_eq!(source.read(&reference("hello"), &response(200, &[], &body)).unwrap_err(), too_large);
        // A file of a repository may be as large as a prompt.
        if !source.provider().labels {
            let body = "x".repeat(crate::prompt::MAX_SOURCE);
            assert!(source.read(&reference("hello"), &response(200, &[], &body)).is_ok());
            let body = body + "x";
            let found = source.read(&reference("hello"), &response(200, &[], &body)).unwrap_err();
            assert_eq!(found, FetchError::TooLarge { limit: crate::prompt::MAX_SOURCE });
        }
    }
    let [promptgate, ..] = sources();
    let headers: &[(&str, &[u8])] = &[("content-length", b"41943040")];
    let found = promptgate.read_bundle(&response(200, headers, "{}")).unwrap_err();
    assert_eq!(found, FetchError::TooLarge { limit: MAX_BUNDLE });
}

#[test]
fn compressed_answers() {
    for source in sources() {
        for (encoding, refused) in [("gzip", true), ("br", true), ("identity", false), ("", false)] {
            let headers: &[(&str, &[u8])] = &[("Content-Encoding", encoding.as_bytes())];
            let found = source.read(&reference("hello"), &response(200, headers, "User: hi")).err();
            let compressed = Some(FetchError::Malformed("an answer that is not compressed"));
            assert_eq!(found == compressed, refused, "{source:?} {encoding}");
        }
    }
}

#[test]
fn etags_that_must_not_be_sent_back() {
    let [_, _, bitbucket, ..] = sources();
    let long = "x".repeat(257);
    for (etag, kept) in [
        ("\"a\"", true),
        ("W/\"a\"", true),
        ("\"a\"\r\nx: y", false),
        ("\"a b\"", false),
        ("\"é\"", false),
        ("", false),
        (&long, false),
    ] {
        let headers: &[(&str, &[u8])] = &[("etag", etag.as_bytes())];
        let answer = bitbucket.read(&reference("hello"), &response(200, headers, "User: hi")).unwrap();
        assert_eq!(answer.etag.as_deref(), kept.then_some(etag));
    }
}

#[test]
fn deep_json() {
    let deep = format!("{}{SECRET}", "{\"prompt_spec\":".repeat(100_000));
    for source in sources() {
        check(&source, "hello", &response(200, &[], &deep));
        check(&source, "hello", &response(404, &[], &deep));
    }
}

/// Something like an answer, with anything in one place.
fn nearly() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(json!(null)),
        Just(json!(SECRET)),
        Just(json!(format!("User: {SECRET} {{{{ x }}}}"))),
        Just(json!("{{")),
        any::<i64>().prop_map(|number| json!(number)),
        any::<bool>().prop_map(|flag| json!(flag)),
    ];
    let keys = prop::sample::select(vec![
        "prompt_spec",
        "litellm_params",
        "prompt_data",
        "dotprompt_content",
        "raw_prompt_template",
        "content",
        "metadata",
        "version",
        "versions",
        "labels",
        "1",
        "hello",
        "prompts",
        "revision",
        "name",
        "prompt",
        "config",
        "model",
        "type",
        "role",
        "user",
        "prompt_template",
        "prompt_id",
        "message",
        "error",
        "detail",
        SECRET,
    ]);
    let tree = leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..6).prop_map(|members| members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    });
    tree.prop_map(|tree| tree.to_string())
}

fn asked() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["hello", "hello@1", "hello@latest", "hello:live"])
}

proptest! {
    #[test]
    fn any_bytes(
        status in 0u16..700,
        body in prop::collection::vec(any::<u8>(), 0..200),
        header in prop::collection::vec(any::<u8>(), 0..20),
        name in prop::sample::select(vec!["content-type", "etag", "location", "retry-after", "content-length"]),
        asked in asked(),
    ) {
        let headers: &[(&str, &[u8])] = &[(name, &header)];
        for source in sources() {
            check(&source, asked, &Response { status, headers, body: &body });
        }
    }

    #[test]
    fn any_tree(
        status in prop::sample::select(vec![200u16, 200, 200, 400, 404]),
        body in nearly(),
        asked in asked(),
    ) {
        for source in sources() {
            check(&source, asked, &response(status, &[], &body));
        }
    }

    /// What is asked for is a path, whatever a request names.
    #[test]
    fn any_id(id in "[A-Za-z0-9_.-]{1,12}(/[A-Za-z0-9_.-]{1,12}){0,3}", beside in 0u64..3) {
        let selector = if beside == 0 { Selector::Default } else { Selector::Version(beside) };
        let Ok(reference) = Reference::new(&id, selector) else { return Ok(()) };
        for source in sources() {
            for request in source.requests(&reference, None).unwrap_or_default() {
                prop_assert!(request.path.starts_with('/') && request.path.bytes().all(|b| b.is_ascii_graphic()));
                let path = request.path.split('?').next().unwrap_or_default();
                prop_assert!(path.split('/').skip(1).all(|part| !matches!(part, "" | "." | "..")), "{}", request.path);
            }
        }
    }
}
