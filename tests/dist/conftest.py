"""A release that is put together as `make dist` does it, from what is built for the tests."""

import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.bootstrap import ROOT, WASM

VERSION = "1.2.3"
HOST = "some-host"
EPOCH = 1_700_000_000
REVISION = "0123456789abcdef0123456789abcdef01234567"
NAME = f"promptgate-{VERSION}-{HOST}"


@dataclass
class Release:
    """The folder `dist` of one release."""

    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / f"{NAME}.tar.gz"

    def unpacked(self, into: Path) -> Path:
        """The folder that the archive holds, unpacked below `into`."""
        with tarfile.open(self.archive) as archive:
            archive.extractall(into, filter="tar")
        return into / NAME


def tool(variable: str) -> str:
    """A program that `make test-dist` names in the environment."""
    if not os.environ.get(variable):
        pytest.fail(f"${variable} is not set: run `make test-dist`", pytrace=False)
    return os.environ[variable]


def run(*arguments, **options) -> str:
    """What a command writes; its errors fail the test."""
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, timeout=120, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def program(tmp_path_factory) -> Path:
    """A stand-in for the command line program: only its packing matters here, and a debug build is large."""
    path = tmp_path_factory.mktemp("program") / "promptgate"
    path.write_text("#!/bin/sh\necho stand-in\n")
    path.chmod(0o755)
    return path


@pytest.fixture(scope="session")
def bills(tmp_path_factory) -> dict[str, Path]:
    """The bills of materials as the tool writes them, of the filter and of the program."""
    folder = tmp_path_factory.mktemp("bills")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)}
    targets = {"filter": "wasm32-wasip1", "cli": "x86_64-unknown-linux-gnu"}
    for crate, target in targets.items():
        run(ROOT / "tests/tools/dist-sbom.sh", tool("CARGO_CYCLONEDX"), f"src/{crate}", target,
            folder / f"{crate}.json", cwd=ROOT, env=environment)
    return {crate: folder / f"{crate}.json" for crate in targets}


@pytest.fixture(scope="session")
def licenses(bills, tmp_path_factory) -> Path:
    """The licences of everything that the bills of materials name."""
    path = tmp_path_factory.mktemp("licenses") / "licenses.txt"
    run(sys.executable, ROOT / "tests/tools/dist_licenses.py", "--bill", bills["filter"], "--bill", bills["cli"],
        "--target", "wasm32-wasip1", "--target", "x86_64-unknown-linux-gnu", "--out", path)
    return path


@pytest.fixture(scope="session")
def assemble(wasm, program, bills, licenses):
    """Puts a release together in a folder."""
    def assembled(folder: Path) -> Release:
        run(sys.executable, ROOT / "tests/tools/dist.py", "--out", folder, "--version", VERSION, "--host", HOST,
            "--revision", REVISION, "--epoch", EPOCH, "--wasm", WASM, "--program", program,
            "--filter-bill", bills["filter"], "--program-bill", bills["cli"], "--licenses", licenses,
            "--made-with", "rustc 9.9.9")
        return Release(folder)
    return assembled


@pytest.fixture(scope="session")
def release(assemble, tmp_path_factory) -> Release:
    """One release for all tests."""
    return assemble(tmp_path_factory.mktemp("dist"))
