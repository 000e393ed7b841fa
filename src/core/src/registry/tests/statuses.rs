//! Answers without a prompt, from every kind of registry.

use super::*;
use crate::catalog::NotFound;
use crate::reply::Code;

fn read(source: &Source, asked: &str, response: Response<'_>) -> FetchError {
    source.read(&reference(asked), &response).expect_err(asked)
}

#[test]
fn the_same_for_all() {
    let none: &[(&str, &[u8])] = &[];
    for source in sources() {
        for (status, headers, expected) in [
            (401, none, FetchError::Unauthorized { status: 401 }),
            (403, none, FetchError::Unauthorized { status: 403 }),
            (403, &[("Retry-After", b"60")], FetchError::RateLimited { retry_after: Some(60) }),
            (403, &[("x-ratelimit-remaining", b"0")], FetchError::RateLimited { retry_after: None }),
            (403, &[("x-ratelimit-remaining", b"7")], FetchError::Unauthorized { status: 403 }),
            (429, none, FetchError::RateLimited { retry_after: None }),
            (429, &[("retry-after", b" 7 ")], FetchError::RateLimited { retry_after: Some(7) }),
            (429, &[("retry-after", b"999999999")], FetchError::RateLimited { retry_after: Some(86_400) }),
            (
                429,
                &[("retry-after", b"Fri, 31 Dec 1999 23:59:59 GMT")],
                FetchError::RateLimited { retry_after: None },
            ),
            (429, &[("retry-after", b"-1")], FetchError::RateLimited { retry_after: None }),
            (429, &[("retry-after", b"\xff")], FetchError::RateLimited { retry_after: None }),
            (500, none, FetchError::Unavailable { status: Some(500) }),
            (503, none, FetchError::Unavailable { status: Some(503) }),
            (504, none, FetchError::Unavailable { status: Some(504) }),
            (408, none, FetchError::Unavailable { status: Some(408) }),
            (418, none, FetchError::Unexpected { status: 418 }),
            (204, none, FetchError::Unexpected { status: 204 }),
            (206, none, FetchError::Unexpected { status: 206 }),
            (101, none, FetchError::Unexpected { status: 101 }),
            (0, none, FetchError::Unexpected { status: 0 }),
        ] {
            for body in ["", "{}", "<html>", "User: hi"] {
                let found = read(&source, "hello@2", response(status, headers, body));
                assert_eq!(found, expected, "{source:?} {status} {body}");
                assert_eq!(found.code(), Code::PromptUnavailable);
            }
            if source.provider().bundle {
                let found = source.read_bundle(&response(status, headers, "{}")).unwrap_err();
                assert_eq!(found, expected, "{status}");
            }
        }
    }
}

#[test]
fn redirects_say_where_to() {
    let long = format!("https://a.test/{}", "x".repeat(200));
    for (location, expected) in [
        ("https://git.test/api/v4/projects/1", Some("https://git.test/api/v4/projects/1")),
        ("https://user:pass@git.test/x?token=secret#y", Some("https://git.test/x")),
        ("https://git.test?token=secret", Some("https://git.test/")),
        ("/login?next=secret", Some("/login")),
        ("?secret", None),
        ("/a b", None),
        ("/a\u{7f}", None),
        ("/é", None),
        (&long, None),
        ("", None),
    ] {
        let headers: &[(&str, &[u8])] = &[("location", location.as_bytes())];
        for source in sources() {
            for status in [301, 302, 303, 307, 308] {
                let found = read(&source, "hello", response(status, headers, "secret"));
                assert_eq!(found, FetchError::Redirect { to: expected.map(str::to_owned) }, "{location}");
                assert!(!found.to_string().contains("secret"));
            }
        }
    }
    let found = read(&sources()[0], "hello", response(302, &[], ""));
    assert_eq!(found, FetchError::Redirect { to: None });
}

#[test]
fn not_found_is_what_was_asked_for() {
    for source in sources() {
        for (asked, expected) in [
            ("hello", NotFound::Prompt),
            ("hello@latest", NotFound::Prompt),
            ("hello@2", NotFound::Version),
            ("hello:live", NotFound::Label),
        ] {
            // LiteLLM says it with a 400; a file of Promptgate's protocol has all versions.
            let (status, expected) = match source.provider().name {
                "litellm" => (400, expected),
                "promptgate" => (404, NotFound::Prompt),
                _ => (404, expected),
            };
            let body = r#"{"detail": "Prompt hello not found"}"#;
            let found = read(&source, asked, response(status, &[], body));
            assert_eq!(found, FetchError::NotFound(expected), "{source:?} {asked}");
            if status == 404 {
                assert_eq!(read(&source, asked, response(410, &[], "")), found);
            }
        }
    }
    for (what, code) in [
        (NotFound::Prompt, Code::PromptNotFound),
        (NotFound::Version, Code::PromptVersionNotFound),
        (NotFound::Label, Code::PromptLabelNotFound),
    ] {
        assert_eq!(FetchError::NotFound(what).code(), code);
    }
}

/// A wrong setting, or a token that was taken away, must not look as if all prompts had been deleted.
#[test]
fn what_is_missing_is_not_the_prompt() {
    let [promptgate, litellm, bitbucket, gitlab, github, generic, langfuse] = sources();
    let html: &[(&str, &[u8])] = &[("content-type", b"text/html; charset=utf-8")];
    for (source, status, headers, body, misdirected) in [
        (&litellm, 404, &[][..], r#"{"detail":"Not Found"}"#, true),
        (&litellm, 404, html, "<html>nginx", true),
        (&bitbucket, 404, &[], r#"{"type":"error","error":{"message":"Repository w/r not found"}}"#, true),
        (
            &bitbucket,
            404,
            &[],
            r#"{"type":"error","error":{"message":"You may not have access to this repository or it no longer exists in this workspace."}}"#,
            true,
        ),
        (
            &bitbucket,
            404,
            &[],
            r#"{"type":"error","error":{"message":"Commit not found","data":{"shas":["main"]}}}"#,
            true,
        ),
        (
            &bitbucket,
            404,
            &[],
            r#"{"type":"error","error":{"message":"No such file or directory: hello.prompt"}}"#,
            false,
        ),
        (&gitlab, 404, &[], r#"{"message":"404 Project Not Found"}"#, true),
        (&gitlab, 404, &[], r#"{"message":"404 Commit Not Found"}"#, true),
        (&gitlab, 404, &[], r#"{"message":"404 File Not Found"}"#, false),
        (&github, 404, &[], r#"{"message":"No commit found for the ref nope","status":"404"}"#, true),
        (
            &github,
            404,
            &[],
            r#"{"message":"Not Found","documentation_url":"https://docs.github.com/rest","status":"404"}"#,
            false,
        ),
        (&langfuse, 404, html, "<!DOCTYPE html><title>404", true),
        (
            &langfuse,
            404,
            &[],
            r#"{"message":"Prompt not found: 'hello' with label 'production'","error":"LangfuseNotFoundError"}"#,
            false,
        ),
        (&generic, 404, html, "<html>", false),
        (&promptgate, 404, html, "<html>", false),
    ] {
        let found = read(source, "hello", response(status, headers, body));
        match found {
            FetchError::Misdirected(_) => assert!(misdirected, "{body}"),
            other => {
                assert_eq!((misdirected, other), (false, FetchError::NotFound(NotFound::Prompt)), "{body}")
            }
        }
    }
    let found = promptgate.read_bundle(&response(404, &[], "")).unwrap_err();
    assert_eq!(found, FetchError::Misdirected("a bundle.json: look at `registry.base_path`"));
    assert_eq!(found.code(), Code::PromptUnavailable);
}

#[test]
fn a_400_of_litellm_that_says_something_else() {
    let [_, litellm, ..] = sources();
    for body in [
        r#"{"error": {"message": "Authentication Error, No connected db.", "code": "400"}}"#,
        r#"{"detail": "Prompt is required"}"#,
        r#"{"detail": ["Prompt x not found"]}"#,
        "Prompt hello not found",
        "",
    ] {
        assert_eq!(
            read(&litellm, "hello", response(400, &[], body)),
            FetchError::Unexpected { status: 400 },
            "{body}"
        );
    }
    let body = r#"{"detail":"Prompt hello not found in environment production"}"#;
    let found = read(&litellm, "hello:production", response(400, &[], body));
    assert_eq!(found, FetchError::NotFound(NotFound::Label));
}

#[test]
fn unchanged() {
    for source in sources() {
        let headers: &[(&str, &[u8])] =
            &[("ETag", b"\"2\""), ("Preference-Applied", b"respond-async, Wait=30")];
        let answer = source.read(&reference("hello@2"), &response(304, headers, "")).unwrap();
        assert_eq!(answer.etag.as_deref(), Some("\"2\""));
        assert!(matches!(answer.content, Content::Unchanged));
    }
    let [promptgate, ..] = sources();
    for (applied, waits) in [
        ("wait=30", true),
        ("return=minimal, WAIT = 5", true),
        ("wait", true),
        ("await=3", false),
        ("", false),
    ] {
        let headers: &[(&str, &[u8])] = &[("preference-applied", applied.as_bytes())];
        let bundle = promptgate.read_bundle(&response(304, headers, "")).unwrap();
        assert!(bundle.catalog.is_none() && bundle.etag.is_none());
        assert_eq!(bundle.waits, waits, "{applied}");
    }
}

#[test]
fn every_error_says_what_to_look_at() {
    for (error, words) in [
        (FetchError::NotFound(NotFound::Version), "version"),
        (FetchError::Unauthorized { status: 403 }, "scopes"),
        (FetchError::RateLimited { retry_after: None }, "`registry.refresh`"),
        (FetchError::RateLimited { retry_after: Some(9) }, "9 s"),
        (FetchError::Unavailable { status: None }, "`registry.cluster`"),
        (FetchError::Unavailable { status: Some(502) }, "502"),
        (FetchError::Unavailable { status: Some(503) }, "`registry.cluster`"),
        (FetchError::Unavailable { status: Some(504) }, "`registry.timeout`"),
        (FetchError::Unexpected { status: 405 }, "405"),
        (FetchError::Redirect { to: None }, "`registry.base_path`"),
        (FetchError::Redirect { to: Some("https://x/".to_owned()) }, "https://x/"),
        (FetchError::Misdirected("this branch"), "this branch"),
        (FetchError::Malformed("a prompt"), "expected a prompt"),
        (FetchError::TooLarge { limit: 7 }, "7 bytes"),
        (FetchError::Unusable("it has no message"), "it has no message"),
    ] {
        let text = error.to_string();
        assert!(text.contains(words) && !text.contains('\n'), "{text}");
        assert!(error.outcome().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
    }
}
