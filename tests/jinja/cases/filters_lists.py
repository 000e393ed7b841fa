"""Filters that work on sequences and mappings."""

from . import Subject

SUBJECT = Subject(
    "filters_lists",
    {
        "numbers": [3, 1, 4, 1, 5, 9, 2, 6],
        "words": ["banana", "Apple", "cherry", "apple"],
        "users": [
            {"name": "Bob", "age": 30, "city": "Rome", "active": True, "tags": ["x"]},
            {"name": "alice", "age": 25, "city": "Oslo", "active": False, "tags": []},
            {"name": "Carl", "age": 30, "city": "rome", "active": True, "tags": ["y", "z"]},
            {"name": "Dora", "age": 41, "city": "Oslo", "active": True, "tags": ["x", "y"]},
        ],
        "partial": [{"name": "a", "x": 1}, {"name": "b"}],
        "nested": [{"a": {"b": 2}}, {"a": {"b": 1}}],
        "d": {"b": 2, "C": 3, "a": 1},
        "mixed": [1, "a", None, 2.5, True],
        "empty": [],
        "none": None,
        "pairs": [["a", 2], ["b", 1]],
    },
)

SUBJECT.expressions(
    "batch",
    r"""
    numbers|batch(3)|list
    numbers|batch(3, 'x')|list
    numbers|batch(linecount=4, fill_with=0)|list
    numbers|batch(8)|list
    numbers|batch(100)|list
    numbers|batch(100, 0)|list|first|length
    empty|batch(2)|list
    empty|batch(2, 'x')|list
    numbers|batch(3, none)|list
    numbers|batch(1)|list|length
    d|batch(2)|list
    range(5)|batch(2)|list
    numbers|batch(2)|map('sum')|list
    """,
)

SUBJECT.expressions(
    "slice",
    r"""
    numbers|slice(3)|list
    numbers|slice(3, 'x')|list
    numbers|slice(slices=4, fill_with=0)|list
    numbers|slice(8)|list
    numbers|slice(10)|list
    numbers|slice(10, '-')|list
    empty|slice(2)|list
    empty|slice(2, 'x')|list
    numbers|slice(1)|list
    numbers|slice(0)|list
    numbers|slice(3)|map('length')|list
    """,
)

SUBJECT.expressions(
    "dictsort",
    r"""
    d|dictsort
    d|dictsort(true)
    d|dictsort(false, 'value')
    d|dictsort(by='value', reverse=true)
    d|dictsort(reverse=true)
    d|dictsort(case_sensitive=true)
    d|dictsort(by='other')
    {}|dictsort
    {2: 'a', 1: 'b'}|dictsort
    {'a': 'B', 'b': 'a'}|dictsort(by='value')
    {'a': 'B', 'b': 'a'}|dictsort(true, 'value')
    {1: 'a', 'b': 2}|dictsort
    numbers|dictsort
    {'b': 1, 'B': 2, 'a': 3}|dictsort
    """,
)

SUBJECT.expressions(
    "items",
    r"""
    d|items|list
    d|items|first
    {}|items|list
    missing|items|list
    numbers|items|list
    none|items|list
    d|list
    d|length
    d|first
    d|last
    d|join(',')
    d|sort
    d|reverse|list
    d|map('upper')|list
    d|sum(start=0)
    """,
)

SUBJECT.expressions(
    "ends",
    r"""
    numbers|first
    numbers|last
    empty|first
    empty|last
    empty|first|default('none')
    empty|last is defined
    range(3)|first
    range(3)|last
    range(0)|first|default('x')
    (1, 2)|last
    none|first
    5|first
    5|last
    numbers|length
    numbers|count
    empty|length
    none|length
    5|length
    {'a': 1}|count
    (1, 2, 3)|length
    range(10)|length
    numbers|map('string')|first
    """,
)

SUBJECT.expressions(
    "join",
    r"""
    numbers|join
    numbers|join(', ')
    numbers|join(d='-')
    mixed|join('|')
    users|join(', ', attribute='name')
    users|join(attribute='age')
    nested|join('/', attribute='a.b')
    pairs|join(',', attribute=0)
    empty|join('x')
    numbers|join(1)
    numbers|join(none)
    [[1, 2], [3]]|join(' ')
    'abc'|join(', ')
    none|join
    5|join
    range(4)|join('.')
    partial|join(',', 'x')
    [1.0, true, none]|join('-')
    ['a', ['b']]|join
    users|join(',', 'city')
    """,
)

SUBJECT.expressions(
    "list",
    r"""
    'abc'|list
    (1, 2)|list
    range(3)|list
    d|list
    empty|list
    numbers|list == numbers
    none|list
    5|list
    numbers|reverse|list
    'abc'|reverse
    (1, 2, 3)|reverse|list
    range(3)|reverse|list
    none|reverse
    numbers|list|first
    d.items()|list|sort
    """,
)

SUBJECT.expressions(
    "map",
    r"""
    users|map(attribute='name')|list
    users|map(attribute='name')|join(', ')
    users|map(attribute='tags.0', default='-')|list
    partial|map(attribute='x', default=0)|list
    partial|map(attribute='x', default='')|list
    partial|map(attribute='x')|join
    partial|map(attribute='x')|map('default', 0)|list
    nested|map(attribute='a.b')|list
    nested|map(attribute='a')|map(attribute='b')|list
    pairs|map(attribute=0)|list
    pairs|map(attribute='1')|list
    words|map('upper')|list
    words|map('replace', 'a', '4')|list
    words|map('truncate', 4, true, '.', 0)|list
    words|map('length')|sum
    words|map('first')|join
    numbers|map('float')|list
    numbers|map('string')|map('center', 3)|list
    mixed|map('string')|list
    ['1', 'x']|map('int', default=7)|list
    ['1', 'x']|map('int', 7)|list
    [[2, 1], [4, 3]]|map('sort')|list
    [[1, 2], [3]]|map('join', '-')|list
    [-1, 2]|map('abs')|list
    words|map()|list
    words|map('nosuch')|list
    words|map(attribute='x', other=1)|list
    empty|map('upper')|list
    d|map('upper')|list
    words|map('lower')|unique|list
    users|map(attribute='nosuch')|select|list
    users|map(attribute='nosuch')|select('defined')|list
    users|map('items')|map('list')|first|first
    """,
)

SUBJECT.expressions(
    "select",
    r"""
    numbers|select('odd')|list
    numbers|select('even')|list
    numbers|select('divisibleby', 3)|list
    numbers|select('gt', 3)|list
    numbers|select('>', 3)|list
    numbers|select('==', 1)|list
    numbers|select('in', [1, 2])|list
    mixed|select|list
    mixed|select('string')|list
    mixed|select('number')|list
    mixed|select('none')|list
    [0, 1, '', 'a', none, []]|select|list
    numbers|reject('odd')|list
    numbers|reject('gt', 3)|list
    mixed|reject('none')|list
    mixed|reject|list
    [0, 1, '', 'a']|reject|list
    words|select('eq', 'apple')|list
    words|select('lower')|list
    empty|select|list
    numbers|select('nosuch')|list
    numbers|select('ge', 4)|map('string')|join('+')
    'aXb'|select('upper')|join
    d|select('ne', 'a')|list
    """,
)

SUBJECT.expressions(
    "selectattr",
    r"""
    users|selectattr('active')|map(attribute='name')|list
    users|rejectattr('active')|map(attribute='name')|list
    users|selectattr('age', 'gt', 29)|map(attribute='name')|list
    users|selectattr('age', '==', 30)|list|length
    users|selectattr('city', 'equalto', 'Oslo')|map(attribute='name')|list
    users|selectattr('city', 'in', ['Oslo', 'rome'])|map(attribute='name')|list
    users|rejectattr('city', 'eq', 'Oslo')|map(attribute='name')|list
    users|selectattr('tags')|map(attribute='name')|list
    users|selectattr('tags.1', 'defined')|map(attribute='name')|list
    users|selectattr('age', 'even')|map(attribute='age')|list
    partial|selectattr('x')|list
    partial|selectattr('x', 'defined')|map(attribute='name')|list
    partial|rejectattr('x', 'defined')|map(attribute='name')|list
    partial|selectattr('x', 'undefined')|map(attribute='name')|list
    partial|selectattr('x', 'gt', 0)|list
    partial|rejectattr('x')|list
    nested|selectattr('a.b', 'gt', 1)|list
    pairs|selectattr(1, 'eq', 2)|list
    users|selectattr()|list
    users|selectattr('name', 'nosuch')|list
    empty|selectattr('x')|list
    users|selectattr('name', 'string')|list|length
    users|selectattr('age', '<', 30)|map(attribute='name')|first
    users|selectattr('tags', 'contains', 'x')|list
    """,
)

SUBJECT.expressions(
    "sort",
    r"""
    numbers|sort
    numbers|sort(true)
    numbers|sort(reverse=true)
    words|sort
    words|sort(case_sensitive=true)
    words|sort(false, true)
    words|sort(reverse=true)
    users|sort(attribute='age')|map(attribute='name')|list
    users|sort(attribute='name')|map(attribute='name')|list
    users|sort(attribute='age,name')|map(attribute='name')|list
    users|sort(attribute='city,age', reverse=true)|map(attribute='name')|list
    users|sort(attribute='name', case_sensitive=true)|map(attribute='name')|list
    users|sort(reverse=true, attribute='age')|map(attribute='name')|list
    nested|sort(attribute='a.b')|map(attribute='a.b')|list
    pairs|sort(attribute=1)
    pairs|sort(attribute='1')
    pairs|sort
    partial|sort(attribute='x')
    mixed|sort
    [1, 'a']|sort
    [true, 0, 2.5]|sort
    [2, 1.5, 1]|sort
    [[2], [1, 5], [1]]|sort
    [none, none]|sort
    empty|sort
    none|sort
    d|sort
    d.items()|sort
    'hello'|sort|join
    ['é', 'z', 'a']|sort
    ['b', 'B', 'a', 'A']|sort
    [(1, 'b'), (1, 'A')]|sort
    range(5)|sort(reverse=true)
    [{'a': 1}, {'a': 0}]|sort
    """,
)

SUBJECT.expressions(
    "unique",
    r"""
    numbers|unique|list
    words|unique|list
    words|unique(true)|list
    words|unique(case_sensitive=true)|list
    users|unique(attribute='age')|map(attribute='name')|list
    users|unique(attribute='city')|map(attribute='city')|list
    users|unique(true, 'city')|map(attribute='city')|list
    [1, 1.0, true, '1']|unique|list
    [none, 0, false]|unique|list
    [[1], [1]]|unique|list
    [(1,), (1,)]|unique|list
    'hello'|unique|join
    empty|unique|list
    ['ß', 'SS', 'ss']|unique|list
    ['A', 'a', 'B']|unique|first
    """,
)

SUBJECT.expressions(
    "groupby",
    r"""
    users|groupby('age')|map('first')|list
    users|groupby('city')|map('first')|list
    users|groupby('city', case_sensitive=true)|map('first')|list
    users|groupby('age')|map(attribute='grouper')|list
    users|groupby('age')|map(attribute='list')|map('length')|list
    users|groupby(attribute='active')|map('first')|list
    partial|groupby('x', default=0)|map('first')|list
    partial|groupby('x')|list
    nested|groupby('a.b')|map('first')|list
    pairs|groupby(1)|list
    pairs|groupby(1)
    empty|groupby('x')
    numbers|groupby('x')|list
    users|groupby('city')|map('last')|map('map', attribute='name')|map('list')|list
    (users|groupby('age'))[0].grouper
    (users|groupby('age'))[1].list|map(attribute='name')|join(',')
    (users|groupby('age'))[1][0]
    """,
)

SUBJECT.expressions(
    "attr",
    r"""
    users[0]|attr('name')
    d|attr('a')
    d|attr('a') is defined
    'x'|attr('__class__')
    5|attr('real')
    'x'|attr('nosuch')|default('d')
    """,
)

SUBJECT.expressions(
    "default",
    r"""
    missing|default('x')
    missing|d('x')
    missing|default
    missing|default(none)
    none|default('x')
    none|default('x', true)
    ''|default('x')
    ''|default('x', true)
    0|default('x', boolean=true)
    empty|default('x', true)
    false|d('x', true)
    'a'|default('x', true)
    missing|default(default_value='y')
    missing|default(missing2|default('z'))
    missing|default(1) + 1
    missing|default([])|length
    missing|default('a')|upper
    d.nope|default('x')
    d.nope.more|default('x')
    missing.nope|default('x')
    numbers[99]|default('x')
    missing|upper|default('x')
    """,
)

SUBJECT.expressions(
    "arguments",
    r"""
    numbers|nosuch
    numbers|join(',', 'a', 'b')
    numbers|join(nosuch=1)
    numbers|first(1)
    words|upper(1)
    numbers|batch
    numbers|slice
    'a'|replace('a', new='b', old='c')
    numbers|sort(attribute=none)
    numbers|sum(attribute=none)
    numbers|round
    'a'|indent(width=2, nosuch=3)
    'a'|default()
    """,
)
