#!/usr/bin/env bash
# Usage: dist-sbom.sh CARGO_CYCLONEDX CRATE_FOLDER TARGET OUTPUT
# Writes a CycloneDX bill of materials (JSON, 1.5) of one crate of the workspace as it is compiled for TARGET.
set -euo pipefail

tool=$1 folder=$2 target=$3 output=$4
# The tool puts a file beside each manifest of the workspace, whichever crate it is asked for.
name=promptgate-sbom-$$
trap 'rm -f src/*/"$name.json" tests/*/"$name.json"' EXIT
"$tool" cyclonedx --quiet --manifest-path "$folder/Cargo.toml" --format json --spec-version 1.5 \
    --target "$target" --override-filename "$name"
mkdir -p "$(dirname "$output")"
mv "$folder/$name.json" "$output"
