#!/bin/bash
# Makes the data set and the report of several real kernels anew, with one thread, with two and with
# four, while packages arrive in one order and another: each time the same has to come out.
# usage: PACKAGES="FILE…" check_order.sh
#
# KSTRUCT         the program (default: build/kstruct)
# PACKAGES        debug packages of kernels (default: the eight smallest that apt offers)
# KSTRUCT_REAL    where packages and all that is made are kept meanwhile (default: build/real)
set -euo pipefail
cd "$(dirname "$0")/../.."
kstruct=$(realpath "${KSTRUCT:-build/kstruct}")
work=${KSTRUCT_REAL:-build/real}/order
# shellcheck source=install/setup/kernel_packages.sh
source install/setup/kernel_packages.sh
# shellcheck source=tests/end_to_end/nginx.sh
source tests/end_to_end/nginx.sh
NGINX_PID=
failed=0

end_all() {
    [ -z "$NGINX_PID" ] || kill -9 "$NGINX_PID"
    wait 2>/dev/null
    rm -rf "$work" "$work.new"
}
trap end_all EXIT

# All that a run leaves for those who read it, but for what was new when.
dump() { # OUTPUT
    local kernel
    mkdir "$1"
    for kernel in "${kernels[@]}"; do
        "$kstruct" -d "$work/data" export -k "$kernel" -o "$1/$kernel.jsonl"
    done
    cp -r "$work/data/report" "$1/report"
    rm -f "$1"/report/{.kstruct-report,changes.*}
}

check() { # WHAT OPTION...
    local what=$1 start=$SECONDS
    shift
    rm -rf "$work/data" "$work/found"
    "$kstruct" -q -l "$work/kernels.list" -d "$work/data" "$@" rebuild
    dump "$work/found"
    if diff -rq "$work/wanted" "$work/found"; then
        echo "ok $what: $((SECONDS - start)) s"
    else
        echo "FAILED $what: report or exports are others"
        failed=$((failed + 1))
    fi
}

# The server sends these slowly from now on.
delay() { # FILE...
    rm -rf "$work/site/slow"
    mkdir "$work/site/slow"
    local file
    for file in "$@"; do
        touch "$work/site/slow/$file"
    done
}

rm -rf "$work" "$work.new"
mkdir -p "${work%/*}"
collect_packages "$work.new" 8 || { echo "check_order: apt does not offer two packages; set PACKAGES" >&2; exit 1; }
mkdir "$work"
mv "$work.new" "$work/site"
# shellcheck disable=SC2016 # the variables are nginx's
start_nginx "$work/site" "$work/nginx" 'if (-e $document_root/slow$uri) { set $limit_rate 40m; }' ||
    { echo "check_order: nginx is not there, or does not start" >&2; exit 1; }
files=() kernels=()
for file in "$work"/site/*; do
    file=${file##*/}
    files+=("$file")
    kernels+=("$(kernel_of_file "$file")")
    echo "${kernels[-1]} url=$NGINX_URL/$file"
done >"$work/kernels.list"
half=$((${#files[@]} / 2))

"$kstruct" -q -l "$work/kernels.list" -d "$work/data" run
dump "$work/wanted"
echo "${#kernels[@]} kernels, $(find "$work/wanted/report" -type f | wc -l) files of the report"
check "one thread" -j1
check "two threads" -j2
check "four threads" -j4
delay "${files[@]:0:half}"
check "two threads, the first half late" -j2
check "four threads, the first half late" -j4
delay "${files[@]:half}"
check "one thread, the second half late" -j1
check "two threads, the second half late" -j2
[ "$failed" = 0 ]
