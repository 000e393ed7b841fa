"""A real Prometheus that scrapes a real Envoy every second, with the rules of the repository."""

import json
import os
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from support.envoy import poll

STOP_SECONDS = 10


class Prometheus:
    """One server with its own folder and port. A context manager."""

    def __init__(self, folder: Path, target: str, rules: Path):
        """`folder` is empty, `target` the address of Envoy's admin interface, `rules` a file of rules."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self._folder = folder
        self._process: subprocess.Popen | None = None
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(rules)],
            "scrape_configs": [{"job_name": "gateway", "metrics_path": "/stats/prometheus",
                                "static_configs": [{"targets": [target]}]}],
        }
        (folder / "prometheus.yaml").write_text(json.dumps(config))

    def __enter__(self) -> "Prometheus":
        with open(self._folder / "log", "wb") as log:
            self._process = subprocess.Popen(
                [os.environ["PROMETHEUS"], f"--config.file={self._folder}/prometheus.yaml",
                 f"--storage.tsdb.path={self._folder}/data", f"--web.listen-address={self.address}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            poll(self._scraped, 60)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_SECONDS)

    def _scraped(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"Prometheus ended:\n{(self._folder / 'log').read_text()[-4000:]}")
        try:
            return bool(self.query("up == 1"))
        except (urllib.error.URLError, ConnectionError):
            return False

    def query(self, expression: str) -> list[dict]:
        """The samples of an expression now; ValueError with Prometheus's words if it can't be evaluated."""
        return self._get(f"/api/v1/query?{urllib.parse.urlencode({'query': expression})}")["result"]

    def rules(self) -> list[dict]:
        """Every rule with its state."""
        return [rule for group in self._get("/api/v1/rules")["groups"] for rule in group["rules"]]

    def _get(self, path: str) -> dict:
        try:
            with urllib.request.urlopen(f"http://{self.address}{path}", timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            if error.code == 503:  # it is starting
                raise ConnectionError(str(error)) from error
            raise ValueError(json.load(error)["error"]) from error
