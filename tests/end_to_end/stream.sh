# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Packages that are read while they arrive.

release=5.4.0-26-generic
kernel=$release-amd64

# A package whose vmlinux is followed by much more. Incompressible, so that its size is known.
make_long_deb() { # OUTPUT [COMPRESSION [BYTES]]
    mkdir -p root/usr/lib/debug/boot root/usr/lib/debug/lib
    make_good_vmlinux "root/usr/lib/debug/boot/vmlinux-$release"
    head -c "${3:-30000000}" /dev/urandom >root/usr/lib/debug/lib/rest
    pack_deb root "${2:-none}" "$1"
    rm -r root
}

test_stops_after_vmlinux() {
    need python3
    mkdir www
    make_long_deb www/long.ddeb
    serve www
    printf '[kstruct]\nimages = vmlinux\n' >vmlinux.ini
    echo "$kernel url=$SERVER/long.ddeb sha256=$(sha256 www/long.ddeb)" >kernels.list
    kstruct 0 -c vmlinux.ini -l kernels.list -d streamed run --stream
    has err ' of 30[0-9]* bytes fetched \([0-9] %\); the package.s hash was not verified$'
    is_gone streamed/packages
    kstruct 0 -l kernels.list -d whole run
    kstruct 0 -d streamed export -k "$kernel" -o streamed.jsonl
    kstruct 0 -d whole export -k "$kernel" -o whole.jsonl
    same streamed.jsonl whole.jsonl
    [ "$(sqlite3 streamed/kstruct.db 'SELECT sha256 FROM kernel')" = "" ] || fail "claims a hash"
    kstruct 0 -c vmlinux.ini -l kernels.list -d streamed run --stream
    has err '^nothing to do'
    # Modules may be anywhere after it.
    kstruct 0 -l kernels.list -d streamed run --stream
    has err ' bytes fetched \(100 %\)'
}

test_what_nothing_vouches_for_is_fetched_whole() {
    need python3
    mkdir www
    make_long_deb www/long.ddeb
    serve www
    echo "$kernel url=$SERVER/long.ddeb" >kernels.list
    kstruct 0 -v -l kernels.list -d data run --stream
    has err 'neither fetched by https nor is its hash known.*; it is fetched whole'
    exists "data/packages/$kernel.ddeb"
}

test_a_lost_server_is_told() {
    local url
    url=$(refused_url)
    echo "$kernel url=$url/long.ddeb sha256=$(printf '0%.0s' {1..64})" >kernels.list
    printf '[fetch]\nretry_wait = 0\n' >quick.ini
    refused 1 "$kernel" "$url/long.ddeb" '[Cc]onnect' -- \
        -q -c quick.ini -l kernels.list -d data run --stream
    kstruct 1 -c quick.ini -l kernels.list -d data run --stream
    lacks err 'bytes fetched'
}

test_each_compression() {
    need python3
    local compression
    mkdir www
    for compression in xz gzip zstd; do
        make_long_deb "www/$compression.ddeb" "$compression" 3000000
    done
    serve www
    for compression in xz gzip zstd; do
        echo "$kernel url=$SERVER/$compression.ddeb sha256=$(sha256 www/$compression.ddeb)" >kernels.list
        kstruct 0 -l kernels.list -d "$compression" run --stream
        has err '; the package.s hash was not verified$'
    done
}

# A package of KERNEL that has TEXT in its vmlinux, for which parser_bug.c makes libelf misbehave.
add_bug() { # KERNEL TEXT
    printf 'struct kit { int a; };\nstruct kit kit_object;\nconst char bug[] = "%s";\n' "$2" >bug.c
    make_vmlinux bug.c "${1%-*}" bug.vmlinux
    make_deb bug.vmlinux "${1%-*}" gzip "www/$1.ddeb"
    echo "$1 url=$SERVER/$1.ddeb sha256=$(sha256 "www/$1.ddeb")" >>kernels.list
}

# What foreign bytes do to a parser is one kernel's failure here, too.
test_crash_and_hang_of_a_reader() {
    need python3
    build_parser_bug
    mkdir www
    serve www
    add_bug 5.4.0-26-generic-amd64 'parser bug: crash'
    add_bug 5.8.0-25-generic-amd64 'parser bug: hang'
    add_bug 5.11.0-16-generic-amd64 'none'
    # The one that hangs is read alone, since any time is too short for it and none for the others.
    printf '[kstruct]\nchild_time = 1\n' >kstruct.ini
    LD_PRELOAD=$BUG kstruct 1 -c kstruct.ini -l kernels.list -d data run --stream 5.8.0-25-generic-amd64
    has err '^kstruct: 5.8.0-25-generic-amd64: .*does not end within 1 s'
    sed -i '/^5.8.0/d' kernels.list
    LD_PRELOAD=$BUG kstruct 3 -l kernels.list -d data run --stream
    has err '^kstruct: 5.4.0-26-generic-amd64: .*ended by signal 11'
    has err '^2 kernels: 1 read, 0 up to date, 1 failed$'
}

# A transfer that breaks while the package is read: the server is to blame, not the package.
test_a_server_that_breaks_off() {
    need python3
    mkdir www
    make_long_deb www/long.ddeb xz 3000000
    serve_faults www requests.log
    echo "$kernel url=$SERVER/changed/long.ddeb sha256=$(sha256 www/long.ddeb)" >kernels.list
    printf '[fetch]\nretry_wait = 0\ntries = 2\n' >quick.ini
    refused 1 "$kernel.*long.ddeb" -- -q -c quick.ini -l kernels.list -d data run --stream
    lacks err 'corrupt|does not arrive|cut short'
}
