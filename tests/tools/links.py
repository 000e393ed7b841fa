#!/usr/bin/env python3
"""Checks the links of the documentation: files that they name exist, and so do the headings. Exits 1 otherwise."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def documents() -> list[Path]:
    """The Markdown files of the repository, without what tools and builds leave behind."""
    found = [*ROOT.glob("*.md")]
    for folder in ("docs", "envoy", "prompts", "src", "tests"):
        found += [path for path in (ROOT / folder).rglob("*.md") if "node_modules" not in path.parts]
    return sorted(path for path in found if "target" not in path.parts)


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub makes of the headings."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    seen: dict[str, int] = {}
    result = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *$", text, re.MULTILINE):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = seen.get(anchor, 0)
        seen[anchor] = count + 1
        result.add(f"{anchor}-{count}" if count else anchor)
    return result


def broken(path: Path) -> list[str]:
    """The links of one document that lead nowhere."""
    problems = []
    for link in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists():
            problems.append(f"{path.relative_to(ROOT)}: {link} does not exist")
        elif anchor and (target.suffix != ".md" or anchor not in anchors(target)):
            problems.append(f"{path.relative_to(ROOT)}: {link} names no heading")
    return problems


def main() -> int:
    """The exit status."""
    paths = documents()
    problems = [problem for path in paths for problem in broken(path)]
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    if not problems:
        print(f"links: {len(paths)} documents")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
