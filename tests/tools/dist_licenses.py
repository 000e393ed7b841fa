#!/usr/bin/env python3
"""Writes the licences of everything that is compiled into the filter and the program: THIRD-PARTY-LICENSES.txt.

What is in it is taken from the bills of materials, the texts from the sources that cargo has unpacked. A crate without
any text is an error: somebody has to look for it. Rust's standard library comes with its notices, and so does what it
is linked with on `wasm32-wasip1`.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTICES = Path(__file__).parent / "dist_notices"
NAMES = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)
"""How files begin that hold such texts."""
STANDARD_LIBRARY = "Rust standard library"
RULE = "=" * 120 + "\n"

Texts = dict[str, str]
"""The texts of one component by the names of their files."""


def sources(targets: list[str]) -> dict[tuple[str, str], dict]:
    """What cargo knows of each crate from a registry, by name and version."""
    found = {}
    for target in targets:
        output = _run("cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target)
        packages = json.loads(output)["packages"]
        found |= {(one["name"], one["version"]): one for one in packages if one["source"]}
    return found


def _run(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def texts_of(folder: Path) -> Texts:
    """The texts that a crate's sources hold, those of what it has copied from others included."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and NAMES.match(path.name))
    return {path.relative_to(folder).as_posix(): tidy(path.read_text(encoding="utf-8")) for path in files}


def tidy(text: str) -> str:
    """The text with line ends of one kind, and no white space around it or behind its lines."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"


class _Notices(HTMLParser):
    """Reads the page of notices that comes with rustc: its crates, their expressions and texts, and all before them."""

    def __init__(self):
        super().__init__()
        self.crates: dict[str, tuple[str, Texts]] = {}
        self.own: list[str] = []
        self._tags: list[str] = []
        self._crate = self._label = self._file = ""

    def handle_starttag(self, tag: str, _attributes) -> None:
        if tag not in ("meta", "br", "hr"):
            self._tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._tags:
            while self._tags.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        where = self._tags[-1] if self._tags else ""
        if where == "h3":
            self._crate = data.strip().lstrip("📦 ")
            self.crates[self._crate] = ("", {})
        elif not self._crate:
            if where in ("h1", "h2", "p", "b", "code", "a", "div") and data.strip():
                self.own.append(" ".join(data.split()))
        elif where == "b":
            self._label = data.strip()
        elif where == "p" and self._label == "License:" and data.strip():
            self.crates[self._crate] = (data.strip(), self.crates[self._crate][1])
        elif where == "code":
            self._file = data.strip()
        elif where == "pre":
            self.crates[self._crate][1][self._file] = tidy(data)


def standard_library(version: str) -> tuple[dict[str, str], dict[str, Texts]]:
    """Expressions and texts of Rust's standard library, and of what is in it."""
    folder = Path(_run("rustc", "--print", "sysroot").strip()) / "share" / "doc" / "rust"
    page = folder / "COPYRIGHT-library.html"
    if not page.exists():
        sys.exit(f"error: {page} is missing: releases are made with a Rust that rustup installed, which brings it")
    parser = _Notices()
    parser.feed(page.read_text(encoding="utf-8"))
    parser.close()
    own = f"{STANDARD_LIBRARY} {version}"
    expressions = {own: "(MIT OR Apache-2.0) AND Unicode-3.0 AND BSD-2-Clause"}
    licenses = ("Apache-2.0", "MIT", "Unicode-3.0", "BSD-2-Clause", "LLVM-exception")
    texts = {own: {f"{name}.txt": tidy((folder / "licenses" / f"{name}.txt").read_text()) for name in licenses}}
    texts[own]["COPYRIGHT-library"] = "\n".join(parser.own) + "\n"
    for crate, (expression, files) in parser.crates.items():
        name = f"{crate} ({STANDARD_LIBRARY})"
        expressions[name], texts[name] = expression, files
    libc = f"wasi-libc ({STANDARD_LIBRARY})"
    expressions[libc] = "(Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT) AND MIT AND BSD-2-Clause"
    texts[libc] = {"LICENSE": (NOTICES / "wasi-libc.txt").read_text(encoding="utf-8")}
    return expressions, texts


def components(bills: list[Path], known: dict[tuple[str, str], dict]) -> tuple[dict[str, str], dict[str, Texts]]:
    """Expressions and texts of the crates that bills of materials name, but for our own."""
    expressions, texts = {}, {}
    for bill in bills:
        for one in json.loads(bill.read_text(encoding="utf-8"))["components"]:
            if one["purl"].startswith("pkg:cargo/promptgate"):
                continue
            crate = known.get((one["name"], one["version"]))
            name = f"{one['name']} {one['version']}"
            if crate is None:
                sys.exit(f"error: cargo has no sources of {name}")
            expressions[name] = crate["license"]
            texts[name] = texts_of(Path(crate["manifest_path"]).parent)
            if not texts[name]:
                sys.exit(f"error: the sources of {name} ({crate['license']}) have no text of a licence")
    return expressions, texts


def document(expressions: dict[str, str], texts: dict[str, Texts]) -> str:
    """The whole file: a list of all components, then each text once, with those that it is of."""
    users = defaultdict(list)
    for name in sorted(texts):
        for file, text in texts[name].items():
            users[text].append(f"{name}: {file}")
    parts = ["What others have written, and is compiled into promptgate.wasm or promptgate, with the licences under\n"
             "which it is used. Where an expression says OR, it is used under any of them. Of the parts of the Rust\n"
             "standard library those of other platforms are listed, too.\n\n"]
    parts += [f"{name}: {expressions[name]}\n" for name in sorted(expressions)]
    for text, names in sorted(users.items(), key=lambda pair: pair[1]):
        parts += ["\n", RULE, *(f"{name}\n" for name in names), RULE, "\n", text]
    return "".join(parts)


def main() -> None:
    """Reads the command line, and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bill", type=Path, action="append", required=True, help="CycloneDX JSON, any number of times")
    parser.add_argument("--target", action="append", required=True, help="a platform, any number of times")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    options = parser.parse_args()
    expressions, texts = components(options.bill, sources(options.target))
    more_expressions, more_texts = standard_library(_run("rustc", "--version").split()[1])
    content = document(expressions | more_expressions, texts | more_texts)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
