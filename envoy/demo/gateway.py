"""Starting and stopping the processes of the demo: Envoy, the LLM stand-in, `promptgate bundle --watch`.

Everything listens on loopback only and is ended by its process id.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
STOP_SECONDS = 10
LOOPBACK = "127.0.0.1"
# The ports that stand in the example configurations.
GATEWAY_PORT, ADMIN_PORT, UPSTREAM_PORT = 10000, 9901, 18080


class Failed(Exception):
    """Something did not start or did not answer; the text is for the person who ran make."""


def poll(question, what: str, seconds: float = START_SECONDS):
    """Asks until the answer is true and returns it."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise Failed(f"{what}: gave up after {seconds:.0f} s")
        time.sleep(0.05)
    return answer


def free_or_any(port: int) -> int:
    """`port` where nobody listens on it; else 0, which lets the system choose, and a line that says so."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            print(f"port {port} is taken, so another one is used")
            return 0
    return port


def get(url: str) -> bytes:
    """The body of an answer to GET."""
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


def reachable(url: str) -> bool:
    """Whether GET is answered with a status below 400."""
    try:
        get(url)
    except OSError:
        return False
    return True


class Processes:
    """The processes started so far, and the folder of their logs."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.started: list[tuple[str, subprocess.Popen]] = []

    def start(self, name: str, command: list[str]) -> subprocess.Popen:
        """Starts a process in a session of its own, so that Ctrl-C reaches it through `stop` only."""
        log = self.folder / f"{name}.log"
        with open(log, "wb") as output:
            try:
                process = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
            except OSError as problem:
                raise Failed(f"{name} does not start: {problem}") from problem
        self.started.append((name, process))
        return process

    def check(self) -> None:
        """Raises when one of them has ended by itself."""
        for name, process in self.started:
            if process.poll() is not None:
                log = (self.folder / f"{name}.log").read_text(errors="replace")
                raise Failed(f"{name} ended with {process.returncode}; the end of its log:\n\n{log[-3000:]}")

    def stop(self) -> None:
        """Ends them, last started first. A second Ctrl-C does not interrupt this."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for _name, process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
        for _name, process in reversed(self.started):
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_SECONDS)
        self.started.clear()

    # What the demo consists of

    def start_upstream(self, port: int) -> str:
        """Starts the stand-in for an LLM provider; its URL."""
        port_file = self.folder / "upstream.port"
        port_file.unlink(missing_ok=True)
        script = str(ROOT / "tests/support/upstream.py")
        self.start("upstream", [sys.executable, script, "--port", str(port), "--port-file", str(port_file)])
        self._wait(lambda: port_file.exists() and port_file.read_text().strip(), "the LLM stand-in")
        return f"http://{LOOPBACK}:{port_file.read_text().strip()}"

    def start_bundler(self, program: str, config: Path, wasm: Path, output: Path) -> None:
        """Starts `promptgate bundle --watch` and waits for its first file."""
        output.unlink(missing_ok=True)
        self.start(
            "bundle",
            [program, "bundle", str(ROOT / "prompts"), "--watch", "--format", "ecds"]
            + ["--config", str(config), "--wasm", str(wasm), "-o", str(output)],
        )
        self._wait(output.exists, "promptgate bundle --watch")

    def start_envoy(self, program: str, config: str, *, stays: bool) -> tuple[str, str]:
        """Starts Envoy with a configuration text; the URLs of the gateway and of the admin interface.

        An Envoy that can be hot-restarted ends with the process that started it; one that `stays` cannot.
        """
        path = self.folder / "envoy.yaml"
        path.write_text(config, encoding="utf-8")
        admin_file = self.folder / "envoy.admin"
        admin_file.unlink(missing_ok=True)
        self.start(
            "envoy",
            [
                program,
                "-c",
                str(path),
                "--disable-hot-restart" if stays else "--use-dynamic-base-id",
                "--concurrency",
                "2",
            ]
            + ["--admin-address-path", str(admin_file), "--log-level", "warning"],
        )
        self._wait(lambda: admin_file.exists() and admin_file.read_text().strip(), "Envoy")
        admin = f"http://{admin_file.read_text().strip()}"
        self._wait(lambda: reachable(f"{admin}/ready"), "Envoy")
        listeners = json.loads(get(f"{admin}/listeners?format=json"))["listener_statuses"]
        address = listeners[0]["local_address"]["socket_address"]
        return f"http://{LOOPBACK}:{address['port_value']}", admin

    def _wait(self, question, what: str) -> None:
        def answer():
            self.check()
            return question()

        poll(answer, what)


def configuration(example: str, replacements: dict[str, str]) -> str:
    """The text of `envoy/<example>/envoy.yaml` with ports and paths replaced; each must occur in it."""
    text = (ROOT / "envoy" / example / "envoy.yaml").read_text(encoding="utf-8")
    for old, new in replacements.items():
        pattern = re.escape(old) + r"(?!\d)"
        if not re.search(pattern, text):
            raise Failed(f"envoy/{example}/envoy.yaml does not contain {old!r}")
        text = re.sub(pattern, lambda _match, new=new: new, text)
    return text


def ports(gateway: int, admin: int, upstream: int) -> dict[str, str]:
    """Replacements for `configuration`."""
    return {
        f"port_value: {GATEWAY_PORT}": f"port_value: {gateway}",
        f"port_value: {ADMIN_PORT}": f"port_value: {admin}",
        f"port_value: {UPSTREAM_PORT}": f"port_value: {upstream}",
    }


def end_on_signals() -> None:
    """Turns SIGTERM and SIGHUP into SystemExit, so that `finally` blocks run."""

    def leave(number, _frame):
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def ended(pid: int) -> bool:
    """Whether no process has this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
