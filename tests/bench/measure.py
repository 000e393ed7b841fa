"""Rounds over cases and variants."""

import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench import processes, workload
from bench.check import check
from bench.variants import Gateways, Variant

REQUESTS = 20_000
"""No measurement sends more."""
LITELLM_SECONDS, LITELLM_ROUNDS = 4, 3
"""LiteLLM is measured for so many times the seconds of the others, since it answers so many fewer requests, and in no
more rounds than that: the requests that are on their way when the time is over take it 15 seconds at 1 MB."""
LITELLM_WARM_UP = 20


@dataclass(frozen=True)
class Case:
    """What all variants are measured with."""

    size: int
    connections: int
    protocol: str

    def __str__(self) -> str:
        connections = "1 connection" if self.connections == 1 else f"{self.connections} connections"
        return f"{size_name(self.size)}, {connections}, {protocol_name(self.protocol)}"

    def can(self, variant: Variant) -> bool:
        """LiteLLM's server speaks HTTP/1 alone."""
        return variant.name != "litellm" or self.protocol == "http1"


def size_name(size: int) -> str:
    """1024 is 1 KB."""
    return f"{size >> 20} MB" if size >= 1 << 20 else f"{size >> 10} KB"


def protocol_name(protocol: str) -> str:
    """http1 is HTTP/1."""
    return {"http1": "HTTP/1", "http2": "HTTP/2"}[protocol]


def say(text: str) -> None:
    """Progress, apart from the results."""
    print(text, file=sys.stderr, flush=True)


def checked(variants: Iterable[Variant], sizes: list[int], gateways: Gateways, upstream_port: int,
            folder: Path) -> None:
    """Checks every variant with every size. Raises check.Wrong."""
    for variant in variants:
        for size in sizes:
            check(variant, gateways.running[variant.gateway].port, upstream_port,
                  workload.path(folder, size, variant.prompt))


def measured(variants: list[Variant], cases: list[Case], gateways: Gateways, load: processes.LoadGenerator,
             folder: Path, rounds: int, seconds: float, warm_up: int) -> dict[tuple[str, Case], list[dict]]:
    """Reports of the load generator by variant and case, one for each round.

    A round goes through all variants of a case before the next one, so that what else the machine does is spread over
    all of them, and numbers of one round can be compared.
    """
    def job(variant: Variant, case: Case, **limits) -> dict:
        gateway = gateways.running[variant.gateway]
        return load.run(port=gateway.port, pid=gateway.pid, protocol=case.protocol, connections=case.connections,
                        method="POST", path=variant.path, headers=workload.HEADERS,
                        body=workload.path(folder, case.size, variant.prompt), **limits)

    smallest, largest = min(cases, key=_weight), max(cases, key=_weight)
    for variant in variants:
        say(f"warming up: {variant.title}")
        if variant.name == "litellm":
            job(variant, smallest, requests=min(warm_up, LITELLM_WARM_UP), seconds=20)
        else:
            # Large bodies are the work of other functions than small ones.
            job(variant, smallest, requests=warm_up, seconds=20)
            job(variant, largest, requests=warm_up, seconds=min(1.5, warm_up / 1_000))
    reports: dict[tuple[str, Case], list[dict]] = {}
    begun = time.monotonic()
    for number in range(rounds):
        for case in cases:
            say(f"{time.monotonic() - begun:4.0f} s  round {number + 1} of {rounds}: {case}")
            for variant in filter(case.can, variants):
                slow = variant.name == "litellm"
                if slow and number >= LITELLM_ROUNDS:
                    continue
                report = job(variant, case, requests=REQUESTS, seconds=seconds * (LITELLM_SECONDS if slow else 1),
                             warmup=0 if slow else max(2 * case.connections, 10))
                reports.setdefault((variant.name, case), []).append(report)
    return reports


def _weight(case: Case) -> tuple[int, int, str]:
    """Orders cases by size above all."""
    return case.size, -case.connections, case.protocol


def spread(values: list[float]) -> dict[str, float]:
    """Median and range."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def summary(variants: list[Variant], cases: list[Case], reports: dict[tuple[str, Case], list[dict]]) -> list[dict]:
    """One row for each variant and case. Ratios are made within a round, and their median is what counts.

    `cpu_us` is CPU time per request of the gateway's whole process; `added_*` is latency beyond that of no filter.
    """
    rows = []
    for case in cases:
        for variant in variants:
            mine = reports.get((variant.name, case))
            if not mine:
                continue
            row = {"variant": variant.name, "size": case.size, "connections": case.connections,
                   "protocol": case.protocol, "requests": sum(one["requests"] for one in mine),
                   "cpu_us": spread([_cpu(one) for one in mine]),
                   "requests_per_second": spread([one["requests"] / one["wall_seconds"] for one in mine]),
                   "p50_us": spread([one["p50_us"] for one in mine]),
                   "p99_us": spread([one["p99_us"] for one in mine])}
            for other in ("baseline", "floor"):
                theirs = reports.get((other, case))
                if theirs:
                    row[f"over_{other}"] = spread([_cpu(one) / _cpu(two) for one, two in zip(mine, theirs)])
            if theirs := reports.get(("baseline", case)):
                for part in ("p50_us", "p99_us"):
                    row[f"added_{part}"] = spread([one[part] - two[part] for one, two in zip(mine, theirs)])
            rows.append(row)
    return rows


def _cpu(report: dict) -> float:
    return report["cpu_us"] / report["requests"]
