# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Packages that are read while they arrive.

release=5.4.0-26-generic
kernel=$release-amd64

# A package whose vmlinux is followed by much more, or comes after it where NAME is before vmlinux's.
# Incompressible, so that its size is known.
make_long_deb() { # OUTPUT [COMPRESSION [BYTES [NAME]]]
    local rest=root/usr/lib/debug/${4:-lib/rest}
    mkdir -p root/usr/lib/debug/boot "${rest%/*}"
    make_good_vmlinux "root/usr/lib/debug/boot/vmlinux-$release"
    head -c "${3:-30000000}" /dev/urandom >"$rest"
    pack_deb root "${2:-none}" "$1"
    rm -r root
}

# Streams of vmlinux alone; its kernel must be the one that a run reads from the whole package.
stream_vmlinux() { # URL PACKAGE
    printf '[kstruct]\nimages = vmlinux\n' >vmlinux.ini
    rm -rf streamed whole
    echo "$kernel url=$1 sha256=$(sha256 "$2")" >kernels.list
    kstruct 0 -c vmlinux.ini -l kernels.list -d streamed run --stream
    cp err stream.err
    is_gone streamed/packages
    kstruct 0 -c vmlinux.ini -l kernels.list -d whole run
    kstruct 0 -d streamed export -k "$kernel" -o streamed.jsonl
    kstruct 0 -d whole export -k "$kernel" -o whole.jsonl
    same streamed.jsonl whole.jsonl
    [ "$(sqlite3 streamed/kstruct.db 'SELECT sha256 FROM kernel')" = "" ] || fail "claims a hash"
}

test_stops_after_vmlinux() {
    need python3
    mkdir www
    make_long_deb www/long.ddeb
    serve www
    stream_vmlinux "$SERVER/long.ddeb" www/long.ddeb
    has stream.err ' of 30[0-9]* bytes fetched \([0-9] %\); the package.s hash was not verified$'
    kstruct 0 -c vmlinux.ini -l kernels.list -d streamed run --stream
    has err '^nothing to do'
}

# vmlinux in the first block of the xz data, or in one of the last.
test_fetches_only_the_parts_that_are_needed() {
    local place share
    mkdir www
    make_long_deb www/first.ddeb xz
    make_long_deb www/last.ddeb xz 30000000 boot/rest
    run_nginx www
    for place in first last; do
        : >nginx/access.log
        stream_vmlinux "$NGINX_URL/$place.ddeb" "www/$place.ddeb"
        share=$(awk -v size="$(stat -c %s "www/$place.ddeb")" \
            '$2 == 206 { sent += $3 } END { printf "%d", 1000 * sent / size }' nginx/access.log)
        # The rest is 30 MB; a block of it has 3.
        [ "$share" -le "$([ "$place" = first ] && echo 10 || echo 150)" ] || fail "$place: $share ‰"
        [ "$share" -gt 0 ] || fail "nothing came in parts: $(cat nginx/access.log)"
    done
}

# Without blocks, it is read in order, and no more is asked for than a little after vmlinux.
test_ranges_of_what_has_no_blocks() {
    mkdir www
    make_long_deb www/long.ddeb
    run_nginx www
    stream_vmlinux "$NGINX_URL/long.ddeb" www/long.ddeb
    has stream.err ' bytes fetched \([0-9] %\)'
}

# Modules may be anywhere in a package: all of it is needed.
test_with_modules_all_is_fetched() {
    need python3
    mkdir www
    make_long_deb www/long.ddeb
    serve www
    echo "$kernel url=$SERVER/long.ddeb sha256=$(sha256 www/long.ddeb)" >kernels.list
    kstruct 0 -l kernels.list -d data run --stream
    has err '^packages are fetched whole, without --stream, .*images = all'
    exists "data/packages/$kernel.ddeb"
    [ "$(sqlite3 data/kstruct.db 'SELECT modules FROM kernel')" = 1 ] || fail "no modules"
}

# Parts that are not what was asked for are never read as if they were.
test_wrong_parts() {
    need python3
    local kind
    mkdir www
    make_long_deb www/long.ddeb xz 3000000
    serve_faults www requests.log
    printf '[kstruct]\nimages = vmlinux\n[fetch]\nretry_wait = 0\ntries = 4\n' >quick.ini
    for kind in bytes start total none tiny; do
        local fault=range-wrong/$kind
        [ "$kind" != tiny ] || fault=range-tiny
        echo "$kernel url=$SERVER/$fault/long.ddeb sha256=$(sha256 www/long.ddeb)" >kernels.list
        refused 1 "$kernel.*long.ddeb" -- -q -c quick.ini -l kernels.list -d "$kind" run --stream
        lacks err 'internal|does not arrive'
    done
    for kind in cut/5 range-wrong/short range-ignored reset; do
        echo "$kernel url=$SERVER/$kind/long.ddeb sha256=$(sha256 www/long.ddeb)" >kernels.list
        kstruct 0 -c quick.ini -l kernels.list -d "${kind%/*}" run --stream
    done
}

# Each part would cost all that is before it then.
test_a_server_that_answers_ranges_once() {
    need python3
    mkdir www
    make_long_deb www/long.ddeb xz 30000000 boot/rest
    serve_faults www requests.log
    printf '[kstruct]\nimages = vmlinux\n' >vmlinux.ini
    echo "$kernel url=$SERVER/range-once/long.ddeb sha256=$(sha256 www/long.ddeb)" >kernels.list
    kstruct 0 -v -c vmlinux.ini -l kernels.list -d data run --stream
    has err 'answers ranges now and then only.*; it is fetched whole'
    exists "data/packages/$kernel.ddeb"
    wait_until_idle
    [ "$(wc -l <requests.log)" -le 4 ] || fail "$(cat requests.log)"
}

test_what_nothing_vouches_for_is_fetched_whole() {
    need python3
    mkdir www
    make_long_deb www/long.ddeb
    serve www
    echo "$kernel url=$SERVER/long.ddeb" >kernels.list
    printf '[kstruct]\nimages = vmlinux\n' >vmlinux.ini
    kstruct 0 -v -c vmlinux.ini -l kernels.list -d data run --stream
    has err 'neither fetched by https nor is its hash known.*; it is fetched whole'
    exists "data/packages/$kernel.ddeb"
}

test_a_lost_server_is_told() {
    local url
    url=$(refused_url)
    echo "$kernel url=$url/long.ddeb sha256=$(printf '0%.0s' {1..64})" >kernels.list
    printf '[kstruct]\nimages = vmlinux\n[fetch]\nretry_wait = 0\n' >quick.ini
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
        stream_vmlinux "$SERVER/$compression.ddeb" "www/$compression.ddeb"
        has stream.err '; the package.s hash was not verified$'
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
    printf '[kstruct]\nimages = vmlinux\n' >vmlinux.ini
    printf '[kstruct]\nimages = vmlinux\nchild_time = 1\n' >kstruct.ini
    LD_PRELOAD=$BUG kstruct 1 -c kstruct.ini -l kernels.list -d data run --stream 5.8.0-25-generic-amd64
    has err '^kstruct: 5.8.0-25-generic-amd64: .*does not end within 1 s'
    sed -i '/^5.8.0/d' kernels.list
    LD_PRELOAD=$BUG kstruct 3 -c vmlinux.ini -l kernels.list -d data run --stream
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
    printf '[kstruct]\nimages = vmlinux\n[fetch]\nretry_wait = 0\ntries = 2\n' >quick.ini
    refused 1 "$kernel.*long.ddeb" -- -q -c quick.ini -l kernels.list -d data run --stream
    lacks err 'corrupt|does not arrive|cut short'
}
