"""The results as text: a table for each case on the terminal, and Markdown for the documentation."""

from bench.measure import Case, protocol_name, size_name
from bench.variants import VARIANTS

TITLES = {variant.name: variant.title for variant in VARIANTS}
HEADS = ["", "req/s", "CPU µs", "range", "× no filter", "× floor", "p50 +µs", "p99 +µs"]


def case_of(row: dict) -> Case:
    """The case that a row belongs to."""
    return Case(row["size"], row["connections"], row["protocol"])


def by_case(rows: list[dict]) -> dict[Case, list[dict]]:
    """Rows of each case, in order."""
    found: dict[Case, list[dict]] = {}
    for row in rows:
        found.setdefault(case_of(row), []).append(row)
    return found


def cells(row: dict) -> list[str]:
    """What a table shows of a row."""
    def ratio(name: str) -> str:
        return f"{row[name]['median']:.2f}" if name in row else "–"

    def added(name: str) -> str:
        return f"{row[name]['median']:+,.0f}" if name in row and row["variant"] != "baseline" else "–"
    cpu = row["cpu_us"]
    return [TITLES[row["variant"]], f"{row['requests_per_second']['median']:,.0f}", f"{cpu['median']:,.1f}",
            f"{cpu['min']:,.1f}–{cpu['max']:,.1f}", ratio("over_baseline"), ratio("over_floor"),
            added("added_p50_us"), added("added_p99_us")]


def terminal(result: dict) -> str:
    """The whole report."""
    blocks = []
    for case, rows in by_case(result["rows"]).items():
        blocks.append(f"{case}\n" + _aligned([HEADS, *(cells(row) for row in rows)]))
    if result["memory"]:
        lines = [["memory, MB", "now", "at most"],
                 *([name, f"{one['now'] / 1e6:,.0f}", f"{one['most'] / 1e6:,.0f}"]
                   for name, one in result["memory"].items())]
        blocks.append(_aligned(lines))
    if push := result["push"]:
        blocks.append(
            f"pushing {push['prompts']:,} prompts, {push['bundle_bytes'] / 1e6:.1f} MB\n"
            f"  takes {_range(push['worker_ms'])} ms of a worker's CPU time\n"
            f"  pings wait at most {_range(push['stall_ms'])} ms; without a push {_range(push['quiet_ms'])} ms\n"
            f"  memory per worker, over the bundle's bytes: {push['memory_over_bundle']['first']:.2f} behind the first "
            f"push, {push['memory_over_bundle']['last']:.2f} behind {push['pushes']}")
    if result["targets"]:
        blocks.append("\n".join(one["text"] for one in result["targets"]))
    return "\n\n".join(blocks)


def markdown(result: dict) -> str:
    """A table of CPU time for each protocol and number of connections: variants by sizes."""
    groups: dict[tuple, list[dict]] = {}
    for row in result["rows"]:
        groups.setdefault((row["protocol"], row["connections"]), []).append(row)
    blocks = []
    for (protocol, connections), rows in groups.items():
        sizes = sorted({row["size"] for row in rows})
        head = f"{protocol_name(protocol)}, {connections} connection{'' if connections == 1 else 's'}"
        lines = [f"| {head} | " + " | ".join(size_name(size) for size in sizes) + " |",
                 "|---|" + "--:|" * len(sizes)]
        for name in dict.fromkeys(row["variant"] for row in rows):
            found = {row["size"]: row for row in rows if row["variant"] == name}
            texts = [_cell(found[size]) if size in found else "" for size in sizes]
            lines.append(f"| {TITLES[name]} | " + " | ".join(texts) + " |")
        blocks.append("\n".join(lines))
    if result["targets"]:
        lines = ["| held to | measured | limit | |", "|---|--:|--:|---|"]
        lines += [f"| {one['target']} | {one['value']:.2f} | {one['limit']:g} | {'met' if one['met'] else 'missed'} |"
                  for one in result["targets"]]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _cell(row: dict) -> str:
    return f"{row['cpu_us']['median']:,.0f} µs, {row['requests_per_second']['median']:,.0f}/s"


def _range(one: dict) -> str:
    return f"{one['median']:.1f} ({one['min']:.1f}–{one['max']:.1f})"


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) if index == 0 else cell.rjust(width)
                         for index, (cell, width) in enumerate(zip(line, widths, strict=True))).rstrip()
        for line in lines)
