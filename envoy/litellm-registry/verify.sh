#!/usr/bin/env bash
# Checks this example with a real Envoy and a real LiteLLM proxy: its prompts are served, Envoy adds the key, and
# prompts go on serving while LiteLLM is away. LITELLM names another program than the one that make installs.
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

LITELLM=${LITELLM:-$ROOT/.tools/litellm/bin/litellm}
[[ -x $LITELLM ]] || fail "there is no LiteLLM: set LITELLM, or run: make litellm"
key='sk-verify-41c8'

step "Start LiteLLM, the LLM stand-in, and Envoy"
port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
LITELLM_MASTER_KEY=$key LITELLM_LOCAL_MODEL_COST_MAP=True "$LITELLM" --host 127.0.0.1 --port "$port" \
    --config "$ROOT/envoy/litellm-registry/litellm.yaml" --telemetry False >"$WORK/litellm.log" 2>&1 &
litellm_pid=$!
PIDS+=("$litellm_pid")
start_upstream
wait_for 120 request --fail "http://127.0.0.1:$port/health/liveliness"
export LITELLM_AUTHORIZATION="Bearer $key"
start_envoy litellm-registry "s/port_value: 4000\b/port_value: $port/" 's/refresh: 30s/refresh: 1s/'

step "A prompt of LiteLLM's, fetched once and kept"
chat '{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
responds_with 200
responds_with_header 'x-promptgate-source: fetch'
upstream_received '[{"model": "gpt-4", "temperature": 0.7, "messages": [
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi"}]}]'
wait_for 10 served_from cache '{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'

step "LiteLLM's own default is production; an environment is a label"
request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null
chat '{"model": "gpt-4", "prompt_id": "jack-sparrow"}'
responds_with_header 'x-promptgate-version: 1'
chat '{"model": "gpt-4", "prompt_id": "jack-sparrow", "prompt_environment": "development"}'
responds_with_header 'x-promptgate-version: 2'
responds_with_header 'x-promptgate-label: development'
upstream_received '[
    {"model": "gpt-4", "messages": [{"role": "system", "content": "Respond as jack sparrow would"}]},
    {"model": "gpt-4", "messages": [{"role": "system", "content": "Respond as a polite jack sparrow would"}]}]'

step "A model that is bound to a prompt of LiteLLM's"
chat '{"model": "my-dotprompt-model", "prompt_variables": {"user_message": "Hi"}}'
responds_with 200
responds_with_header 'x-promptgate-id: hello'

step "What LiteLLM does not have is 404, and nothing goes upstream"
request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null
chat '{"model": "gpt-4", "prompt_id": "unknown"}'
responds_with_error 404 prompt_not_found
chat '{"model": "gpt-4", "prompt_id": "jack-sparrow", "prompt_version": 7}'
responds_with_error 404 prompt_version_not_found
upstream_received '[]'

step "While LiteLLM is away its prompts serve on, in each worker that has them"
kill "$litellm_pid"
wait_for 20 served_from stale '{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
away() {
    chat '{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
    (($(stat wasmcustom.promptgate_registry_fetches.unavailable) > 0))
}
wait_for 20 away
wait_for 20 served_from stale '{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
! grep -q "$key" "$WORK/envoy.log" || fail "the key is in Envoy's log"

echo "litellm-registry: verified"
