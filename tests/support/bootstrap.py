"""Envoy configuration for the tests, as plain data. Everything that Envoy is told is in this file.

A `Listener` is one port with one promptgate plugin (or none) in front of a route table. A bootstrap holds any number of
them, so that one Envoy serves many configurations. All ports are 0: Envoy chooses, and `support.envoy` asks it.
"""

import base64
import json
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WASM = Path(os.environ.get("PROMPTGATE_WASM") or ROOT / "dist" / "promptgate.wasm")
PANIC_WASM = ROOT / "target" / "inject-panic" / "promptgate.wasm"

LOOPBACK = "127.0.0.1"
MIB = 1 << 20
ACCESS_LOG = {
    "path": "%REQ(:PATH)%",
    "status": "%RESPONSE_CODE%",
    "flags": "%RESPONSE_FLAGS%",
    "cluster": "%UPSTREAM_CLUSTER%",
    "tag": "%REQ(X-TEST-TAG)%",
    "prompt_id": "%FILTER_STATE(wasm.prompt_id:PLAIN)%",
    "prompt_version": "%FILTER_STATE(wasm.prompt_version:PLAIN)%",
    "prompt_model": "%FILTER_STATE(wasm.prompt_model:PLAIN)%",
}

TYPE = "type.googleapis.com/"
HCM = TYPE + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
WASM_FILTER = TYPE + "envoy.extensions.filters.http.wasm.v3.Wasm"
FILTER_CONFIG = TYPE + "envoy.config.route.v3.FilterConfig"
ROUTER = TYPE + "envoy.extensions.filters.http.router.v3.Router"
FILE_LOG = TYPE + "envoy.extensions.access_loggers.file.v3.FileAccessLog"
HTTP_OPTIONS = TYPE + "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
INJECTOR = TYPE + "envoy.extensions.filters.http.credential_injector.v3.CredentialInjector"
GENERIC_CREDENTIAL = TYPE + "envoy.extensions.http.injected_credentials.generic.v3.Generic"
UPSTREAM_CODEC = TYPE + "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec"


@dataclass
class Listener:
    """One port of the gateway."""

    name: str
    plugin: dict | str | None = None
    """Plugin configuration; text is sent as it is, None means no promptgate filter at all."""
    held: bool = True
    """Both halves of held headers: `hold_headers` in the plugin and Envoy's `allow_on_headers_stop_iteration`."""
    envoy_flag: bool | None = None
    """Envoy's half alone; None means the same as `held`."""
    as_struct: bool = False
    """Deliver the plugin configuration as a protobuf Struct instead of a StringValue."""
    wasm: Path = WASM
    vm_id: str = "promptgate"
    fail_policy: str = "FAIL_RELOAD"
    routes: list | None = None
    cluster: str = "llm"
    filters_after: list = field(default_factory=list)
    buffer_limit: int = 32 * MIB
    stream_idle: str = "60s"
    proxy_100: bool = False
    """Upstream says 100 to clients that expect it, and not Envoy by itself."""
    ecds_folder: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)
    """Environment variables of the filter's machine, which listeners of one `vm_id` share."""
    access_log: bool = True
    port: int = 0


def plugin_configuration(listener: Listener) -> dict:
    """The `configuration` field of the plugin."""
    plugin = listener.plugin
    if isinstance(plugin, dict):
        plugin = {**plugin, "hold_headers": True} if listener.held else plugin
        if listener.as_struct:
            return {"@type": TYPE + "google.protobuf.Struct", "value": plugin}
        plugin = json.dumps(plugin)
    return {"@type": TYPE + "google.protobuf.StringValue", "value": plugin}


def wasm_filter(listener: Listener) -> dict:
    """The typed configuration of the promptgate filter, as it also travels by ECDS."""
    environment = {"environment_variables": {"key_values": listener.environment}} if listener.environment else {}
    return {
        "@type": WASM_FILTER,
        "config": {
            "name": listener.name,
            "root_id": "promptgate",
            "fail_open": False,
            "failure_policy": listener.fail_policy,
            "reload_config": {"backoff": {"base_interval": "0.1s", "max_interval": "0.2s"}},
            "allow_on_headers_stop_iteration":
                listener.held if listener.envoy_flag is None else listener.envoy_flag,
            "configuration": plugin_configuration(listener),
            "vm_config": {
                "vm_id": listener.vm_id,
                "runtime": "envoy.wasm.runtime.v8",
                "code": {"local": {"filename": str(listener.wasm)}},
                **environment,
            },
        },
    }


def ecds_resource(listener: Listener, revision: str) -> dict:
    """The whole file that Envoy watches for one filter's configuration."""
    return {
        "version_info": revision,
        "resources": [{
            "@type": TYPE + "envoy.config.core.v3.TypedExtensionConfig",
            "name": "promptgate",
            "typed_config": wasm_filter(listener),
        }],
    }


def lds_resources(listeners: list[Listener], log: Path, revision: str) -> dict:
    """The whole file that Envoy watches for its listeners."""
    resources = [{"@type": TYPE + "envoy.config.listener.v3.Listener", **listener_config(one, log)}
                 for one in listeners]
    return {"version_info": revision, "resources": resources}


def _promptgate(listener: Listener) -> list:
    if listener.plugin is None:
        return []
    if listener.ecds_folder is None:
        return [{"name": "promptgate", "typed_config": wasm_filter(listener)}]
    return [{
        "name": "promptgate",
        "config_discovery": {
            "config_source": _watched(listener.ecds_folder / "ecds.json"),
            "type_urls": [WASM_FILTER],
        },
    }]


def _watched(path: Path) -> dict:
    return {"resource_api_version": "V3",
            "path_config_source": {"path": str(path), "watched_directory": {"path": str(path.parent)}}}


def route(cluster: str, prefix: str = "/", name: str | None = None, headers: dict | None = None) -> dict:
    """One route; `headers` are exact values that it requires."""
    match = {"prefix": prefix}
    if headers:
        match["headers"] = [{"name": key, "string_match": {"exact": value}} for key, value in headers.items()]
    # No route timeout: streamed answers are long, and a request that hangs must be seen to hang.
    answer = {"match": match, "route": {"cluster": cluster, "timeout": "0s"}}
    return {"name": name, **answer} if name else answer


def denied(status: int = 403, prefix: str = "/", headers: dict | None = None) -> dict:
    """A route that answers by itself."""
    answer = route("-", prefix, headers=headers)
    del answer["route"]
    return {**answer, "direct_response": {"status": status, "body": {"inline_string": "denied by route"}}}


def switched_off(one: dict) -> dict:
    """The same route, on which the promptgate filter is switched off."""
    return {**one, "typed_per_filter_config": {"promptgate": {"@type": FILTER_CONFIG, "disabled": True}}}


def listener_config(listener: Listener, log: Path) -> dict:
    """One Envoy listener."""
    manager = {
        "@type": HCM,
        "stat_prefix": listener.name,
        "codec_type": "AUTO",
        "http_protocol_options": {"enable_trailers": True},
        "stream_idle_timeout": listener.stream_idle,
        "proxy_100_continue": listener.proxy_100,
        "route_config": {
            "name": listener.name,
            "virtual_hosts": [{
                "name": "all",
                "domains": ["*"],
                "routes": listener.routes or [route(listener.cluster, name="default")],
            }],
        },
        "http_filters": [
            *_promptgate(listener),
            *listener.filters_after,
            {"name": "envoy.filters.http.router", "typed_config": {"@type": ROUTER}},
        ],
        "access_log": [{
            "name": "file",
            "typed_config": {"@type": FILE_LOG, "path": str(log), "log_format": {"json_format": {
                "listener": listener.name, **ACCESS_LOG}}},
        }] if listener.access_log else [],
    }
    return {
        "name": listener.name,
        "address": _address(listener.port),
        # A body larger than this is answered by Envoy itself, before the filter can say 413 in OpenAI's words.
        "per_connection_buffer_limit_bytes": listener.buffer_limit,
        "filter_chains": [{"filters": [{
            "name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}],
    }


def cluster_config(name: str, port: int | None, http2: bool = False, secret: str | None = None) -> dict:
    """A cluster with one endpoint on loopback, or with none.

    `secret` names one of the bootstrap's secrets: Envoy itself puts it into the header `authorization`.
    """
    # A real upstream closes idle connections too; retrying here would hide what the filter loses.
    protocol = {"http2_protocol_options": {}} if http2 else {"http_protocol_options": {"enable_trailers": True}}
    endpoints = [] if port is None else [{"endpoint": {"address": _address(port)}}]
    return {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": HTTP_OPTIONS, "explicit_http_config": protocol,
                **({"http_filters": _injecting(secret)} if secret else {})}},
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": endpoints}]},
        "circuit_breakers": {"thresholds": [
            {"max_connections": 4096, "max_pending_requests": 4096, "max_requests": 4096}]},
    }


def _injecting(secret: str) -> list:
    credential = {"name": "envoy.http.injected_credentials.generic",
                  "typed_config": {"@type": GENERIC_CREDENTIAL, "credential": {"name": secret}}}
    return [{"name": "envoy.filters.http.credential_injector",
             "typed_config": {"@type": INJECTOR, "credential": credential}},
            {"name": "envoy.filters.http.upstream_codec", "typed_config": {"@type": UPSTREAM_CODEC}}]


def _address(port: int) -> dict:
    return {"socket_address": {"address": LOOPBACK, "port_value": port}}


def bootstrap(listeners: list[Listener], clusters: list[dict], log: Path, lds: Path | None = None,
              secrets: dict[str, str] = {}, congestion_control: str | None = None) -> dict:
    """The whole configuration of one Envoy. With `lds` the listeners come from that watched file instead.

    `congestion_control` is TCP's for its own listeners and all clusters, in place of the system's.
    """
    config = {
        "node": {"id": "tests", "cluster": "tests"},
        "admin": {"address": _address(0)},
        "static_resources": {
            "listeners": [] if lds else [listener_config(one, log) for one in listeners],
            "clusters": clusters,
            "secrets": [{"name": name, "generic_secret": {"secret": {"inline_string": value}}}
                        for name, value in secrets.items()],
        },
        # Loopback clients in a test may open as many connections as they like.
        "overload_manager": {"resource_monitors": [{
            "name": "envoy.resource_monitors.global_downstream_max_connections",
            "typed_config": {
                "@type": TYPE + "envoy.extensions.resource_monitors.downstream_connections.v3."
                                "DownstreamConnectionsConfig",
                "max_active_downstream_connections": 10_000}}]},
    }
    if congestion_control:
        option = {"level": socket.IPPROTO_TCP, "name": socket.TCP_CONGESTION, "state": "STATE_PREBIND",
                  "buf_value": base64.b64encode(congestion_control.encode()).decode()}
        config["cluster_manager"] = {"upstream_bind_config": {"socket_options": [option]}}
        for one in config["static_resources"]["listeners"]:
            one["socket_options"] = [option]
    if lds:
        config["dynamic_resources"] = {"lds_config": _watched(lds)}
    return config
