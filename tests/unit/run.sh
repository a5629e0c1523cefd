#!/bin/bash
# Runs unit test programs and sums up what they say.
# usage: run.sh PROGRAM…
# KSTRUCT_ALLOWED_SKIPS: a regular expression of tests that may skip; with CI set, others are failures.
set -uo pipefail

allowed=${KSTRUCT_ALLOWED_SKIPS:-}
passed=0 failed=0 skipped=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT

for program in "$@"; do
    case $program in /*) ;; *) program=./$program ;; esac
    "$program" >"$output" 2>&1
    status=$?
    tests=$(grep -c '^\[ RUN      \]' "$output")
    bad=$(grep -c '^\[  FAILED  \] [A-Za-z_0-9]*$' "$output")
    skips=$(grep -c '^\[  SKIPPED \] [A-Za-z_0-9]*$' "$output")
    # cmocka lists failed and skipped tests a second time at its end.
    bad=$(grep '^\[  FAILED  \] [A-Za-z_0-9]*$' "$output" | sort -u | grep -c .)
    skips=$(grep '^\[  SKIPPED \] [A-Za-z_0-9]*$' "$output" | sort -u | grep -c .)
    if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
        bad=1
    fi
    while read -r name; do
        [ -n "$name" ] || continue
        if [ -n "${CI:-}" ] && ! [[ -n $allowed && $name =~ $allowed ]]; then
            echo "FAILED $name: skipped, which is not expected here"
            bad=$((bad + 1)) skips=$((skips - 1))
            status=1
        else
            echo "skipped $name"
        fi
    done < <(sed -n 's/^\[  SKIPPED \] \([A-Za-z_0-9]*\)$/\1/p' "$output" | sort -u)
    if [ "$status" != 0 ] || [ "$tests" = 0 ]; then
        echo "FAILED $(basename "$program") (status $status)"
        cat "$output"
        [ "$bad" -gt 0 ] || bad=1
    else
        echo "ok $(basename "$program"): $tests tests"
        grep -i '^skip' "$output"
    fi
    passed=$((passed + tests - bad - skips)) failed=$((failed + bad)) skipped=$((skipped + skips))
done
echo "unit: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
