"""Arithmetic, comparison and logic, with Python's rules for mixed types."""

from . import Subject

SUBJECT = Subject(
    "operators",
    {
        "n": 7,
        "m": -7,
        "f": 2.5,
        "zero": 0,
        "name": "Ada",
        "empty": "",
        "items": [1, 2, 3],
        "user": {"name": "Ada", "tags": ["x", "y"]},
        "nothing": None,
        "yes": True,
    },
)

SUBJECT.expressions(
    "division",
    r"""
    7 / 2
    6 / 2
    -7 / 2
    0 / 5
    7 // 2
    -7 // 2
    7 // -2
    -7 // -2
    7.5 // 2
    -7.5 // 2
    7 // 2.0
    0.0 // 3
    -0.5 // 1
    1 // 0.1
    6 // 0.1
    7 % 3
    -7 % 3
    7 % -3
    -7 % -3
    7.5 % 2
    -7.5 % 2
    7.5 % -2
    -1 % 1e20
    5 % 0.1
    -0.0 % 3
    0 % -3.0
    1e20 % 7
    n / zero
    n // zero
    n % zero
    n / 0.0
    f // 0
    f % 0.0
    """,
)

SUBJECT.expressions(
    "power",
    r"""
    2 ** 10
    2 ** 0
    2 ** -1
    10 ** -3
    (-2) ** 3
    -2 ** 2
    (-2) ** 2
    2 ** 0.5
    4 ** 0.5
    2.0 ** 3
    2 ** 3 ** 2
    0 ** 0
    0.0 ** 0
    0 ** -1
    0.0 ** -1
    1 ** 1000
    (-1) ** 1001
    10 ** 20
    10.0 ** 20
    10.0 ** 400
    -3 ** 3
    2 ** 1 ** 3
    """,
)

SUBJECT.expressions(
    "mixed",
    r"""
    1 + 1.0
    1 - 1
    1 - 1.0
    2 * 3.5
    true + true
    true + 1
    true * 3
    true - false
    -true
    true / 2
    true // 2
    1 + false
    2 ** true
    true % 2
    'a' * 3
    3 * 'a'
    'ab' * 0
    'ab' * -1
    'ab' * true
    [1] * 3
    2 * [1, 2]
    [0] * -1
    (1, 2) * 2
    (1,) + (2, 3)
    [1] + [2]
    [] + []
    'a' + 'b'
    items + [4]
    'a' 'b' + 'c'
    -items|length
    - 2 + 5
    - - 2
    1 - -1
    2*-3
    -(3)
    -2.5
    1 + 2 * 3
    (1 + 2) * 3
    10 - 3 - 2
    100 / 10 / 2
    100 // 7 // 2
    2 * 3 % 4
    7 - 2 ** 2
    -n
    -f
    """,
)

SUBJECT.expressions(
    "type-error",
    r"""
    1 + 'a'
    'a' + 1
    'a' - 'b'
    'a' * 'b'
    'a' * 1.5
    'a' / 2
    [1] + (2,)
    [1] - [1]
    {} + {}
    none + 1
    nothing * 2
    -'a'
    -none
    -[1]
    +'a'
    'a' ** 2
    [1] * [2]
    [1] * 1.0
    {'a': 1} * 2
    none // 2
    5 % 'a'
    name + n
    """,
)

SUBJECT.expressions(
    "concat",
    r"""
    1 ~ 2
    'a' ~ 1 ~ none ~ true
    1.0 ~ ''
    [1] ~ {'a': 'b'}
    1 ~ 2 + 3
    1 + 2 ~ 3
    '[' ~ 2 * 3 ~ ']'
    'a' ~ -1
    name ~ '!' if yes
    'x' ~ items|length
    -1 ~ 2
    1 ~ 2 == '12'
    2 ** 3 ~ 4
    (1, 2) ~ ''
    """,
)

SUBJECT.expressions(
    "comparison",
    r"""
    1 == 1.0
    1 == true
    0 == false
    2 == true
    '1' == 1
    none == false
    none == none
    [] == ()
    [1, 2] == [1, 2]
    [1, 2] == [1.0, 2.0]
    (1, 2) == [1, 2]
    {'a': 1} == {'a': 1.0}
    {'a': 1, 'b': 2} == {'b': 2, 'a': 1}
    'a' != 'A'
    1 != 1
    1 < 2 < 3
    1 < 3 < 2
    3 > 2 > 1
    1 < 2 == 2
    1 == 1 == 1
    1 == 1.0 != 2
    (1 < 2) == true
    1 < 2 < 3 < 4 <= 4
    'a' < 'b'
    'B' < 'a'
    'a' < 'aa'
    'é' > 'z'
    '10' < '9'
    [1, 2] < [1, 3]
    [1] < [1, 0]
    [] < [0]
    [2] > [1, 9, 9]
    (1, 2) < (1, 2, 0)
    (1, 'a') < (1, 'b')
    ['a', 1] <= ['a', 1]
    1 < 1.5
    2 >= 2.0
    true < 2
    false < true
    0.1 + 0.2 == 0.3
    -0.0 == 0
    1e308 * 10 == 1e309
    [[1], [2]] < [[1], [3]]
    range(3) == range(0, 3)
    range(3) == [0, 1, 2]
    1 is lt 2
    """,
)

SUBJECT.expressions(
    "comparison-error",
    r"""
    1 < 'a'
    'a' < 1
    none < 1
    none < none
    [1] < ['a']
    [1] < (2,)
    {} < {}
    [1] < 1
    true < 'a'
    {'a': 1} > {'a': 0}
    1 < 2 < 'a'
    2 < 1 < 'a'
    [1, 'a'] < [2, 1]
    """,
)

SUBJECT.expressions(
    "membership",
    r"""
    1 in [1, 2]
    1.0 in [1, 2]
    true in [1]
    '1' in [1]
    'a' in 'abc'
    '' in 'abc'
    'ac' in 'abc'
    'a' in ''
    'a' not in 'abc'
    4 not in items
    'name' in user
    'Ada' in user
    'missing' not in user
    'x' in user.tags
    1 in {1: 2}
    1 in {1.0: 2}
    [1] in [[1], 2]
    (1, 2) in [(1, 2)]
    2 in range(3)
    3 in range(3)
    2.0 in range(3)
    none in [none]
    none in []
    1 in (1, 2)
    not 1 in [1]
    not 'a' in 'b'
    1 in [1] == true
    1 in [1] in [[1]]
    'a' in ['ab']
    'a' in user.items()
    ('name', 'Ada') in user.items()
    'name' in user.keys()
    'Ada' in user.values()
    1 in 'abc'
    none in 'abc'
    1 in 5
    1 in none
    [1] in {'a': 1}
    """,
)

SUBJECT.expressions(
    "logic",
    r"""
    1 and 2
    0 and 2
    '' and 1
    [] or 'empty'
    0 or none
    none or 0 or ''
    1 or boom
    0 and boom
    not 0
    not 'a'
    not []
    not {}
    not not 1
    not ()
    not 0.0
    not none
    1 and 2 or 3
    0 and 2 or 3
    1 or 2 and 0
    not 1 == 2
    not true or true
    (not true) or true
    not (true or true)
    true and not false
    name and name|upper
    empty or 'nobody'
    user.name or 'x'
    items and items[0]
    1 == 1 and 2 == 2
    none and none.x
    ' ' or 'blank'
    '0' and 'text'
    -0.0 or 'zero'
    range(0) or 'no range'
    """,
)

SUBJECT.expressions(
    "conditional",
    r"""
    'a' if true else 'b'
    'a' if false else 'b'
    'a' if false
    'a' if true
    1 if 0 else 2 if 0 else 3
    1 if 0 else 2 if 1 else 3
    (1 if 0) is defined
    (1 if 0) is undefined
    (1 if 0)|default('d')
    'x' ~ ('a' if false) ~ 'y'
    ('a' if false)|upper
    ('a' if false)|length
    'a' if items else 'b'
    'a' if empty else 'b'
    'a' if not empty else 'b'
    'a' if n > 3 and m < 0 else 'b'
    1 + 2 if true else 3
    (1 if true else 2) + 10
    [1 if true else 2, 3 if false else 4]
    {'k': 'a' if true else 'b'}
    name if name is string else boom
    boom if false else 'fine'
    'a' if 'b' if false else true else 'c'
    ('a' if false) + 'b'
    ('a' if false) == ('b' if false)
    """,
)

SUBJECT.expressions(
    "precedence",
    r"""
    1 + 2|string
    (1 + 2)|string ~ 'x'
    -1|abs
    (-1)|abs
    -5|string|length
    2 * 3|float
    not 1 in [2]
    not items is string
    1 + 1 is odd
    1 + (1 is odd)
    2 ** 2|int
    -2 is lt 0
    'a' ~ 'b'|upper
    'a' + 'b'|upper
    1 < 2|int
    [1, 2][0] + 3
    {'a': 2}.a * 3
    'abc'[1]|upper
    'a,b'.split(',')[1] * 2
    3 is odd and 4 is even
    4 is not odd
    not 4 is odd
    1 if 2 is even else 3
    10 - 2|abs
    5 is divisibleby 5 == true
    5 is divisibleby(5) and true
    2 ** -1 * 4
    -2 ** -2
    1 - 2 ~ 3 - 4
    1 ~ 2 in '3124'
    8 // 3 * 2
    8 * 3 // 2
    7 % 4 * 2
    """,
)

SUBJECT.expressions(
    "large-division",
    r"""
    695721409702130266 / -11
    true / 2791595160699035993
    9007199254740993 / 3
    (2 ** 100 + 1) / 3
    1 / (2 ** 126 - 1)
    (2 ** 126 - 1) / (2 ** 126 - 3)
    -(10 ** 30) / 7
    (2 ** 126) / (2 ** 120)
    0 / -5
    0 / -(2 ** 100)
    9007199254740993 / 1
    """,
)
