"""A gateway that has warmed up takes no more memory, whatever goes through it.

The same mixture goes through again and again: bodies of 1 KB to 1 MB, all three APIs, prompts of the bundle and of a
registry, errors of each kind in between, both header modes. Envoy's resident memory is read after each round. Rounds
after the warm-up are split in halves, and the second may take no more than `MARGIN` above the first.
"""

import os
import random
import statistics
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from support import registry_faults as faults
from support import wire
from support.bootstrap import Listener
from support.dialects import MESSAGES, RESPONSES
from support.envoy import Envoy
from support.ext_proc_upstream import Digests
from support.registry import Registry
from support.registry_gateway import plugin, text
from support.samples import PROMPTS

from .conftest import MODES

pytestmark = pytest.mark.every_envoy

LONG = bool(os.environ.get("LONG"))
WARM_UP, ROUNDS = (50, 1000) if LONG else (12, 40)
CLIENTS = 4
MIB = 1 << 20
MARGIN = 2 * MIB
"""What the second half may take more than the first, for the noise of allocators.

A round has 138 requests. So 760 bytes that each request leaves behind would be noticed, and 30 in the long form.
"""
SMALLEST, LARGEST = 1_000, 1_000_000
SIZES = 8
"""How many sizes between them, each a multiple of the one before."""
LIMITS = {"body": "1100KiB"}
PATHS = {"chat": wire.CHAT, "responses": RESPONSES.path, "messages": MESSAGES.path}
CLIENTS_OWN = {"chat": "messages", "responses": "input", "messages": "messages"}


@dataclass(frozen=True)
class Case:
    """One request, and what comes of it."""

    listener: str
    path: str
    body: bytes
    status: int = 200
    code: str | None = None


def request(api: str, prompt_id: str, size: int, **fields) -> bytes:
    """A request of about `size` bytes. The text is random, so that nothing about it is special."""
    content = random.Random(size).randbytes(size // 2).hex()
    turns = [{"role": "user", "content": content}]
    return wire.encode({"model": "m", "max_tokens": 9, "prompt_id": prompt_id, "prompt_variables": {"x": content[:500]},
                        CLIENTS_OWN[api]: turns, **fields})


def cases() -> list[Case]:
    """The mixture of one header mode: for each API each size, with the bundle and with a registry; then errors."""
    ratio = (LARGEST / SMALLEST) ** (1 / (SIZES - 1))
    sizes = [round(SMALLEST * ratio ** step) for step in range(SIZES)]
    found = [Case(source, PATHS[api], request(api, f"{source}/echo", size))
             for api in PATHS for size in sizes for source in ("bundle", "registry")]
    for api, path in PATHS.items():
        found += [
            Case("bundle", path, request(api, "nope", 20_000), 404, "prompt_not_found"),
            Case("bundle", path, request(api, "bundle/echo", 20_000, prompt_variables={}), 400, "missing_variable"),
            Case("bundle", path, request(api, "bundle/broken", 20_000), 422, "prompt_render_failed"),
            Case("bundle", path, request(api, "bundle/echo", 20_000)[:-1], 400, "invalid_json"),
            Case("bundle", path, request(api, "bundle/echo", 1_200_000), 413, "request_too_large"),
            Case("registry", path, request(api, "registry/nope", 20_000), 404, "prompt_not_found"),
            Case("failing", path, request(api, "registry/echo", 20_000), 503, "prompt_unavailable"),
        ]
    return found


@dataclass
class Gateway:
    """An Envoy, and what has been seen of it."""

    envoy: Envoy
    digests: dict[tuple[str, Case], str] = field(default_factory=dict)
    """What upstream got, by header mode and case: it never changes."""

    def send(self, mode: str, case: Case) -> str | None:
        """One request; what is wrong with the answer."""
        answer = wire.post(self.envoy.port(f"{case.listener}-{mode}"), case.body, path=case.path, timeout=60)
        if case.code:
            outcome = answer.error()[:2]
            return None if outcome == (case.status, case.code) else f"{outcome} in the place of {case.code}"
        if answer.status != 200:
            return f"{answer.status} {answer.body[:200]!r}"
        digest = answer.json()["sha256"]
        return None if self.digests.setdefault((mode, case), digest) == digest else "another body"

    def memory_after(self, rounds: int, work: Callable[[int], list[tuple[str, Case]]]) -> list[int]:
        """Resident memory after each round, in bytes. `work` makes a round of its number; all answers are checked."""
        sizes = []
        with ThreadPoolExecutor(CLIENTS) as pool:
            for number in range(rounds):
                problems = [problem for problem in pool.map(lambda one: self.send(*one), work(number)) if problem]
                assert problems == []
                sizes.append(self.envoy.memory())
        return sizes


def growth(sizes: list[int]) -> float:
    """How much more memory the second half of rounds took than the first, in bytes, by their medians."""
    half = len(sizes) // 2
    return statistics.median(sizes[half:]) - statistics.median(sizes[:half])


class Files(dict):
    """A repository that has a prompt of about 60 KB of each name `registry/many…`, and what is put into it."""

    def __contains__(self, path: str) -> bool:
        return path.startswith("registry/many") or super().__contains__(path)

    def __missing__(self, path: str) -> str:
        return text(f"{path} {'x' * 60_000}")


@pytest.fixture
def gateway(envoy_binary, wasm):
    """Fresh for each test: what one has taken another could use."""
    bundle = {"prompts": {"bundle/echo": PROMPTS["echo"], "bundle/broken": PROMPTS["broken"]}}
    with Digests() as upstream, Registry() as registry, Registry() as broken:
        registry.repository.files = Files({"registry/echo.prompt": PROMPTS["echo"]})
        broken.fault = faults.resets
        listeners = []
        for mode, held in MODES.items():
            asking = plugin("gitlab", refresh="1s", others={"limits": LIMITS})
            failing = plugin("gitlab", cluster="broken", others={"limits": LIMITS})
            listeners += [Listener(f"bundle-{mode}", {"bundle": bundle, "limits": LIMITS}, held),
                          Listener(f"registry-{mode}", asking, held), Listener(f"failing-{mode}", failing, held)]
        clusters = {"llm": upstream.port, "registry": registry.port, "broken": broken.port}
        with Envoy(listeners, clusters, binary=envoy_binary, concurrency=2, wasm_log_level="warning") as envoy:
            yield Gateway(envoy)


def test_memory_is_flat(gateway):
    """Also: every answer is what it should be, and every body upstream the same as in the first round."""
    mixture = [(mode, case) for mode in MODES for case in cases()]

    def work(number: int) -> list[tuple[str, Case]]:
        return random.Random(number).sample(mixture, len(mixture))

    gateway.memory_after(WARM_UP, work)
    sizes = gateway.memory_after(ROUNDS, work)
    assert growth(sizes) < MARGIN, [size // 1024 for size in sizes]


def test_growth_would_be_noticed(gateway):
    """The same measurement of something that does grow: prompts that are kept, each asked for once."""
    each = 40

    def work(number: int) -> list[tuple[str, Case]]:
        names = range(number * each, (number + 1) * each)
        return [("held", Case("registry", wire.CHAT, request("chat", f"registry/many-{name}", 1_000)))
                for name in names]

    assert growth(gateway.memory_after(12, work)) > MARGIN
