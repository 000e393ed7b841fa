"""Promptgate and the external processor of Envoy AI Gateway in one chain: the order that works, and the other one."""

import json

import pytest
from manifests import envoy_gateway, run, xds
from manifests.asking import renders
from manifests.objects import read

from support import wire
from support.bootstrap import Listener, route, wasm_filter
from support.ext_proc import ExtProcEnvoy, Server
from support.ext_proc_ai_gateway import (
    FILTER,
    MODEL_HEADER,
    ROUTER_CLUSTERS,
    UPSTREAM_CLUSTER,
    AiGateway,
    cluster,
    inserted,
    router_filter,
)

from .conftest import MODES, plugin_for

pytestmark = pytest.mark.every_envoy

BODY_MODES = list(ROUTER_CLUSTERS)
ROUTES = [route("gpt", headers={MODEL_HEADER: "gpt-4"}), route("others")]
REQUEST = {"model": "theirs", "prompt_id": "hello", "prompt_variables": {"user_message": "hi"}}
MESSAGES = [{"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "hi"}]


@pytest.fixture(scope="module")
def ai_gateway():
    return AiGateway()


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin, ai_gateway):
    """Listeners for both orders, both header modes and both modes of the processor."""
    listeners = []
    for mode, held in MODES.items():
        ours = {"name": "promptgate", "typed_config": wasm_filter(Listener(mode, plugin_for(held), held))}
        for body_mode in BODY_MODES:
            theirs = router_filter(body_mode)
            for name, chain in {"ours": [ours, theirs], "theirs": [theirs, ours]}.items():
                listeners.append(Listener(f"{name}-{mode}-{body_mode}", None, filters_after=chain, routes=ROUTES))
    with (Server(ai_gateway.router) as buffered, Server(ai_gateway.full_duplex_router) as duplex,
          Server(ai_gateway.upstream) as upstream):
        ports = zip(BODY_MODES, (buffered.port, duplex.port), strict=True)
        processors = {ROUTER_CLUSTERS[body_mode]: port for body_mode, port in ports}
        processors[UPSTREAM_CLUSTER] = upstream.port
        with ExtProcEnvoy(listeners, {}, [cluster(name, standin.port) for name in ("gpt", "others")],
                          http2_clusters=processors, binary=envoy_binary) as running:
            yield running


@pytest.fixture(params=BODY_MODES)
def body_mode(request) -> str:
    return request.param


def send(envoy, listener: str, tag: str, body: dict) -> tuple[wire.Response, str]:
    """One request; its answer, and the cluster that it went to."""
    answer = wire.post(envoy.port(listener), body, headers={"x-test-tag": tag})
    return answer, envoy.access_records(tag)[0]["cluster"]


def test_promptgate_first(mode, body_mode, envoy, upstream, request):
    """AI Gateway keeps, routes and translates what has its prompt already."""
    answer, where = send(envoy, f"ours-{mode}-{body_mode}", request.node.name, REQUEST)
    record = upstream.only()
    assert answer.status == 200 and answer.header("x-promptgate-id") == "hello"
    assert record.json() == {"model": "backend-gpt-4", "temperature": 0.7, "messages": MESSAGES}
    assert where == "gpt"
    assert record.header("content-length") == str(len(record.body))


def test_promptgate_last(mode, body_mode, envoy, upstream, request):
    """AI Gateway routes by the client's model, and puts the body that it kept before there was a prompt in its place.

    So the prompt is lost, although Promptgate has applied it: this order does not work, and no setting makes it work.
    """
    answer, where = send(envoy, f"theirs-{mode}-{body_mode}", request.node.name, REQUEST)
    assert answer.header("x-promptgate-id") == "hello"
    assert upstream.only().json() == {**REQUEST, "model": "backend-theirs"}
    assert where == "others"


@pytest.mark.parametrize("order, where", [("ours", "gpt"), ("theirs", "others")])
def test_a_request_without_a_model(order, where, mode, body_mode, envoy, upstream, request):
    """How an operator sees which order it is."""
    body = {key: value for key, value in REQUEST.items() if key != "model"}
    assert send(envoy, f"{order}-{mode}-{body_mode}", request.node.name, body)[1] == where


def test_a_request_without_a_prompt(mode, body_mode, envoy, upstream):
    body = {"model": "gpt-4", "messages": []}
    assert wire.post(envoy.port(f"ours-{mode}-{body_mode}"), body).status == 200
    assert upstream.only().json() == {**body, "model": "backend-gpt-4"}


def test_what_is_refused_is_not_captured(mode, body_mode, envoy, upstream, ai_gateway):
    ai_gateway.captured.clear()
    answer = wire.post(envoy.port(f"ours-{mode}-{body_mode}"), {**REQUEST, "prompt_id": "nope"})
    assert answer.error() == (404, "prompt_not_found", "prompt_id")
    assert ai_gateway.captured == {} and upstream.bodies == []


def test_a_large_body(mode, body_mode, envoy, upstream):
    """It arrives in many pieces, which wait in Promptgate; nothing of it gets past the processor before."""
    text = "x" * 1_000_000
    body = wire.encode({**REQUEST, "messages": [{"role": "user", "content": text}]})
    with wire.Connection(envoy.port(f"ours-{mode}-{body_mode}"), 60) as connection:
        connection.write(wire.head(len(body)))
        for start in range(0, len(body), 100_000):
            connection.write(body[start:start + 100_000])
        assert connection.response().status == 200
    assert json.loads(upstream.only().body)["messages"] == [*MESSAGES, {"role": "user", "content": text}]


JWT, EXT_PROC, BUFFER, RATELIMIT, ROUTER = (
    f"envoy.filters.http.{name}" for name in ("jwt_authn", "ext_proc", "buffer", "ratelimit", "router"))
POLICY = "envoy.filters.http.wasm/envoyextensionpolicy/llm/promptgate/wasm/0"
RENAMED = "promptgate"


@pytest.mark.parametrize("chain, works", [
    ([JWT, POLICY, RATELIMIT, ROUTER], False),
    ([POLICY, JWT, RATELIMIT, ROUTER], False),
    ([JWT, RENAMED, RATELIMIT, ROUTER], True),
    ([JWT, RENAMED, ROUTER], True),
    ([JWT, EXT_PROC, RENAMED, ROUTER], False),
    ([JWT, RENAMED, EXT_PROC, ROUTER], True),
    ([JWT, POLICY, BUFFER, RATELIMIT, ROUTER], True),
], ids=["policy", "policy-moved-forward", "renamed", "renamed-without-limits", "behind-another-processor",
        "before-another-processor", "policy-before-a-buffer"])
def test_where_ai_gateway_puts_its_filter(chain, works):
    """By its own rule, from which envoy/envoy-gateway/README.md has what to do."""
    assert first(inserted(chain)) == works


def first(names: list[str]) -> bool:
    """Whether ours comes before theirs."""
    return next(i for i, name in enumerate(names) if name in (POLICY, RENAMED)) < names.index(FILTER)


OPEN = ("gateway", "promptgate")
HELD = ("gateway", "hold-headers", "promptgate-held")


@pytest.mark.parametrize("at_routes", [False, True], ids=["1.10", "up-to-1.9"])
@pytest.mark.parametrize("names", [OPEN, HELD], ids=["open", "held"])
def test_the_manifest_for_it(names, at_routes, envoy_binary, wasm, upstream, tmp_path):
    """envoy/envoy-gateway/ai-gateway.yaml puts ours first, and the filter still runs."""
    before, after = (chain_of(read("envoy-gateway", *names, *more), at_routes) for more in ((), ("ai-gateway",)))
    assert not first(inserted(before)) and first(inserted(after))
    objects = read("envoy-gateway", *names, "ai-gateway")
    config = envoy_gateway.plain(objects, {"api.openai.com": upstream.port}, wasm, at_routes=at_routes)
    ours = next(one for one in xds.filters_of(config["static_resources"]["listeners"][0]) if one["name"] == RENAMED)
    ours["typed_config"]["config"]["vm_config"]["code"] = {"local": {"filename": str(wasm)}}
    with run.envoy(envoy_binary, config, tmp_path) as gateway:
        renders(gateway.port, upstream)


def chain_of(objects: list[dict], at_routes: bool) -> list[str]:
    """The names of the filters that Envoy Gateway would hand to AI Gateway."""
    resources = envoy_gateway.translate(objects, at_routes=at_routes)
    return [one["name"] for one in xds.filters_of(resources[xds.LISTENER, envoy_gateway.LISTENER_NAME])]
