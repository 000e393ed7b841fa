#!/usr/bin/env bash
# Checks this example without a cluster: what Istio makes of the manifests, run on a plain Envoy. The schemas of the
# manifests, and more cases, are in tests/manifests (`make test-manifests`).
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

# start ARGUMENT …: an Envoy with what Istio would make of these files; ends the one before.
start() {
    start_plain istio "$@" --wasm "$PROMPTGATE_WASM"
}

hello='{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
rendered='{"model": "gpt-4o-mini", "temperature": 0.7, "messages": [
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi"}]}'

# serves: one request with a prompt and one that is refused.
serves() {
    chat "$hello"
    responds_with 200
    responds_with_header 'x-promptgate-id: hello'
    upstream_received "[$rendered]"
    chat '{"prompt_id": "unknown"}'
    responds_with_error 404 prompt_not_found
}

# no_requests: nothing of what was refused came to the provider.
no_requests() {
    [[ $(request "http://$UPSTREAM/__standin/requests") == '[]' ]] || fail "a refused request reached the provider"
}

step "Start the LLM stand-in"
start_upstream

step "A gateway by TrafficExtension"
start gateway provider buffer-limit
serves
request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null

step "Held headers: nothing of a refused request reaches the provider, and models are authorised"
start gateway provider buffer-limit hold-headers models
serves
no_requests
chat '{"prompt_id": "deep", "prompt_variables": {"question": "it"}}'
responds_with 403
no_requests

step "A sidecar: the application asks the provider by its own name"
start sidecar provider buffer-limit hold-headers-sidecar --sidecar
STATUS=$(request --output "$WORK/body" --write-out '%{http_code}' --header 'host: api.openai.com' \
    --header 'content-type: application/json' --data-binary "$hello" "http://$GATEWAY/v1/chat/completions")
responds_with 200
upstream_received "[$rendered]"

echo "istio: verified"
