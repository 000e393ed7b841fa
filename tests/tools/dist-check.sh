#!/usr/bin/env bash
# Usage: dist-check.sh MAKE TOOLS SKOPEO
# Builds the release of the last commit twice, from nothing, in different folders and as if by different users, and
# compares every byte. Then has another program, skopeo, read the image layout and check its digests.
set -euo pipefail

make=$1 tools=$2 skopeo=$3
revision=$(git rev-parse HEAD)
epoch=$(git log -1 --format=%ct)
if [[ -n $(git status --porcelain --untracked-files=no) ]]; then
    echo "note: what is not committed is not part of this check" >&2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
one=$work/one two=$work/and/another/folder

# build FOLDER CARGO_HOME UMASK TZ
build() {
    mkdir -p "$1"
    git archive "$revision" | tar x -C "$1"
    (
        cd "$1"
        umask "$3"
        # -o Makefile: the tools are there, even if the copy's Makefile is younger.
        env -u CARGO_TARGET_DIR -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u MAKEFLAGS -u MAKELEVEL CARGO_HOME="$2" TZ="$4" \
            "$make" --no-print-directory -o Makefile dist TOOLS="$tools" \
            PROMPTGATE_REVISION="$revision" SOURCE_DATE_EPOCH="$epoch"
    )
    mv "$1/dist" "$work/dist-${1##*/}"
    rm -rf "$1"
}

cargo_home=${CARGO_HOME:-$HOME/.cargo}
ln -s "$cargo_home" "$work/cargo-home"
build "$one" "$cargo_home" 022 UTC
build "$two" "$work/cargo-home" 077 Asia/Kolkata

diff -r "$work/dist-one" "$work/dist-folder"
echo "two builds made the same bytes:"
(cd "$work/dist-one" && sha256sum promptgate.wasm promptgate ./*.tar.gz)

cd "$work/dist-one"
sha256sum --quiet --check ./*.sha256
mapfile -t tags < <(grep -o '"org.opencontainers.image.ref.name":"[^"]*"' oci/index.json | cut -d '"' -f 4)
for tag in "${tags[@]}"; do
    "$skopeo" --insecure-policy copy --quiet "oci:oci:$tag" "dir:$work/copied-$tag"
    echo "skopeo reads the image $tag"
done
# What it wrote has the names of digests: the module itself, and the layer that is the largest file of the other image.
wasm=$(sha256sum <promptgate.wasm)
cmp promptgate.wasm "$work/copied-${tags[0]}/${wasm%% *}"
layer=$(find "$work/copied-${tags[1]}" -type f -size +100k)
tar xzOf "$layer" plugin.wasm | cmp - promptgate.wasm
echo "dist-check: reproducible, and the module is the same in both images"
