#!/usr/bin/env python3
"""Prints a token for a team, signed with the sample key of `envoy.yaml`: what an identity provider would do.

    python3 envoy/rules/token.py support
"""

import base64
import hashlib
import hmac
import json
import sys

KEY = b"a sample, no secret: change it!!"


def encoded(data: bytes) -> str:
    """Base64 as in tokens: for URLs, without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def token(team: str, key: bytes = KEY) -> str:
    """A JWT that says which team its bearer is of. It never expires; yours should."""
    head = {"alg": "HS256", "kid": "sample", "typ": "JWT"}
    claims = {"iss": "https://login.example.com", "aud": "llm", "team": team}
    signed = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
    return f"{signed}.{encoded(hmac.digest(key, signed.encode(), hashlib.sha256))}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: token.py TEAM")
    print(token(sys.argv[1]))
