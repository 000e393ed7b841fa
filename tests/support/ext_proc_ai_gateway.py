"""A stand-in for the external processor of Envoy AI Gateway, as far as the order of filters matters.

AI Gateway asks its processor twice for each request. The filter of the listener sees the body, keeps it, and names its
model in a header, by which the route is chosen anew. The filter of the chosen cluster sees headers only: it translates
*the body that was kept* for that backend, and puts it in the place of whatever body there is by then. Written after
github.com/envoyproxy/ai-gateway, internal/extproc/processor_impl.go and
internal/extensionserver/post_translate_modify.go, as they were in September 2026.
"""

import json
from collections.abc import Iterator

from support import bootstrap
from support.bootstrap import HTTP_OPTIONS, TYPE, UPSTREAM_CODEC
from support.ext_proc import Common, Response, filter_config, messages, streamed

MODEL_HEADER = "x-ai-eg-model"
FILTER = "envoy.filters.http.ext_proc/aigateway"
ROUTER_CLUSTERS = {"BUFFERED": "ai_gateway_buffered", "FULL_DUPLEX_STREAMED": "ai_gateway_duplex"}
"""Where the listener's filter finds its processor, by the mode in which it sends bodies."""
UPSTREAM_CLUSTER = "ai_gateway_upstream"
NAMESPACE = "io.envoy.ai_gateway"
PIECE = 65_521

FOLLOWING = tuple(f"envoy.filters.http.{name}" for name in (
    "ext_proc", "wasm", "lua", "rbac", "local_ratelimit", "ratelimit", "custom_response", "credential_injector",
    "compressor", "router"))
"""The kinds of filters before the first of which AI Gateway puts its own."""
BUFFER = "envoy.filters.http.buffer"


class AiGateway:
    """Both processors, and what the one has kept for the other: `captured`, by the ids that Envoy gives requests."""

    def __init__(self):
        self.captured: dict[str, bytes] = {}

    def router(self, requests: Iterator) -> Iterator:
        """Answers the listener's filter in the mode BUFFERED, which is what AI Gateway uses."""
        request_id = ""
        for request in requests:
            if request.HasField("request_headers"):
                request_id = _header(request, "x-request-id")
                yield Response(request_headers=messages.HeadersResponse(response=Common()))
            else:
                common = self._captured(request_id, request.request_body.body)
                yield Response(request_body=messages.BodyResponse(response=common))

    def full_duplex_router(self, requests: Iterator) -> Iterator:
        """Does the same in the mode FULL_DUPLEX_STREAMED, in which headers can't be changed once they are answered."""
        request_id, pieces = "", []
        for request in requests:
            if request.HasField("request_headers"):
                request_id = _header(request, "x-request-id")
                continue
            pieces.append(request.request_body.body)
            if request.request_body.end_of_stream:
                body = b"".join(pieces)
                common = self._captured(request_id, body)
                yield Response(request_headers=messages.HeadersResponse(response=common))
                yield from streamed(body, True, PIECE)

    def upstream(self, requests: Iterator) -> Iterator:
        """Answers the cluster's filter: the kept body, translated, in the place of the request's."""
        for request in requests:
            body = translated(self.captured[_header(request, "x-request-id")])
            common = Common(status=Common.CONTINUE_AND_REPLACE, body_mutation=messages.BodyMutation(body=body))
            response = Response(request_headers=messages.HeadersResponse(response=common))
            response.dynamic_metadata.update({NAMESPACE: {"content_length": len(body)}})
            yield response

    def _captured(self, request_id: str, body: bytes):
        self.captured[request_id] = body
        model = json.loads(body).get("model", "").encode()
        header = messages.HeaderValue(key=MODEL_HEADER, raw_value=model)
        mutation = messages.HeaderMutation(set_headers=[messages.HeaderValueOption(header=header)])
        return Common(header_mutation=mutation, clear_route_cache=True)


def translated(body: bytes) -> bytes:
    """The body for a backend whose name of the model is another."""
    request = json.loads(body)
    return json.dumps({**request, "model": f"backend-{request.get('model')}"}).encode()


def router_filter(body_mode: str) -> dict:
    """The filter of the listener."""
    trailers = "SEND" if body_mode == "FULL_DUPLEX_STREAMED" else "SKIP"
    return filter_config(body_mode, name=FILTER, trailers=trailers, cluster=ROUTER_CLUSTERS[body_mode],
                         allow_mode_override=True)


def cluster(name: str, port: int) -> dict:
    """A backend behind the filter of the cluster."""
    config = bootstrap.cluster_config(name, port)
    length = {"key": "content-length", "value": f"%DYNAMIC_METADATA({NAMESPACE}:content_length)%"}
    mutations = [{"append": {"append_action": "ADD_IF_ABSENT", "header": length}}]
    options = config["typed_extension_protocol_options"][HTTP_OPTIONS.removeprefix(TYPE)]
    options["http_filters"] = [
        filter_config("NONE", name=FILTER, trailers="SKIP", cluster=UPSTREAM_CLUSTER,
                      metadata_options={"receiving_namespaces": {"untyped": [NAMESPACE]}}),
        {"name": "envoy.filters.http.header_mutation", "typed_config": {
            "@type": TYPE + "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
            "mutations": {"request_mutations": mutations}}},
        {"name": "envoy.filters.http.upstream_codec", "typed_config": {"@type": UPSTREAM_CODEC}}]
    return config


def inserted(names: list[str]) -> list[str]:
    """The names of a chain of filters once AI Gateway has put its own among them."""
    at = next(index for index, name in enumerate(names) if name.startswith(FOLLOWING))
    buffers = [index for index, name in enumerate(names) if name.startswith(BUFFER)]
    if buffers and buffers[-1] >= at:
        at = buffers[-1] + 1
    return [*names[:at], FILTER, *names[at:]]


def _header(request, name: str) -> str:
    fields = {one.key: one.raw_value for one in request.request_headers.headers.headers}
    return fields[name].decode()
