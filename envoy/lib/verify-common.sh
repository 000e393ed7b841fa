# Sourced by the verify scripts: starts an example as it is but on free ports, asks it, and ends it again.
# Environment: ENVOY, PROMPTGATE and PROMPTGATE_WASM name the programs; without them those that make builds.
# shellcheck shell=bash

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PROMPTGATE=${PROMPTGATE:-$ROOT/target/debug/promptgate}
PROMPTGATE_WASM=${PROMPTGATE_WASM:-$ROOT/dist/promptgate.wasm}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/promptgate-verify.XXXXXX")
PIDS=()
GATEWAY='' ADMIN='' UPSTREAM='' REGISTRY=''

if [[ -z ${ENVOY:-} ]]; then
    installed=("$ROOT"/.tools/envoy-*/bin/envoy)
    ENVOY=${installed[-1]}
    [[ -x $ENVOY ]] || ENVOY=$(command -v envoy || true)
fi

finish() {
    local status=$? pid i
    for ((i = ${#PIDS[@]} - 1; i >= 0; i--)); do
        kill "${PIDS[$i]}" 2>/dev/null || true
    done
    for pid in ${PIDS[@]+"${PIDS[@]}"}; do
        for ((i = 0; i < 100; i++)); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    if ((status != 0)); then
        tail -n 30 "$WORK"/*.log >&2 2>/dev/null || true
    fi
    rm -rf "$WORK"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

step() {
    echo "> $*"
}

fail() {
    echo "verify: $*" >&2
    exit 1
}

# wait_for SECONDS COMMAND …: runs the command until it succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS <= end)) || fail "still failing: $*"
        sleep 0.1
    done
}

request() {
    curl --silent --show-error --max-time 30 --noproxy '*' "$@"
}

start_upstream() {
    python3 "$ROOT/tests/support/upstream.py" --port 0 --port-file "$WORK/upstream.port" \
        >"$WORK/upstream.log" 2>&1 &
    PIDS+=($!)
    wait_for 30 test -s "$WORK/upstream.port"
    UPSTREAM=127.0.0.1:$(<"$WORK/upstream.port")
}

# start_registry ARGUMENT …: the stand-in for a registry, told what to serve.
start_registry() {
    python3 "$ROOT/tests/support/registry.py" --port 0 --port-file "$WORK/registry.port" "$@" \
        >"$WORK/registry.log" 2>&1 &
    PIDS+=($!)
    wait_for 30 test -s "$WORK/registry.port"
    # shellcheck disable=SC2034 # for the scripts
    REGISTRY=127.0.0.1:$(<"$WORK/registry.port")
}

# start_envoy EXAMPLE [SED-EXPRESSION …]: further expressions adapt paths.
start_envoy() {
    [[ -x $ENVOY ]] || fail "there is no Envoy: set ENVOY, or run: make tools"
    local example=$1 edits=(
        -e 's/port_value: 10000\b/port_value: 0/'
        -e 's/port_value: 9901\b/port_value: 0/'
        -e "s/port_value: 18080\b/port_value: ${UPSTREAM#*:}/"
        -e "s#dist/promptgate.wasm#$PROMPTGATE_WASM#"
    )
    shift
    for edit in "$@"; do
        edits+=(-e "$edit")
    done
    sed "${edits[@]}" "$ROOT/envoy/$example/envoy.yaml" >"$WORK/envoy.yaml"
    "$ENVOY" -c "$WORK/envoy.yaml" --use-dynamic-base-id --concurrency 2 --log-level warning \
        --admin-address-path "$WORK/envoy.admin" >"$WORK/envoy.log" 2>&1 &
    local pid=$!
    PIDS+=("$pid")
    wait_for 60 envoy_listens_or_ended "$pid"
    kill -0 "$pid" 2>/dev/null || fail "Envoy ended while starting"
    ADMIN=$(<"$WORK/envoy.admin")
    GATEWAY=$(request "http://$ADMIN/listeners?format=json" | python3 -c '
import json, sys
address = json.load(sys.stdin)["listener_statuses"][0]["local_address"]["socket_address"]
print("127.0.0.1:%d" % address["port_value"])')
}

# start_plain MESH ARGUMENT …: an Envoy with what a mesh would make of these manifests; ends the one before.
start_plain() {
    local folder python=$ROOT/.tools/python/bin/python
    [[ -x $python ]] || python=python3
    folder=$(mktemp -d "$WORK/plain.XXXXXX")
    if [[ -n $ADMIN ]]; then
        kill "${PIDS[-1]}"
        wait "${PIDS[-1]}" 2>/dev/null || true
        unset 'PIDS[-1]'
        rm "$WORK/envoy.admin"
    fi
    "$python" "$ROOT/tests/manifests/plain.py" "$@" --out "$folder"
    start_envoy "$(python3 -c 'import os, sys; print(os.path.relpath(*sys.argv[1:]))' "$folder" "$ROOT/envoy")"
}

envoy_listens_or_ended() {
    kill -0 "$1" 2>/dev/null || return 0
    [[ -s $WORK/envoy.admin ]] && request --fail "http://$(<"$WORK/envoy.admin")/ready"
}

# chat BODY: sends a chat completion through the gateway. Sets STATUS, BODY (file) and HEADERS (file).
chat() {
    STATUS=$(request --output "$WORK/body" --dump-header "$WORK/headers" --write-out '%{http_code}' \
        --header 'content-type: application/json' --data-binary "$1" "http://$GATEWAY/v1/chat/completions")
}

# served_from SOURCE BODY: sends a chat completion; whether its prompt came from there. For wait_for.
served_from() {
    chat "$2"
    [[ $STATUS == 200 ]] && grep -qi "^x-promptgate-source: $1"$'\r' "$WORK/headers"
}

# upstream_received JSON-LIST: exactly these bodies, as JSON values, since the last call.
upstream_received() {
    request "http://$UPSTREAM/__standin/requests" >"$WORK/records"
    request --request DELETE "http://$UPSTREAM/__standin/requests" >/dev/null
    python3 - "$1" "$WORK/records" <<'PYTHON' || fail "upstream received something else"
import json
import sys

expected = json.loads(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    received = [json.loads(record["body"]) for record in json.load(file)]
if received != expected:
    sys.exit(f"expected {json.dumps(expected)}\nreceived {json.dumps(received)}")
PYTHON
}

responds_with() {
    [[ $STATUS == "$1" ]] || fail "expected status $1, got $STATUS: $(<"$WORK/body")"
}

responds_with_error() {
    responds_with "$1"
    grep -q "\"code\": *\"$2\"" "$WORK/body" || fail "expected the error $2, got: $(<"$WORK/body")"
}

responds_with_header() {
    tr -d '\r' <"$WORK/headers" | grep -qixF "$1" || fail "expected the header '$1', got: $(<"$WORK/headers")"
}

# stat NAME: the value of one counter or gauge of Envoy.
stat() {
    request "http://$ADMIN/stats?filter=^${1//./%5C.}\$" | sed -n "s/^$1: //p"
}
