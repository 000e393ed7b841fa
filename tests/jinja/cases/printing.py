"""What `{{ … }}` writes for a value of each type."""

from . import Subject

SUBJECT = Subject(
    "printing",
    {
        "text": "plain",
        "quote": "it's",
        "double": 'say "hi"',
        "both": 'it\'s "both"',
        "backslash": "a\\b",
        "lines": "one\ntwo\ttab\rcr",
        "controls": "\u0000\u0001\u0007\b\u000b\f\u001b\u007f\u0080\u009f",
        "spaces": "a\u00a0b\u2003c\u2028d\u3000e\ufefff\u200bg",
        "accents": "\u00e9\u00fc\u00df\u0130\u01c5",
        "emoji": "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "wide": "\u6f22\u5b57\u304b\u306a",
        "combining": "e\u0301",
        "private": "\ue000\U000f0000",
        "html": "<b>\"A\" & 'B'</b>",
        "template": "{{ 1 + 1 }}{% raw %}",
        "yes": True,
        "no": False,
        "nothing": None,
        "list": [1, 2.5, "three", None, True, [4, []], {"five": 5}],
        "dict": {"a": 1, "b": [True, None], "c": {"d": "it's"}},
        "empty_list": [],
        "empty_dict": {},
        "empty": "",
        "small": 1e-05,
        "large": 1e16,
        "huge": 1.7976931348623157e308,
        "tiny": 5e-324,
        "third": 0.3333333333333333,
        "whole": 3.0,
        "negative_zero": -0.0,
        "big": 9223372036854775807,
        "low": -9223372036854775808,
        "unsigned": 18446744073709551615,
    },
)

SUBJECT.expressions(
    "constant",
    r"""
    true
    false
    none
    True
    False
    None
    not true
    yes
    no
    nothing
    1
    -1
    0
    - 5
    +5
    1_000_000
    0x1F
    0o17
    0b1010
    0xDEAD_BEEF
    1e3
    1E3
    1.5e-3
    1_0.2_5
    1e1_0
    """,
)

SUBJECT.expressions(
    "float",
    r"""
    1.0
    1.5
    -0.0
    negative_zero
    0.1 + 0.2
    1e15
    1e16
    1e17
    1e21
    1e22
    1e100
    123456789012345680.0
    1234567890123456.7
    9999999999999998.0
    0.0001
    0.00001
    1e-5
    1.5e-7
    0.00012345
    5e-324
    2.5e-310
    1.7976931348623157e308
    1e308 * 10
    -1e308 * 10
    1e308 * 10 - 1e308 * 10
    small
    large
    huge
    tiny
    third
    whole
    [1e16, 1e-5, 0.1 + 0.2, -0.0, 2.0]
    1 / 3
    2 / 3
    100 / 3
    1e16 + 1
    4.35 * 100
    1.1 * 1.1
    3.0 * 2
    1e2
    12345678.9
    """,
)

SUBJECT.expressions(
    "integer",
    r"""
    big
    low
    unsigned
    big + 1
    low - 1
    unsigned + 1
    9223372036854775807
    9223372036854775808
    18446744073709551616
    170141183460469231731687303715884105727
    2 ** 64
    2 ** 100
    2 ** 126
    -(2 ** 126)
    2 ** 126 - 1 + 2 ** 126
    -(2 ** 126) - 2 ** 126
    10 ** 38
    big * big
    unsigned * 2
    [2 ** 65, -(2 ** 65)]
    99999999999999999999
    (2 ** 70) // 3
    (2 ** 70) % 1000
    (2 ** 70) / 2
    2 ** 63 == 9223372036854775808
    2 ** 64 > 1e19
    2 ** 53 + 1 == 9007199254740993.0
    """,
)

SUBJECT.expressions(
    "string",
    r"""
    text
    quote
    double
    both
    backslash
    lines
    accents
    emoji
    wide
    combining
    html
    template
    empty
    "double"
    'single'
    "it's"
    'say "x"'
    """,
)

SUBJECT.expressions(
    "repr",
    r"""
    [text]
    [quote]
    [double]
    [both]
    [backslash]
    [lines]
    [controls]
    [spaces]
    [accents]
    [emoji]
    [wide]
    [combining]
    [private]
    [html]
    [template]
    [empty]
    {quote: double}
    {'k': both}
    ('a', "b's")
    """,
)

SUBJECT.expressions(
    "collection",
    r"""
    list
    dict
    empty_list
    empty_dict
    []
    {}
    ()
    (1,)
    (1, 2)
    1, 2
    (1, (2, (3,)))
    [(), [], {}]
    [none, true, 1.0, 'x', [1, [2, [3]]]]
    {'a': {'b': {'c': [1]}}}
    {1: 'int', 1.5: 'float', none: 'none', true: 'bool'}
    {'x': 1, 'y': 2, 'x': 3}
    {true: 'a', 1: 'b', 1.0: 'c'}
    {0: 'zero', false: 'false'}
    {(1, 2): 'tuple'}
    [[1, 2], [3, 4]]
    [1, 2,]
    {'a': 1,}
    (1, 2,)
    list[6]
    dict.c
    dict['b']
    list[5]
    [dict, dict]
    range(3)
    range(1, 10)
    range(1, 10, 3)
    range(0)
    [range(3)]
    dict.items()|list
    dict.keys()|list
    dict.values()|list
    """,
)

SUBJECT.templates(
    "object",
    r"""
    {% macro m() %}{% endmacro %}{{ m }}
    {% macro greet(name) %}{% endmacro %}{{ greet.name }}
    {% for i in [1] %}{{ loop is defined }}{% endfor %}
    {{ namespace(a=1).a }}
    {{ dict|length }}{{ list|length }}
    """,
)
