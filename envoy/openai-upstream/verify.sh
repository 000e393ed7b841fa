#!/usr/bin/env bash
# Checks this example with a real Envoy and a stand-in behind TLS: whom Envoy trusts, whose key arrives, what is tried
# again and what is not, and that answers are streamed.
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

NAME=api.openai.com
secrets=$WORK/secrets
hello='{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
applied='{"model": "gpt-4o-mini", "temperature": 0.7, "messages": [
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi"}]}'

# certificate FILE NAME: a certificate for NAME, from an authority of its own: FILE.pem, FILE.key and FILE-ca.pem.
certificate() {
    local curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
    {
        openssl req -x509 "${curve[@]}" -days 2 -subj "/CN=verify" -keyout "$WORK/$1-ca.key" -out "$WORK/$1-ca.pem"
        openssl req -new "${curve[@]}" -subj "/CN=$2" -keyout "$WORK/$1.key" -out "$WORK/$1.csr"
        openssl x509 -req -in "$WORK/$1.csr" -CA "$WORK/$1-ca.pem" -CAkey "$WORK/$1-ca.key" -days 2 \
            -extfile <(echo "subjectAltName=DNS:$2") -out "$WORK/$1.pem"
    } 2>>"$WORK/openssl.log"
}

# start_provider CERTIFICATE: sets PROVIDER to its port; what it receives is in $WORK/received.
start_provider() {
    : >"$WORK/received"
    rm -f "$WORK/provider.port"
    python3 "$ROOT/envoy/openai-upstream/provider.py" --name "$NAME" --certificate "$WORK/$1.pem" \
        --private-key "$WORK/$1.key" --key-file "$WORK/key" --records "$WORK/received" \
        --port-file "$WORK/provider.port" >"$WORK/provider.log" 2>&1 &
    PIDS+=($!)
    wait_for 30 test -s "$WORK/provider.port"
    PROVIDER=$(<"$WORK/provider.port")
}

# start_gateway CERTIFICATE: an Envoy that trusts the authority of that certificate, and goes to PROVIDER.
start_gateway() {
    rm -f "$WORK/envoy.admin" # an earlier Envoy's
    start_envoy openai-upstream \
        "s/address: api.openai.com, port_value: 443/address: 127.0.0.1, port_value: $PROVIDER/" \
        "s#/etc/ssl/certs/ca-certificates.crt#$WORK/$1-ca.pem#" \
        "s#envoy/openai-upstream/secrets#$secrets#"
}

# key KEY: what README says, with this key, and moved into the watched folder.
key() {
    printf '%s\n' 'resources:' \
        '- "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret' \
        '  name: openai' '  generic_secret:' \
        "    secret: { inline_string: \"Bearer $1\" }" >"$WORK/secret.yaml"
    mv "$WORK/secret.yaml" "$secrets/openai.yaml"
    echo "$1" >"$WORK/key"
}

# received PYTHON: whether this holds for `all`, the requests since the last call of `forget`.
received() {
    python3 - "$1" "$WORK/received" <<'PYTHON' || fail "the provider received something else: $1"
import json
import sys

all = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]


def header(record, name):
    """All values of a header."""
    return [value for key, value in record["headers"] if key.lower() == name]


sys.exit(0 if eval(sys.argv[1]) else 1)
PYTHON
}

forget() {
    : >"$WORK/received"
}

# ask [CURL-ARGUMENT …]: like `chat`, with the prompt and further arguments.
ask() {
    STATUS=$(request --output "$WORK/body" --dump-header "$WORK/headers" --write-out '%{http_code}' \
        --header 'content-type: application/json' --data-binary "$hello" "$@" "http://$GATEWAY/v1/chat/completions")
}

step "Make certificates; start the provider and Envoy"
mkdir "$secrets"
key sk-first
certificate good "$NAME"
certificate other other.example.com
start_provider good
start_gateway good

step "A prompt, over TLS, with the gateway's key"
ask
responds_with 200
responds_with_header 'x-promptgate-id: hello'
received "len(all) == 1 and all[0]['body'] == json.loads('''$applied''')"
received "all[0]['sni'] == '$NAME' and header(all[0], 'host') == ['$NAME']"
received "header(all[0], 'authorization') == ['Bearer sk-first'] and all[0]['path'] == '/v1/chat/completions'"
received "not [name for name, _ in all[0]['headers'] if name.lower().startswith(('x-envoy', 'x-promptgate'))]"
received "'$GATEWAY' not in json.dumps(all)"
forget

step "What a client sends as a key or an account does not arrive"
ask --header 'authorization: Bearer sk-of-the-client' --header 'openai-organization: org-of-the-client'
responds_with 200
received "header(all[0], 'authorization') == ['Bearer sk-first'] and not header(all[0], 'openai-organization')"
grep -q sk-of-the-client "$WORK/received" && fail "the client's key reached the provider"
forget

step "The key does not go back to the client, nor into the log or the admin interface"
! grep -q sk-first "$WORK/headers" "$WORK/body" "$WORK/envoy.log" || fail "the key was told"
! request "http://$ADMIN/config_dump?include_eds" | grep -q sk-first || fail "the key is in the configuration dump"

step "An answer is streamed: its beginning arrives before its end"
read -r first total < <(request --output "$WORK/body" --write-out '%{time_starttransfer} %{time_total}\n' \
    --header 'content-type: application/json' --data-binary "${hello/\{/\{\"stream\": true, }" \
    "http://$GATEWAY/v1/chat/completions")
grep -q '^data: \[DONE\]' "$WORK/body" || fail "the stream is not complete: $(<"$WORK/body")"
# The stand-in takes 0.6 s from the first piece to the last.
python3 -c "import sys; sys.exit(0 if $total - $first > 0.3 else 1)" || fail "first byte after $first s of $total s"
forget

step "429 and 503 are tried again, after what Retry-After says"
ask --header 'x-standin-fail: 1' --header 'x-standin-status: 429' --header 'x-standin-retry-after: 2' \
    --write-out '%{http_code} %{time_total}'
read -r STATUS total <<<"$STATUS"
responds_with 200
received "len(all) == 2 and all[0]['body'] == all[1]['body'] == json.loads('''$applied''')"
python3 -c "import sys; sys.exit(0 if $total >= 2 else 1)" || fail "tried again after $total s already"
forget
ask --header 'x-standin-fail: 2'
responds_with 200
received "len(all) == 3 and len({tuple(header(one, 'authorization')) for one in all}) == 1"
forget

step "Not for ever, and not because a client says so"
ask --header 'x-standin-fail: 9' --header 'x-envoy-max-retries: 9'
responds_with 503
received 'len(all) == 3'
(($(stat cluster.openai.upstream_rq_retry_limit_exceeded) == 1)) || fail "the statistics say something else"
forget

step "What may have been paid for is not tried again"
ask --header 'x-standin-fail: 1' --header 'x-standin-status: 500' --header 'x-envoy-retry-on: 5xx'
responds_with 500
received 'len(all) == 1'
forget
ask --header 'x-standin-reset: 1'
responds_with 503
received 'len(all) == 1'
forget

step "Errors of Promptgate reach nobody else"
chat '{"prompt_id": "hello"}'
responds_with_error 400 missing_variable
received 'all == []'

step "A large body is sent again, too"
python3 -c 'import json; print(json.dumps({"prompt_id": "hello", "prompt_variables": {"user_message": "x" * 3000000}}))' \
    >"$WORK/large.json"
STATUS=$(request --output "$WORK/body" --write-out '%{http_code}' --header 'content-type: application/json' \
    --header 'x-standin-fail: 1' --data-binary "@$WORK/large.json" "http://$GATEWAY/v1/chat/completions")
responds_with 200
received "len(all) == 2 and all[0]['body'] == all[1]['body']"
forget

step "A larger one that names no prompt passes while it is read, and is sent once"
head -c 20000000 /dev/zero >"$WORK/upload"
STATUS=$(request --output "$WORK/body" --write-out '%{http_code}' --header 'x-standin-fail: 1' \
    --data-binary "@$WORK/upload" "http://$GATEWAY/v1/files")
responds_with 503
received 'len(all) == 1'
forget

step "A new key counts without a restart"
key sk-second
arrives() {
    ask && [[ $STATUS == 200 ]]
}
wait_for 20 arrives
received "header(all[-1], 'authorization') == ['Bearer sk-second']"
forget

step "A provider with a certificate for another name, or from another authority, gets nothing"
start_provider other
start_gateway other
ask
responds_with 503
received 'all == []'
(($(stat cluster.openai.ssl.fail_verify_san) > 0)) || fail "Envoy did not look at the name"
start_provider good
start_gateway other
ask
responds_with 503
received 'all == []'
(($(stat cluster.openai.ssl.fail_verify_error) > 0)) || fail "Envoy did not look at the authority"

echo "openai-upstream: verified"
