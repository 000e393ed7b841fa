"""Filters that make text of text."""

from . import Subject

SUBJECT = Subject(
    "filters_text",
    {
        "name": "ada LOVELACE",
        "text": "The quick brown fox jumps over the lazy dog near the river-bank today",
        "lines": "first\nsecond\n\nfourth",
        "padded": "  padded \n",
        "html": "<p class=\"x\">Tom & 'Jerry'</p>",
        "unicode": "stra\u00dfe \u00e9cole \u0130stanbul",
        "long": "abcdefghijklmnopqrstuvwxyz",
        "n": 42,
        "none": None,
    },
)

SUBJECT.expressions(
    "case",
    r"""
    name|upper
    name|lower
    name|capitalize
    name|title
    unicode|upper
    unicode|lower
    unicode|title
    unicode|capitalize
    'hello-world foo_bar'|title
    "it's o'neil (the) [first] {second} <third>"|title
    'ß'|upper
    'ß'|title
    'ß'|capitalize
    'ΑΣ'|lower
    'ǆ'|title
    'ǆ'|capitalize
    'ŉa'|capitalize
    ''|upper
    ''|title
    ''|capitalize
    n|upper
    none|upper
    true|lower
    [1, 'A']|lower
    1.5|capitalize
    'aBC dEF'|title
    '1st 2nd'|title
    'a\tb\nc'|title
    'x'|upper()
    """,
)

SUBJECT.expressions(
    "center",
    r"""
    'a'|center(5)
    'ab'|center(5)
    'abc'|center(6)
    'a'|center(2)
    'ab'|center(3)
    'abcdef'|center(3)
    'a'|center(width=4)
    'a'|center|length
    ''|center(3)
    n|center(6)
    'é'|center(4)
    'a'|center(-1)
    'a'|center('5')
    'a'|center(5.0)
    """,
)

SUBJECT.expressions(
    "trim",
    r"""
    padded|trim
    '  x  '|trim
    'xxaxx'|trim('x')
    'abcxcba'|trim('abc')
    'xax'|trim(chars='x')
    'x'|trim('')
    ' x '|trim(none)
    n|trim
    '\u3000x\u00a0'|trim
    '\x1fx\x1c'|trim
    '--a-b--'|trim('-')
    """,
)

SUBJECT.expressions(
    "replace",
    r"""
    'aaa'|replace('a', 'b')
    'aaa'|replace('a', 'b', 2)
    'aaa'|replace('a', 'b', 0)
    'aaa'|replace('a', 'b', -1)
    'aaa'|replace('a', 'b', count=1)
    'aaa'|replace(old='a', new='c')
    'abc'|replace('', '-')
    'abc'|replace('', '-', 2)
    'aaaa'|replace('aa', 'b')
    'abc'|replace('x', 'y')
    'a.b'|replace('.', '')
    n|replace(4, 5)
    n|replace('2', none)
    'x1'|replace(1, 2)
    'abc'|replace('b')
    'abc'|replace()
    'éa'|replace('é', 'e')
    'aaa'|replace('a', 'b', none)
    """,
)

SUBJECT.expressions(
    "indent",
    r"""
    lines|indent
    lines|indent(2)
    lines|indent(2, true)
    lines|indent(2, true, true)
    lines|indent(2, false, true)
    lines|indent(width=3, first=true)
    lines|indent(blank=true)
    lines|indent('> ')
    lines|indent('> ', true)
    lines|indent('> ', true, true)
    lines|indent(0)
    'one'|indent
    'one'|indent(4, true)
    ''|indent(2)
    ''|indent(2, true)
    'a\n'|indent(2)
    'a\n\n'|indent(2)
    'a\n\nb'|indent(2, blank=true)
    'a\r\nb\rc'|indent(2)
    'a\x0bb\x0cc\u2028d'|indent(1)
    n|indent
    '\n'|indent(2)
    '\na'|indent(2, true)
    lines|indent(-2)
    """,
)

SUBJECT.expressions(
    "truncate",
    r"""
    text|truncate(20)
    text|truncate(20, true)
    text|truncate(20, false, '…')
    text|truncate(20, true, '')
    text|truncate(20, leeway=0)
    text|truncate(length=10, end='--')
    text|truncate(66)
    text|truncate(64)
    text|truncate(63)
    text|truncate
    'foo bar baz qux'|truncate(9)
    'foo bar baz qux'|truncate(9, True)
    'foo bar baz qux'|truncate(11)
    'foo bar baz qux'|truncate(11, False, '...', 0)
    long|truncate(10)
    long|truncate(10, true)
    long|truncate(10, false, '')
    'a b'|truncate(3)
    'a b c d e f g'|truncate(3, leeway=0)
    text|truncate(2)
    text|truncate(3)
    text|truncate(0, end='')
    text|truncate(10, leeway=-1)
    text|truncate(-1)
    'äöü äöü äöü'|truncate(6, leeway=0)
    'äöü äöü äöü'|truncate(6, true, '.', 0)
    n|truncate(1)
    'short'|truncate('3')
    [1, 2, 3]|truncate(5)
    'abc def ghi jkl'|truncate(killwords=true, length=8, leeway=2)
    """,
)

SUBJECT.expressions(
    "wordwrap",
    r"""
    text|wordwrap(20)
    text|wordwrap(10)
    text|wordwrap(5)
    text|wordwrap(5, false)
    text|wordwrap(20, true, ' | ')
    text|wordwrap(width=15, wrapstring='/')
    text|wordwrap
    text|wordwrap(61)
    text|wordwrap(63)
    text|wordwrap(62, break_on_hyphens=false)
    lines|wordwrap(3)
    lines|wordwrap(80)
    long|wordwrap(10)
    long|wordwrap(10, false)
    'a-b-c-d-e-f'|wordwrap(4)
    'well-known half-baked'|wordwrap(6)
    'well-known half-baked'|wordwrap(6, break_on_hyphens=false)
    'well-known half-baked'|wordwrap(6, false, break_on_hyphens=false)
    'a  b   c    d'|wordwrap(4)
    '  leading spaces here'|wordwrap(8)
    'trailing spaces   '|wordwrap(8)
    'tab\tseparated words'|wordwrap(6)
    'a\n\nb\n'|wordwrap(5)
    ''|wordwrap(5)
    'e.g. --option=value -x'|wordwrap(9)
    'em--dash and—dash'|wordwrap(5)
    'héllo wörld façade'|wordwrap(6)
    'x'|wordwrap(0)
    '1234567890'|wordwrap(1)
    n|wordwrap(5)
    """,
)

SUBJECT.expressions(
    "count-words",
    r"""
    text|wordcount
    'one'|wordcount
    ''|wordcount
    "it's a test-case"|wordcount
    'snake_case x2'|wordcount
    '...'|wordcount
    'héllo wörld'|wordcount
    '漢字 かな'|wordcount
    n|wordcount
    [1, 'a b']|wordcount
    'e\u0301a b'|wordcount
    """,
)

SUBJECT.expressions(
    "format",
    r"""
    '%s'|format('a')
    '%s and %s'|format('a', 'b')
    '%d items'|format(3)
    '%(a)s-%(b)d'|format(a='x', b=2)
    '%05.1f'|format(3.14159)
    '%s'|format([1, 'a'])
    '%r'|format('a')
    '100%%'|format()
    'plain'|format()
    '%s'|format()
    '%s'|format(1, 2)
    '%s'|format('a', b=1)
    '%(a)s'|format(1)
    '%x'|format(255)
    '%s'|format(none)
    '%s'|format((1, 2))
    n|format()
    """,
)

SUBJECT.expressions(
    "striptags",
    r"""
    html|striptags
    '<b>a</b>  <i>b</i>'|striptags
    'a <!-- comment --> b'|striptags
    'a < b > c'|striptags
    'a < b'|striptags
    'a > b'|striptags
    '&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;'|striptags
    '&eacute;&#233;&#xe9;&nope;'|striptags
    '<a href="x>y">z</a>'|striptags
    'line\n\n  break'|striptags
    '<!-- <b> --> x'|striptags
    '<unclosed'|striptags
    ''|striptags
    n|striptags
    '  a   b  '|striptags
    '<br/>a<br />b'|striptags
    '&lt;b&gt;'|striptags|upper
    """,
)

SUBJECT.expressions(
    "urlencode",
    r"""
    'a b&c/d?e=f'|urlencode
    'é漢😀'|urlencode
    "~-_.!*'()"|urlencode
    'a+b'|urlencode
    {'a': 1, 'b c': 'd&e'}|urlencode
    {'k': 'é/x'}|urlencode
    [('a', 1), ('b', 2)]|urlencode
    [['x', 'y z']]|urlencode
    {'a': none, 'b': true}|urlencode
    {}|urlencode
    []|urlencode
    ''|urlencode
    n|urlencode
    none|urlencode
    1.5|urlencode
    {'a': [1, 2]}|urlencode
    '\x00\n\x7f'|urlencode
    [1, 2]|urlencode
    '100%'|urlencode
    """,
)

SUBJECT.expressions(
    "urlize",
    r"""
    'see https://example.com now'|urlize
    'see www.example.com, or http://example.com/a?b=c&d=e.'|urlize
    'mail me@example.com today'|urlize
    'mailto:me@example.com'|urlize
    '(https://example.com)'|urlize
    'https://example.com/very/long/path'|urlize(15)
    'https://example.com'|urlize(nofollow=true)
    'https://example.com'|urlize(target='_blank')
    'https://example.com'|urlize(rel='me')
    'https://example.com'|urlize(10, true, '_top')
    'ftp://example.com'|urlize
    'ftp://example.com tel:123'|urlize(extra_schemes=['ftp://', 'tel:'])
    'no links <b>here</b>'|urlize
    'example.com'|urlize
    'foo.org and bar.net/x'|urlize
    'http://192.168.0.1:8080/x'|urlize
    'http://localhost'|urlize
    'https://example.com/(a)'|urlize
    '<https://example.com>'|urlize
    'https://example.com/a_(b)_c.'|urlize
    'a\nhttps://example.com\nb'|urlize
    '"https://example.com"'|urlize
    """,
)

SUBJECT.expressions(
    "reverse-length",
    r"""
    'abc'|reverse
    'é😀x'|reverse
    ''|reverse
    'abc'|length
    '😀é'|length
    'abc'|count
    'abc'|first
    'abc'|last
    'abc'|list
    '😀é'|list
    'cab'|sort
    'cAb'|sort|join
    'abca'|unique|join
    'abc'|join('-')
    ''|first
    ''|last
    ''|first|default('none')
    'abc'|batch(2)|list
    'abc'|slice(2)|list
    'abc'|map('upper')|join
    'banana'|min
    'banana'|max
    n|reverse
    n|length
    'ab'|string
    'ab'|safe
    'abc'|select('in', 'ac')|list
    """,
)
