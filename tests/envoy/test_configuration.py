"""How a plugin configuration arrives: as JSON or YAML text; and one that is wrong stops Envoy from starting."""

import pytest
import yaml

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy
from support.samples import PLUGIN

FORMS = {
    "json-text": Listener("json-text", PLUGIN),
    "yaml-text": Listener("yaml-text", yaml.safe_dump({**PLUGIN, "hold_headers": True})),
    "yaml-unheld": Listener("yaml-unheld", "bundle:\n  prompts:\n    plain: 'System: S'\n", held=False),
    "empty-bundle": Listener("empty-bundle", {"bundle": {"prompts": {}}}),
    "empty": Listener("empty", {}),
}

WRONG = {
    "not-a-mapping": ("[]", ""),
    "not-yaml": ("a: [", "line"),
    "unknown-key": ('{"bundel": {}}', "bundle"),
    "unknown-key-in-policy": ('{"policy": {"alow": ["*"]}}', "allow"),
    "unknown-key-in-limits": ('{"limits": {"bodies": 1}}', "body"),
    "wrong-type": ('{"default_label": 5}', "default_label"),
    "wrong-type-deep": ('{"limits": {"fuel": "much"}}', "fuel"),
    "wrong-choice": ('{"missing_variables": "maybe"}', "missing_variables"),
    "bad-digest": ('{"bundle": {"revision": "sha256:00", "prompts": {}}}', "revision"),
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


@pytest.mark.parametrize("name", ["json-text", "yaml-text", "yaml-unheld"])
def test_a_form_is_understood(name, forms, upstream):
    assert wire.post(forms.port(name), {"prompt_id": "plain"}).status == 200
    assert upstream.only().json() == {"messages": [{"role": "system", "content": "S"}]}


@pytest.mark.parametrize("name", ["empty-bundle", "empty"])
def test_no_prompts_is_a_configuration(name, forms, upstream):
    assert wire.post(forms.port(name), {"model": "m"}).status == 200
    assert wire.post(forms.port(name), {"prompt_id": "p"}).error() == (404, "prompt_not_found", "prompt_id")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_configuration_stops_the_start_and_says_where(name, envoy_binary, wasm, standin):
    """One line that names the place; never a panic."""
    text, place = WRONG[name]
    with Envoy([Listener("wrong", text)], {"llm": standin.port}, binary=envoy_binary, check=False) as envoy:
        log = envoy.log_text()
        assert not envoy.alive()
    said = [line for line in log.splitlines() if "wasm log" in line and "configuration" in line]
    assert len(said) == 1 or len(set(line.split("wasm log")[1] for line in said)) == 1, log[-3000:]
    assert place in said[0], said[0]
    assert "panicked" not in log
