# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The data set made anew, beside the old one.

# Three kernels as local files, and what a run makes of them.
set_up() {
    local number
    for number in 1 2 3; do
        write_many_structs "many$number.c" 60 "$number"
        make_vmlinux "many$number.c" "5.4.0-$number-generic" "vmlinux$number"
    done
    write_list
    kstruct 0 -l kernels.list -d data run
    export_all before
    cp -r data/report report_before
}

write_list() {
    local number
    for number in 1 2 3; do
        echo "5.4.0-$number-generic-amd64 file=vmlinux$number"
    done >kernels.list
}

export_all() { # DIRECTORY
    local number
    mkdir -p "$1"
    for number in 1 2 3; do
        kstruct 0 -d data export -k "5.4.0-$number-generic-amd64" -o "$1/$number"
    done
}

# Everything is as the first run has made it, and nothing of a rebuild is left.
check_same() {
    export_all after
    same before after
    same report_before data/report
    is_gone data/kstruct.db.new data/kstruct.db.new-wal data/kstruct.db.new-shm
}

test_comes_out_the_same() {
    set_up
    local inode
    inode=$(stat -c %i data/kstruct.db)
    kstruct 0 -l kernels.list -d data rebuild
    has err '^3 kernels: 3 the same as before$'
    [ "$(stat -c %i data/kstruct.db)" != "$inode" ] || fail "it is the old file"
    is_gone data/kstruct.db.old
    check_same
    kstruct 0 -j 1 -l kernels.list -d data rebuild --keep-old
    exists data/kstruct.db.old
    check_same
    kstruct 0 -l kernels.list -d data run
    has err '^nothing to do'
}

test_tells_what_differs() {
    set_up
    write_many_structs other.c 60 7
    make_vmlinux other.c 5.4.0-2-generic vmlinux2
    sed -i '/^5.4.0-3-/d' kernels.list
    kstruct 0 -l kernels.list -d data rebuild
    has err '^kstruct: warning: 5.4.0-2-generic-amd64: differs from before: 60 structs, 60 before$'
    has err '^5.4.0-3-generic-amd64: is not in the list, and gone$'
    has err '^2 kernels: 1 the same as before$'
    [ "$(sqlite3 data/kstruct.db 'SELECT count(*) FROM kernel')" = 2 ] || fail "a third kernel is left"
}

test_the_old_one_stays_when_a_kernel_fails() {
    set_up
    mv vmlinux2 elsewhere
    kstruct 3 -l kernels.list -d data rebuild
    has err '1 of 3 kernels failed; the old data set stays'
    export_all after
    same before after
    mv elsewhere vmlinux2
    kstruct 0 -l kernels.list -d data rebuild
    lacks err '^5.4.0-1-generic-amd64: 60 structs'
    has err '^5.4.0-2-generic-amd64: 60 structs'
    check_same
}

# What is left of a rebuild of another list is no part of this one.
test_what_is_left_of_another_list_is_dropped() {
    set_up
    mv vmlinux2 elsewhere
    kstruct 3 -l kernels.list -d data rebuild
    mv elsewhere vmlinux2
    sed -i '/^5.4.0-1-/d' kernels.list
    kstruct 0 -l kernels.list -d data rebuild
    [ "$(sqlite3 data/kstruct.db 'SELECT count(*) FROM kernel')" = 2 ] || fail "a third kernel is there"
}

test_a_reader_is_not_cut_off() {
    set_up
    mkfifo questions
    sqlite3 data/kstruct.db <questions >answers &
    at_exit+=("kill $! 2>/dev/null")
    exec 7>questions
    echo 'BEGIN; SELECT count(*) FROM kernel;' >&7
    wait_until test -s answers
    kstruct 1 -l kernels.list -d data rebuild
    has err 'data/kstruct.db: .*(another program has it open|database is locked)'
    echo 'SELECT count(*) FROM layout;' >&7
    wait_until grep -q '^[0-9]*[1-9][0-9]*$' answers
    exec 7>&-
    wait
    export_all after
    same before after
    kstruct 0 -l kernels.list -d data rebuild
    check_same
}

test_takes_the_place_of_a_damaged_one() {
    set_up
    head -c 100000 /dev/urandom >data/kstruct.db
    kstruct 0 -l kernels.list -d data rebuild
    has err 'warning: data/kstruct.db: the old data set cannot be compared with'
    check_same
}

test_killed_at_any_moment() {
    local start duration part after
    set_up
    start=${EPOCHREALTIME/[.,]/}
    kstruct 0 -q -l kernels.list -d data rebuild
    duration=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
    echo "an undisturbed rebuild takes $duration ms"
    for part in 8 16 30 44 58 64 70 76 82 88 94 100 106; do
        after=$((duration * part / 100))
        timeout -s KILL "$(printf '%d.%03d' $((after / 1000)) $((after % 1000)))" "$KSTRUCT" -q -l kernels.list -d data rebuild 2>/dev/null || true
        export_all after
        same before after
    done
    kstruct 0 -l kernels.list -d data rebuild
    check_same
    [ -z "$(ls data/work)" ] || fail "something is left in data/work"
}

test_no_word_is_wanted() {
    refused 2 'no word is wanted' -- rebuild 5.4.0-1-generic-amd64
}
