"""Filters about numbers, sizes and conversions."""

from . import Subject

SUBJECT = Subject(
    "filters_numbers",
    {"n": 42, "f": 42.55, "text": "12", "none": None, "yes": True, "list": [3, 1, 2]},
)

SUBJECT.expressions(
    "int",
    r"""
    '42'|int
    '42.9'|int
    '-42.9'|int
    ' 42 '|int
    '+7'|int
    '1_000'|int
    'abc'|int
    'abc'|int(7)
    'abc'|int(default=-1)
    ''|int
    none|int
    none|int(5)
    yes|int
    false|int
    3.99|int
    -3.99|int
    1e20|int
    '1e3'|int
    '0x1F'|int
    '0x1F'|int(base=16)
    '1F'|int(0, 16)
    '0b101'|int(0, 2)
    '0o17'|int(0, 8)
    '0x1F'|int(0, 0)
    'zz'|int(0, 36)
    '12'|int(0, 3)
    '19'|int(-1, 8)
    '١٢'|int
    [1]|int
    {}|int(9)
    'inf'|int
    'inf'|int(3)
    'nan'|int(4)
    (1e308 * 10)|int(5)
    '99999999999999999999'|int
    '1.5e2'|int
    '.5'|int
    '5.'|int
    '1__0'|int
    'abc'|int('x')
    '12abc'|int
    '0012'|int
    text|int + 1
    """,
)

SUBJECT.expressions(
    "float",
    r"""
    '4.5'|float
    '42'|float
    ' 1.5 '|float
    'abc'|float
    'abc'|float(1.5)
    'abc'|float(default='x')
    none|float
    none|float(2)
    yes|float
    3|float
    '1e3'|float
    '1e400'|float
    'inf'|float
    '-Infinity'|float
    'nan'|float
    '1_0.5'|float
    '.5'|float
    '5.'|float
    ''|float
    [1]|float
    '0x10'|float
    '١.٥'|float
    99999999999999999999|float
    (2 ** 53 + 1)|float
    'infinityx'|float
    '1e'|float
    """,
)

SUBJECT.expressions(
    "round",
    r"""
    42.55|round
    42.55|round(1)
    42.55|round(1, 'floor')
    42.55|round(1, 'ceil')
    42.55|round(method='floor')
    42.45|round(precision=1)
    0.5|round
    1.5|round
    2.5|round
    -0.5|round
    -1.5|round
    2.675|round(2)
    1234.567|round(-2)
    1250|round(-2)
    1350|round(-2)
    1234|round
    1234|round(2)
    1234|round(-1, 'floor')
    1234|round(-1, 'ceil')
    1234|round(0, 'ceil')
    3|round(0, 'floor')
    42.1|round|int
    -42.55|round(1, 'floor')
    -42.55|round(1, 'ceil')
    1e16|round
    1e300|round(2)
    0.1|round(20)
    yes|round
    '4.5'|round
    none|round
    42.55|round(1, 'nearest')
    1.005|round(2)
    5e-324|round(3)
    0.15|round(1)
    0.25|round(1)
    0.35|round(1)
    15|round(-1)
    25|round(-1)
    """,
)

SUBJECT.expressions(
    "abs",
    r"""
    -5|abs
    (-5)|abs
    -5.5|abs
    (-0.0)|abs
    5|abs
    yes|abs
    'a'|abs
    none|abs
    [1]|abs
    (-(2 ** 100))|abs
    """,
)

SUBJECT.expressions(
    "filesizeformat",
    r"""
    0|filesizeformat
    1|filesizeformat
    1.0|filesizeformat
    2|filesizeformat
    999|filesizeformat
    1000|filesizeformat
    1024|filesizeformat
    1024|filesizeformat(true)
    1023|filesizeformat(true)
    1500|filesizeformat
    1000000|filesizeformat
    13000000|filesizeformat(binary=true)
    1e9|filesizeformat
    1e12|filesizeformat
    1e15|filesizeformat
    1e18|filesizeformat
    1e21|filesizeformat
    1e24|filesizeformat
    1e27|filesizeformat
    1e28|filesizeformat(true)
    999999|filesizeformat
    999949|filesizeformat
    '1234'|filesizeformat
    '12.7'|filesizeformat
    0.5|filesizeformat
    -1|filesizeformat
    -5000|filesizeformat
    'abc'|filesizeformat
    none|filesizeformat
    1048576|filesizeformat(binary=True)
    """,
)

SUBJECT.expressions(
    "string",
    r"""
    1|string
    1.0|string
    none|string
    yes|string
    [1, 'a']|string
    {'a': 1}|string
    1|string ~ '2'
    [1|string]
    1e16|string|length
    (1,)|string
    'a'|string
    """,
)

SUBJECT.expressions(
    "min-max-sum",
    r"""
    list|min
    list|max
    list|sum
    []|min
    []|max
    []|min|default('none')
    []|sum
    []|sum(start=5)
    [1, 2.5]|sum
    [1, 2]|sum(start=10)
    ['a', 'B', 'c']|min
    ['a', 'B', 'c']|max
    ['a', 'B', 'c']|min(case_sensitive=true)
    ['a', 'B', 'c']|max(true)
    [{'v': 3}, {'v': 1}]|min(attribute='v')
    [{'v': 3}, {'v': 1}]|max(attribute='v')
    [{'v': 3}, {'v': 1}]|sum(attribute='v')
    [{'v': 3}, {'v': 1}]|sum('v', 10)
    [{'v': {'w': 3}}, {'v': {'w': 4}}]|sum('v.w')
    [[1, 2], [3, 4]]|sum(attribute=1)
    [[1, 2], [3, 4]]|sum(attribute='0')
    [[1], [2]]|sum(start=[])
    ['a', 'b']|sum
    ['a', 'b']|sum(start='')
    [true, true]|sum
    [1, 'a']|max
    [none, 1]|min
    [1, 1.0, true]|max
    [true, 1]|min
    range(5)|sum
    range(5)|max
    {'b': 1, 'a': 2}|min
    'hello'|max
    5|max
    5|sum
    [2 ** 64, 2 ** 65]|sum
    [[1, 3], [1, 2]]|min
    """,
)
