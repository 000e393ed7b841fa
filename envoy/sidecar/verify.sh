#!/usr/bin/env bash
# Checks this example with a real Envoy, started by the command lines of the systemd unit and of the pod: it answers as
# soon as they say that it does, on loopback only, applies prompts, and ends when it is told to.
# shellcheck source=../lib/verify-common.sh
. "$(dirname "$0")/../lib/verify-common.sh"

here=$ROOT/envoy/sidecar
unit=$here/promptgate-sidecar.service

# free_port: a port that nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# adapt: standard input, with the paths of this checkout and ports that are free.
adapt() {
    sed -e "s#/usr/local/bin/envoy#$ENVOY#" -e "s#/etc/promptgate/envoy.yaml#$WORK/envoy.yaml#" \
        -e "s#127\.0\.0\.1/10000#127.0.0.1/$port#"
}

# unit_line KEY: its value in the unit.
unit_line() {
    adapt <"$unit" | sed -n "s/^$1=//p"
}

# serves: one request with a prompt and one that is refused.
serves() {
    chat '{"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}'
    responds_with 200
    responds_with_header 'x-promptgate-id: hello'
    chat '{"prompt_id": "unknown"}'
    responds_with_error 404 prompt_not_found
    upstream_received '[{"model": "gpt-4", "temperature": 0.7, "messages": [
        {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi"}]}]'
}

# ends PID: it does within ten seconds of SIGTERM, which is what systemd and the kubelet send.
ends() {
    kill "$1"
    local i
    for ((i = 0; i < 100; i++)); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    fail "Envoy does not end"
}

[[ -x $ENVOY ]] || fail "there is no Envoy: set ENVOY, or run: make tools"
start_upstream
port=$(free_port)
GATEWAY=127.0.0.1:$port
sed -e "s/port_value: 10000\b/port_value: $port/" -e 's/port_value: 9901\b/port_value: 0/' \
    -e "s/port_value: 18080\b/port_value: ${UPSTREAM#*:}/" -e "s#dist/promptgate.wasm#$PROMPTGATE_WASM#" \
    "$here/envoy.yaml" >"$WORK/envoy.yaml"

step "The unit's command starts it; once its ExecStartPost ends, requests are served"
read -ra command <<<"$(unit_line ExecStart)"
"${command[@]}" >"$WORK/envoy.log" 2>&1 &
PIDS+=($!)
eval "timeout 60 $(unit_line ExecStartPost)" || fail "ExecStartPost does not end"
serves

step "Nothing listens beyond loopback"
python3 - "${PIDS[-1]}" <<'PYTHON' || fail "Envoy listens elsewhere, too"
import os
import sys
from pathlib import Path

if not Path("/proc").exists():
    print("  not looked at: there is no /proc here")
    sys.exit()
process = Path("/proc", sys.argv[1])
mine = set()
for descriptor in (process / "fd").iterdir():
    try:
        mine.add(os.readlink(descriptor))
    except FileNotFoundError:
        pass  # closed meanwhile
addresses = []
for table in ("tcp", "tcp6"):
    for line in (process / "net" / table).read_text().splitlines()[1:]:
        local, state, inode = (line.split()[i] for i in (1, 3, 9))
        if state == "0A" and f"socket:[{inode}]" in mine:
            addresses.append(local.split(":")[0])
print(f"  {len(addresses)} sockets listen")
sys.exit(0 if addresses and set(addresses) == {"0100007F"} else f"{addresses}")
PYTHON
ends "${PIDS[-1]}"

step "So does the pod's, and its probe says when"
[[ $(sed -n 's/^ *command: \[envoy\]$/found/p' "$here/pod.yaml") == found ]] || fail "the pod has another command"
read -ra command <<<"$ENVOY $(adapt <"$here/pod.yaml" | sed -n 's/^ *args: \[\(.*\)\]$/\1/p' | tr -d '",')"
read -r probe < <(adapt <"$here/pod.yaml" | sed -n 's/^ *exec: { command: \[bash, -c, "\(.*\)"\] }$/\1/p')
! bash -c "$probe" 2>/dev/null || fail "the probe succeeds without Envoy"
"${command[@]}" >"$WORK/envoy.log" 2>&1 &
PIDS+=($!)
wait_for 60 bash -c "$probe"
serves
ends "${PIDS[-1]}"

step "The unit is one that systemd takes"
if command -v systemd-analyze >/dev/null; then
    adapt <"$unit" >"$WORK/promptgate-sidecar.service"
    systemd-analyze verify "$WORK/promptgate-sidecar.service" >"$WORK/unit.log" 2>&1 || fail "$(<"$WORK/unit.log")"
    [[ ! -s $WORK/unit.log ]] || fail "$(<"$WORK/unit.log")"
else
    echo "  there is no systemd-analyze here"
fi

echo "sidecar: verified"
