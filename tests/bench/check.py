"""Correctness first: a number of a variant that does something else would be worth nothing."""

import json
import urllib.request
from pathlib import Path

from bench import workload
from bench.variants import Variant

TIMEOUT = 60
# What LiteLLM adds to or takes from a request, with a prompt or without.
LITELLM_ONLY = {"user", "stream", "extra_body", "metadata"}


class Wrong(AssertionError):
    """Upstream received something else than it should."""


def check(variant: Variant, port: int, upstream_port: int, request: Path) -> None:
    """Sends one request and compares what upstream receives. Raises Wrong."""
    sent = request.read_bytes()
    _ask(upstream_port, "/record", method="PUT")
    answer, _ = _ask(port, variant.path, sent, workload.HEADERS)
    received, announced = _ask(upstream_port, "/record")
    where = f"{variant.name}, {request.name}"
    if json.loads(answer).get("object") != "chat.completion":
        raise Wrong(f"{where}: the client received {answer[:200]!r}")
    if announced not in ("", str(len(received))):
        raise Wrong(f"{where}: content-length {announced}, but {len(received)} bytes")
    if not variant.rewrites:
        if received != sent:
            raise Wrong(f"{where}: upstream did not receive the client's bytes but {received[:200]!r}")
        return
    if problem := workload.check_rewritten(sent, received, LITELLM_ONLY if variant.name == "litellm" else frozenset()):
        raise Wrong(f"{where}: {problem}")


def _ask(port: int, path: str, body: bytes | None = None, headers: dict = {},
         method: str | None = None) -> tuple[bytes, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers, method=method)
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        return answer.read(), answer.headers.get("x-announced", "")
