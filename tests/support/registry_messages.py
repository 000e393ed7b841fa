"""Registries whose prompts are lists of messages: LiteLLM's generic prompt management API, and Langfuse."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from support.registry_reply import Reply, basic, bearer, in_json
from support.upstream_record import Record


class Generic:
    """`GET /beta/litellm_prompt_management?prompt_id=…`. `prompts` are whole answers by id.

    An answer without `prompt_version` or `prompt_label` is sent whatever is asked for: it is a server that knows
    nothing of versions.
    """

    def __init__(self):
        self.prompts: dict[str, dict] = {}
        self.token: str | None = None

    def answers(self, path: str) -> bool:
        """Whether a request is for this API."""
        return path == "/beta/litellm_prompt_management"

    async def answer(self, record: Record) -> Reply:
        """A prompt or an error."""
        if self.token and bearer(record) != self.token:
            return in_json({"detail": "Invalid or missing token"}, 401)
        asked = parse_qs(urlsplit(record.path).query).get("prompt_id", [""])[0]
        if asked not in self.prompts:
            return in_json({"detail": f"Prompt '{asked}' not found"}, 404)
        return in_json({"prompt_id": asked, **self.prompts[asked]})


class Langfuse:
    """`GET /api/public/v2/prompts/{name}?version=…&label=…`. `prompts` are lists of versions by name."""

    _PATH = re.compile(r"^/api/public/v2/prompts/(?P<name>[^/]+)$")

    def __init__(self):
        self.prompts: dict[str, list[dict]] = {}
        self.keys: tuple[str, str] | None = None
        """Public and secret key."""

    def answers(self, path: str) -> bool:
        """Whether a request is for this API."""
        return bool(self._PATH.match(path))

    def add(self, name: str, version: int, prompt, labels: list[str], config: dict | None = None) -> None:
        """One version; `prompt` is a text or a list of messages."""
        self.prompts.setdefault(name, []).append({
            "id": f"cm{version}", "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z",
            "projectId": "p", "createdBy": "u", "name": name, "version": version, "labels": labels, "tags": [],
            "type": "text" if isinstance(prompt, str) else "chat", "prompt": prompt, "config": config or {},
            "commitMessage": None, "resolutionGraph": None})

    async def answer(self, record: Record) -> Reply:
        """A version or an error."""
        if self.keys and basic(record) != self.keys:
            return in_json({"message": "Invalid credentials. Confirm that you've configured the correct host.",
                            "error": "UnauthorizedError"}, 401)
        url = urlsplit(record.path)
        name, query = unquote(self._PATH.match(url.path)["name"]), parse_qs(url.query)
        if "version" in query:
            wanted, of = f"version {query['version'][0]}", lambda one: str(one["version"]) == query["version"][0]
        else:
            label = query.get("label", ["production"])[0]
            wanted, of = f"label '{label}'", lambda one: label in one["labels"]
        found = next(filter(of, self.prompts.get(name, [])), None)
        if found is None:
            return in_json({"message": f"Prompt not found: '{name}' with {wanted}", "error": "LangfuseNotFoundError"},
                           404)
        return in_json(found)
