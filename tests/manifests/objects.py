"""Kubernetes objects of the recipes: reading them, and asking their schemas."""

import json
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
CHECK = Path(__file__).parent / "schemas" / "check.mjs"
SECONDS = 120


def read(recipe: str, *names: str) -> list[dict]:
    """The objects of some files of `envoy/RECIPE`, in order. A later one replaces one of the same kind and name."""
    found: dict[tuple, dict] = {}
    for name in names:
        text = (ROOT / "envoy" / recipe / f"{name}.yaml").read_text(encoding="utf-8")
        for one in yaml.safe_load_all(text):
            found[one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]] = one
    return list(found.values())


def files(recipe: str) -> list[str]:
    """The names, without ending, of all manifests of a recipe."""
    return sorted(path.stem for path in (ROOT / "envoy" / recipe).glob("*.yaml"))


def of_kind(objects: list[dict], kind: str) -> list[dict]:
    """Those of one kind."""
    return [one for one in objects if one["kind"] == kind]


def key(one: dict) -> str:
    """An object's namespace and name, as both control planes write them into names."""
    return f"{one['metadata']['namespace']}/{one['metadata']['name']}"


def problems(objects: list[dict]) -> list[list[str]]:
    """What the published schemas say against each object; unknown fields are errors."""
    answer = subprocess.run(["node", str(CHECK)], input=json.dumps(objects), capture_output=True, text=True,
                            timeout=SECONDS, check=False)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)
