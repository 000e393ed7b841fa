#!/usr/bin/env bash
# The rules of the dependency tree that compile without a complaint when they are broken:
# the engine does no I/O, so that it runs the same in the gateway, on the command line and in tests;
# and nothing depends on the filter, so that everything worth testing is in the engine.
set -euo pipefail

forbidden=(
    proxy-wasm wasm-bindgen wasi
    tokio async-std smol futures-executor mio socket2
    axum hyper reqwest ureq tower tonic h2
    sqlx rusqlite
    notify walkdir tempfile
    clap env_logger tracing-subscriber
    time chrono rand getrandom
)

status=0
tree=$(cargo tree --locked -p promptgate-core -e normal --target all --prefix none --format '{p}')
for crate in "${forbidden[@]}"; do
    if grep -q "^$crate v" <<<"$tree"; then
        echo "error: promptgate-core depends on $crate:" >&2
        cargo tree --locked -p promptgate-core -e normal --target all -i "$crate" >&2 || true
        status=1
    fi
done

dependants=$(cargo tree --locked --workspace -e normal,build,dev --target all -i promptgate-filter \
    --depth 1 --prefix none --format '{p}' | grep -v '^promptgate-filter v' || true)
if [[ -n $dependants ]]; then
    echo "error: the filter is the outermost layer, but these depend on it:" >&2
    echo "$dependants" >&2
    status=1
fi

if ((status == 0)); then
    echo "dependencies: promptgate-core is free of I/O crates, nothing depends on promptgate-filter"
fi
exit $status
