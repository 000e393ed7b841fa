#!/usr/bin/env bash
# Usage: wasm-opt.sh WASM_OPT INPUT OUTPUT MAX_BYTES
# Optimises the compiled filter, refuses one that has grown beyond MAX_BYTES, and says how large it is.
set -euo pipefail

wasm_opt=$1 input=$2 output=$3 max_bytes=$4

if [[ ! -f $output || $input -nt $output || $0 -nt $output ]]; then
    echo "optimising with wasm-opt …"
    # The features are those that rustc's wasm32-wasip1 target has switched on; more would need a newer V8.
    # The temporary name keeps an Envoy that reads the file from seeing half of it.
    "$wasm_opt" -O3 --strip-debug --strip-producers --strip-target-features \
        --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
        --enable-mutable-globals --enable-multivalue --enable-reference-types --enable-simd \
        "$input" -o "$output.tmp"
    mv "$output.tmp" "$output"
fi

bytes=$(($(wc -c <"$output")))
if ((bytes > max_bytes)); then
    echo "error: $output has $bytes bytes, more than the $max_bytes allowed" >&2
    exit 1
fi
echo "$output: $bytes bytes"
