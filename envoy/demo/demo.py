#!/usr/bin/env python3
"""`make demo`: sample requests through a real Envoy, what the client sent and what the upstream received.

Exits 1 when a request does not get what requests.json says.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from gateway import Failed, Processes, configuration, end_on_signals, get, ports
from show import Page

CASES = Path(__file__).with_name("requests.json")
# Where a case goes that names no other path.
PATH = "/v1/chat/completions"


def send(url: str, request: object) -> tuple[int, dict[str, str], object]:
    """Sends a request with curl; status, headers and body of the answer."""
    command = ["curl", "--silent", "--show-error", "--max-time", "30", "--noproxy", "*", "--include"]
    command += ["--header", "content-type: application/json", "--data-binary", json.dumps(request)]
    try:
        run = subprocess.run([*command, url], capture_output=True, text=True, check=False)
    except OSError as problem:
        raise Failed(f"curl: {problem}") from problem
    if run.returncode:
        raise Failed(run.stderr.strip())
    head, _, body = run.stdout.replace("\r\n", "\n").partition("\n\n")
    status, *fields = head.splitlines()
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in fields)}
    return int(status.split()[1]), headers, json.loads(body)


def received(upstream: str) -> list:
    """The bodies that the stand-in has recorded, which it forgets by this."""
    records = json.loads(get(f"{upstream}/__standin/requests"))
    forget = urllib.request.Request(f"{upstream}/__standin/requests", method="DELETE")
    urllib.request.urlopen(forget, timeout=5).close()
    return [json.loads(record["body"]) for record in records]


def differences(case: dict, status: int, headers: dict[str, str], body: dict, upstream: list) -> list[str]:
    """What is not as the case says."""
    if "reply" in case:
        error = body.get("error") or {}
        seen = {"status": status, "code": error.get("code"), "param": error.get("param")}
        found = [] if seen == case["reply"] else [f"expected the reply {case['reply']}, got {seen}"]
        return found + (["the upstream received it all the same"] if upstream else [])
    found = [] if status == 200 else [f"expected status 200, got {status}: {json.dumps(body)}"]
    if upstream != [case["upstream"]]:
        found.append(f"expected upstream to receive {json.dumps(case['upstream'])}")
    answered = [headers.get("x-promptgate-id"), headers.get("x-promptgate-version")]
    if answered != case["prompt"]:
        found.append(f"expected the response headers to say {case['prompt']}, got {answered}")
    return found


def show(page: Page, number: int, case: dict, status: int, headers: dict, body: dict, upstream: list) -> None:
    """One request and what became of it."""
    page.heading(f"{number}. {case['title']}")
    sent = f"the client sent to {case.get('path', PATH)}"
    if upstream:
        page.columns(sent, case["request"], "the upstream received", upstream[0])
        named = f"{headers.get('x-promptgate-id')}, version {headers.get('x-promptgate-version')}"
        page.line(f"{page.paint('32', str(status))}  prompt: {named}")
    else:
        page.columns(sent, case["request"], "the client got (the upstream: nothing)", body)
        page.line(page.paint("33", str(status)))


def run(page: Page, gateway: str, upstream: str, brief: bool) -> int:
    """All requests; the number of those that did not get what they should."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    failures = 0
    for number, case in enumerate(cases, 1):
        status, headers, body = send(gateway + case.get("path", PATH), case["request"])
        arrived = received(upstream)
        problems = differences(case, status, headers, body, arrived)
        if brief:
            page.line(f"{'FAILED' if problems else 'ok':<6} {case['title']}")
        else:
            show(page, number, case, status, headers, body, arrived)
        for problem in problems:
            page.line(page.paint("31", f"   wrong: {problem}"))
        failures += bool(problems)
    page.line()
    page.line(f"demo: {len(cases) - failures} of {len(cases)} requests got what they should")
    return failures


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envoy", required=True, help="the Envoy program")
    parser.add_argument("--wasm", required=True, help="the filter")
    parser.add_argument("--brief", action="store_true", help="one line for each request")
    options = parser.parse_args()
    page = Page()
    end_on_signals()
    with tempfile.TemporaryDirectory(prefix="promptgate-demo-") as folder:
        processes = Processes(Path(folder))
        try:
            upstream = processes.start_upstream(0)
            replacements = ports(0, 0, int(upstream.rsplit(":", 1)[1]))
            replacements["dist/promptgate.wasm"] = str(Path(options.wasm).resolve())
            gateway, _admin = processes.start_envoy(options.envoy, configuration("static", replacements), stays=False)
            page.line(f"Envoy on {gateway} with envoy/static/envoy.yaml, LLM stand-in on {upstream}")
            page.line(f"curl {gateway}{PATH} -H 'content-type: application/json' -d '…'")
            failures = run(page, gateway, upstream, options.brief)
            processes.check()
        except Failed as problem:
            print(f"demo: {problem}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
        except BrokenPipeError:
            # The reader left (`make demo | head`); what is still buffered has nowhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        finally:
            processes.stop()
    if not failures and not options.brief:
        page.line("Everything is stopped. `make run` starts the same and leaves it running.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
