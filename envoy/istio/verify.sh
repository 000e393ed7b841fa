#!/usr/bin/env bash
# Checks this example without a cluster: what Istio makes of the manifests, run on a plain Envoy. The schemas of the
# manifests, and more cases, are in tests/manifests (`make test-manifests`).
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

PYTHON=$ROOT/.tools/python/bin/python
[[ -x $PYTHON ]] || PYTHON=python3

# start_plain ARGUMENT …: an Envoy with what Istio would make of these files; ends the one before.
start_plain() {
    local folder=$WORK/plain-$#
    if [[ -n $ADMIN ]]; then
        kill "${PIDS[-1]}"
        wait "${PIDS[-1]}" 2>/dev/null || true
        unset 'PIDS[-1]'
        rm "$WORK/envoy.admin"
    fi
    "$PYTHON" "$ROOT/tests/manifests/plain.py" istio "$@" --wasm "$PROMPTGATE_WASM" --out "$folder"
    start_envoy "$(python3 -c 'import os, sys; print(os.path.relpath(*sys.argv[1:]))' "$folder" "$ROOT/envoy")"
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
start_plain gateway provider buffer-limit
serves
request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null

step "Held headers: nothing of a refused request reaches the provider, and models are authorised"
start_plain gateway provider buffer-limit hold-headers models
serves
no_requests
chat '{"prompt_id": "deep", "prompt_variables": {"question": "it"}}'
responds_with 403
no_requests

step "A sidecar: the application asks the provider by its own name"
start_plain sidecar provider buffer-limit hold-headers-sidecar --sidecar
STATUS=$(request --output "$WORK/body" --write-out '%{http_code}' --header 'host: api.openai.com' \
    --header 'content-type: application/json' --data-binary "$hello" "http://$GATEWAY/v1/chat/completions")
responds_with 200
upstream_received "[$rendered]"

echo "istio: verified"
