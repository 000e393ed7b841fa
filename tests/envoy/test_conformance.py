"""Every conformance case through a real Envoy, with held headers and without; and `promptgate render` says the same."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from support import wire
from support.bootstrap import ROOT, Listener
from support.envoy import Envoy
from support.fixtures import cases

CASES = cases()
PLUGINS = {key: f"config-{number}" for number, key in enumerate(dict.fromkeys(case.plugin_key() for case in CASES))}
MODES = {"held": True, "unheld": False}


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    plugins = {case.plugin_key(): case.plugin for case in CASES}
    listeners = [Listener(f"{PLUGINS[key]}-{mode}", plugin, held)
                 for key, plugin in plugins.items() for mode, held in MODES.items()]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


@pytest.fixture(scope="module")
def promptgate() -> Path:
    """The command line program, as `make cli` builds it."""
    program = Path(os.environ.get("PROMPTGATE") or ROOT / "target" / "debug" / "promptgate")
    if not program.exists():
        pytest.fail(f"{program} is missing: run `make cli`", pytrace=False)
    return program


@pytest.mark.every_envoy
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case, mode, envoy, upstream):
    """Upstream receives the expected body, or the client gets the expected local reply."""
    answer = wire.post(envoy.port(f"{PLUGINS[case.plugin_key()]}-{mode}"), case.request, path=case.path)
    if case.reply is None:
        # Whether upstream likes the request is its own affair: a case may leave out what an API requires.
        assert upstream.bodies, answer.body
        assert upstream.only().json() == case.expect
        return
    status, code, param = answer.error()
    assert (status, code) == (case.reply["status"], case.reply["code"]), answer.body
    if "param" in case.reply:
        assert param == case.reply["param"]
    assert upstream.bodies == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_render_prints_what_upstream_receives(case, envoy, upstream, promptgate, tmp_path):
    """To the byte; and where the gateway replies by itself, that reply."""
    plugin = tmp_path / "plugin.json"
    plugin.write_text(json.dumps(case.plugin))
    request = wire.encode(case.request)
    command = [promptgate, "render", "--config", plugin, "--path", case.path, "--request", "-"]
    done = subprocess.run(command, input=request, capture_output=True, timeout=60)
    answer = wire.post(envoy.port(f"{PLUGINS[case.plugin_key()]}-held"), request, path=case.path)
    if case.reply is None:
        assert (done.returncode, done.stdout) == (0, upstream.bodies[0]), done.stderr
    else:
        assert done.returncode == 1, done.stderr
        assert json.loads(done.stdout) == {"status": answer.status, "body": answer.json()}
