"""The picture of a run: CPU time per request as bars on a logarithmic scale. Readable on light and dark pages."""

import math
from xml.sax.saxutils import escape

from bench.measure import protocol_name, size_name
from bench.table import TITLES

WIDTH, LEFT, RIGHT = 860, 240, 90
BAR, GAP, HEAD, TOP, BOTTOM = 15, 5, 30, 56, 44
STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.size { font-weight: 600; }
.small { font-size: 11px; fill: #59636e; }
.grid { stroke: #d1d9e0; stroke-width: 1; }
.range { stroke: #1f2328; stroke-width: 1.5; }
.other { fill: #9aa4af; }
.ours { fill: #1f6feb; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .small { fill: #9198a1; }
  .grid { stroke: #3d444d; }
  .range { stroke: #e6edf3; }
  .other { fill: #6e7681; }
  .ours { fill: #4493f8; }
}
"""
OURS = {"promptgate", "unheld", "behind", "registry", "many", "no-prompt", "other-path", "off"}


def svg(result: dict) -> str:
    """The rows of one protocol and one number of connections: HTTP/1 and the most, where they were measured."""
    protocol, connections = min(((row["protocol"], -row["connections"]) for row in result["rows"]))
    rows = [row for row in result["rows"] if (row["protocol"], -row["connections"]) == (protocol, connections)]
    sizes = sorted({row["size"] for row in rows})
    least = 10 ** math.floor(math.log10(min(row["cpu_us"]["min"] for row in rows)))
    most = 10 ** math.ceil(math.log10(max(row["cpu_us"]["max"] for row in rows)))
    height = TOP + BOTTOM + len(sizes) * HEAD + len(rows) * (BAR + GAP)

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(value / least) / math.log(most / least)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
             f'height="{height}" role="img" aria-label="CPU time per request">', f"<style>{STYLE}</style>",
             _text(16, 28, "CPU time per request, in microseconds", "title"),
             _text(16, 46, f"{protocol_name(protocol)}, {-connections} connection{'s' if connections < -1 else ''}; "
                           "logarithmic; median and range of the rounds", "small")]
    value = least
    while value <= most:
        parts.append(f'<line class="grid" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{TOP}" y2="{height - BOTTOM}"/>')
        parts.append(_text(x(value), height - BOTTOM + 18, f"{value:,}", "small", "middle"))
        value *= 10
    y = TOP
    for size in sizes:
        parts.append(_text(16, y + 20, size_name(size), "size"))
        y += HEAD
        for row in (row for row in rows if row["size"] == size):
            cpu = row["cpu_us"]
            middle = y + BAR / 2
            kind = "ours" if row["variant"] in OURS else "other"
            parts += [
                _text(LEFT - 8, y + 12, TITLES[row["variant"]], anchor="end"),
                f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{x(cpu["median"]) - LEFT:.1f}" height="{BAR}"/>',
                f'<line class="range" x1="{x(cpu["min"]):.1f}" x2="{x(cpu["max"]):.1f}" y1="{middle}" y2="{middle}"/>',
                _text(max(x(cpu["max"]), x(cpu["median"])) + 6, y + 12, f"{cpu['median']:,.0f}")]
            y += BAR + GAP
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}>'
            f"{escape(text)}</text>")
