#!/usr/bin/env bash
# Usage: suites.sh TARGET …
# Runs the given make targets one after the other, all of them even when one fails, and ends with a table.
set -euo pipefail

names=() results=() failed=0
for target in "$@"; do
    printf '\n── make %s ──\n' "$target"
    began=$SECONDS
    if "${MAKE:-make}" --no-print-directory "$target"; then
        result=passed
    else
        result=FAILED
        failed=$((failed + 1))
    fi
    names+=("$target")
    results+=("$result in $((SECONDS - began)) s")
done

printf '\n'
for i in "${!names[@]}"; do
    printf '  %-18s %s\n' "${names[$i]}" "${results[$i]}"
done
printf 'test: %d of %d passed in %d min %02d s\n' \
    $(($# - failed)) $# $((SECONDS / 60)) $((SECONDS % 60))
((failed == 0))
