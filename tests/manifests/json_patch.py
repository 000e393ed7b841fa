"""JSON Patch (RFC 6902) with a JSONPath in front of the pointer, as far as the recipes use it.

Envoy Gateway evaluates `jsonPath` to the places that it selects, and appends `path` to each; a path that selects
nothing is an error (envoyproxy/gateway, internal/utils/jsonpatch).
"""

import re

FILTERED = re.compile(r"\$\.\.(\w+)\[\?\(@\.(\w+)=='([^']+)'\)\]")


def apply(document: dict, operation: dict) -> None:
    """Applies an `add` or `replace` in place; LookupError where there is no such place."""
    assert operation["op"] in ("add", "replace"), operation["op"]
    places = select(document, operation["jsonPath"]) if "jsonPath" in operation else [document]
    if not places:
        raise LookupError(f"{operation['jsonPath']} selects nothing")
    for place in places:
        *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        for part in parents:
            place = place[int(part)] if isinstance(place, list) else place[part]
        if isinstance(place, list):
            place.insert(int(last), operation["value"])
        elif operation["op"] == "add" or last in place:
            place[last] = operation["value"]
        else:
            raise LookupError(f"{last} is not there")


def select(document, path: str) -> list:
    """What `$..LIST[?(@.KEY=='VALUE')]` selects."""
    name, key, value = FILTERED.fullmatch(path).groups()
    return [one for found in everywhere(document, name) for one in found if one.get(key) == value]


def everywhere(document, name: str) -> list:
    """The values of a key, at any depth."""
    if isinstance(document, list):
        return [found for one in document for found in everywhere(one, name)]
    if not isinstance(document, dict):
        return []
    deeper = [found for one in document.values() for found in everywhere(one, name)]
    return ([document[name]] if name in document else []) + deeper
