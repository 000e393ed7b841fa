"""The rows of the table: what each is, how it is set up, and what upstream has to receive."""

import contextlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from bench import processes, workload
from support import bootstrap
from support.bootstrap import MIB, TYPE, Listener
from support.envoy import Envoy
from support.litellm_proxy import LiteLLMProxy
from support.registry import Registry

FLOOR_WASM = Path(os.environ.get("BENCH_FLOOR") or bootstrap.ROOT / "target" / "bench" / "floor.wasm")
BUFFER_BYTES = 32 * MIB
CONGESTION_CONTROL = "reno"
"""TCP's, which every Linux has and lets everyone use. BBR, the default of some, paces by timers, also over loopback:
that costs Envoy up to half as much again at 1 MB, and not the same from one connection to the next."""


@dataclass(frozen=True)
class Variant:
    """One row."""

    name: str
    title: str
    gateway: str
    """Which gateway serves it; rows may share one."""
    prompt: str = workload.BEFORE
    """Where the request names the prompt."""
    path: str = workload.CHAT
    rewrites: bool = False
    """Whether upstream has to receive the prompt; else it has to receive the client's bytes."""


VARIANTS = [
    Variant("baseline", "Envoy, no filter", "baseline"),
    Variant("buffer", "Envoy's buffer filter", "buffer"),
    Variant("floor", "wasm: get and set the body", "floor"),
    Variant("lua", "Lua: simplest substitution", "lua", rewrites=True),
    Variant("promptgate", "Promptgate, held headers", "promptgate", rewrites=True),
    Variant("unheld", "Promptgate, default mode", "unheld", rewrites=True),
    Variant("behind", "Promptgate, named at the end", "promptgate", prompt=workload.BEHIND, rewrites=True),
    Variant("registry", "Promptgate, warm registry", "registry", rewrites=True),
    Variant("many", "Promptgate, 10,000 prompts", "many", rewrites=True),
    Variant("no-prompt", "Promptgate, no prompt in it", "promptgate", prompt=workload.NOWHERE),
    Variant("other-path", "Promptgate, other path", "promptgate", path=workload.OTHER),
    Variant("off", "Promptgate, off on the route", "promptgate", path=workload.OFF),
    Variant("litellm", "LiteLLM proxy, one worker", "litellm", rewrites=True),
]
PINGS = "pings"


@dataclass
class Gateway:
    """A process that listens."""

    port: int
    pid: int


@dataclass
class Gateways:
    """All gateways of a run at the same time: one that gets no requests costs nothing. A context manager."""

    wanted: list[str]
    upstream_port: int
    core: int
    envoy: str | None = None
    running: dict[str, Gateway] = field(default_factory=dict)

    def __enter__(self) -> "Gateways":
        self._stack = contextlib.ExitStack()
        with self._stack:
            # LiteLLM is the last one: its port is chosen before it is taken.
            for name in self.wanted:
                self.running[name] = self._start(name)
                processes.pin(self.running[name].pid, self.core)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *exc) -> None:
        self._stack.close()

    def _start(self, name: str) -> Gateway:
        if name == "litellm":
            with processes.unpinned():
                proxy = self._stack.enter_context(litellm(self.upstream_port))
            return Gateway(proxy.port, proxy.pid)
        clusters = {"llm": self.upstream_port}
        if name == "registry":
            registry = self._stack.enter_context(Registry())
            registry.publish(workload.prompts(workload.FEW))
            clusters["registry"] = registry.port
        with processes.unpinned():
            envoy = self._stack.enter_context(
                Envoy([listener(name)], clusters, binary=self.envoy, wasm_log_level="warn",
                      congestion_control=CONGESTION_CONTROL))
        return Gateway(envoy.port(name), envoy.process.pid)


def listener(name: str) -> Listener:
    """The configuration of one Envoy variant."""
    common = {"access_log": False, "buffer_limit": BUFFER_BYTES}
    match name:
        case "baseline":
            return Listener(name, **common)
        case "buffer":
            settings = {"@type": TYPE + "envoy.extensions.filters.http.buffer.v3.Buffer",
                        "max_request_bytes": BUFFER_BYTES}
            return Listener(name, filters_after=[{"name": "envoy.filters.http.buffer", "typed_config": settings}],
                            **common)
        case "floor":
            return Listener(name, filters_after=[{"name": "floor", "typed_config": floor()}], **common)
        case "lua":
            settings = {"@type": TYPE + "envoy.extensions.filters.http.lua.v3.Lua",
                        "default_source_code": {"inline_string": lua()}}
            return Listener(name, filters_after=[{"name": "envoy.filters.http.lua", "typed_config": settings}],
                            **common)
        case "promptgate":
            routes = [bootstrap.switched_off(bootstrap.route("llm", workload.OFF)), bootstrap.route("llm")]
            return Listener(name, workload.plugin(workload.FEW), routes=routes, **common)
        case "unheld":
            return Listener(name, workload.plugin(workload.FEW), held=False, **common)
        case "registry":
            return Listener(name, {"registry": {"provider": "promptgate", "cluster": "registry",
                                                "authority": "prompts.test", "refresh": "1h"}}, **common)
        case "many":
            return Listener(name, workload.plugin(workload.MANY), **common)
    raise ValueError(f"no such gateway: {name}")


def floor() -> dict:
    """The typed configuration of the floor's filter: held headers, as Promptgate has them."""
    held = bootstrap.wasm_filter(Listener("floor", "", wasm=FLOOR_WASM, vm_id="floor"))
    held["config"]["root_id"] = "floor"
    return held


def lua() -> str:
    """The script, with the prompt in it."""
    def literal(text: str) -> str:
        # As it stands in JSON; Lua's brackets take everything as it is.
        return f"[[{json.dumps(text, ensure_ascii=False)[1:-1]}]]"
    text = (Path(__file__).parent / "substitute.lua").read_text(encoding="utf-8")
    for name, value in {"SYSTEM": literal(workload.SYSTEM), "USER": literal(workload.USER),
                        "MODEL": workload.MODEL, "TEMPERATURE": str(workload.TEMPERATURE)}.items():
        text = text.replace(f"@{name}@", value)
    return text


def litellm(upstream_port: int) -> LiteLLMProxy:
    """LiteLLM's proxy with the same prompt, for the same upstream."""
    prompt = {"prompt_id": workload.PROMPT_ID,
              "litellm_params": {"prompt_id": workload.PROMPT_ID, "prompt_integration": "dotprompt",
                                 "dotprompt_content": workload.PROMPT}}
    models = [{"model_name": workload.MODEL,
               "litellm_params": {"model": f"openai/{workload.MODEL}", "api_key": "not-used",
                                  "api_base": f"http://127.0.0.1:{upstream_port}/v1"}}]
    return LiteLLMProxy([prompt], models)
