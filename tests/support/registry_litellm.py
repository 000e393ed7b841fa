"""LiteLLM's `GET /prompts/{id}/info`, as release 1.106 answers it with a database."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from support.registry_reply import Reply, bearer, in_json
from support.upstream_record import Record

_PATH = re.compile(r"^/prompts/(?P<id>[^/]+)/info$")
_VERSIONED = re.compile(r"^(?P<id>.+?)\.v(?P<version>\d+)$")
_PRECEDENCE = ("production", "staging", "development")


@dataclass
class Saved:
    """One version of a prompt."""

    text: str
    version: int = 1
    environment: str = "development"


class LiteLLM:
    """The API. `prompts` are lists of versions by id."""

    def __init__(self):
        self.prompts: dict[str, list[Saved]] = {}
        self.token: str | None = None
        self.lacks_role = False
        """Whether the key belongs to somebody who is no administrator."""

    def answers(self, path: str) -> bool:
        """Whether a request is for this API."""
        return bool(_PATH.match(path))

    async def answer(self, record: Record) -> Reply:
        """Information about a prompt, or an error in either of LiteLLM's two forms."""
        if self.token and bearer(record) != self.token:
            message = "Authentication Error, Invalid proxy server token passed. Unable to find token in cache or DB"
            return in_json({"error": {"message": message, "type": "token_not_found_in_db", "param": "key",
                                      "code": "401"}}, 401)
        if self.lacks_role:
            return in_json({"detail": "You are not authorized to access this prompt. Your role - internal_user, "
                                      "Your key's prompts - None"}, 403)
        url = urlsplit(record.path)
        asked = unquote(_PATH.match(url.path)["id"])
        environment = parse_qs(url.query).get("environment", [None])[0]
        found = self._find(asked, environment)
        if found is None:
            where = f" in environment {environment}" if environment else ""
            return in_json({"detail": f"Prompt {asked} not found{where}"}, 400)
        return in_json(self._info(asked, found))

    def _find(self, asked: str, environment: str | None) -> Saved | None:
        versioned = _VERSIONED.match(asked)
        saved = self.prompts.get(versioned["id"] if versioned else asked, [])
        present = {one.environment for one in saved}
        chosen = environment or next((name for name in _PRECEDENCE if name in present), None)
        there = [one for one in saved if one.environment == chosen]
        if versioned:
            there = [one for one in there if one.version == int(versioned["version"])]
        return max(there, key=lambda one: one.version, default=None)

    def _info(self, asked: str, found: Saved) -> dict:
        versioned = _VERSIONED.match(asked)
        prompt_id = versioned["id"] if versioned else asked
        params = {"prompt_id": prompt_id, "prompt_integration": "dotprompt", "api_base": None, "api_key": None,
                  "provider_specific_query_params": None, "ignore_prompt_manager_model": False,
                  "ignore_prompt_manager_optional_params": False, "dotprompt_content": found.text}
        at = "2026-11-09T12:34:56.789000Z"
        spec = {"prompt_id": prompt_id, "litellm_params": params, "created_at": at, "updated_at": at,
                "prompt_info": {"prompt_type": "db", "environment": found.environment},
                "version": found.version, "environment": found.environment, "created_by": "default_user_id"}
        environments = sorted({one.environment for one in self.prompts[prompt_id]})
        return {"prompt_spec": spec, "environments": environments, "raw_prompt_template": {
            "litellm_prompt_id": prompt_id, "content": found.text, "metadata": {}}}
