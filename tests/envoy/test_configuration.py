"""A plugin configuration as text, in JSON or YAML. One that is wrong is refused with a line that says where."""

import hashlib
import json

import pytest
import yaml

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.samples import PLUGIN, PROMPTS

DIGEST = hashlib.sha256(
    json.dumps(PROMPTS, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()

FORMS = {
    "json-text": Listener("json-text", PLUGIN),
    "yaml-text": Listener("yaml-text", yaml.safe_dump({**PLUGIN, "hold_headers": True})),
    "yaml-unheld": Listener("yaml-unheld", "bundle:\n  prompts:\n    plain: 'System: S'\n", held=False),
    "with-digest": Listener("with-digest", {"bundle": {"prompts": PROMPTS, "revision": f"sha256:{DIGEST}"}}),
    "empty-bundle": Listener("empty-bundle", {"bundle": {"prompts": {}}}),
    "empty": Listener("empty", {}),
}

# name: (the text, what the line in the log must name)
WRONG = {
    "not-a-mapping": ("[]", ""),
    "not-json": ('{"bundle":', ""),
    "not-yaml": ("a: [", "line"),
    "unknown-key": ('{"bundel": {}}', "bundle"),
    "unknown-key-in-policy": ('{"policy": {"alow": ["*"]}}', "allow"),
    "unknown-key-in-limits": ('{"limits": {"bodies": 1}}', "body"),
    "wrong-type": ('{"default_label": 5}', "default_label"),
    "wrong-type-deep": ('{"limits": {"fuel": "much"}}', "fuel"),
    "wrong-type-of-prompts": ('{"bundle": {"prompts": []}}', "prompts"),
    "wrong-choice": ('{"missing_variables": "maybe"}', "missing_variables"),
    "bad-digest": ('{"bundle": {"revision": "sha256:%s", "prompts": {"p": "User: x"}}}' % ("0" * 64), "revision"),
    "no-digest": ('{"bundle": {"revision": "7", "prompts": {}}}', "revision"),
    "bad-prompt-id": ('{"bundle": {"prompts": {"../x": "User: x"}}}', "../x"),
    "versioned-key": ('{"bundle": {"prompts": {"x.v2": "User: x"}}}', "x.v2"),
    "binding-to-nowhere": ('{"models": {"m": {"prompt_id": "nope"}}}', "prompt_id"),
    "alias-to-nowhere": ('{"aliases": {"a": "nope"}}', "aliases"),
    "label-to-nowhere": ('{"bundle": {"prompts": {"p": {"labels": {"live": 9}, "versions": {"1": "User: x"}}}}}',
                         "live"),
}


@pytest.fixture(scope="module")
def forms(envoy_binary, wasm, standin):
    with Envoy(list(FORMS.values()), {"llm": standin.port}, binary=envoy_binary) as envoy:
        yield envoy


@pytest.mark.parametrize("name", ["json-text", "yaml-text", "yaml-unheld", "with-digest"])
def test_a_form_is_understood(name, forms, upstream):
    assert wire.post(forms.port(name), {"prompt_id": "plain"}).status == 200
    assert upstream.only().json() == {"messages": [{"role": "system", "content": "S"}]}


@pytest.mark.parametrize("name", ["empty-bundle", "empty"])
def test_no_prompts_is_a_configuration(name, forms, upstream):
    assert wire.post(forms.port(name), {"model": "m"}).status == 200
    assert wire.post(forms.port(name), {"prompt_id": "p"}).error() == (404, "prompt_not_found", "prompt_id")


@pytest.fixture(scope="module")
def watching(envoy_binary, wasm, standin, tmp_path_factory):
    """An Envoy that takes its filter configuration from a watched file, and already has a good one."""
    listener = Listener("watched", PLUGIN, ecds_folder=tmp_path_factory.mktemp("watched"))
    with Envoy([listener], {"llm": standin.port}, binary=envoy_binary) as envoy:
        yield envoy, listener


def refusals(log: str) -> set[str]:
    """What the filter itself said, without time and thread."""
    lines = (line for line in log.splitlines() if "wasm log" in line and "[error]" in line)
    return {line.partition("wasm log")[2] for line in lines}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_configuration_is_rejected_and_the_old_one_serves(name, watching, upstream):
    """One line says where it is wrong, and nothing more happens."""
    envoy, listener = watching
    text, place = WRONG[name]
    rejected = "extension_config_discovery.http_filter.promptgate.update_rejected"
    before, log = envoy.counter(rejected), len(envoy.log_text())
    listener.plugin = text
    envoy.push_filter(listener, name)
    poll(lambda: envoy.counter(rejected) == before + 1)
    said = refusals(envoy.log_text()[log:])
    assert len(said) == 1, said
    assert "configuration refused" in next(iter(said)) and place in next(iter(said))
    assert wire.post(envoy.port("watched"), {"prompt_id": "plain"}).status == 200
    assert upstream.only().json() == {"messages": [{"role": "system", "content": "S"}]}


def test_a_wrong_configuration_stops_the_start(envoy_binary, wasm, standin):
    """There is no old one that could serve; and it is a refusal, not a trap."""
    with Envoy([Listener("wrong", WRONG["unknown-key"][0])], {"llm": standin.port}, binary=envoy_binary,
               check=False) as envoy:
        assert not envoy.alive()
        assert len(refusals(envoy.log_text())) == 1 and envoy.traps() == 0


def test_a_struct_is_refused(envoy_binary, wasm, standin):
    """Envoy hands over a `google.protobuf.Struct` as protobuf bytes, not as JSON."""
    with Envoy([Listener("struct", PLUGIN, as_struct=True)], {"llm": standin.port}, binary=envoy_binary,
               check=False) as envoy:
        assert not envoy.alive()
        assert len(refusals(envoy.log_text())) == 1 and envoy.traps() == 0
