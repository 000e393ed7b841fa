"""Every conformance case through a real Envoy, with held headers and without."""

import pytest

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy
from support.fixtures import cases

CASES = cases()
PLUGINS = {key: f"config-{number}" for number, key in enumerate(dict.fromkeys(case.plugin_key() for case in CASES))}
MODES = {"held": True, "unheld": False}

pytestmark = pytest.mark.every_envoy


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    plugins = {case.plugin_key(): case.plugin for case in CASES}
    listeners = [Listener(f"{PLUGINS[key]}-{mode}", plugin, held)
                 for key, plugin in plugins.items() for mode, held in MODES.items()]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case, mode, envoy, upstream):
    """Upstream receives the expected body, or the client gets the expected local reply."""
    answer = wire.post(envoy.port(f"{PLUGINS[case.plugin_key()]}-{mode}"), case.request)
    if case.reply is None:
        assert answer.status == 200, answer.body
        assert upstream.only().json() == case.expect
        return
    status, code, param = answer.error()
    assert (status, code) == (case.reply["status"], case.reply["code"]), answer.body
    if "param" in case.reply:
        assert param == case.reply["param"]
    assert upstream.bodies == []
