#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Runs the end-to-end tests: tests/end_to_end/run.sh [FILE|FILE:TEST]...
#
# Environment:
#   KSTRUCT                the program (default: build/kstruct)
#   KSTRUCT_ALLOWED_SKIPS  a regular expression; tests of which it matches the name may be skipped
#   CI                     true: any other test that is skipped has failed
#   KSTRUCT_TEST_SECONDS   how long one test may take (default: 100)
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
readonly skipped_status=77 # as lib.sh has it
E2E_CACHE=$(mktemp -d "${TMPDIR:-/tmp}/kstruct-cache.XXXXXX") # what several tests of a file share
export E2E_CACHE
trap 'rm -rf "$E2E_CACHE"' EXIT
passed=0
failed=0
skipped=0

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

run_test() { # FILE FUNCTION
    local directory status name
    name=$(basename "$1" .sh):${2#test_}
    directory=$(mktemp -d "${TMPDIR:-/tmp}/kstruct-test.XXXXXX")
    mkdir "$directory/work"
    # shellcheck disable=SC2016 # the inner shell expands these
    E2E_DIRECTORY=$here E2E_REASON=$directory/reason \
        timeout --kill-after=5 "${KSTRUCT_TEST_SECONDS:-100}" \
        bash -euo pipefail -c '
            cd "$1"
            source "$E2E_DIRECTORY/lib.sh"
            source "$2"
            "$3"' "$name" "$directory/work" "$1" "$2" \
        >"$directory/log" 2>&1 </dev/null
    status=$?
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
    rm -rf "$directory"
}

run_file() { # FILE or FILE:TEST
    local file=${1%%:*} only=""
    [[ $1 == *:* ]] && only=${1#*:}
    [[ $file == */* ]] || file=$here/$file
    [ -f "$file" ] || file=$file.sh
    if [ ! -f "$file" ]; then
        count_failure "$1" "there is no such test file"
        return
    fi
    local -a functions
    mapfile -t functions < <(sed -n 's/^\(test_[a-z0-9_]*\)().*/\1/p' "$file")
    local function found=no
    for function in "${functions[@]}"; do
        if [ -z "$only" ] || [ "$function" = "test_$only" ]; then
            found=yes
            run_test "$file" "$function"
        fi
    done
    [ "$found" = yes ] || count_failure "$1" "there is no such test"
}

if [ ! -x "$KSTRUCT" ]; then
    count_failure kstruct "there is no program at $KSTRUCT; make it, or name it in KSTRUCT"
elif [ $# -gt 0 ]; then
    for argument in "$@"; do
        run_file "$argument"
    done
else
    while read -r file; do
        run_file "$(basename "$file" .sh)"
    done < <(grep -l '^test_.*() {' "$here"/*.sh)
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
