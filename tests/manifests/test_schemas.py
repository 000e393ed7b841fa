"""The manifests against the schemas that Istio, Envoy Gateway and the Gateway API publish."""

import copy

import pytest
import yaml
from manifests.objects import ROOT, files, of_kind, problems, read

RECIPES = ("istio", "envoy-gateway")


@pytest.fixture(scope="module")
def objects() -> list[tuple[str, dict]]:
    """Every object of every manifest, with the file that it is in."""
    return [(f"{recipe}/{name}", one) for recipe in RECIPES for name in files(recipe) for one in read(recipe, name)]


def test_every_object_is_valid(objects):
    found = problems([one for _, one in objects])
    assert len(found) == len(objects) > 20
    bad = [(file, one["kind"], problem) for (file, one), problem in zip(objects, found, strict=True) if problem]
    assert not bad


def test_every_kind_that_the_recipes_are_about_is_there(objects):
    assert {one["kind"] for _, one in objects} >= {
        "TrafficExtension", "WasmPlugin", "EnvoyFilter", "ServiceEntry", "EnvoyExtensionPolicy", "EnvoyPatchPolicy",
        "ClientTrafficPolicy"}


def misspelt(path: str, name: str):
    """A change that renames a field."""
    def change(one: dict) -> None:
        place = follow(one, path)
        *_, old = path.split("/")
        place[name] = place.pop(old)
    return change


def value(path: str, new):
    """A change of a field's value; None takes the field away."""
    def change(one: dict) -> None:
        place = follow(one, path)
        *_, name = path.split("/")
        del place[name]
        if new is not None:
            place[name] = new
    return change


def follow(one, path: str):
    """What the last part of a path is in."""
    for part in path.split("/")[:-1]:
        one = one[int(part)] if isinstance(one, list) else one[part]
    return one


MISTAKES = [
    ("istio", "gateway", "TrafficExtension", misspelt("spec/wasm/pluginConfig", "pluginConfg"), "pluginConfg"),
    ("istio", "gateway", "TrafficExtension", misspelt("spec/targetRefs", "targetRef"), "targetRef"),
    ("istio", "gateway", "TrafficExtension", value("spec/phase", "AUTHORIZATION"), "AUTHORIZATION"),
    ("istio", "gateway", "TrafficExtension", value("spec/wasm", None), "not assignable"),
    ("istio", "gateway", "TrafficExtension", value("spec/wasm/url", "ftp://x"), "spec.wasm.url"),
    ("istio", "sidecar", "TrafficExtension", value("spec/match/0/mode", "OUTBOUND"), "OUTBOUND"),
    ("istio", "gateway", "HTTPRoute", misspelt("spec/rules/0/backendRefs", "backendRef"), "backendRef"),
    ("istio", "wasm-plugin", "WasmPlugin", misspelt("spec/pluginName", "rootID"), "rootID"),
    ("istio", "wasm-plugin", "WasmPlugin", value("spec/failStrategy", "FAIL_SAFE"), "FAIL_SAFE"),
    ("istio", "wasm-plugin", "WasmPlugin", value("spec/url", ""), "/spec/url"),
    ("istio", "hold-headers", "EnvoyFilter", value("spec/configPatches/1/patch/operation", "SWAP"), "SWAP"),
    ("istio", "hold-headers", "EnvoyFilter",
     misspelt("spec/configPatches/1/match/listener/filterChain", "filterchain"), "filterchain"),
    ("istio", "provider", "ServiceEntry", misspelt("spec/hosts", "host"), "host"),
    ("istio", "provider", "DestinationRule", value("spec/trafficPolicy/tls/mode", "TLS"), "TLS"),
    ("istio", "models", "AuthorizationPolicy", value("spec/action", "FORBID"), "FORBID"),
    ("envoy-gateway", "promptgate", "EnvoyExtensionPolicy", misspelt("spec/wasm/0/failOpen", "failopen"), "failopen"),
    ("envoy-gateway", "promptgate", "EnvoyExtensionPolicy", value("spec/wasm/0/code/type", "OCI"), "OCI"),
    ("envoy-gateway", "hold-headers", "EnvoyPatchPolicy",
     misspelt("spec/jsonPatches/0/operation/jsonPath", "jsonpath"), "jsonpath"),
    ("envoy-gateway", "hold-headers", "EnvoyPatchPolicy", value("spec/type", "MergePatch"), "MergePatch"),
    ("envoy-gateway", "gateway", "ClientTrafficPolicy", value("spec/connection/bufferLimit", "16 MiB"), "bufferLimit"),
    ("envoy-gateway", "gateway", "ClientTrafficPolicy",
     misspelt("spec/connection/bufferLimit", "bufferLimitBytes"), "bufferLimitBytes"),
    ("envoy-gateway", "gateway", "Backend", value("spec/endpoints/0/fqdn/port", None), "port"),
    ("envoy-gateway", "models", "BackendTrafficPolicy",
     value("spec/rateLimit/local/rules/0/limit/unit", "Min"), "Min"),
]


def test_mistakes_are_found():
    """One run for all of them; each is a manifest of the recipes with one thing wrong, and the report names it."""
    wrong = []
    for recipe, file, kind, change, _ in MISTAKES:
        one = copy.deepcopy(of_kind(read(recipe, file), kind)[0])
        change(one)
        wrong.append(one)
    unnoticed = [mistake for mistake, found in zip(MISTAKES, problems(wrong), strict=True)
                 if not any(mistake[-1] in problem for problem in found)]
    assert not unnoticed


def test_a_kind_without_a_schema_is_no_valid_one():
    (found,) = problems([{"apiVersion": "extensions.istio.io/v1alpha1", "kind": "PromptPolicy", "spec": {}}])
    assert any("no schema" in problem for problem in found)


@pytest.mark.parametrize("recipe", RECIPES)
def test_files_have_no_key_twice(recipe):
    """YAML readers take the last one and say nothing."""
    class Strict(yaml.SafeLoader):
        """Refuses what the schemas cannot see any more."""

    def mapping(loader, node):
        keys = [loader.construct_object(name) for name, _ in node.value]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: {keys}"
        return yaml.SafeLoader.construct_mapping(loader, node, deep=True)

    Strict.add_constructor("tag:yaml.org,2002:map", mapping)
    for name in files(recipe):
        text = (ROOT / "envoy" / recipe / f"{name}.yaml").read_text(encoding="utf-8")
        assert list(yaml.load_all(text, Loader=Strict))
