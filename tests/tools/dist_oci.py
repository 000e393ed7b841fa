"""Writes the filter as an OCI image layout, from which it can be pushed to any container registry.

It holds the module twice, in the two forms of the Wasm image specification (github.com/solo-io/wasm, folder `spec`):
with media types of its own, under the tag `VERSION`, and as an ordinary image whose one layer has the file
`plugin.wasm`, under the tag `VERSION-compat`. The layout follows github.com/opencontainers/image-spec.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import dist_archive

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
IMAGE_CONFIG = "application/vnd.oci.image.config.v1+json"
TAR_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
WASM_CONFIG = "application/vnd.module.wasm.config.v1+json"
WASM_LAYER = "application/vnd.module.wasm.content.layer.v1+wasm"
TITLE = "org.opencontainers.image.title"

RUNTIME = {"type": "envoy_proxy", "abiVersions": ["v0.2.1"], "config": {"root_ids": ["promptgate"]}}
"""What the module is for: a proxy with this version of the Proxy-Wasm ABI."""


class Layout:
    """A folder that becomes an image layout."""

    def __init__(self, folder: Path):
        """`folder` is created; it must not exist."""
        self._folder = folder
        self._blobs = folder / "blobs" / "sha256"
        self._blobs.mkdir(parents=True)
        self._manifests: list[dict] = []

    def blob(self, media_type: str, content: bytes, **annotations: str) -> dict:
        """Stores `content`, and returns the descriptor that leads to it."""
        digest = hashlib.sha256(content).hexdigest()
        (self._blobs / digest).write_bytes(content)
        descriptor = {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}
        return {**descriptor, "annotations": annotations} if annotations else descriptor

    def image(self, tag: str, config: dict, layers: list[dict], annotations: dict[str, str]) -> None:
        """Adds a manifest under a tag."""
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers,
                    "annotations": annotations}
        name = {"org.opencontainers.image.ref.name": tag}
        self._manifests.append(self.blob(MANIFEST, encoded(manifest), **name))

    def finish(self) -> None:
        """Writes the entry points."""
        (self._folder / "oci-layout").write_bytes(encoded({"imageLayoutVersion": "1.0.0"}))
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": self._manifests}
        (self._folder / "index.json").write_bytes(encoded(index))


def encoded(value: dict) -> bytes:
    """JSON without white space, so that there is one way to write it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def write(folder: Path, wasm: bytes, licenses: dict[str, bytes], version: str, revision: str, epoch: int) -> None:
    """Writes both forms of the module into a new `folder`.

    `licenses` are texts by their names: files beside the module, or where there can't be any, in the configuration.
    `revision` is the commit that it was built from, or empty; `epoch` the time to record, in seconds since 1970.
    """
    created = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    about = {
        "org.opencontainers.image.title": "promptgate",
        "org.opencontainers.image.description": "Prompt management at the gateway: a Proxy-Wasm filter for Envoy",
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": "Apache-2.0",
        "org.opencontainers.image.created": created,
    }
    if revision:
        about["org.opencontainers.image.revision"] = revision
    layout = Layout(folder)

    # Istio's and Envoy Gateway's readers want exactly two layers here; the configuration is one of them, too.
    runtime = encoded(RUNTIME)
    layers = [layout.blob(WASM_CONFIG, runtime, **{TITLE: "runtime-config.json"}),
              layout.blob(WASM_LAYER, wasm, **{TITLE: "promptgate.wasm"})]
    texts = {name: text.decode() for name, text in licenses.items()}
    layout.image(version, layout.blob(WASM_CONFIG, encoded({**RUNTIME, "licenses": texts})), layers, about)

    files = [(name, text, False) for name, text in licenses.items()]
    layer = dist_archive.tar([("plugin.wasm", wasm, False), *files], epoch)
    # The module runs on all platforms; container tools refuse one that they don't know, so it has the most usual.
    config = {"created": created, "architecture": "amd64", "os": "linux", "config": {"Labels": about},
              "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
              "history": [{"created": created, "created_by": "make dist"}]}
    layout.image(f"{version}-compat", layout.blob(IMAGE_CONFIG, encoded(config)),
                 [layout.blob(TAR_GZIP, dist_archive.gzipped(layer))],
                 {**about, "module.wasm.image/variant": "compat"})
    layout.finish()
