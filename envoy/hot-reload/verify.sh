#!/usr/bin/env bash
# Checks this example with a real Envoy: an edited prompt is served without a restart, no request is lost
# meanwhile, and a configuration that the filter refuses leaves the last good one serving.
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

prompts=$WORK/prompts watched=$WORK/watched
mkdir "$watched"
cp -R "$ROOT/prompts" "$prompts"

# edit FILE TEXT: replaces a prompt the way editors do.
edit() {
    printf '%s\n' "$2" >"$WORK/edited"
    mv "$WORK/edited" "$prompts/$1"
}

# serves TEXT: whether the next request has this system message.
serves() {
    request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null
    chat '{"model": "gpt-4", "prompt_id": "persona"}'
    [[ $STATUS == 200 ]] && request "http://$UPSTREAM/__standin/requests" | grep -qF "$1"
}

step "Start the LLM stand-in, promptgate bundle --watch, and Envoy"
edit persona.prompt 'System: edition 0'
start_upstream
"$PROMPTGATE" bundle "$prompts" --watch --format ecds --config "$ROOT/envoy/hot-reload/promptgate.yaml" \
    --wasm "$PROMPTGATE_WASM" -o "$watched/promptgate.json" >"$WORK/bundle.log" 2>&1 &
PIDS+=($!)
wait_for 30 test -s "$watched/promptgate.json"
start_envoy hot-reload "s#envoy/hot-reload/watched#$watched#"
wait_for 10 serves 'edition 0'

step "Edit the prompt ten times while requests run"
load() {
    # Ends when the file appears; the bound is for a verify script that was killed.
    local n failed=0
    for ((n = 1; n <= 20000; n++)); do
        [[ ! -e $WORK/enough ]] || break
        code=$(request --output /dev/null --write-out '%{http_code}' --header 'content-type: application/json' \
            --data-binary '{"model": "gpt-4", "prompt_id": "persona"}' \
            "http://$GATEWAY/v1/chat/completions" || true)
        [[ $code == 200 ]] || failed=$((failed + 1))
    done
    echo "$((n - 1)) $failed" >"$WORK/load"
}
load &
PIDS+=($!)
for edition in {1..10}; do
    edit persona.prompt "System: edition $edition of this prompt"
    wait_for 10 serves "edition $edition of"
done
touch "$WORK/enough"
wait_for 30 test -s "$WORK/load"
read -r sent lost <"$WORK/load"
((sent > 0)) || fail "no request ran during the edits"
((lost == 0)) || fail "$lost of $sent requests were lost"
echo "  $sent requests, none lost"

step "Add a prompt and remove one"
edit new.prompt 'System: a new one'
found() {
    chat "{\"model\": \"gpt-4\", \"prompt_id\": \"$1\"}"
    [[ $STATUS == "$2" ]]
}
wait_for 10 found new 200
rm "$prompts/new.prompt"
wait_for 10 found new 404

step "A configuration that the filter refuses leaves the last one serving"
refused=$(stat extension_config_discovery.http_filter.promptgate.update_rejected || true)
sed 's/hold_headers/hold_haeders/' "$watched/promptgate.json" >"$WORK/refused.json"
mv "$WORK/refused.json" "$watched/promptgate.json"
rejected() {
    (($(stat extension_config_discovery.http_filter.promptgate.update_rejected) > ${refused:-0}))
}
wait_for 10 rejected
serves 'edition 10' || fail "the last good configuration no longer serves"

echo "hot-reload: verified"
