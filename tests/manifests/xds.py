"""Envoy configuration that both control planes make alike, and what turns it into that of a plain Envoy.

What is left out is the way to the outside: TLS towards upstreams, whose place a stand-in on loopback takes, and the
download of the module, which is a local file.
"""

from support.bootstrap import HCM, LOOPBACK, ROUTER, TYPE, bootstrap, cluster_config

LISTENER = TYPE + "envoy.config.listener.v3.Listener"
CLUSTER = TYPE + "envoy.config.cluster.v3.Cluster"
WASM = TYPE + "envoy.extensions.filters.http.wasm.v3.Wasm"
MUTATION = TYPE + "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"
LOG = "%REQ(:PATH)% %RESPONSE_CODE% %RESPONSE_CODE_DETAILS% route=%ROUTE_NAME% cluster=%UPSTREAM_CLUSTER%\n"


def manager(filters: list[dict], routes: list[dict], **fields) -> dict:
    """An HTTP connection manager; `routes` have the most specific one first."""
    return {
        "name": "envoy.filters.network.http_connection_manager",
        "typed_config": {
            "@type": HCM, "stat_prefix": "http",
            "route_config": {"name": "http", "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
            "http_filters": [*filters, {"name": "envoy.filters.http.router", "typed_config": {"@type": ROUTER}}],
            "access_log": [{"name": "stdout", "typed_config": {
                "@type": TYPE + "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
                "log_format": {"text_format_source": {"inline_string": LOG}}}}],
            **fields,
        },
    }


def filters_of(listener: dict) -> list[dict]:
    """The HTTP filters of a listener, as a list that can be changed."""
    chain = listener.get("default_filter_chain") or listener["filter_chains"][0]
    return chain["filters"][0]["typed_config"]["http_filters"]


def virtual_host(listener: dict) -> dict:
    """Its only virtual host."""
    chain = listener.get("default_filter_chain") or listener["filter_chains"][0]
    return chain["filters"][0]["typed_config"]["route_config"]["virtual_hosts"][0]


def http_routes(routes: list[dict], name, cluster, timeout: str | None) -> list[dict]:
    """What HTTPRoutes become, by the Gateway API's rules of precedence.

    `name(route, rule, match)` and `cluster(route, rule, backend)` are the control plane's names, `rule` and `match`
    numbers. `timeout` is what a rule has that says nothing; None leaves it to Envoy.
    """
    found = []
    for route in routes:
        for i, rule in enumerate(route["spec"]["rules"]):
            for j, match in enumerate(rule["matches"]):
                assert match["path"]["type"] == "PathPrefix"
                prefix = match["path"]["value"].rstrip("/")
                entry = {"name": name(route, i, j),
                         "match": {"path_separated_prefix": prefix},
                         "route": {"cluster": cluster(route, i, rule["backendRefs"][0])}}
                headers = match.get("headers", [])
                if headers:
                    entry["match"]["headers"] = [header_match(one) for one in headers]
                if wanted := rule.get("timeouts", {}).get("request", timeout):
                    entry["route"]["timeout"] = wanted
                for change in rule.get("filters", []):
                    entry["route"]["host_rewrite_literal"] = change["urlRewrite"]["hostname"]
                found.append((-len(prefix), -len(headers), entry))
    return [entry for _, _, entry in sorted(found, key=lambda one: one[:2])]


def header_match(header: dict) -> dict:
    """One header of an HTTPRoute's match."""
    kind = {"RegularExpression": lambda value: {"safe_regex": {"regex": value}},
            "Exact": lambda value: {"exact": value}}[header.get("type", "Exact")]
    return {"name": header["name"], "string_match": kind(header["value"])}


def on_loopback(listener: dict, clusters: dict[str, int]) -> dict:
    """A whole configuration with one listener on a port that Envoy chooses, and clusters on these ports."""
    config = bootstrap([], [cluster_config(name, port) for name, port in clusters.items()], None)
    listener["address"] = {"socket_address": {"address": LOOPBACK, "port_value": 0}}
    config["static_resources"]["listeners"] = [listener]
    return config
