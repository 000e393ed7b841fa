"""Usage: check_dashboard.py FILE
Reads a dashboard with Grafana's own library and writes it again. What the library does not know, because it is misspelt
or of another type, does not come back."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(before, after, place: str = "") -> Iterator[str]:
    """Where something of `before` is missing in `after`, or is otherwise."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key in after:
                yield from lost(value, after[key], f"{place}/{key}")
            else:
                yield f"{place}/{key}"
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from lost(one, other, f"{place}/{index}")
    elif before != after:
        yield place


register_default_plugins()
source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
dashboard = Dashboard.from_json(source)
problems = list(lost(source, json.loads(JSONEncoder().encode(dashboard))))
if problems:
    sys.exit(f"{sys.argv[1]}: Grafana does not know {', '.join(problems)}")
print(f"{dashboard.title}: {len(dashboard.panels)} panels")
