"""Reads an OCI image layout as the image specification says, and checks everything that it follows.

It shares nothing with what writes the layout.
"""

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
TAR_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
WASM_LAYER = "application/vnd.module.wasm.content.layer.v1+wasm"


class ImageLayout:
    """A layout in a folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        if json.loads((folder / "oci-layout").read_bytes()) != {"imageLayoutVersion": "1.0.0"}:
            raise ValueError("oci-layout names no version that is known")
        index = json.loads((folder / "index.json").read_bytes())
        if index["schemaVersion"] != 2 or index["mediaType"] != INDEX:
            raise ValueError("index.json is no image index")
        self.manifests = {one["annotations"]["org.opencontainers.image.ref.name"]: one for one in index["manifests"]}
        """The descriptors of the images, by tag."""
        self.read: set[str] = set()
        """The names of the blobs that were read."""

    def blob(self, descriptor: dict) -> bytes:
        """What a descriptor leads to; ValueError unless size and digest are what it says."""
        algorithm, _, digest = descriptor["digest"].partition(":")
        content = (self.folder / "blobs" / algorithm / digest).read_bytes()
        if len(content) != descriptor["size"] or hashlib.new(algorithm, content).hexdigest() != digest:
            raise ValueError(f"{descriptor} leads to something else")
        self.read.add(digest)
        return content

    def manifest(self, tag: str) -> dict:
        """The manifest of an image."""
        descriptor = self.manifests[tag]
        if descriptor["mediaType"] != MANIFEST:
            raise ValueError(f"{tag} is no image")
        manifest = json.loads(self.blob(descriptor))
        if manifest["schemaVersion"] != 2 or manifest.get("mediaType", MANIFEST) != MANIFEST:
            raise ValueError(f"the manifest of {tag} is not of version 2")
        return manifest

    def config(self, tag: str) -> dict:
        """The configuration of an image."""
        return json.loads(self.blob(self.manifest(tag)["config"]))

    def module(self, tag: str) -> bytes:
        """The WebAssembly module of an image, as service meshes look for it: in the last layer if that is a tar,
        else in the one of two layers that has the media type of modules."""
        layers = self.manifest(tag)["layers"]
        if layers[-1]["mediaType"] == TAR_GZIP:
            return _plugin(self.blob(layers[-1]))
        if len(layers) != 2:
            raise ValueError(f"{len(layers)} layers are not two")
        found, = (layer for layer in layers if layer["mediaType"] == WASM_LAYER)
        return self.blob(found)


def _plugin(layer: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(layer))) as archive:
        return archive.extractfile("plugin.wasm").read()
