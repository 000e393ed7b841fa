"""What a push of many prompts does: how long a worker stalls, and what memory it takes."""

import json
import tempfile
from pathlib import Path

from bench import processes
from bench.measure import say, spread
from bench.variants import BUFFER_BYTES, MANY, PINGS, bundle
from support import bootstrap
from support.bootstrap import Listener
from support.envoy import Envoy, poll

PING_SECONDS = 3.0
FEW = 10
WORKERS = (1, 3)
"""Two Envoys that differ in nothing else: the difference of their memory is that of two workers."""
WORKER = "wrk:worker_0"
"""Envoy's name for the thread."""
NAME = "push"
ACCEPTED = "wasmcustom.promptgate_configurations.accepted"


class _Pushed:
    """An Envoy whose filter takes its configuration from a watched file."""

    def __init__(self, workers: int, upstream_port: int, core: int, folder: Path):
        self._workers = workers
        self._folder = Path(tempfile.mkdtemp(dir=folder))
        self._listener = Listener(NAME, bundle(FEW), access_log=False, buffer_limit=BUFFER_BYTES,
                                  ecds_folder=self._folder)
        pings = Listener(PINGS, access_log=False, routes=[bootstrap.denied(200)])
        self._core = core
        self._revision = 1
        self.envoy = Envoy([self._listener, pings], {"llm": upstream_port}, concurrency=workers,
                           wasm_log_level="warn")

    def __enter__(self) -> "_Pushed":
        with processes.pinned(self._core):
            self.envoy.__enter__()
        return self

    def __exit__(self, *exc) -> None:
        self.envoy.__exit__(*exc)

    def prepare(self, prompts: int) -> int:
        """Writes the next configuration to where Envoy does not look; returns the bundle's bytes."""
        self._revision += 1
        self._listener.plugin = bundle(prompts, f"revision {self._revision}")
        resource = bootstrap.ecds_resource(self._listener, str(self._revision))
        (self._folder / ".next").write_text(json.dumps(resource), encoding="utf-8")
        return len(json.dumps(self._listener.plugin["bundle"], separators=(",", ":")))

    def push(self) -> None:
        """Publishes it, and waits until every worker serves it.

        Beside the workers two more machines are configured: Envoy's main thread has one to try configurations on, and
        one to run.
        """
        before = self.envoy.counter(ACCEPTED)
        (self._folder / ".next").rename(self._folder / "ecds.json")
        poll(lambda: self.envoy.counter(ACCEPTED) >= before + self._workers + 2, 60)

    def memory(self) -> int:
        """Resident memory, in bytes."""
        return processes.status(self.envoy.process.pid, "VmRSS")


def measured(load: processes.LoadGenerator, upstream_port: int, core: int, folder: Path, rounds: int) -> dict:
    """Milliseconds that a worker answered nothing, with a push and without; memory beyond that of few prompts.

    `worker_ms` is the CPU time that the worker takes for a push. It does all of it at once, so that is how long others
    wait for it, whatever else the machine has to do meanwhile. Memory is told behind the first push, and behind the last one: while one configuration takes the other's place a
    worker holds both, and WebAssembly gives no memory back.
    """
    say(f"pushing {MANY:,} prompts, {rounds} times …")
    stalls, quiet, busy, first, last = [], [], [], {}, {}
    for workers in WORKERS:
        with _Pushed(workers, upstream_port, core, folder) as one:
            before = one.memory()
            for number in range(rounds):
                size = one.prepare(MANY)
                if workers == 1:
                    longest, idle = _longest(load, one, lambda: None)
                    quiet.append(longest)
                    longest, used = _longest(load, one, one.push)
                    stalls.append(longest)
                    busy.append(used - idle)
                else:
                    one.push()
                last[workers] = one.memory() - before
                if number == 0:
                    first[workers] = last[workers]
    few, more = WORKERS
    per_worker = {name: (growth[more] - growth[few]) / (more - few) / size
                  for name, growth in (("first", first), ("last", last))}
    return {"prompts": MANY, "bundle_bytes": size, "pushes": rounds, "worker_ms": spread(busy),
            "stall_ms": spread(stalls), "quiet_ms": spread(quiet), "memory_over_bundle": per_worker}


def _longest(load: processes.LoadGenerator, one: _Pushed, meanwhile) -> tuple[float, float]:
    """Sends pings, a millisecond apart, through the only worker.

    Returns the longest wait and the worker's CPU time, both in milliseconds.
    """
    before = processes.thread_ms(one.envoy.process.pid, WORKER)
    report = load.start(port=one.envoy.port(PINGS), protocol="http1", connections=1, method="GET", path="/",
                        body=None, interval_ms=1, warmup=50, requests=1_000_000, seconds=PING_SECONDS)
    meanwhile()
    answer = report()
    if answer["errors"]:
        raise RuntimeError(f"{answer['errors']} pings failed: {answer['error']}")
    return answer["max_us"] / 1_000, processes.thread_ms(one.envoy.process.pid, WORKER) - before
