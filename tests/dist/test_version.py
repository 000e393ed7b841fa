"""The filter says which Promptgate it is: in the log line of its configuration, and as a number among the metrics."""

import re

import pytest

from support.bootstrap import ROOT, Listener
from support.envoy import Envoy, poll

VERSION = re.search(r'^version = "(\d+)\.(\d+)\.(\d+)([^"]*)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
TEXT = "".join([".".join(VERSION.groups()[:3]), VERSION[4]])
NUMBER = int(VERSION[1]) * 1_000_000 + int(VERSION[2]) * 1_000 + int(VERSION[3])


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    listener = Listener("version", {"bundle": {"prompts": {"plain": "User: q"}}})
    with Envoy([listener], {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


def test_the_log_tells_the_version(envoy):
    assert f"configuration accepted (Promptgate {TEXT}): 1 prompts" in envoy.log_text()


def test_a_metric_tells_the_version(envoy):
    assert envoy.counter("wasmcustom.promptgate_version") == NUMBER
    assert f"promptgate_version{{}} {NUMBER}" in poll(lambda: envoy.prometheus("promptgate_version{"))


def test_a_refused_configuration_names_the_version(envoy_binary, wasm, standin):
    """Which matters most there: a key that an older filter does not know."""
    with Envoy([Listener("wrong", {"no_such_key": 1})], {"llm": standin.port}, binary=envoy_binary,
               check=False) as refused:
        poll(lambda: not refused.alive())
        assert f"configuration refused (Promptgate {TEXT}): " in refused.log_text()
        assert "no_such_key" in refused.log_text()
