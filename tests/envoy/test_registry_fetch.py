"""Prompts that a registry has: fetched when they are asked for, kept, revalidated behind the request."""

import pytest

from support import h2client, wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.registry_gateway import ask, messages, path, plugin, request, source, text

REFRESH = 1
OTHERS = {
    "bundle": {"prompts": {"pushed": text("pushed")}},
    "aliases": {"pmpt_1": "aliased"},
    "models": {"bound-model": {"prompt_id": "bound", "model": "gpt-4"}},
    "policy": {"allow": ["*"], "models": ["gpt-*"]},
    "rules": [{"match": {"path_prefix": "/strict"}, "policy": {"allow": ["team/*"]}}],
}


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin, registry_server):
    listeners = []
    for mode, held in {"held": True, "unheld": False}.items():
        quick = plugin(others=OTHERS, refresh=f"{REFRESH}s", not_found="0s")
        patient = plugin(refresh="1h", not_found="1h")
        listeners += [Listener(mode, quick, held), Listener(f"{mode}-patient", patient, held)]
    with Envoy(listeners, {"llm": standin.port, "registry": registry_server.port}, binary=envoy_binary) as running:
        yield running


@pytest.mark.every_envoy
def test_cold_then_warm(envoy, mode, registry, upstream, fresh_id):
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    answers = [ask(envoy.port(f"{mode}-patient"), fresh_id, str(number)) for number in range(5)]
    assert [answer.status for answer in answers] == [200] * 5
    assert [source(answer) for answer in answers] == ["fetch"] + ["cache"] * 4
    assert {answer.header("x-promptgate-version") for answer in answers} == {"1"}
    assert registry.asked() == registry.asked(path(fresh_id)) == 1
    bodies = [record.json() for record in upstream.finished]
    assert bodies == [{"messages": messages("first", str(number)), "model": "gpt-4"} for number in range(5)]


def test_what_is_sent_to_the_registry(envoy, registry, fresh_id):
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    headers = {"authorization": "Bearer client", "cookie": "client", "x-client": "1"}
    body = request(fresh_id)
    assert wire.post(envoy.port("held"), body, headers=headers).status == 200
    sent = registry.only()
    assert (sent.method, sent.path, bytes(sent.body)) == ("GET", path(fresh_id), b"")
    assert sent.header("host") == "api.bitbucket.org"
    assert sent.header("user-agent").startswith("promptgate/")
    assert not {"authorization", "cookie", "x-client"} & {name for name, _ in sent.headers}


@pytest.mark.every_envoy
def test_revalidated_behind_the_request(envoy, mode, registry, upstream, fresh_id):
    """An entry that is older than `refresh` answers at once; the request for a newer one follows behind it."""
    port = envoy.port(mode)
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    assert source(ask(port, fresh_id)) == "fetch"
    registry.repository.files[f"{fresh_id}.prompt"] = text("second")
    registry.hold()
    poll(lambda: source(ask(port, fresh_id, "stale")) == "stale")
    registry.wait_until_asked(path(fresh_id), 2)
    assert registry.records[-1].header("if-none-match")
    upstream.clear()
    answer = ask(port, fresh_id, "still")
    assert (answer.status, source(answer)) == (200, "stale")
    assert upstream.only().json()["messages"] == messages("first", "still")
    registry.release()

    def is_new() -> bool:
        upstream.clear()
        return (source(ask(port, fresh_id, "new")) == "cache"
                and upstream.only().json()["messages"] == messages("second", "new"))

    poll(is_new)


def test_nothing_new(envoy, registry, upstream, fresh_id):
    """304 makes an entry fresh again."""
    port = envoy.port("held")
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    assert source(ask(port, fresh_id)) == "fetch"
    before = envoy.counter("wasmcustom.promptgate_registry_fetches.not_modified")
    poll(lambda: source(ask(port, fresh_id)) == "stale")
    poll(lambda: source(ask(port, fresh_id)) == "cache")
    assert envoy.counter("wasmcustom.promptgate_registry_fetches.not_modified") > before
    assert registry.asked(path(fresh_id)) >= 2


def test_what_is_gone_is_evicted(envoy, registry, fresh_id):
    """A definitive 404 takes a prompt away, also one that would serve for another day."""
    port = envoy.port("held")
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    assert ask(port, fresh_id).status == 200
    del registry.repository.files[f"{fresh_id}.prompt"]
    answer = poll(lambda: next((one for one in [ask(port, fresh_id)] if one.status != 200), None))
    assert answer.error() == (404, "prompt_not_found", "prompt_id")


def test_unknown_prompts_are_remembered(envoy, mode, registry, upstream, fresh_id):
    port = envoy.port(f"{mode}-patient")
    for _ in range(20):
        assert ask(port, fresh_id).error() == (404, "prompt_not_found", "prompt_id")
    assert registry.asked() == 1
    assert upstream.bodies == []


def test_unknown_prompts_are_found_once_they_are_there(envoy, mode, registry, fresh_id):
    port = envoy.port(mode)
    assert ask(port, fresh_id).status == 404
    registry.repository.files[f"{fresh_id}.prompt"] = text("late")
    assert poll(lambda: ask(port, fresh_id).status == 200)


@pytest.mark.parametrize("fields, files, version", [
    ({"prompt_version": 2}, ["{}.v2.prompt"], "2"),
    ({"prompt_version": 1}, ["{}.prompt"], "1"),
    ({"prompt_version": "latest"}, ["{}.prompt"], "1"),
    ({"prompt_version": "v10"}, ["{}.v10.prompt"], "10"),
])
def test_versions(fields, files, version, envoy, registry, upstream, fresh_id):
    for marker, name in enumerate(files):
        registry.repository.files[name.format(fresh_id)] = text(f"file {marker}")
    answer = ask(envoy.port("held"), fresh_id, **fields)
    assert (answer.status, answer.header("x-promptgate-version")) == (200, version)
    assert upstream.only().json()["messages"] == messages("file 0", "x")


def test_a_second_place_to_look(envoy, registry, upstream, fresh_id):
    """Version 1 is `name.prompt`, else `name.v1.prompt`: two requests, while the client's one waits."""
    registry.repository.files[f"{fresh_id}.v1.prompt"] = text("second place")
    answer = ask(envoy.port("held"), fresh_id, prompt_version=1)
    assert (answer.status, source(answer)) == (200, "fetch")
    assert [record.path for record in registry.records] == [path(fresh_id), path(f"{fresh_id}.v1")]


@pytest.mark.parametrize("fields, expected", [
    ({"prompt_version": 7}, (404, "prompt_version_not_found", "prompt_version")),
    ({"prompt_version": 999_999_999}, (404, "prompt_version_not_found", "prompt_version")),
    ({"prompt_label": "production"}, (404, "prompt_label_not_found", "prompt_label")),
    ({"prompt_environment": "production"}, (404, "prompt_label_not_found", "prompt_environment")),
])
def test_versions_that_are_not_there(fields, expected, envoy, registry, upstream, fresh_id):
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    assert ask(envoy.port("held"), fresh_id, **fields).error() == expected
    assert upstream.bodies == []


@pytest.mark.every_envoy
@pytest.mark.parametrize("location, body, received", [
    ("/v1/chat/completions", {"messages": [{"role": "user", "content": "q"}]},
     {"messages": [*messages("first", "x"), {"role": "user", "content": "q"}], "model": "gpt-4"}),
    ("/v1/responses", {"input": "q"},
     {"instructions": "first", "model": "gpt-4",
      "input": [{"role": "user", "content": "[x]"}, {"role": "user", "content": "q"}]}),
    ("/v1/messages", {"max_tokens": 9, "messages": [{"role": "user", "content": "q"}]},
     {"system": "first", "model": "gpt-4", "max_tokens": 9,
      "messages": [{"role": "user", "content": "[x]"}, {"role": "user", "content": "q"}]}),
])
def test_every_dialect(location, body, received, envoy, mode, registry, upstream, fresh_id):
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    for expected in ("fetch", "cache"):
        upstream.clear()
        answer = wire.post(envoy.port(f"{mode}-patient"), request(fresh_id, **body), path=location)
        assert (answer.status, source(answer)) == (200, expected)
        assert upstream.only().json() == received
    # The envelope of an error is the dialect's.
    missing = wire.post(envoy.port(f"{mode}-patient"), request(f"{fresh_id}-nope", **body), path=location)
    assert missing.error() == (404, "prompt_not_found", "prompt_id")
    assert ("type" in missing.json()) == (location == "/v1/messages")


@pytest.mark.every_envoy
def test_bodies_in_pieces_with_trailers(envoy, mode, registry, upstream, fresh_id):
    """The request waits for its prompt after the last piece, whichever callback that is."""
    for number, trailers in enumerate([{}, {"x-trailer": "1"}]):
        prompt_id = f"{fresh_id}-{number}"
        registry.repository.files[f"{prompt_id}.prompt"] = text("first")
        body = wire.encode(request(prompt_id, "pieces"))
        pieces = [body[at:at + 7] for at in range(0, len(body), 7)]
        answer = h2client.post(envoy.port(mode), None, pieces=pieces, trailers=trailers)
        assert (answer.status, source(answer)) == (200, "fetch")
        assert upstream.finished[-1].json()["messages"] == messages("first", "pieces")
        assert dict(upstream.finished[-1].trailers) == trailers


@pytest.mark.every_envoy
def test_large_bodies(envoy, mode, registry, upstream, fresh_id):
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    client = [{"role": "user", "content": "y" * (2 << 20)}]
    answer = ask(envoy.port(mode), fresh_id, messages=client)
    assert (answer.status, source(answer)) == (200, "fetch")
    assert upstream.only().json()["messages"] == [*messages("first", "x"), *client]


def test_the_pushed_bundle_comes_first(envoy, registry, upstream):
    registry.repository.files["pushed.prompt"] = text("not this one")
    answer = ask(envoy.port("held"), "pushed")
    assert (answer.status, source(answer)) == (200, "bundle")
    assert upstream.only().json()["messages"] == messages("pushed", "x")
    assert registry.asked() == 0


def test_aliases_and_bindings(envoy, registry, upstream):
    registry.repository.files |= {"aliased.prompt": text("aliased"), "bound.prompt": text("bound")}
    assert ask(envoy.port("held"), "pmpt_1").header("x-promptgate-id") == "aliased"
    answer = wire.post(envoy.port("held"), {"model": "bound-model", "prompt_variables": {"x": "b"}})
    assert answer.header("x-promptgate-id") == "bound"
    assert upstream.finished[-1].json() == {"model": "gpt-4", "messages": messages("bound", "b")}


def test_the_model_decides_the_route(envoy, registry, upstream, fresh_id):
    """With held headers, also where the prompt had to be waited for."""
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    assert source(ask(envoy.port("held"), fresh_id)) == "fetch"
    assert upstream.only().header("x-promptgate-model") == "gpt-4"
    assert upstream.only().header("content-length") == str(len(upstream.only().body))


def test_what_policy_forbids_is_not_asked_for(envoy, registry, fresh_id):
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    answer = wire.post(envoy.port("held"), request(fresh_id), path="/strict/v1/chat/completions")
    assert answer.error() == (403, "prompt_not_allowed", "prompt_id")
    assert registry.asked() == 0


def test_a_prompt_that_does_not_parse(envoy, registry, upstream, fresh_id):
    """Where there was none before it is the author's 422; it never takes the place of one that parses."""
    port = envoy.port("held")
    registry.repository.files[f"{fresh_id}.prompt"] = "User: {{ x"
    assert ask(port, fresh_id).error() == (422, "prompt_render_failed", None)
    registry.repository.files[f"{fresh_id}.prompt"] = text("good")
    poll(lambda: ask(port, fresh_id).status == 200)
    registry.repository.files[f"{fresh_id}.prompt"] = "User: {{ x"
    registry.clear()
    poll(lambda: source(ask(port, fresh_id)) == "stale")
    registry.wait_until_asked(path(fresh_id))
    upstream.clear()
    assert ask(port, fresh_id).status == 200
    assert upstream.only().json()["messages"] == messages("good", "x")


def test_a_missing_variable_is_told_behind_the_fetch(envoy, mode, registry, upstream, fresh_id):
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    answer = wire.post(envoy.port(mode), {"prompt_id": fresh_id})
    assert answer.error() == (400, "missing_variable", "prompt_variables.x")
    assert upstream.bodies == []
