"""Templates as deep as they may be: rendered or refused, but the stack of Envoy's V8 holds."""

import pytest

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy

MACRO = "{% macro f(n) %}{{ @ }}{% endmacro %}{{ f(1) }}"


def nested(before: str, inner: str, after: str, depth: int) -> str:
    return before * depth + inner + after * depth


# Depths around the parser's own bound (150 levels) and the evaluator's (300), and chains up to 1,000 tokens.
DEEP = {
    f"{name}-{depth}": template(depth)
    for depth in (30, 70, 140, 149)
    for name, template in {
        "parentheses": lambda depth: "{{ " + nested("(", "n", ")", depth // 2) + " }}",
        "lists": lambda depth: "{{ " + nested("[", "n", "]", min(depth // 2, 63)) + " }}",
        "subscripts": lambda depth: "{{ " + nested("d[", "'k'", "]", depth // 2) + " }}",
        "calls": lambda depth: "{% macro m(x) %}{{ x }}{% endmacro %}{{ " + nested("m(", "n", ")", depth // 2) + " }}",
        "filters-in-arguments": lambda depth: "{{ " + nested("n|default(", "n", ")", depth // 2) + " }}",
        "if": lambda depth: nested("{% if n %}", "x", "{% endif %}", depth),
        "for": lambda depth: nested("{% for i in [1] %}", "x", "{% endfor %}", depth),
        "with": lambda depth: nested("{% with a = n %}", "x", "{% endwith %}", depth),
        "set-blocks": lambda depth: nested("{% set s %}", "x", "{% endset %}{{ s }}", depth),
        "filter-blocks": lambda depth: nested("{% filter upper %}", "x", "{% endfilter %}", depth),
        "call-blocks": lambda depth: "{% macro m() %}{{ caller() }}{% endmacro %}"
                                     + nested("{% call m() %}", "x", "{% endcall %}", depth // 3),
        "if-in-parentheses": lambda depth: nested("{% if n %}", "{{ " + nested("(", "n", ")", depth // 4) + " }}",
                                                  "{% endif %}", depth // 2),
        "recursion-in-parentheses": lambda depth: MACRO.replace("@", nested("(", "f(n)", ")", depth // 2)),
        "recursion-in-lists": lambda depth: MACRO.replace("@", nested("[", "f(n)", "]", min(depth // 2, 60))),
        "recursion-in-blocks": lambda depth: "{% macro f() %}" + nested("{% for i in [1] %}{% if i %}", "{{ f() }}",
                                             "{% endif %}{% endfor %}", depth // 4) + "{% endmacro %}{{ f() }}",
        "recursive-loop": lambda depth: "{% for i in [1] recursive %}" + nested("{% if n %}", "{{ loop([1]) }}",
                                        "{% endif %}", depth // 2) + "{% endfor %}",
    }.items()
} | {
    "not": "{{ " + "not " * 990 + "n }}",
    "minus": "{{ " + "-" * 990 + "n }}",
    "concat": "{{ n" + " ~ n" * 490 + " }}",
    "power": "{{ 1" + " ** 1" * 490 + " }}",
    "filters": "{{ n" + "|string" * 490 + " }}",
    "attributes": "{{ d" + ".k" * 490 + " }}",
    "tests": "{{ n" + " is defined" * 490 + " }}",
    "else": "{{ " + "n if not n else " * 190 + "n }}",
    "and-or": "{{ " + "n and n or " * 240 + "n }}",
    "compare": "{{ n" + " < n" * 490 + " }}",
    "elif": "{% if not n %}" + "{% elif not n %}" * 250 + "{% else %}x{% endif %}",
}
VARIABLES = {"n": 3, "d": {"k": "k"}}


@pytest.fixture(scope="module")
def deep(envoy_binary, wasm, standin):
    plugin = {"bundle": {"prompts": {name: "User: x" + source for name, source in DEEP.items()} | {"ok": "User: ok"}}}
    with Envoy([Listener("deep", plugin)], {"llm": standin.port}, binary=envoy_binary) as envoy:
        yield envoy


def expected(name: str) -> tuple[int, ...]:
    """The statuses that will do: near the bounds either answer is right, as long as the stack holds."""
    if name.startswith("recurs"):
        return (422,)  # it never ends
    if name.endswith(("-30", "-70")):
        return (200,)  # well within the bounds
    if name == "attributes":
        return (400,)  # `d.k` is text and has no `k`
    return (200, 422)


@pytest.mark.parametrize("name", DEEP)
def test_depth_never_traps(name, deep, upstream):
    port = deep.port("deep")
    answer = wire.post(port, {"prompt_id": name, "prompt_variables": VARIABLES})
    assert answer.status in expected(name), answer.body[:300]
    assert deep.alive() and deep.traps() == 0
    assert wire.post(port, {"prompt_id": "ok"}).status == 200
