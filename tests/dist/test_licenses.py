"""The licences of what others wrote: every crate of the bills of materials, each text, and what carries them."""

import json
import re
import sys
import tarfile
from gzip import decompress
from io import BytesIO
from pathlib import Path

import pytest

from support.bootstrap import ROOT
from support.image_layout import ImageLayout

from .conftest import run

NAME = "THIRD-PARTY-LICENSES.txt"
MADE = ROOT / "tests" / "tools" / "dist_licenses.py"
TARGETS = ("--target", "wasm32-wasip1", "--target", "x86_64-unknown-linux-gnu")


@pytest.fixture(scope="module")
def text(release) -> str:
    return (release.folder / NAME).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def crates(bills) -> dict[tuple[str, str], str]:
    """Names and versions of the crates that others wrote, with the expressions that the bills have."""
    found = {}
    for path in bills.values():
        for one in json.loads(path.read_bytes())["components"]:
            if not one["name"].startswith("promptgate"):
                found[one["name"], one["version"]] = one["licenses"][0]["expression"]
    return found


def words(text: str) -> list[str]:
    """The text without regard to white space."""
    return text.split()


def sections(text: str) -> dict[str, str]:
    """All texts, by each `component: file` that they are of."""
    parts = re.split(r"^={120}$\n", text, flags=re.MULTILINE)
    return {name: body for names, body in zip(parts[1::2], parts[2::2], strict=True) for name in names.splitlines()}


def test_every_crate_is_listed_with_its_licence(text, crates):
    listed = text.split("\n\n")[1].splitlines()
    assert len(crates) > 60
    for (name, version), expression in crates.items():
        line, = (line for line in listed if line.startswith(f"{name} {version}: "))
        assert line.removeprefix(f"{name} {version}: ").replace("/", " OR ") == expression.replace("/", " OR ")


def test_every_crate_has_its_texts(text, crates):
    """Each file of its sources that is named like one, word for word; and there is one for each."""
    metadata = json.loads(run("cargo", "metadata", "--locked", "--format-version", "1", cwd=ROOT))
    folders = {(one["name"], one["version"]): Path(one["manifest_path"]).parent for one in metadata["packages"]}
    found = sections(text)
    for name, version in crates:
        folder = folders[name, version]
        files = [path for path in folder.iterdir()
                 if path.is_file() and path.name.upper().startswith(("LICEN", "COPY", "NOTICE", "UNLICENSE"))]
        assert files, name
        for path in files:
            body = found[f"{name} {version}: {path.name}"]
            assert words(body) == words(path.read_text(encoding="utf-8")), path


def test_what_crates_have_copied_from_others_is_there(text):
    found = sections(text)
    assert "fiat-crypto" in next(body for name, body in found.items() if name.endswith("third_party/fiat/LICENSE"))


def test_what_the_compiler_adds_is_there(text):
    found = sections(text)
    library = {name: body for name, body in found.items() if "Rust standard library" in name}
    assert "The Rust Project Developers" in next(body for name, body in library.items() if "COPYRIGHT" in name)
    assert any(name.startswith("hashbrown-") and "Amanieu" in body for name, body in library.items())
    assert "Rich Felker" in library["wasi-libc (Rust standard library): LICENSE"]
    assert all(words(body) for body in found.values())


def test_a_crate_without_sources_is_an_error(bills, tmp_path):
    bill = tmp_path / "bill.json"
    bill.write_text(bills["filter"].read_text().replace('"minijinja"', '"nobody-has-this"'))
    with pytest.raises(AssertionError, match="cargo has no sources of nobody-has-this"):
        run(sys.executable, MADE, "--bill", bill, *TARGETS, "--out", tmp_path / "out")


def test_a_crate_without_a_text_is_an_error(monkeypatch, tmp_path, capsys):
    monkeypatch.syspath_prepend(str(MADE.parent))
    import dist_licenses

    (tmp_path / "Cargo.toml").touch()
    bill = tmp_path / "bill.json"
    bill.write_text(json.dumps({"components": [{"name": "a", "version": "1.0.0", "purl": "pkg:cargo/a@1.0.0"}]}))
    known = {("a", "1.0.0"): {"license": "MIT", "manifest_path": str(tmp_path / "Cargo.toml")}}
    with pytest.raises(SystemExit, match=r"the sources of a 1.0.0 \(MIT\) have no text"):
        dist_licenses.components([bill], known)
    (tmp_path / "LICENSE-MIT").write_text("text")
    assert dist_licenses.components([bill], known) == ({"a 1.0.0": "MIT"}, {"a 1.0.0": {"LICENSE-MIT": "text\n"}})


def test_it_tells_nothing_of_this_machine(text):
    assert str(ROOT) not in text and str(Path.home()) not in text


def test_the_archive_and_both_images_carry_it(release, text, tmp_path):
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    folder = release.unpacked(tmp_path)
    assert (folder / NAME).read_text(encoding="utf-8") == text and (folder / "LICENSE").read_text() == own
    layout = ImageLayout(release.folder / "oci")
    assert layout.config("1.2.3")["licenses"] == {"LICENSE": own, NAME: text}
    layer, = layout.manifest("1.2.3-compat")["layers"]
    with tarfile.open(fileobj=BytesIO(decompress(layout.blob(layer)))) as archive:
        assert archive.extractfile(NAME).read().decode() == text
        assert archive.extractfile("LICENSE").read().decode() == own
