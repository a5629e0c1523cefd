#!/bin/bash
# Runs unit test programs, several at once, and sums up what they say, in the order in which they are
# named and as soon as they and those before them have ended.
# usage: run.sh PROGRAM…
# KSTRUCT_ALLOWED_SKIPS: a regular expression of tests that may skip; with CI set, others are failures.
# KSTRUCT_TEST_JOBS: how many programs run at once (default: as many as there are processors)
set -uo pipefail

allowed=${KSTRUCT_ALLOWED_SKIPS:-}
outputs=$(mktemp -d)
teller=
end() {
    [ -z "$teller" ] || kill "$teller" 2>/dev/null
    rm -rf "$outputs"
}
trap end EXIT

# Waits until the program has ended, or until all have. A line in `ended` tells that one more has.
wait_for() { # OUTPUT
    while [ ! -s "$1.status" ] && [ ! -e "$outputs/all-ended" ]; do
        read -r <&"$ended"
    done
}

tell_all() { # PROGRAM...
    local passed=0 failed=0 skipped=0 program output status tests bad skips name
    for program in "$@"; do
        output=$outputs/${program##*/}
        wait_for "$output"
        status=$(cat "$output.status" || echo none)
        tests=$(grep -c '^\[ RUN      \]' "$output")
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
}

# Open for reading too, so that nobody waits to open it.
mkfifo "$outputs/ended"
exec {ended}<>"$outputs/ended"
tell_all "$@" &
teller=$!
# A name may be there once only, since the output has that of the program.
# shellcheck disable=SC2016 # the inner shell expands these
printf '%s\0' "$@" | outputs=$outputs xargs -0 -n 1 -P "${KSTRUCT_TEST_JOBS:-$(nproc)}" bash -c '
    program=$(realpath "$1")
    status=0
    "$program" >"$outputs/${1##*/}" 2>&1 || status=$?
    echo "$status" >"$outputs/${1##*/}.status"
    echo >"$outputs/ended"' -
touch "$outputs/all-ended"
echo >&"$ended"
wait "$teller"
