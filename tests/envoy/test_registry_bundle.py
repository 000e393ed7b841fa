"""Whole bundles of a registry (provider `promptgate`): fetched by one worker, for all, again and again."""

import contextlib
import time

import pytest

from support import h2client, wire
from support import registry_faults as faults
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.registry import Registry
from support.registry_gateway import ask, messages, plugin, request, source, text

BUNDLE = "/bundle.json"
WORKERS = 2
BAD = {
    "other-revision": (b'{"revision": "sha256:%s", "prompts": {"p": "secret-text-5e1"}}' % (b"0" * 64), "`revision`"),
    "not-json": (b"System: secret-text-5e1", "expected a bundle"),
    "cut-off": (b'{"prompts": {"p": "System: can', "expected a bundle"),
    "unknown-key": (b'{"prompts": {"p": "System: secret-text-5e1"}, "secret-text-5e1": 1}', "expected a bundle"),
    "label-to-nowhere": (b'{"prompts": {"p": {"labels": {"secret-text-5e1": 2}, "versions": {"1": "x"}}}}',
                         "expected a bundle"),
}


@contextlib.contextmanager
def gateway(registry, upstream, binary, *, workers=WORKERS, others={}, **settings):
    """An Envoy whose prompts come from the stand-in's bundle."""
    settings = {"refresh": "1s", "long_poll": "0s", **settings}
    listeners = [Listener("held", plugin("promptgate", others=others, **settings))]
    with Envoy(listeners, {"llm": upstream.port, "registry": registry.port}, binary=binary,
               concurrency=workers) as envoy:
        yield envoy, envoy.port("held")


def everywhere(envoy, port: int) -> list[wire.Response]:
    """One answer or more of each worker. Which of them takes a connection is the kernel's choice."""
    def accepted() -> list[int]:
        # Envoy names a listener after the address that it was told, and that is port 0.
        counters = envoy.stats(r"^listener\.127\.0\.0\.1_0\.worker_[0-9]\.downstream_cx_total$")
        return [counters[name] for name in sorted(counters)]

    before, answers = accepted(), []
    assert len(before) == WORKERS

    def done() -> bool:
        answers.append(ask(port, "p"))
        return all(now > then for now, then in zip(accepted(), before))

    poll(done, every=0)
    return answers


def shown(upstream, port: int) -> str:
    """The system message that the next request gets."""
    upstream.clear()
    answer = ask(port, "p")
    assert answer.status == 200, answer.body
    return upstream.only().json()["messages"][0]["content"]


@pytest.mark.every_envoy
def test_the_first_requests_wait(envoy_binary, wasm, registry, upstream):
    """Whoever comes before the bundle waits for it, whichever worker it reached; it is fetched once."""
    registry.publish({"p": text("first")})
    registry.hold()
    body = wire.encode(request("p"))
    with (gateway(registry, upstream, envoy_binary, refresh="1h", timeout="1m") as (envoy, port),
          contextlib.ExitStack() as stack):
        waiting = [stack.enter_context(wire.Connection(port)) for _ in range(16)]
        for connection in waiting:
            connection.write(wire.head(len(body)) + body)
        poll(lambda: envoy.counter("http.held.downstream_rq_active") == len(waiting))
        assert upstream.bodies == []
        registry.release()
        answers = [connection.response() for connection in waiting]
        assert {answer.status for answer in answers} == {200}
        assert {source(answer) for answer in answers} <= {"fetch", "cache"}
        assert {source(answer) for answer in everywhere(envoy, port)} == {"cache"}
        assert registry.asked(BUNDLE) == registry.asked() == 1
        assert registry.records[0].header("prefer") is None


@pytest.mark.every_envoy
def test_what_is_newer_comes_by_itself(envoy_binary, wasm, registry, upstream):
    """Without any request, conditionally; and then all workers have it, though one of them fetched it."""
    registry.publish({"p": text("first"), "gone": text("x")})
    with gateway(registry, upstream, envoy_binary) as (envoy, port):
        registry.wait_until_asked(BUNDLE, 3)
        assert [bool(record.header("if-none-match")) for record in registry.records[:3]] == [False, True, True]
        assert shown(upstream, port) == "first"
        assert ask(port, "gone").status == 200
        registry.publish({"p": text("second")})
        poll(lambda: shown(upstream, port) == "second")
        upstream.clear()
        poll(lambda: {source(answer) for answer in everywhere(envoy, port)} == {"cache"})
        poll(lambda: ask(port, "gone").status == 404)
        assert registry.most_at_once()[BUNDLE] == 1
        fetches = envoy.stats("promptgate_registry_fetches")
        assert fetches["wasmcustom.promptgate_registry_fetches.fetched"] == 2
        assert fetches["wasmcustom.promptgate_registry_fetches.not_modified"] >= 2


def test_a_server_without_etags(envoy_binary, wasm, registry, upstream):
    registry.promptgate.etags = False
    try:
        registry.publish({"p": text("first")})
        with gateway(registry, upstream, envoy_binary) as (_, port):
            registry.wait_until_asked(BUNDLE, 2)
            registry.publish({"p": text("second")})
            poll(lambda: shown(upstream, port) == "second")
            assert not any(record.header("if-none-match") for record in registry.records)
    finally:
        registry.promptgate.etags = True


@pytest.mark.every_envoy
def test_a_server_that_waits_for_changes(envoy_binary, wasm, registry, upstream):
    """News arrives at once, although `refresh` is an hour, and until there is some there is one request."""
    registry.promptgate.waits = True
    try:
        registry.publish({"p": text("edition 0")})
        with gateway(registry, upstream, envoy_binary, refresh="1h", long_poll="5m") as (envoy, port):
            for edition in range(1, 4):
                registry.wait_until_asked(BUNDLE, edition + 1)
                assert registry.records[-1].header("prefer") == "wait=300"
                assert registry.records[-1].header("if-none-match")
                assert {source(answer) for answer in everywhere(envoy, port)} == {"cache"}
                asked = registry.asked()
                registry.publish({"p": text(f"edition {edition}")})
                poll(lambda: shown(upstream, port) == f"edition {edition}", 3)
                assert asked == edition + 1
            assert registry.most_at_once()[BUNDLE] == 1
    finally:
        registry.promptgate.waits = False


def test_a_server_that_only_says_that_it_waits(envoy_binary, wasm, registry, upstream):
    """It is asked now and then, and not as fast as it answers."""
    registry.publish({"p": text("first")})
    registry.fail([None])
    registry.fault = faults.answers(304, preference_applied="wait=300")
    with gateway(registry, upstream, envoy_binary, long_poll="5m") as (_, port):
        registry.wait_until_asked(BUNDLE, 2)
        began = time.monotonic()
        registry.wait_until_asked(BUNDLE, 5)
        assert time.monotonic() - began > 1
        assert shown(upstream, port) == "first"


def test_a_bundle_that_is_refused_changes_nothing(envoy_binary, wasm, registry, upstream):
    registry.publish({"p": text("good")})
    with gateway(registry, upstream, envoy_binary, workers=1) as (envoy, port):
        assert shown(upstream, port) == "good"
        for body, reason in BAD.values():
            registry.publish(None, body=body)
            registry.clear()
            # The second request comes when the answer to the first one has been read.
            registry.wait_until_asked(BUNDLE, 2)
            assert shown(upstream, port) == "good"
            assert reason in envoy.log_text()
        assert "secret-text" not in envoy.log_text()
        assert envoy.counter("wasmcustom.promptgate_registry_fetches.malformed") >= len(BAD)
        registry.publish({"p": text("better")})
        poll(lambda: shown(upstream, port) == "better")


def test_a_first_bundle_that_is_refused(envoy_binary, wasm, registry, upstream):
    """Requests don't wait for a better one, and a registry that is wrong about all prompts isn't asked for one."""
    registry.publish(None, body=BAD["other-revision"][0])
    registry.promptgate.singles = {"single": text("by itself")}
    with gateway(registry, upstream, envoy_binary) as (_, port):
        for prompt_id in ("single", "p"):
            assert ask(port, prompt_id).error() == (503, "prompt_unavailable", "prompt_id")
        assert registry.asked() == registry.asked(BUNDLE)
        registry.publish({"p": text("better")})
        poll(lambda: ask(port, "p").status == 200)


def test_a_registry_without_a_bundle(envoy_binary, wasm, registry, upstream):
    """It is asked for each prompt by itself, and answers for them."""
    registry.publish(None)
    registry.promptgate.singles = {"single": text("by itself")}
    with gateway(registry, upstream, envoy_binary, workers=1, not_found="1h", refresh="1h") as (_, port):
        assert source(ask(port, "single")) == "fetch"
        assert source(ask(port, "single")) == "cache"
        assert ask(port, "p").error() == (404, "prompt_not_found", "prompt_id")
        assert registry.asked("/prompts/single.json") == 1
        assert registry.asked("/prompts/p.json") == 1


def test_while_it_is_away_the_last_good_one_serves(envoy_binary, wasm, registry, upstream):
    """Whatever is wrong with it; and what it publishes afterwards is taken."""
    kinds = [faults.stays_silent, faults.resets, faults.answers(500), faults.answers(404), faults.answers(401),
             faults.large(), faults.PAGE, faults.TRUNCATED, faults.REDIRECT]
    registry.publish({"p": text("good")})
    with gateway(registry, upstream, envoy_binary, timeout="1s") as (envoy, port):
        assert shown(upstream, port) == "good"
        registry.fail(kinds)
        registry.fault = faults.answers(500)
        registry.clear()
        registry.wait_until_asked(BUNDLE, len(kinds) + 1, 30)
        assert {(answer.status, source(answer)) for answer in everywhere(envoy, port)} == {(200, "stale")}
        registry.go_away()
        try:
            failed = envoy.counter("wasmcustom.promptgate_registry_fetches.unavailable")
            poll(lambda: envoy.counter("wasmcustom.promptgate_registry_fetches.unavailable") > failed)
            assert shown(upstream, port) == "good"
            registry.publish({"p": text("news")})
        finally:
            registry.come_back()
        registry.heal()
        poll(lambda: shown(upstream, port) == "news")
        poll(lambda: {source(answer) for answer in everywhere(envoy, port)} == {"cache"})
        assert faults.CANARY not in envoy.log_text()


def test_no_longer_than_stale(envoy_binary, wasm, registry, upstream):
    """Beyond `stale` nobody vouches for what is kept."""
    registry.publish({"p": text("good")})
    with gateway(registry, upstream, envoy_binary, stale="1s") as (_, port):
        assert shown(upstream, port) == "good"
        registry.fault = faults.answers(500)
        answer = poll(lambda: next((one for one in [ask(port, "p")] if one.status != 200), None))
        assert answer.error() == (503, "prompt_unavailable", "prompt_id")


def test_prompts_that_are_not_in_the_bundle(envoy_binary, wasm, registry, upstream):
    """One that the registry has by itself is fetched, with all its versions; the others are remembered as missing."""
    registry.publish({"p": text("first")})
    registry.promptgate.singles = {"team/one": {
        "labels": {"production": 1}, "versions": {"1": text("v1"), "2": text("v2")}}}
    with gateway(registry, upstream, envoy_binary, workers=1, not_found="1h", refresh="1h") as (_, port):
        for fields, version, origin in [({}, "2", "fetch"), ({"prompt_label": "production"}, "1", "cache"),
                                        ({"prompt_version": 1}, "1", "cache"), ({}, "2", "cache")]:
            answer = ask(port, "team/one", **fields)
            assert (answer.status, answer.header("x-promptgate-version"), source(answer)) == (200, version, origin)
        assert ask(port, "team/one", prompt_version=9).error()[1] == "prompt_version_not_found"
        for _ in range(5):
            assert ask(port, "team/none").error() == (404, "prompt_not_found", "prompt_id")
        assert registry.asked("/prompts/team/one.json") == registry.asked("/prompts/team/none.json") == 1


def test_each_is_told_what_it_lacks(envoy_binary, wasm, registry, upstream):
    """Two wait for one answer: the version that the one wants is missing, and the label that the other wants."""
    registry.publish({"p": text("hi")})
    with (gateway(registry, upstream, envoy_binary, workers=1, refresh="1h", timeout="1m") as (envoy, port),
          h2client.H2Connection(port, timeout=60) as connection):
        assert ask(port, "p").status == 200
        registry.hold()
        streams = []
        for fields in ({"prompt_version": 9}, {"prompt_label": "nowhere"}):
            streams.append(connection.start())
            connection.data(streams[-1], wire.encode(request("p") | fields), end=True)
        poll(lambda: envoy.counter("http.held.downstream_rq_active") == len(streams))
        registry.release()
        codes = [connection.response(stream).error()[1] for stream in streams]
        assert codes == ["prompt_version_not_found", "prompt_label_not_found"]
        assert registry.asked("/prompts/p.json") == 1


def test_versions_and_labels_of_a_bundle(envoy_binary, wasm, registry, upstream):
    registry.publish({"p": {"labels": {"production": 1}, "versions": {"1": text("v1"), "2": text("v2")}},
                      "broken": "User: {{ x"})
    with gateway(registry, upstream, envoy_binary, others={"default_label": "production"}) as (_, port):
        for fields, version, label in [({}, "1", "production"), ({"prompt_version": 2}, "2", None),
                                       ({"prompt_version": "latest"}, "2", None),
                                       ({"prompt_environment": "production"}, "1", "production")]:
            answer = ask(port, "p", **fields)
            shown_as = answer.header("x-promptgate-version"), answer.header("x-promptgate-label")
            assert (answer.status, *shown_as) == (200, version, label)
        assert ask(port, "broken").error() == (422, "prompt_render_failed", None)
        assert upstream.finished[0].json()["messages"] == messages("v1", "x")


def test_two_registries_in_one_machine(envoy_binary, wasm, registry, upstream):
    """Plugins that share a VM share nothing of their registries."""
    with Registry() as other:
        registry.publish({"p": text("here")})
        other.publish({"p": text("there")})
        listeners = [Listener(name, plugin("promptgate", cluster=name, refresh="1s", long_poll="0s"))
                     for name in ("registry", "other")]
        with Envoy(listeners, {"llm": upstream.port, "registry": registry.port, "other": other.port},
                   binary=envoy_binary, concurrency=WORKERS) as envoy:
            for _ in range(2):
                for name, expected in (("registry", "here"), ("other", "there")):
                    assert shown(upstream, envoy.port(name)) == expected
                registry.wait_until_asked(BUNDLE, registry.asked() + 1)


def test_large_bundles_again_and_again(envoy_binary, wasm, registry, upstream):
    """New bundles of 2 MB each leave memory where it was."""
    registry.promptgate.waits = True
    try:
        filling = {f"p{number}": text("x" * 2000) for number in range(1000)}
        registry.publish({"p": text("edition 0"), **filling})
        with gateway(registry, upstream, envoy_binary, long_poll="5m") as (envoy, port):
            sizes = []
            for edition in range(1, 7):
                registry.wait_until_asked(BUNDLE, edition + 1)
                registry.publish({"p": text(f"edition {edition}"), **filling})
                poll(lambda: shown(upstream, port) == f"edition {edition}")
                sizes.append(envoy.memory())
            assert sizes[-1] < sizes[2] * 1.15
    finally:
        registry.promptgate.waits = False
