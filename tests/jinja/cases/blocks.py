"""`set`, `filter`, `with`, `raw`, comments and what Jinja2 has besides."""

from . import Subject

SUBJECT = Subject("blocks", {"name": "Ada", "l": ["b", "a"], "n": 3, "html": "<b>"})

SUBJECT.templates(
    "set",
    r"""
    {% set x %}body{% endset %}{{ x }}
    {% set x %}  {{ name }}  {% endset %}[{{ x }}]
    {% set x | upper %}body {{ name }}{% endset %}{{ x }}
    {% set x | trim | upper %}  body  {% endset %}[{{ x }}]
    {% set x | replace('a', 'b') %}aaa{% endset %}{{ x }}
    {% set x | indent(2) | length %}a{% endset %}{{ x + 1 }}
    {% set x %}{% for i in l %}{{ i }}{% endfor %}{% endset %}{{ x }}{{ x|length }}
    {% set x %}{% endset %}[{{ x }}]
    {% set x %}a{% endset %}{{ x is string }}
    {% set x %}{{ html }}{% endset %}{{ x }}{{ x|e }}
    {% set x %}1{% endset %}{{ x + '1' }}
    {% set x %}{% set y = 5 %}{{ y }}{% endset %}{{ x }}{{ y is defined }}
    {% set x = 1 %}{% set x %}{{ x }}{{ x }}{% endset %}{{ x }}
    {% set x, y %}a{% endset %}{{ x }}
    {% set x = %}a{% endset %}
    {% set x %}a
    {% set %}a{% endset %}
    {% set x = 1, 2 %}{{ x }}
    {% set x = (1, 2) %}{{ x[1] }}
    {% set x = [1, 2] %}{{ x }}
    {% set x = {'a': 1} %}{{ x.a }}
    {% set x = name|upper %}{{ x }}
    {% set x = 'a' if n > 2 else 'b' %}{{ x }}
    {% set x = 'a' if n > 9 %}[{{ x }}]
    {% set x = n is odd %}{{ x }}
    {% set x = missing %}fine
    {% set x = missing %}{{ x }}
    {% set x = missing %}{{ x is defined }}
    {% set x = missing|default('d') %}{{ x }}
    {% set x = n and name %}{{ x }}
    """,
)

SUBJECT.templates(
    "filter",
    r"""
    {% filter upper %}text {{ name }}{% endfilter %}
    {% filter replace('a', 'x') %}banana{% endfilter %}
    {% filter upper | replace('A', '4') %}banana{% endfilter %}
    {% filter trim %}  x  {% endfilter %}|
    {% filter indent(2, true) %}a{% endfilter %}|
    {% filter e %}{{ html }}{% endfilter %}
    {% filter nosuch %}a{% endfilter %}
    {% filter upper %}{% for x in l %}{{ x }}{% endfor %}{% endfilter %}
    {% filter upper %}{% filter replace('B', 'c') %}aB{% endfilter %}{% endfilter %}
    {% filter upper %}{% set y = 1 %}{{ y }}{% endfilter %}{{ y is defined }}
    {% filter upper %}{{ missing }}{% endfilter %}
    {% filter truncate(5, true, '', 0) %}abcdefghij{% endfilter %}
    {% filter upper %}a
    {% filter %}a{% endfilter %}
    {% filter title %}{% if n %}some words{% endif %}{% endfilter %}
    """,
)

SUBJECT.templates(
    "with",
    r"""
    {% with %}{% set x = 1 %}{{ x }}{% endwith %}{{ x is defined }}
    {% with x = 1 %}{{ x }}{% endwith %}
    {% with x = 1, y = 2 %}{{ x }}{{ y }}{% endwith %}
    {% with x = 1, y = x %}{{ y }}{% endwith %}
    {% set x = 9 %}{% with x = 1, y = x %}{{ x }}{{ y }}{% endwith %}{{ x }}
    {% with name = 'x' %}{{ name }}{% endwith %}{{ name }}
    {% with x = name|upper %}{{ x }}{% endwith %}
    {% with a, b = (1, 2) %}{{ a }}{{ b }}{% endwith %}
    {% with x = 1 %}{% with x = 2 %}{{ x }}{% endwith %}{{ x }}{% endwith %}
    {% with x = 1 %}{% for i in l %}{{ i }}{{ x }}{% endfor %}{% endwith %}
    {% with x = missing %}{{ x }}{% endwith %}
    {% with x = missing %}fine{% endwith %}
    {% with x = 1 %}{% set x = 2 %}{{ x }}{% endwith %}
    {% with x %}{{ x }}{% endwith %}
    {% with x = 1 %}{{ x }}
    {% for i in l %}{% with j = i %}{{ j }}{{ loop.index }}{% endwith %}{% endfor %}
    {% with x = {'a': 1} %}{{ x.a }}{% endwith %}
    """,
)

SUBJECT.templates(
    "raw",
    r"""
    {% raw %}{{ name }}{% endraw %}
    {% raw %}{% if x %}{{ y }}{% endif %}{# c #}{% endraw %}
    {% raw %}{% endraw %}x
    a{% raw -%}  x  {%- endraw %}b
    a {%- raw %} x {% endraw -%} b
    {% raw %}{{{% endraw %}{{ name }}
    {% raw %}{% raw %}{% endraw %}
    {% raw %}x
    {%raw%}{{x}}{%endraw%}
    {% raw %} {% endraw %}|
    {{ '{{' }} name {{ '}}' }}
    {{ '{%' }} if {{ "%}" }}
    { { name } }
    {name}
    {%- raw -%} x {%- endraw -%} y
    """,
)

SUBJECT.templates(
    "comment",
    r"""
    a{# comment #}b
    a{# {{ name }} {% if %} #}b
    a {#- x -#} b
    a {# x -#} b
    a {#- x #} b
    a{##}b
    a{# multi {# nested #}b
    a{# open
    a #} b
    {# only #}x
    a{#x#}{#y#}b
    {{ name {# inside #} }}
    a{#+ x +#}b
    """,
)
SUBJECT.case("comment-over-lines", "a{# one\ntwo\n#}b")
SUBJECT.case("comment-line", "a\n{# note #}\nb")
SUBJECT.case("raw-over-lines", "{% raw %}\n{{ a }}\n{% endraw %}\nb")
SUBJECT.case("line-statement", "# for x in l\n{{ name }}\n## not a comment")

SUBJECT.templates(
    "malformed",
    r"""
    {{ name
    {{ name }
    {{ }}
    {% %}
    {% if name %}x
    {% endif %}
    {% for x in l %}x
    {% for x %}x{% endfor %}
    {% for in l %}x{% endfor %}
    {% for x l %}x{% endfor %}
    {% for x in %}x{% endfor %}
    {% for 1 in l %}x{% endfor %}
    {% for x.y in l %}x{% endfor %}
    {% else %}
    {% elif name %}
    {% nosuch %}
    {% if name %}a{% endfor %}
    {% for x in l %}a{% endif %}
    {% if name %}{% for x in l %}{% endif %}{% endfor %}
    {% IF name %}x{% ENDIF %}
    {{ name }}}
    }}
    %}
    {{ name }} %} }}
    {% for x in l %}{% break %}{% endfor %}x
    {% for x in l %}{% continue %}{% endfor %}x
    {% trans %}x{% endtrans %}
    {% debug %}
    {{ name|upper| }}
    {{ name| }}
    {{ name || upper }}
    {{ name.upper( }}
    {{ name.upper()) }}
    {{ f(a b) }}
    {{ f(a=1, 2) }}
    {{ f(,) }}
    {{ [,] }}
    {{ {,} }}
    {{ name[1 }}
    {{ name is is string }}
    {{ not }}
    {{ and name }}
    {{ if name }}
    {{ name if }}
    {{ name if n else }}
    {{ for }}
    {{ in l }}
    {{ name in }}
    {{ name not l }}
    {{ 5 name }}
    {{ "a }}
    {{ 'a" }}
    {% if name == %}x{% endif %}
    {% set = 1 %}x
    {% set x 1 %}x
    {{ a.b.c.d. }}
    {{ name..upper }}
    {{ -}}x
    {{ name -}} x {{- }}
    """,
)
