#!/bin/bash
# SPDX-License-Identifier: MIT
# How time, memory and sizes grow with the number of kernels: a table in Markdown, a row a number.
#
# Seconds depend on the machine; how they grow is what counts. With 1,000 kernels it takes half an hour and
# needs some 25 GB.
#
# SOURCE      a directory as make_kernels.py takes it: what `kstruct export` wrote of some real kernels
# BASELINE    which of them is the baseline
# COUNTS      numbers of kernels (default: 50 200 1000)
# KSTRUCT     the program (default: build/kstruct)
set -euo pipefail
cd "$(dirname "$0")/../.."
kstruct=$(realpath "${KSTRUCT:-build/kstruct}")
: "${SOURCE:?is not set: a directory with types_struct/KERNEL.jsonl}" "${BASELINE:?is not set}"
work=$(mktemp -d)
server=

end_all() {
    [ -z "$server" ] || kill "$server"
    rm -rf "$work"
}
trap end_all EXIT

# Sets SECONDS_TAKEN and MEGABYTES of a command, which may find nothing.
measure() {
    /usr/bin/time -q -o "$work/time" -f '%e %M' "$@" >"$work/out" 2>"$work/err" || [ $? -lt 2 ] || {
        cat "$work/err" >&2
        return 1
    }
    read -r SECONDS_TAKEN MEGABYTES <"$work/time"
    MEGABYTES=$((MEGABYTES / 1024))
}

megabytes() { du -s --apparent-size --block-size=1000000 "$1" | cut -f1; }

cell() { printf '| %s ' "$@"; }

report() { # FORMAT
    measure "$kstruct" -q -d "$data" -l "$list" report --format "$1" -o "$work/$1"
    cell "$SECONDS_TAKEN" "$MEGABYTES" "$(megabytes "$work/$1")"
    rm -r "${work:?}/$1"
}

query() {
    measure "$kstruct" -q -d "$data" -l "$list" "$@"
    cell "$SECONDS_TAKEN"
}

# Seconds until it answers, the 95th of 100 pages' milliseconds one after the other, megabytes after that.
serve() {
    local start pages page
    start=$(date +%s%N)
    "$kstruct" -d "$data" -l "$list" serve --listen 127.0.0.1:0 >"$work/serve" 2>&1 &
    server=$!
    until url=$(grep -om1 'http://[0-9.:]*' "$work/serve") && curl -sf -o "$work/out" "$url/health"; do
        kill -0 "$server"
        sleep 0.02
    done
    cell "$(awk -v ns=$(($(date +%s%N) - start)) 'BEGIN { printf "%.2f", ns / 1e9 }')"
    mapfile -t pages < <("$kstruct" -q -d "$data" export -k "$BASELINE" |
        jq -r .name | sed -n '0~70p' | head -n 100)
    for page in "${pages[@]}"; do
        curl -sf -o "$work/out" -w '%{time_total}\n' "$url/struct/$page.html"
    done | sort -g | awk '{ v[NR] = $1 } END { printf "| %.0f ", v[int(NR * 0.95)] * 1000 }'
    cell "$(($(ps -o rss= -p "$server") / 1024))"
    kill "$server"
    wait "$server" || true
    server=
}

stand_ins() { # COUNT
    tests/bench/make_stand_ins.py "$work/stand_ins" "$1"
    list=$work/stand_ins/kernels.list
    data=$work/stand_ins/data
    query run
    query run
    rm -r "$work/stand_ins"
}

echo '| kernels | import | data set, MB | report: s | MB of memory | MB | site: s | MB of memory | MB |' \
    'offsets | show | diff | find | serve: ready | 95 % of pages, ms | MB of memory |' \
    'run of stand-ins | nothing to do |'
echo '|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|'
for count in ${COUNTS:-50 200 1000}; do
    tests/bench/make_kernels.py "$SOURCE" "$work/kernels" --kernels "$count" --baseline "$BASELINE"
    list=$work/kernels/kernels.list
    data=$work/data
    newest=$(tail -n 1 "$list")
    cell "$count"
    query import "$work/kernels"
    cell "$(megabytes "$data/kstruct.db")"
    mv "$list" "$work/kernels.list"
    list=$work/kernels.list
    rm -r "$work/kernels"
    report md
    report html
    query offsets task_struct.pid
    query show task_struct
    query diff "$BASELINE" "${newest%% *}"
    query find --field pid
    serve
    rm -r "$data"
    stand_ins "$count"
    echo '|'
done
