"""The conformance cases: `tests/fixtures/conformance/*.json`."""

import json
from dataclasses import dataclass
from pathlib import Path

from support import wire
from support.bundle import bundle

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "conformance"


@dataclass
class Case:
    """One case: a plugin configuration, a request, and either the upstream's body or a local reply."""

    name: str
    path: str
    plugin: dict
    request: dict | list
    expect: dict | None
    reply: dict | None

    def plugin_key(self) -> str:
        """Equal for cases that one listener can serve."""
        return json.dumps(self.plugin, sort_keys=True)


def cases() -> list[Case]:
    """All cases of all files, in order."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        for one in json.loads(path.read_text(encoding="utf-8")):
            files = one["prompts"] if "prompts" in one else {"p": one["prompt"]}
            plugin = {**one.get("config", {}), "bundle": bundle(files)}
            found.append(Case(f"{path.stem}/{one['name']}", one.get("path", wire.CHAT), plugin, one["request"],
                              one.get("expect"), one.get("reply")))
    names = [case.name for case in found]
    assert len(set(names)) == len(names), "two cases have one name"
    return found
