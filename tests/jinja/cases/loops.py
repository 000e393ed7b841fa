"""`for`: its special variables, forms and scopes."""

# ruff: noqa: E501 - a case is one line

from . import Subject

SUBJECT = Subject(
    "loops",
    {
        "l": ["a", "b", "c"],
        "n": [1, 2, 3, 4, 5],
        "empty": [],
        "pairs": [["x", 1], ["y", 2]],
        "triples": [[1, [2, 3]], [4, [5, 6]]],
        "d": {"k1": "v1", "k2": "v2"},
        "s": "h\u00e9y",
        "none": None,
        "num": 5,
        "repeated": [1, 1, 2, 2, 1],
        "tree": [
            {
                "name": "root",
                "children": [
                    {"name": "left", "children": []},
                    {"name": "right", "children": [{"name": "leaf", "children": []}]},
                ],
            },
            {"name": "second", "children": []},
        ],
    },
)

SUBJECT.templates(
    "variable",
    r"""
    {% for x in l %}{{ loop.index }}{{ x }}{% endfor %}
    {% for x in l %}{{ loop.index0 }}{{ x }}{% endfor %}
    {% for x in l %}{{ loop.revindex }}{{ x }}{% endfor %}
    {% for x in l %}{{ loop.revindex0 }}{{ x }}{% endfor %}
    {% for x in l %}{{ loop.first }}{{ loop.last }};{% endfor %}
    {% for x in l %}{{ loop.length }}{% endfor %}
    {% for x in l %}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}
    {% for x in l %}{{ loop.previtem|default('-') }}{{ x }}{{ loop.nextitem|default('-') }};{% endfor %}
    {% for x in l %}{{ loop.previtem is defined }};{% endfor %}
    {% for x in l %}{{ loop.cycle('odd', 'even') }};{% endfor %}
    {% for x in n %}{{ loop.cycle(1, 2, 3) }}{% endfor %}
    {% for x in repeated %}{{ loop.changed(x) }};{% endfor %}
    {% for x in repeated %}{% if loop.changed(x) %}{{ x }}{% endif %}{% endfor %}
    {% for x in repeated %}{{ loop.changed(x, 'a') }};{% endfor %}
    {% for x in l %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}
    {% for x in l %}{{ ', ' if not loop.first }}{{ x }}{% endfor %}
    {% for x in l %}{{ loop['index'] }}{% endfor %}
    {% for x in l %}{{ loop.nosuch }}{% endfor %}
    {% for x in l %}{{ loop.previtem }}{% endfor %}
    {% for x in l %}{{ loop.cycle() }}{% endfor %}
    {% for x in l %}{% set loop = 5 %}{% endfor %}
    {{ loop.index }}
    {% for x in l %}{% endfor %}{{ loop }}
    {% for loop in l %}{{ loop }}{% endfor %}
    {% for x in l %}{{ loop.length - loop.index }}{% endfor %}
    {% for x in l|reverse %}{{ loop.revindex }}{{ loop.length }}{{ loop.last }}{% endfor %}
    {% for x in l|map('upper') %}{{ loop.index }}/{{ loop.length }}{{ x }} {% endfor %}
    """,
)

SUBJECT.templates(
    "iterable",
    r"""
    {% for x in n %}{{ x }}{% endfor %}
    {% for x in s %}{{ x }}-{% endfor %}
    {% for x in d %}{{ x }},{% endfor %}
    {% for x in (1, 2) %}{{ x }}{% endfor %}
    {% for x in 1, 2, 3 %}{{ x }}{% endfor %}
    {% for x in range(3) %}{{ x }}{% endfor %}
    {% for x in [] %}{{ x }}{% else %}none{% endfor %}
    {% for x in empty %}{{ x }}{% else %}none{% endfor %}
    {% for x in '' %}x{% else %}empty{% endfor %}
    {% for x in {} %}x{% else %}empty{% endfor %}
    {% for x in none %}{{ x }}{% endfor %}
    {% for x in num %}{{ x }}{% endfor %}
    {% for x in true %}{{ x }}{% endfor %}
    {% for x in missing %}{{ x }}{% endfor %}
    {% for x in missing|default([]) %}{{ x }}{% else %}nothing{% endfor %}
    {% for x in none %}{{ x }}{% else %}e{% endfor %}
    {% for x in n[1:3] %}{{ x }}{% endfor %}
    {% for x in n if x > 2 %}{{ x }}{% endfor %}
    {% for x in l + ['d'] %}{{ x }}{% endfor %}
    {% for x in [1, 'a', none, true] %}{{ x }};{% endfor %}
    {% for x in l|sort(reverse=true) %}{{ x }}{% endfor %}
    {% for x in n|select('odd') %}{{ x }}{% endfor %}
    {% for row in n|batch(2) %}{{ row|join(',') }};{% endfor %}
    {% for x in 'ab' ~ 'c' %}{{ x }}.{% endfor %}
    {% for x in l if l else n %}{{ x }}{% endfor %}
    {% for x in (l if l else n) %}{{ x }}{% endfor %}
    """,
)

SUBJECT.templates(
    "unpack",
    r"""
    {% for a, b in pairs %}{{ a }}={{ b }};{% endfor %}
    {% for (a, b) in pairs %}{{ a }}={{ b }};{% endfor %}
    {% for a, (b, c) in triples %}{{ a }}{{ b }}{{ c }};{% endfor %}
    {% for a, b in d.items() %}{{ a }}={{ b }};{% endfor %}
    {% for a, b in triples %}{{ a }}{{ b }};{% endfor %}
    {% for a, in [[1], [2]] %}{{ a }}{% endfor %}
    {% for a, b in ['xy', 'zw'] %}{{ a }}{{ b }};{% endfor %}
    {% for a, b in [[1]] %}{{ a }}{% endfor %}
    {% for a, b in [[1, 2, 3]] %}{{ a }}{% endfor %}
    {% for a, b in [1, 2] %}{{ a }}{% endfor %}
    {% for a, b in {'ab': 1, 'cd': 2} %}{{ a }}{{ b }}{% endfor %}
    {% for a, b in pairs %}{{ loop.index }}{{ a }}{% endfor %}
    {% for k, v in {'x': [1, 2]}.items() %}{{ k }}{{ v }}{% endfor %}
    {% for a, b in l|zip(n) %}{{ a }}{% endfor %}
    """,
)

SUBJECT.templates(
    "filtered",
    r"""
    {% for x in n if x is odd %}{{ x }}{% endfor %}
    {% for x in n if x > 9 %}{{ x }}{% else %}none{% endfor %}
    {% for x in n if x is odd %}{{ loop.index }}/{{ loop.length }} {% endfor %}
    {% for x in n if x is even %}{{ loop.first }}{{ loop.last }}{{ x }} {% endfor %}
    {% for x in n if x in [2, 4] and x != 2 %}{{ x }}{% endfor %}
    {% for a, b in pairs if b > 1 %}{{ a }}{% endfor %}
    {% for x in n if not loop.first %}{{ x }}{% endfor %}
    {% for x in n if x > limit %}{{ x }}{% endfor %}
    {% for x in n if x > num - 2 %}{{ x }}{% endfor %}
    {% for x in n if missing is undefined %}{{ x }}{% endfor %}
    {% for x in n if missing %}{{ x }}{% else %}no{% endfor %}
    {% for x in n if x == 3 %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }}{% endfor %}
    {% for x in tree if x.children %}{{ x.name }}{% endfor %}
    """,
)

SUBJECT.templates(
    "nested",
    r"""
    {% for x in l %}{% for y in [1, 2] %}{{ x }}{{ y }} {% endfor %}{% endfor %}
    {% for x in l %}{% for y in [1, 2] %}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}
    {% for x in l %}{% set outer = loop %}{% for y in [1, 2] %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}
    {% for x in l %}{% for x in [1, 2] %}{{ x }}{% endfor %}{{ x }}{% endfor %}
    {% for row in [[1, 2], [3]] %}{% for c in row %}{{ c }}{% if not loop.last %},{% endif %}{% endfor %};{% endfor %}
    {% for x in l %}{% for y in empty %}y{% else %}{{ x }}{{ loop.index }}{% endfor %}{% endfor %}
    {% for x in l %}{% for y in l if y != x %}{{ x }}{{ y }} {% endfor %}{% endfor %}
    {% for x in l %}{% for y in [1] %}{{ loop.depth }}{% endfor %}{% endfor %}
    {% for a in l %}{% for b in l %}{% for c in l %}{{ loop.index0 }}{% endfor %}{% endfor %}{% endfor %}
    {% for x in empty %}{% else %}{% for y in l %}{{ y }}{% endfor %}{% endfor %}
    """,
)

SUBJECT.templates(
    "recursive",
    r"""
    {% for t in tree recursive %}{{ t.name }}{% if t.children %}({{ loop(t.children) }}){% endif %} {% endfor %}
    {% for t in tree recursive %}{{ loop.depth }}{{ t.name[0] }}{{ loop(t.children) }}{% endfor %}
    {% for t in tree recursive %}{{ loop.index }}.{{ t.name }}[{{ loop(t.children) }}]{% endfor %}
    {% for t in tree recursive %}{{ '-' * loop.depth0 }}{{ t.name }};{{ loop(t.children) if t.children }}{% endfor %}
    {% for t in tree recursive %}{{ t.name }}{% for c in t.children %}{{ c.name }}{% endfor %};{% endfor %}
    {% for t in tree recursive %}{{ t.name }}{{ loop(t.children) }}{% else %}.{% endfor %}
    {% for t in tree recursive %}{{ loop(t.children)|upper }}{{ t.name }}{% endfor %}
    {% for x in l %}{{ loop(l) }}{% endfor %}
    {% for t in tree if t.children recursive %}{{ t.name }}{{ loop(t.children) }}{% endfor %}
    {% for x in [[1, [2]], 3] recursive %}{% if x is sequence %}<{{ loop(x) }}>{% else %}{{ x }}{% endif %}{% endfor %}
    """,
)

SUBJECT.templates(
    "scope",
    r"""
    {% set x = 0 %}{% for i in n %}{% set x = x + i %}{{ x }} {% endfor %}{{ x }}
    {% set x = 'out' %}{% for x in l %}{{ x }}{% endfor %}{{ x }}
    {% for i in n %}{% endfor %}{{ i }}
    {% for i in n %}{% set y = i %}{% endfor %}{{ y }}
    {% for i in n %}{% set y = i %}{% endfor %}{{ y is defined }}
    {% for i in n %}{% if i == 1 %}{% set seen = true %}{% endif %}{{ seen is defined }} {% endfor %}
    {% for i in n %}{{ y|default('-') }}{% set y = i %}{{ y }}{% endfor %}
    {% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}
    {% if true %}{% set fresh = 2 %}{% endif %}{{ fresh }}
    {% if false %}{% set fresh = 2 %}{% endif %}{{ fresh }}
    {% if false %}{% set num = 2 %}{% endif %}{{ num }}
    {% if false %}{% set num = 2 %}{% else %}{% set other = 3 %}{% endif %}{{ num }}{{ other }}
    {% set l = [9] %}{% for x in l %}{{ x }}{% endfor %}
    {% for x in l %}{% set l = 'changed' %}{{ l }}{% endfor %}{{ l }}
    {% for x in l %}{{ num }}{% set num = 1 %}{{ num }};{% endfor %}
    {% for x in empty %}{% else %}{% set z = 1 %}{{ z }}{% endfor %}{{ z is defined }}
    {% for x in l %}{% set q = x %}{% for y in [1] %}{{ q }}{% set q = 'in' %}{{ q }}{% endfor %}{{ q }};{% endfor %}
    {% set a = 1 %}{% for x in [1] %}{% set a = 2 %}{% for y in [1] %}{{ a }}{% endfor %}{% endfor %}{{ a }}
    {% set a, b = 1, 2 %}{{ a }}{{ b }}{% set a, b = b, a %}{{ a }}{{ b }}
    {% set (a, b) = pairs[0] %}{{ a }}{{ b }}
    {% set a = b = 1 %}{{ a }}
    {% set 5 = 1 %}x
    {% set a.b = 1 %}x
    {% set a %}x{{ num }}{% endset %}[{{ a }}]
    {% set a = 1 %}{% set b = a + 1 %}{% set a = 10 %}{{ a }}{{ b }}
    {% set a, b = [1, 2, 3] %}x
    {% set a, b = 5 %}x
    {% set none = 1 %}x
    {% set true = 1 %}x
    """,
)

SUBJECT.templates(
    "if",
    r"""
    {% if num %}yes{% endif %}
    {% if num > 3 %}big{% elif num > 1 %}middle{% else %}small{% endif %}
    {% if num > 9 %}big{% elif num > 1 %}middle{% else %}small{% endif %}
    {% if num > 9 %}big{% elif num > 8 %}middle{% else %}small{% endif %}
    {% if empty %}a{% else %}b{% endif %}
    {% if '' %}a{% else %}b{% endif %}
    {% if ' ' %}a{% else %}b{% endif %}
    {% if 0.0 %}a{% else %}b{% endif %}
    {% if '0' %}a{% else %}b{% endif %}
    {% if none %}a{% else %}b{% endif %}
    {% if [none] %}a{% else %}b{% endif %}
    {% if missing %}a{% else %}b{% endif %}
    {% if not missing %}a{% else %}b{% endif %}
    {% if missing and missing.x %}a{% else %}b{% endif %}
    {% if missing.x %}a{% else %}b{% endif %}
    {% if d.missing %}a{% else %}b{% endif %}
    {% if missing == 1 %}a{% else %}b{% endif %}
    {% if missing or num %}a{% else %}b{% endif %}
    {% if range(0) %}a{% else %}b{% endif %}
    {% if num is defined and num %}a{% endif %}
    {% if num %}{% if empty %}x{% else %}y{% endif %}{% endif %}
    {% if num %}a{% else %}b{% elif x %}c{% endif %}
    {% if %}a{% endif %}
    {% if num == 5 and (empty or l) %}a{% endif %}
    {% if d %}a{% endif %}{% if {} %}b{% endif %}
    {% if num = 5 %}a{% endif %}
    """,
)
