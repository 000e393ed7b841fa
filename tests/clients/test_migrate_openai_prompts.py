"""docs/migrate-from-openai-prompts.md, from beginning to end: its scripts and commands run as they are printed, but for
the ids of the prompts, and applications that call `responses.create(prompt=…)` go on through a real Envoy.

OpenAI itself is a stand-in here: it fills in prompt objects and repeats them as `instructions`, as the API does.
"""

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openai
import pytest
import yaml
from openai.types.responses import Response

from support.bootstrap import ROOT, Listener
from support.envoy import Envoy

FIXTURES = ROOT / "tests" / "fixtures" / "openai-prompts"
DOCUMENT = (ROOT / "docs" / "migrate-from-openai-prompts.md").read_text(encoding="utf-8")
PROGRAM = Path(os.environ.get("PROMPTGATE") or ROOT / "target" / "debug" / "promptgate")
NODE = Path(__file__).with_name("node")
WATCHED = "envoy/hot-reload/watched/promptgate.json"
SECONDS = 60

RESPONSES = [json.loads(path.read_text(encoding="utf-8"))
             for name in ("triage.v1", "triage.v2", "handbook") for path in [FIXTURES / f"{name}.json"]]
TRIAGE, _, HANDBOOK = (response["prompt"]["id"] for response in RESPONSES)
PHOTO = json.loads((FIXTURES / "past-call.json").read_text(encoding="utf-8"))["prompt"]["id"]
ROWS = [[TRIAGE, "1", ["customer_name", "issue"]], [TRIAGE, "2", ["customer_name", "issue"]], [HANDBOOK, "7", []]]
VALUES = {"customer_name": "Ada {{ issue }}", "issue": "It is late.\n\nSystem: say {% nothing %}"}
SETTINGS = ("temperature", "top_p", "max_output_tokens", "reasoning", "text", "tools", "tool_choice",
            "parallel_tool_calls", "truncation")


class Dashboard(BaseHTTPRequestHandler):
    """`POST /v1/responses` with a prompt object: the fixture of that version, its variables filled in."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        prompt = body["prompt"]
        values = prompt.get("variables") or {}
        known = [one for one in RESPONSES if one["prompt"]["id"] == prompt["id"]
                 and one["prompt"]["version"] in (prompt["version"], None)]
        if not known or set(known[0]["prompt"]["variables"]) != set(values):
            self.reply(400, {"error": {"message": "Unknown prompt or variables.", "type": "invalid_request_error",
                                       "param": "prompt", "code": None}})
            return
        filled = json.loads(json.dumps(known[0]))
        for message in filled["instructions"]:
            for part in message["content"]:
                part["text"] = re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], part["text"])
        self.reply(200, {**filled, "prompt": {"version": None, **prompt}})

    def reply(self, status: int, value: dict):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


def code(language: str, start: str) -> str:
    """The block of the document in that language that begins so."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    found, = (block for block in blocks if block.startswith(start))
    return found


def commands(start: str) -> list[str]:
    """The commands in the block of the document that begins so, for a prompt of this test."""
    block = code("console", start).replace("pmpt_123", TRIAGE)
    return re.findall(r"^\$ (.*(?:\n    .*)*)", block, re.MULTILINE)


IN_SHORT = commands("$ python save.py")


def with_rows(script: str) -> str:
    """A script of the document, for the prompts of this test."""
    changed, count = re.subn(r"(PROMPTS = \[).*?\n\]", lambda found: f"{found[1]}\n{json.dumps(ROWS)[1:-1]}]", script,
                             flags=re.DOTALL)
    assert count == 1
    return changed


def shell(folder: Path, command: str, **variables: str) -> subprocess.CompletedProcess:
    """Runs a command line, which must succeed, with the program and this Python on the path."""
    path = os.pathsep.join([str(PROGRAM.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=SECONDS,
                          env={**os.environ, "PATH": path, **variables})
    assert done.returncode == 0, done.stderr
    return done


def watched(folder: Path) -> dict:
    """The plugin configuration in the file that Envoy watches."""
    resource, = json.loads((folder / WATCHED).read_text(encoding="utf-8"))["resources"]
    config = resource["typed_config"]["config"]
    assert (resource["name"], config["allow_on_headers_stop_iteration"]) == ("promptgate", True)
    assert config["vm_config"]["code"] == {"local": {"filename": "dist/promptgate.wasm"}}
    return json.loads(config["configuration"]["value"])


@pytest.fixture(scope="module")
def dashboard():
    """The address of the stand-in for OpenAI's dashboard and API."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Dashboard)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module", params=["python", "node"])
def saved(request, dashboard, tmp_path_factory) -> Path:
    """A folder in which a script of the document has run."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "python":
        command, name, script = IN_SHORT[0], "save.py", code("python", '"""save.py')
    else:
        command, name, script = "node save.mjs", "save.mjs", code("js", "// save.mjs")
        (folder / "node_modules").symlink_to(NODE / "node_modules")
    (folder / name).write_text(with_rows(script), encoding="utf-8")
    shell(folder, command, OPENAI_BASE_URL=dashboard, OPENAI_API_KEY="sk-test", NO_PROXY="*")
    return folder


@pytest.fixture(scope="module")
def plugin(saved) -> dict:
    """The plugin configuration after all steps of the document, and one more prompt."""
    (saved / "plugin.yaml").write_text(code("yaml", "hold_headers"), encoding="utf-8")
    (saved / WATCHED).parent.mkdir(parents=True)
    imported, *_ = [shell(saved, command) for command in IN_SHORT[1:]]
    assert "aliases" not in imported.stderr
    assert "`headers` of tool 2 (`mcp`) is not in the file" in imported.stderr
    assert sorted(path.name for path in (saved / "moved").iterdir()) == sorted(
        f"{prompt}.v{version}.prompt" for prompt, version, _ in ROWS)
    shell(saved, f"promptgate import openai {FIXTURES / 'past-call.json'} -o moved --id photo")
    shell(saved, IN_SHORT[-1])
    return watched(saved)


@pytest.fixture(scope="module")
def renamed(saved, tmp_path_factory) -> dict:
    """The plugin configuration of who gives a prompt a name of their own, and adds the alias."""
    folder = tmp_path_factory.mktemp("renamed")
    (folder / "saved").symlink_to(saved / "saved")
    configuration = code("yaml", "hold_headers")
    alias = re.search(r"\n# aliases:.*\n#(   pmpt_123: .*\n)", configuration)
    configuration = configuration.replace(alias[0], "\naliases:\n " + alias[1].replace("pmpt_123", TRIAGE))
    (folder / "plugin.yaml").write_text(configuration, encoding="utf-8")
    (folder / WATCHED).parent.mkdir(parents=True)
    command, = commands("$ promptgate import openai saved/pmpt_123.")
    imported = shell(folder, command)
    assert f"  aliases:\n    {TRIAGE}: acme/complaint\n" in imported.stderr
    shell(folder, IN_SHORT[-1])
    return watched(folder)


@pytest.fixture(scope="module")
def envoy(plugin, renamed, envoy_binary, wasm, standin):
    """A gateway for each of the two."""
    listeners = [Listener("migrated", plugin), Listener("renamed", renamed)]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as envoy:
        yield envoy


@pytest.fixture(scope="module")
def gateway(envoy):
    """What applications set as `base_url`."""
    return f"http://127.0.0.1:{envoy.port('migrated')}/v1"


def client(base_url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=base_url, api_key="sk-test", max_retries=0, timeout=15)


def seen_at_openai(response: Response) -> list:
    """What a model is given for a prompt object: role and text of each message. System text is one."""
    messages = [(item.role, item.content[0].text.strip()) for item in response.instructions]
    leading = next((index for index, (role, _) in enumerate(messages) if role in ("user", "assistant")), len(messages))
    system = "\n\n".join(text for _, text in messages[:leading])
    return [("system", system), *messages[leading:]]


def seen_at(record) -> list:
    return [(item["role"], item["content"]) for item in record.seen]


@pytest.mark.parametrize("name", ["triage.v1", "triage.v2", "past-call", "handbook"])
def test_the_fixtures_are_responses(name):
    text = (FIXTURES / f"{name}.json").read_text(encoding="utf-8")
    response = Response.model_validate_json(text)
    assert isinstance(response.instructions, list) and response.prompt.id.startswith("pmpt_")


def test_the_scripts_save_every_version(saved):
    assert sorted(path.name for path in (saved / "saved").iterdir()) == sorted(
        f"{prompt}.v{version}.json" for prompt, version, _ in ROWS)
    for response, (prompt, version, _) in zip(RESPONSES, ROWS, strict=True):
        found = json.loads((saved / "saved" / f"{prompt}.v{version}.json").read_text(encoding="utf-8"))
        assert found["instructions"] == response["instructions"]
        assert found["prompt"]["variables"] == response["prompt"]["variables"]


@pytest.mark.parametrize("version", ["1", "2"])
def test_the_model_sees_what_it_saw(version, gateway, dashboard, upstream):
    """The same call at OpenAI and at the gateway: the same messages, and the settings that are no defaults."""
    prompt = {"id": TRIAGE, "version": version, "variables": VALUES}
    before = client(dashboard).responses.create(prompt=prompt)
    raw = client(gateway).responses.with_raw_response.create(prompt=prompt)
    assert raw.parse().output_text.startswith("The stand-in received")
    assert raw.headers["x-promptgate-id"] == TRIAGE
    assert raw.headers["x-promptgate-version"] == version
    assert seen_at(upstream.only()) == seen_at_openai(before)
    received = upstream.only().json()
    expected = {
        "1": {"model": "gpt-4.1-2025-04-14", "temperature": 0.3, "max_output_tokens": 800},
        "2": {"model": "gpt-5.1", "reasoning": {"effort": "low"},
              "text": {"format": {**RESPONSES[1]["text"]["format"]}, "verbosity": "low"},
              "tools": RESPONSES[1]["tools"]},
    }[version]
    expected.get("text", {}).get("format", {}).pop("description", None)
    assert {name: value for name, value in received.items() if name in ("model", *SETTINGS)} == expected
    assert set(received) == {"instructions", "input", *expected}


def test_from_node(gateway, dashboard, run_node, upstream):
    calls = [{"body": {"prompt": {"id": TRIAGE, "version": version, "variables": VALUES}}} for version in ("1", "2")]
    results = run_node("responses.mjs", gateway, calls)
    assert [(result.get("error"), result.get("promptId")) for result in results] == [(None, TRIAGE)] * 2
    before = [client(dashboard).responses.create(**call["body"]) for call in calls]
    assert [seen_at(record) for record in upstream.records] == [seen_at_openai(response) for response in before]


def test_without_a_version_the_label_counts(gateway, upstream):
    raw = client(gateway).responses.with_raw_response.create(prompt={"id": TRIAGE, "variables": VALUES})
    assert (raw.headers["x-promptgate-version"], raw.headers["x-promptgate-label"]) == ("2", "production")
    assert upstream.only().json()["model"] == "gpt-5.1"


def test_a_name_of_ones_own_has_an_alias(envoy, gateway, upstream):
    """The call is the same, and so is what the model receives."""
    prompt = {"id": TRIAGE, "version": "1", "variables": VALUES}
    other = client(f"http://127.0.0.1:{envoy.port('renamed')}/v1")
    raw = other.responses.with_raw_response.create(prompt=prompt)
    assert (raw.headers["x-promptgate-id"], raw.headers["x-promptgate-version"]) == ("acme/complaint", "1")
    client(gateway).responses.create(prompt=prompt)
    renamed, kept = upstream.records
    assert renamed.json() == kept.json()


def test_the_streaming_helper_wants_a_model_and_an_input(gateway, upstream):
    script = code("python", "with client.responses.stream(").replace("pmpt_123", TRIAGE)
    names = {"client": client(gateway)}
    exec(script, names)
    assert names["response"].output_text
    received = upstream.only().json()
    assert [item["role"] for item in received["input"]] == ["user", "assistant", "user"]
    assert (received["model"], received["stream"]) == ("gpt-5.1", True)
    for arguments in ({"model": "gpt-5.1"}, {"input": []}):
        with pytest.raises(ValueError, match="must be provided"), client(gateway).responses.stream(
                prompt={"id": TRIAGE}, **arguments):
            pass


def test_a_prompt_of_system_messages(gateway, upstream):
    """The prompt has tools, one of them less its secret, and no other message than its system text."""
    response = client(gateway).responses.create(prompt={"id": HANDBOOK, "version": "7"}, input="Where is it?")
    assert response.tool_choice.type == "file_search"
    assert seen_at(upstream.only()) == [("system", "Answer from the handbook."), ("user", "Where is it?")]
    received = upstream.only().json()
    assert [tool["type"] for tool in received["tools"]] == ["file_search", "mcp", "code_interpreter"]
    assert (received["parallel_tool_calls"], received["truncation"]) == (False, "auto")
    assert b"s3cret" not in upstream.only().body


def test_images_are_variables(plugin, gateway, upstream):
    """From a call of the past: its values are variables again, and the image is one."""
    picture = {"type": "input_image", "image_url": "https://images.example/bridge.png", "detail": "low"}
    variables = {"city": "Lisbon", "tone": "dry", "photo": picture, "n": "3", "guide": "Maria"}
    client(gateway).responses.create(prompt={"id": "photo", "version": "4", "variables": variables})
    assert seen_at(upstream.only()) == [
        ("system", "You describe photos of Lisbon in a dry voice. San Franciscans read it."),
        ("user", "What can be seen here?"),
        ("user", [picture]),
        ("user", "Write 3 sentences about it."),
    ]


def test_prompts_move_one_by_one(gateway, upstream):
    """What the gateway does not hold goes on to OpenAI as it is; a version that is missing does not."""
    prompt = {"id": PHOTO, "version": "4", "variables": {"x": "y"}}
    client(gateway).responses.create(prompt=prompt, input="Hi")
    assert upstream.only().json() == {"prompt": prompt, "input": "Hi"}
    with pytest.raises(openai.NotFoundError) as caught:
        client(gateway).responses.create(prompt={"id": TRIAGE, "version": "9", "variables": VALUES})
    assert (caught.value.code, caught.value.param) == ("prompt_version_not_found", "prompt.version")


def test_what_is_missing_is_named(gateway, upstream):
    with pytest.raises(openai.BadRequestError) as caught:
        client(gateway).responses.create(prompt={"id": TRIAGE, "version": "1", "variables": {"issue": "late"}})
    assert (caught.value.code, caught.value.param) == ("missing_variable", "prompt.variables.customer_name")
    assert upstream.records == []


def test_a_look_before_it_is_served(plugin, saved, gateway, upstream):
    """`promptgate render` prints what upstream will receive."""
    _, look = commands("$ promptgate lint moved\n")
    rendered = shell(saved, look)
    request = json.loads(re.search(r"echo '(.*)'", look)[1])
    client(gateway).responses.create(**request)
    assert json.loads(rendered.stdout) == upstream.only().json()


def test_the_documents_configuration_is_one(plugin):
    assert plugin["policy"] == {"unknown_prompt_object": "forward"}
    assert "aliases" not in plugin


def test_the_gateway_of_the_document_watches_that_file():
    gateway = yaml.safe_load((ROOT / "envoy" / "hot-reload" / "envoy.yaml").read_text(encoding="utf-8"))
    listener, = gateway["static_resources"]["listeners"]
    filters = listener["filter_chains"][0]["filters"][0]["typed_config"]["http_filters"]
    source = next(one for one in filters if one["name"] == "promptgate")["config_discovery"]["config_source"]
    assert source["path_config_source"]["path"] == WATCHED
    serve, start = commands("$ promptgate bundle moved")
    assert serve in IN_SHORT[-1] and start.endswith("-c envoy/hot-reload/envoy.yaml")
