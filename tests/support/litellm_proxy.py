"""A real LiteLLM proxy without a database, whose prompts come from its configuration."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from support.bootstrap import LOOPBACK, ROOT
from support.envoy import poll

PROGRAM = Path(os.environ.get("LITELLM") or ROOT / ".tools" / "litellm" / "bin" / "litellm")
START_SECONDS = 120
STOP_SECONDS = 10


class LiteLLMProxy:
    """One process. A context manager; `key` is what its administrator sends."""

    key = "sk-tests-1f9c"

    def __init__(self, prompts: list[dict], models: list[dict] = []):
        """`prompts` and `models` are the members `prompts` and `model_list` of its configuration."""
        if not PROGRAM.exists():
            raise FileNotFoundError(f"{PROGRAM} is missing: run `make litellm`")
        self._folder = Path(tempfile.mkdtemp(prefix="promptgate-litellm-"))
        self._config = {"model_list": models, "prompts": prompts, "general_settings": {"master_key": self.key}}
        self._process: subprocess.Popen | None = None
        self.port = 0

    def __enter__(self) -> "LiteLLMProxy":
        config = self._folder / "config.yaml"
        config.write_text(json.dumps(self._config), encoding="utf-8")  # JSON is YAML
        with socket.create_server((LOOPBACK, 0)) as server:
            self.port = server.getsockname()[1]
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        # It would download prices of models, and send usage data.
        environment |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        with open(self._folder / "litellm.log", "wb") as log:
            self._process = subprocess.Popen(
                [str(PROGRAM), "--host", LOOPBACK, "--port", str(self.port), "--config", str(config),
                 "--telemetry", "False"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd=self._folder)
        try:
            poll(lambda: self._process.poll() is not None or self._is_ready(), START_SECONDS, 0.1)
            if self._process.poll() is not None:
                raise RuntimeError(f"LiteLLM ended with {self._process.returncode}:\n{self.log()[-4000:]}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(STOP_SECONDS)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The process: the worker, as there is one."""
        return self._process.pid

    def log(self) -> str:
        """What it has written so far."""
        return (self._folder / "litellm.log").read_text(errors="replace")

    def info(self, prompt_id: str, environment: str | None = None) -> tuple[int, dict]:
        """Status and answer of `GET /prompts/{id}/info`."""
        query = f"?environment={quote(environment)}" if environment else ""
        request = urllib.request.Request(f"http://{LOOPBACK}:{self.port}/prompts/{quote(prompt_id)}/info{query}",
                                         headers={"authorization": f"Bearer {self.key}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}/health/liveliness", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False
