"""Macros, `call` blocks and what they see."""

# ruff: noqa: E501 - a case is one line

from . import Subject

SUBJECT = Subject("macros", {"name": "Ada", "l": ["a", "b"], "n": 3})

SUBJECT.templates(
    "call",
    r"""
    {% macro m() %}hi{% endmacro %}{{ m() }}
    {% macro m(a) %}<{{ a }}>{% endmacro %}{{ m(1) }}{{ m('x') }}
    {% macro m(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(1, b=4) }}{{ m(b=5, a=6) }}
    {% macro m(a='x', b='y') %}{{ a }}{{ b }}{% endmacro %}{{ m() }}{{ m(b='z') }}
    {% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}
    {% macro m(a, b=a ~ '!') %}{{ b }}{% endmacro %}{{ m('x') }}
    {% macro m(a=name) %}{{ a }}{% endmacro %}{{ m() }}
    {% macro m(a) %}{{ a }}{% endmacro %}{{ m() }}
    {% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}
    {% macro m(a) %}{{ a|default('d') }}{% endmacro %}{{ m() }}
    {% macro m(a) %}x{% endmacro %}{{ m() }}
    {% macro m(a) %}{% if a %}y{% else %}n{% endif %}{% endmacro %}{{ m() }}
    {% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
    {% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=1) }}
    {% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}
    {% macro m(a) %}{{ a }}{% endmacro %}{{ m(a=1, a=2) }}
    {% macro m(a, a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
    {% macro m(a=1, b) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
    {% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(**{'a': 1, 'b': 2}) }}
    {% macro m(a=none) %}{{ a }}{% endmacro %}{{ m() }}
    {% macro m(a=[]) %}{{ a + [1] }}{% endmacro %}{{ m() }}{{ m() }}
    {% macro m() %}  spaced  {% endmacro %}[{{ m() }}]
    {% macro m() %}a{% endmacro %}{{ m()|upper }}{{ m() ~ 'b' }}{{ m()|length }}
    {% macro m() %}a{% endmacro %}{{ m() + 'b' }}
    {% macro m() %}<{% endmacro %}{{ m() == '<' }}
    {% macro m() %}<{% endmacro %}{{ m()|e }}
    {% macro m() %}{% endmacro %}[{{ m() }}]
    {% macro m(x) %}{{ x.name }}{% endmacro %}{{ m({'name': 'n'}) }}
    {{ m() }}{% macro m() %}x{% endmacro %}
    {% macro m() %}{{ undefined_inside }}{% endmacro %}{{ m() }}
    {% macro m() %}{{ undefined_inside }}{% endmacro %}fine
    {% macro m(a, b=c) %}{{ b }}{% endmacro %}{{ m(1) }}
    {% macro m(a, b=c) %}{{ a }}{% endmacro %}{{ m(1) }}
    """,
)

SUBJECT.templates(
    "scope",
    r"""
    {% set x = 1 %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}
    {% macro m() %}{{ x }}{% endmacro %}{% set x = 1 %}{{ m() }}
    {% set x = 1 %}{% macro m() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ m() }}
    {% set x = 1 %}{% macro m() %}{% set x = 5 %}{{ x }}{% endmacro %}{{ m() }}{{ x }}
    {% macro m(name) %}{{ name }}{% endmacro %}{{ m('x') }}{{ name }}
    {% macro m() %}{{ name }}{% endmacro %}{{ m() }}
    {% for x in l %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}
    {% macro m(x) %}{% for y in x %}{{ y }}{{ loop.index }}{% endfor %}{% endmacro %}{{ m(l) }}
    {% macro a() %}a{{ b() }}{% endmacro %}{% macro b() %}b{% endmacro %}{{ a() }}
    {% macro a(x) %}{{ x }}{% endmacro %}{% macro b(x) %}[{{ a(x) }}]{% endmacro %}{{ b(1) }}
    {% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}
    {% macro f(n) %}{{ n * f(n - 1)|int if n > 1 else 1 }}{% endmacro %}{{ f(5) }}
    {% if true %}{% macro m() %}x{% endmacro %}{% endif %}{{ m() }}
    {% for x in l %}{% macro m() %}x{% endmacro %}{% endfor %}{{ m() }}
    {% macro outer() %}{% macro inner() %}i{% endmacro %}{{ inner() }}{% endmacro %}{{ outer() }}
    {% macro m() %}1{% endmacro %}{% macro m() %}2{% endmacro %}{{ m() }}
    {% macro m() %}{{ loop.index }}{% endmacro %}{% for x in l %}{{ m() }}{% endfor %}
    {% set m2 = 1 %}{% macro m() %}x{% endmacro %}{% set m2 = m %}{{ m2() }}
    {% macro m(x) %}{{ x() }}{% endmacro %}{% macro c() %}called{% endmacro %}{{ m(c) }}
    {% with x = 1 %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endwith %}
    {% macro m() %}a{% endmacro %}{{ [m(), m()]|join('-') }}
    {% macro m(x) %}{{ x }}{% endmacro %}{{ l|map('upper')|map('lower')|map('string')|list|map('trim')|join }}{{ m(2) }}
    """,
)

SUBJECT.templates(
    "attribute",
    r"""
    {% macro m(a, b=1) %}{% endmacro %}{{ m.name }}
    {% macro m() %}{% endmacro %}{{ m is callable }}
    {% macro m() %}{% endmacro %}{{ m is defined }}
    {% macro m() %}{% endmacro %}{{ m is string }}
    """,
)

SUBJECT.templates(
    "caller",
    r"""
    {% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}body{% endcall %}
    {% macro m(x) %}{{ x }}<{{ caller() }}>{% endmacro %}{% call m(1) %}body {{ name }}{% endcall %}
    {% macro m() %}{{ caller(1) }}{{ caller(2) }}{% endmacro %}{% call(x) m() %}[{{ x }}]{% endcall %}
    {% macro m() %}{{ caller('a', 'b') }}{% endmacro %}{% call(x, y) m() %}{{ y }}{{ x }}{% endcall %}
    {% macro m() %}{{ caller(1) }}{% endmacro %}{% call(x, y='d') m() %}{{ x }}{{ y }}{% endcall %}
    {% macro m(items) %}{% for i in items %}{{ caller(i) }}{% endfor %}{% endmacro %}{% call(i) m(l) %}({{ i }}){% endcall %}
    {% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}
    {% macro m() %}{% if caller is defined %}y{{ caller() }}{% else %}n{% endif %}{% endmacro %}{{ m() }}{% call m() %}c{% endcall %}
    {% macro m() %}{% if caller %}y{{ caller() }}{% else %}n{% endif %}{% endmacro %}{{ m() }}{% call m() %}c{% endcall %}
    {% macro m() %}no caller{% endmacro %}{% call m() %}x{% endcall %}
    {% macro a() %}a{{ caller() }}a{% endmacro %}{% macro b() %}b{{ caller() }}b{% endmacro %}{% call a() %}{% call b() %}x{% endcall %}{% endcall %}
    {% macro m() %}{{ caller() }}{% endmacro %}{% set x = 1 %}{% call m() %}{{ x }}{% endcall %}
    {% macro m() %}{% set x = 2 %}{{ caller() }}{% endmacro %}{% set x = 1 %}{% call m() %}{{ x }}{% endcall %}
    {% macro m() %}{{ caller() }}{% endmacro %}{% for i in l %}{% call m() %}{{ i }}{{ loop.index }}{% endcall %}{% endfor %}
    {% macro m() %}{{ caller()|upper }}{% endmacro %}{% call m() %}abc{% endcall %}
    {% macro m() %}{{ caller() }}{% endmacro %}{% call(x) m() %}{{ x }}{% endcall %}
    {% macro m() %}{{ caller(1) }}{% endmacro %}{% call m() %}x{% endcall %}
    {% macro m() %}{{ caller(x=1) }}{% endmacro %}{% call(x) m() %}{{ x }}{% endcall %}
    {% call missing() %}x{% endcall %}
    {% call name %}x{% endcall %}
    {% macro m(caller) %}x{% endmacro %}{{ m(1) }}
    {% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}  spaced  {% endcall %}|
    {% macro m(a, b=2) %}{{ a }}{{ b }}{{ caller() }}{% endmacro %}{% call m(1, b=3) %}x{% endcall %}
    """,
)

SUBJECT.templates(
    "malformed",
    r"""
    {% macro %}x{% endmacro %}
    {% macro m %}x{% endmacro %}
    {% macro m( %}x{% endmacro %}
    {% macro m() %}x
    {% macro m() %}x{% endmacro %}{% endmacro %}
    {% macro m(1) %}x{% endmacro %}
    {% macro m(a.b) %}x{% endmacro %}
    {% macro m(a) %}x{% end %}
    {% macro m() %}x{% endfor %}
    {% call m() %}x
    {% endcall %}
    {% macro m() %}x{% endmacro m %}{{ m() }}
    {% macro m(none) %}x{% endmacro %}x
    """,
)
