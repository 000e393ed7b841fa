"""Literals: strings with escapes, numbers, and what is not one."""

from . import Subject

SUBJECT = Subject("literals")

SUBJECT.expressions(
    "string",
    r"""
    'a\nb'
    'a\tb'
    'a\\b'
    'a\'b'
    "a\"b"
    'a\"b'
    "a\'b"
    'a\rb'
    '\x41'
    '\u00e9'
    '\U0001F600'
    '\101'
    '\60'
    '\0'
    'a\bb'
    'a\fb'
    'a\vb'
    'a\ab'
    'a\qb'
    '\d+'
    'é'
    '😀'
    '{{ x }}'
    "{% if %}"
    '{# no comment #}'
    'a' 'b'
    'a' "b" 'c'
    'one' ~ 'two'
    ''
    'a/b'
    '%}'
    "}}"
    """,
)

SUBJECT.expressions(
    "number",
    r"""
    0
    00
    0x10
    0XFF
    0o10
    0O7
    0b11
    0B11
    1_0
    1.0
    1.50
    0.5
    1e0
    1e+2
    1e-2
    12e-1
    0.1e1
    1__0
    0x_f
    1.real
    1.5.is_integer()
    """,
)

SUBJECT.expressions(
    "malformed",
    r"""
    .5
    012
    0x
    1a
    1_
    1e
    'open
    'a\x4'
    '\u12'
    '\N{NO SUCH CHARACTER}'
    #
    $x
    a ? b
    `x`
    a;b
    @
    &x
    1 | 2
    a && b
    a || b
    !a
    ~1
    x = 1
    lambda: 1
    [i for i in x]
    {1, 2}
    {'a'}
    [1, 2
    (1, 2
    {'a': 1
    1, 2)
    [1 2]
    {'a' 1}
    x.
    x.1a
    x[
    1 +
    * 2
    1 2
    a b
    """,
)

SUBJECT.text(
    "string-over-lines",
    """
    {{ 'first
    second' }}
    """,
)
SUBJECT.text(
    "expression-over-lines",
    """
    {{
      1 +
      2
    }}
    """,
)
SUBJECT.case("escaped-newline", "[{{ 'a\\\nb' }}]")
SUBJECT.case("carriage-return-in-string", "[{{ 'a\r\nb' }}]")
SUBJECT.case("carriage-return-in-text", "a\r\nb\rc")
