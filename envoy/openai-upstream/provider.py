#!/usr/bin/env python3
"""A stand-in for a provider on the internet: TLS for one name, a key that it asks for, and moments of overload.

It answers chat completions as `tests/support/upstream.py` does. Each request becomes a line of `--records`: a JSON
object with `sni`, `path`, `headers` (a list of pairs) and `body`. The key is read from `--key-file` for each request.

Request headers that change the answer; attempts are told apart by `x-request-id`, which Envoy keeps from try to try:

    x-standin-fail: 2              the first two attempts get x-standin-status (default 503)
    x-standin-retry-after: 1       with this Retry-After
    x-standin-reset: 1             close the connection in place of answering
"""

import argparse
import collections
import json
import signal
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.upstream_chat import Chat, error  # noqa: E402
from support.upstream_record import Record, Stream  # noqa: E402

EVENT_SECONDS = 0.1


class Provider(ThreadingHTTPServer):
    """The server. A connection's `asked_for` is the name in the client's TLS handshake."""

    daemon_threads = True

    def __init__(self, arguments):
        super().__init__(("127.0.0.1", 0), Handler)
        self.name = arguments.name
        self.key_file = Path(arguments.key_file)
        self.records = open(arguments.records, "a", encoding="utf-8")
        self.attempts = collections.Counter()
        self.lock = threading.Lock()
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.tls.load_cert_chain(arguments.certificate, arguments.private_key)
        self.tls.sni_callback = self._wants_its_name

    def _wants_its_name(self, connection, name, _context):
        """A server of many names has no certificate for a client that gives none."""
        connection.asked_for = name
        return None if name == self.name else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    def finish_request(self, request, client_address):
        """Runs in the connection's own thread, so that a handshake holds up nobody else."""
        try:
            with self.tls.wrap_socket(request, server_side=True) as connection:
                super().finish_request(connection, client_address)
        except OSError:
            pass  # the peer did not like the certificate, or left

    def record(self, handler: "Handler", body: bytes) -> int:
        """Notes a request and returns the number of this attempt at it, from 1 on."""
        with self.lock:
            line = {"sni": handler.connection.asked_for, "path": handler.path, "headers": handler.headers.items(),
                    "body": _value(body)}
            self.records.write(json.dumps(line) + "\n")
            self.records.flush()
            identity = handler.headers["x-request-id"]
            self.attempts[identity] += 1
            return self.attempts[identity]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Provider

    def do_POST(self):
        """A chat completion, or why there is none."""
        body = self.rfile.read(int(self.headers["content-length"]))
        attempt = self.server.record(self, body)
        if self.headers["x-standin-reset"]:
            self.close_connection = True
        elif self.headers["host"] != self.server.name:
            self._reply(error(421, "this host is not served here"))
        elif self.headers["authorization"] != f"Bearer {self.server.key_file.read_text().strip()}":
            self._reply(error(401, "a wrong key"))
        elif attempt <= int(self.headers["x-standin-fail"] or 0):
            self._reply(error(int(self.headers["x-standin-status"] or 503), "asked for by x-standin-fail"))
        else:
            answer = Chat().answer(Record("POST", self.path, "HTTP/1.1", self.headers.items(), body=bytearray(body)))
            (self._stream if isinstance(answer, Stream) else self._reply)(answer)

    def log_message(self, *_arguments):
        """The records say it all."""

    def _reply(self, answer) -> None:
        body = json.dumps(answer.value).encode()
        self.send_response(answer.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        if answer.status >= 400 and (seconds := self.headers["x-standin-retry-after"]):
            self.send_header("retry-after", seconds)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, stream: Stream) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for _, data in stream.events:
            event = f"data: {data}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
            time.sleep(EVENT_SECONDS)
        self.wfile.write(b"0\r\n\r\n")


def _value(body: bytes):
    """The JSON value, or how many bytes it was that are none."""
    try:
        return json.loads(body)
    except ValueError:
        return len(body)


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description="A stand-in for a provider behind TLS.")
    parser.add_argument("--name", required=True, help="the name that it serves")
    parser.add_argument("--certificate", required=True, help="PEM file with the certificate chain")
    parser.add_argument("--private-key", required=True, help="PEM file with its key")
    parser.add_argument("--key-file", required=True, help="file with the API key that requests must carry")
    parser.add_argument("--records", required=True, help="file that receives a JSON line for each request")
    parser.add_argument("--port-file", required=True, help="file that receives the port once the server listens")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Provider(arguments) as server:
        Path(arguments.port_file).write_text(f"{server.server_port}\n", encoding="ascii")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
