#!/bin/bash
# Reads real kernels and compares with what pahole and bpftool make of them: names, sizes, members, bit
# offsets and types of every struct and union, every enum's values, every typedef's type, and the holes
# and padding of structs; with one thread and with two; then what is exported, and how the BPF objects
# of libbpf-tools are resolved, with what libbpf makes of pahole's BTF. pahole needs some 4 GB of memory
# for the holes.
# usage: check_real.sh [NAME…]        names from the table below; all of them if none is given
#
# KSTRUCT         the program (default: build/kstruct)
# KSTRUCT_SHARED  has tools/debian-kernel and tools/btf_reference.py (default: ../shared)
# KSTRUCT_REAL    where packages are kept (default: build/real); some need 1 GB each
# KSTRUCT_REAL_MODULES  how many modules of each kernel are compared (default: 20), the same ones each time
# KSTRUCT_REAL_OBJECTS  how many BPF objects are (default: all)
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
kstruct=$(realpath "${KSTRUCT:-build/kstruct}")
shared=${KSTRUCT_SHARED:-../shared}
directory=${KSTRUCT_REAL:-build/real}
modules=${KSTRUCT_REAL_MODULES:-20}
object_count=${KSTRUCT_REAL_OBJECTS:-1000}
passed=0 failed=0 skipped=0

# NAME SUITE ARCHITECTURE PATTERN: a package of the Debian mirror that apt is set up with.
kernels() {
    cat <<'TABLE'
5.10-cloud-amd64 bullseye amd64 5[.]10[.].*-cloud-amd64-dbg
6.1-cloud-amd64 bookworm-security amd64 6[.]1[.]0-.*-cloud-amd64-dbg
6.1-full-amd64 bookworm-security amd64 6[.]1[.]0-[0-9]+-amd64-dbg
6.12-cloud-amd64 trixie amd64 6[.]12.*-cloud-amd64-dbg
6.12-rt-amd64 trixie amd64 6[.]12.*-rt-amd64-dbg
7.2-cloud-amd64 sid amd64 -cloud-amd64-dbg
6.12-cloud-arm64 trixie arm64 6[.]12.*-cloud-arm64-dbg
6.12-armmp-armhf trixie armhf 6[.]12.*[0-9]-armmp-dbg
6.12-ppc64el trixie ppc64el 6[.]12.*-powerpc64le-dbg
6.12-riscv64 trixie riscv64 6[.]12.*-riscv64-dbg
6.12-s390x trixie s390x 6[.]12.*-s390x-dbg
TABLE
}

export_kernel() {
    rm -rf "$directory/data"
    "$kstruct" -q -d "$directory/data" "-j$1" analyze -k 1.0.0-1-check-amd64 "$2" 2>"$directory/said" ||
        { cat "$directory/said"; return 1; }
    "$kstruct" -q -d "$directory/data" export -k 1.0.0-1-check-amd64 \
        --kind struct,union,enum,typedef,int -o "$3"
}

compare() {
    local package=$1
    "$kstruct" -q extract "$package" -o "$directory/vmlinux" &&
        export_kernel 1 "$directory/vmlinux" "$directory/one" &&
        export_kernel 2 "$package" "$directory/two" || return 1
    cmp "$directory/one" "$directory/two" || return 1
    # pahole complains about Rust entries of newer kernels and reads the rest all the same.
    pahole --lang_exclude=rust --btf_encode_detached="$directory/btf" "$directory/vmlinux" \
        2>"$directory/pahole.log"
    bpftool btf dump file "$directory/btf" --json >"$directory/btf.json" || return 1
    local kind differs=0
    for kind in struct union enum typedef; do
        python3 "$shared/tools/btf_reference.py" "$directory/btf.json" "$kind" >"$directory/reference" &&
            python3 tests/real/compare_definitions.py "$kind" "$directory/one" "$directory/reference" || differs=1
    done
    [ "$differs" = 0 ] && compare_holes && compare_modules "$package" && compare_forms
}

# What the exported forms say, and what BPF objects find in the kernel.
compare_forms() {
    local kernel=1.0.0-1-check-amd64 failed=0
    local -a objects export=("$kstruct" -q -d "$directory/data" export -k "$kernel")
    "${export[@]}" --format btf -o "$directory/own.btf" &&
        "${export[@]}" --format header -o "$directory/vmlinux.h" &&
        "${export[@]}" --kind struct,union -o "$directory/fields" || return 1
    python3 tests/real/assert_header.py vmlinux.h "$directory/fields" >"$directory/asserts.c" &&
        clang -target bpf -c -o "$directory/asserts.o" "$directory/asserts.c" &&
        echo "header: $(grep -c _Static_assert "$directory/asserts.c") places and sizes" || failed=1
    if tests/real/get_objects.sh "$directory"; then
        mapfile -t objects < <(find "$directory/objects" -name '*.o' | sort | head -n "$object_count")
        python3 tests/real/compare_check.py "$kstruct" "$directory/data" "$kernel" "$directory/btf" \
            "${objects[@]}" || failed=1
        tests/real/minimal_btf.sh "$directory" "$directory/btf" "$directory/own.btf" \
            "${objects[@]}" || failed=1
    else
        failed=1
    fi
    rm -f "$directory/section.btf"
    objcopy --dump-section .BTF="$directory/section.btf" "$directory/vmlinux" /dev/null 2>/dev/null
    if [ -s "$directory/section.btf" ]; then
        "$kstruct" -q -d "$directory/data" analyze -k 1.0.0-1-btf-amd64 "$directory/section.btf" &&
            python3 tests/real/compare_btf.py "$kstruct" "$directory/data" "$kernel" \
                1.0.0-1-btf-amd64 || failed=1
    fi
    return "$failed"
}

# Of the kernel as it was read from its package.
compare_modules() { # PACKAGE
    local -a files
    rm -rf "$directory/modules"
    mkdir "$directory/modules"
    dpkg --fsys-tarfile "$1" | tar -t | grep '[.]ko$' |
        shuf -n "$modules" --random-source=<(yes) >"$directory/wanted"
    dpkg --fsys-tarfile "$1" | tar -x -C "$directory/modules" -T "$directory/wanted" || return 1
    mapfile -t files < <(find "$directory/modules" -name '*.ko' | sort)
    [ ${#files[@]} -gt 0 ] || return 1
    python3 tests/real/compare_modules.py "$kstruct" "$directory/data" 1.0.0-1-check-amd64 \
        "$shared/tools/btf_reference.py" "${files[@]}"
}

compare_holes() {
    rm -rf "$directory/report"
    "$kstruct" -q -d "$directory/data" report --all --format json -o "$directory/report" &&
        python3 tests/real/compare_holes.py "$directory/vmlinux" "$directory/report"
}

check() {
    local name=$1 package
    if ! package=$("$shared/tools/debian-kernel" "$2" "$3" "$4" "$directory/packages" 2>"$directory/said"); then
        echo "skipped $name: $(tail -n 1 "$directory/said")"
        skipped=$((skipped + 1))
        return
    fi
    echo "$name: $(basename "$package")"
    if compare "$package"; then
        passed=$((passed + 1))
    else
        echo "FAILED $name"
        failed=$((failed + 1))
    fi
    rm -rf "$directory/modules" "$directory/vmlinux" "$directory/btf" "$directory/btf.json" "$directory/report"
}

if [ ! -x "$shared/tools/debian-kernel" ] || [ ! -f "$shared/tools/btf_reference.py" ]; then
    echo "skipped: $shared/tools is not there; set KSTRUCT_SHARED"
    echo "real: 0 passed, 0 failed, 1 skipped"
    exit 0
fi
mkdir -p "$directory"
while read -r name suite architecture pattern; do
    if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then
        continue
    fi
    check "$name" "$suite" "$architecture" "$pattern"
done < <(kernels)
echo "real: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
