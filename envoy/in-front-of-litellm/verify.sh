#!/usr/bin/env bash
# Checks this example with a real Envoy and a real LiteLLM proxy: prompts of the bundle and of LiteLLM's own are applied
# once, keys stay LiteLLM's business, and requests can be moved over and back while everything runs. LITELLM names
# another program than the one that make installs.
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

LITELLM=${LITELLM:-$ROOT/.tools/litellm/bin/litellm}
[[ -x $LITELLM ]] || fail "there is no LiteLLM: set LITELLM, or run: make litellm"
key='sk-verify-8d20'
letter='{"model": "gpt-4", "prompt_id": "letter", "prompt_variables": {"name": "O'\''Hara"}, "messages": []}'
bound='{"model": "my-dotprompt-model", "prompt_variables": {"user_message": "What'\''s up?"}, "messages": []}'

# ask BODY [CURL-ARGUMENT …]: sends a chat completion with a client's key. Sets STATUS, and the files of `chat`.
ask() {
    local body=$1
    shift
    STATUS=$(request --output "$WORK/body" --dump-header "$WORK/headers" --write-out '%{http_code}' \
        --header "authorization: Bearer $key" --header 'content-type: application/json' --data-binary "$body" "$@" \
        "http://$GATEWAY/v1/chat/completions")
}

# provider_received JSON-LIST: like `upstream_received`; LiteLLM also looks at the provider's list of models now and then.
provider_received() {
    request "http://$UPSTREAM/__standin/requests" >"$WORK/all"
    request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null
    python3 - "$1" "$WORK/all" <<'PYTHON' || fail "the provider received something else"
import json
import sys

expected = json.loads(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    received = [json.loads(record["body"]) for record in json.load(file) if record["method"] == "POST"]
if received != expected:
    sys.exit(f"expected {json.dumps(expected)}\nreceived {json.dumps(received)}")
PYTHON
}

# share PERCENT: of the requests goes through Promptgate from now on.
share() {
    request --request POST "http://$ADMIN/runtime_modify?promptgate.percent=$1" >/dev/null
}

step "Start LiteLLM, the LLM stand-in, and Envoy"
start_upstream
port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
sed -e "s/:18080/:${UPSTREAM#*:}/" -e "s#global_prompt_directory: #&$ROOT/#" \
    "$ROOT/envoy/in-front-of-litellm/litellm.yaml" >"$WORK/litellm.yaml"
env -u DATABASE_URL LITELLM_MASTER_KEY=$key LITELLM_LOCAL_MODEL_COST_MAP=True "$LITELLM" --host 127.0.0.1 \
    --port "$port" --config "$WORK/litellm.yaml" --telemetry False >"$WORK/litellm.log" 2>&1 &
PIDS+=($!)
wait_for 120 request --fail "http://127.0.0.1:$port/health/liveliness"
export LITELLM_AUTHORIZATION="Bearer $key"
start_envoy in-front-of-litellm "s/port_value: 4000\b/port_value: $port/" "s/127.0.0.1:4000/127.0.0.1:$port/"

step "Before: requests reach LiteLLM untouched, which applies its prompts in its own way"
share 0
ask "$letter"
responds_with 200
ask "$bound"
responds_with 200
! grep -qi '^x-promptgate' "$WORK/headers" || fail "Promptgate touched the request"
provider_received '[{"model": "gpt-4", "messages": [
    {"role": "system", "content": "You write letters."}, {"role": "user", "content": "Write to O&#39;Hara."}]},
  {"model": "gpt-4", "temperature": 0.7, "messages": [
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "What&#39;s up?"},
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "What&#39;s up?"},
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "What&#39;s up?"}]}]'

step "After: a prompt that LiteLLM keeps, and a bound model whose prompt has moved; each once, and verbatim"
share 100
ask "$letter"
responds_with 200
responds_with_header 'x-promptgate-id: letter'
ask "$bound"
responds_with 200
responds_with_header 'x-promptgate-id: hello'
ask '{"model": "dotprompt/gpt-4", "prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}, "messages": []}'
responds_with 200
provider_received '[{"model": "gpt-4", "messages": [
    {"role": "system", "content": "You write letters."}, {"role": "user", "content": "Write to O'\''Hara."}]},
  {"model": "gpt-4", "temperature": 0.7, "messages": [
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "What'\''s up?"}]},
  {"model": "gpt-4", "temperature": 0.7, "messages": [
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi"}]}]'

step "A variable that was not sent, and messages of the client's own"
ask '{"model": "gpt-4", "prompt_id": "letter", "messages": [{"role": "user", "content": "Shorter"}]}'
responds_with 200
provider_received '[{"model": "gpt-4", "messages": [{"role": "system", "content": "You write letters."},
    {"role": "user", "content": "Write to ."}, {"role": "user", "content": "Shorter"}]}]'

step "An answer is streamed through both"
ask "${letter/\{/\{\"stream\": true, }"
responds_with 200
grep -q '^data: \[DONE\]' "$WORK/body" || fail "the stream is not complete: $(<"$WORK/body")"
request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null

step "What needs no prompt passes: a request without one, and LiteLLM's other paths"
ask '{"model": "gpt-4", "messages": [{"role": "user", "content": "Hi"}]}'
responds_with 200
provider_received '[{"model": "gpt-4", "messages": [{"role": "user", "content": "Hi"}]}]'
request --header "authorization: Bearer $key" "http://$GATEWAY/v1/models" | grep -q my-dotprompt-model ||
    fail "LiteLLM's list of models does not pass"

step "Nothing reaches the provider with an unknown prompt, or with a key that LiteLLM does not know"
ask '{"model": "gpt-4", "prompt_id": "unknown", "messages": []}'
responds_with_error 404 prompt_not_found
ask "$letter" --header 'authorization: Bearer sk-of-nobody'
[[ $STATUS == 4* ]] || fail "expected LiteLLM's refusal, got $STATUS: $(<"$WORK/body")"
provider_received '[]'

step "Back again, while Envoy runs"
share 0
ask "$letter"
responds_with 200
! grep -qi '^x-promptgate' "$WORK/headers" || fail "Promptgate touched the request"

step "Envoy does not tell the key"
! request "http://$ADMIN/config_dump" | grep -q "$key" || fail "the key is in the configuration dump"
! grep -q "$key" "$WORK/envoy.log" || fail "the key is in Envoy's log"

step "LiteLLM's prompt becomes a file"
KEY=$key "$PROMPTGATE" pull --registry litellm --registry-url "http://127.0.0.1:$port" --token-env KEY letter \
    -o "$WORK/pulled" >"$WORK/pull.log" 2>&1
"$PROMPTGATE" lint --litellm "$WORK/pulled" >"$WORK/lint.log" 2>&1
grep -q 'litellm-html-escape' "$WORK/lint.log" || fail "lint says nothing of what changes: $(<"$WORK/lint.log")"

echo "in-front-of-litellm: verified"
