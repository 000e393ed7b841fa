"""HTTP/2 by hand: one DATA frame is one call of the filter's body callback, and trailers are the client's to send."""

import socket
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events

from support.wire import TIMEOUT, Response, encode


@dataclass
class _Stream:
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    ended: bool = False
    reset: int | None = None


class H2Connection:
    """One cleartext HTTP/2 connection with prior knowledge. A context manager."""

    def __init__(self, port: int, timeout: float = TIMEOUT):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding=None))
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(1 << 28)
        self._flush()
        self._streams: dict[int, _Stream] = {}

    def __enter__(self) -> "H2Connection":
        return self

    def __exit__(self, *_exc) -> None:
        self._socket.close()

    def start(self, *, method: str = "POST", path: str = "/v1/chat/completions",
              headers: dict | None = None, end: bool = False) -> int:
        """Sends the headers of a new request and returns its stream."""
        stream = self._h2.get_next_available_stream_id()
        fields = [(":method", method), (":scheme", "http"), (":authority", "llm.test"), (":path", path)]
        fields += [("content-type", "application/json")] + list((headers or {}).items())
        self._streams[stream] = _Stream()
        self._h2.send_headers(stream, fields, end_stream=end)
        self._flush()
        return stream

    def data(self, stream: int, piece: bytes, end: bool = False) -> None:
        """Sends one piece of body: one frame if it is at most 16 KiB. Stops early if the peer resets the stream."""
        size = self._h2.max_outbound_frame_size
        frames = [piece[at:at + size] for at in range(0, len(piece), size)] or [b""]
        for number, frame in enumerate(frames):
            while (self._h2.local_flow_control_window(stream) < len(frame)
                   and not self._streams[stream].ended):
                self._receive()
            if self._streams[stream].ended:
                return
            self._h2.send_data(stream, frame, end_stream=end and number == len(frames) - 1)
            self._flush()

    def trailers(self, stream: int, fields: dict) -> None:
        """Ends a request with trailers."""
        self._h2.send_headers(stream, list(fields.items()), end_stream=True)
        self._flush()

    def response(self, stream: int) -> Response:
        """Reads the whole answer of a stream; ConnectionError if it was reset before its headers."""
        known = self._streams[stream]
        while not known.ended:
            self._receive()
        if not known.headers:
            raise ConnectionError(f"stream {stream} was reset with error {known.reset}")
        return Response(int(dict(known.headers)[":status"]), known.headers, bytes(known.body))

    def _flush(self) -> None:
        self._socket.sendall(self._h2.data_to_send())

    def _receive(self) -> None:
        data = self._socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the peer closed the connection")
        for event in self._h2.receive_data(data):
            stream = self._streams.get(getattr(event, "stream_id", None))
            if stream is None:
                continue
            if isinstance(event, h2.events.ResponseReceived):
                stream.headers = [(name.decode(), value.decode("latin-1")) for name, value in event.headers]
            elif isinstance(event, h2.events.DataReceived):
                stream.body += event.data
                self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                stream.ended = True
            elif isinstance(event, h2.events.StreamReset):
                stream.ended, stream.reset = True, event.error_code
        self._flush()


def post(port: int, body, *, pieces: list[bytes] | None = None, trailers: dict | None = None,
         timeout: float = TIMEOUT, **request) -> Response:
    """One POST on a connection of its own, in `pieces` (else at once), perhaps ended by trailers."""
    with H2Connection(port, timeout) as connection:
        stream = connection.start(**request)
        parts = pieces if pieces is not None else [encode(body)]
        for number, piece in enumerate(parts):
            connection.data(stream, piece, end=not trailers and number == len(parts) - 1)
        if trailers:
            connection.trailers(stream, trailers)
        return connection.response(stream)
