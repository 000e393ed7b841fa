"""The command line of `make bench`."""

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from bench import measure, plot, processes, push, table, targets, workload
from bench.measure import Case, say
from bench.variants import VARIANTS, Gateways
from support.bootstrap import ROOT
from support.envoy import binaries

SIZES = {"1K": 1 << 10, "10K": 10 << 10, "100K": 100 << 10, "1M": 1 << 20}
OUT = ROOT / "target" / "bench"
EXAMPLES = """\
examples:
  make bench                                             everything: about a quarter of an hour
  make bench-quick                                       within three minutes
  make bench BENCH_ARGS='--only promptgate --sizes 1K'   that row, and those it is compared with
  make bench BENCH_ARGS='--only push'                    only what a push of 10,000 prompts does
"""
COMPARED = {"baseline", "buffer", "floor"}


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What was asked for, complete."""
    parser = argparse.ArgumentParser(prog="make bench", epilog=EXAMPLES, allow_abbrev=False,
                                     description="Promptgate beside what else could be done, on loopback.",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [variant.name for variant in VARIANTS] + ["push"]
    parser.add_argument("--quick", action="store_true", help="1 KB and 100 KB, HTTP/1, three short rounds")
    parser.add_argument("--sizes", help=f"of the requests, with commas: {','.join(SIZES)}")
    parser.add_argument("--connections", help="with commas; default 1,16, and 16 for --quick")
    parser.add_argument("--protocols", help="http1,http2, or one of them")
    parser.add_argument("--rounds", type=int, help="default 5, and 3 for --quick")
    parser.add_argument("--seconds", type=float, help="of one measurement; default 0.6, and 0.4 for --quick")
    parser.add_argument("--warm-up", type=int, default=1_500,
                        help="requests before the first measurement, for what V8 compiles anew; default 1500")
    parser.add_argument("--only", help=f"with commas: {','.join(names)}")
    parser.add_argument("--without", default="", help="rows to leave out, with commas")
    parser.add_argument("--json", type=Path, default=OUT / "bench.json", help="default target/bench/bench.json")
    parser.add_argument("--svg", type=Path, default=OUT / "bench.svg", help="default target/bench/bench.svg")
    parser.add_argument("--docs", type=Path, help="a Markdown file whose table is replaced by this run's")
    args = parser.parse_args(given)
    args.sizes = (args.sizes or ("1K,100K" if args.quick else ",".join(SIZES))).split(",")
    args.protocols = (args.protocols or ("http1" if args.quick else "http1,http2")).split(",")
    args.connections = [int(one) for one in (args.connections or ("16" if args.quick else "1,16")).split(",")]
    args.rounds = args.rounds or (3 if args.quick else 5)
    args.seconds = args.seconds or (0.4 if args.quick else 0.6)
    only = set((args.only or ",".join(names)).split(","))
    if not args.only and args.quick:
        only -= {"push"}
    without = set(filter(None, args.without.split(",")))
    for wanted, known in ((args.sizes, SIZES), (args.protocols, ("http1", "http2")), (only | without, names)):
        if unknown := set(wanted) - set(known):
            parser.error(f"{', '.join(sorted(unknown))}: expected {', '.join(known)}")
    args.push = "push" in only - without
    chosen = only - {"push"}
    if chosen:
        chosen |= COMPARED
    args.variants = [one for one in VARIANTS if one.name in chosen - without]
    args.cases = [Case(SIZES[size], connections, protocol) for protocol in args.protocols
                  for connections in args.connections for size in args.sizes]
    return args


def run(args: argparse.Namespace) -> dict:
    """Everything that was asked for, as plain data."""
    measured, rest = processes.cores()
    os.sched_setaffinity(0, {rest})
    if measured == rest:
        say("there is one core: gateway and load share it, and rates are lower than they could be")
    result = {"machine": machine(), "rounds": args.rounds, "seconds": args.seconds, "rows": [], "memory": {},
              "push": None}
    reports = {}
    with (tempfile.TemporaryDirectory(prefix="promptgate-bench-") as name, processes.Upstream() as upstream,
          processes.LoadGenerator() as load):
        folder = Path(name)
        if args.variants:
            sizes = sorted({case.size for case in args.cases})
            workload.write(folder, sizes)
            say("starting gateways …")
            wanted = list(dict.fromkeys(variant.gateway for variant in args.variants))
            with Gateways(wanted, upstream.port, measured) as gateways:
                say("checking what upstream receives …")
                measure.checked(args.variants, sizes, gateways, upstream.port, folder)
                reports = measure.measured(args.variants, args.cases, gateways, load, folder, args.rounds,
                                           args.seconds, args.warm_up)
                result["memory"] = {
                    name: {"now": processes.status(one.pid, "VmRSS"), "most": processes.status(one.pid, "VmHWM")}
                    for name, one in gateways.running.items()}
            result["rows"] = measure.summary(args.variants, args.cases, reports)
        if args.push:
            result["push"] = push.measured(load, upstream.port, measured, folder, args.rounds)
    result["targets"] = targets.lines(reports, result["push"])
    return result


def machine() -> dict:
    """What the numbers were measured on."""
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return {"processor": model, "cores": os.cpu_count(), "kernel": platform.release(),
            "envoy": Path(binaries()[0]).parts[-3] if len(Path(binaries()[0]).parts) > 3 else binaries()[0],
            "load": round(os.getloadavg()[0], 1), "date": datetime.now(timezone.utc).strftime("%Y-%m-%d")}


def into_docs(path: Path, result: dict) -> None:
    """Replaces what stands between the two markers of a Markdown file."""
    begin, end = "<!-- bench: begin -->\n", "<!-- bench: end -->"
    text = path.read_text(encoding="utf-8")
    head, found, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{path} has no markers {begin.strip()} and {end}")
    one = result["machine"]
    line = (f"{one['date']}, {one['envoy']}, {one['processor']}, {one['cores']} cores, {result['rounds']} rounds of "
            f"{result['seconds']} s. Load average before the run: {one['load']}.")
    path.write_text(f"{head}{begin}\n{line}\n\n{table.markdown(result)}\n\n{end}{tail}", encoding="utf-8")


def main() -> int:
    """0 whether targets are met or not; they are for who reads them."""
    args = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    result = run(args)
    for path, text in ((args.json, json.dumps(result, indent=1, ensure_ascii=False) + "\n"),
                       (args.svg, plot.svg(result) if result["rows"] else None)):
        if text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            say(f"written: {path}")
    if args.docs:
        into_docs(args.docs, result)
    print(table.terminal(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
