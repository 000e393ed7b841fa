"""Starting, watching and stopping a real Envoy."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from support import bootstrap
from support.bootstrap import ROOT, Listener

START_SECONDS = 60
STOP_SECONDS = 10
RUNNING: list["Envoy"] = []
"""The Envoys that run now, for checks between tests."""
TRAP = re.compile(r"Function: proxy_\w+ failed")


def binaries() -> list[str]:
    """The Envoys to test: `$ENVOYS` (comma-separated), else `$ENVOY`, else the pinned one that make installs."""
    named = os.environ.get("ENVOYS") or os.environ.get("ENVOY")
    if not named:
        return [str(ROOT / ".tools" / "envoy-1.40.0" / "bin" / "envoy")]
    found = [shutil.which(str(ROOT / name) if (ROOT / name).exists() else name) for name in named.split(",")]
    if None in found:
        raise FileNotFoundError(f"no such Envoy in {named!r}")
    return found


def poll(question, seconds: float = 10.0, every: float = 0.02):
    """Asks until the answer is true and returns it; TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := question():
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"still not true after {seconds} s: {question}")
        time.sleep(every)


def replace(path: Path, value) -> None:
    """Writes JSON beside `path` and renames it there, which is what makes Envoy look."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(json.dumps(value), encoding="utf-8")
    fresh.rename(path)


class Envoy:
    """One Envoy process with its own folder and ports. A context manager."""

    def __init__(self, listeners: list[Listener], clusters: dict[str, int | None], *,
                 http2_clusters: dict[str, int] = {}, injected: dict[str, str] = {},
                 binary: str | None = None, concurrency: int = 1, lds: bool = False,
                 wasm_log_level: str = "debug", check: bool = True, drain_seconds: int = 1,
                 expect_traps: bool = False, congestion_control: str | None = None):
        """`clusters` are names and ports of upstreams on loopback; with `check=False` a failed start raises nothing.

        `injected` are values of the header `authorization` that Envoy adds to requests of a cluster.
        `expect_traps` exempts this Envoy from the check that no test loses a VM.
        """
        self.expect_traps = expect_traps
        self.binary = binary or binaries()[0]
        self.folder = Path(tempfile.mkdtemp(prefix="promptgate-envoy-"))
        self.log = self.folder / "envoy.log"
        self.access_log = self.folder / "access.log"
        self.lds = self.folder / "lds" / "lds.json" if lds else None
        self.listeners = listeners
        self.process: subprocess.Popen | None = None
        self.admin = ""
        self._concurrency = concurrency
        self._congestion_control = congestion_control
        self._check = check
        self._drain_seconds = drain_seconds
        self._wasm_log_level = wasm_log_level
        self._ports: dict[str, int] = {}
        self._secrets = injected
        self._clusters = [bootstrap.cluster_config(name, port, secret=name if name in injected else None)
                          for name, port in clusters.items()]
        self._clusters += [bootstrap.cluster_config(name, port, True) for name, port in http2_clusters.items()]

    # Life

    def __enter__(self) -> "Envoy":
        if self.lds:
            self.lds.parent.mkdir()
            self.push_listeners(self.listeners, "1")
        for one in self.listeners:
            if one.ecds_folder and not (one.ecds_folder / "ecds.json").exists():
                self.push_filter(one, "1")
        config = self.folder / "envoy.json"
        config.write_text(json.dumps(
            bootstrap.bootstrap(self.listeners, self._clusters, self.access_log, self.lds, self._secrets,
                                self._congestion_control), indent=1))
        address = self.folder / "admin-address"
        # Not --log-path, which Envoy writes with a delay: tests read the log right after what it tells.
        with open(self.log, "wb") as stderr:
            self.process = subprocess.Popen(
                [self.binary, "-c", str(config), "--use-dynamic-base-id", "--concurrency", str(self._concurrency),
                 "--admin-address-path", str(address), "-l", "info",
                 "--component-log-level", f"wasm:{self._wasm_log_level}", "--file-flush-interval-msec", "50",
                 "--drain-time-s", str(self._drain_seconds)],
                stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr)
        try:
            poll(lambda: self.process.poll() is not None or (address.exists() and address.read_text()), START_SECONDS)
            if self.process.poll() is None:
                self.admin = f"http://{address.read_text().strip()}"
                poll(lambda: self.process.poll() is not None or self._ready(), START_SECONDS)
            if self._check and self.process.poll() is not None:
                raise RuntimeError(f"Envoy ended with {self.process.returncode}:\n{self._tail()}")
        except BaseException:
            self.__exit__()
            raise
        RUNNING.append(self)
        return self

    def __exit__(self, *_exc) -> None:
        if self in RUNNING:
            RUNNING.remove(self)
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(STOP_SECONDS)
        if not os.environ.get("KEEP_ENVOY_FILES"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def _ready(self) -> bool:
        try:
            return self._get("/ready").strip() == "LIVE"
        except OSError:
            return False

    def _tail(self) -> str:
        return self.log_text()[-6000:]

    # Watched files

    def push_filter(self, listener: Listener, revision: str) -> None:
        """Publishes the filter configuration of a listener that has an `ecds_folder`."""
        replace(listener.ecds_folder / "ecds.json", bootstrap.ecds_resource(listener, revision))

    def push_listeners(self, listeners: list[Listener], revision: str) -> None:
        """Publishes all listeners; for an Envoy with `lds=True`."""
        replace(self.lds, bootstrap.lds_resources(listeners, self.access_log, revision))

    # What it says

    def _get(self, path: str) -> str:
        with urllib.request.urlopen(self.admin + path, timeout=10) as answer:
            return answer.read().decode("utf-8", "replace")

    def port(self, listener: str) -> int:
        """The port on which a listener of this name accepts."""
        if listener not in self._ports:
            known = json.loads(self._get("/listeners?format=json"))["listener_statuses"]
            self._ports = {one["name"]: one["local_address"]["socket_address"]["port_value"] for one in known}
        return self._ports[listener]

    def stats(self, pattern: str) -> dict[str, int]:
        """Counters and gauges whose names match a regular expression."""
        lines = self._get(f"/stats?filter={pattern}").splitlines()
        pairs = (line.rsplit(": ", 1) for line in lines if ": " in line)
        return {name: int(value) for name, value in pairs if value.lstrip("-").isdigit()}

    def prometheus(self, part: str) -> str:
        """The lines of the Prometheus endpoint that contain `part`."""
        lines = self._get("/stats/prometheus").splitlines()
        return "\n".join(line for line in lines if part in line)

    def counter(self, name: str) -> int:
        """One counter or gauge; 0 when Envoy does not know it yet."""
        return self.stats("^" + name.replace(".", "%5C.") + "$").get(name, 0)

    def traps(self) -> int:
        """How many calls of a filter ended in a trap, which costs the worker its VM: Envoy writes a line for each."""
        return len(TRAP.findall(self.log_text()))

    def upstream_requests(self, cluster: str = "llm") -> int:
        """How many requests the router has started towards a cluster. It counts before anything is sent."""
        return self.counter(f"cluster.{cluster}.upstream_rq_total")

    def log_text(self) -> str:
        """Envoy's own log so far, complete."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def access_records(self, tag: str) -> list[dict]:
        """The access log's records of requests that carried `x-test-tag: tag`; waits for the first."""
        return poll(lambda: [one for one in self._access_lines() if one["tag"] == tag])

    def _access_lines(self) -> list[dict]:
        if not self.access_log.exists():
            return []
        complete = self.access_log.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in complete.splitlines()]

    def cpu_seconds(self) -> float:
        """Processor time of all threads, which other work on the machine changes less than the clock."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def memory(self) -> int:
        """Resident memory of the process, in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024
