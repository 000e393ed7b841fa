#!/usr/bin/env python3
"""Puts together what a release consists of: see docs/releasing.md.

Everything is built before; nothing here looks at the clock or at this machine, so the same inputs make the same bytes.
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import dist_archive
import dist_oci

ROOT = Path(__file__).resolve().parents[2]
LICENSES = "THIRD-PARTY-LICENSES.txt"
DOCUMENTS = ["LICENSE", "README.md", "CHANGELOG.md"]
FOLDERS = ["docs"]


def digest(content: bytes) -> str:
    """The SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def bill(path: Path, described: bytes, made_with: list[str]) -> bytes:
    """The bill of materials in `path` with the digest of the file that it describes, and what that was made with.

    The paths of this machine become those that the build gives to the sources, too.
    """
    text = path.read_text(encoding="utf-8").replace(f"path+file://{ROOT}", "path+file:///promptgate")
    content = json.loads(text)
    content["metadata"]["component"]["hashes"] = [{"alg": "SHA-256", "content": digest(described)}]
    content["metadata"].setdefault("properties", [])
    content["metadata"]["properties"] += [{"name": "promptgate:made-with", "value": tool} for tool in made_with]
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def assemble(out: Path, options: argparse.Namespace) -> str:
    """Writes the release into `out`; the name of its archive."""
    wasm, program = options.wasm.read_bytes(), options.program.read_bytes()
    files = {
        "promptgate.wasm": wasm,
        "promptgate.wasm.sha256": f"{digest(wasm)}  promptgate.wasm\n".encode(),
        "promptgate.wasm.cdx.json": bill(options.filter_bill, wasm, options.made_with),
        "promptgate": program,
        "promptgate.cdx.json": bill(options.program_bill, program, options.made_with),
        LICENSES: options.licenses.read_bytes(),
    }
    for name, content in files.items():
        # Beside the old one and renamed: an Envoy that reads the module never sees half of it.
        fresh = out / f".{name}.new"
        fresh.write_bytes(content)
        fresh.chmod(0o755 if name == "promptgate" else 0o644)
        fresh.rename(out / name)
    shutil.rmtree(out / "oci", ignore_errors=True)
    licenses = {"LICENSE": (ROOT / "LICENSE").read_bytes(), LICENSES: files[LICENSES]}
    dist_oci.write(out / "oci", wasm, licenses, options.version, options.revision, options.epoch)

    name = f"promptgate-{options.version}-{options.host}"
    packed = [(f"{name}/{one}", content, one == "promptgate") for one, content in files.items()]
    packed += dist_archive.members(out / "oci", f"{name}/oci")
    packed += [(f"{name}/{one}", (ROOT / one).read_bytes(), False) for one in DOCUMENTS]
    for folder in FOLDERS:
        packed += dist_archive.members(ROOT / folder, f"{name}/{folder}")
    sums = "".join(f"{digest(content)}  {path.removeprefix(name + '/')}\n" for path, content, _ in sorted(packed))
    packed.append((f"{name}/SHA256SUMS", sums.encode(), False))
    archive = dist_archive.gzipped(dist_archive.tar(packed, options.epoch))
    (out / f"{name}.tar.gz").write_bytes(archive)
    (out / f"{name}.tar.gz.sha256").write_text(f"{digest(archive)}  {name}.tar.gz\n")
    return f"{name}.tar.gz"


def main() -> None:
    """Reads the command line, and assembles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--version", required=True)
    parser.add_argument("--host", required=True, help="the platform of the program, such as x86_64-unknown-linux-gnu")
    parser.add_argument("--revision", default="", help="the commit")
    parser.add_argument("--epoch", type=int, required=True, help="the time to record, in seconds since 1970")
    parser.add_argument("--wasm", type=Path, required=True, help="the filter")
    parser.add_argument("--program", type=Path, required=True, help="the command line program")
    parser.add_argument("--filter-bill", type=Path, required=True, help="CycloneDX JSON of the filter's crates")
    parser.add_argument("--program-bill", type=Path, required=True, help="CycloneDX JSON of the program's crates")
    parser.add_argument("--licenses", type=Path, required=True, help="the licences of both, in one text")
    parser.add_argument("--made-with", action="append", default=[], help="a tool and its version, any number of times")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    name = assemble(options.out, options)
    print(f"{options.out / name}: {(options.out / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
