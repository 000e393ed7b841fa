//! What methods and formats may cost: each of these would run for long or fill the memory if it were not
//! charged.

use crate::template::{ErrorKind, Limit, Options, Template};
use crate::value::Value;

fn limit(expression: &str, variables: &str) -> Limit {
    let source = format!("{{{{ {expression} }}}}");
    let variables = Value::from_json(variables).unwrap();
    let template = Template::compile(&source, 1).unwrap();
    match template.render(variables.as_dict().unwrap(), &Options::default()) {
        Ok(_) => panic!("{expression} renders"),
        Err(error) => match error.kind() {
            ErrorKind::Limit(limit) => *limit,
            other => panic!("{expression}: {other:?}"),
        },
    }
}

fn long(text: &str, count: usize) -> String {
    format!(r#"{{"long": "{}"}}"#, text.repeat(count))
}

#[test]
fn widths_and_precisions_are_bounded() {
    for expression in [
        "'x'.center(10001)",
        "'x'.ljust(10001)",
        "'x'.zfill(10001)",
        "'x'.expandtabs(10001)",
        "'%10001d' % 1",
        "'%*d' % (10 ** 30, 1)",
        "'%-*d' % (-10001, 1)",
        "'%.10001f' % 1",
        "'%99999999999999999999999s' % 1",
        "'{:10001}'.format(1)",
        "'{:.10001f}'.format(1)",
        "'{:{}}'.format(1, 10 ** 20)",
    ] {
        assert_eq!(limit(expression, "{}"), Limit::Count, "{expression}");
    }
}

#[test]
fn what_outgrows_its_input_is_charged_before_it_is_made() {
    let long = long("a\\t", 40_000);
    for expression in [
        "long.replace('a', long)",
        "long.replace('', long)",
        "long.join(long)",
        "long.expandtabs(10000)",
        "long.translate({97: long})",
        "''.maketrans(long, long)",
        "(long.replace('a', '%s').replace('\\t', '')) % ((long,) * 40000)",
        "(long.replace('a', '%(a)s')) % {'a': long}",
        "long.replace('a', '{0}').format(long)",
        "long.replace('a', '{a}').format_map({'a': long})",
        "'%r' % ([long] * 1000,)",
        "{}.fromkeys(range(100000))",
    ] {
        assert_eq!(limit(expression, &long), Limit::Memory, "{expression}");
    }
}

#[test]
fn looking_for_something_long_is_charged() {
    let long = long("a", 100_000);
    for expression in
        ["'x'.find(long)", "'x'.split(long)", "'x'.replace(long, '')", "long.startswith((long,) * 9)"]
    {
        let expression = format!(
            "range(100)|list }}}}{{% for i in range(1000) %}}{{{{ {expression} }}}}{{% endfor %}}{{{{ 1"
        );
        assert_eq!(limit(&expression, &long), Limit::Memory, "{expression}");
    }
}

#[test]
fn small_lists_that_print_without_end_are_not_printed() {
    let doubled = "1 }}{% set ns = namespace(l=[1]) %}{% for i in range(40) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ";
    for expression in ["'%s' % (ns.l,)", "'%r' % (ns.l,)", "'{}'.format(ns.l)", "'{!a}'.format(ns.l)"] {
        assert_eq!(limit(&format!("{doubled}{expression}"), "{}"), Limit::Memory, "{expression}");
    }
}
