#!/usr/bin/env bash
# Usage: fuzz.sh SECONDS
# Builds every fuzz target and runs each for SECONDS, with the nightly compiler that cargo-fuzz wants. Where there is
# none it is installed; where that fails, too, the targets run with the compiler that is there, without a sanitizer.
# CARGO_FUZZ names where make keeps the pinned cargo-fuzz, which is compiled on the first use.
set -euo pipefail

seconds=$1
cd "$(dirname "$0")/../.."

has_nightly() {
    rustup toolchain list 2>/dev/null | grep -q '^nightly'
}

cargo=(cargo +nightly) options=()
if ! has_nightly; then
    echo "fuzzing needs a nightly toolchain; installing one: rustup toolchain install nightly --profile minimal …"
    if ! rustup toolchain install nightly --profile minimal || ! has_nightly; then
        cat <<'MESSAGE'
warning: no nightly toolchain could be installed. Fuzzing goes on with the Rust that is there, guided by coverage
but without AddressSanitizer. For the whole of it, with a network:

  rustup toolchain install nightly --profile minimal

MESSAGE
        # The instrumentation of coverage counts as unstable, also in a stable compiler that has it.
        export RUSTC_BOOTSTRAP=1
        cargo=(cargo) options=(--sanitizer none)
    fi
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
mkdir -p fuzz/target/logs
for target in "${targets[@]}"; do
    echo "building the fuzz target $target …"
    PATH="$(dirname "$CARGO_FUZZ"):$PATH" "${cargo[@]}" fuzz build ${options[@]+"${options[@]}"} \
        --fuzz-dir fuzz --target "$host" "$target"
done
for target in "${targets[@]}"; do
    found=fuzz/target/corpus/$target
    log=fuzz/target/logs/$target
    mkdir -p "$found"
    folders=("$found")
    if [[ -d fuzz/seeds/$target ]]; then
        folders+=("fuzz/seeds/$target")
    fi
    printf 'fuzzing %s for %s s … ' "$target" "$seconds"
    # Bodies are looked at 8 KB ahead, so that some inputs have to be longer.
    if ! PATH="$(dirname "$CARGO_FUZZ"):$PATH" "${cargo[@]}" fuzz run ${options[@]+"${options[@]}"} \
        --fuzz-dir fuzz --target "$host" "$target" \
        "${folders[@]}" -- -max_total_time="$seconds" -max_len=20000 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        >"$log" 2>&1; then
        echo "a finding:"
        tail -n 40 "$log" >&2
        echo "error: $target: see tests/$log and tests/fuzz/artifacts/$target" >&2
        exit 1
    fi
    echo "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs"
done
echo "fuzz: ${#targets[@]} targets ran for $seconds s each without a finding"
