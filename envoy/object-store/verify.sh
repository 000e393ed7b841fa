#!/usr/bin/env bash
# Checks this example with a real Envoy: prompts come from a server of files, a changed prompt is served without a
# new configuration, and the last good ones serve while the server is away.
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

prompts=$WORK/prompts site=$WORK/site
cp -R "$ROOT/prompts" "$prompts"

# publish: writes the files that the server hands out.
publish() {
    "$PROMPTGATE" bundle "$prompts" --tree "$site" >>"$WORK/bundle.log" 2>&1
}

# serves TEXT: whether the next request for the persona has this system message.
serves() {
    request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null
    chat '{"model": "gpt-4", "prompt_id": "persona"}'
    [[ $STATUS == 200 ]] && request "http://$UPSTREAM/__standin/requests" | grep -qF "$1"
}

step "Write the files, start a server for them, the LLM stand-in, and Envoy"
echo 'System: edition 1' >"$prompts/persona.prompt"
publish
start_registry --files "$site"
registry_pid=${PIDS[-1]}
start_upstream
start_envoy object-store "s/port_value: 18081\b/port_value: ${REGISTRY#*:}/" 's/refresh: 5s/refresh: 1s/'

step "The first request waits for the bundle; then there is one for all workers"
chat '{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
responds_with 200
responds_with_header 'x-promptgate-version: 1'
upstream_received '[{"model": "gpt-4", "temperature": 0.7, "messages": [
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi"}]}]'
chat '{"prompt_id": "jack-sparrow", "prompt_version": 1}'
responds_with_header 'x-promptgate-source: cache'
chat '{"prompt_id": "unknown"}'
responds_with_error 404 prompt_not_found

step "A prompt by itself, for a store that has no bundle.json with it"
mkdir -p "$site/prompts/team"
echo '"System: by itself"' >"$site/prompts/team/single.json"
chat '{"prompt_id": "team/single"}'
responds_with 200
responds_with_header 'x-promptgate-source: fetch'

step "A changed prompt is served, a removed one is gone"
echo 'System: edition 2' >"$prompts/persona.prompt"
publish
wait_for 10 serves 'edition 2'
rm "$prompts/recipe.prompt"
publish
gone() {
    chat '{"model": "gpt-4", "prompt_id": "recipe", "prompt_variables": {"dish": "soup"}}'
    [[ $STATUS == 404 ]]
}
wait_for 10 gone

step "A bundle that is no bundle changes nothing"
echo '{"prompts": {"persona": "System: edi' >"$site/bundle.json"
refused() {
    (($(stat wasmcustom.promptgate_registry_fetches.malformed) > 0))
}
wait_for 10 refused
serves 'edition 2' || fail "the last good bundle no longer serves"

step "While the server is away the last good bundle serves"
kill "$registry_pid"
away() {
    (($(stat wasmcustom.promptgate_registry_fetches.unavailable) > 0))
}
wait_for 10 away
serves 'edition 2' || fail "the last good bundle no longer serves"

echo "object-store: verified"
