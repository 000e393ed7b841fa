"""External processors for Envoy's filter ext_proc, and how Envoy is told to ask them.

A processor is a function from the messages of one stream to the answers, as generators. `Echo` gives back every piece
of a body, `support.ext_proc_ai_gateway` has one that does as Envoy AI Gateway.
"""

import importlib.resources
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path

import grpc
from grpc_tools import protoc

from support.bootstrap import TYPE
from support.envoy import Envoy

EXT_PROC = TYPE + "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor"
METHOD = "/envoy.service.ext_proc.v3.ExternalProcessor/Process"
CLUSTER = "ext_proc"
STREAMS = 64
"""How many streams are served at a time."""
TIMEOUT = "60s"
"""Far longer than an answer takes: a machine that runs tests has other work."""


def _compiled():
    """The module of the messages, compiled from the file beside this one."""
    here = Path(__file__).parent
    included = importlib.resources.files("grpc_tools") / "_proto"
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["protoc", f"-I{here}", f"-I{included}", f"--python_out={folder}", "ext_proc.proto"]
        if protoc.main(arguments):
            raise RuntimeError("ext_proc.proto does not compile")
        sys.path.insert(0, folder)
        try:
            return importlib.import_module("ext_proc_pb2")
        finally:
            sys.path.remove(folder)


messages = _compiled()
Request, Response, Common = messages.ProcessingRequest, messages.ProcessingResponse, messages.CommonResponse
Processor = Callable[[Iterator], Iterator]


def filter_config(body_mode: str, *, name: str = "ext_proc", trailers: str = "SEND", cluster: str = CLUSTER,
                  **changes) -> dict:
    """The filter. `body_mode` is Envoy's `request_body_mode`; responses pass by. `changes` are more of its settings."""
    mode = {"request_header_mode": "SEND", "request_body_mode": body_mode, "request_trailer_mode": trailers,
            "response_header_mode": "SKIP", "response_body_mode": "NONE", "response_trailer_mode": "SKIP"}
    return {"name": name, "typed_config": {
        "@type": EXT_PROC, "grpc_service": {"envoy_grpc": {"cluster_name": cluster}, "timeout": TIMEOUT},
        "message_timeout": TIMEOUT, "processing_mode": mode, **changes}}


class Server:
    """A gRPC server with one processor. A context manager."""

    def __init__(self, processor: Processor):
        self._processor = processor
        self._grpc = grpc.server(futures.ThreadPoolExecutor(STREAMS), options=[
            ("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)])
        handler = grpc.stream_stream_rpc_method_handler(
            lambda requests, _context: self._processor(requests), Request.FromString, Response.SerializeToString)
        service, method = METHOD.strip("/").split("/")
        self._grpc.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service, {method: handler})])
        self.port = self._grpc.add_insecure_port("127.0.0.1:0")

    def __enter__(self) -> "Server":
        self._grpc.start()
        return self

    def __exit__(self, *_exc) -> None:
        self._grpc.stop(0).wait()


class ExtProcEnvoy(Envoy):
    """An Envoy with clusters that are given as they are, beside the usual ones."""

    def __init__(self, listeners: list, clusters: dict[str, int | None], more_clusters: list[dict] = [], **options):
        super().__init__(listeners, clusters, **options)
        self._clusters += more_clusters


class Echo:
    """Gives every piece of a body back, cut into others, and counts what came.

    It answers each piece at once; a `patient` one answers nothing, not even the headers, before it has everything.
    """

    def __init__(self, size: int, patient: bool = False):
        """`size` is that of the largest piece that it gives back, in bytes."""
        self._size = size
        self._patient = patient
        self._counts = threading.Lock()
        self.headers = 0
        """How many requests it has seen the headers of."""
        self.ends = 0
        """How many requests it has seen whole."""

    def __call__(self, requests: Iterator) -> Iterator:
        if not self._patient:
            for request in requests:
                yield from self._answers(request)
            return
        kept = []
        for request in requests:
            kept.append(request)
            if _ends(request):
                break
        body = b"".join(one.request_body.body for one in kept)
        last = kept[-1].WhichOneof("request") == "request_body"
        yield from self._answers(kept[0])
        if body or last:
            yield from self._answers(Request(request_body=messages.HttpBody(body=body, end_of_stream=last)))
        if not last:
            yield from self._answers(kept[-1])

    def _answers(self, request) -> Iterator:
        with self._counts:
            self.headers += request.HasField("request_headers")
            self.ends += _ends(request)
        kind = request.WhichOneof("request")
        if kind == "request_headers":
            yield Response(request_headers=messages.HeadersResponse(response=Common()))
        elif kind == "request_body":
            yield from streamed(request.request_body.body, request.request_body.end_of_stream, self._size)
        else:
            yield Response(request_trailers=messages.TrailersResponse())


def _ends(request) -> bool:
    """Whether nothing more comes of a request."""
    if request.HasField("request_body"):
        return request.request_body.end_of_stream
    return request.HasField("request_trailers") or request.request_headers.end_of_stream


def streamed(body: bytes, end: bool, size: int) -> Iterator:
    """Answers of full-duplex mode that together are `body`, in pieces of at most `size` bytes."""
    starts = range(0, len(body), size) or [0]
    for start in starts:
        piece = messages.StreamedBodyResponse(body=body[start:start + size],
                                              end_of_stream=end and start == starts[-1])
        mutation = messages.BodyMutation(streamed_response=piece)
        yield Response(request_body=messages.BodyResponse(response=Common(body_mutation=mutation)))
