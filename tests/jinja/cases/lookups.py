"""Attributes, items and slices."""

from . import Subject

SUBJECT = Subject(
    "lookups",
    {
        "d": {"a": 1, "items": "mine", "b": {"c": [10, 20, {"e": "deep"}]}, "1": "one", "k y": 2},
        "plain": {"x": 1, "y": 2},
        "shadow": {"keys": 1, "values": 2, "get": 3, "copy": 4, "upper": 5},
        "l": [10, 20, 30, 40, 50],
        "s": "abcdef",
        "u": "\u00e9\U0001f600x",
        "key": "a",
        "i": 1,
        "n": None,
        "num": 5,
    },
)

SUBJECT.expressions(
    "attribute",
    r"""
    d.a
    d['a']
    d["a"]
    d[key]
    d.b.c
    d.b.c.1
    d.b.c[2].e
    d['b']['c'][0]
    d['items']
    d.1
    d['1']
    d['k y']
    d[1] is defined
    plain.items()|list
    plain.keys()|list
    shadow['keys']
    shadow['get']
    shadow['upper']
    shadow.upper
    l.0
    l.4
    l[0]
    l[-1]
    l[-5]
    l[i]
    l[i + 1]
    l[true]
    s.0
    s[1]
    s[-1]
    u[1]
    u[-1]
    (1, 2).1
    (1, 2)[0]
    [[1, 2], [3, 4]][1][0]
    {'a': {'b': 1}}.a.b
    {'x': 1}['x']
    'abc'[0]
    {1: 'int'}[1]
    {1: 'int'}[1.0]
    {1: 'int'}[true]
    {none: 'n'}[none]
    {(1, 2): 't'}[(1, 2)]
    {(1, 2): 't'}[1, 2]
    {1.5: 'f'}[1.5]
    range(5)[2]
    range(5)[-1]
    d['b'].c[0]
    'x'.upper()[0]
    d[key] + l[i]
    """,
)

SUBJECT.expressions(
    "missing",
    r"""
    d.missing
    d['missing']
    d.b.missing
    d.b.missing.more
    d.b.c[5]
    d.b.c.5
    d[n]
    d[1.5]
    l[5]
    l[-6]
    l['x']
    l.x
    l[1.0]
    l[n]
    s[10]
    s.x
    s['x']
    n.x
    n[0]
    num.x
    num[0]
    (1, 2)[2]
    [][0]
    {}.x
    {}['x']
    'abc'[3]
    'abc'.nope
    'abc'.nope()
    none.x
    1.5.x
    true.x
    {[1]: 2}
    {'a': 1}[[1]]
    unknown.a
    unknown['a']
    unknown[0]
    unknown.a.b.c
    l.append(1)
    d.update({'x': 1})
    plain.pop('x')
    l.pop()
    d.__class__
    ''.__class__
    ''.__class__.__mro__
    d.missing is defined
    d.b.missing is defined
    d.missing|default('none')
    d['missing']|default('none')
    l[9]|default('none')
    l[9] is undefined
    n.x is defined
    num.real
    num.imag
    1.5.real
    """,
)

SUBJECT.expressions(
    "slice",
    r"""
    l[1:3]
    l[:2]
    l[2:]
    l[:]
    l[::2]
    l[1::2]
    l[::-1]
    l[3:1:-1]
    l[:2:-1]
    l[2::-1]
    l[-2:]
    l[:-2]
    l[-3:-1]
    l[10:]
    l[:10]
    l[-10:2]
    l[3:1]
    l[5:0:-2]
    l[-1:-4:-1]
    l[i:]
    l[i:i + 2]
    l[none:2]
    l[1:none]
    l[none:none:none]
    l[::0]
    l['a':]
    l[1.0:]
    l[::100]
    l[::-100]
    s[1:3]
    s[::-1]
    s[-3:]
    s[::2]
    s[10:20]
    u[::-1]
    u[:2]
    (1, 2, 3)[1:]
    (1, 2, 3)[::-1]
    (1, 2, 3)[:1]
    range(10)[2:5]
    range(10)[::-3]
    range(10)[2:8:2][1]
    [][1:]
    ''[1:]
    d[1:2]
    num[1:2]
    l[:2][0]
    l[1:][1:][0]
    'hello world'[:5] ~ '...'
    l[true:]
    l[:-1]|join('-')
    """,
)
