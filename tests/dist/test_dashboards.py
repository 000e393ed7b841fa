"""Alert rules and dashboard, in the programs that they are for, fed by what a real Envoy shows."""

import json
import re
import shutil

import pytest
import yaml

from support import registry_faults as faults
from support import wire
from support.bootstrap import ROOT, Listener
from support.envoy import Envoy, poll
from support.prometheus import Prometheus
from support.registry import Registry
from support.registry_gateway import ask, plugin, text
from support.samples import plugin as sample

from .conftest import run, tool

RULES = ROOT / "docs" / "dashboards" / "prometheus" / "promptgate.rules.yaml"
RULE_TESTS = RULES.with_suffix(".test.yaml")
DASHBOARD = ROOT / "docs" / "dashboards" / "grafana" / "promptgate.json"
RANGE = "1m"

FAULTS = {
    "unauthorized": faults.answers(401), "unavailable": faults.resets, "unexpected": faults.answers(418),
    "redirect": faults.REDIRECT, "malformed": faults.PAGE, "too_large": faults.answers(200, b"x" * (300 << 10)),
    "misdirected": faults.answers(404, b'{"message":"404 Project Not Found"}', content_type="application/json"),
    "rate_limited": faults.answers(429),
}
"""What makes a fetch end so. The last one has the gateway ask no more for a while."""

MANY = {f"p{number}": "User: q" for number in range(201)}
"""One prompt more than have a counter of their own."""


def expressions() -> dict[str, str]:
    """What the dashboard asks for, by the titles of its panels, with Grafana's variables filled in."""
    found = {}
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", []):
            filled = target["expr"].replace("$__rate_interval", RANGE)
            found[f"{panel['title']} {target['refId']}"] = filled.replace("$job", ".*").replace("$instance", ".*")
    return found


def alerts() -> list[dict]:
    """All rules that have a name of an alert."""
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


def test_the_rules_are_valid():
    assert "SUCCESS" in run(tool("PROMTOOL"), "check", "rules", RULES)


def test_the_rules_do_what_their_tests_say():
    assert "SUCCESS" in run(tool("PROMTOOL"), "test", "rules", RULE_TESTS)


@pytest.mark.parametrize("before, after", [
    ("[5m]) > 600", "[5m]) > 60000"), ("unauthorized|", ""), ("> 0.1\n", "> 0.9\n"), ("for: 1h", "for: 1m"),
    ("_vm_reload\"}", "_vm_reload_backoff\"}"), ("rate_limited", "x|not_found"),
])
def test_the_tests_notice_a_changed_rule(before, after, tmp_path):
    shutil.copy(RULE_TESTS, tmp_path)
    changed = RULES.read_text().replace(before, after, 1)
    assert changed != RULES.read_text()
    (tmp_path / RULES.name).write_text(changed)
    with pytest.raises(AssertionError, match="FAILED"):
        run(tool("PROMTOOL"), "test", "rules", tmp_path / RULE_TESTS.name)


def test_every_alert_is_tested_both_ways_and_tells_what_to_do():
    cases = [case for test in yaml.safe_load(RULE_TESTS.read_text())["tests"] for case in test["alert_rule_test"]]
    for alert in alerts():
        mine = [case for case in cases if case["alertname"] == alert["alert"]]
        assert {bool(case.get("exp_alerts")) for case in mine} == {True, False}, alert["alert"]
        assert alert["labels"]["severity"] in ("critical", "warning", "info")
        assert set(alert["annotations"]) == {"summary", "description"}


def test_the_dashboard_is_one():
    assert "panels" in run(tool("DIST_PYTHON"), ROOT / "tests/dist/check_dashboard.py", DASHBOARD)


def test_a_misspelt_dashboard_is_noticed(tmp_path):
    wrong = tmp_path / "wrong.json"
    wrong.write_text(DASHBOARD.read_text().replace('"legendFormat"', '"legendFromat"', 1))
    with pytest.raises(AssertionError, match="legendFromat"):
        run(tool("DIST_PYTHON"), ROOT / "tests/dist/check_dashboard.py", wrong)


def test_panels_do_not_overlap():
    taken = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24 and not cells & taken, panel["title"]
        taken |= cells


@pytest.fixture(scope="module")
def gateway(envoy_binary, wasm, standin, tmp_path_factory):
    """An Envoy that has seen everything that there is a metric of: errors, a registry and its failures, an update."""
    watched = tmp_path_factory.mktemp("watched")
    settings = {"refresh": "1s", "not_found": "0s"}
    listeners = [Listener("bundle", sample(), ecds_folder=watched), Listener("many", {"bundle": {"prompts": MANY}}),
                 Listener("registry", plugin("gitlab", **settings)), Listener("failing", plugin("gitlab", **settings))]
    with Registry() as registry, Envoy(listeners, {"llm": standin.port, "registry": registry.port},
                                       binary=envoy_binary) as envoy:
        registry.repository.files["p.prompt"] = text("first")
        traffic(envoy)
        for outcome, fault in FAULTS.items():
            registry.fault = fault
            assert ask(envoy.port("failing"), f"p-{outcome}").status == 503
        registry.heal()
        poll(lambda: ask(envoy.port("registry"), "p").status == 200 and
             envoy.counter("wasmcustom.promptgate_registry.stale_hits"))
        for prompt in MANY:
            assert wire.post(envoy.port("many"), {"prompt_id": prompt}).status == 200
        listeners[0].plugin = {"no_such_key": 1}
        envoy.push_filter(listeners[0], "2")
        poll(lambda: envoy.counter("wasmcustom.promptgate_configurations.refused"))
        yield envoy


def traffic(envoy: Envoy) -> None:
    """One request that gets its prompt, one that gets an error, and one that a registry gives its prompt."""
    assert wire.post(envoy.port("bundle"), {"prompt_id": "plain"}).status == 200
    assert wire.post(envoy.port("bundle"), {"prompt_id": "nope"}).status == 404
    assert ask(envoy.port("registry"), "p").status == 200


@pytest.fixture(scope="module")
def shown(gateway) -> set[str]:
    """The names of all metrics that Envoy shows to Prometheus."""
    poll(lambda: gateway.prometheus("promptgate_render_microseconds_count"))
    return {re.split(r"[{ ]", line)[0] for line in gateway.prometheus("").splitlines() if not line.startswith("#")}


def every_expression() -> dict[str, str]:
    rules = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    return {**expressions(), **{rule.get("alert") or rule["record"]: rule["expr"] for rule in rules}}


@pytest.mark.every_envoy
@pytest.mark.parametrize("name", every_expression())
def test_envoy_shows_the_metrics_that_are_asked_for(name, shown):
    """By their names, and by each alternative of a pattern that names are matched with."""
    expression = every_expression()[name]
    patterns = re.findall(r'__name__=~"([^"]+)"', expression)
    named = set(re.findall(r"\b(?:promptgate|envoy)_[a-z_]+\b", re.sub(r'"[^"]*"', '""', expression)))
    recorded = set(re.findall(r"\b[a-z]+:[a-z:]+\w*\b", expression))
    assert patterns or named or recorded
    for one in named:
        assert one in shown, one
    for pattern in patterns:
        head, _, rest = pattern.partition("(")
        choices = rest.rstrip(")").split("|") if rest else [""]
        for choice in choices:
            assert any(re.fullmatch(head + choice, one) for one in shown), head + choice


def test_prometheus_takes_the_rules_and_answers_every_panel(gateway, tmp_path_factory):
    """Every expression can be evaluated over what Envoy shows, and has an answer."""
    with Prometheus(tmp_path_factory.mktemp("prometheus"), gateway.admin.removeprefix("http://"), RULES) as prometheus:
        unanswered = expressions()

        def answered() -> bool:
            traffic(gateway)
            for title, expression in list(unanswered.items()):
                if prometheus.query(expression):
                    del unanswered[title]
            return not unanswered

        try:
            poll(answered, 30, every=0.5)
        except TimeoutError:
            pytest.fail(f"without an answer: {sorted(unanswered)}")
        rules = poll(lambda: all(rule["health"] == "ok" for rule in prometheus.rules()) and prometheus.rules())
        assert {rule["name"] for rule in rules} >= {alert["alert"] for alert in alerts()}
        version = prometheus.query(expressions()["Gateways A"])
        number = gateway.counter("wasmcustom.promptgate_version")
        assert [one["metric"]["version"] for one in version] == [
            f"{number // 1_000_000}.{number // 1_000 % 1_000}.{number % 1_000}"]

