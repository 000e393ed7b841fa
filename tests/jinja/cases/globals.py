"""The global functions: `range`, `dict`, `cycler`, `joiner`, `namespace`."""

# ruff: noqa: E501 - a case is one line

from . import Subject

SUBJECT = Subject("globals", {"n": 3, "l": ["a", "b", "c"], "d": {"a": 1}})

SUBJECT.expressions(
    "range",
    r"""
    range(n)|list
    range(1, 4)|list
    range(0, 10, 3)|list
    range(5, 0, -2)|list
    range(3, 1)|list
    range(-2, 2)|list
    range(0)|list
    range(n)|length
    range(10)[3]
    range(10)|last
    range(10)|first
    range(3)|sum
    2 in range(3)
    range(3) is iterable
    range(1, 2, 0)
    range('a')
    range(1.0)
    range()
    range(1, 2, 3, 4)
    range(true)|list
    range(100001)
    range(100000)|length
    range(l|length)|list
    range(3)|reverse|list
    range(3)|map('string')|join('-')
    range(stop=3)
    range(3).start
    range(1, 7, 2).step
    range(10).index(4)
    range(10).count(4)
    """,
)

SUBJECT.expressions(
    "dict",
    r"""
    dict()
    dict(a=1)
    dict(a=1, b='x')
    dict(d)
    dict(d, b=2)
    dict([('a', 1), ('b', 2)])
    dict([['a', 1]], c=3)
    dict(a=1).a
    dict(a=1)['a']
    dict(a=dict(b=1)).a.b
    dict(1)
    dict([1])
    dict('ab')
    dict(d, d)
    dict(a=1, a=2)
    dict(l|map('list')|list)
    dict((l|batch(2)|first, ))
    """,
)

SUBJECT.templates(
    "cycler",
    r"""
    {% set c = cycler('odd', 'even') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}
    {% set c = cycler('a', 'b') %}{{ c.current }}{{ c.next() }}{{ c.current }}
    {% set c = cycler('a', 'b') %}{{ c.next() }}{% set _ = c.reset() %}{{ c.next() }}
    {% set c = cycler(1, 2, 3) %}{% for x in l %}{% for y in l %}{{ c.next() }}{% endfor %}{% endfor %}
    {% set c = cycler('a') %}{% if true %}{{ c.next() }}{% endif %}{{ c.pos }}
    {% set c = cycler() %}x
    """,
)

SUBJECT.templates(
    "joiner",
    r"""
    {% set j = joiner() %}{% for x in l %}{{ j() }}{{ x }}{% endfor %}
    {% set j = joiner(' | ') %}{% for x in l %}{{ j() }}{{ x }}{% endfor %}
    {% set j = joiner(sep='/') %}x{{ j() }}y{{ j() }}z
    {% set p = joiner('|') %}{% if true %}{{ p() }}a{% endif %}{% if false %}{{ p() }}b{% endif %}{{ p() }}c
    {% set j = joiner(1) %}a{{ j() }}{{ j() }}
    [{% set j = joiner() %}{{ j() }}]
    """,
)

SUBJECT.templates(
    "namespace",
    r"""
    {% set ns = namespace(x=0) %}{% for i in l %}{% set ns.x = ns.x + 1 %}{% endfor %}{{ ns.x }}
    {% set ns = namespace() %}{% set ns.a = 'b' %}{{ ns.a }}
    {% set ns = namespace(d) %}{{ ns.a }}
    {% set ns = namespace(d, b=2) %}{{ ns.a }}{{ ns.b }}
    {% set ns = namespace(found=false) %}{% for x in l %}{% if x == 'b' %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }}
    {% set ns = namespace(text='') %}{% for x in l %}{% set ns.text = ns.text ~ x %}{% endfor %}{{ ns.text }}
    {% set ns = namespace(items=[]) %}{% for x in l %}{% set ns.items = ns.items + [x|upper] %}{% endfor %}{{ ns.items|join }}
    {% set ns = namespace(a=1) %}{{ ns.missing }}
    {% set ns = namespace(a=1) %}{{ ns.missing is defined }}{{ ns.missing|default('d') }}
    {% set ns = namespace(a=1) %}{% set ns.b, ns.c = 1, 2 %}{{ ns.b + ns.c }}
    {% set ns = namespace(a=1) %}{% set ns.a %}block {{ n }}{% endset %}{{ ns.a }}
    {% set d.x = 1 %}{{ d.x }}
    {% set missing.x = 1 %}{{ missing.x }}
    {% set ns = namespace(a=1) %}{% macro m() %}{% set ns.a = ns.a + 1 %}{% endmacro %}{{ m() }}{{ m() }}{{ ns.a }}
    {% set ns = namespace(a=1) %}{% set other = ns %}{% set other.a = 5 %}{{ ns.a }}
    {% set ns = namespace(a=1) %}{% if true %}{% set ns.a = 2 %}{% endif %}{% with %}{% set ns.a = ns.a * 3 %}{% endwith %}{{ ns.a }}
    {% set ns = namespace(a={'b': 1}) %}{{ ns.a.b }}{{ ns['a']['b'] }}
    {% set ns = namespace(1) %}x
    """,
)

SUBJECT.expressions(
    "shadow",
    r"""
    dict is callable
    nosuch(1)
    loop
    """,
)

SUBJECT.templates(
    "shadowed",
    r"""
    {% set range = 5 %}{{ range }}
    {{ dict.a }}
    {% set namespace = 'x' %}{{ namespace }}
    {{ range }}
    """,
    dict={"a": "mine"},
    range="value",
)
