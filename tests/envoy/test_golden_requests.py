"""The golden requests of `tests/fixtures/requests`: what upstream receives, to the byte, in each dialect."""

import json
from pathlib import Path

import pytest

from support import wire
from support.bootstrap import Listener
from support.bundle import bundle
from support.envoy import Envoy

pytestmark = pytest.mark.every_envoy

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "requests"
FILES = {str(path.relative_to(FOLDER).with_suffix("")): path for path in sorted(FOLDER.glob("*/*.json"))}
CASES = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in FILES.items()}
MODES = {"held": True, "unheld": False}


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    listeners = [Listener(f"{name}-{mode}", {**case["config"], "bundle": bundle(case["prompts"])}, held)
                 for name, case in CASES.items() for mode, held in MODES.items()]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", CASES)
def test_what_upstream_receives(name, mode, envoy, upstream):
    case = CASES[name]
    wire.post(envoy.port(f"{name}-{mode}"), case["request"].encode(), path=case["path"])
    record = upstream.only()
    assert record.body.decode() == case["expect"]
    assert record.path == case["path"]


def test_each_dialect_has_its_full_request():
    assert {"chat/full", "responses/full", "messages/full"} <= set(CASES)
