#!/bin/bash
# Speed and memory of kstruct as ratios to other programs, measured in this very run. Absolute times
# depend on the machine; the ratios are what counts.
#
# KSTRUCT        the program (default: build/kstruct)
# PACKAGE        a kernel's debug package (default: the smallest that this machine's apt offers)
# PACKAGES       such packages of several kernels, separated by spaces, for `run` (default: the eight
#                smallest that apt offers, some 300 MB each)
# PUBLISHED      a directory with types_struct/ in the published schema, for the report
#                (default: unpacked from ../shared/published if that is there)
# RUNS           how often each is run (default: 5); medians count
set -euo pipefail
cd "$(dirname "$0")/../.."
kstruct=$(realpath "${KSTRUCT:-build/kstruct}")
runs=${RUNS:-5}
work=$(mktemp -d)
nginx_pids=()

end_all() {
    local pid
    for pid in "${nginx_pids[@]}"; do
        kill -9 "$pid"
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap end_all EXIT
# shellcheck source=tests/end_to_end/nginx.sh
source tests/end_to_end/nginx.sh
# shellcheck source=install/setup/kernel_packages.sh
source install/setup/kernel_packages.sh

# "SECONDS KILOBYTES" of a command: wall time and peak memory.
measure() {
    /usr/bin/time -o "$work/time" -f '%e %M' "$@" >/dev/null 2>"$work/stderr" || {
        cat "$work/stderr" >&2
        return 1
    }
    cat "$work/time"
}

median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
column() { awk -v n="$1" '{ print $n }' "$2"; }

# ratio NAME OURS THEIRS AT_MOST
ratio() {
    awk -v name="$1" -v ours="$2" -v theirs="$3" -v most="$4" 'BEGIN {
        r = theirs > 0 ? ours / theirs : 0
        printf "%-62s %8.2f / %8.2f = %.3f (at most %s)%s\n", name, ours, theirs, r, most,
               r <= most + 0 ? "" : "  OVER" }'
}

find_package() {
    if [ -n "${PACKAGE:-}" ]; then
        realpath "$PACKAGE"
        return
    fi
    local name
    name=$(offered | head -n 1 | cut -d' ' -f2)
    [ -n "$name" ] || { echo "bench: apt offers no kernel debug package; set PACKAGE" >&2; exit 1; }
    (cd "$work" && apt-get download -qq "$name" >&2)
    ls "$work"/*.deb
}

analyze_vmlinux() {
    rm -rf "$work/data"
    measure "$kstruct" -q -d "$work/data" "-j$1" analyze -k 1.0.0-1-bench-amd64 "$work/vmlinux"
}

bench_vmlinux() {
    local i
    rm -f "$work/ours" "$work/ours2" "$work/theirs"
    for ((i = 0; i < runs; i++)); do
        analyze_vmlinux 1 >>"$work/ours"
        measure pahole --lang_exclude=rust --btf_encode_detached="$work/btf" "$work/vmlinux" \
            >>"$work/theirs"
        analyze_vmlinux 2 >>"$work/ours2"
    done
    local theirs
    theirs=$(column 1 "$work/theirs" | median)
    ratio "analyze vmlinux -j1 / pahole, one thread (s)" "$(column 1 "$work/ours" | median)" \
        "$theirs" 0.10
    ratio "analyze vmlinux -j2 / pahole, one thread (s)" "$(column 1 "$work/ours2" | median)" \
        "$theirs" 0.10
    ratio "its peak memory, -j1 / pahole (MB)" \
        "$(column 2 "$work/ours" | median | awk '{ print $1 / 1024 }')" \
        "$(column 2 "$work/theirs" | median | awk '{ print $1 / 1024 }')" 1.0
}

unpack_and_pahole() {
    dpkg --fsys-tarfile "$1" | tar -xO "$member" >"$work/unpacked"
    pahole --lang_exclude=rust --btf_encode_detached="$work/btf" "$work/unpacked"
}

bench_package() {
    local i package=$1
    printf '[kstruct]\nimages = vmlinux\n' >"$work/vmlinux.ini"
    rm -f "$work/ours" "$work/theirs"
    for ((i = 0; i < (runs + 1) / 2; i++)); do
        rm -rf "$work/data"
        measure "$kstruct" -q -c "$work/vmlinux.ini" -d "$work/data" -j2 analyze \
            -k 1.0.0-1-bench-amd64 "$package" >>"$work/ours"
        export -f unpack_and_pahole
        # shellcheck disable=SC2016 # the inner shell expands it
        measure env member="$member" work="$work" bash -c 'unpack_and_pahole "$1"' - "$package" \
            >>"$work/theirs"
        rm -f "$work/unpacked"
    done
    ratio "analyze package, vmlinux alone, -j2 / dpkg | tar, then pahole (s)" \
        "$(column 1 "$work/ours" | median)" "$(column 1 "$work/theirs" | median)" 0.15
}

decompress() { # PACKAGE THREADS
    DPKG_DEB_THREADS_MAX=$2 dpkg --fsys-tarfile "$1" >/dev/null
}

# What must be decompressed at least; memory is that of the largest process.
bench_modules() {
    local i package=$1
    rm -f "$work"/{ours,theirs,by_one}
    for ((i = 0; i < (runs + 1) / 2; i++)); do
        rm -rf "$work/data"
        measure "$kstruct" -q -d "$work/data" -j2 analyze -k 1.0.0-1-bench-amd64 "$package" \
            >>"$work/ours"
        export -f decompress
        # shellcheck disable=SC2016 # the inner shell expands it
        measure bash -c 'decompress "$1" 2' - "$package" >>"$work/theirs"
        # shellcheck disable=SC2016
        measure bash -c 'decompress "$1" 1' - "$package" >>"$work/by_one"
    done
    ratio "analyze package, with modules, -j2 / dpkg --fsys-tarfile (s)" \
        "$(column 1 "$work/ours" | median)" "$(column 1 "$work/theirs" | median)" 1.0
    ratio "the same / dpkg with one thread (s)" \
        "$(column 1 "$work/ours" | median)" "$(column 1 "$work/by_one" | median)" 1.0
    ratio "its peak memory / 700 MB" \
        "$(column 2 "$work/ours" | median | awk '{ print $1 / 1024 }')" 700 1.0
}

# libbpf's own tool, an object at a time, as it takes but one.
bpftool_each() { # BTF OBJECT...
    local btf=$1 object
    shift
    for object; do
        bpftool -d gen min_core_btf "$btf" "$work/minimal" "$object" >/dev/null 2>&1
    done
}

# Needs the data set of bench_modules and the BTF of bench_package.
bench_check() {
    local i
    local -a objects
    tests/real/get_objects.sh "$work" || {
        echo "skipped: check of BPF objects (apt does not offer libbpf-tools)"
        return
    }
    mapfile -t objects < <(find "$work/objects" -name '*.o' | sort)
    rm -f "$work/ours" "$work/theirs"
    export -f bpftool_each
    for ((i = 0; i < runs; i++)); do
        # 1: objects find something missing, which is no failure here.
        measure bash -c '"$@" || [ $? = 1 ]' - "$kstruct" -q -d "$work/data" check "${objects[@]}" \
            >>"$work/ours"
        # shellcheck disable=SC2016 # the inner shell expands it
        measure env work="$work" bash -c 'bpftool_each "$@"' - "$work/btf" "${objects[@]}" \
            >>"$work/theirs"
    done
    ratio "check ${#objects[@]} BPF objects, a kernel with modules / bpftool (s)" \
        "$(column 1 "$work/ours" | median)" "$(column 1 "$work/theirs" | median)" 1.0
}

curl_and_hash() {
    curl -sS -o "$work/theirs.deb" "$1" && sha256sum "$work/theirs.deb"
}

# Serves a directory until the end.
serve() { # DIRECTORY
    start_nginx "$1" "$1.nginx" || return
    nginx_pids+=("$NGINX_PID")
}

# Over loopback there is no network to wait for: what is left is what fetching itself costs.
bench_fetch() {
    local i package=$1
    mkdir "$work/site"
    ln -s "$package" "$work/site/package.deb"
    serve "$work/site" || {
        echo "skipped: fetching (there is no nginx, or it does not start)"
        return
    }
    echo "1.0.0-1-bench-amd64 url=$NGINX_URL/package.deb sha256=$(sha256sum "$package" | cut -c -64)" \
        >"$work/fetch.list"
    rm -f "$work/ours" "$work/theirs"
    export -f curl_and_hash
    for ((i = 0; i < runs; i++)); do
        rm -rf "$work/data"
        measure "$kstruct" -q -l "$work/fetch.list" -d "$work/data" fetch >>"$work/ours"
        rm -f "$work/theirs.deb"
        # shellcheck disable=SC2016 # the inner shell expands it
        measure env work="$work" bash -c 'curl_and_hash "$1"' - "$NGINX_URL/package.deb" \
            >>"$work/theirs"
    done
    rm -rf "$work/data" "$work/theirs.deb"
    ratio "fetch / curl -o, then sha256sum (s)" "$(column 1 "$work/ours" | median)" \
        "$(column 1 "$work/theirs" | median)" 1.1
}

# What a user would do without `run`: a kernel at a time, one step after another.
one_after_another() { # LIST DATADIR JOBS
    local -a lines
    local line package
    mapfile -t lines <"$1"
    for line in "${lines[@]}"; do
        package=$("$kstruct" -q -l "$1" -d "$2" fetch "${line%% *}")
        "$kstruct" -q "-j$3" extract "$package" -o "$2/vmlinux"
        "$kstruct" -q "-j$3" -d "$2" analyze -k "${line%% *}" "$2/vmlinux"
        rm "$2/vmlinux"
    done
    "$kstruct" -q "-j$3" -l "$1" -d "$2" report -o "$2/report"
}

# On two processors. Steps that use both of them by themselves leave `run` little to win: nearly all is
# decompressing, which takes the same time of processors either way.
bench_run() {
    local i package count jobs two=()
    collect_packages "$work/packages" 8 || {
        echo "skipped: run of several kernels (apt does not offer two; set PACKAGES)"
        return
    }
    serve "$work/packages" || {
        echo "skipped: run of several kernels (there is no nginx, or it does not start)"
        return
    }
    [ "$(nproc)" -le 2 ] || two=(taskset -c "0,1")
    for package in "$work"/packages/*; do
        echo "$(kernel_of_file "$package") url=$NGINX_URL/${package##*/}"
    done >"$work/run.list"
    count=$(wc -l <"$work/run.list")
    rm -f "$work"/{ours,theirs1,theirs2}
    export -f one_after_another
    export kstruct
    for ((i = 0; i < (runs + 1) / 2; i++)); do
        rm -rf "$work/data" "$work/run.lock"
        measure "${two[@]}" "$kstruct" -q -c "$work/vmlinux.ini" -j2 -l "$work/run.list" \
            -d "$work/data" run >>"$work/ours"
        for jobs in 1 2; do
            rm -rf "$work/data" "$work/run.lock"
            # shellcheck disable=SC2016 # the inner shell expands it
            measure "${two[@]}" bash -euc 'one_after_another "$@"' - "$work/run.list" "$work/data" $jobs \
                >>"$work/theirs$jobs"
        done
    done
    rm -rf "$work/data"
    ratio "run -j2 of $count kernels / one step after another, -j1 (s)" \
        "$(column 1 "$work/ours" | median)" "$(column 1 "$work/theirs1" | median)" 0.6
    ratio "run -j2 of $count kernels / one step after another, -j2 (s)" \
        "$(column 1 "$work/ours" | median)" "$(column 1 "$work/theirs2" | median)" 1.0
}

# A night in which nothing is to do: as many kernels, pages and members as the published ones have.
bench_idle() {
    local i published=$1 idle=$work/idle
    tests/bench/make_vmlinux.py "$published" "$idle" >&2
    "$kstruct" -q -l "$idle/kernels.list" -d "$idle/data" run
    idle_state "$idle" >"$work/before"
    rm -f "$work/ours" "$work/theirs"
    for ((i = 0; i < runs; i++)); do
        measure "$kstruct" -q -l "$idle/kernels.list" -d "$idle/data" run >>"$work/ours"
        # shellcheck disable=SC2016 # the inner shell expands it
        measure bash -c 'find "$1" -type f -print0 | xargs -0 stat' - "$idle/data" >>"$work/theirs"
    done
    idle_state "$idle" >"$work/after"
    cmp "$work/before" "$work/after" || echo "OVER: run writes files when nothing is to do"
    ratio "run of 25 kernels, nothing to do / stat of $(wc -l <"$work/before") files (s)" \
        "$(column 1 "$work/ours" | median)" "$(column 1 "$work/theirs" | median)" 1.0
}

# What changes of a file that is written, but for what SQLite keeps its readers' locks in.
idle_state() { # DIRECTORY
    find "$1" -type f ! -name '*.db-shm' -printf '%p %s %T@ %i\n' | sort
}

bench_report() {
    local i published=$1
    "$kstruct" -q -d "$work/published" import "$published"
    rm -f "$work/ours" "$work/again" "$work/theirs"
    for ((i = 0; i < runs; i++)); do
        measure "$kstruct" -q -d "$work/published" -l config/kernels.list report \
            -o "$work/report.$i" >>"$work/ours"
        measure cp -r "$work/report.$i" "$work/copy.$i" >>"$work/theirs"
        measure "$kstruct" -q -d "$work/published" -l config/kernels.list report \
            -o "$work/report.$i" >>"$work/again"
    done
    # Not before: ext4 makes whoever creates files pay for those that were just removed.
    rm -rf "$work"/{report,copy}.*
    local theirs
    theirs=$(column 1 "$work/theirs" | median)
    ratio "report of 25 kernels / cp -r of its pages (s)" "$(column 1 "$work/ours" | median)" \
        "$theirs" 2.0
    ratio "the same again, nothing changed / cp -r (s)" "$(column 1 "$work/again" | median)" \
        "$theirs" 0.3
}

# report_of COUNT: "SECONDS KILOBYTES BYTES" of the report of so many kernels.
report_of() {
    local count=$1 data=$work/kernels_$1
    tests/bench/make_kernels.py "$published" "$data" --kernels "$count" >&2
    "$kstruct" -q -d "$data/set" import "$data"
    local i
    for ((i = 0; i < (runs + 1) / 2; i++)); do
        rm -rf "$data/report"
        measure "$kstruct" -q -d "$data/set" -l "$data/kernels.list" report -o "$data/report"
    done | sort -g | sed -n 1p | tr '\n' ' '
    du -sb "$data/report" | cut -f1
}

# Time and memory may grow as the output does.
bench_growth() {
    report_of 50 >"$work/few"
    report_of 200 >"$work/many"
    local output
    output=$(awk '{ few = many; many = $3 } END { print many / few }' "$work/few" "$work/many")
    ratio "200 kernels' report / 50 kernels': time, against output" \
        "$(awk '{ few = many; many = $1 } END { print many / few }' "$work/few" "$work/many")" \
        "$output" 1.1
    ratio "200 kernels' report / 50 kernels': memory, against output" \
        "$(awk '{ few = many; many = $2 } END { print many / few }' "$work/few" "$work/many")" \
        "$output" 1.0
}

package=$(find_package)
member=$("$kstruct" extract "$package" -o "$work/vmlinux" 2>&1 | sed -n 's/: [0-9]* bytes to .*//p')
echo "package: $(basename "$package"), $(nproc) processors, medians of $runs runs"
bench_vmlinux
bench_package "$package"
bench_modules "$package"
bench_check
bench_fetch "$package"
bench_run

published=${PUBLISHED:-}
archive=../shared/published/types_struct.tar.zst
if [ -z "$published" ] && [ -f "$archive" ]; then
    mkdir "$work/unpacked_published"
    tar -I zstd -xf "$archive" -C "$work/unpacked_published"
    published=$work/unpacked_published
fi
if [ -n "$published" ]; then
    bench_idle "$published"
    bench_report "$published"
    bench_growth
else
    echo "skipped: the report (set PUBLISHED to a directory with types_struct/)"
fi
