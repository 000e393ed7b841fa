"""The command line of `make bench-instructions`: counts that do not depend on what else the machine does.

The engine's stages are counted by callgrind, in native instructions; the filter's callbacks by wasmtime, in units of
fuel, nearly each of which is one instruction of WebAssembly. The numbers of the last change are kept beside this file.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

if not __package__:  # run by itself
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import workload

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).parent / "instructions.json"
STAGES = Path(os.environ.get("BENCH_STAGES") or ROOT / "target" / "bench" / "release" / "bench-stages")
WASM = Path(os.environ.get("PROMPTGATE_WASM") or ROOT / "dist" / "promptgate.wasm")
FLOOR = Path(os.environ.get("BENCH_FLOOR") or ROOT / "target" / "bench" / "floor.wasm")
SIZES = {"1K": 1 << 10, "10K": 10 << 10, "100K": 100 << 10, "1M": 1 << 20}
BY_SIZE = {"scan": "serde_json's scan, for comparison", "locate": "locate the members", "splice": "locate and rewrite",
           "exchange": "the whole exchange"}
ONCE = {"compile": "parse and compile the prompt", "resolve": "resolve the reference",
        "variables": "read the variables", "render": "render"}
FILTER = {"held": "held headers", "default": "default mode", "no-prompt": "no prompt in the request",
          "other-path": "other path", "floor": "floor: get and set the body"}
ANSWER = [(b":status", b"200"), (b"content-type", b"application/json"), (b"content-length", b"311")]
REQUESTS, WARM_REQUESTS = 5, 2
COLLECTED = re.compile(r"Collected : (\d+)")
NOISE = 0.002
"""Changes below this part come from where the allocator happens to put things."""
EXAMPLES = """\
examples:
  make bench-instructions                                     count, and compare with the numbers that are kept
  make bench-instructions BENCH_ARGS='--only filter'          no need for valgrind
  make bench-instructions BENCH_ARGS=--update                 keep the new numbers
"""


def core(sizes: dict[str, int], folder: Path) -> dict[str, dict[str, int]]:
    """Native instructions of one pass through each stage, by size; `any` where the size does not matter."""
    configurations = {number: folder / f"{number}.json" for number in (workload.FEW, workload.MANY)}
    for number, path in configurations.items():
        path.write_text(json.dumps(workload.plugin(number)), encoding="utf-8")
    few, smallest = configurations[workload.FEW], min(sizes.values())
    counts: dict[str, dict[str, int]] = {}
    for stage in BY_SIZE:
        for name, size in sizes.items():
            passes = max(3, 200_000 // size)
            request = workload.path(folder, size, workload.BEFORE)
            counts.setdefault(stage, {})[name] = _passes(stage, few, request, passes)
    for stage in ONCE:
        counts[stage] = {"any": _passes(stage, few, workload.path(folder, smallest, workload.BEFORE), 50)}
    for number, path in configurations.items():
        counts[f"configure {number:,} prompts"] = {
            "any": _passes("configure", path, workload.path(folder, smallest, workload.BEFORE), 1)}
    return counts


def _passes(stage: str, configuration: Path, request: Path, passes: int) -> int:
    """The difference of two runs: starting is in both of them, and so is what only happens once."""
    fewer, more = (_callgrind(stage, configuration, request, times) for times in (2, 2 + passes))
    return round((more - fewer) / passes)


def _callgrind(stage: str, configuration: Path, request: Path, times: int) -> int:
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={request.parent / 'callgrind.out'}", str(STAGES),
         stage, str(configuration), str(request), str(times)], capture_output=True, text=True, timeout=600)
    found = COLLECTED.search(run.stderr)
    if run.returncode or not found:
        raise RuntimeError(f"callgrind, {stage}: {run.stderr[-2000:]}")
    return int(found[1])


def filters(sizes: dict[str, int]) -> dict[str, dict[str, int]]:
    """Fuel of one request through the filter, by size, and of a configuration. Raises ValueError for a wrong body."""
    from support.filter_host import Host
    held = {**workload.plugin(workload.FEW), "hold_headers": True}
    hosts = {name: Host(WASM, json.dumps(plugin).encode())
             for name, plugin in (("held", held), ("default", workload.plugin(workload.FEW)))}
    hosts["floor"] = Host(FLOOR, b"")
    counts: dict[str, dict[str, int]] = {}
    for variant in FILTER:
        host = hosts.get(variant, hosts["held"])
        path = workload.OTHER if variant == "other-path" else workload.CHAT
        for name, size in sizes.items():
            body = workload.body(size, workload.NOWHERE if variant == "no-prompt" else workload.BEFORE)
            totals = [_request(host, variant, path, body) for _ in range(WARM_REQUESTS + REQUESTS)][WARM_REQUESTS:]
            counts.setdefault(variant, {})[name] = round(statistics.median(totals))
    for number in (workload.FEW, workload.MANY):
        plugin = json.dumps(workload.plugin(number)).encode()
        counts[f"configure {number:,} prompts"] = {"any": Host(WASM, plugin).configured_fuel}
    return counts


def _request(host, variant: str, path: str, body: bytes) -> int:
    received = host.request(path, body, list(ANSWER))
    rewrites = variant in ("held", "default")
    problem = workload.check_rewritten(body, received) if rewrites else received != body and "other bytes"
    length = host.header(0, b"content-length")
    if not problem and length != (None if variant == "default" else str(len(received)).encode()):
        problem = f"content-length {length}, but {len(received)} bytes"
    if problem:
        raise ValueError(f"{variant}, {len(body)} bytes: {problem}")
    return sum(host.fuel.values())


def table(title: str, titles: dict[str, str], counts: dict, kept: dict, sizes: dict[str, int]) -> str:
    """Counts, and in brackets how far they are from those that are kept."""
    lines = [[title, *sizes]]
    for stage, by_size in counts.items():
        cells = []
        for name in sizes:
            # What does not depend on the size stands in the first column.
            found = name if name in by_size else "any" if name == next(iter(sizes)) else None
            cells.append(_cell(by_size[found], kept.get(stage, {}).get(found)) if found in by_size else "")
        lines.append([titles.get(stage, stage), *cells])
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in
                               enumerate(zip(line, widths, strict=True))).rstrip() for line in lines)


def _cell(count: int, before: int | None) -> str:
    if not before:
        return f"{count:,} (new)"
    change = count / before - 1
    return f"{count:,} ({f'{change:+.1%}' if abs(change) > NOISE else '='})"


def main() -> int:
    """0 whether numbers have changed or not; they are for who reads them."""
    parser = argparse.ArgumentParser(prog="make bench-instructions", description=__doc__, epilog=EXAMPLES,
                                     allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["core", "filter"])
    parser.add_argument("--sizes", default=",".join(SIZES), help=f"with commas; default {','.join(SIZES)}")
    parser.add_argument("--update", action="store_true", help=f"write {KEPT.relative_to(ROOT)}")
    args = parser.parse_args()
    sizes = {name: SIZES[name] for name in args.sizes.split(",") if name in SIZES}
    if set(args.sizes.split(",")) != set(sizes):
        parser.error(f"sizes are {', '.join(SIZES)}")
    if args.update and len(sizes) < len(SIZES):
        parser.error("--update needs all sizes")
    if args.only != "filter" and not shutil.which("valgrind"):
        parser.error("valgrind is missing (Debian: apt install valgrind); --only filter does without")
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    found = dict(kept)
    with tempfile.TemporaryDirectory(prefix="promptgate-bench-") as name:
        folder = Path(name)
        workload.write(folder, list(sizes.values()))
        if args.only != "filter":
            print("callgrind counts the engine's stages …", file=sys.stderr)
            found["core"] = core(sizes, folder)
            titles = {**BY_SIZE, **ONCE}
            print(table("engine, instructions", titles, found["core"], kept.get("core", {}), sizes) + "\n")
        if args.only != "core":
            print("wasmtime counts the filter's callbacks …", file=sys.stderr)
            found["filter"] = filters(sizes)
            print(table("filter, fuel per request", FILTER, found["filter"], kept.get("filter", {}), sizes) + "\n")
    if args.update:
        rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.strip()
        KEPT.write_text(json.dumps({"rustc": rustc, **{key: found[key] for key in ("core", "filter") if key in found}},
                                   indent=1) + "\n", encoding="utf-8")
        print(f"written: {KEPT.relative_to(ROOT)}")
    elif kept:
        print(f"in brackets: the change since {KEPT.relative_to(ROOT)}, made with {kept['rustc']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
