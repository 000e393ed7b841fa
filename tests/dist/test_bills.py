"""The bills of materials: valid CycloneDX, complete, and of the files that they lie beside."""

import hashlib
import json
from pathlib import Path

import pytest

from support.bootstrap import ROOT

from .conftest import run, tool

SUBJECTS = {"promptgate.wasm": ("promptgate-filter", "wasm32-wasip1"),
            "promptgate": ("promptgate", "x86_64-unknown-linux-gnu")}


@pytest.fixture(params=SUBJECTS)
def subject(request) -> str:
    """The name of the described file."""
    return request.param


@pytest.fixture
def path(subject, release) -> Path:
    return release.folder / f"{subject}.cdx.json"


@pytest.fixture
def bill(path) -> dict:
    return json.loads(path.read_bytes())


def test_it_is_valid(path):
    assert "components" in run(tool("DIST_PYTHON"), ROOT / "tests/dist/check_bill.py", path)


def test_an_invalid_one_is_noticed(path, tmp_path):
    wrong = tmp_path / "wrong.json"
    wrong.write_text(path.read_text().replace('"name": "minijinja"', '"nome": "minijinja"'))
    with pytest.raises(AssertionError, match="minijinja"):
        run(tool("DIST_PYTHON"), ROOT / "tests/dist/check_bill.py", wrong)


def test_it_describes_the_file_beside_it(subject, path, bill):
    digest = hashlib.sha256((path.parent / subject).read_bytes()).hexdigest()
    described = bill["metadata"]["component"]
    assert described["name"] == SUBJECTS[subject][0]
    assert described["hashes"] == [{"alg": "SHA-256", "content": digest}]
    assert {"name": "promptgate:made-with", "value": "rustc 9.9.9"} in bill["metadata"]["properties"]


def test_it_has_what_cargo_compiles(subject, bill):
    """Every crate and its version, also those that only generate code.

    It may have more: the tool takes all features that a crate has anywhere in the workspace.
    """
    crate, target = SUBJECTS[subject]
    tree = run("cargo", "tree", "--locked", "-p", crate, "-e", "normal,build", "--target", target, "--prefix", "none",
               "--format", "{p}", "--no-dedupe", cwd=ROOT)
    expected = {tuple(line.split()[:2]) for line in tree.splitlines() if line} - {(crate, f"v{version()}")}
    found = {(one["name"], f"v{one['version']}") for one in bill["components"]}
    assert len(expected) > 20 and expected <= found


def test_it_has_nothing_of_the_tests(bill):
    found = {one["name"] for one in bill["components"]}
    assert found.isdisjoint({"proptest", "criterion", "snapbox", "rcgen", "wasm-bindgen-test"})


def version() -> str:
    """The workspace's."""
    line = next(line for line in (ROOT / "Cargo.toml").read_text().splitlines() if line.startswith("version = "))
    return line.split('"')[1]


def test_every_component_has_a_licence(bill):
    assert [one["name"] for one in bill["components"] if not one.get("licenses")] == []


def test_it_tells_nothing_of_this_machine(path):
    text = path.read_text()
    assert str(ROOT) not in text and str(Path.home()) not in text
    assert '"2023-11-14T22:13:20' in text
