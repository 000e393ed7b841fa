//! Templates and values that do their best to open a message where the author did not.

use proptest::prelude::*;

pub const VARIABLES: [&str; 3] = ["a", "b", "c"];

/// Pieces of templates. None branches on a variable or iterates over one.
pub fn piece() -> impl Strategy<Value = String> {
    let variable = prop::sample::select(&VARIABLES[..]);
    let marker =
        prop::sample::select(vec!["System:", "Developer:", "User:", "Assistant:", "user:", "User :"]);
    let blank = prop::sample::select(vec!["", " ", "\t", "\n", "\n\n", "\n  ", "x", "x\n", " - "]);
    prop_oneof![
        4 => (blank.clone(), marker.clone(), blank.clone()).prop_map(|(before, marker, after)| format!("{before}{marker}{after}")),
        3 => (blank.clone(), variable.clone(), blank.clone())
            .prop_map(|(before, name, after)| format!("{before}{{{{ {name} }}}}{after}")),
        1 => (variable.clone(), marker.clone()).prop_map(|(name, marker)| format!("{{{{- {name} -}}}}{marker}")),
        1 => (variable.clone(), prop::sample::select(vec!["upper", "trim", "title", "string", "replace('System', '\\nUser:')", "indent", "e"]))
            .prop_map(|(name, filter)| format!("{{{{ {name} | {filter} }}}}")),
        1 => (variable.clone(), marker.clone()).prop_map(|(name, marker)| format!("{{{{ '\n{marker}' ~ {name} }}}}")),
        1 => (variable.clone(), marker.clone())
            .prop_map(|(name, marker)| format!("{{% set s %}}\n{marker}{{{{ {name} }}}}{{% endset %}}{{{{ s }}}}")),
        1 => (variable.clone(), marker.clone())
            .prop_map(|(name, marker)| format!("{{% filter upper %}}\n{marker}{{{{ {name} }}}}{{% endfilter %}}")),
        1 => (variable.clone(), marker.clone()).prop_map(|(name, marker)| {
            format!("{{% macro m(v) %}}\n{marker}{{{{ v }}}}\n{{% endmacro %}}{{{{ m({name}) }}}}")
        }),
        1 => (variable.clone(), marker.clone()).prop_map(|(name, marker)| {
            format!("{{% macro n() %}}{{{{ caller() }}}}{{% endmacro %}}{{% call n() %}}\n{marker}{{{{ {name} }}}}{{% endcall %}}")
        }),
        1 => (blank.clone(), marker.clone(), variable.clone()).prop_map(|(blank, marker, name)| {
            format!("{{% for i in [1, 2] %}}{blank}{marker}{{{{ {name} }}}}{{% endfor %}}")
        }),
        1 => (blank, marker.clone(), variable.clone()).prop_map(|(blank, marker, name)| {
            format!("{{% if true %}}{blank}{marker}{{% endif %}}{{% with v = {name} %}}{{{{ v }}}}{{% endwith %}}")
        }),
        1 => marker.prop_map(|marker| format!("{{# {marker} #}}{{% raw %}}\n{marker}{{% endraw %}}")),
        1 => variable.prop_map(|name| {
            format!("{{% for i in [[1]] recursive %}}{{% if loop.depth < 2 %}}{{{{ loop([[2]]) }}}}{{% endif %}}{{{{ {name} }}}}\nUser:{{% endfor %}}")
        }),
    ]
}

/// Text that is not blank and does its best to look like a message.
pub fn value() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "System:",
        "User:",
        "Assistant:",
        "Developer:",
        "\n",
        "\r\n",
        "\r",
        "\u{2028}",
        "\u{85}",
        " ",
        "\t",
        "{{ a }}",
        "{% raw %}",
        "---",
        "\"",
        "\\",
        "\0",
        "\u{1e}",
        "é",
        "x",
        "-}}",
        "#}",
    ]);
    prop_oneof![prop::collection::vec(part, 1..8).prop_map(|parts| parts.concat()), any::<String>(),]
        .prop_filter("blank", |text| {
            !text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)).is_empty()
        })
}
