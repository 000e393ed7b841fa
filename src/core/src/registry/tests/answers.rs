//! Answers with a prompt.

use super::*;
use crate::catalog::{NotFound, Selector, digest};
use crate::reply::Code;

const FILE: &str = "---\nmodel: gpt-4\ntemperature: 0.7\n---\nSystem: Be {{ tone }}.\n\nUser: {{ q }}\n";

#[test]
fn files_of_a_repository_are_taken_as_they_are() {
    let bom = format!("\u{feff}{}", FILE.replace('\n', "\r\n"));
    for source in sources().into_iter().filter(|source| !source.provider().labels) {
        for text in [FILE, &bom, "SGVsbG8gd29ybGQ=", "{\"a\": 1}", "version https", "< html"] {
            for media_type in [
                "text/plain; charset=utf-8",
                "application/octet-stream",
                "application/vnd.github.raw+json",
                "",
            ] {
                let length = text.len().to_string();
                let headers: &[(&str, &[u8])] = &[
                    ("Content-Type", media_type.as_bytes()),
                    ("Content-Length", length.as_bytes()),
                    ("ETag", b"W/\"d5a3ff\""),
                ];
                for (asked, expected) in [("hello", 1), ("hello@latest", 1), ("hello@1", 1), ("hello@12", 12)]
                {
                    let answer = source.read(&reference(asked), &response(200, headers, text)).unwrap();
                    assert_eq!(answer.etag.as_deref(), Some("W/\"d5a3ff\""));
                    let Content::Version { text: found, number, label: None } = answer.content else {
                        panic!("{source:?}");
                    };
                    assert_eq!((found.as_str(), number), (text, Some(expected)));
                }
            }
        }
    }
}

#[test]
fn files_that_are_none() {
    let json: &[(&str, &[u8])] = &[("content-type", b"application/json; charset=utf-8")];
    let html: &[(&str, &[u8])] = &[("content-type", b"Text/HTML")];
    let none: &[(&str, &[u8])] = &[];
    for source in sources().into_iter().filter(|source| !source.provider().labels) {
        for (headers, body) in [
            (html, "User: hi"),
            (none, "\u{feff}\n <!doctype HTML><title>Sign in</title>"),
            (none, "<HTML lang=en>"),
            (json, r#"{"type":"file","encoding":"base64","content":"VXNlcjogaGk="}"#),
            (json, r#"[{"name":"hello.prompt","type":"dir"}]"#),
            (none, ""),
            (none, " \n"),
            (none, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n"),
        ] {
            let found = source.read(&reference("hello"), &response(200, headers, body)).unwrap_err();
            assert!(matches!(found, FetchError::Malformed(_)), "{source:?} {body}: {found:?}");
            assert_eq!(found.code(), Code::PromptUnavailable);
        }
        let latin1 = Response { status: 200, headers: &[], body: b"User: caf\xe9" };
        let found = source.read(&reference("hello"), &latin1).unwrap_err();
        assert_eq!(found, FetchError::Malformed("a .prompt file in UTF-8"));
    }
}

#[test]
fn promptgate_entries() {
    let [source, ..] = sources();
    let read = |body: &str| source.read(&reference("jack:production"), &response(200, &[], body));
    for (body, versions, labels) in [
        (r#""User: hi""#, &[1][..], &[][..]),
        (
            r#"{"labels": {"production": 1, "canary": 2}, "versions": {"1": "User: a", "2": "User: b"}}"#,
            &[1, 2],
            &[("canary", 2), ("production", 1)],
        ),
    ] {
        let Content::Entry(entry) = read(body).unwrap().content else { panic!("{body}") };
        let found: Vec<u32> = entry.versions().iter().map(crate::catalog::Version::number).collect();
        assert_eq!(found, versions);
        assert_eq!(entry.labels().collect::<Vec<_>>(), labels);
    }
    for body in [
        "",
        "\"User: hi",
        "User: hi",
        "<html>",
        "5",
        "null",
        "[]",
        "{}",
        r#"{"versions": {}}"#,
        r#"{"versions": {"1": "a", "1": "b"}}"#,
        r#"{"versions": {"v1": "a"}}"#,
        r#"{"versions": {"1": "a"}, "labels": {"production": 2}}"#,
        r#"{"versions": {"1": "a"}, "secret": 2}"#,
        r#"{"versions": {"1": "#,
        "\"a\" \"b\"",
    ] {
        let found = read(body).unwrap_err();
        assert_eq!(
            found,
            FetchError::Malformed("one prompt of a bundle: its text, or an object with `versions`"),
            "{body}"
        );
    }
}

#[test]
fn promptgate_bundles() {
    let [source, ..] = sources();
    let prompts = json!({"hello": "User: hi", "team/jack": {"versions": {"3": "User: c"}}});
    let body = json!({"revision": digest(&prompts), "prompts": prompts}).to_string();
    let headers: &[(&str, &[u8])] = &[("etag", b"\"5\""), ("preference-applied", b"wait=30")];
    let bundle = source.read_bundle(&response(200, headers, &body)).unwrap();
    let catalog = bundle.catalog.unwrap();
    assert_eq!((bundle.etag.as_deref(), bundle.waits, catalog.len()), (Some("\"5\""), true, 2));
    assert_eq!(catalog.find("team/jack", &Selector::Version(3)), Ok(()));
    assert_eq!(catalog.revision(), Some(digest(&prompts).as_str()));

    let unverified = json!({"prompts": {}}).to_string();
    let bundle = source.read_bundle(&response(200, &[], &unverified)).unwrap();
    assert!(bundle.catalog.unwrap().is_empty() && !bundle.waits);

    let revision = FetchError::Malformed("a bundle whose `revision` is the digest of its prompts");
    let other = FetchError::Malformed("a bundle, as `promptgate bundle` writes it");
    for (body, expected) in [
        (body.replace("User: hi", "User: ho"), &revision),
        (body.replace("sha256:", "sha1:"), &revision),
        (r#"{"prompts": {"a": {"versions": {"3x": "secret"}}}}"#.to_owned(), &other),
        (r#"{"prompts": {"../a": "secret"}}"#.to_owned(), &other),
        (body.get(..body.len() - 1).unwrap().to_owned(), &other),
        (body.clone() + "x", &other),
        ("{}".to_owned(), &other),
        ("[]".to_owned(), &other),
        ("<html>".to_owned(), &other),
        (String::new(), &other),
        // YAML is for people.
        ("prompts: {}".to_owned(), &other),
        (r#"{"prompts": {"a": "x", "a": "y"}}"#.to_owned(), &other),
        (r#"{"prompts": {}, "secret": 1}"#.to_owned(), &other),
    ] {
        assert_eq!(&source.read_bundle(&response(200, &[], &body)).unwrap_err(), expected, "{body}");
    }
}

/// As LiteLLM 1.106 sends it.
fn info(params: Value, template: Value) -> Value {
    let mut litellm_params = json!({
        "prompt_id": "jack", "prompt_integration": "dotprompt", "api_base": null, "api_key": null,
        "provider_specific_query_params": null, "ignore_prompt_manager_model": false,
        "ignore_prompt_manager_optional_params": false, "dotprompt_content": null,
    });
    litellm_params.as_object_mut().unwrap().extend(params.as_object().unwrap().clone());
    json!({
        "prompt_spec": {
            "prompt_id": "jack",
            "litellm_params": litellm_params,
            "prompt_info": {"prompt_type": "db", "environment": "production"},
            "created_at": "2026-11-09T12:34:56.789000Z", "updated_at": "2026-11-09T12:34:56.789000Z",
            "version": 3, "environment": "production", "created_by": "default_user_id",
        },
        "raw_prompt_template": template,
        "environments": ["development", "production"],
    })
}

fn raw() -> Value {
    json!({"litellm_prompt_id": "jack", "content": "User: raw", "metadata": {"model": "gpt-4"}})
}

#[test]
fn litellm_dotprompt_content() {
    let [_, source, ..] = sources();
    let body = info(json!({"dotprompt_content": FILE, "prompt_data": null}), raw()).to_string();
    let label = |label: &str| Some(label.to_owned());
    assert_eq!(version(&source, "jack", &body), Ok((FILE.to_owned(), Some(3), None)));
    assert_eq!(version(&source, "jack@latest", &body), Ok((FILE.to_owned(), Some(3), None)));
    assert_eq!(version(&source, "jack@3", &body), Ok((FILE.to_owned(), Some(3), None)));
    assert_eq!(
        version(&source, "jack:production", &body),
        Ok((FILE.to_owned(), Some(3), label("production")))
    );
    let with_bom = format!("\u{feff}{body}");
    assert!(version(&source, "jack", &with_bom).is_ok());
}

/// What LiteLLM sends in place of what it was asked for is refused.
#[test]
fn litellm_other_versions() {
    let [_, source, ..] = sources();
    let answer = info(json!({"dotprompt_content": FILE}), raw());
    let body = answer.to_string();
    assert_eq!(failure(&source, "jack@1", &body), FetchError::NotFound(NotFound::Version));
    assert_eq!(failure(&source, "jack:staging", &body), FetchError::NotFound(NotFound::Label));
    assert_eq!(failure(&source, "jill", &body), FetchError::NotFound(NotFound::Prompt));
    for version in
        [json!(null), json!("three"), json!(0), json!(-1), json!(3.5), json!(1_000_000_000), json!([3])]
    {
        let mut answer = answer.clone();
        answer["prompt_spec"]["version"] = version.clone();
        assert!(
            matches!(failure(&source, "jack@3", &answer.to_string()), FetchError::Malformed(_)),
            "{version}"
        );
    }
    let mut answer = answer;
    answer["prompt_spec"]["version"] = json!(null);
    assert_eq!(version(&source, "jack", &answer.to_string()), Ok((FILE.to_owned(), None, None)));
    answer["prompt_spec"]["environment"] = json!(null);
    assert_eq!(
        failure(&source, "jack:production", &answer.to_string()),
        FetchError::NotFound(NotFound::Label)
    );
}

/// LiteLLM calls `my_variable` `my`, and may send either for the other.
#[test]
fn litellm_ids_with_versions_in_them() {
    let [_, source, ..] = sources();
    let answer = |saved: Value, integration: &str| {
        let params =
            json!({"prompt_id": saved, "prompt_integration": integration, "dotprompt_content": FILE});
        let mut answer = info(params, raw());
        answer["prompt_spec"]["prompt_id"] = json!("my");
        answer.to_string()
    };
    for (asked, saved, integration) in [
        ("my_variable", json!("my_variable"), "dotprompt"),
        ("my", json!("my"), "dotprompt"),
        ("my", json!("my.v2"), "dotprompt"),
        ("my", json!(null), "dotprompt"),
        // What another registry calls it.
        ("my", json!("other"), "langfuse"),
    ] {
        assert!(version(&source, asked, &answer(saved, integration)).is_ok(), "{asked}");
    }
    for (asked, saved, integration) in [
        ("my_variable", json!("my"), "dotprompt"),
        ("my_variable", json!(null), "dotprompt"),
        ("my_vehicle", json!("my_variable"), "dotprompt"),
        ("my", json!("my_variable"), "dotprompt"),
        ("my", json!("../my"), "dotprompt"),
        ("other", json!("other"), "langfuse"),
    ] {
        let found = failure(&source, asked, &answer(saved, integration));
        assert_eq!(found, FetchError::NotFound(NotFound::Prompt), "{asked}");
    }
}

#[test]
fn litellm_prompt_data() {
    let [_, source, ..] = sources();
    let template = json!({"content": "System: Be {{ tone }}.\nUser: {{ q }}", "metadata": {
        "model": "gpt-4", "temperature": 0.7, "yes": "no", "input": {"schema": {"tone": "string"}},
        "stop": ["---", "a: b\u{2028}\u{85}\u{7f}", "\n\t\u{1f600}", {"deep": [{"x": []}, {}]}],
    }});
    let flat = template.clone();
    for data in [
        json!({"prompt_data": flat, "dotprompt_content": "User: not this"}),
        json!({"prompt_data": {"jack": template}}),
        json!({"prompt_data": {"other": template}}),
        json!({"prompt_data": template.to_string()}),
    ] {
        let (text, ..) = version(&source, "jack", &info(data, json!(null)).to_string()).unwrap();
        let expected = [("system", "Be dry.".to_owned()), ("user", "why?".to_owned())];
        assert_eq!(rendered(&text, &[("tone", "dry"), ("q", "why?")]), expected);
        let metadata = &template["metadata"];
        let expected = json!({"temperature": 0.7, "yes": "no", "stop": metadata["stop"]});
        assert_eq!(parameters(&text), expected);
        assert!(Prompt::parse("p", &text).unwrap().front_matter.model.is_some());
    }
    // A template that begins with a fence is a template.
    let data = json!({"prompt_data": {"content": "---\na: 1\n---\nUser: x"}});
    let (text, ..) = version(&source, "jack", &info(data, json!(null)).to_string()).unwrap();
    assert_eq!(parameters(&text), json!({}));
    assert_eq!(rendered(&text, &[]).len(), 2);
}

#[test]
fn litellm_other_places() {
    let [_, source, ..] = sources();
    for empty in [json!({}), json!({"prompt_data": {}}), json!({"prompt_data": " ", "dotprompt_content": ""})]
    {
        let (text, ..) = version(&source, "jack", &info(empty.clone(), raw()).to_string()).unwrap();
        assert_eq!(rendered(&text, &[]), [("user", "raw".to_owned())], "{empty}");
        // Prompts of Langfuse, GitLab and the like have no text in LiteLLM.
        let found = failure(&source, "jack", &info(empty, json!(null)).to_string());
        assert!(matches!(found, FetchError::Unusable(_)), "{found:?}");
        assert_eq!(found.code(), Code::PromptRenderFailed);
    }
    for data in [
        json!({"prompt_data": 5}),
        json!({"prompt_data": "not JSON"}),
        json!({"prompt_data": "[]"}),
        json!({"prompt_data": {"a": {"content": "x"}, "b": {"content": "y"}}}),
        json!({"prompt_data": {"content": 5}}),
        json!({"prompt_data": {"jack": {"metadata": {}}}}),
        json!({"prompt_data": {"content": "x", "metadata": []}}),
        json!({"dotprompt_content": ["x"]}),
    ] {
        let found = failure(&source, "jack", &info(data.clone(), raw()).to_string());
        assert!(matches!(found, FetchError::Malformed(_)), "{data}");
    }
}

fn langfuse_prompt(prompt: Value, config: Value) -> String {
    json!({
        "id": "cm1", "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z",
        "projectId": "p", "createdBy": "u", "name": "movie-critic", "version": 4, "isActive": null,
        "type": if prompt.is_string() { "text" } else { "chat" },
        "prompt": prompt, "config": config, "tags": ["movies"], "labels": ["production", "latest"],
        "commitMessage": null, "resolutionGraph": null,
    })
    .to_string()
}

#[test]
fn langfuse_text_prompts() {
    let [.., source] = sources();
    let body = langfuse_prompt(
        json!("As a {{criticLevel}} critic: {{ movie }}?\nUser: {% x %} {{not one}} {#"),
        json!({"model": "gpt-4o", "temperature": 0.5, "supported_languages": ["en"], "name": "n"}),
    );
    let (text, number, label) = version(&source, "movie-critic", &body).unwrap();
    assert_eq!((number, label), (Some(4), None));
    let expected = "As a harsh critic: {{ x }}?\nUser: {% x %} {{not one}} {#";
    let variables = [("criticLevel", "harsh"), ("movie", "{{ x }}")];
    assert_eq!(rendered(&text, &variables), [("system", expected.to_owned())]);
    assert_eq!(parameters(&text), json!({"temperature": 0.5, "supported_languages": ["en"], "name": "n"}));
    assert!(Prompt::parse("p", &text).unwrap().front_matter.model.is_some());

    assert_eq!(version(&source, "movie-critic@4", &body).unwrap().1, Some(4));
    assert_eq!(version(&source, "movie-critic@latest", &body).unwrap().2, None);
    assert_eq!(version(&source, "movie-critic:production", &body).unwrap().2.as_deref(), Some("production"));
    assert_eq!(failure(&source, "movie-critic@3", &body), FetchError::NotFound(NotFound::Version));
    assert!(matches!(failure(&source, "other", &body), FetchError::Malformed(_)));
}

#[test]
fn langfuse_chat_prompts() {
    let [.., source] = sources();
    let messages = json!([
        {"type": "chatmessage", "role": "system", "content": "You are {{who}}."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Yes?"},
        {"role": "developer", "content": "{{rule}}"},
    ]);
    let (text, ..) = version(&source, "movie-critic", &langfuse_prompt(messages, json!(null))).unwrap();
    let expected =
        [("system", "You are Jack."), ("user", "Hi"), ("assistant", "Yes?"), ("developer", "Be brief")];
    let found = rendered(&text, &[("who", "Jack"), ("rule", "Be brief")]);
    assert_eq!(found, expected.map(|(role, content)| (role, content.to_owned())));
    assert_eq!(parameters(&text), json!({}));
}

#[test]
fn prompts_that_no_file_can_say() {
    let [.., generic, langfuse] = sources();
    let user = json!({"role": "user", "content": "x"});
    for messages in [
        json!([]),
        json!([{"role": "user", "content": " "}]),
        json!([user, {"role": "tool", "content": "x"}]),
        json!([{"role": "user", "content": [{"type": "text", "text": "x"}]}]),
        json!([{"role": "user"}]),
        json!([{"role": "user", "content": "{{not-a-name}}"}]),
        json!([{"role": "user", "content": "{{loop.index}}"}]),
        json!([{"role": "user", "content": "{{a}}".repeat(1_001)}]),
    ] {
        let body = json!({"prompt_id": "movie-critic", "prompt_template": messages}).to_string();
        for (source, body) in [(&langfuse, langfuse_prompt(messages, json!({}))), (&generic, body)] {
            let found = failure(source, "movie-critic", &body);
            assert!(matches!(found, FetchError::Unusable(_)), "{body}: {found:?}");
        }
    }
    for (prompt, config) in [
        (json!([{"type": "placeholder", "name": "history"}, user]), json!({})),
        (json!("x"), json!([])),
        (json!("x"), json!("gpt-4")),
        (json!("x"), json!({"model": 5})),
        (json!("x"), json!({"stream": true})),
        (json!("x"), json!({"prompt_id": "y"})),
    ] {
        let body = langfuse_prompt(prompt, config);
        let found = failure(&langfuse, "movie-critic", &body);
        assert!(matches!(found, FetchError::Unusable(_)), "{body}: {found:?}");
    }
    let long = "x".repeat(256 * 1024 + 1);
    let found = failure(&langfuse, "movie-critic", &langfuse_prompt(json!(long), json!({})));
    assert_eq!(found, FetchError::TooLarge { limit: 262_144 });
}

#[test]
fn json_that_is_something_else() {
    let [_, litellm, .., generic, langfuse] = sources();
    let prompt = langfuse_prompt(json!("x"), json!({}));
    let cut = prompt.get(..prompt.len() / 2).unwrap().to_owned();
    for body in
        ["", "null", "[]", "\"x\"", "5", "{", "{}", "<html>", "User: hi", "{\"prompt_spec\": []}", &cut]
    {
        for source in [&litellm, &generic, &langfuse] {
            let found = failure(source, "movie-critic", body);
            assert!(matches!(found, FetchError::Malformed(_)), "{source:?} {body}: {found:?}");
        }
    }
    for (key, value) in [
        ("version", json!("four")),
        ("version", json!(null)),
        ("name", json!(5)),
        ("prompt", json!(5)),
        ("prompt", json!(["x"])),
        ("prompt", json!([{"role": 5, "content": "x"}])),
        ("prompt", json!([{"content": "x"}])),
    ] {
        let mut body: Value = serde_json::from_str(&prompt).unwrap();
        body[key] = value;
        let found = failure(&langfuse, "movie-critic", &body.to_string());
        assert!(matches!(found, FetchError::Malformed(_)), "{body}: {found:?}");
    }
}

#[test]
fn generic_prompts() {
    let [.., source, _] = sources();
    let answer = json!({
        "prompt_id": "hello",
        "prompt_template": [
            {"role": "system", "content": "You know {domain}. Answer {\"a\": 1}."},
            {"role": "user", "content": "Help with {{task}}"},
        ],
        "prompt_template_model": "gpt-4",
        "prompt_template_optional_params": {"temperature": 0.7, "max_tokens": 500},
    });
    let (text, number, label) = version(&source, "hello", &answer.to_string()).unwrap();
    assert_eq!((number, label), (None, None));
    let expected = [("system", "You know law. Answer {\"a\": 1}."), ("user", "Help with it")];
    let found = rendered(&text, &[("domain", "law"), ("task", "it")]);
    assert_eq!(found, expected.map(|(role, content)| (role, content.to_owned())));
    assert_eq!(parameters(&text), json!({"temperature": 0.7, "max_tokens": 500}));

    let mut bare = answer.clone();
    for key in ["prompt_id", "prompt_template_model", "prompt_template_optional_params"] {
        bare[key] = json!(null);
    }
    assert!(version(&source, "hello", &bare.to_string()).is_ok());
    assert!(matches!(failure(&source, "other", &answer.to_string()), FetchError::Malformed(_)));
}

/// A server that ignores the version would send another one without a word.
#[test]
fn generic_versions_have_to_be_confirmed() {
    let [.., source, _] = sources();
    let answer = |more: Value| {
        let mut answer = json!({"prompt_id": "hello", "prompt_template": [{"role": "user", "content": "x"}]});
        answer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        answer.to_string()
    };
    assert_eq!(version(&source, "hello@2", &answer(json!({"prompt_version": 2}))).unwrap().1, Some(2));
    assert_eq!(version(&source, "hello@2", &answer(json!({"prompt_version": "2"}))).unwrap().1, Some(2));
    let found = version(&source, "hello:live", &answer(json!({"prompt_label": "live", "prompt_version": 7})))
        .unwrap();
    assert_eq!((found.1, found.2.as_deref()), (Some(7), Some("live")));
    assert_eq!(version(&source, "hello", &answer(json!({"prompt_version": 7}))).unwrap().1, Some(7));
    for other in [json!({}), json!({"prompt_version": 1}), json!({"prompt_label": "2"})] {
        assert_eq!(failure(&source, "hello@2", &answer(other)), FetchError::NotFound(NotFound::Version));
    }
    for other in [json!({}), json!({"prompt_version": 1}), json!({"prompt_label": "dead"})] {
        assert_eq!(failure(&source, "hello:live", &answer(other)), FetchError::NotFound(NotFound::Label));
    }
}
