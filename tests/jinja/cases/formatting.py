"""`%` formatting and `str.format`."""

from . import Subject

SUBJECT = Subject(
    "formatting",
    {
        "name": "Ada",
        "n": 42,
        "neg": -42,
        "f": 3.14159,
        "d": {"a": 1, "b": "two", "user": {"name": "Ada"}},
        "l": [1, "x"],
        "none": None,
        "yes": True,
        "text": "100% {sure}",
    },
)

SUBJECT.expressions(
    "percent",
    r"""
    '%s' % name
    '%s' % n
    '%s' % f
    '%s' % none
    '%s' % yes
    '%s' % l
    '%s' % d
    '%r' % name
    '%a' % 'é😀'
    '%r' % (l,)
    '%s-%s' % (1, 2)
    '%s' % (1,)
    '%s' % ((1, 2),)
    '%d' % n
    '%d' % 3.99
    '%d' % -3.99
    '%d' % yes
    '%i' % 5
    '%u' % 5
    '%5d|' % n
    '%-5d|' % n
    '%05d|' % n
    '%05d|' % neg
    '%+d' % n
    '% d' % n
    '%+5d|' % n
    '%-05d|' % n
    '%.5d' % n
    '%8.5d|' % neg
    '%x' % 255
    '%X' % 255
    '%#x' % 255
    '%#X' % 255
    '%o' % 8
    '%#o' % 8
    '%x' % -255
    '%#010x' % 255
    '%f' % f
    '%.2f' % f
    '%.0f' % 2.5
    '%.0f' % 3.5
    '%#.0f' % 3.0
    '%10.3f|' % f
    '%-10.3f|' % f
    '%010.3f|' % -3.14159
    '%+.1f' % f
    '%e' % f
    '%.2e' % 123456
    '%E' % 0.00001
    '%g' % f
    '%g' % 1e10
    '%g' % 1e-5
    '%g' % 100000
    '%g' % 1000000
    '%G' % 1e-10
    '%.3g' % 1234.5
    '%#g' % 1.0
    '%.10g' % 0.1
    '%f' % 5
    '%F' % (1e308 * 10)
    '%f' % (1e308 * 10 - 1e308 * 10)
    '%d' % (1e308 * 10)
    '%5s|' % 'ab'
    '%-5s|' % 'ab'
    '%.2s' % 'abcdef'
    '%5.1s|' % 'abc'
    '%c' % 'x'
    '%c' % 65
    '%c' % 128512
    '%c' % 'xy'
    '%%'  % ()
    '100%%' % ()
    '%s%%' % n
    '%*d|' % (5, n)
    '%-*d|' % (5, n)
    '%.*f' % (2, f)
    '%*.*f|' % (8, 2, f)
    '%(a)s' % d
    '%(a)d %(b)s' % d
    '%(a)05d' % d
    '%(user)s' % d
    'no fields' % d
    'no fields' % []
    'no fields' % ''
    'no fields' % ()
    '%ld' % n
    '%5.2f%%' % 12.345
    '%d' % (2 ** 70)
    '%s' % (2 ** 70)
    '%x' % (2 ** 70)
    '%f' % (2 ** 60)
    '%.20f' % 0.1
    '%.1f' % 0.25
    '%.1f' % 0.35
    '%.3e' % 0
    '%g' % 0.0001
    '%g' % 123456789
    '%r' % 1.0
    '%10r|' % 'a'
    '%é' % 1
    """,
)

SUBJECT.expressions(
    "percent-error",
    r"""
    '%s %s' % 1
    '%s' % (1, 2)
    '%s' % ()
    '%d' % 'x'
    '%d' % none
    '%f' % 'x'
    '%x' % 1.5
    '%z' % 1
    '%' % 1
    '%(a)s' % 1
    '%(nope)s' % d
    '%(a' % d
    '100%' % n
    'plain' % n
    '%*d' % ('x', 1)
    '%c' % 1.5
    '%c' % -1
    text % n
    """,
)

SUBJECT.expressions(
    "format",
    r"""
    '{}'.format(name)
    '{} {}'.format(1, 2)
    '{0} {1} {0}'.format('a', 'b')
    '{a}-{b}'.format(a=1, b=2)
    '{} {x}'.format(1, x=2)
    '{{}} {}'.format(1)
    '{0[0]}'.format(l)
    '{0[a]}'.format(d)
    '{!r}'.format(name)
    '{!s}'.format(n)
    '{!a}'.format('é')
    '{!r:>6}'.format('a')
    '{}'.format(none)
    '{}'.format(yes)
    '{}'.format(l)
    '{}'.format(1e16)
    '{:>5}|'.format('ab')
    '{:<5}|'.format('ab')
    '{:^5}|'.format('ab')
    '{:*^7}'.format('ab')
    '{:.2}'.format('abc')
    '{:5.1}|'.format('abc')
    '{:s}'.format('a')
    '{:5}|'.format('a')
    '{:5}|'.format(1)
    '{:05}'.format(42)
    '{:05}'.format(-42)
    '{:+}'.format(42)
    '{: }'.format(42)
    '{:-}'.format(42)
    '{:,}'.format(1234567)
    '{:_}'.format(1234567)
    '{:,.2f}'.format(1234567.891)
    '{:010,}'.format(1234)
    '{:d}'.format(42)
    '{:b}'.format(10)
    '{:#b}'.format(10)
    '{:o}'.format(8)
    '{:#o}'.format(8)
    '{:x}'.format(255)
    '{:X}'.format(255)
    '{:#x}'.format(255)
    '{:#06x}'.format(255)
    '{:_x}'.format(1048575)
    '{:c}'.format(65)
    '{:n}'.format(5)
    '{:e}'.format(12345.678)
    '{:.2e}'.format(12345.678)
    '{:E}'.format(0.5)
    '{:f}'.format(1.5)
    '{:.0f}'.format(2.5)
    '{:.3f}'.format(1)
    '{:g}'.format(1e20)
    '{:g}'.format(0.5)
    '{:.3g}'.format(1234.5)
    '{:%}'.format(0.256)
    '{:.1%}'.format(0.256)
    '{:.1%}'.format(1)
    '{:>10.2f}|'.format(f)
    '{:<10.2f}|'.format(f)
    '{:^+10.2f}|'.format(f)
    '{:=+8d}'.format(5)
    '{:0>5}'.format(7)
    '{:x<5}'.format(7)
    '{:é^5}'.format('a')
    '{:.3}'.format(3.14159)
    '{:10}|'.format(f)
    '{:10}|'.format(1.0)
    '{:>6}'.format(yes)
    '{:d}'.format(yes)
    '{:,}'.format(1.5)
    '{:{}}|'.format('a', 5)
    '{:{w}.{p}f}|'.format(f, w=8, p=2)
    '{:>{w}}|'.format('a', w=4)
    '{0:>4}{0:<4}|'.format('ab')
    '{}'.format('{}')
    '{:}'.format(1)
    '{:#.0f}'.format(3)
    '{:z.1f}'.format(-0.01)
    '{:,}'.format(-1234567)
    '{:+,d}'.format(1234)
    '{:.0e}'.format(15000)
    '{:#g}'.format(1.0)
    '{:}'.format(f)
    '{:}'.format(none)
    '{:,}'.format(2 ** 70)
    '{:.10}'.format(0.1 + 0.2)
    '{a}'.format_map({'a': 1})
    '{a[b]}'.format_map({'a': {'b': 2}})
    """,
)

SUBJECT.expressions(
    "format-error",
    r"""
    '{} {}'.format(1)
    '{a}'.format(1)
    '{'.format(1)
    '}'.format(1)
    '{0} {}'.format(1, 2)
    '{1}'.format(1)
    '{:d}'.format('a')
    '{:d}'.format(1.5)
    '{:s}'.format(1)
    '{:z}'.format('a')
    '{:>5}'.format(none)
    '{:>5}'.format(l)
    '{!x}'.format(1)
    '{0.__class__}'.format(1)
    '{0[9]}'.format(l)
    '{0[nope]}'.format(d)
    '{:,s}'.format('a')
    '{:=5}'.format('a')
    '{:.2d}'.format(5)
    '{:c}'.format(-1)
    '{:05.1}'.format('abc')
    '{:+}'.format('a')
    '{a.b}'.format(a=d)
    text.format(1)
    '{0:{1:{2}}}'.format(1, 2, 3)
    """,
)
