"""What a push of many prompts does: how long a worker stalls, and what memory it takes."""

import json
import tempfile
from pathlib import Path

from bench import processes, workload
from bench.measure import say, spread
from bench.variants import BUFFER_BYTES, PINGS
from support import bootstrap
from support.bootstrap import Listener
from support.envoy import Envoy, poll

PING_SECONDS = 2.0
WORKER = "wrk:worker_0"
"""Envoy's name for the thread."""
NAME = "push"
MACHINES = 3
"""What is configured by a push: the worker, and two machines of the main thread, one of them for trying."""
ACCEPTED = "wasmcustom.promptgate_configurations.accepted"


class _Pushed:
    """An Envoy whose filter takes its configuration from a watched file."""

    def __init__(self, upstream_port: int, core: int, folder: Path):
        self._folder = Path(tempfile.mkdtemp(dir=folder))
        self._listener = Listener(NAME, workload.plugin(workload.FEW), access_log=False, buffer_limit=BUFFER_BYTES,
                                  ecds_folder=self._folder)
        pings = Listener(PINGS, access_log=False, routes=[bootstrap.denied(200)])
        self._core = core
        self._revision = 1
        self.envoy = Envoy([self._listener, pings], {"llm": upstream_port}, wasm_log_level="warn")

    def __enter__(self) -> "_Pushed":
        with processes.unpinned():
            self.envoy.__enter__()
        processes.pin(self.envoy.process.pid, self._core)
        return self

    def __exit__(self, *exc) -> None:
        self.envoy.__exit__(*exc)

    def prepare(self, prompts: int) -> int:
        """Writes the next configuration to where Envoy does not look; returns the bundle's bytes."""
        self._revision += 1
        self._listener.plugin = workload.plugin(prompts, f"revision {self._revision}")
        resource = bootstrap.ecds_resource(self._listener, str(self._revision))
        (self._folder / ".next").write_text(json.dumps(resource), encoding="utf-8")
        return len(json.dumps(self._listener.plugin["bundle"], separators=(",", ":")))

    def push(self) -> None:
        """Publishes it, and waits until the worker serves it."""
        before = self.envoy.counter(ACCEPTED)
        (self._folder / ".next").rename(self._folder / "ecds.json")
        poll(lambda: self.envoy.counter(ACCEPTED) >= before + MACHINES, 60)

    def memory(self) -> int:
        """Resident bytes of the largest WebAssembly machine."""
        return max(processes.linear_memories(self.envoy.process.pid))

    def worker_ms(self) -> float:
        """CPU time of one worker so far, in milliseconds."""
        return processes.thread_ms(self.envoy.process.pid, WORKER)


def measured(load: processes.LoadGenerator, upstream_port: int, core: int, folder: Path, rounds: int) -> dict:
    """Milliseconds that a worker answered nothing, with a push and without; memory beyond that of few prompts.

    `worker_ms` is the CPU time that a worker takes for a push while there are no requests. It does all of it at once,
    so that is how long requests wait for it, whatever else the machine has to do meanwhile. Memory is that of the
    worker's WebAssembly machine, behind the first push and behind the last one: while one configuration takes the
    other's place a worker holds both, and WebAssembly gives no memory back.
    """
    say(f"pushing {workload.MANY:,} prompts, {2 * rounds} times …")
    stalls, quiet, busy, memory = [], [], [], []
    with _Pushed(upstream_port, core, folder) as one:
        before = one.memory()
        for _ in range(rounds):
            size = one.prepare(workload.MANY)
            begun = one.worker_ms()
            one.push()
            busy.append(one.worker_ms() - begun)
            memory.append((one.memory() - before) / size)
            one.prepare(workload.MANY)
            quiet.append(_longest(load, one, lambda: None))
            stalls.append(_longest(load, one, one.push))
            memory.append((one.memory() - before) / size)
    return {"prompts": workload.MANY, "bundle_bytes": size, "pushes": 2 * rounds, "worker_ms": spread(busy),
            "stall_ms": spread(stalls), "quiet_ms": spread(quiet),
            "memory_over_bundle": {"first": memory[0], "last": memory[-1]}}


def _longest(load: processes.LoadGenerator, one: _Pushed, meanwhile) -> float:
    """Sends pings, a millisecond apart, through the only worker; returns the longest wait in milliseconds."""
    report = load.start(port=one.envoy.port(PINGS), protocol="http1", connections=1, method="GET", path="/",
                        body=None, interval_ms=1, warmup=50, requests=1_000_000, seconds=PING_SECONDS)
    meanwhile()
    answer = report()
    if answer["errors"]:
        raise RuntimeError(f"{answer['errors']} pings failed: {answer['error']}")
    return answer["max_us"] / 1_000
