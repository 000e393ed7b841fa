"""What Envoy Gateway makes of the recipe's objects.

Written down from envoyproxy/gateway, internal/xds/translator, at versions 1.7 to 1.10: wasm.go (a filter that is off,
and routes that turn it on; the configuration as a StringValue), httpfilters.go (order), listener.go (buffer limit,
names), local_ratelimit.go, jsonpatch.go.
"""

import copy
import json
import re
from pathlib import Path

from manifests import json_patch, xds
from manifests.objects import key, of_kind

from support.bootstrap import TYPE

BUFFER_LIMIT = 32768
"""What a listener has without a ClientTrafficPolicy, in bytes."""
LISTENER_NAME = "tcp-80"
ROUTE_OVERRIDE = {"@type": TYPE + "envoy.config.route.v3.FilterConfig", "config": {}}
LOCAL_RATE_LIMIT = "envoy.filters.http.local_ratelimit"
LOCAL_RATE_LIMIT_TYPE = TYPE + "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"
SUFFIXES = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "": 1}
SECONDS = {"Second": "1s", "Minute": "60s", "Hour": "3600s"}
ORDER = ["custom_response", "health_check", "fault", "cors", "header_mutation", "ext_authz", "api_key_auth",
         "basic_auth", "oauth2", "jwt_authn", "stateful_session", "buffer", "lua", "ext_proc", "wasm", "rbac",
         "local_ratelimit", "ratelimit", "grpc_web", "grpc_stats", "credential_injector", "compressor",
         "dynamic_forward_proxy", "router"]
"""Filters by the beginning of their names, in the order that Envoy Gateway puts them in."""


def in_order(filters: list[dict]) -> list[dict]:
    """Filters as `EnvoyProxy.spec.filterOrder` leaves them when it says nothing."""
    def place(one: dict) -> int:
        kind = one["name"].removeprefix("envoy.filters.http.").split("/")[0]
        return ORDER.index(kind)
    return sorted(filters, key=place)


def wasm_filters(objects: list[dict]) -> list[dict]:
    """One filter for each Wasm extension, off until a route turns it on."""
    found = []
    for policy in of_kind(objects, "EnvoyExtensionPolicy"):
        for i, wasm in enumerate(policy["spec"]["wasm"]):
            name = f"envoyextensionpolicy/{key(policy)}/wasm/{i}"
            machine = {"vm_id": name, "runtime": "envoy.wasm.runtime.v8",
                       "code": {"remote": {"http_uri": {"uri": f"https://envoy-gateway/{i}.wasm", "timeout": "10s",
                                                        "cluster": "wasm_cluster"}, "sha256": "0" * 64}}}
            if keys := wasm.get("env", {}).get("hostKeys"):
                machine["environment_variables"] = {"host_env_keys": keys}
            config = {"name": wasm["name"], "root_id": wasm["rootID"], "fail_open": wasm.get("failOpen", False),
                      "configuration": {"@type": TYPE + "google.protobuf.StringValue",
                                        "value": json.dumps(wasm["config"])},
                      "vm_config": machine}
            found.append({"name": f"envoy.filters.http.wasm/{name}", "disabled": True,
                          "typed_config": {"@type": xds.WASM, "config": config}})
    return found


def translate(objects: list[dict], more: list[dict] = (), *, at_routes: bool = False) -> dict[tuple[str, str], dict]:
    """The resources by type and name: the listener, and clusters that patches add.

    `more` are further filters, which are put in order, too. `at_routes`: a policy for the gateway turns its filters on
    at each route, as up to Envoy Gateway 1.9; else at the virtual host.
    """
    filters = wasm_filters(objects) + list(more)
    routes = xds.http_routes(
        of_kind(objects, "HTTPRoute"),
        name=lambda route, rule, match: f"httproute/{key(route)}/rule/{rule}/match/{match}/*",
        cluster=lambda route, rule, _backend: f"httproute/{key(route)}/rule/{rule}",
        timeout=None)
    turned_on = {one["name"]: ROUTE_OVERRIDE for one in filters if one.get("disabled") and "/wasm/" in one["name"]}
    limits = local_rate_limits(objects)
    if limits:
        filters.append({"name": LOCAL_RATE_LIMIT, "typed_config": {
            "@type": LOCAL_RATE_LIMIT_TYPE, "stat_prefix": "http_local_rate_limiter"}})
    for route in routes:
        own = {LOCAL_RATE_LIMIT: limit for target, limit in limits.items() if route["name"].startswith(target)}
        route["typed_per_filter_config"] = {**(turned_on if at_routes else {}), **own}
    listener = {"name": LISTENER_NAME, "per_connection_buffer_limit_bytes": BUFFER_LIMIT}
    fields = {}
    for policy in of_kind(objects, "ClientTrafficPolicy"):
        listener["per_connection_buffer_limit_bytes"] = quantity(policy["spec"]["connection"]["bufferLimit"])
        removed = policy["spec"]["headers"]["earlyRequestHeaders"]["remove"]
        fields["early_header_mutation_extensions"] = [{
            "name": "envoy.http.early_header_mutation.header_mutation",
            "typed_config": {"@type": xds.MUTATION, "mutations": [{"remove": name} for name in removed]}}]
    listener["default_filter_chain"] = {"filters": [xds.manager(in_order(filters), routes, **fields)]}
    if not at_routes:
        xds.virtual_host(listener)["typed_per_filter_config"] = turned_on
    resources = {(xds.LISTENER, LISTENER_NAME): listener}
    for policy in of_kind(objects, "EnvoyPatchPolicy"):
        for one in policy["spec"]["jsonPatches"]:
            patch(resources, one)
    return resources


def local_rate_limits(objects: list[dict]) -> dict[str, dict]:
    """What routes of a BackendTrafficPolicy's HTTPRoute say, by the beginning of their names."""
    found = {}
    for policy in of_kind(objects, "BackendTrafficPolicy"):
        (rule,) = policy["spec"]["rateLimit"]["local"]["rules"]
        amount = rule["limit"]["requests"]
        bucket = {"max_tokens": amount, "tokens_per_fill": amount, "fill_interval": SECONDS[rule["limit"]["unit"]]}
        always = {"default_value": {"numerator": 100}}
        for target in policy["spec"]["targetRefs"]:
            found[f"httproute/{policy['metadata']['namespace']}/{target['name']}/"] = {
                "@type": LOCAL_RATE_LIMIT_TYPE, "stat_prefix": "http_local_rate_limiter", "token_bucket": bucket,
                "filter_enabled": always, "filter_enforced": always}
    return found


def quantity(text: str) -> int:
    """The bytes of a Kubernetes quantity."""
    number, suffix = re.fullmatch(r"(\d+)([KMG]i)?", str(text)).groups(default="")
    return int(number) * SUFFIXES[suffix]


def patch(resources: dict[tuple[str, str], dict], one: dict) -> None:
    """Applies one patch; LookupError where Envoy Gateway would report that there is no such resource or place."""
    operation = copy.deepcopy(one["operation"])
    target = one["type"], one["name"]
    if operation["op"] == "add" and operation.get("path") == "":
        resources[target] = operation["value"]
    else:
        json_patch.apply(resources[target], operation)


def plain(objects: list[dict], upstreams: dict[str, int], module: Path, more: list[dict] = (), *,
          at_routes: bool = False) -> dict:
    """The configuration of a plain Envoy. `upstreams` are the ports of the stand-ins: by the host of a Backend, or by
    the name of a cluster that a patch adds."""
    resources = translate(objects, more, at_routes=at_routes)
    listener = resources[xds.LISTENER, LISTENER_NAME]
    for one in xds.filters_of(listener):
        if one["name"].startswith("envoy.filters.http.wasm/"):
            one["typed_config"]["config"]["vm_config"]["code"] = {"local": {"filename": str(module)}}
    hosts = {one["metadata"]["name"]: one["spec"]["endpoints"][0]["fqdn"]["hostname"]
             for one in of_kind(objects, "Backend")}
    ports = {f"httproute/{key(route)}/rule/{i}": upstreams[hosts[rule["backendRefs"][0]["name"]]]
             for route in of_kind(objects, "HTTPRoute") for i, rule in enumerate(route["spec"]["rules"])}
    ports |= {name: upstreams[name] for kind, name in resources if kind == xds.CLUSTER}
    return xds.on_loopback(listener, ports)
