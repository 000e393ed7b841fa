"""Each kind of registry through a real Envoy: what it is asked, with which credentials, and what its errors become."""

import base64

import pytest

from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.registry_gateway import SETTINGS, ask, messages, plugin, source, text
from support.registry_litellm import Saved

TOKEN = "token-8b41f0"
ENVIRONMENT = {"REGISTRY_TOKEN": TOKEN}
FROM_ENVIRONMENT = "os.environ/REGISTRY_TOKEN"
BASIC = "Basic " + base64.b64encode(f"me@acme.test:{TOKEN}".encode()).decode()
BEARER = f"Bearer {TOKEN}"

CREDENTIALS = {
    "promptgate": ({"api_key": FROM_ENVIRONMENT}, ("authorization", BEARER)),
    "litellm": ({"api_key": FROM_ENVIRONMENT}, ("authorization", BEARER)),
    "bitbucket": ({"access_token": FROM_ENVIRONMENT}, ("authorization", BEARER)),
    "bitbucket-basic": ({"access_token": FROM_ENVIRONMENT, "auth_method": "basic", "username": "me@acme.test"},
                        ("authorization", BASIC)),
    "gitlab": ({"access_token": FROM_ENVIRONMENT}, ("private-token", TOKEN)),
    "gitlab-oauth": ({"access_token": FROM_ENVIRONMENT, "auth_method": "oauth"}, ("authorization", BEARER)),
    "github": ({"access_token": FROM_ENVIRONMENT}, ("authorization", BEARER)),
    "generic": ({"api_key": FROM_ENVIRONMENT}, ("authorization", BEARER)),
    "langfuse": ({"public_key": "me@acme.test", "secret_key": FROM_ENVIRONMENT}, ("authorization", BASIC)),
}
"""Settings with credentials from the environment, and the header that they become."""

INJECTED = {"promptgate": BEARER, "litellm": BEARER, "bitbucket": BEARER, "gitlab": BEARER, "github": BEARER,
            "generic": BEARER, "langfuse": BASIC}

AUTHORITIES = {"promptgate": "prompts.test", "litellm": "litellm.test:4000", "bitbucket": "api.bitbucket.org",
               "gitlab": "gitlab.com", "github": "api.github.com", "generic": "generic.test",
               "langfuse": "cloud.langfuse.com"}

FOLDER = "llm/prompts"
IN_FOLDER = {"prompts_path": FOLDER}


def fill(registry) -> None:
    """One prompt `team/one` with two versions, and `hello`, in every API's own way."""
    one = {"labels": {"production": 1}, "versions": {"1": text("one, first"), "2": text("one, second")}}
    registry.publish({"hello": text("hello"), "team/one": one})
    registry.promptgate.singles = {"alone": text("alone")}
    registry.litellm.prompts = {
        "hello": [Saved(text("hello"))],
        "one": [Saved(text("one, first"), 1, "production"), Saved(text("one, second"), 2, "development")]}
    registry.repository.files = {
        "hello.prompt": text("hello"), "team/one.prompt": text("one, first"), "team/one.v2.prompt": text("one, second"),
        f"{FOLDER}/hello.prompt": text("hello in a folder"), f"{FOLDER}/sub/deep.prompt": text("deep")}
    template = [{"role": "system", "content": "hello"}, {"role": "user", "content": "[{x}]"}]
    registry.generic.prompts = {
        "hello": {"prompt_template": template, "prompt_template_model": "gpt-4"},
        "team/one": {"prompt_template": [{"role": "system", "content": "one, second"}, template[1]],
                     "prompt_template_model": "gpt-4", "prompt_version": 2, "prompt_label": "production"}}
    registry.langfuse.prompts = {}
    chat = [{"role": "system", "content": "{}"}, {"role": "user", "content": "[{{x}}]"}]
    for name, version, marker, labels in [("hello", 1, "hello", ["production", "latest"]),
                                          ("team/one", 1, "one, first", ["production"]),
                                          ("team/one", 2, "one, second", ["latest", "staging"])]:
        prompt = [{**chat[0], "content": marker}, chat[1]]
        registry.langfuse.add(name, version, prompt, labels, {"model": "gpt-4"})


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin, registry_server):
    fill(registry_server)

    def listener(name: str, provider: str, **settings) -> Listener:
        # Nothing is kept for longer than a test: each asks the registry again.
        return Listener(name, plugin(provider, cache={"entries": 1, "bytes": "1"}, not_found="0s", **settings),
                        environment=ENVIRONMENT)

    listeners = [listener(name, name) for name in SETTINGS]
    listeners += [listener(f"{name}-credentials", name.split("-")[0], **settings)
                  for name, (settings, _) in CREDENTIALS.items()]
    listeners += [listener(f"{name}-injected", name, cluster=f"{name}-injected") for name in INJECTED]
    listeners += [listener(f"{name}-folder", name, **IN_FOLDER) for name in ("bitbucket", "gitlab", "github")]
    listeners += [listener(f"{name}-wrong-branch", name, branch="nope") for name in ("bitbucket", "gitlab", "github")]
    listeners += [listener("bitbucket-wrong-place", "bitbucket", workspace="nope"),
                  listener("gitlab-wrong-place", "gitlab", project="nope/nope"),
                  listener("litellm-wrong-place", "litellm", base_path="/wrong"),
                  listener("generic-query", "generic", provider_specific_query_params={"project_name": "a b&c"})]
    port = registry_server.port
    clusters = {"llm": standin.port, "registry": port, **{f"{name}-injected": port for name in INJECTED}}
    with Envoy(listeners, clusters, binary=envoy_binary,
               injected={f"{name}-injected": value for name, value in INJECTED.items()}) as running:
        yield running


@pytest.fixture
def filled(registry):
    """The stand-in with prompts, asking nobody for credentials."""
    fill(registry)
    yield registry
    for api in (registry.promptgate, registry.litellm, registry.repository, registry.generic):
        api.token = None
    registry.langfuse.keys = None
    registry.repository.lacks_scope = registry.litellm.lacks_role = registry.github.moved = False


def protect(registry) -> None:
    """Has every API ask for credentials."""
    for api in (registry.promptgate, registry.litellm, registry.repository, registry.generic):
        api.token = TOKEN
    registry.langfuse.keys = ("me@acme.test", TOKEN)


def cold(name: str) -> str:
    """A prompt that has to be asked for: `hello` is in the bundle."""
    return "alone" if name.startswith("promptgate") else "hello"


def asked(registry) -> list[str]:
    """The paths that were asked for, but for the bundle, which is fetched by itself."""
    return [record.path for record in registry.records if record.path != "/bundle.json"]


ONE = {provider: "one" if provider == "litellm" else "team/one" for provider in SETTINGS}
ROOT = "/2.0/repositories/acme/prompts/src/main"
GITLAB = "/api/v4/projects/acme%2Fprompts/repository/files"
GITHUB = "/repos/acme/prompts/contents"
GENERIC = "/beta/litellm_prompt_management"
LANGFUSE = "/api/public/v2/prompts"


@pytest.mark.every_envoy
@pytest.mark.parametrize("provider, fields, version, marker, paths", [
    ("litellm", {}, "1", "one, first", ["/prompts/one/info"]),
    ("litellm", {"prompt_version": 1}, "1", "one, first", ["/prompts/one.v1/info"]),
    ("litellm", {"prompt_label": "development"}, "2", "one, second", ["/prompts/one/info?environment=development"]),
    ("bitbucket", {}, "1", "one, first", [f"{ROOT}/team/one.prompt"]),
    ("bitbucket", {"prompt_version": 2}, "2", "one, second", [f"{ROOT}/team/one.v2.prompt"]),
    ("gitlab", {}, "1", "one, first", [f"{GITLAB}/team%2Fone.prompt/raw?ref=main"]),
    ("gitlab", {"prompt_version": 2}, "2", "one, second", [f"{GITLAB}/team%2Fone.v2.prompt/raw?ref=main"]),
    ("github", {}, "1", "one, first", [f"{GITHUB}/team/one.prompt?ref=main"]),
    ("github", {"prompt_version": 2}, "2", "one, second", [f"{GITHUB}/team/one.v2.prompt?ref=main"]),
    ("generic", {}, "2", "one, second", [f"{GENERIC}?prompt_id=team%2Fone"]),
    ("generic", {"prompt_version": 2}, "2", "one, second", [f"{GENERIC}?prompt_id=team%2Fone&prompt_version=2"]),
    ("generic", {"prompt_label": "production"}, "2", "one, second",
     [f"{GENERIC}?prompt_id=team%2Fone&prompt_label=production"]),
    ("langfuse", {}, "1", "one, first", [f"{LANGFUSE}/team%2Fone"]),
    ("langfuse", {"prompt_version": 2}, "2", "one, second", [f"{LANGFUSE}/team%2Fone?version=2"]),
    ("langfuse", {"prompt_version": "latest"}, "2", "one, second", [f"{LANGFUSE}/team%2Fone?label=latest"]),
    ("langfuse", {"prompt_label": "staging"}, "2", "one, second", [f"{LANGFUSE}/team%2Fone?label=staging"]),
    ("promptgate", {}, "2", "one, second", []),
    ("promptgate", {"prompt_label": "production"}, "1", "one, first", []),
])
def test_prompts(provider, fields, version, marker, paths, envoy, filled, upstream):
    answer = ask(envoy.port(provider), ONE[provider], **fields)
    assert (answer.status, answer.header("x-promptgate-version")) == (200, version), answer.body
    assert source(answer) == ("cache" if provider == "promptgate" else "fetch")
    assert upstream.only().json() == {"model": "gpt-4", "messages": messages(marker, "x")}
    assert asked(filled) == paths
    for record in filled.records:
        assert record.header("host") == AUTHORITIES[provider] or record.path == "/bundle.json"
        assert record.header("user-agent").startswith("promptgate/")


@pytest.mark.parametrize("provider", ["bitbucket", "gitlab", "github"])
def test_a_folder_of_the_repository(provider, envoy, filled, upstream):
    assert ask(envoy.port(f"{provider}-folder"), "hello").status == 200
    assert upstream.finished[-1].json()["messages"][0]["content"] == "hello in a folder"
    assert ask(envoy.port(f"{provider}-folder"), "sub/deep").status == 200
    # A folder is no prompt, whatever the registry says about it.
    assert ask(envoy.port(provider), "llm").error() == (404, "prompt_not_found", "prompt_id")


def test_query_parameters(envoy, filled):
    assert ask(envoy.port("generic-query"), "hello").status == 200
    assert asked(filled) == [f"{GENERIC}?prompt_id=hello&project_name=a%20b%26c"]


@pytest.mark.every_envoy
@pytest.mark.parametrize("name", list(CREDENTIALS))
def test_credentials_from_the_environment(name, envoy, filled, upstream):
    protect(filled)
    answer = ask(envoy.port(f"{name}-credentials"), cold(name))
    assert answer.status == 200, answer.body
    header, value = CREDENTIALS[name][1]
    assert [record.header(header) for record in filled.records if record.path in asked(filled)] == [value]
    assert TOKEN not in envoy.log_text()


@pytest.mark.every_envoy
@pytest.mark.parametrize("name", list(INJECTED))
def test_credentials_that_envoy_adds(name, envoy, filled, upstream):
    """The filter knows none; Envoy's credential injector puts them into its callouts."""
    protect(filled)
    answer = ask(envoy.port(f"{name}-injected"), cold(name))
    assert answer.status == 200, answer.body
    assert [record.header("authorization") for record in filled.records
            if record.path in asked(filled)] == [INJECTED[name]]


@pytest.mark.parametrize("provider", list(SETTINGS))
def test_no_credentials(provider, envoy, filled, upstream):
    """Never a 404, but where a registry tells strangers nothing else: GitHub."""
    protect(filled)
    answer = ask(envoy.port(provider), cold(provider))
    expected = (404, "prompt_not_found") if provider == "github" else (503, "prompt_unavailable")
    assert answer.error()[:2] == expected
    assert upstream.bodies == []


@pytest.mark.parametrize("provider", ["bitbucket", "gitlab", "github", "litellm"])
def test_credentials_that_may_not_read(provider, envoy, filled, upstream):
    filled.repository.lacks_scope = filled.litellm.lacks_role = True
    logged = len(envoy.log_text())
    answer = ask(envoy.port(f"{provider}-credentials"), "hello")
    assert answer.error()[:2] == (503, "prompt_unavailable")
    assert "refuses the credentials (status 403)" in envoy.log_text()[logged:]


@pytest.mark.parametrize("listener, setting", [
    ("bitbucket-wrong-branch", "registry.branch"), ("gitlab-wrong-branch", "registry.branch"),
    ("github-wrong-branch", "registry.branch"), ("bitbucket-wrong-place", "registry.repository"),
    ("gitlab-wrong-place", "registry.project"), ("litellm-wrong-place", "registry.base_path"),
])
def test_settings_that_lead_elsewhere(listener, setting, envoy, filled, upstream):
    """They don't look as if the prompts were gone, and the log names the setting."""
    logged = len(envoy.log_text())
    assert ask(envoy.port(listener), "hello").error()[:2] == (503, "prompt_unavailable")
    assert setting in envoy.log_text()[logged:]


def test_a_repository_that_has_moved(envoy, filled, upstream):
    filled.github.moved = True
    logged = len(envoy.log_text())
    assert ask(envoy.port("github"), "hello").error()[:2] == (503, "prompt_unavailable")
    assert "https://api.github.com/repositories/1296269/contents/hello.prompt" in envoy.log_text()[logged:]


@pytest.mark.parametrize("provider, fields, expected", [
    *((provider, {}, (404, "prompt_not_found", "prompt_id")) for provider in SETTINGS),
    *((provider, {"prompt_version": 9}, (404, "prompt_version_not_found", "prompt_version"))
      for provider in SETTINGS if provider != "promptgate"),
    *((provider, {"prompt_label": "canary"}, (404, "prompt_label_not_found", "prompt_label"))
      for provider in SETTINGS if provider != "promptgate"),
])
def test_what_is_not_there(provider, fields, expected, envoy, filled, upstream):
    assert ask(envoy.port(provider), "not-there", **fields).error() == expected
    assert upstream.bodies == []


@pytest.mark.parametrize("fields, expected", [
    ({"prompt_version": 9}, (404, "prompt_version_not_found", "prompt_version")),
    ({"prompt_label": "canary"}, (404, "prompt_label_not_found", "prompt_label")),
])
def test_a_version_that_the_bundle_lacks(fields, expected, envoy, filled):
    answer = ask(envoy.port("promptgate"), "team/one", **fields)
    assert answer.error() == expected, answer.body


def test_a_server_that_knows_no_versions(envoy, filled, upstream):
    """What it sends in place of the version that was asked for is not served."""
    for fields in ({"prompt_version": 2}, {"prompt_label": "production"}):
        assert ask(envoy.port("generic"), "hello", **fields).error()[0] == 404
    # What failed a moment ago is not asked for again at once.
    assert poll(lambda: ask(envoy.port("generic"), "hello").status == 200)
