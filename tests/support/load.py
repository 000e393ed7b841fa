"""Steady load on one port while something else happens, with every answer checked."""

import json
import threading
import time
from dataclasses import dataclass, field

from support import wire


@dataclass
class Load:
    """Threads that send chat requests on keep-alive connections until the `with` block ends.

    Each request carries a nonce in its own variable, so that the stand-in's records can be checked against it.
    """

    port: int
    prompt_id: str = "p"
    threads: int = 4
    answered: int = 0
    connections: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)
    versions: dict[str | None, int] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)

    def __enter__(self) -> "Load":
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._running = [threading.Thread(target=self._run, args=(number,), daemon=True)
                         for number in range(self.threads)]
        for thread in self._running:
            thread.start()
        return self

    def __exit__(self, *_exc) -> None:
        self._stop.set()
        for thread in self._running:
            thread.join(30)

    def wait_for(self, more: int, seconds: float = 20.0) -> None:
        """Waits until this many more requests are answered."""
        with self._changed:
            goal = self.answered + more
            if not self._changed.wait_for(lambda: self.answered >= goal, seconds):
                raise TimeoutError(f"{self.answered} requests answered, {goal} expected; {self.failures[:5]}")

    def _run(self, number: int) -> None:
        connection, sent = None, 0
        while not self._stop.is_set():
            nonce = f"{number}-{sent}"
            sent += 1
            if connection is None:
                connection = wire.Connection(self.port)
                self._note(connection=True)
            body = json.dumps({"prompt_id": self.prompt_id, "prompt_variables": {"x": nonce}}).encode()
            start = time.monotonic()
            try:
                connection.write(wire.head(len(body)) + body)
                answer = connection.response()
            except OSError as error:
                self._note(failure=f"{nonce}: {error!r}")
                connection = None
                continue
            failure = None if answer.status == 200 else f"{nonce}: {answer.status} {answer.body[:200]!r}"
            self.slowest = max(self.slowest, time.monotonic() - start)
            self._note(failure=failure, version=answer.header("x-promptgate-version"), nonce=nonce)
            if answer.header("connection") == "close":
                connection.__exit__()
                connection = None
        if connection:
            connection.__exit__()

    def _note(self, failure: str | None = None, version: str | None = None, nonce: str | None = None,
              connection: bool = False) -> None:
        with self._changed:
            if connection:
                self.connections += 1
                return
            if failure:
                self.failures.append(failure)
            else:
                self.answered += 1
                self.versions[version] = self.versions.get(version, 0) + 1
                self.nonces.add(nonce)
            self._changed.notify_all()
