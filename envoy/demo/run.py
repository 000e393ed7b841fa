#!/usr/bin/env python3
"""`make run` and `make stop`: Envoy, the LLM stand-in and `promptgate bundle --watch`, left running.

Uses envoy/hot-reload/ on the ports that stand there, or others where those are taken.
"""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

from gateway import (
    ADMIN_PORT,
    GATEWAY_PORT,
    ROOT,
    STOP_SECONDS,
    UPSTREAM_PORT,
    Failed,
    Processes,
    configuration,
    end_on_signals,
    ended,
    free_or_any,
    poll,
    ports,
)

STATE = "state.json"


def ours(pid: int, folder: Path) -> bool:
    """Whether the process still is one that `start` left: ids are reused after a reboot."""
    if ended(pid):
        return False
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True  # no /proc on this system: trust the state file
    return str(folder).encode() in command


def describe(state: dict, folder: Path) -> None:
    """Says where everything is."""
    gateway, admin, upstream = state["gateway"], state["admin"], state["upstream"]
    names = ", ".join(f"{name} {pid}" for name, pid in state["pids"].items())
    print(f"""Promptgate is running.

  gateway         {gateway}
  Envoy's admin   {admin}
  LLM stand-in    {upstream}   (what it received: {upstream}/__standin/requests)
  prompts         {ROOT / "prompts"}   (edit one: requests have it within a second)
  process ids     {names}   (also in {folder / STATE})
  logs            {folder}/*.log

Try:

  curl {gateway}/v1/chat/completions -H 'content-type: application/json' \\
    -d '{{"prompt_id": "hello", "prompt_variables": {{"user_message": "Hi"}}}}'
  curl {upstream}/__standin/requests

Stop it with `make stop`.""")


def start(options) -> int:
    """Starts everything; the exit status."""
    folder = options.folder
    if (folder / STATE).exists():
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        if all(ours(pid, folder) for pid in state["pids"].values()):
            describe(state, folder)
            return 0
        stop(options)
    (folder / "watched").mkdir(parents=True, exist_ok=True)
    processes = Processes(folder)
    try:
        wasm = Path(options.wasm).resolve()
        upstream = processes.start_upstream(free_or_any(UPSTREAM_PORT))
        watched = folder / "watched" / "promptgate.json"
        processes.start_bundler(options.promptgate, ROOT / "envoy/hot-reload/promptgate.yaml", wasm, watched)
        replacements = ports(free_or_any(GATEWAY_PORT), free_or_any(ADMIN_PORT), int(upstream.rsplit(":", 1)[1]))
        replacements["envoy/hot-reload/watched"] = str(watched.parent)
        text = configuration("hot-reload", replacements)
        gateway, admin = processes.start_envoy(options.envoy, text, stays=True)
        state = {
            "gateway": gateway,
            "admin": admin,
            "upstream": upstream,
            "pids": {name: process.pid for name, process in processes.started},
        }
        (folder / STATE).write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")
    except Failed as problem:
        processes.stop()
        print(f"run: {problem}", file=sys.stderr)
        return 1
    except BaseException:
        processes.stop()
        raise
    describe(state, folder)
    return 0


def stop(options) -> int:
    """Ends what `start` left running; the exit status."""
    folder = options.folder
    if not (folder / STATE).exists():
        print("nothing is running")
        return 0
    state = json.loads((folder / STATE).read_text(encoding="utf-8"))
    pids = [pid for pid in state["pids"].values() if ours(pid, folder)]
    for pid in reversed(pids):
        os.kill(pid, signal.SIGTERM)
    for pid in pids:
        try:
            poll(lambda pid=pid: ended(pid), f"process {pid}", STOP_SECONDS)
        except Failed:
            os.kill(pid, signal.SIGKILL)
    (folder / STATE).unlink()
    print("stopped" if pids else "nothing was running any more")
    return 0


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / ".run", help="where state and logs are kept")
    commands = parser.add_subparsers(dest="command", required=True)
    starting = commands.add_parser("start")
    starting.add_argument("--envoy", required=True, help="the Envoy program")
    starting.add_argument("--wasm", required=True, help="the filter")
    starting.add_argument("--promptgate", required=True, help="the promptgate program")
    commands.add_parser("stop")
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    end_on_signals()
    return start(options) if options.command == "start" else stop(options)


if __name__ == "__main__":
    sys.exit(main())
