"""What the recipes' READMEs say, against the manifests that they are about."""

import json
import os
import re
import subprocess

import pytest
from manifests import envoy_gateway, istio, json_patch, run
from manifests.asking import HOST
from manifests.objects import ROOT, files, of_kind, problems, read

from support import wire

PROGRAM = os.environ.get("PROMPTGATE") or str(ROOT / "target" / "debug" / "promptgate")
PATCH = re.compile(r"""echo '(\[\{"op": .*)'; cat /tmp/bundle\.json; echo '(\}\])'""")


def readme(recipe: str) -> str:
    """The text of a recipe's README."""
    return (ROOT / "envoy" / recipe / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("recipe", ["istio", "envoy-gateway"])
def test_every_manifest_is_listed(recipe):
    listed = set(re.findall(r"\]\(([\w-]+)\.yaml\)", readme(recipe)))
    assert listed == set(files(recipe))


@pytest.mark.parametrize("recipe", ["istio", "envoy-gateway"])
def test_what_is_applied_is_there(recipe):
    applied = re.findall(rf"-f envoy/{recipe}/([\w-]+)\.yaml", readme(recipe))
    assert applied
    assert set(applied) <= set(files(recipe))


@pytest.mark.parametrize("recipe, kind, names", [
    ("istio", "TrafficExtension", ("gateway", "provider", "buffer-limit")),
    ("envoy-gateway", "EnvoyExtensionPolicy", ("gateway", "promptgate")),
])
def test_prompts_of_a_folder(envoy_binary, wasm, upstream, tmp_path, recipe, kind, names):
    """The README's way from a folder of prompts into the object: valid, and served."""
    start, end = PATCH.search(readme(recipe)).groups()
    made = subprocess.run([PROGRAM, "bundle", str(ROOT / "prompts")], capture_output=True, text=True, check=True,
                          timeout=60)
    (operation,) = json.loads(start + made.stdout + end)
    objects = read(recipe, *names)
    (one,) = of_kind(objects, kind)
    json_patch.apply(one, operation)
    assert problems([one]) == [[]]
    ports = {"api.openai.com": upstream.port}
    config = (istio.plain(objects, ports, wasm, tmp_path) if recipe == "istio"
              else envoy_gateway.plain(objects, ports, wasm))
    request = {"prompt_id": "jack-sparrow", "prompt_version": 1}
    with run.envoy(envoy_binary, config, tmp_path) as gateway:
        answer = wire.post(gateway.port, request, headers=HOST)
    assert (answer.status, answer.header("x-promptgate-version")) == (200, "1")
    (message, *_) = upstream.only().json()["messages"]
    assert message["content"] in (ROOT / "prompts" / "jack-sparrow.prompt").read_text(encoding="utf-8")
