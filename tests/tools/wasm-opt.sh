#!/usr/bin/env bash
# Usage: wasm-opt.sh WASM_OPT INPUT OUTPUT MAX_BYTES
# Cleans up the compiled filter, refuses one that has grown beyond MAX_BYTES, and says how large it is.
set -euo pipefail

wasm_opt=$1 input=$2 output=$3 max_bytes=$4
tools=$(dirname "$0")
exports=$tools/wasm-exports.json

# Those that rustc has switched on.
features=(--enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals
    --enable-multivalue --enable-reference-types --enable-simd)

if [[ ! -f $output || $input -nt $output || $0 -nt $output || $exports -nt $output ]]; then
    echo "cleaning up with wasm-opt …"
    # The SDK exports every callback there is, and Envoy calls each that is exported: for every chunk of every answer,
    # too. Those that the filter does nothing in are left out.
    "$(dirname "$wasm_opt")/wasm-metadce" "${features[@]}" --graph-file "$exports" "$input" -o "$output.tmp" >"$output.unused"
    # No more than that: -O3 and -Os make the filter smaller by 50 KB, but V8 compiles to slower code what they
    # inline and restructure. The temporary name keeps an Envoy that reads the file from seeing half of it.
    "$wasm_opt" "${features[@]}" --strip-debug --strip-producers --strip-target-features \
        --remove-unused-module-elements --vacuum --dce --merge-blocks "$output.tmp" -o "$output.tmp"
    rm -f "$output.unused"
    mv "$output.tmp" "$output"
fi

bytes=$(($(wc -c <"$output")))
if ((bytes > max_bytes)); then
    echo "error: $output has $bytes bytes, more than the $max_bytes allowed" >&2
    exit 1
fi
echo "$output: $bytes bytes"
