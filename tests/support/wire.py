"""HTTP/1.1 by hand: requests whose every byte, and every write, the test decides."""

import contextlib
import json
import socket
from dataclasses import dataclass

TIMEOUT = 15.0
CHAT = "/v1/chat/completions"


@dataclass
class Response:
    """An answer. Header names are lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)

    def json(self):
        """The body as a JSON value."""
        return json.loads(self.body)

    def error_code(self) -> str | None:
        """The code of an error envelope; None when this is no such answer."""
        return (self.json().get("error") or {}).get("code")

    def error(self) -> tuple[int, str | None, str | None]:
        """Status, code and param, of OpenAI's error envelope or of Anthropic's."""
        body = self.json()
        error = body["error"]
        if body.get("type") == "error":
            return self.status, error["details"]["error_code"], error["details"].get("param")
        return self.status, error["code"], error["param"]


class Connection:
    """One connection to loopback. A context manager; requests may follow one another on it."""

    def __init__(self, port: int, timeout: float = TIMEOUT):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_exc) -> None:
        self._file.close()
        self._socket.close()

    def write(self, data: bytes) -> None:
        """Sends these bytes at once, as one segment if they fit one."""
        self._socket.sendall(data)

    def head(self) -> tuple[int, list[tuple[str, str]]]:
        """Reads a status line and headers; ConnectionError if the peer has closed."""
        status_line = self._line()
        headers = []
        while line := self._line():
            name, _, value = line.partition(":")
            headers.append((name.lower(), value.strip()))
        return int(status_line.split(" ")[1]), headers

    def interim(self) -> int:
        """Reads an answer that is only a status, such as 100."""
        status, headers = self.head()
        assert headers == []
        return status

    def _line(self) -> str:
        line = self._file.readline(1 << 20)
        if not line.endswith(b"\n"):
            raise ConnectionError(f"the connection ended after {line!r}")
        return line.decode("latin-1").rstrip("\r\n")

    def pieces(self, headers: list[tuple[str, str]]):
        """Yields the body: chunk by chunk when it is chunked, else at once."""
        fields = dict(headers)
        if "chunked" in fields.get("transfer-encoding", ""):
            while size := int(self._line().split(";")[0], 16):
                yield self._exactly(size)
                self._line()
            while self._line():
                pass
        elif "content-length" in fields:
            yield self._exactly(int(fields["content-length"]))
        else:
            yield self._file.read()

    def _exactly(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) != size:
            raise ConnectionError(f"the connection ended after {len(data)} of {size} bytes")
        return data

    def response(self, method: str = "POST") -> Response:
        """Reads a whole answer."""
        status, headers = self.head()
        empty = method == "HEAD" or status in (204, 304)
        return Response(status, headers, b"" if empty else b"".join(self.pieces(headers)))


def head(body_length: int | None, *, method: str = "POST", path: str = CHAT,
         headers: dict | list | None = None) -> bytes:
    """A request line and headers. `body_length=None` means chunked; header values may be bytes."""
    fields = [("host", "llm.test"), ("content-type", "application/json")]
    given = list(headers.items() if isinstance(headers, dict) else headers or [])
    replaced = {name.lower() for name, _ in given}
    fields = [(name, value) for name, value in fields if name not in replaced] + given
    if body_length is None:
        fields.append(("transfer-encoding", "chunked"))
    elif body_length or method not in ("GET", "HEAD"):
        fields.append(("content-length", str(body_length)))
    lines = [f"{method} {path} HTTP/1.1".encode("latin-1")]
    lines += [name.encode() + b": " + (value if isinstance(value, bytes) else value.encode("latin-1"))
              for name, value in fields]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def encode(body) -> bytes:
    """Bytes as they are, everything else as JSON."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def post(port: int, body, *, timeout: float = TIMEOUT, **request) -> Response:
    """One POST on a connection of its own; `body` is bytes or a JSON value. See `head` for the rest."""
    data = encode(body)
    method = request.get("method", "POST")
    with Connection(port, timeout) as connection:
        # A gateway may answer before it has read a body that it refuses; the answer is then still there to read.
        with contextlib.suppress(ConnectionError):
            connection.write(head(len(data), **request) + data)
        return connection.response(method)


def chunks(pieces: list[bytes], trailers: list[tuple[str, str]] = []) -> list[bytes]:
    """Chunked encoding: one element for each piece, and one for the end with its trailers."""
    end = b"0\r\n" + b"".join(f"{name}: {value}\r\n".encode() for name, value in trailers) + b"\r\n"
    return [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece] + [end]
