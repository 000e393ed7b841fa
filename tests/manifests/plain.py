#!/usr/bin/env python3
"""Writes the configuration of a plain Envoy that does what a control plane would do with a recipe's manifests.

    plain.py istio gateway provider --out /tmp/plain
    plain.py istio sidecar provider --sidecar --out /tmp/plain
    plain.py envoy-gateway gateway promptgate --out /tmp/plain

The files are named without `.yaml`. Envoy listens on 127.0.0.1:10000, its admin interface on 127.0.0.1:9901; in the
place of all providers is 127.0.0.1:18080, without TLS. Prompts of a registry need more than that: see the tests.
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from manifests import envoy_gateway, istio, objects  # noqa: E402

from support.bootstrap import LOOPBACK  # noqa: E402

LISTENER, ADMIN, PROVIDER = 10000, 9901, 18080


def main() -> None:
    """Reads the manifests, writes `envoy.yaml` and what it refers to."""
    arguments = parse()
    arguments.out.mkdir(parents=True, exist_ok=True)
    found = objects.read(arguments.recipe, *arguments.files)
    providers = defaultdict(lambda: PROVIDER)
    if arguments.recipe == "istio":
        context = istio.SIDECAR if arguments.sidecar else istio.GATEWAY
        config = istio.plain(found, providers, arguments.wasm, arguments.out.resolve(), context)
    else:
        config = envoy_gateway.plain(found, providers, arguments.wasm)
    listen(config["static_resources"]["listeners"][0], LISTENER)
    listen(config["admin"], ADMIN)
    (arguments.out / "envoy.yaml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")


def listen(place: dict, port: int) -> None:
    """Sets where something listens."""
    place["address"] = {"socket_address": {"address": LOOPBACK, "port_value": port}}


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", choices=["istio", "envoy-gateway"])
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the configuration")
    parser.add_argument("--wasm", type=Path, default=Path("dist/promptgate.wasm"),
                        help="the filter, seen from where Envoy is started")
    parser.add_argument("--sidecar", action="store_true", help="the sidecar of an application, not a gateway")
    return parser.parse_args()


if __name__ == "__main__":
    main()
