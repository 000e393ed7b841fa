//! What an inspection finds in small templates.

use super::*;

fn inspect(source: &str) -> Inspection {
    Template::compile(source, 1).unwrap().inspect()
}

fn markers(source: &str) -> Vec<(u32, u32, Standing)> {
    let found = inspect(source).markers;
    found.into_iter().map(|marker| (marker.place.line, marker.place.column, marker.standing)).collect()
}

#[test]
fn variables_and_whether_they_may_be_absent() {
    for (source, expected) in [
        ("{{ a }}{{ b | default('x') }}", vec![("a", false), ("b", true)]),
        ("{{ a | d(b) }}", vec![("a", true), ("b", false)]),
        (
            "{% if a %}{{ a }}{{ b }}{% else %}{{ a }}{% endif %}",
            vec![("a", true), ("a", true), ("b", false), ("a", false)],
        ),
        ("{% if not a %}{{ a }}{% else %}{{ a }}{% endif %}", vec![("a", true), ("a", false), ("a", true)]),
        ("{% if a is defined and a.b %}{{ a.b }}{% endif %}", vec![("a", true), ("a", true), ("a", true)]),
        (
            "{% if a is not defined %}{{ a }}{% else %}{{ a }}{% endif %}",
            vec![("a", true), ("a", false), ("a", true)],
        ),
        ("{% if a is undefined %}{% else %}{{ a }}{% endif %}", vec![("a", true), ("a", true)]),
        ("{% if a or b %}{{ a }}{% endif %}", vec![("a", true), ("b", true), ("a", false)]),
        ("{{ a or b }}", vec![("a", true), ("b", false)]),
        ("{{ a and a.b }}", vec![("a", false), ("a", true)]),
        ("{{ a if a else b }}", vec![("a", true), ("a", true), ("b", false)]),
        ("{% if a == 1 %}{% endif %}", vec![("a", false)]),
        (
            "{% for x in a if x.y %}{{ x }}{{ loop.index }}{% else %}{{ x }}{% endfor %}",
            vec![("a", false), ("x", false)],
        ),
        ("{% set a = a | default(1) %}{{ a }}", vec![("a", true)]),
        ("{% if b %}{% set a = 1 %}{{ a }}{% endif %}{{ a }}", vec![("b", true), ("a", false)]),
        (
            "{% if b %}{% set a = 1 %}{% elif c %}{% set a = 2 %}{% else %}{% set a = 3 %}{% endif %}{{ a }}",
            vec![("b", true), ("c", true)],
        ),
        ("{{ dict.a }}{{ dict(a=1) }}{{ range }}", vec![("dict", false), ("range", false)]),
        ("{% with x = a, y = x %}{{ y }}{% endwith %}{{ y }}", vec![("a", false), ("y", false)]),
        (
            "{% macro m(p, q=a) %}{{ p }}{{ q }}{{ late }}{{ b }}{% endmacro %}{% set late = 1 %}{{ m(1) }}",
            vec![("a", false), ("b", false)],
        ),
        (
            "{% set ns = namespace(n=a) %}{% set ns.n = range(3) %}{% set other.n = 1 %}",
            vec![("a", false), ("other", false)],
        ),
        ("{% set b %}{{ a }}{% endset %}{{ b }}", vec![("a", false)]),
        ("{% filter upper %}{{ a }}{% endfilter %}", vec![("a", false)]),
        (
            "{{ a.b[c].upper(d, e=f)[g:h] ~ {i: j} ~ [k] }}",
            "acdfghijk".split("").filter(|name| !name.is_empty()).map(|name| (name, false)).collect(),
        ),
    ] {
        let reads = inspect(source).reads;
        let found: Vec<_> = reads.iter().map(|read| (read.name.as_str(), read.guarded)).collect();
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn functions_that_nobody_defines() {
    let reads = inspect("{{ f(a) }}{{ range(3) }}{% macro m() %}{% endmacro %}{{ m() }}").reads;
    let found: Vec<_> =
        reads.iter().map(|read| (read.name.as_str(), read.called, read.place.column)).collect();
    assert_eq!(found, [("f", true, 4), ("a", false, 6)]);
}

#[test]
fn methods_that_are_called() {
    let methods = inspect("{{ a.upper() }}{{ [a.b.split('x')] }}{{ a.b }}").methods;
    let found: Vec<_> = methods.iter().map(|name| (name.name.as_str(), name.place.column)).collect();
    assert_eq!(found, [("upper", 6), ("split", 24)]);
}

#[test]
fn what_the_template_defines() {
    let source =
        "{% set a, b = 1, 2 %}{% for k, v in {}.items() %}{% endfor %}{% macro m(p) %}{% endmacro %}";
    let defined = inspect(source).defined;
    assert_eq!(
        defined.iter().map(|name| name.name.as_str()).collect::<Vec<_>>(),
        ["a", "b", "k", "v", "m", "p"]
    );
}

#[test]
fn markers_and_what_becomes_of_them() {
    for (source, expected) in [
        ("System: a\n  User: b", vec![(1, 1, Standing::Opens), (2, 3, Standing::Opens)]),
        ("{% if a %}User: b{% endif %}\n", vec![(1, 11, Standing::Opens)]),
        ("{% for x in a %}User: b\n{% endfor %}", vec![(1, 17, Standing::Opens)]),
        ("{% raw %}User: b{% endraw %}", vec![(1, 10, Standing::Opens)]),
        (
            "{% macro m() %}User: b\nSystem: c{% endmacro %}",
            vec![(1, 16, Standing::InMacro), (2, 1, Standing::InMacro)],
        ),
        ("{% set s %}\nUser: b{% endset %}", vec![(2, 1, Standing::InSetBlock)]),
        ("{% filter upper %}User: b{% endfilter %}", vec![(1, 19, Standing::InFilterBlock)]),
        (
            "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}\nUser: b{% endcall %}",
            vec![(2, 1, Standing::InCallBlock)],
        ),
        (
            "a {# b\n User: c #}{#- System: d -#}",
            vec![(2, 2, Standing::InComment), (2, 16, Standing::InComment)],
        ),
        (
            "{{ 'a\\nUser: b' }}{{ 'User:' }}{{ 'User: c' }}",
            vec![(1, 8, Standing::InString), (1, 36, Standing::InString)],
        ),
        ("{{ a }}User: b", vec![(1, 8, Standing::AfterText)]),
        ("a {{ b }} User: c", vec![]),
        ("a {% if b -%}\n\nUser: c{% endif %}", vec![(3, 1, Standing::AfterText)]),
        (
            "system: a\n\tUSER: b\nUser : c\nusers: d\nan user: e",
            vec![(1, 1, Standing::Misspelt), (2, 2, Standing::Misspelt), (3, 1, Standing::Misspelt)],
        ),
    ] {
        assert_eq!(markers(source), expected, "{source}");
    }
}

#[test]
fn messages_without_text() {
    let places = |source: &str| {
        let inspection = inspect(source);
        let empty: Vec<u32> = inspection.empty_messages.iter().map(|marker| marker.place.line).collect();
        (empty, inspection.dropped_message.map(|marker| marker.place.line), inspection.renders_nothing)
    };
    for (source, expected) in [
        ("System:\nUser: a", (vec![1], None, false)),
        ("System: a\nUser:", (vec![], Some(2), false)),
        ("User:\n", (vec![], Some(1), true)),
        ("\n{% set a = 1 %}{# b #}", (vec![], None, true)),
        ("{% macro m() %}a{% endmacro %}", (vec![], None, true)),
        ("System:\n{{ a }}\nUser:\n{% if b %}c{% endif %}", (vec![], None, false)),
        ("{% for x in a %}\nUser:\n{% endfor %}", (vec![], None, false)),
        ("System:\nUser:", (vec![1], Some(2), false)),
        ("", (vec![], None, true)),
    ] {
        assert_eq!(places(source), expected, "{source}");
    }
}

#[test]
fn text_before_the_first_marker() {
    for (source, expected) in [
        ("a\nUser: b", Some((1, 1))),
        ("\n  a\nUser: b", Some((2, 3))),
        ("{{ a }}\nUser: b", Some((1, 1))),
        ("\n{% set a = 1 %}\nUser: b", None),
        ("a", None),
    ] {
        let found = inspect(source).text_before_marker;
        assert_eq!(found.map(|place| (place.line, place.column)), expected, "{source}");
    }
}

#[test]
fn outputs_and_indentation() {
    let inspection =
        inspect("User:\n{{ a }} {{ b }}\n{% macro m() %}{{ c }}{% endmacro %}\n  code\n  User: d");
    let outputs: Vec<_> = inspection.outputs.iter().map(|place| (place.line, place.column)).collect();
    assert_eq!(outputs, [(2, 1), (2, 9)]);
    assert_eq!(inspection.indented, Some(Place { line: 4, column: 3 }));
    assert_eq!(inspect("User: a\n  System: b\n \n").indented, None);
}

/// What counts as guarded is what the renderer lets pass without the variable.
#[test]
fn guards_are_the_renderers() {
    let tests = names::TESTS_OF_THE_UNDEFINED.iter().map(|test| format!("{{{{ x is {test} }}}}"));
    let others = ["iterable", "even", "odd", "lower", "upper", "divisibleby(2)", "gt(1)", "eq(1)", "in([1])"];
    let others = others.iter().map(|test| format!("{{{{ x is {test} }}}}"));
    let expressions = [
        "x",
        "x | default(1)",
        "x | d",
        "x | upper",
        "x.y",
        "x['y']",
        "x.y | default(1)",
        "x or 1",
        "x and 1",
        "not x",
        "x if x",
        "1 if x else 2",
        "x == 1",
        "1 < 2 < x",
        "1 in x",
        "x ~ 'a'",
        "x + 1",
        "-x",
        "x[1:]",
        "x()",
        "x.y()",
        "range(x)",
        "'a' | replace(x, 'b')",
        "(x or 'a') | upper",
        "x is defined and x.y",
        "x is undefined or x.y",
        "x is not defined or x.y",
        "not (x is undefined) and x.y",
        "x is string and x.y",
        "x | default(x)",
    ];
    let expressions = expressions.iter().map(|expression| format!("{{{{ {expression} }}}}"));
    let statements = [
        "{% if x %}{{ x }}{% endif %}",
        "{% if not x %}{{ x }}{% endif %}",
        "{% if x is defined %}{{ x }}{% endif %}",
        "{% if x == 1 %}{% endif %}",
        "{% for y in x %}{% endfor %}",
        "{% for y in [1] if x %}{% endfor %}",
        "{% for y in x or [] %}{% endfor %}",
        "{% with y = x | d(1) %}{{ y }}{% endwith %}",
        "{% set x = x | d(1) %}{{ x }}",
        "{% filter replace(x, 'a') %}b{% endfilter %}",
        "{% do range(x) %}",
        "{% if x %}{% elif x is defined %}{% else %}{{ x }}{% endif %}",
    ];
    let statements = statements.iter().map(|statement| (*statement).to_owned());
    let mut wrong = Vec::new();
    for source in tests.chain(others).chain(expressions).chain(statements) {
        let template = Template::compile(&format!("User: a{source}"), 1).unwrap();
        let guarded = template.inspect().reads.iter().all(|read| read.guarded);
        let rendered = template.render(&crate::value::Dict::new(), &Default::default());
        let passes = rendered.as_ref().err().is_none_or(|error| error.missing_variable().is_none());
        if guarded != passes {
            wrong.push(format!("{source}: {rendered:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
