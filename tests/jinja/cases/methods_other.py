"""The methods and attributes of lists, tuples, mappings and numbers that templates use."""

from . import Subject

SUBJECT = Subject(
    "methods_other",
    {
        "l": [3, 1, 2, 1],
        "d": {"b": 1, "a": {"x": [1]}},
        "n": 10,
        "f": 2.5,
        "yes": True,
        "none": None,
    },
)

SUBJECT.expressions(
    "list",
    r"""
    l.index(1)
    l.index(1, 2)
    l.index(9)
    l.index(1, 2, 3)
    l.count(1)
    l.count(9)
    l.count(1.0)
    l.count(true)
    l.copy()
    l.copy() == l
    [1, 1.0, true].count(1)
    ['a', 'b'].index('b')
    (1, 2, 1).count(1)
    (1, 2, 1).index(2)
    l.append(1)
    l.extend([1])
    l.insert(0, 1)
    l.remove(1)
    l.pop(0)
    l.reverse()
    l.sort()
    l.clear()
    l.nosuch()
    [[1], [2]].index([2])
    l.index()
    l.length
    """,
)

SUBJECT.expressions(
    "dict",
    r"""
    d.get('b')
    d.get('nope')
    d.get('nope', 'default')
    d.get('nope', {})
    d.get('a').get('x')
    d.get('nope', {}).get('x', 'y')
    d.items()|list
    d.keys()|list
    d.values()|list
    d.keys()|sort
    d.keys()|join(',')
    d.items()|length
    d.copy()
    d.copy() == d
    d.items()|first
    d.values()|first
    d.pop('b')
    d.popitem()
    d.setdefault('c', 1)
    d.update(c=1)
    d.clear()
    d.nosuch()
    d.get()
    d.get(1)
    d.get([1])
    'b' in d.keys()
    d.keys()|map('upper')|list
    {}.get('a', 1) + 1
    d.fromkeys(['a', 'b'])
    d.fromkeys('ab', 1)
    """,
)

SUBJECT.templates(
    "dict-loop",
    r"""
    {% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}
    {% for k in d %}{{ k }};{% endfor %}
    {% for k in d.keys() %}{{ k }};{% endfor %}
    {% for v in d.values() %}{{ v }};{% endfor %}
    {% for k, v in d|dictsort %}{{ k }}={{ v }};{% endfor %}
    {% for k, v in d|items %}{{ k }}={{ v }};{% endfor %}
    {% for k, v in d.items()|sort(reverse=true) %}{{ k }}{% endfor %}
    {% for item in d.items() %}{{ item[0] }}{{ item|length }}{% endfor %}
    """,
)

SUBJECT.expressions(
    "number",
    r"""
    n.bit_length()
    0 .bit_length()
    (-n).bit_length()
    (2 ** 100).bit_length()
    n.bit_count()
    n.real
    n.numerator
    n.denominator
    n.conjugate()
    f.is_integer()
    (2.0).is_integer()
    f.real
    f.imag
    f.as_integer_ratio()
    n.as_integer_ratio()
    f.hex()
    f.conjugate()
    yes.bit_length()
    yes.real
    n.nosuch()
    (n / 2).is_integer()
    n()
    none()
    'a'()
    l()
    """,
)
