"""Templates that would eat a gateway, by what they abuse. Each has to be refused."""

_SETUP = "{% set s = 'x' * 10000 %}{% set l = range(10000) | list %}"


def _again(statement: str) -> str:
    """The statement ten thousand times, with a long string `s` and a long list `l` at hand."""
    return _SETUP + "{% for i in range(10000) %}{% set y = " + statement + " %}{% endfor %}"


BOMBS = {
    "nested-ranges": "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
    "deep-ranges": "{% for a in range(99) %}{% for b in range(99) %}{% for c in range(99) %}{% for d in range(99) %}"
                   "{% set x = 1 %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
    "huge-range": "{{ range(100000000) | list | length }}",
    "recursive-macro": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "mutual-recursion": "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}",
    "recursive-loop": "{% for i in [[[]]] recursive %}{{ loop([i]) }}{% endfor %}",
    "doubling-strings": "{% set ns = namespace(s='x') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}"
                        "{% endfor %}{{ ns.s | length }}",
    "doubling-strings-plus": "{% set ns = namespace(s='x') %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}"
                             "{% endfor %}{{ ns.s | length }}",
    "doubling-lists": "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = ns.l + ns.l %}{% endfor %}"
                      "{{ ns.l | length }}",
    "nesting-lists": "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}"
                     "{{ ns.l }}",
    "nesting-maps": "{% set ns = namespace(m={}) %}{% for i in range(64) %}{% set ns.m = {'a': ns.m, 'b': ns.m} %}"
                    "{% endfor %}{{ ns.m == ns.m }}{{ ns.m }}",
    "times-constant": "{{ 'x' * 100000000 }}",
    "times-variable": "{{ 'x' * n }}",
    "list-times": "{{ ([1] * n) | length }}",
    "power": "{{ 9 ** 9 ** 9 ** 9 }}{{ 'x' * n }}",
    "sort-in-a-loop": "{% set l = range(10000) | list %}{% for i in range(10000) %}{% set x = l | sort %}{% endfor %}",
    "reverse-in-a-loop": "{% set l = range(10000) | list %}{% for i in range(10000) %}{% set x = l | reverse | list %}"
                         "{% endfor %}",
    "join": "{% set s = 'x' * 9000 %}{% set l = range(10000) | list %}{{ l | join(s) }}",
    "indent": "{% set s = '\\n' * 9000 %}{{ s | indent(9000, true, true) }}",
    "batch": "{{ [1] | batch(100000000, 0) | list | length }}",
    "slice": "{{ [1] | slice(100000000, 0) | list | length }}",
    "format-width": "{{ '%100000000d' | format(1) }}",
    "percent-width": "{{ '%0100000000d' % 1 }}",
    "format-precision": "{{ '%.100000000f' | format(1.0) }}",
    "center": "{{ 'x' | center(100000000) }}",
    "replace": "{% set s = 'x' * 9000 %}{{ s | replace('x', s) | length }}{{ s | replace('', s) | replace('x', s) }}",
    "wordwrap": "{% set s = 'x ' * 9000 %}{% for i in range(9000) %}{% set y = s | wordwrap(1) %}{% endfor %}",
    "capture": "{% set ns = namespace(s='x') %}{% for i in range(64) %}{% set b %}{{ ns.s }}{{ ns.s }}{% endset %}"
               "{% set ns.s = b %}{% endfor %}",
    "output": "{% for i in range(9999) %}{{ big }}{% endfor %}",
    "compare": "{% set l = range(9000) | list %}{% for i in range(9000) %}{% if l == l + [] %}{% endif %}{% endfor %}",
    "membership": "{% set l = range(9000) | list %}{% for i in range(9000) %}{% if -1 in l %}{% endif %}{% endfor %}",
    "chain-concat": "{{ 'a'" + " ~ 'a'" * 20_000 + " }}",
    "chain-filter": "{{ 'a'" + "|upper" * 20_000 + " }}",
    "chain-attribute": "{{ n" + ".a" * 20_000 + " }}",
    "chain-index": "{{ n" + "[0]" * 20_000 + " }}",
    "chain-not": "{{ " + "not " * 20_000 + "n }}",
    "chain-parentheses": "{{ " + "(" * 20_000 + "n" + ")" * 20_000 + " }}",
    "chain-lists": "{{ " + "[" * 20_000 + "]" * 20_000 + " }}",
    "chain-if": "{% if n %}" * 6_000 + "{% endif %}" * 6_000,
    "chain-elif": "{% if n == 0 %}" + "{% elif n == 0 %}" * 10_000 + "{% endif %}",
    "chain-for": "{% for i in [1] %}" * 4_000 + "{% endfor %}" * 4_000,
    "source-300-KiB": "x" * (300 << 10),
    "source-1-MB": "{{ n }} " * 130_000,
    "include": "{% include 'hello' %}",
    "import": "{% import 'hello' as h %}",
    "extends": "{% extends 'hello' %}",
    "block": "{% block b %}x{% endblock %}",
}

METHODS = {
    "join-method": _SETUP + "{{ s.join(s) }}",
    "replace-method": _SETUP + "{{ s.replace('x', s) }}",
    "replace-nothing": _SETUP + "{{ s.replace('', s) }}",
    "center-method": "{{ 'x'.center(100000000) }}",
    "ljust": "{{ 'x'.ljust(100000000) }}",
    "zfill": "{{ '1'.zfill(100000000) }}",
    "expandtabs": "{{ ('\\t' * 10000).expandtabs(10000) }}",
    "format-method": "{{ '{:>100000000}'.format('x') }}",
    "format-method-nested": "{{ '{:{}}'.format('x', 100000000) }}",
    "format-method-many": _SETUP + "{{ ('{0}' * 5000).format(s) }}",
    "percent-many": _SETUP + "{{ ('%(a)s' * 5000) % {'a': s} }}",
    "percent-star": "{{ '%*d' % (100000000, 1) }}",
    "append": "{% set l = [] %}{% for i in range(10000) %}{% set _ = l.append(l) %}{% endfor %}{{ l }}",
} | {f"{name}-again": _again(call) for name, call in {
    "split": "s.split('x')", "splitlines": "s.splitlines()", "upper": "s.upper()", "count": "s.count('x')",
    "find": "s.find('y')", "strip": "s.strip('x')", "startswith": "s.startswith(s)",
    "contains": "'y' in s", "equal": "s == s ~ ''", "less": "l < l + []", "concat": "s ~ s", "reversed": "s[::-1]",
    "sliced": "l[1:]", "mapping": "{s: l ~ ''}",
}.items()}

FILTERS = {
    "tojson-indent": _SETUP + "{{ l | tojson(indent=10000) }}",
    "sum-of-lists": "{{ ([['x'] * 9000] * 9000) | sum(start=[]) }}",
    "int-of-digits": "{{ ('9' * 10000) | int }}",
    "round": "{{ 1.5 | round(100000000) }}",
    "range-list": "{{ range(100000) | map('upper') | list }}",
    "joiner": "{% for i in range(10000) %}{% set j = joiner('x' * 9999) %}{{ j() }}{{ j() }}{% endfor %}",
    "nested-joins": "{{ [['x' * 9999] * 9999] * 9999 }}",
} | {f"{name}-again": _again(call) for name, call in {
    "tojson": "l | tojson", "map": "l | map('string') | list", "unique": "l | unique | list",
    "unique-letters": "s | unique | list", "list": "s | list", "string": "l | string",
    "select": "l | select('odd') | list",
    "min": "l | min", "title": "s | title", "escape": "s | escape", "striptags": "s | striptags",
    "wordcount": "s | wordcount", "urlize": "s | urlize", "truncate": "s | truncate(9999)",
    "groupby": "l | map('string') | groupby('x') | list", "xmlattr": "{'a': s} | xmlattr",
    "replace": "s | replace('x', 'y')",
    "indent": "s | indent", "last": "l | last", "join": "l | join", "center": "s | center(9999)",
}.items()}

ALL = BOMBS | METHODS | FILTERS
