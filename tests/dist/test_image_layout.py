"""The filter as container images: both forms of the Wasm image specification, to the digest; and they run."""

import hashlib
import json
import tarfile
from gzip import decompress
from io import BytesIO

import pytest

from support import wire
from support.bootstrap import WASM, Listener
from support.envoy import Envoy
from support.image_layout import ImageLayout

TAGS = {"oci": "1.2.3", "compat": "1.2.3-compat"}


@pytest.fixture(scope="module")
def layout(release) -> ImageLayout:
    return ImageLayout(release.folder / "oci")


def test_the_tags(layout):
    assert set(layout.manifests) == set(TAGS.values())


def test_every_descriptor_is_right_and_no_blob_is_left_over(layout):
    """Reading a blob checks its size and digest."""
    for tag in layout.manifests:
        manifest = layout.manifest(tag)
        for descriptor in [manifest["config"], *manifest["layers"]]:
            layout.blob(descriptor)
    assert {path.name for path in (layout.folder / "blobs" / "sha256").iterdir()} == layout.read
    assert sorted(path.name for path in layout.folder.iterdir()) == ["blobs", "index.json", "oci-layout"]


@pytest.mark.parametrize("damage", [lambda blob: blob[:-1] + bytes([blob[-1] ^ 1]), lambda blob: blob[:-1]])
def test_a_damaged_blob_is_noticed(damage, assemble, tmp_path):
    broken = ImageLayout(assemble(tmp_path).folder / "oci")
    digest = broken.manifests[TAGS["compat"]]["digest"].removeprefix("sha256:")
    path = broken.folder / "blobs" / "sha256" / digest
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match="something else"):
        broken.module(TAGS["compat"])


@pytest.mark.parametrize("form", TAGS)
def test_the_module_is_that_of_the_release(form, layout):
    assert layout.module(TAGS[form]) == WASM.read_bytes()


@pytest.mark.parametrize("form", TAGS)
def test_what_a_manifest_says_about_it(form, layout):
    about = layout.manifest(TAGS[form])["annotations"]
    assert about["org.opencontainers.image.version"] == "1.2.3"
    assert about["org.opencontainers.image.revision"] == "0123456789abcdef0123456789abcdef01234567"
    assert about["org.opencontainers.image.created"] == "2023-11-14T22:13:20Z"
    assert about["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert about.get("module.wasm.image/variant") == {"oci": None, "compat": "compat"}[form]


def test_media_types_of_the_form_with_its_own(layout):
    manifest = layout.manifest(TAGS["oci"])
    assert manifest["config"]["mediaType"] == "application/vnd.module.wasm.config.v1+json"
    assert [layer["mediaType"] for layer in manifest["layers"]] == [
        "application/vnd.module.wasm.config.v1+json", "application/vnd.module.wasm.content.layer.v1+wasm"]
    runtime = {"type": "envoy_proxy", "abiVersions": ["v0.2.1"], "config": {"root_ids": ["promptgate"]}}
    assert json.loads(layout.blob(manifest["layers"][0])) == runtime
    assert {key: value for key, value in layout.config(TAGS["oci"]).items() if key != "licenses"} == runtime


def test_the_ordinary_image(layout):
    """One layer with the module, where container tools can mount it, and licences beside it."""
    manifest, config = layout.manifest(TAGS["compat"]), layout.config(TAGS["compat"])
    assert manifest["config"]["mediaType"] == "application/vnd.oci.image.config.v1+json"
    layer, = manifest["layers"]
    assert layer["mediaType"] == "application/vnd.oci.image.layer.v1.tar+gzip"
    unpacked = decompress(layout.blob(layer))
    assert config["rootfs"] == {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(unpacked).hexdigest()}"]}
    assert (config["architecture"], config["os"]) == ("amd64", "linux")
    with tarfile.open(fileobj=BytesIO(unpacked)) as archive:
        assert archive.getnames() == ["LICENSE", "THIRD-PARTY-LICENSES.txt", "plugin.wasm"]


@pytest.mark.every_envoy
@pytest.mark.parametrize("form", TAGS)
def test_the_module_of_each_image_runs(form, layout, envoy_binary, standin, tmp_path):
    module = tmp_path / "plugin.wasm"
    module.write_bytes(layout.module(TAGS[form]))
    standin.clear()
    listener = Listener("image", {"bundle": {"prompts": {"hello": "System: s\nUser: {{ x }}"}}}, wasm=module)
    with Envoy([listener], {"llm": standin.port}, binary=envoy_binary) as envoy:
        answer = wire.post(envoy.port("image"), {"model": "m", "prompt_id": "hello", "prompt_variables": {"x": "q"}})
    assert answer.status == 200
    assert standin.only().json()["messages"] == [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}]
