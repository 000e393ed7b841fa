"""What the built filter asks of its host is a fixed list: a new import fails here before it fails in a mesh."""

import json
from pathlib import Path

from support.bootstrap import WASM
from support.filter_host import Host
from support.wasm import exports, imports

LIST = Path(__file__).with_name("wasm_imports.txt")
# Every worker compiles the module, and Kubernetes objects and OCI layers carry it.
LARGEST = 2_000_000


def test_the_import_list_is_fixed(wasm):
    expected = [line for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    assert imports(WASM.read_bytes()) == expected


def test_the_host_calls_nothing_in_vain(wasm):
    """Envoy calls every callback that is exported, and one such as that for chunks of answers costs each of them."""
    assert exports(WASM.read_bytes()) == {
        "_initialize", "memory", "proxy_abi_version_0_2_1", "proxy_on_memory_allocate", "proxy_on_vm_start",
        "proxy_on_configure", "proxy_on_tick", "proxy_on_queue_ready", "proxy_on_http_call_response",
        "proxy_on_context_create", "proxy_on_request_headers", "proxy_on_request_body", "proxy_on_request_trailers",
        "proxy_on_response_headers", "proxy_on_delete"}


def test_metrics_are_defined_once(wasm):
    """Envoy gives a metric another id each time that it is defined, and forgets none of them."""
    configuration = json.dumps({"bundle": {"prompts": {"p": "User: x"}}}).encode()
    host = Host(wasm, configuration)
    for number in range(3):
        host.configure(configuration)
        assert host.metric(b"promptgate_configurations.accepted") == number + 2
        host.request("/v1/chat/completions", b'{"prompt_id": "p", "messages": []}', [(b":status", b"200")])
    assert host.metric(b"promptgate_prompt_requests.p") == 3
    assert sorted(host.defined) == sorted(set(host.defined))


def test_size(wasm):
    assert WASM.stat().st_size < LARGEST
