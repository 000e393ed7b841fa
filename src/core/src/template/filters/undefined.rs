//! What filters and tests make of undefined values where those count as empty: as Jinja2 does with its
//! default `Undefined`.

use crate::template::{Options, Template, Undefined};
use crate::value::Dict;

fn render(expression: &str) -> Result<String, String> {
    let options = Options { undefined: Undefined::Empty, ..Options::default() };
    let template = Template::compile(&format!("{{{{ {expression} }}}}"), 1).unwrap();
    template.render_text(&Dict::new(), &options).map_err(|error| error.to_string())
}

#[test]
fn they_are_empty_text_and_empty_lists() {
    for (expression, expected) in [
        ("missing|upper", ""),
        ("missing|truncate(5)", ""),
        ("missing|replace('', 'a')", "a"),
        ("missing|length", "0"),
        ("missing|wordcount", "0"),
        ("missing|list", "[]"),
        ("missing|sum", "0"),
        ("missing|join(',')", ""),
        ("missing|map('upper')|list", "[]"),
        ("missing|first", ""),
        ("missing|max", ""),
        ("missing|urlencode", ""),
        ("missing is sequence", "True"),
        ("missing is iterable", "True"),
        ("missing is filter", "False"),
        ("missing is eq(nothing)", "True"),
        ("missing is in([1])", "False"),
    ] {
        assert_eq!(render(expression).as_deref(), Ok(expected), "{expression}");
    }
}

#[test]
fn so_is_what_a_filter_does_not_find() {
    for (expression, expected) in [
        ("[]|first", ""),
        ("[]|min", ""),
        ("5|attr('x')", ""),
        ("[{'a': 1}, {}]|map(attribute='a')|join('-')", "1-"),
        ("[{'a': 1}, {}]|selectattr('a')|list", "[{'a': 1}]"),
        ("[{'a': 1}, {}, {}]|unique(attribute='a')|list", "[{'a': 1}, {}]"),
        ("[{}, {}]|sort(attribute='a')", "[{}, {}]"),
    ] {
        assert_eq!(render(expression).as_deref(), Ok(expected), "{expression}");
    }
}

#[test]
fn they_do_not_calculate_and_have_no_attributes() {
    for expression in [
        "missing|int",
        "missing|float",
        "missing|abs",
        "missing|round",
        "missing|filesizeformat",
        "missing|indent",
        "missing|wordwrap(5)",
        "missing|tojson",
        "missing|dictsort",
        "missing|xmlattr",
        "missing|attr('x')",
        "missing is odd",
        "missing is divisibleby(2)",
        "missing is lt(1)",
        "[{}]|map(attribute='a.b')|list",
        "[{'a': 1}, {}]|sort(attribute='a')",
        "[{'a': 1}, {}]|sum('a')",
    ] {
        assert!(render(expression).is_err(), "{expression}");
    }
}
