"""`is` and `is not`, with every test that Jinja2 has."""

from . import Subject

SUBJECT = Subject(
    "tests",
    {
        "n": 6,
        "f": 1.5,
        "s": "Text",
        "lower": "text",
        "upper": "TEXT",
        "l": [1, 2],
        "d": {"a": 1},
        "none": None,
        "yes": True,
        "no": False,
        "empty": "",
        "mixed": "Text9",
        "digits": "12",
    },
)

SUBJECT.expressions(
    "type",
    r"""
    n is number
    f is number
    yes is number
    s is number
    n is integer
    f is integer
    3.0 is integer
    yes is integer
    f is float
    n is float
    s is string
    n is string
    ''|e is string
    l is string
    yes is boolean
    n is boolean
    1 is boolean
    none is boolean
    none is none
    n is none
    missing is none
    l is sequence
    s is sequence
    d is sequence
    n is sequence
    (1, 2) is sequence
    range(2) is sequence
    none is sequence
    l is iterable
    s is iterable
    d is iterable
    n is iterable
    none is iterable
    range(2) is iterable
    l|map('string') is iterable
    d is mapping
    l is mapping
    s is mapping
    range is callable
    s is callable
    n is callable
    """,
)

SUBJECT.expressions(
    "value",
    r"""
    yes is true
    no is true
    1 is true
    'true' is true
    no is false
    0 is false
    none is false
    n is even
    n is odd
    7 is odd
    0 is even
    -3 is odd
    -2 is even
    2.0 is even
    2.5 is odd
    's' is even
    none is odd
    yes is odd
    n is divisibleby 3
    n is divisibleby(4)
    n is divisibleby 0
    7.5 is divisibleby 2.5
    's' is divisibleby 2
    0 is divisibleby 3
    lower is lower
    s is lower
    upper is upper
    s is upper
    empty is lower
    mixed is lower
    digits is upper
    digits is lower
    n is lower
    none is upper
    'É' is upper
    'ß' is lower
    s is escaped
    (s|e) is escaped
    """,
)

SUBJECT.expressions(
    "comparison",
    r"""
    n is eq 6
    n is eq(6)
    n is equalto 6
    n is sameas n
    n is ==  6
    n is ne 6
    n is ne 7
    n is gt 5
    n is greaterthan 5
    n is ge 6
    n is lt 7
    n is lessthan 7
    n is le 6
    1 is eq 1.0
    1 is eq true
    'a' is lt 'b'
    1 is lt 'a'
    none is sameas none
    yes is sameas true
    1 is sameas true
    no is sameas false
    0 is sameas false
    1 is in [1, 2]
    'a' is in 'abc'
    'a' is in d
    3 is in l
    3 is not in l
    1 is in 5
    l is eq [1, 2]
    d is eq {'a': 1}
    n is eq 'x'
    """,
)

SUBJECT.expressions(
    "defined",
    r"""
    n is defined
    missing is defined
    missing is undefined
    n is undefined
    d.a is defined
    d.b is defined
    d.b.c is defined
    missing.a is defined
    l[0] is defined
    l[5] is defined
    none is defined
    empty is defined
    missing is not defined
    not missing is defined
    missing is defined and missing.x
    missing is undefined or missing.x
    range is defined
    loop is defined
    varargs is defined
    caller is defined
    """,
)

SUBJECT.expressions(
    "names",
    r"""
    'upper' is filter
    'nosuch' is filter
    'odd' is test
    'nosuch' is test
    '==' is test
    'e' is filter
    'tojson' is filter
    n is filter
    """,
)

SUBJECT.expressions(
    "syntax",
    r"""
    n is not odd
    not n is odd
    n is not divisibleby 4
    n is divisibleby 3 and n is even
    n is odd or n is even
    'yes' if n is even else 'no'
    [n is even, n is odd]
    n is even == true
    n + 1 is odd
    (n + 1) is odd
    n is nosuch
    n is not nosuch
    n is
    n is not
    n is 5
    n is eq
    n is divisibleby
    n is odd(1)
    n is even|string
    (n is even)|string
    n is in [6] and true
    n is eq n|int
    n is lt n * 2
    s is string and s|length > 2
    -1 is lt 0
    n is none or n is number
    """,
)
