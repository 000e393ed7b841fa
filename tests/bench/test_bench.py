"""The benchmark itself: it runs, every variant does what it should, and what it writes can be read."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path

import pytest

from bench import __main__ as command
from bench import check, instructions, measure, processes, targets, workload
from bench.measure import Case
from bench.variants import VARIANTS, Gateways

KB = 1 << 10
SIZES = [KB, 10 * KB, 100 * KB, 1 << 20]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def run(*arguments: str | Path) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", *map(str, arguments)], env=ENVIRONMENT, capture_output=True, text=True,
                          timeout=180)


@pytest.fixture(scope="module")
def result(tmp_path_factory) -> dict:
    """A run with few requests, and where its files are."""
    folder = tmp_path_factory.mktemp("bench")
    docs = folder / "page.md"
    docs.write_text("before\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nafter\n", encoding="utf-8")
    ended = run("bench", "--sizes", "1K,100K", "--connections", "2", "--rounds", "1", "--seconds", "0.05",
                "--warm-up", "20", "--json", folder / "bench.json", "--svg", folder / "bench.svg", "--docs", docs)
    assert ended.returncode == 0, ended.stderr
    return {"terminal": ended.stdout, "json": json.loads((folder / "bench.json").read_text()),
            "svg": xml.etree.ElementTree.parse(folder / "bench.svg"), "docs": docs.read_text(encoding="utf-8")}


def test_every_variant_has_a_number_for_every_case(result):
    found = {(row["variant"], row["protocol"], row["size"]): row for row in result["json"]["rows"]}
    wanted = {(variant.name, protocol, size) for variant in VARIANTS for protocol in ("http1", "http2")
              for size in (KB, 100 * KB) if (variant.name, protocol) != ("litellm", "http2")}
    assert found.keys() == wanted
    for row in found.values():
        assert row["requests"] > 0 and row["cpu_us"]["median"] > 0
        assert row["p99_us"]["median"] >= row["p50_us"]["median"] > 0
    assert all(row["over_baseline"]["median"] == 1 for key, row in found.items() if key[0] == "baseline")


def test_terminal_and_documentation_show_every_variant(result):
    for variant in VARIANTS:
        assert variant.title in result["terminal"]
        assert f"| {variant.title} |" in result["docs"]
    assert result["docs"].startswith("before\n<!-- bench: begin -->\n")
    assert result["docs"].endswith("<!-- bench: end -->\nafter\n") and "old" not in result["docs"]


def test_every_target_is_told(result):
    names = [one["target"] for one in result["json"]["targets"]]
    assert len(names) == 10 == len(set(names))  # eleven with a size of 1 MB
    assert all(one["text"] in result["terminal"] for one in result["json"]["targets"])


def test_the_plot_has_a_bar_for_every_row(result):
    bars = result["svg"].findall(".//{http://www.w3.org/2000/svg}rect")
    assert len(bars) == 2 * len(VARIANTS)
    assert all(float(bar.get("width")) > 0 for bar in bars)


def test_a_push_is_measured(result):
    push = result["json"]["push"]
    assert push["prompts"] == workload.MANY and push["bundle_bytes"] > 1e6
    assert push["worker_ms"]["median"] > 0 and push["memory_over_bundle"]["last"] > 0.5


def test_a_variant_that_does_something_else_is_found(tmp_path):
    rewriting = next(variant for variant in VARIANTS if variant.name == "promptgate")
    workload.write(tmp_path, [KB])
    request = workload.path(tmp_path, KB, workload.BEFORE)
    with processes.Upstream() as upstream, Gateways(["baseline"], upstream.port, max(os.sched_getaffinity(0))) as all_:
        port = all_.running["baseline"].port
        with pytest.raises(check.Wrong, match="upstream received other values of messages, prompt_id"):
            check.check(rewriting, port, upstream.port, request)


def test_failed_requests_are_no_numbers(tmp_path):
    workload.write(tmp_path, [KB])
    with processes.Upstream() as upstream, processes.LoadGenerator() as load:
        with pytest.raises(RuntimeError, match="3 requests failed, 0 did not: 404 Not Found"):
            load.run(port=upstream.port, protocol="http1", connections=1, method="GET", path="/record", body=None,
                     requests=3, seconds=5, pid=None)


@pytest.mark.parametrize("size", SIZES)
def test_requests_have_the_size_that_they_are_named_for(size):
    for where, fields in ((workload.BEFORE, ["model", "prompt_id"]), (workload.BEHIND, ["user", "prompt_id"]),
                          (workload.NOWHERE, None)):
        body = workload.body(size, where)
        names = list(json.loads(body))
        assert len(body) == size
        assert not fields or names[names.index(fields[0]) + 1] == fields[1]
        assert fields or not [name for name in names if "prompt" in name]
    with pytest.raises(ValueError):
        workload.body(100)


def test_the_worst_size_decides_about_a_target():
    def given(*cases: tuple[Case, dict]) -> dict:
        return {(name, case): [{"cpu_us": 10 * us, "requests": 10}] * 3 for case, cpu in cases
                for name, us in cpu.items()}
    small, many = Case(KB, 1, "http1"), Case(KB, 16, "http1")
    [added] = targets.lines(given((small, {"promptgate": 120, "floor": 110, "buffer": 100}),
                                  (many, {"promptgate": 140, "floor": 110, "buffer": 100})), None)
    assert added["value"] == 3 and not added["met"] and "2.00 to 4.00 in 2 cases" in added["text"]
    other, large = ({"baseline": 100, "other-path": cost} for cost in (102, 104))
    [paths] = targets.lines(given((small, other), (Case(1 << 20, 1, "http1"), large)), None)
    assert paths["value"] == 1.04 and not paths["met"] and "at 1 MB" in paths["text"]
    [paths] = targets.lines(given((small, other), (many, other)), None)
    assert paths["value"] == 1.02 and paths["met"]


def test_ratios_are_made_within_a_round():
    case = Case(KB, 1, "http1")
    report = {"requests": 10, "wall_seconds": 1, "p50_us": 1, "p99_us": 2}
    given = {("baseline", case): [{**report, "cpu_us": us} for us in (10, 20, 40)],
             ("promptgate", case): [{**report, "cpu_us": us} for us in (20, 40, 80)]}
    rows = measure.summary([one for one in VARIANTS if one.name in ("baseline", "promptgate")], [case], given)
    assert rows[1]["over_baseline"] == {"median": 2, "min": 2, "max": 2}


def test_what_is_unknown_is_refused(capsys):
    for wrong in (["--only", "nginx"], ["--sizes", "2K"], ["--protocols", "http3"]):
        with pytest.raises(SystemExit, match="2"):
            command.arguments(wrong)
        assert "expected" in capsys.readouterr().err


def test_instructions_of_the_filter_are_counted():
    ended = run("bench.instructions", "--only", "filter", "--sizes", "1K")
    assert ended.returncode == 0, ended.stderr
    for title in instructions.FILTER.values():
        assert title in ended.stdout


def test_instructions_that_are_kept_are_complete():
    kept = json.loads(instructions.KEPT.read_text())
    assert kept["filter"].keys() > instructions.FILTER.keys()
    assert kept["core"].keys() > instructions.BY_SIZE.keys() | instructions.ONCE.keys()
    assert all(by_size.keys() in (instructions.SIZES.keys(), {"any"})
               for part in ("core", "filter") for by_size in kept[part].values())
