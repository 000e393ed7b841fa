"""The methods of strings that templates call."""

from . import Subject

SUBJECT = Subject(
    "methods_text",
    {
        "s": "Hello, World",
        "padded": "  both \t\n",
        "csv": "a,b,,c",
        "lines": "one\ntwo\r\nthree\rfour\n",
        "odd": "a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i",
        "german": "Stra\u00dfe",
        "unicode": "\u00c9COLE \u0130 \u01c5",
        "none": None,
    },
)

SUBJECT.expressions(
    "case",
    r"""
    s.upper()
    s.lower()
    s.title()
    s.capitalize()
    s.swapcase()
    s.casefold()
    german.upper()
    german.casefold()
    german.swapcase()
    unicode.lower()
    unicode.title()
    unicode.capitalize()
    unicode.swapcase()
    "they're bill's friends".title()
    'hello-world 3rd x_y'.title()
    'ﬁne'.title()
    'ﬁne'.capitalize()
    'ΑΣ ΣΑΣ'.lower()
    'ςΣ'.casefold()
    ''.title()
    'aBc'.swapcase().upper()
    s.upper(1)
    s.nosuch()
    'ŉ'.upper()
    'i̇'.upper()
    """,
)

SUBJECT.expressions(
    "strip",
    r"""
    padded.strip()
    padded.lstrip()
    padded.rstrip()
    'xxhixx'.strip('x')
    'xyhiyx'.lstrip('xy')
    'xyhiyx'.rstrip('xy')
    'hi'.strip('')
    ' hi '.strip(none)
    '\u00a0\u3000hi\u2003'.strip()
    '\x1chi\x1f'.strip()
    'hi'.strip(1)
    'prefix-body'.removeprefix('prefix-')
    'body.txt'.removesuffix('.txt')
    'body'.removeprefix('x')
    'body'.removesuffix('')
    'aaa'.removeprefix('a')
    ''.strip()
    """,
)

SUBJECT.expressions(
    "split",
    r"""
    csv.split(',')
    csv.split(',', 1)
    csv.split(',', maxsplit=2)
    csv.split(',', -1)
    csv.split(',', 0)
    csv.split(sep=',')
    csv.rsplit(',', 1)
    csv.rsplit(',')
    csv.rsplit(',', maxsplit=2)
    ' a  b c '.split()
    ' a  b c '.split(' ')
    ' a  b c '.split(none, 1)
    ' a  b c '.rsplit(none, 1)
    ' a  b c '.split(maxsplit=1)
    ' a  b c '.rsplit()
    ''.split()
    ''.split(',')
    '   '.split()
    'a\u00a0b\u3000c\x1cd'.split()
    'aXXbXXc'.split('XX')
    'aaa'.split('a')
    'aaaa'.split('aa', 1)
    'aaa'.rsplit('aa', 1)
    'abc'.split('')
    'abc'.split(1)
    csv.partition(',')
    csv.rpartition(',')
    'abc'.partition('x')
    'abc'.rpartition('x')
    'abc'.partition('')
    lines.splitlines()
    lines.splitlines(true)
    lines.splitlines(keepends=true)
    odd.splitlines()
    ''.splitlines()
    '\n'.splitlines()
    'a\n\nb'.splitlines()
    csv.split(',')[0]
    csv.split(',')[-1]|upper
    csv.split(',')|length
    """,
)

SUBJECT.expressions(
    "join-replace",
    r"""
    ', '.join(['a', 'b'])
    ''.join(['a', 'b'])
    '-'.join('abc')
    ','.join([])
    ','.join(['a', 1])
    ','.join({'a': 1, 'b': 2})
    ','.join(('x', 'y'))
    ','.join(csv.split(',')|map('upper'))
    ','.join([1, 2]|map('string'))
    ','.join(none)
    'aaa'.replace('a', 'b')
    'aaa'.replace('a', 'b', 1)
    'aaa'.replace('a', 'b', -1)
    'aaa'.replace('a', 'b', 0)
    'abc'.replace('', '.')
    'abc'.replace('', '.', 2)
    'abc'.replace('b', '')
    'abc'.replace('b')
    'abc'.replace('b', 1)
    ''.replace('', 'x')
    'abab'.replace('ab', 'ba')
    'a\tb'.expandtabs()
    'a\tb\tc'.expandtabs(4)
    'ab\tc\nd\te'.expandtabs(tabsize=3)
    'a\tb'.expandtabs(0)
    'abc'.translate({97: 'x', 98: none})
    'abc'.translate({97: 120})
    ''.maketrans('ab', 'xy')
    'abc'.translate(''.maketrans('ab', 'xy'))
    'abc'.translate(''.maketrans('ab', 'xy', 'c'))
    """,
)

SUBJECT.expressions(
    "find",
    r"""
    s.find('o')
    s.find('o', 5)
    s.find('o', 5, 8)
    s.find('x')
    s.find('')
    s.find('', 20)
    s.find('o', -4)
    s.rfind('o')
    s.rfind('x')
    s.rfind('o', 0, 5)
    s.rfind('')
    s.index('W')
    s.index('x')
    s.rindex('l')
    s.rindex('x')
    s.count('l')
    s.count('l', 4)
    s.count('')
    'aaaa'.count('aa')
    s.count('x')
    'é😀x'.find('x')
    'é😀x'.index('😀')
    s.find(1)
    s.startswith('Hello')
    s.startswith('World')
    s.startswith('World', 7)
    s.startswith(('x', 'He'))
    s.startswith(['He'])
    s.startswith('')
    s.endswith('World')
    s.endswith('Hello', 0, 5)
    s.endswith(('x', 'ld'))
    s.endswith('')
    s.startswith('ell', 1, 4)
    s.startswith(1)
    """,
)

SUBJECT.expressions(
    "pad",
    r"""
    'a'.center(5)
    'ab'.center(5)
    'a'.center(4)
    'ab'.center(5, '*')
    'abc'.center(6, '-')
    'abc'.center(2)
    'a'.ljust(4, '.')
    'a'.rjust(4, '.')
    'a'.ljust(4) ~ '|'
    'a'.rjust(3)
    'abc'.ljust(1)
    'a'.center(5, 'xy')
    'a'.center(5, '')
    '42'.zfill(5)
    '-42'.zfill(5)
    '+42'.zfill(5)
    '--4'.zfill(5)
    'abc'.zfill(2)
    ''.zfill(3)
    'é'.rjust(3, 'ü')
    'a'.rjust('3')
    """,
)

SUBJECT.expressions(
    "predicate",
    r"""
    '123'.isdigit()
    '12a'.isdigit()
    ''.isdigit()
    '²'.isdigit()
    '²'.isdecimal()
    '½'.isnumeric()
    '½'.isdigit()
    '٣'.isdecimal()
    '四'.isnumeric()
    '1.5'.isnumeric()
    '-1'.isdigit()
    'abc'.isalpha()
    'abc1'.isalpha()
    'éß漢'.isalpha()
    ''.isalpha()
    'a b'.isalpha()
    'abc1'.isalnum()
    'a_1'.isalnum()
    '½'.isalnum()
    ' \t\n'.isspace()
    ''.isspace()
    '\u00a0\u2003'.isspace()
    '\x1c'.isspace()
    'ABC'.isupper()
    'ABC1'.isupper()
    'AbC'.isupper()
    '123'.isupper()
    'abc'.islower()
    'ªº'.islower()
    'ǅ'.isupper()
    'ǅ'.istitle()
    'Hello World'.istitle()
    'Hello world'.istitle()
    "It's"|title
    "It'S".istitle()
    ''.istitle()
    'A1b'.istitle()
    'A1B'.istitle()
    'name'.isidentifier()
    '1name'.isidentifier()
    '_x1'.isidentifier()
    'a-b'.isidentifier()
    'é'.isidentifier()
    'class'.isidentifier()
    'abc'.isascii()
    'é'.isascii()
    ''.isascii()
    'abc'.isprintable()
    'a\n'.isprintable()
    ''.isprintable()
    'é😀 '.isprintable()
    '\u200b'.isprintable()
    '\u00a0'.isprintable()
    """,
)

SUBJECT.expressions(
    "chain",
    r"""
    s.lower().split(', ')|join('/')
    s.split(', ')[1].upper()
    s.replace('l', 'L').count('L')
    'a-b'.split('-')|map('upper')|list
    s[::-1].lower()
    (s ~ '!').upper()
    ('a' * 3).upper()
    s.lower().startswith('hello') and 'yes'
    s.upper().lower().title().swapcase()
    'x'.join(s.split(','))
    """,
)
