"""Files of a repository, as the APIs of Bitbucket Cloud, GitHub and GitLab hand them out."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from support.registry_reply import Reply, basic, bearer, conditional, in_json
from support.upstream_record import Record

OWNER, REPOSITORY, BRANCH = "acme", "prompts", "main"


class Repository:
    """What all three have in common: one repository with one branch. `files` are texts by path."""

    def __init__(self, files: Mapping[str, str]):
        self.files = files
        self.token: str | None = None
        self.lacks_scope = False
        """Whether the token is known, and may not read."""

    def is_folder(self, path: str) -> bool:
        """Whether files lie below the path."""
        return any(name.startswith(path + "/") for name in self.files)


def _etag(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


class Bitbucket:
    """`GET /2.0/repositories/{workspace}/{repository}/src/{branch}/{path}`: the file itself."""

    _PATH = re.compile(r"^/2\.0/repositories/(?P<owner>[^/]+)/(?P<repository>[^/]+)"
                       r"/src/(?P<branch>[^/]+)/(?P<path>.+)$")

    def __init__(self, repository: Repository):
        self._repository = repository

    def answers(self, path: str) -> bool:
        """Whether a request is for this API."""
        return path.startswith("/2.0/")

    async def answer(self, record: Record) -> Reply:
        """A file, a folder's listing, or an error in Bitbucket's envelope."""
        repository, asked = self._repository, self._PATH.match(record.path.split("?")[0])
        user = basic(record)
        if repository.token and repository.token not in (bearer(record), user and user[1]):
            return self._error(401, "Token is invalid, expired, or not supported for this endpoint.")
        if repository.lacks_scope:
            return self._error(403, "Your credentials lack one or more required privilege scopes.",
                               {"granted": ["account"], "required": ["repository"]})
        if not asked:
            return self._error(404, "Resource not found")
        if (unquote(asked["owner"]), unquote(asked["repository"])) != (OWNER, REPOSITORY):
            return self._error(404, "You may not have access to this repository or it no longer exists in this "
                                    "workspace. If you think this repository exists and you have access, make sure "
                                    "you are authenticated.")
        if unquote(asked["branch"]) != BRANCH:
            return self._error(404, "Commit not found", data={"shas": [unquote(asked["branch"])]})
        path = unquote(asked["path"])
        if path in repository.files:
            text = repository.files[path]
            reply = Reply(200, text.encode(), (("content-type", "text/plain"), ("cache-control", "no-cache")))
            return conditional(record, reply, f'"{_etag(text)}"')
        if repository.is_folder(path):
            return in_json({"pagelen": 10, "values": [{"path": path, "type": "commit_directory"}], "page": 1})
        return self._error(404, f"No such file or directory: {path}", data={"path": path})

    @staticmethod
    def _error(status: int, message: str, detail=None, data=None) -> Reply:
        error = {"message": message}
        error |= {"detail": detail} if detail else {}
        error |= {"data": data} if data else {}
        return in_json({"type": "error", "error": error}, status)


class GitHub:
    """`GET /repos/{owner}/{repository}/contents/{path}?ref={branch}`: the file, or JSON with its base64."""

    _PATH = re.compile(r"^/repos/(?P<owner>[^/]+)/(?P<repository>[^/]+)/contents/(?P<path>.*)$")
    _DOCUMENTATION = "https://docs.github.com/rest/repos/contents#get-repository-content"

    def __init__(self, repository: Repository):
        self._repository = repository
        self.moved = False
        """Whether the repository has another name by now."""

    def answers(self, path: str) -> bool:
        """Whether a request is for this API."""
        return path.startswith("/repos/")

    async def answer(self, record: Record) -> Reply:
        """A file in the media type that was asked for, a folder's listing, or an error."""
        repository, url = self._repository, urlsplit(record.path)
        asked = self._PATH.match(url.path)
        if not record.header("user-agent"):
            return Reply(403, b"Request forbidden by administrative rules. Please make sure your request has a "
                              b"User-Agent header.", (("content-type", "text/plain"),))
        if repository.token and bearer(record) is None:
            return self._error(404, "Not Found")
        if repository.token and bearer(record) != repository.token:
            return self._error(401, "Bad credentials")
        if repository.lacks_scope:
            return self._error(403, "Resource not accessible by personal access token")
        if not asked or (asked["owner"], asked["repository"]) != (OWNER, REPOSITORY):
            return self._error(404, "Not Found")
        if self.moved:
            to = f"https://{record.header('host')}/repositories/1296269/contents/{asked['path']}?{url.query}"
            body = {"message": "Moved Permanently", "url": to, "documentation_url": self._DOCUMENTATION}
            return in_json(body, 301, ("location", to))
        branch = parse_qs(url.query).get("ref", [BRANCH])[0]
        if branch != BRANCH:
            return self._error(404, f"No commit found for the ref {branch}")
        path = unquote(asked["path"])
        if path in repository.files:
            return self._file(record, path, repository.files[path])
        if repository.is_folder(path):
            return in_json([{"type": "dir", "name": path.rpartition("/")[2], "path": path}])
        return self._error(404, "Not Found")

    @staticmethod
    def _file(record: Record, path: str, text: str) -> Reply:
        if "raw" in (record.header("accept") or ""):
            body, media_type = text.encode(), "application/vnd.github.raw+json; charset=utf-8"
        else:
            content = base64.encodebytes(text.encode()).decode()
            body = json.dumps({"type": "file", "encoding": "base64", "path": path, "content": content}).encode()
            media_type = "application/json; charset=utf-8"
        headers = (("content-type", media_type), ("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", "4987"))
        return conditional(record, Reply(200, body, headers), f'W/"{_etag(text)}"')

    def _error(self, status: int, message: str) -> Reply:
        return in_json({"message": message, "documentation_url": self._DOCUMENTATION, "status": str(status)}, status)


class GitLab:
    """`GET /api/v4/projects/{project}/repository/files/{path}/raw?ref={branch}`: both are one segment each."""

    _PATH = re.compile(r"^/api/v4/projects/(?P<project>[^/]+)/repository/files/(?P<path>[^/]+)/raw$")

    def __init__(self, repository: Repository):
        self._repository = repository

    def answers(self, path: str) -> bool:
        """Whether a request is for this API."""
        return path.startswith("/api/v4/")

    async def answer(self, record: Record) -> Reply:
        """A file or an error."""
        repository, url = self._repository, urlsplit(record.path)
        asked = self._PATH.match(url.path)
        if repository.token and repository.token not in (record.header("private-token"), bearer(record)):
            return in_json({"message": "401 Unauthorized"}, 401)
        if repository.lacks_scope:
            return in_json({"error": "insufficient_scope", "scope": "api read_api",
                            "error_description": "The request requires higher privileges than provided."}, 403)
        if not asked:
            return in_json({"error": "404 Not Found"}, 404)
        if unquote(asked["project"]) != f"{OWNER}/{REPOSITORY}":
            return in_json({"message": "404 Project Not Found"}, 404)
        if parse_qs(url.query).get("ref") != [BRANCH]:
            return in_json({"message": "404 Commit Not Found"}, 404)
        path = unquote(asked["path"])
        if path not in repository.files:
            return in_json({"message": "404 File Not Found"}, 404)
        text = repository.files[path]
        headers = (("content-type", "text/plain; charset=utf-8"), ("x-gitlab-file-path", path),
                   ("x-gitlab-ref", BRANCH), ("x-gitlab-size", str(len(text.encode()))))
        return conditional(record, Reply(200, text.encode(), headers), f'W/"{_etag(text)}"')
