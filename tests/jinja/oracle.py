"""Renders a template with the real Jinja2, and says whose fault a failure is."""

from __future__ import annotations

import copy
import re
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

ROLE_MARKER = re.compile(r"^[ \t]*(System|Developer|User|Assistant):", re.MULTILINE)
SPECIAL = {"loop", "self", "caller", "varargs", "kwargs"}
# What either Python or Unicode calls white space at the ends of a text, and the other does not.
AMBIGUOUS_ENDS = "\x1c\x1d\x1e\x1f"
# Generators, views, methods, and undefined or escaped values inside a list.
PYTHON_ONLY = re.compile(r" object at 0x|<generator|<bound |dict_[kvi]|\bUndefined\b|Markup\(")


class MissingVariable(StrictUndefined):
    """An undefined value: every use of it is an error, but `{% if x %}` is false.

    The one whose use failed last is kept, since the error itself only has a text.
    """

    used: MissingVariable | None = None
    # Whether there has been one at all, and not by the template's own doing.
    made = False
    __slots__ = ()

    def __init__(self, hint: str | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(hint, *args, **kwargs)
        MissingVariable.made |= hint is None

    __bool__ = Undefined.__bool__

    @property
    def _undefined_message(self) -> str:
        MissingVariable.used = self
        return super()._undefined_message


def environment() -> ImmutableSandboxedEnvironment:
    """Jinja2 as Promptgate's templates mean it."""
    return ImmutableSandboxedEnvironment(undefined=MissingVariable, autoescape=False)


ENVIRONMENT = environment()


def record(name: str, template: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The case with what Jinja2 makes of it: `expect`, or `error` and perhaps `variable`."""
    case: dict[str, Any] = {"name": name, "template": template}
    if ROLE_MARKER.search(template):
        raise ValueError(f"{name}: the template has a role marker at the start of a line")
    try:
        tree = ENVIRONMENT.parse(template)
    except TemplateSyntaxError:
        return {**case, "variables": {}, "error": "author"}
    wanted = {name.name for name in tree.find_all(nodes.Name)}
    given = {key: value for key, value in variables.items() if key in wanted}
    case["variables"] = copy.deepcopy(given)

    try:
        compiled = ENVIRONMENT.from_string(template)
    except Exception:  # noqa: BLE001 - constants are computed when a template is compiled
        return {**case, "error": "author"}
    MissingVariable.used, MissingVariable.made = None, False
    try:
        text = compiled.render(given)
    except UndefinedError:
        return {**case, **_blame(tree, given)}
    except Exception:  # noqa: BLE001 - whatever a template can raise is its author's error
        return {**case, "error": "any" if MissingVariable.made else "author"}

    stripped = text.strip()
    if not stripped:
        raise ValueError(f"{name}: renders to nothing, which is not a message: {template!r}")
    if stripped != text.strip().strip(AMBIGUOUS_ENDS) or text.strip(AMBIGUOUS_ENDS) != text:
        raise ValueError(f"{name}: begins or ends with what not everybody calls white space")
    if PYTHON_ONLY.search(stripped):
        raise ValueError(f"{name}: prints what only Python says of an object: {stripped!r}")
    return {**case, "expect": stripped}


def _blame(tree: nodes.Template, variables: dict[str, Any]) -> dict[str, Any]:
    """Whether the client left out a variable, and which, or the author made the mistake.

    `any` is an attribute that is missing in something that came from the client, but that the
    template no longer calls by the client's name (a loop variable, or what a filter looks at), a
    method that the client's value does not have, and a name that has a value elsewhere in the
    template. So is an error of Python's own where a variable is missing.
    """
    used = MissingVariable.used
    if used is None:
        return {"error": "author"}
    if used._undefined_hint is not None:
        return {"error": "author"}
    if used._undefined_obj is missing:
        own = used._undefined_name in _assigned(tree) | SPECIAL
        return {"error": "any"} if own else {"error": "undefined", "variable": used._undefined_name}
    for path in _paths(tree, variables):
        value: Any = variables
        for key in path[:-1]:
            value = _get(value, key)
        if value is used._undefined_obj and path[-1] == used._undefined_name:
            if _is_method(tree, used) or isinstance(value, list) and isinstance(path[-1], str):
                return {"error": "any"}
            if not all(isinstance(key, (str, int)) for key in path):
                return {"error": "any"}
            if not all(isinstance(key, str) for key in path):
                return {"error": "undefined"}
            return {"error": "undefined", "variable": ".".join(path)}
    if _reaches(variables, used._undefined_obj):
        return {"error": "any"}
    return {"error": "author"}


def _assigned(tree: nodes.Template) -> set[str]:
    """Names that the template itself gives a value, somewhere."""
    names = {name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")}
    return names | {macro.name for macro in tree.find_all(nodes.Macro)}


def _paths(tree: nodes.Template, variables: dict[str, Any]) -> list[list[Any]]:
    """Every path such as `user.name` or `user['name']` that begins at a variable of the client."""
    assigned = _assigned(tree)
    paths = []
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        path: list[Any] = []
        while isinstance(node, (nodes.Getattr, nodes.Getitem)):
            if isinstance(node, nodes.Getattr):
                path.insert(0, node.attr)
            elif isinstance(node.arg, nodes.Const):
                path.insert(0, node.arg.value)
            else:
                break
            node = node.node
        if isinstance(node, nodes.Name) and node.name in variables and node.name not in assigned:
            paths.append([node.name, *path])
    return paths


def _is_method(tree: nodes.Template, used: MissingVariable) -> bool:
    return any(
        isinstance(call.node, nodes.Getattr) and call.node.attr == used._undefined_name
        for call in tree.find_all(nodes.Call)
    )


def _get(value: Any, key: Any) -> Any:
    try:
        return value[key]
    except (TypeError, LookupError):
        return None


def _reaches(value: Any, wanted: Any) -> bool:
    if value is wanted:
        return True
    if isinstance(value, dict):
        return any(_reaches(item, wanted) for item in value.values())
    if isinstance(value, list):
        return any(_reaches(item, wanted) for item in value)
    return False
