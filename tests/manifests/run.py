"""A plain Envoy with a configuration that a control plane would have sent."""

import contextlib
import json
import os
import subprocess
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from support.envoy import START_SECONDS, STOP_SECONDS, TRAP, poll

SECONDS = 30


@dataclass
class Running:
    """One Envoy with one listener."""

    port: int
    log: Path

    def log_text(self) -> str:
        """What it wrote so far, access log included."""
        return self.log.read_text(errors="replace")


@contextlib.contextmanager
def envoy(binary: str, config: dict, folder: Path, environment: dict[str, str] | None = None):
    """Starts it, and ends it afterwards; AssertionError if it does not start, or lost a machine of the filter."""
    path, log, admin = folder / "envoy.json", folder / "envoy.log", folder / "admin"
    path.write_text(json.dumps(config, indent=1), encoding="utf-8")
    command = [binary, "-c", str(path), "--use-dynamic-base-id", "--concurrency", "1",
               "--admin-address-path", str(admin), "-l", "warning"]
    with open(log, "wb") as output, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                                     env={**os.environ, **(environment or {})}) as process:
        try:
            poll(lambda: process.poll() is not None or ready(admin), START_SECONDS)
            assert process.poll() is None, log.read_text(errors="replace")[-6000:]
            with urllib.request.urlopen(f"http://{admin.read_text()}/listeners?format=json", timeout=SECONDS) as answer:
                (status,) = json.load(answer)["listener_statuses"]
            yield Running(status["local_address"]["socket_address"]["port_value"], log)
            assert not TRAP.search(log.read_text(errors="replace"))
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_SECONDS)


def ready(admin: Path) -> bool:
    """Whether the Envoy behind this file serves."""
    try:
        with urllib.request.urlopen(f"http://{admin.read_text()}/ready", timeout=SECONDS) as answer:
            return answer.read().strip() == b"LIVE"
    except (OSError, ValueError):
        return False


def accepts(binary: str, config: dict, folder: Path) -> subprocess.CompletedProcess:
    """What Envoy says of a configuration that it only reads."""
    path = folder / "validate.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    return subprocess.run([binary, "--mode", "validate", "-c", str(path), "-l", "warning"], capture_output=True,
                          text=True, timeout=START_SECONDS, check=False)
