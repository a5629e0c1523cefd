#!/bin/bash
# Runs fuzz targets, as many at once as there are processors, and sums up in the order in which they
# are named.
# usage: run.sh BUILD_DIRECTORY SECONDS TARGET…
# Corpora grow in BUILD_DIRECTORY/corpus; an input that crashes a target stays in BUILD_DIRECTORY.
set -euo pipefail
export build=$1 seconds=$2
shift 2
passed=0 failed=0

fuzz() { # TARGET
    local corpus=$build/corpus/$1 seeds=$build/seeds/${1#fuzz_} status=0
    mkdir -p "$corpus" "$seeds"
    "$build/$1" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=4096 -max_len=262144 \
        -print_final_stats=1 -artifact_prefix="$build/" "$corpus" "$seeds" >"$build/$1.log" 2>&1 || status=$?
    echo "$status" >"$build/$1.status"
}
export -f fuzz

"$(dirname "$0")/make_seeds.sh" "$build/seeds"
rm -f "$build"/*.status
# shellcheck disable=SC2016 # the inner shell expands it
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" bash -c 'fuzz "$1"' -
for target in "$@"; do
    if [ "$(cat "$build/$target.status")" = 0 ]; then
        echo "ok $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$target.log") runs"
        passed=$((passed + 1))
    else
        tail -n 40 "$build/$target.log"
        echo "FAILED $target: the input is in $build/"
        failed=$((failed + 1))
    fi
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" = 0 ]
