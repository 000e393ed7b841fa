"""The HTTP/2 half of the harness, without the filter."""

import pytest

from support import h2client
from support.bootstrap import Listener
from support.envoy import Envoy
from support.upstream_h2 import H2StandIn

pytestmark = pytest.mark.every_envoy


@pytest.fixture(scope="module")
def servers(envoy_binary, standin):
    listeners = [Listener("plain"), Listener("plain-h2", cluster="llm_h2")]
    with H2StandIn() as http2:
        with Envoy(listeners, {"llm": standin.port}, http2_clusters={"llm_h2": http2.port},
                   binary=envoy_binary) as envoy:
            yield envoy, http2


def test_trailers_reach_an_http2_upstream(servers):
    envoy, http2 = servers
    http2.clear()
    answer = h2client.post(envoy.port("plain-h2"), None, pieces=[b'{"a"', b":1}"], trailers={"x-checksum": "abc"})
    record = http2.only()
    assert answer.status == 200
    assert (bytes(record.body), record.trailers) == (b'{"a":1}', [("x-checksum", "abc")])


def test_trailers_reach_an_http1_upstream(servers, upstream):
    envoy, _ = servers
    answer = h2client.post(envoy.port("plain"), None, pieces=[b'{"model":"m"}'], trailers={"x-checksum": "abc"})
    assert answer.status == 200
    assert ("x-checksum", "abc") in upstream.only().trailers


def test_a_large_body_passes_flow_control(servers, upstream):
    envoy, _ = servers
    body = b'{"model":"%s"}' % (b"m" * 3_000_000)
    assert h2client.post(envoy.port("plain"), body).status == 200
    assert bytes(upstream.only().body) == body
