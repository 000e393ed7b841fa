#!/usr/bin/env bash
# Checks this example with a real Envoy against a stand-in for Bitbucket's API, over TLS as in earnest: prompts come
# from files of a repository, and Envoy adds the token.
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

command -v openssl >/dev/null || fail "this check makes a certificate and needs openssl"
token='token-verify-93a0'
registry_folder=$WORK/repository
cp -R "$ROOT/prompts" "$registry_folder"

step "Start a stand-in for api.bitbucket.org, the LLM stand-in, and Envoy"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj '/CN=api.bitbucket.org' \
    -addext 'subjectAltName=DNS:api.bitbucket.org' -keyout "$WORK/key.pem" -out "$WORK/certificate.pem" 2>/dev/null
start_registry --repository "$registry_folder" --authorization "Bearer $token" \
    --tls-certificate "$WORK/certificate.pem" --tls-key "$WORK/key.pem"
start_upstream
export BITBUCKET_AUTHORIZATION="Bearer $token"
start_envoy bitbucket \
    "s/address: api.bitbucket.org, port_value: 443\b/address: 127.0.0.1, port_value: ${REGISTRY#*:}/" \
    "s#/etc/ssl/certs/ca-certificates.crt#$WORK/certificate.pem#" 's/refresh: 60s/refresh: 1s/'

# bitbucket_was_asked_for PATH …: exactly these files of the repository, in this order.
bitbucket_was_asked_for() {
    request --cacert "$WORK/certificate.pem" --resolve "api.bitbucket.org:${REGISTRY#*:}:127.0.0.1" \
        "https://api.bitbucket.org:${REGISTRY#*:}/__standin/requests" >"$WORK/asked"
    python3 - "$WORK/asked" "$@" <<'PYTHON' || fail "Bitbucket was asked for something else"
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    records = json.load(file)
expected = [f"/2.0/repositories/acme/prompts/src/main/{path}" for path in sys.argv[2:]]
if [record["path"] for record in records] != expected:
    sys.exit(f"asked for {[record['path'] for record in records]}")
if any(dict(record["headers"]).get("host") != "api.bitbucket.org" for record in records):
    sys.exit("the authority is another one")
PYTHON
}

step "A file of the repository, fetched once and kept"
chat '{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
responds_with 200
responds_with_header 'x-promptgate-source: fetch'
upstream_received '[{"model": "gpt-4", "temperature": 0.7, "messages": [
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi"}]}]'
bitbucket_was_asked_for hello.prompt

step "A version, a folder, and what is not there"
chat '{"model": "gpt-4", "prompt_id": "jack-sparrow", "prompt_version": 2}'
responds_with_header 'x-promptgate-version: 2'
chat '{"prompt_id": "support/triage", "prompt_variables": {"ticket": "It burns"}}'
responds_with 200
chat '{"model": "gpt-4", "prompt_id": "support/unknown"}'
responds_with_error 404 prompt_not_found
bitbucket_was_asked_for hello.prompt jack-sparrow.v2.prompt support/triage.prompt support/unknown.prompt

step "A commit is served after refresh, without a restart"
echo 'System: a new commit' >"$registry_folder/hello.prompt"
commits() {
    request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null
    chat '{"model": "gpt-4", "prompt_id": "hello"}'
    request "http://$UPSTREAM/__standin/requests" | grep -qF 'a new commit'
}
wait_for 15 commits

step "The token is in no log"
! grep -q "$token" "$WORK/envoy.log" || fail "the token is in Envoy's log"

echo "bitbucket: verified"
