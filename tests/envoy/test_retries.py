"""What Envoy does with a request after the filter: it retries, mirrors, answers `Expect`. Always the rendered one."""

import pytest

from support import wire
from support.bootstrap import Listener, route
from support.envoy import Envoy
from support.samples import plugin
from support.upstream import StandIn

REQUEST = {"model": "m", "prompt_id": "plain", "messages": [{"role": "user", "content": "x" * 10_000}]}
RENDERED = {"model": "m", "messages": [{"role": "system", "content": "S"}, *REQUEST["messages"]]}


def routes() -> list:
    """Routes that retry once, and that mirror."""
    retrying, mirroring = route("llm", "/retry"), route("llm", "/mirror")
    retrying["route"]["retry_policy"] = {"retry_on": "5xx", "num_retries": 1}
    mirroring["route"]["request_mirror_policies"] = [{"cluster": "shadow"}]
    return [retrying, mirroring, route("llm")]


@pytest.fixture(scope="module")
def servers(envoy_binary, wasm, standin):
    unheld = plugin()
    del unheld["model_header"]
    listeners = [Listener("held", plugin(), routes=routes()), Listener("unheld", unheld, False, routes=routes())]
    with StandIn() as shadow:
        with Envoy(listeners, {"llm": standin.port, "shadow": shadow.port}, binary=envoy_binary) as envoy:
            yield envoy, shadow


def test_a_retry_sends_the_rendered_body_again(mode, servers, upstream):
    envoy, _ = servers
    answer = wire.post(envoy.port(mode), REQUEST, path="/retry/chat/completions",
                       headers={"x-standin-status": "500"})
    assert answer.status == 500
    assert [record.json() for record in upstream.finished] == [RENDERED, RENDERED]


def test_a_mirror_gets_the_rendered_body(mode, servers, upstream):
    envoy, shadow = servers
    shadow.clear()
    assert wire.post(envoy.port(mode), REQUEST, path="/mirror/chat/completions").status == 200
    assert upstream.only().json() == RENDERED
    assert shadow.only().json() == RENDERED


def test_a_client_that_waits_for_100_continue(mode, servers, upstream):
    """As curl does with large bodies: held headers must not hold that answer back."""
    envoy, _ = servers
    body = wire.encode(REQUEST)
    with wire.Connection(envoy.port(mode)) as connection:
        connection.write(wire.head(len(body), headers={"Expect": "100-continue"}))
        assert connection.interim() == 100
        connection.write(body)
        assert connection.response().status == 200
    assert upstream.only().json() == RENDERED
