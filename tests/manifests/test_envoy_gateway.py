"""What Envoy Gateway makes of its recipe's objects, run on a plain Envoy."""

import copy

import pytest
from manifests import envoy_gateway, json_patch, run, xds
from manifests.asking import DEEP, HELLO, HOST, limits_bodies, padded, passes, refuses_unknown, renders
from manifests.objects import of_kind, read

from support import wire
from support.bootstrap import TYPE, bootstrap
from support.registry import Registry

OPEN = ("gateway", "promptgate")
HELD = ("gateway", "hold-headers", "promptgate-held")
MODELS = (*HELD, "models")
FILTER = "envoy.filters.http.wasm/envoyextensionpolicy/llm/promptgate/wasm/0"
# A filter of its own for each policy, off but where a route turns it on: what Envoy Gateway makes of external
# authorisation, here one that denies everything.
PER_POLICY = {
    "name": "envoy.filters.http.ext_authz/securitypolicy/llm/expensive",
    "disabled": True,
    "typed_config": {
        "@type": TYPE + "envoy.extensions.filters.http.fault.v3.HTTPFault",
        "abort": {"http_status": 403, "percentage": {"numerator": 100}},
    },
}


def objects(*names: str) -> list[dict]:
    """Those of some files."""
    return read("envoy-gateway", *names)


@pytest.fixture
def start(envoy_binary, wasm, standin, tmp_path):
    """Starts a plain Envoy with what Envoy Gateway would make of files or objects."""
    def plain(*given, upstreams=None, environment=None, change=lambda _: None, **how):
        listed = given[0] if isinstance(given[0], list) else objects(*given)
        config = envoy_gateway.plain(listed, {"api.openai.com": standin.port, **(upstreams or {})}, wasm, **how)
        change(config["static_resources"]["listeners"][0])
        return run.envoy(envoy_binary, config, tmp_path, environment)
    return plain


@pytest.mark.every_envoy
@pytest.mark.parametrize("at_routes", [False, True], ids=["1.10", "up-to-1.9"])
@pytest.mark.parametrize("names, held", [(OPEN, False), (HELD, True)], ids=["open", "held"])
def test_prompts_and_limits(start, upstream, names, held, at_routes):
    with start(*names, at_routes=at_routes) as gateway:
        renders(gateway.port, upstream)
        record = upstream.only()
        assert record.header("host") == "api.openai.com"
        assert (record.header("content-length") is not None) == held
        refuses_unknown(gateway.port, upstream, held=held)
        passes(gateway.port, upstream)
        limits_bodies(gateway.port, upstream)


def test_the_default_buffer_limit_is_small(start, upstream):
    """Why the ClientTrafficPolicy is part of the recipe."""
    without = [one for one in objects(*OPEN) if one["kind"] != "ClientTrafficPolicy"]
    with start(without) as gateway:
        assert wire.post(gateway.port, padded(8 << 10), headers=HOST).status == 200
        upstream.clear()
        answer = wire.post(gateway.port, padded(200 << 10), headers=HOST)
        assert answer.status == 413
        assert not answer.body.startswith(b"{")
        assert not upstream.bodies


def test_the_patch_alone_changes_nothing_for_clients(start, upstream):
    """hold-headers.yaml comes first, and then the filter's half."""
    with start("gateway", "promptgate", "hold-headers") as gateway:
        renders(gateway.port, upstream)
        assert upstream.only().header("content-length") is None


@pytest.mark.every_envoy
def test_the_model_chooses_the_route_and_its_limit(start, upstream):
    with start(*MODELS) as gateway:
        assert [wire.post(gateway.port, DEEP, headers=HOST).status for _ in range(4)] == [200, 200, 200, 429]
        assert {record.json()["model"] for record in upstream.records} == {"o1-pro"}
        # Others are not limited, nor does a client get around it, or into it, by the header.
        forged = {**HOST, "x-promptgate-model": "gpt-4o-mini"}
        assert wire.post(gateway.port, DEEP, headers=forged).status == 429
        assert wire.post(gateway.port, HELLO, headers=HOST).status == 200
        assert wire.post(gateway.port, HELLO, headers={**HOST, "x-promptgate-model": "o1-pro"}).status == 200


@pytest.mark.every_envoy
def test_a_filter_that_only_the_last_route_has_does_not_run(start, upstream):
    """Envoy puts the chain together for the first route, so such a policy has to be the gateway's."""
    def at_the_expensive_route(listener):
        for route in xds.virtual_host(listener)["routes"]:
            if "llm-expensive" in route["name"]:
                route["typed_per_filter_config"][PER_POLICY["name"]] = envoy_gateway.ROUTE_OVERRIDE
        behind(listener)

    def everywhere(listener):
        xds.virtual_host(listener)["typed_per_filter_config"][PER_POLICY["name"]] = envoy_gateway.ROUTE_OVERRIDE
        behind(listener)

    def behind(listener):
        """As `filterOrder` of an EnvoyProxy would put it: after the filter."""
        filters = xds.filters_of(listener)
        denying = next(one for one in filters if one["name"] == PER_POLICY["name"])
        filters.remove(denying)
        filters.insert([one["name"] for one in filters].index(FILTER) + 1, denying)

    for change, status in ((at_the_expensive_route, 200), (everywhere, 403)):
        upstream.clear()
        with start(*MODELS, more=[copy.deepcopy(PER_POLICY)], change=change) as gateway:
            assert wire.post(gateway.port, DEEP, headers=HOST).status == status
            assert len(upstream.records) == (status == 200)


def test_the_order_is_the_safe_one_by_default():
    """Authentication, Promptgate, what authorises and limits by route. An ext_proc of its own kind stands before."""
    names = ["router", "ratelimit", "local_ratelimit", "rbac", "wasm/a", "ext_proc/b", "jwt_authn", "api_key_auth",
             "ext_authz/c"]
    ordered = envoy_gateway.in_order([{"name": f"envoy.filters.http.{name}"} for name in names])
    assert [one["name"].removeprefix("envoy.filters.http.") for one in ordered] == [
        "ext_authz/c", "api_key_auth", "jwt_authn", "ext_proc/b", "wasm/a", "rbac", "local_ratelimit", "ratelimit",
        "router"]


def test_what_the_patch_changes():
    before = envoy_gateway.translate(objects("gateway", "promptgate-held"))
    after = envoy_gateway.translate(objects(*HELD))
    (listener,) = before
    filters = [next(one for one in xds.filters_of(made[listener]) if one["name"] == FILTER) for made in (before, after)]
    plain, patched = [one["typed_config"]["config"] for one in filters]
    assert patched == {**plain, "allow_on_headers_stop_iteration": True, "failure_policy": "FAIL_RELOAD"}
    assert plain["configuration"]["@type"].endswith("google.protobuf.StringValue")


@pytest.mark.parametrize("change", ["listener", "filter"])
def test_a_patch_that_fits_nothing_is_an_error(change):
    """Envoy Gateway reports it in the policy's status; so has the translation here to."""
    listed = objects(*HELD)
    (policy,) = of_kind(listed, "EnvoyPatchPolicy")
    for one in policy["spec"]["jsonPatches"]:
        if change == "listener":
            one["name"] = "llm/llm/http"
        else:
            one["operation"]["jsonPath"] = one["operation"]["jsonPath"].replace("promptgate", "other")
    with pytest.raises(LookupError):
        envoy_gateway.translate(listed)


@pytest.mark.parametrize("operation, expected", [
    ({"op": "add", "path": "/a/b", "value": 1}, {"a": {"b": 1}, "l": [{"n": "x"}]}),
    ({"op": "add", "path": "/l/0", "value": 1}, {"a": {}, "l": [1, {"n": "x"}]}),
    ({"op": "add", "jsonPath": "$..l[?(@.n=='x')]", "path": "/y~1z", "value": 1},
     {"a": {}, "l": [{"n": "x", "y/z": 1}]}),
    ({"op": "replace", "path": "/a", "value": 1}, {"a": 1, "l": [{"n": "x"}]}),
    ({"op": "replace", "path": "/b", "value": 1}, None),
    ({"op": "add", "jsonPath": "$..l[?(@.n=='y')]", "path": "/z", "value": 1}, None),
])
def test_json_patches(operation, expected):
    document = {"a": {}, "l": [{"n": "x"}]}
    if expected is None:
        with pytest.raises(LookupError):
            json_patch.apply(document, operation)
    else:
        json_patch.apply(document, operation)
        assert document == expected


def test_prompts_of_a_registry(start, upstream):
    """By the cluster that the patch adds, with a token from the environment of Envoy."""
    with Registry(authorization="Bearer sesame") as registry:
        registry.publish({"hello": "---\nmodel: gpt-4o-mini\n---\nUser: from the registry, {{user_message}}"})
        with start("gateway", "registry", upstreams={"prompt_registry": registry.port},
                   environment={"PROMPTS_TOKEN": "sesame"}) as gateway:
            assert wire.post(gateway.port, HELLO, headers=HOST).status == 200
            assert upstream.only().json()["messages"] == [{"role": "user", "content": "from the registry, Hi"}]
            assert wire.post(gateway.port, {"prompt_id": "nobody"}, headers=HOST).status == 404


def test_envoy_accepts_the_cluster_of_the_registry(envoy_binary, tmp_path):
    """As it is in the manifest, TLS included."""
    resources = envoy_gateway.translate(objects("gateway", "registry"))
    cluster = copy.deepcopy(resources[xds.CLUSTER, "prompt_registry"])
    answer = run.accepts(envoy_binary, bootstrap([], [cluster], tmp_path / "access.log"), tmp_path)
    assert answer.returncode == 0, answer.stderr
    cluster["transport_socket"]["typed_config"]["sni_name"] = "x"
    assert run.accepts(envoy_binary, bootstrap([], [cluster], tmp_path / "access.log"), tmp_path).returncode != 0


def test_both_policies_have_the_same_prompt():
    """promptgate-held.yaml replaces promptgate.yaml, and only adds to it."""
    configs = [objects(name)[0]["spec"]["wasm"][0]["config"] for name in ("promptgate", "promptgate-held")]
    plain, held = [config["bundle"]["prompts"] for config in configs]
    assert plain["hello"] == held["hello"]
    assert configs[1]["hold_headers"] is True
