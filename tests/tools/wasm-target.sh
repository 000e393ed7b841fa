#!/usr/bin/env bash
# Usage: wasm-target.sh TARGET
# Makes sure that the Rust toolchain can compile for TARGET; touches the network only when it cannot.
set -euo pipefail

target=$1
libdir=$(rustc --print target-libdir --target "$target" 2>/dev/null || true)
if [[ -n $libdir && -d $libdir ]]; then
    exit 0
fi

echo "installing the Rust target $target …"
if command -v rustup >/dev/null && rustup target add "$target"; then
    exit 0
fi

cat >&2 <<MESSAGE
error: this Rust toolchain has no standard library for $target, and rustup could not add it.

  With rustup:        rustup target add $target
  With Debian's Rust: apt install libstd-rust-dev-wasm32, or build the target's standard library from the
                      packages rust-src and wasi-libc (CONTRIBUTING.md, "A machine without rustup").
MESSAGE
exit 1
