#!/usr/bin/env python3
"""Keeps the bundle inside envoy/static/envoy.yaml equal to the files of prompts/.

Without arguments it checks and exits 1 on a difference; with `--write` it brings the configuration up to date.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "envoy/static/envoy.yaml"
START = "                      prompts:\n"
END = "          # Whatever authorises"
INDENT = " " * 24


def bundle() -> str:
    """The lines of `prompts:`, one literal block for each version of each prompt."""
    prompts: dict[str, dict[int, str]] = {}
    for path in (ROOT / "prompts").rglob("*.prompt"):
        name = path.relative_to(ROOT / "prompts").as_posix().removesuffix(".prompt")
        match = re.fullmatch(r"(.+)\.v([1-9][0-9]*)", name)
        prompt, version = (match[1], int(match[2])) if match else (name, 1)
        prompts.setdefault(prompt, {})[version] = path.read_text(encoding="utf-8")
    lines = []
    for name in sorted(prompts):
        versions = prompts[name]
        if list(versions) == [1]:
            lines += literal(f"{name}:", versions[1], INDENT)
            continue
        lines += [f"{INDENT}{name}:", f"{INDENT}  versions:"]
        for number in sorted(versions):
            lines += literal(f'"{number}":', versions[number], INDENT + "    ")
    return "\n".join(lines) + "\n"


def literal(key: str, text: str, indent: str) -> list[str]:
    """A YAML literal block that holds `text`."""
    body = [f"{indent}  {line}".rstrip() for line in text.splitlines()]
    return [f"{indent}{key} |", *body]


def main() -> int:
    """Compares or writes; the exit status."""
    text = CONFIG.read_text(encoding="utf-8")
    before, rest = text.split(START, 1)
    after = rest[rest.index(END) :]
    expected = before + START + bundle() + "\n" + after
    if text == expected:
        return 0
    if "--write" in sys.argv[1:]:
        CONFIG.write_text(expected, encoding="utf-8")
        return 0
    print(
        f"error: the bundle in {CONFIG.relative_to(ROOT)} differs from prompts/; "
        "bring it up to date with: python3 tests/tools/examples.py --write",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
