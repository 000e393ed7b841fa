"""A real LiteLLM proxy as the registry: what is served equals what LiteLLM itself says about its prompts."""

import pytest
import yaml

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.litellm_proxy import LiteLLMProxy
from support.registry_gateway import plugin, source
from support.samples import HELLO

PERSONA = "---\nmodel: gpt-4o\ntemperature: 0.3\n---\n\nDeveloper: Respond as jack sparrow would\n\nUser: {{ dish }}?"


def dotprompt(name: str, content: str, **more) -> dict:
    """A prompt in LiteLLM's configuration; `name` may end in `.v2`."""
    return {"prompt_id": name, **more, "litellm_params": {
        "prompt_id": name, "prompt_integration": "dotprompt", "dotprompt_content": content}}


DATA = {"content": "System: Be brief.\n\nUser: {{ q }}", "metadata": {"model": "gpt-4", "temperature": 0.2}}
PROMPTS = [
    dotprompt("hello", HELLO),
    dotprompt("jack", PERSONA, environment="development"),
    dotprompt("jack.v2", PERSONA.replace("would", "would, politely"), version=2, environment="development"),
    dotprompt("jack.v4", PERSONA.replace("jack", "captain jack"), version=4, environment="production"),
    dotprompt("jack.v5", PERSONA.replace("jack", "old jack"), version=5, environment="production"),
    {"prompt_id": "data", "litellm_params": {"prompt_id": "data", "prompt_integration": "dotprompt",
                                             "prompt_data": DATA}},
    dotprompt("my_variable", "System: the variable"),
    dotprompt("other", "System: {{ broken"),
]
VARIABLES = {"user_message": "Hi", "dish": "rum cake", "q": "why?"}

CASES = [
    ("hello", {}, "hello", None, "1"),
    ("data", {}, "data", None, "1"),
    ("jack", {}, "jack", None, "5"),
    ("jack", {"prompt_version": "latest"}, "jack", None, "5"),
    ("jack", {"prompt_version": 4}, "jack.v4", None, "4"),
    ("jack.v4", {}, "jack.v4", None, "4"),
    ("jack", {"prompt_label": "production"}, "jack", "production", "5"),
    ("jack", {"prompt_environment": "development"}, "jack", "development", "2"),
    ("my_variable", {}, "my_variable", None, "1"),
]
"""What a client asks for; the id and environment that LiteLLM is asked for; the version that comes."""


def ask(port: int, prompt_id: str, **fields) -> wire.Response:
    """A request with variables for every prompt."""
    return wire.post(port, {"prompt_id": prompt_id, "prompt_variables": VARIABLES, **fields}, timeout=30)


def as_a_file(info: dict) -> str:
    """The `.prompt` file that LiteLLM says it serves."""
    content = info["prompt_spec"]["litellm_params"].get("dotprompt_content")
    if content:
        return content
    template = info["raw_prompt_template"]
    return f"---\n{yaml.safe_dump(template['metadata'])}---\n{template['content']}"


@pytest.fixture(scope="module")
def litellm():
    """One proxy, which takes some seconds to start."""
    with LiteLLMProxy(PROMPTS) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin, litellm):
    """The key from the environment, in the configuration, injected by Envoy, a wrong one, and none."""
    keys = {"environment": ("litellm", {"api_key": "os.environ/LITELLM_KEY"}),
            "inline": ("litellm", {"api_key": litellm.key}),
            "injected": ("litellm-injected", {}),
            "wrong": ("litellm", {"api_key": "sk-wrong"}),
            "none": ("litellm", {})}
    listeners = [Listener(name, plugin("litellm", cluster=cluster, timeout="20s", **settings),
                          vm_id="litellm", environment={"LITELLM_KEY": litellm.key})
                 for name, (cluster, settings) in keys.items()]
    listeners.append(Listener("unheld", plugin("litellm", cluster="litellm-injected", timeout="20s"), held=False,
                              vm_id="litellm", environment={"LITELLM_KEY": litellm.key}))
    files = {f"case-{number}": as_a_file(litellm.info(asked, environment)[1])
             for number, (_, _, asked, environment, _) in enumerate(CASES)}
    listeners.append(Listener("pushed", {"bundle": {"prompts": files}}))
    clusters = {"llm": standin.port, "litellm": litellm.port, "litellm-injected": litellm.port}
    with Envoy(listeners, clusters, binary=envoy_binary,
               injected={"litellm-injected": f"Bearer {litellm.key}"}) as running:
        yield running


@pytest.mark.every_envoy
@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number][0])
def test_served_as_litellm_says(number, envoy, mode, upstream):
    """The same prompt, pushed as a bundle, gives the same body."""
    prompt_id, fields, _, _, version = CASES[number]
    answer = ask(envoy.port("injected" if mode == "held" else "unheld"), prompt_id, **fields)
    assert answer.status == 200, answer.body
    assert answer.header("x-promptgate-version") == version
    label = fields.get("prompt_label") or fields.get("prompt_environment")
    assert answer.header("x-promptgate-label") == label
    received = upstream.only().json()
    upstream.clear()
    assert ask(envoy.port("pushed"), f"case-{number}").status == 200
    assert received == upstream.only().json()


@pytest.mark.every_envoy
@pytest.mark.parametrize("listener", ["environment", "inline", "injected"])
def test_keys(listener, litellm, envoy, upstream):
    answer = ask(envoy.port(listener), "hello")
    assert answer.status == 200, answer.body
    assert source(answer) in ("fetch", "cache")
    assert litellm.key not in envoy.log_text()
    assert "configuration: registry.api_key" in envoy.log_text()  # the one that stands in the configuration


@pytest.mark.parametrize("listener", ["wrong", "none"])
def test_keys_that_litellm_refuses(listener, litellm, envoy, upstream):
    """Without a database LiteLLM says so in other ways than it does with one; none of them is a 404."""
    answer = ask(envoy.port(listener), "hello")
    assert answer.error() == (503, "prompt_unavailable", "prompt_id")
    assert "sk-wrong" not in answer.body.decode() + envoy.log_text()
    assert upstream.bodies == []


@pytest.mark.parametrize("prompt_id, fields, asked, expected", [
    ("nope", {}, True, (404, "prompt_not_found", "prompt_id")),
    ("jack", {"prompt_version": 3}, True, (404, "prompt_version_not_found", "prompt_version")),
    ("jack", {"prompt_version": 2}, True, (404, "prompt_version_not_found", "prompt_version")),
    ("jack", {"prompt_label": "staging"}, True, (404, "prompt_label_not_found", "prompt_label")),
    ("my_vacation", {}, True, (404, "prompt_not_found", "prompt_id")),
    ("my", {}, True, (404, "prompt_not_found", "prompt_id")),
    ("folder/hello", {}, False, (404, "prompt_not_found", "prompt_id")),
    ("other", {}, True, (422, "prompt_render_failed", None)),
])
def test_what_litellm_does_not_have(prompt_id, fields, asked, expected, litellm, envoy, upstream):
    """Its 400s are 404s here; what it sends in place of another prompt is refused."""
    before = len(litellm.log())
    assert ask(envoy.port("injected"), prompt_id, **fields).error() == expected
    assert upstream.bodies == []
    if asked:
        poll(lambda: f"/prompts/{prompt_id}" in litellm.log()[before:])
    else:
        assert "/prompts/folder" not in litellm.log()
