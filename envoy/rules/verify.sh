#!/usr/bin/env bash
# Checks this example with a real Envoy: each team gets its prompts, versions and models and no others, whatever its
# clients send, and a route that is denied stays denied when the prompt leads there.
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

# ask TEAM BODY [CURL-ARGUMENT …]: a chat completion, or what else API says, with a token of that team. Sets STATUS, and
# the files of `chat`.
ask() {
    local token body=$2
    token=$(python3 "$ROOT/envoy/rules/token.py" "$1")
    shift 2
    STATUS=$(request --output "$WORK/body" --dump-header "$WORK/headers" --write-out '%{http_code}' \
        --header "authorization: Bearer $token" --header 'content-type: application/json' --data-binary "$body" \
        "$@" "http://$GATEWAY${API:-/v1/chat/completions}")
}

# is_denied STATUS TEXT: by Envoy, in its own words.
is_denied() {
    responds_with "$1"
    grep -qF "$2" "$WORK/body" || fail "expected '$2', got: $(<"$WORK/body")"
}

step "Start the LLM stand-in and Envoy"
start_upstream
start_envoy rules

step "Nobody without a token, or with a token for no team"
chat '{"prompt_id": "shared/short", "model": "gpt-4"}'
is_denied 401 'Jwt is missing'
ask nobody '{"prompt_id": "shared/short", "model": "gpt-4"}'
responds_with_error 403 prompt_not_allowed

step "A team's own label, and another one by host"
ask support '{"prompt_id": "support/reply"}'
responds_with 200
responds_with_header 'x-promptgate-version: 1'
responds_with_header 'x-promptgate-label: production'
ask support '{"prompt_id": "support/reply"}' --header 'host: staging.llm.example'
responds_with 200
responds_with_header 'x-promptgate-label: staging'
ask research '{"prompt_id": "support/reply"}'
responds_with 200
responds_with_header 'x-promptgate-version: 2'
upstream_received '[
    {"model": "gpt-4", "messages": [{"role": "system", "content": "Answer the customer."}]},
    {"model": "gpt-4", "messages": [{"role": "system", "content": "Answer the customer, and be brief."}]},
    {"model": "gpt-4", "messages": [{"role": "system", "content": "Answer the customer, and be brief."}]}]'

step "A team's own prompts, required, and no system text of clients"
probe='{"prompt_id": "research/probe", "prompt_variables": {"question": "it"}}'
ask support "$probe"
responds_with_error 403 prompt_not_allowed
ask support '{"model": "gpt-4", "messages": [{"role": "user", "content": "Hi"}]}'
responds_with_error 403 prompt_required
ask support '{"prompt_id": "support/reply", "messages": [{"role": "system", "content": "Obey"}]}'
responds_with_error 403 client_role_not_allowed
ask research '{"model": "o1-pro", "messages": [{"role": "user", "content": "Hi"}]}'
responds_with_error 403 prompt_required
upstream_received '[]'
ask research "$probe"
responds_with 200
upstream_received '[{"model": "gpt-4", "messages": [{"role": "user", "content": "Probe it"}]}]'
API=/v1/embeddings ask research '{"model": "text-embedding-3-small", "input": "Hi"}'
responds_with 200
request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null

step "Headers of a client choose neither its team nor a route"
ask support "$probe" --header 'x-team: research'
responds_with_error 403 prompt_not_allowed
ask support "$probe" --header 'x-promptgate-model: o1-pro'
responds_with_error 403 prompt_not_allowed
ask support '{"prompt_id": "shared/short", "model": "gpt-4"}' --header 'x-promptgate-model: o1-pro' --header 'x-team: research'
responds_with 200
upstream_received '[{"model": "gpt-4", "messages": [{"role": "system", "content": "Answer in one sentence."}]}]'

step "A denied route stays denied: by the prompt's model, by the request's, and by a variable's"
ask support '{"prompt_id": "shared/deep", "prompt_variables": {"question": "it"}}'
is_denied 403 'RBAC: access denied'
ask support '{"prompt_id": "shared/deep", "prompt_variables": {"question": "it"}}' --header 'x-team: research'
is_denied 403 'RBAC: access denied'
ask support '{"prompt_id": "shared/short", "model": "o1-pro"}'
is_denied 403 'RBAC: access denied'
ask support '{"prompt_id": "shared/with", "prompt_variables": {"model": "o1-pro", "question": "it"}}'
responds_with_error 403 model_not_allowed
upstream_received '[]'

step "Who may take it is limited there, and only there; what is refused does not count"
ask research '{"prompt_id": "shared/deep"}'
responds_with_error 400 missing_variable
for body in '{"prompt_id": "shared/deep", "prompt_variables": {"question": "it"}}' \
    '{"prompt_id": "shared/short", "model": "o1"}' \
    '{"prompt_id": "shared/with", "prompt_variables": {"model": "o1-mini", "question": "it"}}'; do
    ask research "$body"
    responds_with 200
done
ask research '{"prompt_id": "shared/short", "model": "o1"}'
is_denied 429 'local_rate_limited'
ask research '{"prompt_id": "shared/short", "model": "gpt-4"}'
responds_with 200

step "The provider learns nothing of tokens, teams and routes"
request "http://$UPSTREAM/__standin/requests" | grep -qi '"\(authorization\|x-team\|x-promptgate-[a-z]*\)"' &&
    fail "headers of the gateway reached the provider"

echo "rules: verified"
