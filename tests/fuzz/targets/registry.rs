//! Registries' answers: whatever they send is a prompt or an error, and no error quotes it.
//!
//! Input: a byte that chooses the provider and the reference, a byte that chooses the status, the body.

#![no_main]

use std::rc::Rc;

use libfuzzer_sys::fuzz_target;
use promptgate_core::cache::{Cache, Found};
use promptgate_core::catalog::{Reference, Selector};
use promptgate_core::config::Config;
use promptgate_core::registry::{Content, Response};

const PROVIDERS: [&str; 7] = [
    r#""provider":"promptgate","authority":"a""#,
    r#""provider":"litellm","authority":"a""#,
    r#""provider":"bitbucket","workspace":"w","repository":"r""#,
    r#""provider":"gitlab","project":"g/p""#,
    r#""provider":"github","owner":"o","repository":"r""#,
    r#""provider":"generic","authority":"a""#,
    r#""provider":"langfuse""#,
];

const STATUSES: [u16; 8] = [200, 304, 400, 401, 404, 429, 302, 503];

thread_local! {
    static REGISTRIES: Vec<Rc<promptgate_core::config::Registry>> = PROVIDERS
        .iter()
        .map(|provider| {
            let text = format!(r#"{{"registry":{{{provider},"cluster":"c","cache":{{"entries":4,"bytes":65536}}}}}}"#);
            Config::parse(text.as_bytes()).expect("a configuration").registry.expect("a registry")
        })
        .collect();
}

fuzz_target!(|data: &[u8]| {
    let [choice, status, body @ ..] = data else { return };
    let choice = usize::from(*choice);
    let registry = REGISTRIES.with(|registries| registries[choice % PROVIDERS.len()].clone());
    let selector = match choice / PROVIDERS.len() % 4 {
        0 => Selector::Default,
        1 => Selector::Latest,
        2 => Selector::Version(2),
        _ => Selector::label("production").expect("a label"),
    };
    let reference = Reference::new("p", selector).expect("a reference");
    let status = STATUSES[usize::from(*status) % STATUSES.len()];
    let response = Response { status, headers: &[("etag", b"\"1\"")], body };
    match registry.source.read(&reference, &response) {
        Ok(answer) => {
            if let Content::Version { number, .. } = &answer.content {
                assert_ne!(*number, Some(0));
            }
        }
        Err(error) => {
            let text = error.to_string();
            assert!(text.len() < 600 && text.chars().all(|c| !c.is_control()), "{text}");
        }
    }
    let _ = registry.source.read_bundle(&response);
    in_cache(Cache::new(registry), &reference, &response);
});

/// The same answer as a cache takes it: it stays within its bounds, and every flight ends.
fn in_cache(cache: Cache, reference: &Reference, response: &Response<'_>) {
    if cache.fetch_bundle().is_some() {
        let _ = cache.answer_bundle(Some(response));
    }
    for _ in 0..2 {
        let _ = cache.find(reference);
        for _ in 0..4 {
            for fetch in cache.fetches() {
                let _ = cache.answer(&fetch.key, Some(response));
            }
        }
        assert!(!matches!(cache.find(reference), Found::Pending(_)) || response.status == 304);
    }
    assert_eq!(cache.size().in_flight, 0);
    assert!(cache.size().bytes <= 65_536);
}
