#!/usr/bin/env bash
# Checks what `make run` and `make stop` do: everything stays up when the command has ended, starting twice starts
# once, and nothing is left after stopping.
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

run() {
    python3 "$ROOT/envoy/demo/run.py" --folder "$WORK/run" "$@"
}
trap 'run stop >/dev/null; finish' EXIT

# state KEY: a value of the state file; `pids` gives all process ids.
state() {
    python3 -c '
import json, sys
value = json.load(open(sys.argv[1]))[sys.argv[2]]
print(*value.values()) if isinstance(value, dict) else print(value.removeprefix("http://"))' \
        "$WORK/run/state.json" "$1"
}

step "Start, and let the starting process end"
run start --envoy "$ENVOY" --wasm "$PROMPTGATE_WASM" --promptgate "$PROMPTGATE" >"$WORK/said.log"
GATEWAY=$(state gateway)
UPSTREAM=$(state upstream)
read -ra pids <<<"$(state pids)"
((${#pids[@]} == 3)) || fail "expected three processes, got ${pids[*]}"

step "Send a request"
chat '{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
responds_with 200
upstream_received '[{"model": "gpt-4", "temperature": 0.7, "messages": [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "Hi"}]}]'

step "Start again: it is running already"
run start --envoy "$ENVOY" --wasm "$PROMPTGATE_WASM" --promptgate "$PROMPTGATE" >"$WORK/again.log"
read -ra again <<<"$(state pids)"
[[ ${again[*]} == "${pids[*]}" ]] || fail "it started a second time"

step "Stop"
run stop
for pid in "${pids[@]}"; do
    if kill -0 "$pid" 2>/dev/null; then
        fail "process $pid still runs"
    fi
done

echo "demo: verified"
