#!/bin/bash
# Runs fuzz targets, one after another, and sums up.
# usage: run.sh BUILD_DIRECTORY SECONDS TARGET…
# Corpora grow in BUILD_DIRECTORY/corpus; an input that crashes a target stays in BUILD_DIRECTORY.
set -euo pipefail
build=$1 seconds=$2
shift 2
passed=0 failed=0

"$(dirname "$0")/make_seeds.sh" "$build/seeds"
for target in "$@"; do
    corpus=$build/corpus/$target seeds=$build/seeds/${target#fuzz_}
    mkdir -p "$corpus" "$seeds"
    if "$build/$target" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=4096 -max_len=262144 \
        -print_final_stats=1 -artifact_prefix="$build/" "$corpus" "$seeds" >"$build/$target.log" 2>&1; then
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
