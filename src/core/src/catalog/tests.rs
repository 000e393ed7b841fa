use super::*;

fn id(text: &str) -> PromptId {
    PromptId::parse(text).unwrap()
}

fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

fn versions(numbers: &[u32]) -> Vec<(u32, String)> {
    numbers.iter().map(|number| (*number, format!("User: {number}"))).collect()
}

fn catalog() -> Catalog {
    let mut catalog = Catalog::new();
    assert!(catalog.insert(id("hello"), Entry::single("User: hi".to_string())));
    let labels = [(label("staging"), 10), (label("production"), 2)];
    assert!(catalog.insert(id("jack"), Entry::new(versions(&[10, 1, 2]), labels).unwrap()));
    catalog
}

#[test]
fn resolves_versions_and_labels() {
    let catalog = catalog();
    let production = || Selector::label("production").unwrap();
    for (id, selector, default_label, expected) in [
        ("hello", Selector::Default, None, Ok((1, None))),
        ("hello", Selector::Default, Some("production"), Ok((1, None))),
        ("hello", Selector::Version(1), None, Ok((1, None))),
        ("hello", production(), None, Err(NotFound::Label)),
        ("jack", Selector::Default, None, Ok((10, None))),
        ("jack", Selector::Default, Some("production"), Ok((2, Some("production")))),
        ("jack", Selector::Default, Some("canary"), Ok((10, None))),
        ("jack", Selector::Latest, Some("production"), Ok((10, None))),
        ("jack", Selector::Version(1), Some("production"), Ok((1, None))),
        ("jack", Selector::Version(3), Some("production"), Err(NotFound::Version)),
        ("jack", Selector::Version(0), None, Err(NotFound::Version)),
        // 2^32 + 1 is not 1.
        ("jack", Selector::Version(4_294_967_297), None, Err(NotFound::Version)),
        ("jack", Selector::Version(u64::MAX), None, Err(NotFound::Version)),
        ("jack", production(), Some("staging"), Ok((2, Some("production")))),
        ("jack", Selector::label("canary").unwrap(), Some("production"), Err(NotFound::Label)),
        ("jack", Selector::label("latest").unwrap(), None, Err(NotFound::Label)),
        ("Jack", Selector::Default, None, Err(NotFound::Prompt)),
        ("", Selector::Default, None, Err(NotFound::Prompt)),
        ("jack.v2", Selector::Default, None, Err(NotFound::Prompt)),
    ] {
        let found = catalog.resolve(id, &selector, default_label);
        let found = found.map(|found| {
            assert_eq!(found.id, id);
            assert!(found.prompt.is_ok());
            (found.version, found.label)
        });
        assert_eq!(found, expected, "{id} {selector:?} {default_label:?}");
    }
}

#[test]
fn finding_compiles_nothing() {
    let catalog = catalog();
    assert_eq!(catalog.find("jack", &Selector::Version(2)), Ok(()));
    assert_eq!(catalog.find("jack", &Selector::Version(3)), Err(NotFound::Version));
    assert_eq!(catalog.find("jill", &Selector::Default), Err(NotFound::Prompt));
    let compiled = |id: &str| {
        catalog.entry(id).unwrap().versions().iter().filter(|version| version.is_compiled()).count()
    };
    assert_eq!(compiled("jack"), 0);

    // Each version is compiled by itself, and once.
    let first = catalog.resolve("jack", &Selector::Latest, None).unwrap().prompt;
    let second = catalog.resolve("jack", &Selector::Version(10), None).unwrap().prompt;
    assert!(std::ptr::eq(first, second));
    assert_eq!((compiled("jack"), compiled("hello")), (1, 0));
}

#[test]
fn an_id_is_taken_once() {
    let mut catalog = catalog();
    assert!(!catalog.insert(id("hello"), Entry::new(versions(&[1, 2]), []).unwrap()));
    assert_eq!(catalog.entry("hello").map(|entry| entry.versions().len()), Some(1));
    let mut ids: Vec<&str> = catalog.ids().collect();
    ids.sort_unstable();
    assert_eq!((ids, catalog.len()), (vec!["hello", "jack"], 2));
}

#[test]
fn entries_that_make_no_sense() {
    let no_labels: [(Label, u32); 0] = [];
    for (numbers, labels, expected) in [
        (&[][..], &no_labels[..], EntryError::NoVersions),
        (&[0], &no_labels, EntryError::VersionOutOfRange(0)),
        (&[1, MAX_VERSION + 1], &no_labels, EntryError::VersionOutOfRange(MAX_VERSION + 1)),
        (&[1, 2, 1], &no_labels, EntryError::DuplicateVersion(1)),
        (&[1, 2], &[(label("a"), 1), (label("a"), 2)], EntryError::DuplicateLabel(label("a"))),
        (
            &[1, 2],
            &[(label("a"), 1), (label("b"), 3)],
            EntryError::LabelPointsNowhere { label: label("b"), version: 3 },
        ),
    ] {
        let found = Entry::new(versions(numbers), labels.iter().cloned());
        assert_eq!(found.err(), Some(expected), "{numbers:?} {labels:?}");
    }
}

#[test]
fn check_compiles_everything_and_says_what_fails() {
    let mut catalog = catalog();
    let broken = "User: {{ x".to_string();
    assert!(
        catalog.insert(id("b"), Entry::new([(1, "User: x".to_string()), (2, broken.clone())], []).unwrap())
    );
    assert!(catalog.insert(id("a"), Entry::single(broken)));
    let problems = catalog.check();
    let found: Vec<_> = problems.iter().map(|problem| (problem.id, problem.version)).collect();
    assert_eq!(found, [("a", 1), ("b", 2)]);

    // The others are served all the same, and the broken one has its own error.
    assert!(catalog.resolve("b", &Selector::Version(1), None).unwrap().prompt.is_ok());
    assert!(catalog.resolve("b", &Selector::Latest, None).unwrap().prompt.is_err());
    assert!(catalog.entry("jack").unwrap().versions().iter().all(Version::is_compiled));
}
