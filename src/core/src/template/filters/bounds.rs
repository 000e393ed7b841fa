//! What filters may cost: each of these would run for long or fill the memory if it were not charged.

use crate::template::{ErrorKind, Limit, Options, Template};
use crate::value::Value;

const DOUBLED: &str =
    "{% set ns = namespace(l=[1, 'x']) %}{% for i in range(40) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}";

fn render(source: &str, variables: &str) -> Result<String, ErrorKind> {
    let variables = Value::from_json(variables).unwrap();
    let template = Template::compile(source, 1).unwrap();
    let rendered = template.render_text(variables.as_dict().unwrap(), &Options::default());
    rendered.map_err(|error| error.kind().clone())
}

fn limit(source: &str, variables: &str) -> Limit {
    match render(source, variables) {
        Err(ErrorKind::Limit(limit)) => limit,
        Err(other) => panic!("{source}: {other:?}"),
        Ok(text) => panic!("{source}: {} bytes", text.len()),
    }
}

#[test]
fn counts_are_bounded() {
    for expression in [
        "'x'|center(10001)",
        "'x'|indent(10001)",
        "'x'|wordwrap(10001)",
        "[1]|batch(10001, 0)",
        "[1]|slice(10001)",
        "[1]|tojson(10001)",
        "1.5|round(10001)",
        "15|round(-10001)",
        "'x'|urlize(10001)",
    ] {
        assert_eq!(limit(&format!("{{{{ {expression} }}}}"), "{}"), Limit::Count, "{expression}");
    }
}

#[test]
fn output_that_outgrows_its_input_is_charged_before_it_is_made() {
    let long = format!(r#"{{"long": "{}"}}"#, "a ".repeat(40_000));
    for expression in [
        "long|replace('', long)",
        "long|replace('a', long)",
        "long|wordwrap(1, wrapstring=long)",
        "long|list|join(long)",
        "long|replace('a', '\\n')|indent(10000)",
        "long|replace('a', 'www.bc.de')|urlize(target=long)",
        "long|list|tojson(10000)",
        "range(100000)|batch(1)|list|slice(10000)|map('list')|map('map', 'list')|list|tojson",
    ] {
        assert_eq!(limit(&format!("{{{{ {expression} }}}}"), &long), Limit::Memory, "{expression}");
    }
}

#[test]
fn small_lists_that_print_without_end_are_not_walked() {
    for filter in [
        "tojson",
        "join",
        "string",
        "length|string ~ ns.l",
        "urlencode",
        "escape",
        "title",
        "sort",
        "unique",
        "wordcount",
        "map('string')",
        "map('tojson')",
        "map('map', 'string')",
        "select('in', [ns.l])",
        "groupby(0)",
        "replace('a', 'b')",
        "xmlattr",
        "items",
        "max",
        "striptags",
    ] {
        let source = format!("{DOUBLED}{{{{ ns.l|{filter} }}}}");
        let rendered = render(&source, "{}");
        // Some refuse such a list for its type instead, or have nothing to do.
        assert!(rendered.as_ref().map_or(true, |text| text.len() < 1000), "{filter}");
    }
}

#[test]
fn loops_over_filters_are_stopped() {
    let list: Vec<String> = (0..2000).map(|number| number.to_string()).collect();
    let variables = format!(r#"{{"l": [{}]}}"#, list.join(","));
    for body in [
        "range(100000)|sum",
        "range(100000)|sort|first",
        "l|sort|first",
        "l|map('string')|first",
        "l|map(attribute='x.y', default=1)|first",
        "l|select('odd')|first",
        "l|unique|first",
        "l|batch(1)|first",
    ] {
        let source = format!("{{% for i in range(10000) %}}{{{{ {body} }}}}{{% endfor %}}");
        assert!(matches!(limit(&source, &variables), Limit::Fuel | Limit::Memory), "{body}");
    }
}

#[test]
fn map_nests_as_deep_as_it_may_and_no_deeper() {
    let nested = |depth: usize| format!("{{{{ 'x'|map({}'upper')|list }}}}", "'map', ".repeat(depth));
    assert!(render(&nested(31), "{}").unwrap().contains("'X'"));
    assert_eq!(limit(&nested(32), "{}"), Limit::Recursion);
}

#[test]
fn values_that_contradict_each_other_sort_without_panic() {
    let source = "{% set nan = 1e308 * 10 - 1e308 * 10 %}{% set ns = namespace(l=[]) %}\
        {% for i in range(200) %}{% set ns.l = ns.l + [nan, 200 - i, i] %}{% endfor %}{{ ns.l|sort|length }}";
    assert_eq!(render(source, "{}").unwrap(), "600");
}
