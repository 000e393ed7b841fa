"""What is not there, in every position."""

from . import Subject

SUBJECT = Subject("undefined", {"user": {"name": "Ada"}, "l": [1, 2], "name": "Ada", "users": [{"a": 1}, {}]})

SUBJECT.expressions(
    "print",
    r"""
    missing
    user.missing
    user['missing']
    user.missing.more
    missing.more
    missing['x']
    missing[0]
    missing()
    missing.method()
    user.method()
    name.missing
    l[5]
    l[-3]
    missing|upper
    missing|length
    missing|list
    missing|join
    missing|first
    missing|string
    missing|int
    missing|float
    missing|e
    missing|safe
    missing|tojson
    missing|sort
    missing|replace('a', 'b')
    missing|trim
    missing|round
    missing|abs
    missing|wordcount
    missing|indent
    missing|format
    missing|default('d')
    missing|reverse
    missing|unique|list
    missing|sum
    missing|batch(2)|list
    missing|dictsort
    missing|urlencode
    missing|striptags
    missing|truncate
    missing|wordwrap
    missing|title
    missing|capitalize
    missing|center
    missing|filesizeformat
    missing|xmlattr
    missing|attr('x')
    missing|min
    missing|groupby('x')
    missing|urlize
    """,
)

SUBJECT.expressions(
    "operator",
    r"""
    missing + 1
    1 + missing
    missing - 1
    missing * 2
    2 * missing
    missing / 2
    missing // 2
    missing % 2
    missing ** 2
    -missing
    missing ~ 'a'
    'a' ~ missing
    'a' + missing
    missing + 'a'
    'a' * missing
    '%s' % missing
    missing % 'a'
    missing == 1
    1 == missing
    missing == missing
    missing != 1
    missing < 1
    1 < missing
    missing >= 1
    missing in [1]
    1 in missing
    missing in user
    missing not in l
    [missing] == [1]
    not missing
    missing and 1
    missing or 1
    1 and missing
    1 or missing
    0 or missing
    0 and missing
    missing and missing
    missing or missing
    (missing or none) is none
    missing if true
    missing if missing else 'else'
    'a' if missing else 'b'
    'a' if not missing else 'b'
    'a' if missing.x else 'b'
    l[missing]
    l[missing:]
    user[missing]
    [missing]|length
    {'a': missing}|length
    {missing: 1}
    (missing, 1)[1]
    [missing, 1][1]
    [missing]|first|default('d')
    range(missing)
    l|join(missing)
    l|batch(missing)|list
    name.replace('a', missing)
    name.split(missing)
    '{}'.format(missing)
    'a'|replace('a', missing)
    'a'|default(missing)
    missing|default(missing)
    dict(a=missing)|length
    """,
)

SUBJECT.expressions(
    "test",
    r"""
    missing is defined
    missing is undefined
    missing is none
    missing is string
    missing is number
    missing is mapping
    missing is sequence
    missing is iterable
    missing is true
    missing is false
    missing is boolean
    missing is odd
    missing is divisibleby 2
    missing is eq 1
    missing is lt 1
    missing is in [1]
    missing is lower
    missing is sameas none
    missing is integer
    missing is float
    missing is escaped
    missing is filter
    user.missing is defined
    user.missing.more is defined
    user.name is defined
    missing.more is defined
    (missing) is defined
    missing is not defined
    missing is defined or 'no'
    """,
)

SUBJECT.templates(
    "statement",
    r"""
    {% if missing %}a{% else %}b{% endif %}
    {% if missing is defined %}a{% else %}b{% endif %}
    {% if user.missing %}a{% else %}b{% endif %}
    {% if missing.x is defined %}a{% else %}b{% endif %}
    {% if missing > 1 %}a{% else %}b{% endif %}
    {% if missing == 'x' %}a{% else %}b{% endif %}
    {% if missing != 'x' %}a{% else %}b{% endif %}
    {% if missing in l %}a{% else %}b{% endif %}
    {% if missing|length %}a{% else %}b{% endif %}
    {% for x in missing %}{{ x }}{% else %}none{% endfor %}
    {% for x in user.missing %}{{ x }}{% endfor %}
    {% for x in missing|default([]) %}{{ x }}{% else %}none{% endfor %}
    {% for x in missing or [] %}{{ x }}{% else %}none{% endfor %}
    {% set x = missing %}{{ x }}
    {% set x = missing %}{% if x %}a{% else %}b{% endif %}
    {% set x = user.missing %}{{ x|default('d') }}
    {% set x = missing.more %}fine
    {% with x = missing %}{{ x }}{% endwith %}
    {% with x = missing %}{{ x is defined }}{% endwith %}
    {% macro m(a) %}{{ a }}{% endmacro %}{{ m(missing) }}
    {% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m(missing) }}
    {% macro m(a='d') %}{{ a }}{% endmacro %}{{ m(missing) }}
    {% macro m(a='d') %}{{ a|default('e') }}{% endmacro %}{{ m(missing) }}
    {% call missing() %}x{% endcall %}
    {% filter upper %}{{ missing }}{% endfilter %}
    {% for u in users %}{{ u.a|default('-') }}{% endfor %}
    {% for u in users %}{{ u.a }}{% endfor %}
    {% for u in users %}{{ u.a is defined }};{% endfor %}
    {% for u in users if u.a %}{{ u.a }}{% endfor %}
    {{ users[1].a }}
    {{ users[0].b }}
    {{ users.0.b }}
    {% for x in l %}{{ x }}{{ missing }}{% endfor %}
    {% for x in [] %}{{ missing }}{% endfor %}fine
    {% if false %}{{ missing }}{% endif %}fine
    {{ 'a' if true else missing }}
    {{ missing if false else 'a' }}
    {% set missing = 1 %}{{ missing }}
    {{ missing }}{% set missing = 1 %}
    {% for x in l %}{% set y = x %}{% endfor %}{{ y }}
    {% if missing is defined and missing.x %}a{% else %}b{% endif %}
    {% if user and user.name %}{{ user.name }}{% endif %}
    {{ (missing|default({})).name|default('anonymous') }}
    {{ (missing or {}).name is defined }}
    {{ user.get('missing', 'd') }}
    {{ user.get('missing') }}
    {{ missing.get('x') }}
    {{ user.name.first }}
    {{ user.name.first|default('d') }}
    {{ user.first.name|default('d') }}
    {{ user['first']['name'] }}
    {{ user.first['name'] }}
    {{ user[name] }}
    {{ user[missing] }}
    {{ l.missing }}
    {{ l[0].missing }}
    {{ _hidden }}
    {{ undefined }}
    {{ null }}
    {{ nil }}
    {{ TRUE }}
    """,
)
