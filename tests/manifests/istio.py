"""What Istio makes of the recipe's objects for one proxy, and Istio's agent of that.

Written down from istio/istio, pilot/pkg/model/trafficextension.go and extensions.go (plugin configuration, failure
policy), pilot/pkg/networking/core/listener_builder.go (order), pilot/pkg/networking/core/envoyfilter (patches), and
pkg/wasm/convert.go (the agent), at Istio 1.30. Both kinds of plugin end as a resource that Envoy asks for by name
(ECDS); their configuration travels as a StringValue with JSON.
"""

import copy
import json
from pathlib import Path

from manifests import xds
from manifests.objects import key, of_kind

from support.bootstrap import TYPE

GATEWAY, SIDECAR = "GATEWAY", "SIDECAR_OUTBOUND"
PHASES = ("AUTHN", "AUTHZ", "STATS", "UNSPECIFIED")
POLICIES = {"FAIL_CLOSE": "FAIL_CLOSED", "FAIL_RELOAD": "FAIL_RELOAD", "FAIL_OPEN": "FAIL_OPEN"}
RBAC = TYPE + "envoy.extensions.filters.http.rbac.v3.RBAC"
CORS = TYPE + "envoy.extensions.filters.http.cors.v3.Cors"
AGENT_PREFIX = "ISTIO_META_"


def plugins(objects: list[dict]) -> list[tuple[str, str, dict]]:
    """The phase, the name of the filter, and the filter of each plugin."""
    found = []
    for one in of_kind(objects, "TrafficExtension"):
        spec = one["spec"]
        name = f"extensions.istio.io/trafficextension/{dotted(one)}"
        found.append((spec.get("phase", "UNSPECIFIED"), name, wasm_filter(one, spec["wasm"])))
    for one in of_kind(objects, "WasmPlugin"):
        name = f"extensions.istio.io/wasmplugin/{dotted(one)}"
        found.append((one["spec"].get("phase", "UNSPECIFIED"), name, wasm_filter(one, one["spec"])))
    return found


def dotted(one: dict) -> str:
    """An object's namespace and name, as they stand in names of filters."""
    return key(one).replace("/", ".")


def wasm_filter(one: dict, wasm: dict) -> dict:
    """The typed configuration of a plugin; Istio's own variables tell the agent how to fetch the image."""
    own = {AGENT_PREFIX + "WASM_PLUGIN_RESOURCE_VERSION": "1"}
    if "imagePullPolicy" in wasm:
        own[AGENT_PREFIX + "WASM_IMAGE_PULL_POLICY"] = wasm["imagePullPolicy"]
    environment = {"key_values": own}
    for variable in wasm.get("vmConfig", {}).get("env", []):
        if variable.get("valueFrom", "INLINE") == "HOST":
            environment.setdefault("host_env_keys", []).append(variable["name"])
        else:
            own[variable["name"]] = variable["value"]
    config = {
        "name": dotted(one),
        "root_id": wasm.get("pluginName", ""),
        "configuration": {"@type": TYPE + "google.protobuf.StringValue", "value": json.dumps(wasm["pluginConfig"])},
        "vm_config": {
            "runtime": "envoy.wasm.runtime.v8",
            "code": {"remote": {"http_uri": {"uri": wasm["url"], "timeout": "30s", "cluster": "_"},
                                "sha256": wasm.get("sha256", "")}},
            "environment_variables": environment,
        },
    }
    if "failStrategy" in wasm:
        config["failure_policy"] = POLICIES[wasm["failStrategy"]]
    return {"@type": xds.WASM, "config": config}


def translate(objects: list[dict], context: str = GATEWAY) -> tuple[dict, dict[str, dict]]:
    """The listener of one kind of proxy, and the resources that its filters ask for, by name."""
    found = plugins(objects)
    resources = {name: typed for _, name, typed in found}
    chain = []
    for phase in PHASES:
        chain += [discovered(name) for one, name, _ in found if one == phase]
        if phase == "AUTHZ":
            chain += authorisation(objects)
    chain.append({"name": "envoy.filters.http.cors", "typed_config": {"@type": CORS}})
    routes = gateway_routes(objects) if context == GATEWAY else sidecar_routes(objects)
    listener = {"name": "0.0.0.0_80", "filter_chains": [{"filters": [xds.manager(chain, routes)]}]}
    for patches in of_kind(objects, "EnvoyFilter"):
        for one in patches["spec"]["configPatches"]:
            if one["match"]["context"] == context:
                patch(listener, resources, one)
    return listener, resources


def discovered(name: str) -> dict:
    """A filter whose configuration Envoy asks for."""
    source = {"ads": {}, "resource_api_version": "V3", "initial_fetch_timeout": "0s"}
    return {"name": name, "config_discovery": {"config_source": source, "type_urls": [xds.WASM, RBAC]}}


def authorisation(objects: list[dict]) -> list[dict]:
    """The filter of AuthorizationPolicies that deny by a request header."""
    policies = {}
    for one in of_kind(objects, "AuthorizationPolicy"):
        assert one["spec"]["action"] == "DENY"
        for i, rule in enumerate(one["spec"]["rules"]):
            conditions = [{"or_ids": {"ids": [denied_header(condition["key"], value) for value in condition["values"]]}}
                          for condition in rule["when"]]
            name = f"ns[{one['metadata']['namespace']}]-policy[{one['metadata']['name']}]-rule[{i}]"
            policies[name] = {"permissions": [{"any": True}], "principals": [{"and_ids": {"ids": conditions}}]}
    if not policies:
        return []
    rules = {"action": "DENY", "policies": policies}
    return [{"name": "envoy.filters.http.rbac", "typed_config": {"@type": RBAC, "rules": rules}}]


def denied_header(name: str, value: str) -> dict:
    """The principal of a condition on `request.headers[…]`; a star at the end makes a prefix of it."""
    header = name.removeprefix("request.headers[").removesuffix("]")
    match = {"prefix": value[:-1]} if value.endswith("*") else {"exact": value}
    return {"header": {"name": header, "string_match": match}}


def clusters(objects: list[dict]) -> list[str]:
    """The clusters that ServiceEntries become."""
    return [f"outbound|{port['number']}||{host}" for one in of_kind(objects, "ServiceEntry")
            for host in one["spec"]["hosts"] for port in one["spec"]["ports"]]


def gateway_routes(objects: list[dict]) -> list[dict]:
    """The routes of a gateway."""
    return xds.http_routes(
        of_kind(objects, "HTTPRoute"),
        name=lambda route, rule, _match: f"{dotted(route)}.{rule}",
        cluster=lambda _route, _rule, backend: f"outbound|{backend['port']}||{backend['name']}",
        timeout="0s")


def sidecar_routes(objects: list[dict]) -> list[dict]:
    """The routes of what an application sends to a port: by host."""
    return [{"name": "default", "match": {"prefix": "/", "headers": [
                {"name": ":authority", "string_match": {"exact": cluster.split("|")[3]}}]},
             "route": {"cluster": cluster, "timeout": "0s"}} for cluster in clusters(objects)]


def patch(listener: dict, resources: dict[str, dict], one: dict) -> None:
    """Applies one patch of an EnvoyFilter, by Istio's rules for the kinds that the recipe has."""
    operation, value = one["patch"]["operation"], copy.deepcopy(one["patch"]["value"])
    match (one["applyTo"], operation):
        case ("EXTENSION_CONFIG", "ADD"):  # the only operation that Istio has for these
            resources[value["name"]] = value["typed_config"]
        case ("LISTENER", "MERGE"):
            assert not any(isinstance(inner, dict | list) for inner in value.values()), "only scalars are merged here"
            listener.update(value)
        case ("HTTP_FILTER", "REPLACE"):
            wanted = one["match"]["listener"]["filterChain"]["filter"]["subFilter"]["name"]
            filters = xds.filters_of(listener)
            filters[:] = [value if inner["name"] == wanted else inner for inner in filters]
        case other:
            raise AssertionError(f"Istio would do something else for {other}")


def as_the_agent(typed: dict, module: Path) -> dict:
    """What the agent makes of a filter before Envoy gets it: the image is a file, its own variables are gone."""
    typed = copy.deepcopy(typed)
    machine = typed["config"]["vm_config"]
    assert machine["code"]["remote"]["http_uri"]["uri"].startswith("oci://")
    machine["code"] = {"local": {"filename": str(module)}}
    variables = machine.get("environment_variables", {})
    kept = {name: value for name, value in variables.get("key_values", {}).items()
            if not name.startswith(AGENT_PREFIX)}
    machine["environment_variables"] = {"key_values": kept, "host_env_keys": variables.get("host_env_keys", [])}
    return typed


def plain(objects: list[dict], upstreams: dict[str, int], module: Path, folder: Path, context: str = GATEWAY) -> dict:
    """The configuration of a plain Envoy: resources that Istio would deliver are watched files in `folder`.

    `upstreams` are the ports of the stand-ins, by host.
    """
    listener, resources = translate(objects, context)
    for one in xds.filters_of(listener):
        if "config_discovery" in one:
            path = folder / f"{one['name'].replace('/', '_')}.json"
            path.write_text(json.dumps({"version_info": "1", "resources": [{
                "@type": TYPE + "envoy.config.core.v3.TypedExtensionConfig", "name": one["name"],
                "typed_config": as_the_agent(resources[one["name"]], module)}]}), encoding="utf-8")
            source = one["config_discovery"]["config_source"]
            assert source.pop("ads") == {}
            source["path_config_source"] = {"path": str(path), "watched_directory": {"path": str(folder)}}
    ports = {name: upstreams[name.split("|")[3]] for name in clusters(objects)}
    return xds.on_loopback(listener, ports)
