"""Turning `.prompt` files of a test into the bundle of a plugin configuration, in its long form."""

import re

import yaml

_VERSIONED = re.compile(r"^(?P<id>.+)\.v(?P<version>[1-9]\d*)$")
_FRONT_MATTER = re.compile(r"\A\ufeff?\s*---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*\r?$", re.S | re.M)


def bundle(files: dict[str, str]) -> dict:
    """`{"p": …, "p.v2": …}` stand for `p.prompt` and `p.v2.prompt`; labels of a front matter become the bundle's."""
    prompts: dict[str, dict] = {}
    for key, source in files.items():
        named = _VERSIONED.match(key)
        prompt_id, version = (named["id"], named["version"]) if named else (key, "1")
        prompt = prompts.setdefault(prompt_id, {"versions": {}})
        if version in prompt["versions"]:
            raise ValueError(f"{key}: version {version} of {prompt_id} is there twice")
        prompt["versions"][version] = source
        for label in _labels(source):
            prompt.setdefault("labels", {})[label] = int(version)
    return {"prompts": prompts}


def _labels(source: str) -> list[str]:
    front_matter = _FRONT_MATTER.match(source)
    if not front_matter:
        return []
    try:
        fields = yaml.safe_load(front_matter["yaml"])
    except yaml.YAMLError:
        return []  # a broken prompt has no labels; the gateway answers for it
    labels = fields.get("labels") if isinstance(fields, dict) else None
    return labels if isinstance(labels, list) else []
