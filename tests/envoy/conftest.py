"""The gateway that most suites share: the sample configuration, with held headers and without."""

import re

import pytest

from support.bootstrap import Listener
from support.envoy import RUNNING, Envoy
from support.registry import Registry
from support.samples import plugin

MODES = {"held": True, "unheld": False}


@pytest.fixture(scope="session")
def gateway(envoy_binary, wasm, standin):
    """One Envoy; listeners `held` and `unheld`, the same again with limits that tests can reach, and so on."""
    listeners = []
    for mode, held in MODES.items():
        listeners += [
            Listener(mode, plugin_for(held), held),
            Listener(f"{mode}-small", plugin_for(held, limits={"body": "64KiB"}), held),
            Listener(f"{mode}-large", plugin_for(held, limits={"body": "32MiB"}), held, buffer_limit=64 << 20),
            Listener(f"{mode}-compressed", plugin_for(held, compressed_bodies="forward"), held),
            Listener(f"{mode}-required", plugin_for(held, policy={"require_prompt": True,
                                                                  "pass_paths": ["/v1/embeddings"]}), held),
        ]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


def plugin_for(held: bool, **changes) -> dict:
    """The sample configuration for one header mode: `model_header` is for held headers only."""
    base = plugin(**changes)
    if not held:
        del base["model_header"]
    return base


@pytest.fixture(params=list(MODES))
def mode(request) -> str:
    """The name of a header mode."""
    return request.param


@pytest.fixture
def port(gateway, mode) -> int:
    """The port of the sample configuration, in each header mode."""
    return gateway.port(mode)


@pytest.fixture(scope="module")
def registry_server():
    """One stand-in for registries for each module."""
    with Registry() as server:
        yield server


@pytest.fixture
def registry(registry_server):
    """The stand-in, well, and without the records of earlier tests."""
    registry_server.heal()
    yield registry_server
    registry_server.heal()


@pytest.fixture
def fresh_id(request) -> str:
    """An id of a prompt that no other test asks for, so that nothing of it is kept anywhere."""
    return re.sub(r"[^A-Za-z0-9]+", "-", request.node.name).strip("-")[:200]


@pytest.fixture(autouse=True)
def no_trap():
    """After each test: the Envoys that outlive it are well, and none of their VMs was lost."""
    yield
    for envoy in RUNNING:
        assert envoy.alive()
        assert envoy.expect_traps or envoy.traps() == 0
