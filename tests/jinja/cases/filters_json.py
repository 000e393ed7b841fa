"""`tojson`, escaping, and the strings that count as safe HTML afterwards."""

from . import Subject

SUBJECT = Subject(
    "filters_json",
    {
        "data": {"b": 1, "a": [True, None, 1.5, "x"], "c": {"z": 1, "y": 2}},
        "html": "<b>\"A\" & 'B'</b>",
        "unicode": "\u00e9\u6f22\U0001f600\u2028",
        "controls": "\u0000\b\t\n\u000b\f\r\u001f\u007f",
        "none": None,
        "list": ["<", ">"],
    },
)

SUBJECT.expressions(
    "tojson",
    r"""
    data|tojson
    data|tojson(2)
    data|tojson(indent=4)
    data|tojson(0)
    data|tojson(none)
    html|tojson
    unicode|tojson
    controls|tojson
    none|tojson
    true|tojson
    1|tojson
    1.0|tojson
    1e16|tojson
    1e-7|tojson
    (0.1 + 0.2)|tojson
    -0.0|tojson
    2 ** 100|tojson
    (2 ** 100)|tojson
    'a"b\\c/d'|tojson
    []|tojson
    {}|tojson
    []|tojson(2)
    {}|tojson(2)
    [[], {}]|tojson(2)
    (1, 2)|tojson
    [1, [2, [3]]]|tojson(1)
    {'a': [1, 2], 'b': {}}|tojson(indent=2)
    {1: 'a'}|tojson
    {1.5: 'a'}|tojson
    {true: 'a'}|tojson
    {none: 'a'}|tojson
    {(1, 2): 'a'}|tojson
    {'b': 1, 'a': 2, 'C': 3, 'é': 4}|tojson
    {1: 'a', 'b': 2}|tojson
    {2: 'a', 10: 'b'}|tojson
    (1e308 * 10)|tojson
    (-1e308 * 10)|tojson
    range(3)|tojson
    range(3)|list|tojson
    data.items()|list|tojson
    'x'|tojson|length
    'x'|tojson ~ 'y'
    [1, 2]|tojson('  ')
    [1, 2]|tojson(indent='--')
    data|tojson|upper
    "it's"|tojson
    [data|tojson]|tojson
    data|tojson|tojson
    data|tojson(-1)
    data|tojson(true)
    {'a': 1}|tojson(1.5)
    """,
)

SUBJECT.expressions(
    "escape",
    r"""
    html|escape
    html|e
    html|e|e
    html|forceescape
    html|e|forceescape
    html|safe
    html|safe|forceescape
    1|e
    none|e
    [html]|e
    list|e
    ''|e
    '&amp;'|e
    '"'|e
    "'"|e
    html|e|length
    html|e|upper
    html|e|string
    '<'|e == '&lt;'
    1.5|e
    true|e
    """,
)

SUBJECT.expressions(
    "safe",
    r"""
    ('<b>'|safe) ~ '<i>'
    ('<b>'|safe) + '<i>'
    ('a'|safe) * 2
    ['<', 'a'|safe]|join
    ['<', 'b']|join('<i>'|safe)
    ('<b>'|safe)|replace('b', '<')
    ('a b'|safe).split() == ['a', 'b']
    ('<'|e) in '&lt;'
    ('<b>x</b>'|safe)|striptags
    {'<'|e: 1}['&lt;']
    ('a'|e)|tojson
    'x<'|e|replace('x', '<')
    """,
)

SUBJECT.expressions(
    "xmlattr",
    r"""
    {'class': 'a b', 'id': 'x'}|xmlattr
    {'class': 'a', 'skip': none}|xmlattr
    {'a': '<"&>'}|xmlattr
    {'a': 1, 'b': true}|xmlattr
    {'a': 1}|xmlattr(false)
    {'a': 1}|xmlattr(autospace=true)
    {}|xmlattr
    {'a b': 1}|xmlattr
    {'a/b': 1}|xmlattr
    {'a=b': 1}|xmlattr
    {'a>b': 1}|xmlattr
    {'data-x': 'é'}|xmlattr
    'text'|xmlattr
    {'a': missing|default(none)}|xmlattr
    """,
)
