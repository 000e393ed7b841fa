#!/usr/bin/env bash
# Usage: dist-debian.sh PROGRAM FOLDER PACKAGE…
# Unpacks packages of Debian or Ubuntu below FOLDER, without installing them, so that there is a FOLDER/bin/PROGRAM, and
# whatever else comes with it. A package that this release of the distribution does not have is passed over; `name|other`
# are two names of one.
set -euo pipefail

program=$1 folder=$2
shift 2
explain() {
    cat >&2 <<MESSAGE
error: there is no $program on PATH, and it could not be had from a distribution's packages (apt-get download).
Install it and try again, or name it:

  make ${program^^}=/path/to/$program …
MESSAGE
    exit 1
}
if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    explain
fi

echo "unpacking $program …"
rm -rf "$folder"
mkdir -p "$folder/packages" "$folder/bin"
folder=$(cd "$folder" && pwd)
for names in "$@"; do
    for name in ${names//|/ }; do
        if (cd "$folder/packages" && apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$name" 2>/dev/null); then
            break
        fi
    done
done
for package in "$folder"/packages/*.deb; do
    [[ -f $package ]] && dpkg -x "$package" "$folder/root"
done
rm -rf "$folder/packages"
if [[ ! -x $folder/root/usr/bin/$program ]]; then
    rm -rf "$folder"
    explain
fi

for installed in "$folder"/root/usr/bin/*; do
    cat >"$folder/bin/${installed##*/}" <<WRAPPER
#!/bin/sh
# The libraries that came with it, before the system's.
LD_LIBRARY_PATH=\$(echo "$folder"/root/usr/lib/*-linux-*)\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH} exec "$installed" "\$@"
WRAPPER
    chmod +x "$folder/bin/${installed##*/}"
done
"$folder/bin/$program" --version 2>&1 | sed -n 1p
