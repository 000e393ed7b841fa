#!/usr/bin/env bash
# Usage: prerequisites.sh PYTHON
# Says what a machine lacks before anything is installed or compiled.
set -euo pipefail

python=$1 missing=()
command -v cargo >/dev/null || missing+=("Rust: https://rustup.rs")
command -v curl >/dev/null || missing+=("curl")
command -v npm >/dev/null || missing+=("Node 20 or newer, with npm")
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    missing+=("Python 3.11 or newer (make PYTHON=python3.11 … names another than python3)")
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    missing+=("Python's venv module (Debian: apt install python3-venv)")
fi

if ((${#missing[@]})); then
    echo "error: this machine lacks" >&2
    printf '  - %s\n' "${missing[@]}" >&2
    exit 1
fi
