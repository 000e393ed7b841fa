#!/usr/bin/env bash
# Usage: dist-rustflags.sh TARGET
# Prints a `--config` value for cargo that keeps the paths of this machine out of what is compiled for TARGET, so that
# the same sources make the same bytes in any folder and for any user.
set -euo pipefail

target=$1
# Unpacks the sources, so that their folder is there to be named.
cargo fetch --locked --quiet --target "$target"
cargo_home=${CARGO_HOME:-$HOME/.cargo}
rust=$(rustc --print sysroot)/lib/rustlib/src/rust
commit=$(rustc -vV | sed -n 's/^commit-hash: //p')

# rustc applies the last prefix that matches, so the special ones come last.
flags=("--remap-path-prefix=$(pwd -P)=/promptgate" "--remap-path-prefix=$cargo_home=/cargo")
# The registry's folder is named after its address, which a mirror changes.
for folder in "$cargo_home"/registry/src/*/; do
    [[ -d $folder ]] && flags+=("--remap-path-prefix=${folder%/}=/cargo/registry")
done
# Where rust-src is installed the standard library's paths lead there, else they have this name from the beginning.
flags+=("--remap-path-prefix=$rust=/rustc/$commit")

for flag in "${flags[@]}"; do
    if [[ $flag == *[\'\"\\]* ]]; then
        echo "error: a quote or backslash in a path: $flag" >&2
        exit 1
    fi
done
printf 'target.%s.rustflags=[%s]\n' "$target" "$(printf "'%s'," "${flags[@]}")"
