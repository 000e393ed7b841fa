"""The processes of a run: the upstream and the load generator, each pinned to a core."""

import contextlib
import json
import os
import re
import subprocess
from pathlib import Path

from support.bootstrap import ROOT

LOAD = Path(os.environ.get("BENCH_LOAD") or ROOT / "target" / "bench" / "release" / "bench-load")
STOP_SECONDS = 10
ALLOWED = os.sched_getaffinity(0)
"""The cores that this process was given."""
_MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) ")


def cores() -> tuple[int, int]:
    """The core for what is measured, and the one for everything else; the same where there is only one."""
    return max(ALLOWED), min(ALLOWED)


@contextlib.contextmanager
def unpinned():
    """What is started inside of the `with` block may use every core, and be pinned later: starting is not measured."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ALLOWED)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pin(pid: int, core: int) -> None:
    """Has all threads of a process run on this core and no other, and so those that they start."""
    moved = True
    while moved:  # a thread may have been started by one that was not pinned yet
        moved = False
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(ProcessLookupError):
                if os.sched_getaffinity(int(task.name)) != {core}:
                    os.sched_setaffinity(int(task.name), {core})
                    moved = True


def status(pid: int, field: str) -> int:
    """A size in /proc/PID/status, in bytes: VmRSS is what the process has in memory now, VmHWM what it had at most."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"no {field} of process {pid}")


def linear_memories(pid: int) -> list[int]:
    """Resident bytes of each memory of WebAssembly. V8 reserves all that 32 bits can address behind what is in use."""
    found, before = [], None
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        if mapping := _MAPPING.match(line):
            begin, end, rights = int(mapping[1], 16), int(mapping[2], 16), mapping[3]
            if before and before["end"] == begin and before["rights"] == "rw-p" and rights == "---p":
                if end - begin > 1 << 32:
                    found.append(before["resident"])
            before = {"end": end, "rights": rights, "resident": 0}
        elif line.startswith("Rss:"):
            before["resident"] = int(line.split()[1]) * 1024
    return found


def thread_ms(pid: int, name: str) -> float:
    """CPU time of one thread so far, in milliseconds."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return int((task / "schedstat").read_text().split()[0]) / 1e6
    raise ValueError(f"process {pid} has no thread {name}")


class _Process:
    """A subcommand of the program. Ends with its standard input."""

    command = ""

    def __enter__(self):
        if not LOAD.exists():
            raise FileNotFoundError(f"{LOAD} is missing: run `make bench-tools`")
        self._process = subprocess.Popen([str(LOAD), self.command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *_exc) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_SECONDS)
        self._process.stdout.close()

    def _line(self) -> bytes:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"bench-load {self.command} ended with {self._process.wait(STOP_SECONDS)}")
        return line


class Upstream(_Process):
    """Reads whole bodies, and answers each with the same chat completion. Listens on `port`."""

    command = "upstream"

    def __enter__(self):
        super().__enter__()
        self.port = int(self._line())
        return self


class LoadGenerator(_Process):
    """Sends requests, one job at a time."""

    command = "load"

    def run(self, **job) -> dict:
        """Runs a job (tests/bench/load/src/job.rs has its fields) and returns the report.

        An answer that is no answer is an error: its time would be counted among the others.
        """
        report = self.start(**job)()
        if report["errors"] or not report["requests"]:
            raise RuntimeError(f"{job['path']} on port {job['port']}: {report['errors']} requests failed, "
                               f"{report['requests']} did not: {report['error']}")
        return report

    def start(self, **job):
        """Starts a job, and returns a function that waits for its report."""
        self._process.stdin.write(json.dumps(job, default=str).encode() + b"\n")
        self._process.stdin.flush()
        return lambda: json.loads(self._line())
