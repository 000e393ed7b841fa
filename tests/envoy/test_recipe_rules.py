"""The order of filters in `envoy/rules`: what holds with it, and what would happen without each part of it."""

import importlib.util
import json
import subprocess
import urllib.request

import pytest
import yaml

from support import wire
from support.bootstrap import LOOPBACK, ROOT, WASM
from support.envoy import poll

pytestmark = pytest.mark.every_envoy

RECIPE = ROOT / "envoy" / "rules"
DEEP = {"prompt_id": "shared/deep", "prompt_variables": {"question": "it"}, "max_tokens": 9}
DENIED = (403, b"RBAC: access denied")
NOT_ALLOWED = (403, "prompt_not_allowed", "prompt_id")
FORGED = (403, "prompt_not_allowed", None)
START_SECONDS = 60


def token(team: str) -> str:
    """What the recipe's own program prints."""
    spec = importlib.util.spec_from_file_location("recipe_token", RECIPE / "token.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.token(team)


def as_it_is(_manager: dict) -> None:
    """Changes nothing."""


def authorise_first(manager: dict) -> None:
    """Moves what authorises by route, and limits, before Promptgate."""
    jwt, team, promptgate, rbac, limit, router = manager["http_filters"]
    manager["http_filters"] = [jwt, team, rbac, limit, promptgate, router]


def nothing_between(manager: dict) -> None:
    """Takes away the filter that has the route chosen after authentication."""
    del manager["http_filters"][1]


def believe_headers(manager: dict) -> None:
    """Leaves the client's headers as they are until Promptgate sees them."""
    del manager["early_header_mutation_extensions"]


@pytest.fixture(scope="module", params=[as_it_is, authorise_first, nothing_between, believe_headers],
                ids=lambda change: change.__name__)
def gateway(request, envoy_binary, wasm, standin, tmp_path_factory):
    """The recipe with one change, on free ports: the change, and the port."""
    config = yaml.safe_load((RECIPE / "envoy.yaml").read_text(encoding="utf-8"))
    resources = config["static_resources"]
    listener = resources["listeners"][0]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    request.param(manager)
    (endpoint,) = resources["clusters"][0]["load_assignment"]["endpoints"][0]["lb_endpoints"]
    for place, port in ((config["admin"], 0), (listener, 0), (endpoint["endpoint"], standin.port)):
        place["address"]["socket_address"]["port_value"] = port
    folder = tmp_path_factory.mktemp("rules")
    (folder / "envoy.json").write_text(json.dumps(config).replace("dist/promptgate.wasm", str(WASM)), encoding="utf-8")
    admin = folder / "admin"
    with open(folder / "envoy.log", "wb") as log, subprocess.Popen(
            [envoy_binary, "-c", str(folder / "envoy.json"), "--use-dynamic-base-id", "--concurrency", "1",
             "--admin-address-path", str(admin), "-l", "warning"], stdout=log, stderr=log) as process:
        try:
            poll(lambda: process.poll() is not None or is_ready(admin), START_SECONDS)
            assert process.poll() is None, (folder / "envoy.log").read_text(errors="replace")[-4000:]
            with urllib.request.urlopen(f"http://{admin.read_text()}/listeners?format=json", timeout=5) as answer:
                (status,) = json.load(answer)["listener_statuses"]
            yield request.param, status["local_address"]["socket_address"]["port_value"]
        finally:
            process.terminate()


def is_ready(admin) -> bool:
    """Whether the Envoy with this file of its admin address serves."""
    try:
        with urllib.request.urlopen(f"http://{admin.read_text()}/ready", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture
def ask(gateway, upstream):
    """Sends a request of a team; returns the answer and what upstream received."""
    def run(team: str, body: dict, path: str = wire.CHAT, **headers: str):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = wire.post(gateway[1], body, path=path, headers={
            "host": LOOPBACK, "authorization": f"Bearer {token(team)}", **headers})
        return answer, upstream.bodies
    return run


@pytest.mark.parametrize("path", [wire.CHAT, "/v1/responses", "/v1/messages"])
def test_a_denied_route_stays_denied(path, gateway, ask):
    """The prompt's model leads from a route that the team may take to one that it may not."""
    answer, received = ask("support", DEEP, path)
    if gateway[0] is authorise_first:
        # Who decides before the route is final decides about another route.
        assert answer.status == 200 and len(received) == 1
    elif gateway[0] is nothing_between:
        assert answer.error()[0] == 403 and received == []
    else:
        assert (answer.status, answer.body) == DENIED and received == []


def test_who_may_take_that_route_does(gateway, ask):
    answer, received = ask("research", DEEP)
    if gateway[0] is nothing_between:
        # The rule for the team's route does not count, because that route is not chosen yet. This fails closed.
        assert answer.error() == NOT_ALLOWED and received == []
    else:
        assert answer.status == 200 and len(received) == 1


@pytest.mark.parametrize("forged", [
    {"x_promptgate_model": "o1-pro"}, {"x_team": "research"}, {"x_promptgate_model": "o1-pro", "x_team": "research"}])
def test_forged_headers_open_nothing(forged, gateway, ask):
    """Not even where nobody removes them before Promptgate: then a header of its own is an answer by itself."""
    answer, received = ask("support", {"prompt_id": "research/probe", "prompt_variables": {"question": "it"}}, **forged)
    believed = gateway[0] is believe_headers and "x_promptgate_model" in forged
    assert answer.error() == (FORGED if believed else NOT_ALLOWED) and received == []


@pytest.mark.parametrize("team", ["support", "research"])
def test_forged_headers_close_nothing(team, gateway, ask):
    answer, received = ask(team, {"prompt_id": "support/reply"}, x_promptgate_model="o1-pro")
    if gateway[0] in (as_it_is, authorise_first):
        assert answer.status == 200 and len(received) == 1
    else:
        assert answer.error() == (FORGED if gateway[0] is believe_headers else NOT_ALLOWED) and received == []
