"""The harness itself: what the other suites take for granted about Envoy without the filter, and the stand-in."""

import pytest

from support import wire
from support.bootstrap import Listener, denied, route
from support.envoy import Envoy

pytestmark = pytest.mark.every_envoy


@pytest.fixture(scope="module")
def envoy(envoy_binary, standin):
    routes = [route("llm", "/named", "named"), denied(403, "/denied"), route("llm")]
    with Envoy([Listener("plain", routes=routes)], {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


def test_a_request_arrives_byte_for_byte(envoy, upstream):
    body = b'{ "model" : "m","n":1.10 }'
    answer = wire.post(envoy.port("plain"), body, headers={"X-Odd": b"\xff\xfe"})
    record = upstream.only()
    assert answer.status == 200
    assert (record.method, record.path, bytes(record.body)) == ("POST", "/v1/chat/completions", body)
    assert record.header("x-odd") == "\xff\xfe"
    assert record.header("content-length") == str(len(body))


def test_chunks_and_trailers_arrive(envoy, upstream):
    pieces = wire.chunks([b'{"model":', b'"m"}'], [("x-checksum", "abc")])
    with wire.Connection(envoy.port("plain")) as connection:
        connection.write(wire.head(None) + b"".join(pieces))
        assert connection.response().status == 200
    record = upstream.only()
    assert record.chunked and bytes(record.body) == b'{"model":"m"}'
    assert ("x-checksum", "abc") in record.trailers


def test_an_unfinished_request_is_recorded_as_such(envoy, upstream):
    with wire.Connection(envoy.port("plain")) as connection:
        connection.write(wire.head(100) + b"{")
        upstream.wait_for(lambda records: any(record.body for record in records))
    assert [record.complete for record in upstream.records] == [False]


def test_counters_and_access_log(envoy, upstream):
    before = envoy.upstream_requests()
    wire.post(envoy.port("plain"), {"model": "m"}, headers={"x-test-tag": "counted"})
    denied_answer = wire.post(envoy.port("plain"), {}, path="/denied", headers={"x-test-tag": "refused"})
    assert denied_answer.status == 403
    assert envoy.upstream_requests() == before + 1
    assert [(one["status"], one["cluster"]) for one in envoy.access_records("counted")] == [(200, "llm")]
    assert [one["status"] for one in envoy.access_records("refused")] == [403]


def test_a_streamed_answer_arrives_in_pieces(envoy, upstream):
    body = wire.encode({"model": "m", "stream": True})
    with wire.Connection(envoy.port("plain")) as connection:
        connection.write(wire.head(len(body), headers={"x-standin-chunks": "2"}) + body)
        status, headers = connection.head()
        received = b"".join(connection.pieces(headers))
    assert status == 200 and received.endswith(b"data: [DONE]\n\n")
    assert received == bytes(upstream.only().response)
