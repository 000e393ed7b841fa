"""Filters after Promptgate that ask somebody else before they let headers go on.

Without held headers the headers are already theirs while Promptgate waits for the body, or for a registry. When they
let them go on, Envoy takes along what is buffered of the body. Upstream must not be able to take that for a request.
"""

import json
import threading
from concurrent import futures

import grpc
import pytest

from support import wire
from support.bootstrap import TYPE, Listener, route
from support.envoy import Envoy, poll
from support.registry_gateway import plugin, request, text
from support.upstream_record import CANNOT_READ

from .conftest import MODES, plugin_for

pytestmark = pytest.mark.every_envoy

HTTP = TYPE + "envoy.extensions.filters.http."
SECONDS = 30
SERVICE = {"envoy_grpc": {"cluster_name": "asked"}, "timeout": f"{SECONDS}s"}
FILTERS = {
    "ratelimit": {"@type": HTTP + "ratelimit.v3.RateLimit", "domain": "d", "timeout": f"{SECONDS}s",
                  "rate_limit_service": {"grpc_service": SERVICE, "transport_api_version": "V3"}},
    "ext_authz": {"@type": HTTP + "ext_authz.v3.ExtAuthz", "grpc_service": SERVICE, "transport_api_version": "V3"},
    "fault": {"@type": HTTP + "fault.v3.HTTPFault", "delay": {"fixed_delay": "0.3s", "percentage": {"numerator": 100}}},
}
LOST = "a filter that follows let a body go on without its prompt"
YES = {"/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit": b"\x08\x01",
       "/envoy.service.auth.v3.Authorization/Check": b""}
"""The answers that let a request go on, as protobuf: `overall_code: OK`, and an empty message."""
BODY = {"model": "m", "prompt_id": "plain", "messages": [{"role": "user", "content": "x" * 1000}]}


class Asked(grpc.GenericRpcHandler):
    """A gRPC server that says yes, and not before it may."""

    def __init__(self):
        self.may = threading.Event()
        self.calls = 0
        """How often it was asked."""
        self._server = grpc.server(futures.ThreadPoolExecutor(8), handlers=[self])
        self.port = self._server.add_insecure_port("127.0.0.1:0")

    def __enter__(self) -> "Asked":
        self._server.start()
        return self

    def __exit__(self, *_exc) -> None:
        self.may.set()
        self._server.stop(0).wait()

    def service(self, call):
        """Every method of both services."""
        def answer(_request, _context):
            self.calls += 1
            assert self.may.wait(SECONDS)
            return YES[call.method]
        return grpc.unary_unary_rpc_method_handler(answer)


@pytest.fixture(scope="module")
def asked():
    with Asked() as server:
        yield server


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin, registry_server, asked):
    limited = route("llm")
    limited["route"]["rate_limits"] = [{"actions": [{"generic_key": {"descriptor_value": "x"}}]}]
    listeners = []
    for name, config in FILTERS.items():
        after = [{"name": name, "typed_config": config}]
        for mode, held in MODES.items():
            listeners += [Listener(f"{name}-{mode}", plugin_for(held), held, filters_after=after, routes=[limited]),
                          Listener(f"{name}-{mode}-registry", plugin("gitlab", timeout="1m"), held, filters_after=after,
                                   routes=[limited])]
    with Envoy(listeners, {"llm": standin.port, "registry": registry_server.port}, http2_clusters={"asked": asked.port},
               binary=envoy_binary) as running:
        yield running


@pytest.fixture(params=FILTERS)
def name(request, asked) -> str:
    asked.may.clear()
    return request.param


def is_json(body: bytes) -> bool:
    """Whether somebody might read this as a request."""
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def test_a_slow_body(name, envoy, upstream, asked):
    """The filter lets the headers go on when half of the body is there."""
    body = wire.encode(BODY)
    lost = envoy.log_text().count(LOST)
    with wire.Connection(envoy.port(f"{name}-unheld")) as connection:
        connection.write(wire.head(len(body)) + body[:500])
        asked.may.set()
        poll(lambda: upstream.bodies)
        connection.write(body[500:])
        answer = connection.response()
    assert answer.status == 503 and answer.error_code() == "prompt_unavailable"
    assert upstream.finished == []
    assert not any(one.startswith((b"{", b" ")) for one in upstream.bodies)
    poll(lambda: envoy.log_text().count(LOST) > lost)


def test_a_slow_registry(name, envoy, upstream, registry, asked, fresh_id):
    """The filter lets a whole request go on that still waits for its prompt: upstream refuses what it gets."""
    registry.repository.files = {f"{fresh_id}.prompt": text("m")}
    registry.hold()
    body = wire.encode(request(fresh_id))
    with wire.Connection(envoy.port(f"{name}-unheld-registry")) as connection:
        connection.write(wire.head(len(body)) + body)
        registry.wait_until_asked()
        asked.may.set()
        poll(lambda: upstream.finished)
        registry.release()
        answer = connection.response()
    assert answer.status in (400, 503)
    assert upstream.bodies and not any(is_json(one) for one in upstream.bodies)


def test_an_answer_on_its_way(name, envoy, upstream, registry, asked, fresh_id):
    """Upstream has begun to refuse what it got when the prompt arrives: the client gets all of that answer."""
    registry.repository.files = {f"{fresh_id}.prompt": text("m")}
    registry.hold()
    upstream.hold()
    lost = envoy.log_text().count(LOST)
    body = wire.encode(request(fresh_id))
    with wire.Connection(envoy.port(f"{name}-unheld-registry")) as connection:
        connection.write(wire.head(len(body)) + body)
        registry.wait_until_asked()
        asked.may.set()
        status, headers = connection.head()
        registry.release()
        poll(lambda: envoy.log_text().count(LOST) > lost)
        upstream.release()
        answer = json.loads(b"".join(connection.pieces(headers)))
    assert (status, answer["error"]["message"]) == (400, CANNOT_READ)
    assert not any(is_json(one) for one in upstream.bodies)


def test_held_headers(name, envoy, upstream, registry, asked, fresh_id):
    """With them such a filter may follow: it gets the headers when the prompt is in place, and not before."""
    body = wire.encode(BODY)
    calls = asked.calls
    with wire.Connection(envoy.port(f"{name}-held")) as connection:
        connection.write(wire.head(len(body)) + body[:500])
        poll(lambda: envoy.counter(f"http.{name}-held.downstream_rq_active") == 1)
        assert asked.calls == calls
        connection.write(body[500:])
        if name != "fault":
            poll(lambda: asked.calls > calls)
        asked.may.set()
        assert connection.response().status == 200
    assert upstream.only().json()["messages"][0] == {"role": "system", "content": "S"}
    upstream.clear()
    registry.repository.files = {f"{fresh_id}.prompt": text("m")}
    assert wire.post(envoy.port(f"{name}-held-registry"), request(fresh_id)).status == 200
