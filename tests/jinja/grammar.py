"""Random expressions and small templates, the same for the same seed."""

from __future__ import annotations

from random import Random

import oracle
from cases import Subject

VARIABLES = {
    "n": 7,
    "z": 0,
    "m": -3,
    "f": 2.5,
    "g": -0.125,
    "s": "Hello, World",
    "t": "a-b c",
    "e": "",
    "l": [3, 1, 2],
    "w": ["pear", "Apple", "fig"],
    "k": [],
    "d": {"a": 1, "b": "two", "c": [1, 2]},
    "u": [{"id": 2, "name": "Bob"}, {"id": 1, "name": "amy"}, {"id": 3, "name": "Cid"}],
    "y": True,
    "o": None,
}

# Errors are quickly found and say little: keep one in so many.
KEEP_ERRORS = 4
DEPTH = 3


class Grammar:
    """Composes expressions that mostly have the types that their place wants."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def pick(self, *choices: str) -> str:
        """One of the choices, with its `{int}`, `{text}`, … filled in."""
        return self.fill(self.random.choice(choices), DEPTH)

    def fill(self, pattern: str, depth: int) -> str:
        """The pattern with an expression of its kind at every `<kind>`."""
        parts = pattern.split("<")
        text = parts[0]
        for part in parts[1:]:
            kind, closed, rest = part.partition(">")
            if closed and kind in LEAVES:
                text += self.expression(kind, depth - 1) + rest
            else:
                text += "<" + part
        return text

    def expression(self, kind: str, depth: int) -> str:
        """An expression of a kind, in parentheses where it is not a leaf, most of the time."""
        if self.random.random() < 0.04:
            kind = self.random.choice(list(LEAVES))
        if depth <= 0 or self.random.random() < 0.2:
            return self.random.choice(LEAVES[kind])
        text = self.fill(self.random.choice(NODES[kind]), depth)
        return text if self.random.random() < 0.15 else f"({text})"

    def template(self) -> str:
        """A printed expression, or a small statement around some."""
        if self.random.random() < 0.7:
            kind = self.random.choice(list(LEAVES))
            return "[{{ " + self.fill(self.random.choice(NODES[kind]), DEPTH) + " }}]"
        return "[" + self.pick(*TEMPLATES) + "]"


# fmt: off
LEAVES = {
    "int": ["n", "z", "m", "1", "2", "5", "-4", "10", "d.a", "l[0]", "true", "u[1].id"],
    "num": ["f", "g", "1.5", "n", "0.1", "-2.0", "3", "1e3"],
    "text": ["s", "t", "e", "'x'", "'b'", "'Ab cD'", "d.b", "w[1]", "'<&>'", "'é'"],
    "list": ["l", "w", "k", "[1, 'a']", "(1, 2)", "[n, f]", "d.c", "[[1], [2]]", "l[1:]"],
    "ints": ["l", "[4, 5, 6, 7]", "d.c", "range(5)|list", "[n, m, z]", "k", "[2]"],
    "texts": ["w", "['x', 'y']", "t.split()", "s.split(', ')", "['b', 'a', 'B']", "t|list"],
    "bool": ["y", "n > 3", "o is none", "false", "s", "k", "'a' in t", "missing is defined"],
    "any": ["o", "y", "d", "u[0]", "n", "f", "s", "l", "none", "{'a': 1}", "(1,)", "missing|d(1)"],
}

NODES = {
    "int": [
        "<int> + <int>", "<int> - <int>", "<int> * <int>", "<int> // <int>", "<int> % <int>",
        "-<int>", "<int>|abs", "<list>|length", "<text>|length", "<text>|int", "<num>|int",
        "<ints>|sum", "<ints>|first", "<ints>|last", "<ints>|max", "<ints>|min", "<text>|wordcount",
        "<text>.count(<text>)", "<text>.find(<text>)", "<ints>[0]", "<ints>|length * <int>",
        "<int> if <bool> else <int>", "<list>.count(<int>)", "<bool> and <int>", "<int> or <int>",
        "<ints>|select('odd')|list|length", "<int> ** 2", "u|map(attribute='id')|sum",
    ],
    "num": [
        "<num> + <num>", "<num> - <num>", "<num> * <num>", "<num> / <num>", "<num> // <num>",
        "<num> % <num>", "<num>|round", "<num>|round(1)", "<int> / <int>", "<text>|float",
        "<num>|abs", "<num>|round(2, 'floor')", "<num>|round(1, 'ceil')", "<int>|float",
        "<int> ** -1", "<num> ** 2", "-<num>", "<num> if <bool> else <int>",
    ],
    "text": [
        "<text> ~ <any>", "<text> + <text>", "<text> * 2", "<text>|upper", "<text>|lower",
        "<text>|title", "<text>|capitalize", "<text>|trim", "<text>|replace(<text>, <text>)",
        "<text>|truncate(5, true)", "<text>|truncate(6, false, '..', 0)", "<text>|center(9)",
        "<text>|reverse", "<text>[<int>:]", "<text>[::-1]", "<text>[:<int>]", "<text>.strip('a')",
        "<text>.split(<text>)|join('/')", "<texts>|join(<text>)", "<list>|join(', ')",
        "<any>|string", "<any>|tojson", "'%s|%s' % (<any>, <text>)", "'%05d' % <int>",
        "'%.2f' % <num>", "'{}-{}'.format(<any>, <int>)", "'{:>6}'.format(<text>)",
        "'{:.3f}'.format(<num>)", "<text>|e", "<text>|default(<text>, true)", "<texts>|first",
        "<texts>|last", "<texts>|max", "<text>.title()", "<text>.swapcase()", "<text>|indent(2)",
        "<text>.partition('-')|join('+')", "<text>.ljust(6, '.')", "<text>.zfill(4)", "<text>|urlencode",
        "<text> if <bool> else <text>", "<bool> and <text>", "<text> or <text>", "<any> ~ <any>",
        "<int>|filesizeformat", "<text>|wordwrap(4)", "<text>|striptags",
    ],
    "list": [
        "<list> + <list>", "<list> * 2", "<list>[::-1]", "<list>[<int>:]", "<list>[:<int>]",
        "<list>|reverse|list", "[<any>, <any>]", "(<any>, <any>)", "<text>|list", "<ints>|sort",
        "<texts>|sort", "<list>|batch(2)|list", "<list>|slice(2)|list", "<list>|list",
        "<list>|unique|list", "d|dictsort", "d.items()|list", "<list>|map('string')|list",
        "u|map(attribute='name')|list", "u|sort(attribute='name')", "u|groupby('id')|map('first')|list",
        "<list>|select|list", "<list>|reject('none')|list", "<list> or <list>", "{'k': <any>, 'v': <any>}",
        "u|selectattr('id', 'gt', <int>)|map(attribute='name')|list", "dict(a=<any>)",
        "u|rejectattr('name', 'lower')|list|length",
    ],
    "ints": [
        "<ints> + <ints>", "<ints>|sort", "<ints>|sort(reverse=true)", "<ints>|reverse|list",
        "<ints>|unique|list", "<ints>[1:]", "range(<int>)|list", "<ints>|select('gt', <int>)|list",
        "<ints>|map('abs')|list", "<ints>|reject('even')|list", "<texts>|map('length')|list",
        "u|map(attribute='id')|list", "[<int>, <int>]", "<ints>|batch(2)|map('sum')|list",
    ],
    "texts": [
        "<texts> + <texts>", "<texts>|sort", "<texts>|sort(case_sensitive=true)", "<text>.split()",
        "<texts>|map('upper')|list", "<texts>|reverse|list", "<texts>|unique|list", "<text>.split('-')",
        "<texts>|map('replace', 'a', <text>)|list", "<texts>|select('in', <text>)|list",
        "[<text>, <text>]", "<text>.splitlines()", "<texts>|map('title')|list", "<text>|list",
    ],
    "bool": [
        "<int> < <int>", "<num> >= <num>", "<text> == <text>", "<text> < <text>", "<list> == <list>",
        "<int> in <ints>", "<text> in <text>", "<text> not in <texts>", "not <bool>",
        "<bool> and <bool>", "<bool> or <bool>", "<int> is even", "<int> is not odd",
        "<int> is divisibleby 3", "<any> is none", "<any> is mapping", "<any> is number",
        "<any> is string", "<any> is iterable", "<text> is upper", "<text>.startswith(<text>)",
        "<text>.isdigit()", "<text>.isalpha()", "1 < <int> <= 5", "<any> == <any>", "<any> != <any>",
        "<ints> < <ints>", "<any> is sameas none", "<any> is boolean", "<any> in <list>",
    ],
    "any": [
        "<int>", "<num>", "<text>", "<list>", "<bool>", "<any> or <any>", "<any> and <any>",
        "<any> if <bool>", "<any> if <bool> else <any>", "d[<text>]|d(<any>)", "d.get(<text>, <any>)",
        "<list>|first|default(<any>)", "<list>[<int>]|default(<any>)", "{<text>: <any>}",
        "[<any>][0]", "u[<int> % 3].name",
    ],
}

TEMPLATES = [
    "{% for x in <list> %}{{ loop.index }}{{ x }}{% if not loop.last %},{% endif %}{% else %}none{% endfor %}",
    "{% for x in <ints> if x > <int> %}{{ x * 2 }};{% else %}-{% endfor %}",
    "{% for x in <texts>|sort %}{{ loop.revindex0 }}:{{ x|upper }} {% endfor %}",
    "{% if <bool> %}{{ <any> }}{% elif <bool> %}{{ <text> }}{% else %}{{ <int> }}{% endif %}",
    "{% set v = <any> %}{{ v }}{% if v %}!{% endif %}",
    "{% set v %}{{ <text> }}{% endset %}{{ v|length }}{{ v|upper }}",
    "{% with a = <int>, b = <text> %}{{ a }}{{ b }}{{ b * a if a < 9 }}{% endwith %}",
    "{% macro f(a, b=<int>) %}{{ a }}/{{ b }}{% endmacro %}{{ f(<any>) }} {{ f(<text>, b=<int>) }}",
    "{% set ns = namespace(t=<int>) %}{% for x in <ints> %}{% set ns.t = ns.t + x %}{% endfor %}{{ ns.t }}",
    "{% filter upper %}{{ <text> }}{{ <list> }}{% endfilter %}",
    "{% for a in <list> %}{% for b in <ints> %}{{ a }}{{ b }}{{ loop.first }}{% endfor %}|{% endfor %}",
    "{% for k, v in dict(a=<any>, b=<int>)|dictsort %}{{ k }}={{ v }} {% endfor %}",
    "{%- for x in <ints> -%} {{ x }} {%- endfor -%} .",
]
# fmt: on


def subject(count: int, seed: int) -> Subject:
    """So many random cases that differ, are of reasonable size and have a certain answer."""
    grammar = Grammar(Random(seed))
    made = Subject("random", VARIABLES)
    seen: set[str] = set()
    errors = 0
    for _ in range(count * 50):
        if len(seen) == count:
            break
        template = grammar.template()
        if template in seen or len(template) > 200:
            continue
        try:
            record = oracle.record("trial", template, VARIABLES)
        except ValueError:
            continue
        if "error" in record:
            errors += 1
            if errors % KEEP_ERRORS:
                continue
        elif len(record["expect"]) > 400:
            continue
        seen.add(template)
        made.case(f"random-{len(seen):03}", template)
    if len(seen) < count:
        raise RuntimeError(f"only {len(seen)} of {count} cases came of seed {seed}")
    return made
