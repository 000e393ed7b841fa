"""What Promptgate is held to. Ratios only: they are the same on a fast machine and on a slow one."""

import statistics
from collections.abc import Callable

from bench.measure import Case, size_name

KB, MB = 1 << 10, 1 << 20


def lines(reports: dict[tuple[str, Case], list[dict]], push: dict | None) -> list[dict]:
    """One entry for each target that was measured: `met`, and the text that says by how much.

    A case counts by the median of its rounds, a size by the median of its cases; where there are several sizes the
    worst one decides.
    """
    found = [
        _over("CPU added to the buffer filter's, over what the floor adds, at {size}", 2.0, reports, [KB],
              ["promptgate", "buffer", "floor"], lambda us, buffer, floor: (us - buffer) / (floor - buffer)),
        *(_over("CPU over the floor's, at {size}", 1.2, reports, [size], ["promptgate", "floor"],
                lambda us, floor: us / floor) for size in (100 * KB, MB)),
        _over("LiteLLM's CPU over Promptgate's, at {size}", 45.0, reports, [KB], ["promptgate", "litellm"],
              lambda us, litellm: litellm / us, at_least=True),
        _over("no prompt in the request: CPU over the floor's", 1.1, reports, None, ["no-prompt", "floor"],
              lambda us, floor: us / floor),
        _over("other paths: CPU over that of no filter", 1.03, reports, None, ["other-path", "baseline"],
              lambda us, baseline: us / baseline),
        _over("paths on whose route it is off: CPU over that of no filter", 1.03, reports, None, ["off", "baseline"],
              lambda us, baseline: us / baseline),
        _over("10,000 prompts: CPU over that of 10", 1.05, reports, None, ["many", "promptgate"],
              lambda many, few: many / few),
    ]
    if push:
        found.append(_entry("pushing 10,000 prompts: a worker is busy with it, ms", push["worker_ms"]["median"], 50.0,
                            False, f"; pings waited {push['stall_ms']['median']:.1f}"))
        memory = push["memory_over_bundle"]
        found.append(_entry("pushing 10,000 prompts: memory per worker over the bundle's bytes", memory["first"], 2.0,
                            False, ""))
        found.append(_entry("pushing them again: memory of old and new over one bundle's bytes", memory["last"], 2.0,
                            False, f"; behind {push['pushes']} pushes"))
    return [one for one in found if one]


def _over(text: str, limit: float, reports: dict, sizes: list[int] | None, names: list[str],
          ratio: Callable[..., float], at_least: bool = False) -> dict | None:
    values = {}
    for case in dict.fromkeys(case for _, case in reports):
        if sizes is not None and case.size not in sizes:
            continue
        rounds = [reports.get((name, case)) for name in names]
        if all(rounds):
            each = [ratio(*(one["cpu_us"] / one["requests"] for one in reports)) for reports in zip(*rounds)]
            values[case] = statistics.median(each)
    if not values:
        return None
    by_size = {size: statistics.median(value for case, value in values.items() if case.size == size)
               for size in dict.fromkeys(case.size for case in values)}
    worst = (min if at_least else max)(by_size, key=by_size.get)
    others = f"; at {size_name(worst)}" if len(by_size) > 1 else ""
    if len(values) > 1:
        others += f"; {min(values.values()):.2f} to {max(values.values()):.2f} in {len(values)} cases"
    return _entry(text.format(size=size_name(worst)), by_size[worst], limit, at_least, others)


def _entry(text: str, value: float, limit: float, at_least: bool, others: str) -> dict:
    met = value >= limit if at_least else value <= limit
    bound = "at least" if at_least else "at most"
    return {"target": text, "value": value, "limit": limit, "met": met,
            "text": f"{'met   ' if met else 'missed'}  {text}: {value:.2f} ({bound} {limit:g}{others})"}
