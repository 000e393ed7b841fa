"""Random templates of nested statements, with white space control everywhere, the same for the same seed."""

from __future__ import annotations

from random import Random

import oracle
from cases import Subject

VARIABLES = {
    "a": 1,
    "b": "x",
    "l": [1, 2, 3],
    "e": [],
    "d": {"k": "v", "n": {"z": 0}},
    "t": True,
    "f": False,
    "names": ["p", "q"],
    "pairs": [[1, "u"], [2, "w"]],
}

# Macros and a namespace for the statements to use.
PRELUDE = (
    "{% set ns = namespace(c=0) %}"
    "{% macro show(x, y=5) %}<{{ x }}{{ y }}{{ v|d('u') }}>{% endmacro %}"
    "{% macro around() %}({{ caller() }}){% endmacro %}"
    "{% macro twice(q) %}{{ caller(q) }}{{ caller(a) }}{% endmacro %}"
)

# Errors are quickly found and say little: keep one in so many.
KEEP_ERRORS = 6
DEPTH = 2
LONGEST = 700

# fmt: off
BLANKS = ["", " ", "\n", "  \n ", "\n\n", "\t"]
OPENING = ["", "", "", "-", "+"]
CLOSING = ["", "", "", "-"]
EXPRESSIONS = [
    "a", "b", "v", "w", "x", "i", "j", "l", "d.k", "d.n.z", "d.q", "'s'", "l|length", "a + 1", "b ~ a",
    "v|d('dv')", "x|d(0)", "i|d('-')", "b|upper", "[a, b]", "missing|d('m')", "t and b", "f or a", "not t",
    "l[0]", "l[-1:]", "w is defined", "show(1)", "show(b, y=a)", "ns.c", "caller()",
]
IN_LOOPS = [
    "loop.index", "loop.index0", "loop.first", "loop.last", "loop.length", "loop.revindex", "loop.depth",
    "loop.cycle('o', 'e')", "loop.changed(i)", "loop.previtem|d('-')", "loop.nextitem|d('-')",
]
CONDITIONS = [
    "t", "f", "a == 1", "b in 'xyz'", "v is defined", "l", "e", "i is defined and i == 2", "a > 0 and not f",
    "x is undefined", "missing", "w|d(false)", "l|length > 2",
]
ITERABLES = [
    "l", "e", "names", "range(3)", "d", "'ab'", "[1, [2]]", "l|reverse", "l[1:]", "missing|d([])", "range(a)",
]
UNPACKED = ["pairs", "d.items()", "[[1, 2], [3, 4]]"]
TARGETS = ["v", "w", "x", "a", "ns.c"]
CAPTURES = ["v", "w", "x", "v | upper", "w|trim"]
WITHS = ["v = 1", "a = b, v = a", "x = l", "w = v|d(2)"]
FILTERS = ["upper", "trim", "replace('t', 'T')"]
CALLS = ["call around()", "call(x) twice(a)"]
RAW = ["{{ a }}", "{% if %}", " x "]
# fmt: on


class Structures:
    """Composes statements."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def tag(self, text: str) -> str:
        """`{% text %}` with signs."""
        pick = self.random.choice
        return "{%" + pick(OPENING) + f" {text} " + pick(OPENING) + "%}"

    def body(self, depth: int, in_loop: bool = False) -> str:
        """A few statements with blanks between them."""
        pick = self.random.choice
        items = [pick(BLANKS) + self.item(depth, in_loop) for _ in range(self.random.randint(1, 3))]
        return "".join(items) + pick(BLANKS)

    def item(self, depth: int, in_loop: bool) -> str:
        """Text, a printed expression, a comment, or a statement with a body of its own."""
        pick = self.random.choice
        kinds = [self.condition, self.loop, self.assignment, self.capture, self.scope, self.call]
        if depth > 0 and self.random.random() < 0.6:
            return self.random.choices(kinds, [3, 4, 2, 1, 2, 1])[0](depth - 1, in_loop)
        if self.random.random() < 0.3:
            return pick(["text", "T.", "{#" + pick(OPENING) + " c " + pick(OPENING) + "#}"])
        expression = pick(IN_LOOPS if in_loop and self.random.random() < 0.5 else EXPRESSIONS)
        return "{{" + pick(OPENING) + f" {expression} " + pick(CLOSING) + "}}"

    def condition(self, depth: int, in_loop: bool) -> str:
        """`if`, perhaps with `elif` and `else`."""
        text = self.tag("if " + self.random.choice(CONDITIONS)) + self.body(depth, in_loop)
        if self.random.random() < 0.3:
            text += self.tag("elif " + self.random.choice(CONDITIONS)) + self.body(depth, in_loop)
        if self.random.random() < 0.5:
            text += self.tag("else") + self.body(depth, in_loop)
        return text + self.tag("endif")

    def loop(self, depth: int, in_loop: bool) -> str:
        """`for`, perhaps with a filter and `else`."""
        pick = self.random.choice
        head = f"for {pick(['i', 'j', 'i', 'a', 'x'])} in {pick(ITERABLES)}"
        if self.random.random() < 0.15:
            head = f"for i, j in {pick(UNPACKED)}"
        elif self.random.random() < 0.2:
            head += f" if {pick(CONDITIONS)}"
        text = self.tag(head) + self.body(depth, in_loop=True)
        if self.random.random() < 0.3:
            text += self.tag("else") + self.body(depth, in_loop)
        return text + self.tag("endfor")

    def assignment(self, depth: int, in_loop: bool) -> str:
        """`set` of one name or two."""
        pick = self.random.choice
        if self.random.random() < 0.1:
            return self.tag(f"set v, w = {pick(['(a, b)', 'names', 'pairs'])}")
        return self.tag(f"set {pick(TARGETS)} = {pick(EXPRESSIONS)}")

    def capture(self, depth: int, in_loop: bool) -> str:
        """A `set` block."""
        return self.tag("set " + self.random.choice(CAPTURES)) + self.body(depth, in_loop) + self.tag("endset")

    def scope(self, depth: int, in_loop: bool) -> str:
        """`with`, `filter` or `raw`."""
        pick = self.random.choice
        return pick(
            [
                self.tag("with " + pick(WITHS)) + self.body(depth, in_loop) + self.tag("endwith"),
                self.tag("filter " + pick(FILTERS)) + self.body(depth, in_loop) + self.tag("endfilter"),
                "{% raw %}" + pick(RAW) + "{% endraw %}",
            ]
        )

    def call(self, depth: int, in_loop: bool) -> str:
        """A `call` block."""
        return self.tag(self.random.choice(CALLS)) + self.body(depth, in_loop) + self.tag("endcall")


def subject(count: int, seed: int) -> Subject:
    """So many random templates of reasonable size."""
    structures = Structures(Random(seed))
    made = Subject("structures", VARIABLES)
    errors = 0
    for _ in range(count * 50):
        if len(made.cases) == count:
            return made
        template = f"{PRELUDE}[{structures.body(DEPTH)}]"
        if len(template) > LONGEST:
            continue
        try:
            record = oracle.record("trial", template, VARIABLES)
        except ValueError:
            continue
        if "error" in record:
            errors += 1
            if errors % KEEP_ERRORS:
                continue
        made.case(f"structure-{len(made.cases) + 1:03}", template)
    raise RuntimeError(f"seed {seed} makes fewer than {count} templates")
