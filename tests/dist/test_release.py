"""What `make dist` puts together: files, checksums, the archive of all of them, and the same bytes each time."""

import os
import subprocess
import tarfile
from pathlib import Path

from support.bootstrap import ROOT, WASM
from support.wasm import custom_sections

EXPECTED = {"promptgate.wasm", "promptgate.wasm.sha256", "promptgate.wasm.cdx.json", "promptgate",
            "promptgate.cdx.json", "THIRD-PARTY-LICENSES.txt", "oci", "promptgate-1.2.3-some-host.tar.gz",
            "promptgate-1.2.3-some-host.tar.gz.sha256"}


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their paths in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def checked(folder: Path, sums: str) -> list[str]:
    """The names that `sha256sum --check` finds to be as a file of checksums says."""
    done = subprocess.run(["sha256sum", "--check", sums], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.removesuffix(": OK").removeprefix("./") for line in done.stdout.splitlines()]


def test_the_files(release):
    assert set(os.listdir(release.folder)) == EXPECTED
    assert (release.folder / "promptgate.wasm").read_bytes() == WASM.read_bytes()


def test_checksums_of_module_and_archive(release):
    assert checked(release.folder, "promptgate.wasm.sha256") == ["promptgate.wasm"]
    assert checked(release.folder, f"{release.archive.name}.sha256") == [release.archive.name]


def test_the_archive_has_everything_and_checksums_of_it(release, tmp_path):
    folder = release.unpacked(tmp_path)
    inside = files(folder)
    assert sorted(checked(folder, "SHA256SUMS")) == sorted(set(inside) - {"SHA256SUMS"})
    assert {"LICENSE", "README.md", "CHANGELOG.md", "docs/releasing.md", "docs/dashboards/README.md"} <= set(inside)
    outside = files(release.folder)
    for name in set(outside) - {release.archive.name, f"{release.archive.name}.sha256"}:
        assert inside[name] == outside[name], name
    assert subprocess.run([folder / "promptgate"], capture_output=True, text=True).stdout == "stand-in\n"


def test_a_changed_byte_is_noticed(release, tmp_path):
    """The checksums are of the files, not of each other."""
    folder = release.unpacked(tmp_path)
    module = bytearray((folder / "promptgate.wasm").read_bytes())
    module[-1] ^= 1
    (folder / "promptgate.wasm").write_bytes(module)
    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert done.returncode != 0 and "promptgate.wasm: FAILED" in done.stdout


def test_the_archive_tells_nothing_of_who_packed_it(release):
    with tarfile.open(release.archive) as archive:
        members = archive.getmembers()
    assert {(one.uid, one.gid, one.uname, one.gname, one.mtime) for one in members} == {(0, 0, "", "", 1_700_000_000)}
    assert {one.mode for one in members} == {0o644, 0o755}
    assert [one.name for one in members] == sorted(one.name for one in members)
    assert not [one.name for one in members if one.name.startswith("/") or ".." in one.name.split("/")]


def test_the_same_inputs_make_the_same_bytes(release, assemble, tmp_path, monkeypatch):
    """In another folder, at another time, for another user; and again where an older release lies."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    mask = os.umask(0o077)
    try:
        again = assemble(tmp_path)
        again = assemble(again.folder)
    finally:
        os.umask(mask)
    assert files(again.folder) == files(release.folder)


def test_the_module_holds_no_path_of_this_machine(wasm):
    module = WASM.read_bytes()
    for path in {ROOT, Path.home(), Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))}:
        assert f"{path}/".encode() not in module, path


def test_the_module_is_stripped(wasm):
    """No names of functions, no debug information, no list of the tools that made it."""
    assert custom_sections(WASM.read_bytes()) == []
