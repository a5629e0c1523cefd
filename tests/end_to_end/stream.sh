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

test_stops_behind_vmlinux() {
    need python3
    mkdir www
    make_long_deb www/long.ddeb
    serve www
    echo "$kernel url=$SERVER/long.ddeb sha256=$(sha256 www/long.ddeb)" >kernels.list
    kstruct 0 -l kernels.list -d streamed run --stream
    has err ' of 30[0-9]* bytes fetched \([0-9] %\); the package.s hash was not verified$'
    is_gone streamed/packages/long.ddeb streamed/packages
    kstruct 0 -l kernels.list -d whole run
    kstruct 0 -d streamed export -k "$kernel" -o streamed.jsonl
    kstruct 0 -d whole export -k "$kernel" -o whole.jsonl
    same streamed.jsonl whole.jsonl
    [ "$(sqlite3 streamed/kstruct.db 'SELECT sha256 FROM kernel')" = "" ] || fail "claims a hash"
    kstruct 0 -l kernels.list -d streamed run --stream
    has err '^nothing to do'
}

test_what_nothing_vouches_for_is_fetched_whole() {
    need python3
    mkdir www
    make_long_deb www/long.ddeb
    serve www
    echo "$kernel url=$SERVER/long.ddeb" >kernels.list
    kstruct 0 -v -l kernels.list -d data run --stream
    has err 'neither fetched by https nor is its hash known.*; it is fetched whole'
    exists data/packages/long.ddeb
}

test_a_lost_server_is_told() {
    local url
    url=$(refused_url)
    echo "$kernel url=$url/long.ddeb sha256=$(printf '0%.0s' {1..64})" >kernels.list
    printf '[fetch]\nretry_wait = 0\n' >quick.ini
    refused 1 "$kernel" "$url/long.ddeb" '[Cc]onnect' -- \
        -q -c quick.ini -l kernels.list -d data run --stream
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
