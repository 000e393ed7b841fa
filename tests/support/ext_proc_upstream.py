"""An upstream for bodies that are too many and too large to be kept: it answers with what it got of each."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 1 << 18


class Digests:
    """The server, on loopback. A context manager.

    It answers each POST with JSON: the `path`, the SHA-256 and the number of `bytes` of the body, and the `trailers`.
    """

    def __enter__(self) -> "Digests":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exc) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    rbufsize = PIECE
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        digest, size, trailers = hashlib.sha256(), 0, {}
        try:
            for piece in self._pieces(trailers):
                digest.update(piece)
                size += len(piece)
        except ConnectionError:  # a gateway that refuses a request without held headers resets it here
            self.close_connection = True
            return
        answer = json.dumps({"path": self.path, "sha256": digest.hexdigest(), "bytes": size,
                             "trailers": trailers}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _pieces(self, trailers: dict):
        """Yields the body; fills `trailers` at its end."""
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            yield from self._exactly(int(self.headers.get("content-length", 0)))
            return
        while size := int(self._line().split(b";")[0], 16):
            yield from self._exactly(size)
            self.rfile.readline()
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            trailers[name.lower()] = value.strip()

    def _line(self) -> bytes:
        line = self.rfile.readline()
        if not line:
            raise ConnectionError("the body ended too early")
        return line

    def _exactly(self, size: int):
        while size:
            piece = self.rfile.read(min(size, PIECE))
            if not piece:
                raise ConnectionError("the body ended too early")
            size -= len(piece)
            yield piece

    def log_message(self, *_arguments) -> None:
        """Says nothing."""
