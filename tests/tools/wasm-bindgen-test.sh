#!/usr/bin/env bash
# Usage: wasm-bindgen-test.sh RUNNER
# Runs the conformance crate inside WebAssembly, under Node: 32-bit sizes and another float formatter show there.
set -euo pipefail

runner=$1
if ! command -v node >/dev/null; then
    echo "error: this needs Node 20 or newer" >&2
    exit 1
fi
# Without debug information the runner takes a fifth of the time; panics name their lines all the same.
CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=$runner \
    cargo test --locked --target wasm32-unknown-unknown -p promptgate-conformance
