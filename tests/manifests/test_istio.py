"""What Istio makes of its recipe's objects, run on a plain Envoy."""

import pytest
import yaml
from manifests import istio, run, xds
from manifests.asking import DEEP, HELLO, HOST, MIB, limits_bodies, padded, passes, refuses_unknown, renders
from manifests.objects import read

from support import wire
from support.registry import Registry

GATEWAY = ("gateway", "provider", "buffer-limit")
HELD = (*GATEWAY, "hold-headers", "models")
SIDECAR = ("sidecar", "provider", "buffer-limit")
SMALL = "small.example.com"


def objects(*names: str) -> list[dict]:
    """Those of some files; a WasmPlugin comes in place of the TrafficExtension."""
    found = read("istio", *names)
    if "wasm-plugin" in names:
        found = [one for one in found if one["kind"] != "TrafficExtension"]
    return found


@pytest.fixture
def start(envoy_binary, wasm, standin, tmp_path):
    """Starts a plain Envoy with what Istio would make of files or objects."""
    def plain(*given, context=istio.GATEWAY, upstreams=None, environment=None):
        listed = given[0] if isinstance(given[0], list) else objects(*given)
        ports = {"api.openai.com": standin.port, SMALL: standin.port, **(upstreams or {})}
        config = istio.plain(listed, ports, wasm, tmp_path, context)
        return run.envoy(envoy_binary, config, tmp_path, environment)
    return plain


@pytest.mark.every_envoy
@pytest.mark.parametrize("names, context, held", [
    (GATEWAY, istio.GATEWAY, False),
    ((*GATEWAY, "wasm-plugin"), istio.GATEWAY, False),
    (HELD, istio.GATEWAY, True),
    ((*HELD, "wasm-plugin"), istio.GATEWAY, True),
    (SIDECAR, istio.SIDECAR, False),
    ((*SIDECAR, "hold-headers-sidecar"), istio.SIDECAR, True),
], ids=["gateway", "gateway-wasm-plugin", "gateway-held", "gateway-wasm-plugin-held", "sidecar", "sidecar-held"])
def test_prompts_and_limits(start, upstream, names, context, held):
    with start(*names, context=context) as gateway:
        renders(gateway.port, upstream)
        record = upstream.only()
        assert (record.header("content-length") is not None) == held
        refuses_unknown(gateway.port, upstream, held=held)
        passes(gateway.port, upstream)
        limits_bodies(gateway.port, upstream)


def test_without_the_buffer_limit_envoy_answers_large_bodies(start, upstream):
    with start("gateway", "provider") as gateway:
        assert wire.post(gateway.port, padded(MIB // 2), headers=HOST).status == 200
        upstream.clear()
        answer = wire.post(gateway.port, padded(3 * MIB), headers=HOST)
        assert answer.status == 413
        assert not answer.body.startswith(b"{")
        assert not upstream.bodies


@pytest.mark.every_envoy
def test_the_model_chooses_the_route_and_what_is_denied(start, upstream):
    with start(*HELD) as gateway:
        assert wire.post(gateway.port, HELLO, headers=HOST).status == 200
        record = upstream.only()
        assert record.header("host") == SMALL
        assert record.header("x-promptgate-model") == "gpt-4o-mini"
        upstream.clear()
        answer = wire.post(gateway.port, DEEP, headers=HOST)
        assert (answer.status, answer.body) == (403, b"RBAC: access denied")
        assert not upstream.records
        # What a client says of the model does not count, in either direction.
        forged = {**HOST, "x-promptgate-model": "gpt-4o-mini"}
        assert wire.post(gateway.port, DEEP, headers=forged).status == 403
        assert not upstream.records


def test_authorising_before_promptgate_would_deny_nothing(start, upstream):
    """Why the phase is AUTHZ, and not STATS: the model is not known before."""
    late = objects(*HELD)
    for one in late:
        if one["kind"] == "TrafficExtension":
            one["spec"]["phase"] = "STATS"
    with start(late) as gateway:
        assert wire.post(gateway.port, DEEP, headers=HOST).status == 200
        assert upstream.only().json()["model"] == "o1-pro"


@pytest.mark.parametrize("name", ["extensions.istio.io/trafficextension/llm.promptgate",
                                  "extensions.istio.io/wasmplugin/llm.promptgate",
                                  "extensions.istio.io/trafficextension/llm.promptgate~istio-translated-wasmplugin"])
def test_the_filter_is_replaced_by_any_of_its_names(name):
    listener, resources = istio.translate([])
    xds.filters_of(listener).insert(0, istio.discovered(name))
    for patches in objects("hold-headers"):
        for one in patches["spec"]["configPatches"]:
            istio.patch(listener, resources, one)
    first, *_ = xds.filters_of(listener)
    assert first["name"] == "promptgate-held"
    assert first["config_discovery"]["type_urls"] == [xds.WASM, istio.RBAC]
    assert resources["promptgate-held"]["config"]["allow_on_headers_stop_iteration"] is True


def test_where_no_patch_fits_the_filter_of_the_gateway_serves_on(start, upstream):
    """A name that some other version of Istio may have: prompts are still applied, without held headers."""
    other = objects(*HELD)
    for one in other:
        if one["metadata"]["name"] == "promptgate-hold-headers":
            for patch in one["spec"]["configPatches"]:
                if patch["applyTo"] == "HTTP_FILTER":
                    patch["match"]["listener"]["filterChain"]["filter"]["subFilter"]["name"] += "-renamed"
    with start(other) as gateway:
        renders(gateway.port, upstream)
        assert upstream.only().header("x-promptgate-model") is None


def test_what_envoy_delivers_is_text():
    """Envoy would hand a Struct to the filter in protobuf's binary form; Istio makes JSON of it before."""
    for names in (GATEWAY, (*GATEWAY, "wasm-plugin"), HELD):
        _, resources = istio.translate(objects(*names))
        for typed in resources.values():
            assert typed["config"]["configuration"]["@type"].endswith("google.protobuf.StringValue")


def test_both_ways_of_delivery_have_the_same_prompts():
    """hold-headers.yaml repeats the prompts of gateway.yaml, so that it makes no difference which one serves."""
    _, resources = istio.translate(objects(*HELD))
    shared = [yaml.safe_load(typed["config"]["configuration"]["value"])["bundle"]["prompts"]["hello"].strip()
              for typed in resources.values()]
    assert len(shared) == 2
    assert len(set(shared)) == 1


def test_prompts_of_a_registry(start, upstream):
    """By the cluster that a ServiceEntry becomes, with a token from the environment of the proxy."""
    with Registry(authorization="Bearer sesame") as registry:
        registry.publish({"hello": "---\nmodel: gpt-4o-mini\n---\nUser: from the registry, {{user_message}}"})
        with start("gateway", "provider", "buffer-limit", "registry", upstreams={"prompts.example.com": registry.port},
                   environment={"PROMPTS_TOKEN": "sesame"}) as gateway:
            assert wire.post(gateway.port, HELLO, headers=HOST).status == 200
            assert upstream.only().json()["messages"] == [{"role": "user", "content": "from the registry, Hi"}]
            assert wire.post(gateway.port, {"prompt_id": "nobody"}, headers=HOST).status == 404
            assert all(record.header("host") == "prompts.example.com" for record in registry.records)
