"""Templates that would eat a gateway: 422, soon, within a little memory, and never a trap."""

import json

import pytest

from support import wire
from support.bombs import ALL
from support.bootstrap import Listener
from support.envoy import Envoy
from support.filter_host import Answered, Host

FUEL = 1_000_000_000
"""What a request may take of wasmtime's fuel. A unit is an instruction of WebAssembly, so that the number is the same
on every machine; the worst bomb takes 820 million, an Envoy some 40 of the 50 milliseconds that it may."""
MEMORY = 32 << 20
MEASURE, TIMES = "strip-again", 2.5
"""What fuel does not count, such as the length of a copy, costs time. In the same Envoy, at the same moment, no bomb
takes so many times the processor time of this one, which takes half of the 50 milliseconds."""
TRIES, MOST_TRIES = 3, 20

VARIABLES = {"n": 100_000_000, "big": "x" * 100_000}
# Some of the sources are larger than what the limits let through, and still must not stop the others.
PLUGIN = {"bundle": {"prompts": {name: "User: " + source for name, source in ALL.items()} | {"ok": "User: ok"}}}


@pytest.fixture(scope="module")
def bombs(envoy_binary, wasm, standin):
    """One listener with all the templates, as User messages."""
    with Envoy([Listener("bombs", PLUGIN)], {"llm": standin.port}, binary=envoy_binary) as envoy:
        yield envoy


@pytest.fixture(scope="module")
def machine(wasm):
    """The filter by itself, in a machine that counts instructions."""
    return Host(wasm, json.dumps(PLUGIN).encode())


@pytest.mark.parametrize("name", ALL)
def test_a_bomb_takes_little(name, machine):
    with pytest.raises(Answered) as answer:
        machine.request("/v1/chat/completions", json.dumps(request(name)).encode(), [])
    assert answer.value.status == 422
    assert 0 < sum(machine.fuel.values()) < FUEL


@pytest.mark.parametrize("name", ALL)
def test_a_bomb_is_refused(name, bombs, upstream):
    port = bombs.port("bombs")
    assert wire.post(port, {"prompt_id": "ok"}).status == 200
    upstream.clear()
    memory, times, measure = bombs.memory(), [], []
    # The fastest ones: the machine that runs the tests has other things to do as well. While they are too far apart
    # further tries are made; none makes a bomb pass that always takes longer.
    while len(times) < TRIES or min(times) >= TIMES * min(measure) and len(times) < MOST_TRIES:
        times.append(milliseconds(bombs, name))
        measure.append(milliseconds(bombs, MEASURE))
    assert min(times) < TIMES * min(measure), (times, measure)
    assert bombs.memory() - memory < MEMORY
    assert upstream.records == []
    assert bombs.alive() and bombs.traps() == 0
    assert wire.post(port, {"prompt_id": "ok"}).status == 200


def milliseconds(envoy: Envoy, name: str) -> float:
    """Sets a bomb off; the processor time that Envoy takes for it."""
    start = envoy.cpu_seconds()
    answer = wire.post(envoy.port("bombs"), request(name))
    spent = (envoy.cpu_seconds() - start) * 1000
    assert answer.error() == (422, "prompt_render_failed", None), answer.body[:300]
    return spent


def request(name: str) -> dict:
    """What sets a bomb off."""
    return {"prompt_id": name, "prompt_variables": VARIABLES}
