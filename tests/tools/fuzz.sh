#!/usr/bin/env bash
# Usage: fuzz.sh SECONDS
# Builds every fuzz target and runs each for SECONDS. cargo-fuzz needs a nightly compiler; CARGO_FUZZ names
# where make keeps the pinned cargo-fuzz, which is compiled on the first use.
set -euo pipefail

seconds=$1
cd "$(dirname "$0")/../.."

if ! rustup toolchain list 2>/dev/null | grep -q '^nightly'; then
    cat >&2 <<'MESSAGE'
error: fuzzing needs a nightly toolchain for libFuzzer's instrumentation. Install one with

  rustup toolchain install nightly --profile minimal
MESSAGE
    exit 1
fi
"$MAKE" --no-print-directory "$CARGO_FUZZ"

cd tests
mapfile -t targets < <("$CARGO_FUZZ" list --fuzz-dir fuzz)
if ((${#targets[@]} == 0)); then
    echo "error: tests/fuzz has no targets" >&2
    exit 1
fi

host=$(rustc -vV | sed -n 's/^host: //p')
# New inputs go to a folder of the build; the kept seeds stay as they are in the repository.
for target in "${targets[@]}"; do
    found=fuzz/target/corpus/$target
    mkdir -p "$found"
    seeds=()
    if [[ -d fuzz/seeds/$target ]]; then
        seeds+=("fuzz/seeds/$target")
    fi
    echo "fuzzing $target for $seconds s …"
    PATH="$(dirname "$CARGO_FUZZ"):$PATH" cargo +nightly fuzz run --fuzz-dir fuzz --target "$host" "$target" \
        "$found" "${seeds[@]}" -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -verbosity=0 -print_final_stats=1
done
echo "fuzz: ${#targets[@]} targets ran for $seconds s each without a finding"
