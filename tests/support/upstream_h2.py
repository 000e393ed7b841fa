"""A recording upstream that speaks cleartext HTTP/2, for the tests of trailers. It answers everything with 200."""

import contextlib
import socket
import threading

import h2.config
import h2.connection
import h2.events

from support.upstream_record import Record


class H2StandIn:
    """The server, in threads of its own. A context manager."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._records: list[Record] = []
        self._changed = threading.Condition()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "H2StandIn":
        self._spawn(self._accept)
        return self

    def __exit__(self, *_exc) -> None:
        for one in [self._listener, *self._sockets]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(5)

    def clear(self) -> None:
        """Forgets all records."""
        with self._changed:
            self._records.clear()

    def only(self, seconds: float = 5.0) -> Record:
        """The single finished request since `clear`."""
        with self._changed:
            if not self._changed.wait_for(lambda: any(r.complete for r in self._records), seconds):
                raise TimeoutError("no request arrived")
            assert len(self._records) == 1
            return self._records[0]

    def _spawn(self, target, *arguments) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closing the listener ends the loop
            while True:
                accepted, _ = self._listener.accept()
                self._sockets.append(accepted)
                self._spawn(self._serve, accepted)

    def _serve(self, accepted: socket.socket) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding=None))
        connection.initiate_connection()
        accepted.sendall(connection.data_to_send())
        streams: dict[int, Record] = {}
        with contextlib.suppress(OSError):
            while data := accepted.recv(1 << 16):
                for event in connection.receive_data(data):
                    self._handle(event, connection, streams)
                accepted.sendall(connection.data_to_send())

    def _handle(self, event, connection, streams: dict[int, Record]) -> None:
        if isinstance(event, h2.events.RequestReceived):
            fields = _text(event.headers)
            pseudo = dict(fields)
            record = Record(pseudo[":method"], pseudo[":path"], "HTTP/2", fields)
            streams[event.stream_id] = record
            with self._changed:
                self._records.append(record)
        elif isinstance(event, h2.events.DataReceived):
            streams[event.stream_id].body += event.data
            connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.TrailersReceived):
            streams[event.stream_id].trailers = _text(event.headers)
        elif isinstance(event, h2.events.StreamEnded):
            with self._changed:
                streams[event.stream_id].complete = True
                self._changed.notify_all()
            connection.send_headers(event.stream_id, [(":status", "200"), ("content-type", "application/json")])
            connection.send_data(event.stream_id, b"{}", end_stream=True)


def _text(headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
