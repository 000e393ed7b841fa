#!/usr/bin/env bash
# Checks this example without a cluster: what Envoy Gateway makes of the manifests, run on a plain Envoy. The schemas of
# the manifests, and more cases, are in tests/manifests (`make test-manifests`).
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

# start ARGUMENT …: an Envoy with what Envoy Gateway would make of these files; ends the one before.
start() {
    start_plain envoy-gateway "$@"
}

# serves: one request with a prompt and one that is refused.
serves() {
    chat '{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
    responds_with 200
    responds_with_header 'x-promptgate-id: hello'
    upstream_received '[{"model": "gpt-4o-mini", "temperature": 0.7, "messages": [
        {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi"}]}]'
    chat '{"prompt_id": "unknown"}'
    responds_with_error 404 prompt_not_found
}

step "Start the LLM stand-in"
start_upstream

step "A gateway by EnvoyExtensionPolicy"
start gateway promptgate
serves
request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null

step "Held headers: nothing of a refused request reaches the provider, and routes limit by model"
start gateway hold-headers promptgate-held models
serves
[[ $(request "http://$UPSTREAM/__standin/requests") == '[]' ]] || fail "a refused request reached the provider"
for expected in 200 200 200 429; do
    chat '{"prompt_id": "deep", "prompt_variables": {"question": "it"}}'
    responds_with "$expected"
done

echo "envoy-gateway: verified"
