"""What tests with a registry share: plugin configurations that lead to the stand-in, and requests for its prompts."""

from support import wire
from support.registry_git import BRANCH, OWNER, REPOSITORY

CLUSTER = "registry"

SETTINGS = {
    "promptgate": {"authority": "prompts.test"},
    "litellm": {"authority": "litellm.test:4000"},
    "bitbucket": {"workspace": OWNER, "repository": REPOSITORY, "branch": BRANCH},
    "gitlab": {"project": f"{OWNER}/{REPOSITORY}", "branch": BRANCH},
    "github": {"owner": OWNER, "repository": REPOSITORY, "branch": BRANCH},
    "generic": {"authority": "generic.test"},
    "langfuse": {},
}
"""What each provider needs to reach the stand-in, by name."""


def registry(provider: str = "bitbucket", **changes) -> dict:
    """The `registry` of a plugin configuration, with some settings otherwise."""
    return {"provider": provider, "cluster": CLUSTER, **SETTINGS[provider], **changes}


def plugin(provider: str = "bitbucket", *, others: dict = {}, **changes) -> dict:
    """A plugin configuration with a registry and `others`, which says in a header where prompts come from."""
    return {"registry": registry(provider, **changes), "debug_headers": True, **others}


def text(marker: str) -> str:
    """A prompt that shows by its system message which one it is, and takes one variable."""
    return f"---\nmodel: gpt-4\n---\nSystem: {marker}\n\nUser: [{{{{ x }}}}]"


def messages(marker: str, x: str) -> list[dict]:
    """What upstream receives of that prompt."""
    return [{"role": "system", "content": marker}, {"role": "user", "content": f"[{x}]"}]


def path(prompt_id: str) -> str:
    """Where the stand-in for Bitbucket has the file of a prompt."""
    return f"/2.0/repositories/{OWNER}/{REPOSITORY}/src/{BRANCH}/{prompt_id}.prompt"


def request(prompt_id: str, x: str = "x", **fields) -> dict:
    """A request for a prompt."""
    return {"prompt_id": prompt_id, "prompt_variables": {"x": x}, **fields}


def ask(port: int, prompt_id: str, x: str = "x", *, timeout: float = wire.TIMEOUT, **fields) -> wire.Response:
    """One chat request for a prompt."""
    return wire.post(port, request(prompt_id, x, **fields), timeout=timeout)


def source(answer: wire.Response) -> str | None:
    """Where the prompt of an answer came from."""
    return answer.header("x-promptgate-source")
