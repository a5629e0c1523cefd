#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Runs the end-to-end tests: tests/end_to_end/run.sh [FILE|FILE:TEST]...
#
# Environment:
#   KSTRUCT                the program (default: build/kstruct)
#   KSTRUCT_ALLOWED_SKIPS  a regular expression; tests of which it matches the name may be skipped
#   CI                     true: any other test that is skipped has failed
#   KSTRUCT_TEST_SECONDS   how long one test, and a server of it, may take (default: 900)
#   KSTRUCT_TEST_JOBS      how many tests run at once (default: one more than there are processors, as
#                          some only wait)
#   TMPDIR                 where tests work (default: /dev/shm where that has room enough, so that they
#                          do not wait for a disk; else /tmp)
#   KSTRUCT_TEST_TIMES     a file that gets a line for each test: the milliseconds it took, and its name
#
# Every function test_NAME of a test file is a test, and runs in a shell and a directory of its own.
# Debian packages: binutils bzip2 dpkg gcc gnupg gpgv jq libc6-dev make openssl python3 util-linux xz-utils
# zstd; and, each for the tests that are skipped without it: clang gcc-aarch64-linux-gnu
# gcc-arm-linux-gnueabihf gcc-s390x-linux-gnu logrotate mandoc nginx-light
# python3-jsonschema systemd zsh.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
KSTRUCT=$(realpath -- "${KSTRUCT:-$here/../../build/kstruct}")
export KSTRUCT
export KSTRUCT_TEST_SECONDS=${KSTRUCT_TEST_SECONDS:-900}
readonly skipped_status=77 # as lib.sh has it
readonly room_wanted=$((4 * 1024 * 1024 * 1024)) # three tests at once take up to 0.9 GB
jobs=${KSTRUCT_TEST_JOBS:-$(($(nproc) + 1))}

# A directory in memory that has room for all tests, and in which programs may be run.
is_fast_and_large() { # DIRECTORY
    local kind room options
    read -r kind room options < <(findmnt -n -b -o FSTYPE,AVAIL,OPTIONS --target "$1" 2>/dev/null | tail -n 1) ||
        return 1
    [ "$kind" = tmpfs ] && [ "$room" -ge "$room_wanted" ] && [ -w "$1" ] && [[ $options != *noexec* ]]
}

if [ -z "${TMPDIR:-}" ]; then
    TMPDIR=/tmp
    ! is_fast_and_large /dev/shm || TMPDIR=/dev/shm
fi
top=$(mktemp -d "$TMPDIR/kstruct-tests.XXXXXX")
E2E_CACHE=$top/cache # what tests share: see `once` in lib.sh
export E2E_CACHE
mkdir "$E2E_CACHE"
chmod 711 "$top" # tests also run programs as another user
passed=0
failed=0
skipped=0

# What is to be run, in the order in which it is told. What cannot be found has no function, but a reason.
names=() files=() functions=() reasons=()
statuses=() # of those that have ended
pids=()     # of those that have not

# Also what a test has made read-only, which only root removes as it is.
remove() { # DIRECTORY
    [ "$(id -u)" -eq 0 ] || chmod -R u+rwX "$1" 2>/dev/null
    rm -rf "$1"
}

end_all() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
    wait
    remove "$top"
}
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

count_failure() { # NAME WHY
    echo "FAILED $1: $2"
    failed=$((failed + 1))
}

count_skip() { # NAME WHY
    if [ "${CI:-}" = true ] && ! [[ -n ${KSTRUCT_ALLOWED_SKIPS:-} &&
        $1 =~ $KSTRUCT_ALLOWED_SKIPS ]]; then
        count_failure "$1" "skipped: $2"
        return
    fi
    echo "skipped $1: $2"
    skipped=$((skipped + 1))
}

add_test() { # NAME FILE FUNCTION [REASON]
    names+=("$1")
    files+=("$2")
    functions+=("$3")
    reasons+=("${4:-}")
}

add_file() { # FILE or FILE:TEST
    local file=${1%%:*} only=""
    [[ $1 == *:* ]] && only=${1#*:}
    [[ $file == */* ]] || file=$here/$file
    [ -f "$file" ] || file=$file.sh
    if [ ! -f "$file" ]; then
        add_test "$1" "" "" "there is no such test file"
        return
    fi
    local function found=no
    while read -r function; do
        if [ -z "$only" ] || [ "$function" = "test_$only" ]; then
            found=yes
            add_test "$(basename "$file" .sh):${function#test_}" "$file" "$function"
        fi
    done < <(sed -n 's/^\(test_[a-z0-9_]*\)().*/\1/p' "$file")
    [ "$found" = yes ] || add_test "$1" "" "" "there is no such test"
}

# The reason that the test gave with `fail` or `skip`, or else how it ended.
reason() { # DIRECTORY STATUS
    if [ -s "$1/reason" ]; then
        head -n 1 "$1/reason"
    elif [ "$2" -eq 124 ] || [ "$2" -eq 137 ]; then
        echo "took too long"
    else
        echo "exit status $2: $(tail -n 1 "$1/log")"
    fi
}

# Runs a test, whose directory has the log, the reason, and the directory that it works in; says on the
# descriptor `ended` how it went.
run_test() { # NUMBER
    local directory=$top/$1 file=${files[$1]} function=${functions[$1]} status=0
    local start=${EPOCHREALTIME/[.,]/}
    mkdir -p "$directory/work"
    # shellcheck disable=SC2016 # the inner shell expands these
    E2E_DIRECTORY=$here E2E_REASON=$directory/reason \
        timeout --kill-after=5 "$KSTRUCT_TEST_SECONDS" \
        bash -euo pipefail -c '
            cd "$1"
            source "$E2E_DIRECTORY/lib.sh"
            source "$2"
            "$3"' "${names[$1]}" "$directory/work" "$file" "$function" \
        >"$directory/log" 2>&1 </dev/null {ended}>&- &
    # It is a process group of its own, which `timeout` ends as a whole.
    # shellcheck disable=SC2064 # the id of now is meant
    trap "kill $!; wait; exit" TERM
    wait $! || status=$?
    [ -z "${KSTRUCT_TEST_TIMES:-}" ] ||
        echo "$(((${EPOCHREALTIME/[.,]/} - start) / 1000)) ${names[$1]}" >>"$KSTRUCT_TEST_TIMES"
    echo "$1 $status" >&"$ended"
}

tell() { # NUMBER
    local name=${names[$1]} directory=$top/$1 status
    if [ -z "${functions[$1]}" ]; then
        count_failure "$name" "${reasons[$1]}"
        return
    fi
    status=${statuses[$1]}
    case $status in
    0)
        echo "ok $name"
        passed=$((passed + 1))
        ;;
    "$skipped_status") count_skip "$name" "$(reason "$directory" "$status")" ;;
    *)
        count_failure "$name" "$(reason "$directory" "$status")"
        tail -n 20 "$directory/log" | sed 's/^/    /'
        ;;
    esac
    remove "$directory"
}

# Several run at once; what is told of them comes in their order.
run_all() {
    local next=0 told=0 number status
    mkfifo "$top/ended"
    exec {ended}<>"$top/ended"
    while [ "$told" -lt ${#names[@]} ]; do
        if [ "$next" -lt ${#names[@]} ] && [ ${#pids[@]} -lt "$jobs" ]; then
            if [ -n "${functions[next]}" ]; then
                (trap - EXIT INT HUP && run_test "$next") &
                pids[next]=$!
            else
                statuses[next]=none
            fi
            next=$((next + 1))
        else
            read -r number status <&"$ended"
            statuses[number]=$status
            unset "pids[$number]"
        fi
        while [ -n "${statuses[told]:-}" ]; do
            tell "$told"
            told=$((told + 1))
        done
    done
}

if [ ! -x "$KSTRUCT" ]; then
    count_failure kstruct "there is no program at $KSTRUCT; make it, or name it in KSTRUCT"
else
    if [ $# -gt 0 ]; then
        for argument in "$@"; do
            add_file "$argument"
        done
    else
        while read -r file; do
            add_file "$(basename "$file" .sh)"
        done < <(grep -l '^test_.*() {' "$here"/*.sh)
    fi
    run_all
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
